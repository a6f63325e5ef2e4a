"""The findings of one file while they are found: of each rule so many by place, the rest by number."""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.diagnostics.diagnostic import MORE, Diagnostic

MOST_ALIKE = 100
"""So many findings of one rule in one file are told by place: people mend the pattern, not its five hundredth case."""


class Collected:
    """Findings of one file, in the order found."""

    def __init__(self) -> None:
        self._kept: list[Diagnostic] = []
        self._counts: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def wants(self, code: str) -> bool:
        """Count a finding of a rule; whether its place is worth looking for, to be added."""
        count = self._counts[code] = self._counts.get(code, 0) + 1
        return count <= MOST_ALIKE

    def add(self, item: Diagnostic) -> None:
        """Keep a finding that was wanted."""
        self._last[item.code] = len(self._kept)
        self._kept.append(item)

    def all(self) -> list[Diagnostic]:
        """Return what was kept; the last finding of a rule tells how many more there are."""
        kept = self._kept[:]
        for code, count in self._counts.items():
            if count > MOST_ALIKE:
                kept[self._last[code]] = and_more(kept[self._last[code]], count - MOST_ALIKE)
        return kept


def without_the_rest(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings of one file, of each rule the first `MOST_ALIKE`."""
    collected = Collected()
    for item in found:
        if collected.wants(item.code):
            collected.add(item)
    return collected.all()


def and_more(item: Diagnostic, more: int) -> Diagnostic:
    """Return a finding that tells of `more` behind it."""
    return item._replace(params=tuple(sorted([*item.params, (MORE, str(more))])))
