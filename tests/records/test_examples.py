"""The worked examples: each core kind has one, it passes the program's own rules, and they name one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from servicebook.loader import load_record
from servicebook.records.kinds import BY_NAME, KINDS, path_of
from servicebook.records.templates import asked_fields, required_sections
from servicebook.rules.check import judge
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile

FOLDER = Path(__file__).parent / "examples"
CORE = [kind.name for kind in KINDS if kind.full]
OUTSIDE = {"around-the-clock", "zhao.min", "wang.fang", "CHG-20260311-0X4M"}
"""Records that the examples name and that would only repeat another example."""


def source_of(kind: str) -> SourceFile:
    data = (FOLDER / f"{kind}.md").read_bytes()
    record_id = next(line[4:] for line in data.decode().splitlines() if line.startswith("id: "))
    return SourceFile(path_of(BY_NAME[kind], record_id), data)


@pytest.mark.parametrize("kind", CORE)
def test_the_example_passes_every_rule_of_one_file(kind: str) -> None:
    facts, found = judge(source_of(kind), Settings())
    assert found == ()
    assert facts is not None
    assert facts.kind == kind


@pytest.mark.parametrize("kind", CORE)
def test_the_example_answers_what_new_asks(kind: str) -> None:
    loaded = load_record(source_of(kind), Settings())
    assert loaded.front is not None
    assert loaded.body is not None
    assert set(asked_fields(kind)) <= set(loaded.front.data)
    assert set(required_sections(kind)) <= {section.key for section in loaded.body.sections}


def test_the_examples_name_one_another() -> None:
    loaded = [load_record(source_of(kind), Settings()) for kind in CORE]
    known = {one.facts.id: one.facts.kind for one in loaded if one.facts}
    for one in loaded:
        for place, kinds, target in one.facts.refs if one.facts else ():
            assert target in OUTSIDE or known.get(target) in kinds, f"{one.source.path}: {place} {target}"
    assert sum(len(one.facts.refs) for one in loaded if one.facts) > 80
