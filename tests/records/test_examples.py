"""The worked examples: each core kind has one, it passes the program's own rules, and they name one another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from servicebook.loader import load_record
from servicebook.records.kinds import BY_NAME, KINDS, path_of
from servicebook.records.templates import asked_fields, required_sections
from servicebook.rules.check import check_desk, judge
from servicebook.rules.opening import open_desk
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile

FOLDER = Path(__file__).parent / "examples"
ALL = [kind.name for kind in KINDS if kind.name != "board"]
OUTSIDE = {"around-the-clock", "zhao.min", "wang.fang", "CHG-20260311-0X4M"}
"""Records that the examples name and that would only repeat another example."""


def source_of(kind: str) -> SourceFile:
    data = (FOLDER / f"{kind}.md").read_bytes()
    record_id = next(line[4:] for line in data.decode().splitlines() if line.startswith("id: "))
    return SourceFile(path_of(BY_NAME[kind], record_id), data)


@pytest.mark.parametrize("kind", ALL)
def test_the_example_passes_every_rule_of_one_file(kind: str) -> None:
    facts, found, _ = judge(source_of(kind), Settings())
    assert found == ()
    assert facts is not None
    assert facts.kind == kind


@pytest.mark.parametrize("kind", ALL)
def test_the_example_answers_what_new_asks(kind: str) -> None:
    loaded = load_record(source_of(kind), Settings())
    assert loaded.front is not None
    assert loaded.body is not None
    assert set(asked_fields(kind)) <= set(loaded.front.data)
    assert set(required_sections(kind)) <= {section.key for section in loaded.body.sections}


def test_the_examples_name_one_another() -> None:
    loaded = [load_record(source_of(kind), Settings()) for kind in ALL]
    known = {one.facts.id: one.facts.kind for one in loaded if one.facts}
    for one in loaded:
        for place, kinds, target in one.facts.refs if one.facts else ():
            assert target in OUTSIDE or known.get(target) in kinds, f"{one.source.path}: {place} {target}"
    assert sum(len(one.facts.refs) for one in loaded if one.facts) > 80


PEOPLE = {"zhao.min": "Zhao Min", "wang.fang": "Wang Fang"}
DAY = "[['00:00', '24:00']]"
ALWAYS = f"""---
schema: support_hours/1
id: around-the-clock
title: Around the clock
owner: zhao.min
versions:
- effective_from: 2026-01-01
  timezone: Asia/Shanghai
  week: {{mon: {DAY}, tue: {DAY}, wed: {DAY}, thu: {DAY}, fri: {DAY}, sat: {DAY}, sun: {DAY}}}
---
## Notes

Every minute of the year.
"""


def person(slug: str, name: str) -> str:
    return (
        f"---\nschema: person/1\nid: {slug}\ntitle: {name}\nstatus: active\nname: {name}\nemployer: provider\n"
        f"emails: [{slug}@example.org]\nroles: [{{role: service_manager}}]\nteams: [live-operations]\n---\n"
        "## Notes\n\nOn the desk.\n"
    )


def earlier_change() -> str:
    text = source_of("change").data.decode().replace("CHG-20260325-7RBN", "CHG-20260311-0X4M")
    for there, here in (
        ("2026-03-25T14:00", "2026-03-11T00:10"), ("2026-03-25T14:30", "2026-03-11T00:20"),
        ("2026-03-26T09:15", "2026-03-11T00:30"), ("2026-03-28", "2026-03-11"), ("2026-03-31", "2026-03-11"),
    ):  # fmt: skip
        text = text.replace(there, here)
    return text


def test_the_examples_together_are_a_desk_without_a_finding(make_repo: Callable[..., Any]) -> None:
    sources = [source_of(kind) for kind in ALL]
    files: dict[str, str | bytes] = {source.path: source.data for source in sources}
    files |= {f"kb/people/{slug}.md": person(slug, name) for slug, name in PEOPLE.items()}
    files["kb/support-hours/around-the-clock.md"] = ALWAYS
    files["tickets/changes/2026/03/CHG-20260311-0X4M.md"] = earlier_change()
    files["pyproject.toml"] = '[tool.servicebook]\ntimezone = "Asia/Shanghai"\nas_of = "2026-05-01T00:00:00+08:00"\n'
    repo = make_repo("desk", files)
    assert check_desk(open_desk(str(repo.root)), datetime(2026, 5, 1, tzinfo=UTC)) == []
