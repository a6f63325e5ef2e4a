"""How commands read their words: argparse with our own way of saying what is off."""

from __future__ import annotations

import argparse
import re
from typing import Any, NoReturn

from servicebook.cli.main import COMMANDS
from servicebook.cli.words import speak as speak
from servicebook.errors import UsageError

_TIMES = ("--at", "--until")
_TIME_AGO = re.compile(r"-(?:\d+h)?(?:\d+m)?")


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are ours: two lines, what is off and where to read on."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError in place of printing the whole usage."""
        raise UsageError(message, f"{self.prog} --help")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, taking `--at -10m` and `--sort -field` as one option with its value."""
        words: list[str] = []
        for word in args or []:
            if words and ((words[-1] in _TIMES and _TIME_AGO.fullmatch(word)) or words[-1] == "--sort"):
                words[-1] += f"={word}"
            else:
                words.append(word)
        # Intermixed, so that `note 7F3K --at -10m called back` takes its words wherever they stand.
        return self.parse_intermixed_args(words, namespace)


def make_parser(name: str, epilog: str = "") -> Parser:
    """Return the parser of the command `name`, with its summary from the table of commands."""
    return Parser(
        prog=f"servicebook {name}",
        description=speak(COMMANDS[name][1]) + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
