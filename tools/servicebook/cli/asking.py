"""How a command asks on a terminal: a line, or one of several choices; never in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from servicebook.cli.arguments import speak
from servicebook.cli.terminal import colour
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.language.labels import value_label

_COMMAS = {ord("，"): ",", ord("、"): ","}
MOST_CHOICES = 20
"""A longer list is narrowed down by typing a part of the name."""


def may_ask() -> bool:
    """Whether somebody is there to answer: both ends are a terminal (SERVICEBOOK_ASK=no forbids)."""
    return os.environ.get("SERVICEBOOK_ASK") != "no" and sys.stdin.isatty() and sys.stderr.isatty()


def ask_line(question: str, default: str = "", needed: bool = False) -> str:
    """Return the line typed; empty takes the default. Asks again while something is needed."""
    while True:
        shown = f" [{plain(default)}]" if default else ""
        sys.stderr.write(f"{colour(question, 'bold', sys.stderr)}{shown}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt  # Ctrl-D ends the form, as Ctrl-C does
        answer = line.strip() or default
        if answer or not needed:
            return answer


def ask_choice(
    question: str, choices: Sequence[str], default: str | None = None, titles: Sequence[str] = (), many: bool = False
) -> str:
    """Return one of the choices, by its number, its name or the start of it.

    `default` "" allows no answer; None asks again. `many` takes several, set off by commas.
    """
    names = list(titles) or [value_label("", choice, terminal_language()) for choice in choices]
    _show(choices, names)
    while True:
        answer = ask_line(question, default or "", needed=default is None)
        if not answer:
            return ""
        parts = [part.strip() for part in answer.translate(_COMMAS).split(",")] if many else [answer]
        found = [_pick(part, choices, names) for part in parts if part]
        if all(found):
            return ",".join(found)
        near = [c for c, name in zip(choices, names, strict=True) if answer.lower() in f"{c} {name}".lower()]
        print(speak("none of them") + (": " + ", ".join(near[:8]) if near else ""), file=sys.stderr)


def _show(choices: Sequence[str], names: Sequence[str]) -> None:
    if len(choices) > MOST_CHOICES:
        print(speak("{n} to choose from: type a part of the name to see some", n=len(choices)), file=sys.stderr)
        return
    for number, (choice, name) in enumerate(zip(choices, names, strict=True), 1):
        beside = "" if name == choice else f"  {plain(name)}"
        print(f"  {number:>2}  {choice}{beside}", file=sys.stderr)


def _pick(answer: str, choices: Sequence[str], names: Sequence[str]) -> str:
    if answer in choices:
        return answer
    if answer.isdigit() and 1 <= int(answer) <= len(choices):
        return choices[int(answer) - 1]
    if answer in names:
        return choices[list(names).index(answer)]
    started = [choice for choice in choices if choice.startswith(answer.lower().replace(" ", "_"))]
    return started[0] if len(started) == 1 else ""
