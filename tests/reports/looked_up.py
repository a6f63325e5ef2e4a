"""A few records that are looked up as on a desk, for reports that read fact rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servicebook.records.facts import Facts
from servicebook.workflow.lifecycles import is_live


class Desk:
    """Some records, looked up by kind."""

    def __init__(self, *records: Facts) -> None:
        self.records = records

    def get(self, kind: str, id: str) -> Facts | None:
        return next((facts for facts in self.records if (facts.kind, facts.id) == (kind, id)), None)

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        return (facts for facts in self.records if facts.kind in kinds)

    def live(self, kinds: Sequence[str]) -> Iterator[Facts]:
        return (facts for facts in self.of_kind(*kinds) if is_live(facts.kind, facts.status))
