"""What a story says: who types which command when, and what it is called that comes of it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

STORIES = Path(__file__).parent
OFFSET = "+08:00"


class Step(NamedTuple):
    """One command of a story: `names` are the ids that the sample desk has for the records that it makes."""

    at: datetime
    by: str
    words: tuple[str, ...]
    names: tuple[str, ...]
    where: str


def read_story(path: Path) -> list[Step]:
    """Return the steps of a story, in its order.

    A line `@ 2026-03-12 08:43:37 wang.fang` says when, and who sits at the keyboard, for the commands below it; a line
    that ends in `\\` goes on; `=> INC-...` names what a command makes; `#` begins what is told to the reader.
    """
    steps: list[Step] = []
    at, by = None, ""
    for number, line in _lines(path.read_text("utf-8")):
        where = f"{path.name}:{number}"
        if line.startswith("@ "):
            day, time, by = line[2:].split()
            at = datetime.fromisoformat(f"{day}T{time}{OFFSET}")
            continue
        assert at, f"{where}: nobody has said when"
        command, *words = shlex.split(line)
        assert command == "servicebook", f"{where}: a line is a command, `@ when who`, or begins with #"
        cut = words.index("=>") if "=>" in words else len(words)
        steps.append(Step(at, by, tuple(words[:cut]), tuple(words[cut + 1 :]), where))
    return steps


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, with the number of their first line, continued lines joined."""
    start, held = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not held and (not line.strip() or line.startswith("#")):
            continue
        start = start if held else number
        if line.endswith("\\"):
            held += line[:-1].strip() + " "
            continue
        yield start, (held + line.strip()).strip()
        held = ""


def all_stories() -> list[Path]:
    """Return the stories, by name."""
    return sorted(STORIES.glob("*.story"))
