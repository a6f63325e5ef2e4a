"""Records of every kind, as the sample desk and the examples write them: two edits anywhere in them come together."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicebook.merge.parts import Part, read_pieces
from servicebook.merge.record import merge_record
from servicebook.text.document import CannotEditError, Document
from servicebook.text.set_field import set_field

ROOT = Path(__file__).parents[2]
FOLDERS = ("kb", "tickets", "tests/records/examples")
RECORDS = [
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.md"))
    if path.read_bytes().startswith(b"---\nschema: ")
]


def scalars(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of the texts inside fields, those of lists left out: an item is not known by its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from scalars(inner, (*path, name))
    elif isinstance(value, str) and path and path[0] not in ("schema", "status", "sla"):
        yield path


def put(fields: Any, path: tuple[Any, ...], value: str) -> None:
    for name in path[:-1]:
        fields = fields[name]
    fields[path[-1]] = value


def rejoined(part: Part) -> str:
    """Return a part put together from what is inside it."""
    if part.inside is None:
        return part.text
    inner = "".join(
        (part.inside.gaps[place] if part.inside.in_brackets else "") + one.lead + rejoined(one)
        for place, one in enumerate(part.inside.parts)
    )
    return part.inside.opening + inner + part.inside.closing


def test_there_are_records_of_every_folder() -> None:
    assert len(RECORDS) > 150


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_two_edits_of_one_record_come_together(path: Path) -> None:
    base = path.read_bytes()
    pieces = read_pieces(base)
    assert (rejoined(pieces.front) + pieces.body).encode() == base
    dice = random.Random(path.name)
    places = list(scalars(pieces.front.value))
    for _ in range(5):
        one, two = dice.sample(places, 2)
        try:
            ours, theirs = set_field(base, one, "ours: 1"), set_field(base, two, "theirs # 2")
        except CannotEditError:
            continue
        merged = merge_record(base, ours, theirs)
        due = Document(base).fields
        put(due, one, "ours: 1")
        put(due, two, "theirs # 2")
        said = Document(merged.data).fields
        if merged.dropped:
            del due["sla"]
        assert (said, merged.conflicts) == (due, ())
        assert merge_record(base, theirs, ours).data == merged.data
