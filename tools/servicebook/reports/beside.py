"""What stands beside a change's window: other changes, freezes, protected broadcasts; what it reaches, and whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.typed import NamedTuple
from servicebook.workflow.dependence import Hit, failing
from servicebook.workflow.landscape import SERVICE, Landscape
from servicebook.workflow.overlap import Conflict, conflicts_of, window_of
from servicebook.workflow.quiet_times import QuietTime, broadcasts_of, freezes_for

NEAR = timedelta(days=3)
"""How near to a window a quiet time is shown that does not meet it."""


class Beside(NamedTuple):
    """What those who plan or approve a change should see: whom it reaches, and what is planned around it.

    quiet: freezes and protected broadcasts that meet the window or are near, the soonest first.
    """

    hits: dict[str, Hit]
    customers: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    quiet: tuple[QuietTime, ...]


def beside(desk: Snapshot, change: Facts) -> Beside:
    """Return what stands beside a change."""
    land = Landscape(desk)
    hits = failing(land, change.get("assets", default=()))
    customers = tuple(dict.fromkeys([*filter(None, [change.get("customer")]), *customers_of(hits.values())]))
    conflicts = tuple(conflicts_of(land, change, desk.live(("change",))))
    quiet = sorted(_quiet_near(desk, change, customers), key=lambda one: (one.start, one.whose))
    return Beside(hits, customers, conflicts, tuple(quiet))


def customers_of(hits: Iterable[Hit]) -> list[str]:
    """Return the customers of the assets and services that are hit, sorted."""
    found = set()
    for hit in hits:
        found.update(hit.facts.get("customers", default=()))
        found.update(filter(None, [hit.facts.get("customer")]))
    return sorted(found)


def services_of(hits: dict[str, Hit]) -> list[Hit]:
    """Return the services that are hit."""
    return [hit for key, hit in hits.items() if key.startswith(SERVICE)]


def _quiet_near(desk: Snapshot, change: Facts, customers: Iterable[str]) -> Iterator[QuietTime]:
    window = window_of(change)
    if window is None:
        return
    around = window._replace(start=window.start - NEAR, end=window.end + NEAR)
    found = [*freezes_for(change, desk.get("board", change.get("board", default="")))]
    for name in customers:
        found += broadcasts_of(desk.get("customer", name))
    yield from (quiet for quiet in found if quiet.meets(around))
