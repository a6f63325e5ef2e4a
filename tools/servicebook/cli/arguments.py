"""How commands read their words: argparse with our own way of saying what is off."""

from __future__ import annotations

import argparse

from servicebook.cli.main import COMMANDS
from servicebook.cli.terminal import PIPE_WIDTH, USUAL_WIDTH, terminal_width
from servicebook.cli.words import speak as speak
from servicebook.errors import UsageError
from servicebook.patterns import late_pattern
from servicebook.typed import Any, NoReturn

argparse._ = str  # type: ignore[attr-defined]  # its words are said by our catalogue; gettext would look for files

_TIMES = ("--at", "--from", "--until", "--compromised-since")
_TIME_AGO = late_pattern(r"-(?:\d+h)?(?:\d+m)?")


_COMPLAINTS = {
    "missing: {names}": late_pattern(r"the following arguments are required: (?P<names>.*)"),
    "not understood: {words}": late_pattern(r"unrecognized arguments: (?P<words>(?s:.*))"),
    "{option} needs a value": late_pattern(r"argument (?P<option>.*): expected one argument"),
    "{option} does not know `{value}`: one of {choices}": late_pattern(
        r"argument (?P<option>.*): invalid choice: '(?P<value>.*)' \(choose from (?P<choices>.*)\)"
    ),
}
"""What argparse complains of, in our words."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. argparse would ask `shutil`, whose import costs as much as its own."""

    def __init__(self, prog: str) -> None:
        width = terminal_width()
        super().__init__(prog, width=(USUAL_WIDTH if width == PIPE_WIDTH else width) - 2)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are ours: two lines, what is off and where to read on."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError in place of printing the whole usage."""
        for template, pattern in _COMPLAINTS.items():
            if match := pattern.fullmatch(message):
                near = self._near(match.groupdict().get("words", ""))
                hint = "did you mean `{near}`?" if near else "{prog} --help"
                raise UsageError(template, hint, prog=self.prog, near=near, **match.groupdict())
        raise UsageError(message, f"{self.prog} --help")

    def _near(self, words: str) -> str:
        """Return the option that the first of the words was meant for, where it is like one."""
        from difflib import get_close_matches

        word = words.split(" ")[0].partition("=")[0]
        return "".join(get_close_matches(word, self._option_string_actions, 1, 0.75)) if word[:2] == "--" else ""

    def format_help(self) -> str:
        """Return the help, its fixed words in the reader's language."""
        return super().format_help().replace("usage: ", speak("usage") + ": ", 1)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, taking `--at -10m` and `--sort -field` as one option with its value."""
        words: list[str] = []
        for word in args or []:
            if words and ((_takes_time(words[-1]) and _TIME_AGO.fullmatch(word)) or words[-1] == "--sort"):
                words[-1] += f"={word}"
            else:
                words.append(word)
        # Intermixed, so that `note 7F3K --at -10m called back` takes its words wherever they stand.
        return self.parse_intermixed_args(words, namespace)


def _takes_time(option: str) -> bool:
    """Whether what follows an option may be a time so long ago; of fields, those whose name says so."""
    return option in _TIMES or (option.startswith("--") and option.endswith("-at"))


def make_parser(name: str, epilog: str = "") -> Parser:
    """Return the parser of the command `name`, with its summary from the table of commands."""
    parser = Parser(
        prog=f"servicebook {name}",
        description=speak(COMMANDS[name][1]) + speak("."),
        epilog=epilog,
        formatter_class=_Help,
        allow_abbrev=False,
        add_help=False,
    )
    parser._positionals.title = speak("arguments")
    parser._optionals.title = speak("options")
    parser.add_argument("-h", "--help", action="help", help=speak("show this and end"))
    return parser
