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
