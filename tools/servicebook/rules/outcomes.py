"""Do a ticket's clocks hold together with the agreements and hours that they come from?

What looks beyond one file stands here, apart from the rules on tickets, hours and promises alone: a hook with
kept verdicts imports this and not those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, found_on_the_way, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import CLOCKS_DIFFER, is_same_value, parse_instant
from servicebook.rules.reading import is_at_rest, is_broken, is_ticket
from servicebook.sla.entitlement import hours_book
from servicebook.sla.hours_form import HoursError
from servicebook.sla.status import clocks_of, closing_block
from servicebook.sla.targets import Lookup, parse_target
from servicebook.typed import Any


@rule(
    "SLA631",
    "closing-block-differs",
    scope="relation",
    message="`{clock}` is written as {field} `{written}`, computed is `{due}`",
    hint="servicebook fix {path}",
    fixable=True,
)
def closing_block_differs(facts: Facts, desk: Lookup) -> Iterator[Diagnostic]:
    """A closing `sla:` block that is not what the ticket's clocks come to.

    Why: the block is written once, so that past outcomes can be searched; a figure that somebody turned to
    'met' by hand, or a timeline mended after closing, must not pass for the outcome.

    Example:
        sla: {response: {due_at: "2026-03-12T09:11:00+08:00", stopped_at: "2026-03-12T09:20:00+08:00",
              outcome: met, agreement: gold@2026-01-01}}

    Instead:
        sla: {response: {due_at: "2026-03-12T09:11:00+08:00", stopped_at: "2026-03-12T09:20:00+08:00",
              outcome: missed, agreement: gold@2026-01-01}}
    """
    written = facts.data.get("sla")
    if is_broken(facts) or not isinstance(written, dict) or not written or not is_ticket(facts):
        return
    block = closing_block(facts, desk)
    for clock in sorted({*written, *block}):
        mine, due = written.get(clock) or {}, block.get(clock) or {}
        if not mine or not due:
            where = ("sla", clock) if mine else ("sla",)
            params = {"clock": clock, "field": "outcome", "written": mine.get("outcome", "-")}
            due_outcome = due.get("outcome", "-")
            yield closing_block_differs.at(facts.path, where, path=facts.path, due=due_outcome, **params)
            continue
        for field in ("outcome", "due_at", "stopped_at", "agreement", "hours", "cycles"):
            if not is_same_value(mine.get(field), due.get(field)):
                params = {"clock": clock, "field": field, "written": _said(mine, field), "due": _said(due, field)}
                place = ("sla", clock, field) if field in mine else ("sla", clock)
                yield closing_block_differs.at(facts.path, place, path=facts.path, **params)


def _said(outcome: Mapping[str, Any], field: str) -> str:
    """Return what an outcome says in a field, on one line; `-` for nothing."""
    value = outcome.get(field)
    if not isinstance(value, list):
        return str(value or "-")
    endings = ({**cycle} if isinstance(cycle, dict) else {} for cycle in value)
    return ", ".join(f"{ending.get('outcome', '-')} {ending.get('due_at', '')}".rstrip() for ending in endings) or "-"


@rule(
    "SLA632",
    "closed-without-outcome",
    scope="relation",
    message="the ticket is closed, but how its clocks ended is not written down",
    hint="servicebook fix {path}",
    incomplete=True,
    fixable=True,
)
def closed_without_outcome(facts: Facts, desk: Lookup) -> Iterator[Diagnostic]:
    """A closed ticket without its `sla:` block, though an agreement promises clocks for it.

    Why: outcomes are searched and reported from the block. `close` writes it; a merge drops it, and `fix`
    brings it back.

    Example:
        status: closed

    Instead:
        status: closed
        sla: {response: {due_at: "2026-03-12T09:11:00+08:00", stopped_at: "2026-03-12T08:52:40+08:00",
              outcome: met, agreement: gold@2026-01-01, hours: always@2026-01-01}}
    """
    if facts.status != "closed" or facts.data.get("sla") or is_broken(facts) or not is_ticket(facts):
        return
    if closing_block(facts, desk):
        yield closed_without_outcome.at(facts.path, ("status",), path=facts.path)


@rule(
    "SLA633",
    "clock-into-unlisted-year",
    scope="relation",
    severity="warning",
    message="the clock `{clock}` runs into {year}, for which `{hours}` has no holiday list",
    hint="add the holiday list of {year} to `{hours}`; until then the due time may move",
)
def clock_into_unlisted_year(facts: Facts, desk: Lookup) -> Iterator[Diagnostic]:
    """An open ticket whose clock reaches into a year with no published holiday list.

    Why: the due time was computed as if that year had no holidays. It will move when the list comes.

    Example:
        a clock of 5 working days that starts on 2026-12-30, in hours with a list for 2026 only

    Instead:
        holidays:
        - {year: 2026, source: State Council, days: ["2026-10-01"]}
        - {year: 2027, source: State Council, days: ["2027-01-01"]}
    """
    if is_at_rest(facts) or not is_ticket(facts) or is_broken(facts):
        return
    last = max((at for entry in facts.timeline if (at := parse_instant(entry.get("at")))), default=None)
    for status in clocks_of(facts, desk, last) if last else ():
        for year in status.unlisted_years:
            params = {"clock": status.name, "year": year, "hours": status.hours.partition("@")[0]}
            yield clock_into_unlisted_year.at(facts.path, (), **params)


@rule(
    "SLA634",
    "travel-unknown",
    scope="relation",
    severity="warning",
    message="the clock `{clock}` is an estimate: `{site}` has no travel time or distance class that it could use",
    hint="write `travel_minutes` and `distance_class` into the site's record, as agreed with the customer",
)
def travel_unknown(facts: Facts, desk: Lookup) -> Iterator[Diagnostic]:
    """An open ticket whose clock needs the way to the site, which nobody has written down.

    Why: the most that the site's band allows was taken instead. The real due time is likely earlier.

    Example:
        a severe fault at a site without `travel_minutes`, promised within `travel + 1h`

    Instead:
        travel_minutes: [{mode: car, minutes: 35}]
    """
    if is_at_rest(facts) or not is_ticket(facts) or is_broken(facts):
        return
    last = max((at for entry in facts.timeline if (at := parse_instant(entry.get("at")))), default=None)
    for status in clocks_of(facts, desk, last) if last else ():
        if status.trouble == "no-travel" and status.stopped_at is None:
            where = ("site",) if facts.get("site") else ()
            yield travel_unknown.at(facts.path, where, clock=status.name, site=facts.get("site") or "-")


@rule(
    "SLA617",
    "working-days-around-the-clock",
    scope="relation",
    severity="warning",
    message="the clock `{name}` counts working days in `{hours}`, where every day is one",
    hint="name a `working_calendar` with weekends and holidays",
    kinds=("agreement",),
)
def working_days_around_the_clock(facts: Facts, desk: Lookup) -> Iterator[Diagnostic]:
    """A target in working days whose calendar knows no day off.

    Why: 24x7 support hours make every day a working day, so 'within 2 working days' would be due on a
    Sunday. Working days need a calendar of their own.

    Example:
        support_hours: always
        clocks: [{name: spare-arrived, start: reported_at, stop: [part_arrived], within: 2 working days}]

    Instead:
        support_hours: always
        working_calendar: cn-office
        clocks: [{name: spare-arrived, start: reported_at, stop: [part_arrived], within: 2 working days}]
    """
    for version_place, version in enumerate(facts.get("versions", default=())):
        for place, clock in enumerate(version.get("clocks") or ()):
            target = parse_target(clock, version, "")
            if target.within is None or target.within.days is None:
                continue
            hours = desk.get("support_hours", target.calendar)
            try:
                compiled = hours_book(hours).at(0) if hours is not None else None
            except HoursError:
                compiled = None
            if hours is not None and compiled is not None and compiled.always:
                where = ("versions", version_place, "clocks", place, "within")
                yield working_days_around_the_clock.at(facts.path, where, name=target.name, hours=hours.id)


@found_on_the_way(
    "SLA641",
    "event-ahead-of-time",
    message="`{event}` is dated {at}, which is still to come",
    hint="correct the time: an event is written down when it has happened",
)
def event_ahead_of_time() -> None:
    """An event of a ticket, or a movement of a part, dated more than five minutes ahead.

    Why: clocks believe the timeline. An acknowledgement dated tomorrow would stop the response clock
    tomorrow; most likely the offset or the day is wrong.

    Example:
        - {at: 2062-03-12T08:52:40+08:00, id: 7mq2, event: acknowledged, by: li.wei}

    Instead:
        - {at: 2026-03-12T08:52:40+08:00, id: 7mq2, event: acknowledged, by: li.wei}
    """


def events_ahead(facts: Facts, now: datetime) -> Iterator[Diagnostic]:
    """Yield a finding for every event dated more than five minutes after `now` (the time layer's part)."""
    field, name = ("movements", "type") if facts.kind == "part" else ("timeline", "event")
    for place, entry in enumerate(facts.get(field, default=())):
        at = parse_instant(entry.get("at"))
        if at is not None and at > now + CLOCKS_DIFFER:
            params = {"event": entry.get(name, ""), "at": at.isoformat()}
            yield event_ahead_of_time.at(facts.path, (field, place, "at"), **params)


RULES: tuple[Rule, ...] = (
    closing_block_differs,
    closed_without_outcome,
    clock_into_unlisted_year,
    travel_unknown,
    working_days_around_the_clock,
    event_ahead_of_time,
)
