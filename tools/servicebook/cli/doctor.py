"""`servicebook doctor`: what the surroundings of a desk have against it, and the command that helps."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Sequence

from servicebook import __version__
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.hook import HOOKS
from servicebook.cli.install import hook_text
from servicebook.cli.now import read_now
from servicebook.cli.terminal import colour
from servicebook.language.catalogue import say, terminal_language
from servicebook.language.display import plain
from servicebook.reports.doctor.answer import Answer, Level
from servicebook.reports.doctor.checks import Told, examine
from servicebook.reports.doctor.clone import Program, find_clone
from servicebook.settings import Settings
from servicebook.store.git import run_git

MARKS: dict[Level, tuple[str, str]] = {
    "fine": ("ok", "green"),
    "advice": ("advice", "yellow"),
    "change": ("change", "red"),
}
"""How each level is called on a terminal, and its colour."""

_FILES = ("path", "first")
"""Parameters of a remedy that are names of files."""


def run(argv: list[str]) -> int:
    """Say of each thing looked at that it is fine or what helps; 1 when something must be changed."""
    parser = make_parser("doctor")
    parser.add_argument("--fix", action="store_true", help=speak("set what is harmless in this clone's Git settings"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    options = parser.parse_args(argv)
    found = _examined()
    done = list(_mend(found)) if options.fix else []
    if done:
        found = _examined()
    print(_as_json(found, done) if options.json else "\n".join([*_lines(found, done), "", _summary(found)]))
    return int(any(told.answer.level == "change" for told in found))


def _examined() -> list[Told]:
    program = Program(__version__, sys.executable, {name: hook_text(name) for name in HOOKS})
    return list(examine(find_clone(program, read_now(Settings(), writes=True))))


def _mend(found: Sequence[Told]) -> Iterator[str]:
    """Write the harmless settings that answers name, in this clone only, and yield each as a command."""
    for told in found:
        for key, value in told.answer.settings:
            run_git(["config", "--local", key, value])
            yield f"git config {key} {value}"


def _lines(found: Sequence[Told], done: Sequence[str]) -> Iterator[str]:
    """Yield the lines for people: a heading, then one line an answer, what helps below it."""
    for command in done:
        yield speak("done: {command}", command=command)
    heading = ""
    for told in found:
        if told.heading != heading:
            heading = told.heading
            yield colour(speak(heading), "bold")
        mark, hue = MARKS[told.answer.level]
        yield f"  {colour(speak(mark), hue)}  {plain(_says(told.answer))}"
        if told.answer.remedy:
            yield f"      {plain(_remedy(told.answer))}"


def _says(answer: Answer) -> str:
    """Return what is so, in the reader's language; what is off with a name is in the words of the rules."""
    what = say("rules", str(answer.params.get("what", "")), terminal_language())
    return speak(answer.says, **{**answer.params, "what": what})


def _remedy(answer: Answer) -> str:
    """Return what helps, to be pasted into a shell: file names are quoted where they must be."""
    quoted = {name: shlex.quote(str(answer.params[name])) for name in _FILES if name in answer.params}
    return speak(answer.remedy, **{**answer.params, **quoted})


def _summary(found: Sequence[Told]) -> str:
    counts = {level: sum(told.answer.level == level for told in found) for level in MARKS}
    return speak("{fine} in order, {advice} could be better, {change} must be changed", **counts)


def _as_json(found: Sequence[Told], done: Sequence[str]) -> str:
    """Return what was found as JSON: names and levels stay, sentences are in the reader's language."""
    answers = [
        {
            "check": told.check,
            "level": told.answer.level,
            "says": _says(told.answer),
            "remedy": _remedy(told.answer) if told.answer.remedy else None,
            "settings": dict(told.answer.settings),
        }
        for told in found
    ]
    return json.dumps({"done": list(done), "answers": answers}, ensure_ascii=False, indent=1)
