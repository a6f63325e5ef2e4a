"""What the tickets of the last twelve months add to the figures: read once a build, closed months kept for the next."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path

from servicebook import digest_of_code
from servicebook.publish.cache import write_fresh
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.reports.health import months_until
from servicebook.reports.ticket_outcomes import COUNTED, Ending, Outcome, month_of, outcome_of
from servicebook.sla.status import ClockStatus

MONTHS = 12
KEPT = "outcomes.json"
"""Where they are kept, in the folder of rendered pages."""

Rows = list[list[object]]


class Outcomes:
    """The outcomes of one build. clocks: those of open tickets, by path. folder: where rendered pages are kept."""

    def __init__(self, view: View, clocks: dict[str, list[ClockStatus]], folder: Path) -> None:
        self._view = view
        self._clocks = clocks
        self._file = folder / KEPT
        self.months = months_until(view.now.astimezone(view.zone).date(), MONTHS)

    @cached_property
    def all(self) -> list[Outcome]:
        """Return what each ticket of these months adds, those cancelled left out.

        A closed ticket adds what its file says and nothing that time moves, so that a month whose closed tickets are
        those of the last build is not read again.
        """
        view, before, now = self._view, self._recalled(), {}
        found: list[Outcome] = []
        for month, tickets in self._closed().items():
            stamp = _stamp(view, tickets)
            kept = before.get(month)
            if kept is None or kept[0] != stamp:
                outcomes = [outcome_of(one, (), view.zone) for one in tickets]
            else:
                outcomes = [_outcome(row) for row in kept[1]]
            now[month] = (stamp, outcomes)
            found += outcomes
        if {month: stamp for month, (stamp, _) in now.items()} != {
            month: stamp for month, (stamp, _) in before.items()
        }:
            write_fresh(self._file, json.dumps(now, ensure_ascii=False, separators=(",", ":")).encode())
        return found + [outcome_of(one, self._clocks_of(one), view.zone) for one in self._others()]

    def _closed(self) -> dict[str, list[Facts]]:
        found: dict[str, list[Facts]] = {month: [] for month in self.months}
        for one in self._view.of_kind(*COUNTED):
            if one.status == "closed" and (month := month_of(one.path)) in found:
                found[month].append(one)
        return found

    def _others(self) -> list[Facts]:
        wanted = set(self.months)
        return [
            one
            for one in self._view.of_kind(*COUNTED)
            if one.status not in ("closed", "cancelled") and month_of(one.path) in wanted
        ]

    def _clocks_of(self, ticket: Facts) -> list[ClockStatus]:
        clocks = self._clocks.get(ticket.path)
        return self._view.clocks_of(ticket) if clocks is None else clocks

    def _recalled(self) -> dict[str, tuple[str, Rows]]:
        """Return what the last build kept, by month; nothing where there is nothing that can be read."""
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            return {month: (str(stamp), list(rows)) for month, (stamp, rows) in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def _stamp(view: View, tickets: list[Facts]) -> str:
    told = [digest_of_code(("reports", "publish")), view.settings.timezone, [(one.path, one.blob) for one in tickets]]
    return hashlib.blake2b(repr(told).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _outcome(row: list[object]) -> Outcome:
    endings = tuple(Ending(*one) for one in row[3])  # type: ignore[attr-defined] # as written
    return Outcome(*row)._replace(endings=endings)  # type: ignore[arg-type] # as written
