"""A few records that are looked up as on a desk, for reports that read fact rows alone."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.records.facts import Facts


class Desk:
    """Some records, looked up by kind."""

    def __init__(self, *records: Facts) -> None:
        self.records = records

    def get(self, kind: str, id: str) -> Facts | None:
        return next((facts for facts in self.records if (facts.kind, facts.id) == (kind, id)), None)

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        return (facts for facts in self.records if facts.kind in kinds)
