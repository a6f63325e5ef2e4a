"""What a new record's fields say about the ones nobody gave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from servicebook.actions.deriving import derived_fields
from servicebook.records.facts import Facts
from servicebook.settings import MATRIX

NAMES = {"customer", "site", "contract", "service", "assignment_group", "priority", "assets"}


class Desk:
    """A few records by kind."""

    def __init__(self, **records: dict[str, dict[str, Any]]) -> None:
        self.records = {
            kind: [
                Facts("", "", kind, id, id, data.pop("status", "active"), json.dumps(data), ())
                for id, data in some.items()
            ]
            for kind, some in records.items()
        }

    def get(self, kind: str, id: str) -> Facts | None:
        return next((facts for facts in self.records.get(kind, []) if facts.id == id), None)

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        return (facts for kind in kinds for facts in self.records.get(kind, []))


def derived(fields: dict[str, Any], desk: Desk, names: set[str] = NAMES) -> dict[str, Any]:
    return derived_fields(fields, names, desk, MATRIX)


def test_everything_follows_from_an_asset() -> None:
    desk = Desk(
        asset={"tc-3": {"customer": "tv", "service": "live", "site": "hq"}},
        site={"hq": {"customer": "tv"}, "other": {"customer": "tv"}},
        service={"live": {"support_group": "ops"}},
        contract={"c1": {"customer": "tv"}, "old": {"customer": "tv", "status": "expired"}},
    )
    assert derived({"assets": ["tc-3"]}, desk) == {
        "customer": "tv", "service": "live", "site": "hq", "contract": "c1", "assignment_group": "ops"
    }  # fmt: skip


def test_assets_that_do_not_agree_say_nothing() -> None:
    desk = Desk(
        asset={
            "edge-e": {"customer": "tv", "service": "cdn", "site": "hq"},
            "edge-y": {"customer": "radio", "service": "cdn", "site": "hq"},
            "old": {"service": "cdn"},
        }
    )
    assert derived({"assets": ["edge-e", "edge-y"]}, desk) == {"service": "cdn", "site": "hq"}
    assert derived({"assets": ["edge-e", "old"]}, desk) == {"customer": "tv", "service": "cdn", "site": "hq"}


def test_what_is_given_stays() -> None:
    desk = Desk(asset={"tc-3": {"customer": "tv", "service": "live"}}, service={"cdn": {"support_group": "net"}})
    assert derived({"assets": ["tc-3"], "service": "cdn", "customer": "radio"}, desk) == {"assignment_group": "net"}


def test_two_contracts_are_told_apart_by_service_or_not_at_all() -> None:
    desk = Desk(contract={"a": {"customer": "tv", "services": ["live"]}, "b": {"customer": "tv", "services": ["cdn"]}})
    assert derived({"customer": "tv"}, desk) == {}
    assert derived({"customer": "tv", "service": "cdn"}, desk) == {"contract": "b"}


def test_priority_by_the_matrix() -> None:
    assert derived({"impact": "high", "urgency": "low"}, Desk()) == {"priority": "P3"}
    assert derived({"impact": "high"}, Desk()) == {}


def test_only_fields_of_the_kind() -> None:
    assert derived({"impact": "high", "urgency": "low"}, Desk(), {"impact"}) == {}


def test_a_grade_and_a_service_give_impact_urgency_and_priority() -> None:
    names = NAMES | {"impact", "urgency"}
    desk = Desk(service={"live": {"criticality": "critical"}, "wiki": {"criticality": "low"}})
    severe = derived({"service": "live", "fault_grade": "severe"}, desk, names)
    assert (severe["impact"], severe["urgency"], severe["priority"]) == ("high", "high", "P1")
    mild = derived({"service": "wiki", "fault_grade": "degraded"}, desk, names)
    assert (mild["impact"], mild["urgency"], mild["priority"]) == ("low", "medium", "P4")
    asked = derived({"fault_grade": "consultation", "impact": "high"}, desk, names)
    assert asked == {"urgency": "low", "priority": "P3"}


def test_the_first_row_that_fits_routes_a_ticket_and_the_service_where_none_does() -> None:
    rows = [
        {"team": "duty", "priority": ["P1"], "category": ["network_link_down", "server_damage"]},
        {"team": "desk", "kind": ["service_request"]},
        {"team": "net", "category": ["network_link_down"]},
    ]
    desk = Desk(service={"live": {"support_group": "ops"}})

    def team(kind: str = "incident", **fields: Any) -> Any:
        return derived_fields(fields, NAMES, desk, MATRIX, rows, kind).get("assignment_group")

    assert team(category="network_link_down", priority="P1") == "duty"
    assert team(category="network_link_down", priority="P2") == "net"
    assert team("service_request", category="network_link_down") == "desk"
    assert team(category="page_error", service="live") == "ops"
    assert team(category="page_error") is None
