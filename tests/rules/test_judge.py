"""What the judge of one file answers to records that no rule was written for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rules.cases import all_cases, written

from servicebook.loader import load_record
from servicebook.rules.check import judge
from servicebook.rules.registry import file_checks
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile

SURVEY = "tickets/surveys/2026/03/SUR-20260312-7F3K.md"


def survey(more: str) -> SourceFile:
    text = f"---\nschema: survey/1\nid: SUR-20260312-7F3K\ntitle: After the move\n{more}\n---\n"
    return SourceFile(SURVEY, text.encode())


@pytest.mark.parametrize("timeline", ["foo", "[a, b]", "{a: b}", "[{at: 3, event: [x], id: [z]}]"])
def test_timeline_of_a_kind_without_a_life_is_an_unknown_field(timeline: str) -> None:
    facts, found, _ = judge(survey(f"timeline: {timeline}"), Settings())
    assert facts is not None and "REC201" in [item.code for item in found]
    assert facts.timeline == facts.events == facts.instants == []


@pytest.mark.parametrize(
    "more", ["score: null, note: ~, links: {parent: null}", "note: 'null', scores: [1, null, 2.50, -0.0]"]
)
def test_a_row_has_its_data_at_hand_as_it_will_be_read(more: str) -> None:
    facts = judge(survey(f"custom: {{{more}}}"), Settings()).facts
    assert facts is not None
    assert facts.data == json.loads(facts.raw) and list(facts.data) == list(json.loads(facts.raw))
    assert None not in facts.data["custom"].values()


def test_of_a_list_of_wrong_values_a_hundred_are_told_by_place() -> None:
    fields = "\n".join(["---", "schema: service/1", "id: live", "title: Live", f"tags: [{', '.join(['{}'] * 3000)}]"])
    judged = judge(SourceFile("kb/services/live.md", f"{fields}\n---\n".encode()), Settings())
    alike = [item for item in judged.found if item.code == "REC203"]
    assert len(alike) == 100 and alike[-1].param("more") == "2900"


SAMPLE = Path(__file__).parent.parent.parent
FILES = [
    *((part.path, written(part)) for case in all_cases() for part in case.parts if "symlink" not in part.form),
    *((str(path.relative_to(SAMPLE)), path.read_bytes()) for path in sorted(SAMPLE.glob("tickets/**/*.md"))),
]
"""Every file of the cases, which fire each rule, and the tickets of the sample desk."""


def test_a_rule_that_is_not_run_for_want_of_its_words_would_find_nothing() -> None:
    fired: set[str] = set()
    for path, data in FILES:
        source = SourceFile(path, data)
        loaded = load_record(source, Settings())
        every = file_checks(loaded.kind.name) if loaded.kind and loaded.sound else ()
        found = {item.code for check in every for item in check(loaded)}
        assert found <= {item.code for item in judge(source, Settings()).found}, path
        fired |= found
    assert {"WFL421", "WFL426", "WFL408", "WFL429", "REC314", "REC333", "SLA622", "REC372", "REC288"} <= fired
