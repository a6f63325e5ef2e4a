"""The walk over plain data that finds every reference of a record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.records.facts import Ref
from servicebook.records.kinds import BY_NAME, KINDS
from servicebook.records.models import model_of
from servicebook.records.reference_plan import plan_of_refs
from servicebook.records.references import finder_of_refs


def found(kind: str, data: Any) -> set[Ref]:
    return set(finder_of_refs(plan_of_refs(model_of(kind)))(data))


def test_references_stand_with_their_place_and_kinds() -> None:
    data = {
        "audience": ["internal", "customer:harbour-tv"],
        "customer": "harbour-tv",
        "assets": ["encoder-1", "encoder-2"],
        "caller": {"name": "Chen"},
        "links": {"problem": ["PRB-20260313-Q2RT"], "caused_by_change": "CHG-20260311-0X4M"},
        "resolution": {"problem_review": {"by": "zhao.min"}},
        "timeline": [{"by": "li.wei", "event": "opened"}],
        "sla": {"response": {"agreement": "gold@2026-01-01", "hours": "always@2026-01-01"}},
    }
    assert found("incident", data) == {
        Ref(("audience", 1), ("customer",), "harbour-tv"),
        Ref(("customer",), ("customer",), "harbour-tv"),
        Ref(("assets", 0), ("asset",), "encoder-1"),
        Ref(("assets", 1), ("asset",), "encoder-2"),
        Ref(("links", "problem", 0), ("problem",), "PRB-20260313-Q2RT"),
        Ref(("links", "caused_by_change"), ("change",), "CHG-20260311-0X4M"),
        Ref(("resolution", "problem_review", "by"), ("person",), "zhao.min"),
        Ref(("timeline", 0, "by"), ("person",), "li.wei"),
        Ref(("sla", "response", "agreement"), ("agreement",), "gold"),
        Ref(("sla", "response", "hours"), ("support_hours",), "always"),
    }


def test_relations_and_versions_name_records_too() -> None:
    asset = {"relations": [{"type": "runs-on", "target": "host-7"}], "owner": "live-operations"}
    assert found("asset", asset) == {
        Ref(("relations", 0, "target"), ("asset", "article", "service"), "host-7"),
        Ref(("owner",), ("person", "team"), "live-operations"),
    }
    agreement = {"versions": [{"support_hours": "always", "clocks": [{"hours": "office"}]}]}
    assert found("agreement", agreement) == {
        Ref(("versions", 0, "support_hours"), ("support_hours",), "always"),
        Ref(("versions", 0, "clocks", 0, "hours"), ("support_hours",), "office"),
    }


def test_absent_and_empty_values_name_nothing() -> None:
    assert found("incident", {"customer": None, "contract": "", "assets": [], "links": None}) == set()


def test_who_approved_the_minutes_is_a_person_of_the_desk() -> None:
    assert found("meeting", {"approved_by": "li.wei"}) == found("board", {"approved_by": "li.wei"}) != set()


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_references_name_kinds_that_exist(kind: str) -> None:
    marks = _marks(model_of(kind))
    assert all(set(kinds) <= set(BY_NAME) for kinds in marks)


def _marks(model: Any) -> list[tuple[str, ...]]:
    schema = str(model.model_json_schema())
    return [
        tuple(part.strip(" '") for part in piece.partition("]")[0].split(","))
        for piece in schema.split("'x-refers-to': [")[1:]
    ]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["customer", "assets", "links", "problem", "timeline", "by", "sla", "agreement", "caller"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(values)
def test_data_of_any_shape_is_walked_and_every_place_holds_its_target(data: Any) -> None:
    for place, _, target in found("incident", data):
        here = data
        for key in place:
            here = here[key]
        assert here.removeprefix("customer:").partition("@")[0] == target
