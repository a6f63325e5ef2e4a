"""May a change be made when it is planned: no other one in its way, no freeze, no protected broadcast?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import is_broken, listed
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.landscape import SERVICE, Landscape
from servicebook.workflow.overlap import PLANNED, Reach, Window, is_settled, window_of
from servicebook.workflow.quiet_times import broadcasts_of, freezes_for, is_known

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot


def _planned(desk: Snapshot) -> list[tuple[Window, Facts]]:
    """Return the changes still to come or under way with their windows, the soonest first."""
    changes = [facts for facts in desk.live(("change",)) if facts.status in PLANNED and not is_broken(facts)]
    planned = [(window, facts) for facts in changes if (window := window_of(facts))]
    return sorted(planned, key=lambda one: (one[0].start, one[1].id))


def _meeting(desk: Snapshot) -> Iterator[tuple[Facts, Facts]]:
    """Yield the pairs of changes whose windows meet, and about which nobody has said that it is known."""
    running: list[tuple[datetime, Facts]] = []
    for window, facts in _planned(desk):
        running = [(end, other) for end, other in running if end > window.start]
        yield from ((other, facts) for _, other in running if not is_settled(other, facts))
        running.append((window.end, facts))


@rule(
    "DSK812",
    "changes-that-overlap",
    scope="desk",
    severity="warning",
    message="the change overlaps `{other}` on `{asset}`, from {start} to {end}",
    hint="move one of the two | or record an event `conflict_found` that names `{other}` on one of them",
    kinds=("change",),
)
def changes_that_overlap(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two changes planned for the same asset at the same time.

    Why: the second one tests what the first one is taking apart, and each backs out the other's work.

    Example:
        CHG-20260401-3ABC: assets: [core-switch-1], 2 April 01:00 to 03:00
        CHG-20260402-4GHJ: assets: [core-switch-1], 2 April 02:00 to 04:00

    Instead:
        CHG-20260402-4GHJ moved to 3 April; or, when both belong together,
        - {at: ..., id: cf1t, event: conflict_found, by: li.wei, ticket: CHG-20260401-3ABC, note: one team does both}
    """
    for first, second in _meeting(desk):
        one, two = window_of(first), window_of(second)
        if one is None or two is None:
            continue
        span = {"start": max(one.start, two.start).isoformat(), "end": min(one.end, two.end).isoformat()}
        for asset in sorted(set(first.get("assets", default=())) & set(second.get("assets", default=()))):
            yield changes_that_overlap.at(second.path, ("planned_start_at",), other=first.id, asset=asset, **span)


@rule(
    "DSK831",
    "changes-that-hang-together",
    scope="desk",
    severity="warning",
    message="the change and `{other}` hang together on {assets}, from {start} to {end}",
    hint="move one of the two; `servicebook impact {id}` shows how they hang together | or record an event "
    "`conflict_found` that names `{other}` on one of them",
    kinds=("change", "asset"),
)
def changes_that_hang_together(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two changes at the same time, of which one takes away what the other stands on or what would replace it.

    Why: a test on a server says nothing while somebody works on its switch; and of two machines that stand in for
    each other, one must be up. Relations of assets tell both, redundancy included. A change that says
    `expected_outage: 0m` takes nothing away.

    Example:
        CHG-20260401-3ABC: assets: [core-switch-1], 2 April 01:00 to 03:00
        CHG-20260402-4GHJ: assets: [database-1], which depends-on core-switch-1, 2 April 02:00 to 04:00

    Instead:
        CHG-20260402-4GHJ moved to 3 April; or, when both belong together,
        - {at: ..., id: cf1t, event: conflict_found, by: li.wei, ticket: CHG-20260401-3ABC, note: one team does both}
    """
    reach = Reach(Landscape(desk))
    for first, second in _meeting(desk):
        overlap = reach.overlap(first, second)
        if overlap and (overlap.hanging or overlap.undone):
            span = {"start": overlap.window.start.isoformat(), "end": overlap.window.end.isoformat()}
            names = [name.removeprefix(SERVICE) for name in (*overlap.hanging, *overlap.undone)]
            params = {"id": second.id, "other": first.id, "assets": listed(dict.fromkeys(names))}
            yield changes_that_hang_together.at(second.path, ("planned_start_at",), **params, **span)


@rule(
    "REF541",
    "change-in-a-freeze",
    scope="relation",
    severity="warning",
    message="the change is planned for {start}; the freeze `{name}` of `{board}` holds until {end}: {reason}",
    hint="servicebook reschedule {id} | or have it waived: a vote with --waive freeze:{name}, and an event "
    "`conflict_found` that says {name}",
    kinds=("change",),
)
def change_in_a_freeze(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A change planned for a time in which its board wants nothing changed.

    Why: a freeze is agreed months ahead, and everybody else plans by it. An emergency is let through: it comes when
    it comes, and its board looks at it afterwards.

    Example:
        board: cab      (freeze new-year-gala, 31 December 18:00 to 1 January 02:00)
        planned_start_at: 2026-12-31T23:00:00+08:00

    Instead:
        planned_start_at: 2027-01-02T02:00:00+08:00
    """
    window = _window_of_choice(facts)
    board = desk.get("board", facts.get("board", default="")) if window else None
    for freeze in freezes_for(facts, board):
        if window and freeze.meets(window) and not is_known(facts, freeze):
            params = {"id": facts.id, "name": freeze.name, "board": freeze.whose, "reason": freeze.reason}
            span = {"start": window.start.isoformat(), "end": freeze.end.isoformat()}
            yield change_in_a_freeze.at(facts.path, ("planned_start_at",), **params, **span)


@rule(
    "REF542",
    "change-in-a-protected-broadcast",
    scope="relation",
    severity="warning",
    message="the change is planned for {start}; `{customer}` has a protected broadcast until {end}: {title}",
    hint="servicebook reschedule {id} | or, when the customer agrees, record an event `conflict_found` whose note "
    "says `{title}` and who agreed",
    kinds=("change",),
)
def change_in_a_protected_broadcast(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A change planned for a time that its customer has asked to be left alone.

    Why: a broadcast that millions watch cannot be repeated. The customer's record says when one is; the change is
    looked at for its own customer, or for all customers of its service. An emergency is let through.

    Example:
        customer: harbour-tv      (vip_periods: Spring Festival gala, 16 February 20:00 to 17 February 01:00)
        planned_start_at: 2026-02-16T23:00:00+08:00

    Instead:
        planned_start_at: 2026-02-18T02:00:00+08:00
    """
    window = _window_of_choice(facts)
    for name in _customers(facts, desk) if window else ():
        for period in broadcasts_of(desk.get("customer", name)):
            if window and period.meets(window) and not is_known(facts, period):
                params = {"id": facts.id, "customer": period.whose, "title": period.name}
                span = {"start": window.start.isoformat(), "end": period.end.isoformat()}
                yield change_in_a_protected_broadcast.at(facts.path, ("planned_start_at",), **params, **span)


def _window_of_choice(facts: Facts) -> Window | None:
    """Return the window of a change whose time is still to be chosen: not that of an emergency, or of one begun."""
    chosen = facts.get("change_type") != "emergency" and facts.status in PLANNED[:3] and not is_broken(facts)
    return window_of(facts) if chosen else None


def _customers(facts: Facts, desk: Snapshot) -> list[str]:
    if own := facts.get("customer"):
        return [own]
    service = desk.get("service", facts.get("service", default=""))
    return list(service.get("customers", default=())) if service else []


RULES: tuple[Rule, ...] = (
    changes_that_overlap,
    changes_that_hang_together,
    change_in_a_freeze,
    change_in_a_protected_broadcast,
)
