"""The figures of the last twelve months: counted once a build, months that did not move kept for the next."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from servicebook import digest_of_code
from servicebook.publish.cache import write_fresh
from servicebook.publish.kept_rows import kept_rows
from servicebook.publish.sealed import seal, unseal
from servicebook.publish.shelves import Shelf
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.reports.figures import Breach, Count, Month, Taken, month_figures
from servicebook.reports.health import months_until
from servicebook.reports.ticket_outcomes import COUNTED, Ending, Outcome, outcome_of
from servicebook.sla.status import ClockStatus
from servicebook.store.verdicts import ROOMS

MONTHS = 12
KEPT = "figures.json"
"""Where they are kept, in the folder of rendered pages."""


class Outcomes:
    """The figures of one build. clocks: those of open tickets, by path. folder: where rendered pages are kept."""

    def __init__(self, view: View, clocks: dict[str, list[ClockStatus]], folder: Path) -> None:
        self._view = view
        self._clocks = clocks
        self._file = folder / KEPT
        self.months = months_until(view.now.astimezone(view.zone).date(), MONTHS)

    @cached_property
    def all(self) -> list[Month]:
        """Return the figures of these months, the oldest first; tickets that were cancelled are left out.

        A closed ticket adds what its file says and nothing that time moves, so that a month whose closed tickets are
        those of the last build, and whose others add the same, is not counted again.
        """
        view, before, now = self._view, self._recalled(), dict[str, _Kept]()
        terms = repr((digest_of_code((*ROOMS, "reports", "publish")), view.settings.timezone))
        for month in self.months:
            shelf = view.months.get(month.replace("-", ""), _NONE)
            open_ones = [outcome_of(one, self._clocks_of(one), view.zone) for one in _counted(shelf, is_closed=False)]
            stamp = _digest(terms, shelf.stamp, open_ones)
            kept = before.get(month)
            if kept is None or kept.stamp != stamp:
                closed = _counted(shelf, is_closed=True)
                figured = _digest(terms, [(one.path, one.blob) for one in closed], open_ones)
                if kept and kept.figured == figured:
                    kept = kept._replace(stamp=stamp)
                else:
                    done = self._of_closed(month, closed, terms)
                    kept = _Kept(stamp, figured, month_figures(month, done + open_ones))
            now[month] = kept
        if {month: kept[:2] for month, kept in before.items()} != {month: kept[:2] for month, kept in now.items()}:
            write_fresh(self._file, seal(now))
        return [kept.figures for kept in now.values()]

    def _of_closed(self, month: str, tickets: list[Facts], terms: str) -> list[Outcome]:
        """Return what the closed tickets of a month add."""
        by_path = {one.path: one for one in tickets}
        stamps = {path: one.blob for path, one in by_path.items()}
        rows = kept_rows(
            self._file.parent, f"outcomes-{month}", terms, stamps,
            lambda path: outcome_of(by_path[path], (), self._view.zone),
        )  # fmt: skip
        return list(map(_outcome, rows))

    def _clocks_of(self, ticket: Facts) -> list[ClockStatus]:
        clocks = self._clocks.get(ticket.path)
        return self._view.clocks_of(ticket) if clocks is None else clocks

    def _recalled(self) -> dict[str, _Kept]:
        """Return what the last build kept, by month; nothing where there is nothing that can be read."""
        try:
            kept = unseal(self._file.read_bytes())
            return {
                month: _Kept(str(stamp), str(figured), _month(figures))
                for month, (stamp, figured, figures) in kept.items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


class _Kept(NamedTuple):
    """A month as it was figured. stamp: a digest of all its files, and of what its open tickets add; figured: of the
    files of its closed tickets, and of the same.
    """

    stamp: str
    figured: str
    figures: Month


_NONE = Shelf("", [])


def _counted(shelf: Shelf, *, is_closed: bool) -> list[Facts]:
    """Return the tickets of a month that count, those that are closed or the others, by kind."""
    some = [one for one in shelf.records if one.status != "cancelled" and (one.status == "closed") is is_closed]
    return [one for kind in COUNTED for one in some if one.kind == kind]


def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _outcome(row: list[Any]) -> Outcome:
    """Return what a ticket adds as it was before it was written down."""
    id, kind, month, endings, *rest = row
    return Outcome(id, kind, month, tuple(Ending(*one) for one in endings), *rest)


def _month(row: list[Any]) -> Month:
    """Return a month's figures as they were before they were written down."""
    month, clocks, ack, restore, held, again, rhythm, missed, *ids = row
    shares = {clock: Count(*count) for clock, count in clocks.items()}
    breaches = [Breach(*one) for one in missed]
    return Month(month, shares, Taken(*ack), Taken(*restore), Count(*held), Count(*again), rhythm, breaches, *ids)
