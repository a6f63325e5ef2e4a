"""What the judge of one file answers to records that no rule was written for."""

from __future__ import annotations

import json

import pytest

from servicebook.rules.check import judge
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
