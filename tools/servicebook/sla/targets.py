"""Which promises apply to a ticket: the agreement that covers it, the version in force, the target that matches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

from servicebook.records.facts import Facts
from servicebook.sla.instants import SECOND, read_zone
from servicebook.sla.versions import Version, boundaries_of, versions_of
from servicebook.sla.waiting import supplier_of, waits_by
from servicebook.sla.within import Within, parse_length, parse_within
from servicebook.sla.working_time import Counting, Due
from servicebook.typed import Any, NamedTuple, Protocol


class Lookup(Protocol):
    """Where records are looked up: a Snapshot, or anything that has its `get`."""

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of a kind by id or alias."""


class AgreedStep(NamedTuple):
    """A step of escalation as agreed: when (50% or -10m), whom it tells, and the ladder behind it.

    then: whom to call next while nobody answers, each `every` (wall-clock microseconds) later, `rounds` times.
    """

    at: str
    tell: tuple[str, ...]
    then: tuple[str, ...]
    every: int
    rounds: int


CALL_AGAIN = 15 * 60 * SECOND
"""How long each person of a ladder has to answer, where the agreement says nothing."""

MOST_ROUNDS = 10


class Target(NamedTuple):
    """One clock of one agreement version, as the engine reads it.

    applies_when: (field, allowed values). start: a field, an event, a clock, or one of these `+ length`.
    anchor, mark: `start` read: what is waited for, and the length after it (None for none, below zero when
    it cannot be read). calendar: the support hours in which working days are counted. counted: whether time
    spent wrongly resolved counts. agreement: the version as it is cited. team: it counts the time that the
    ticket lies with this team, and no other. supplier: it counts each time that the ticket waits for this supplier.
    """

    name: str
    clause: str
    promise: str
    applies_when: tuple[tuple[str, frozenset[str]], ...]
    start: str
    stop: frozenset[str]
    cancel: frozenset[str]
    within: Within | None
    due: Due
    counting: Counting
    hours: str
    calendar: str
    pauses_on: frozenset[str]
    counted: bool
    steps: tuple[AgreedStep, ...]
    agreement: str
    anchor: str
    mark: int | None
    window: tuple[str, ...] = ()
    team: str = ""
    supplier: str = ""


class Terms(NamedTuple):
    """One version of an agreement: how it is cited, and its targets by the clocks' names in their order."""

    citation: str
    targets: dict[str, list[Target]]


WITHDRAWN = frozenset({"cancelled", "rejected"})
"""Events that cancel a clock when the agreement names none."""

MATCHED = ("kind", "fault_grade", "category", "priority", "cover", "distance_class")


class AgreementBook:
    """An agreement record asked many times: which terms hold for a clock that starts at an instant."""

    __slots__ = ("_chosen", "_cited", "_fields", "_since", "_terms")

    def __init__(self, record: Mapping[str, Any], slug: str) -> None:
        versions = versions_of(record)
        zone = next((str(v["zone"]) for v in reversed(versions) if read_zone(str(v.get("zone")))), "UTC")
        self._since, chosen = boundaries_of(record, zone)
        # Neither what own teams promise each other nor what a supplier promises us is promised to the customer.
        own = record.get("agreement_type") in OPERATIONAL
        self._terms = [parse_terms(version, slug, "internal" if own else "") for version in chosen]
        every = (parse_terms(version, slug) for version in versions if version not in chosen)
        # A corrected version is in force no more, and still what closed tickets cite.
        self._cited = {terms.citation: terms for terms in (*every, *self._terms)}
        targets = [target for terms in self._terms for named in terms.targets.values() for target in named]
        self._fields = tuple(sorted({field for target in targets for field, _ in target.applies_when}))
        self._chosen: dict[tuple[str, ...], tuple[Target, ...]] = {}

    def at(self, micros: int) -> Terms | None:
        """Return the terms in force at an instant; None before the first version."""
        place = bisect_right(self._since, micros) - 1
        return self._terms[place] if place >= 0 else None

    def chosen(self, micros: int, values: Mapping[str, Any]) -> tuple[Target, ...]:
        """Return the one target of each clock that applies to a ticket with these values, at an instant."""
        place = bisect_right(self._since, micros) - 1
        if place < 0:
            return ()
        key = (str(place), *(str(values.get(field)) for field in self._fields))
        found = self._chosen.get(key)
        if found is None:
            named = self._terms[place].targets.values()
            first = (next((target for target in targets if matches(target, values)), None) for targets in named)
            found = self._chosen[key] = tuple(target for target in first if target is not None)
        return found

    def cited(self, citation: str) -> Terms | None:
        """Return the terms of a citation such as gold@2026-01-01, None when no version has it."""
        return self._cited.get(citation)


def parse_terms(version: Version, slug: str, promise: str = "") -> Terms:
    """Return the targets of one agreement version; clocks too broken to read are left to the rules.

    promise: what all of them are, whatever is written: what operational agreements promise is `internal`.
    """
    since = version.get("effective_from")
    citation = f"{slug}@{since}" if since else slug
    clocks = version.get("clocks")
    targets: dict[str, list[Target]] = {}
    for clock in clocks if isinstance(clocks, list) else []:
        if isinstance(clock, Mapping) and clock.get("name"):
            target = parse_target(clock, version, citation)
            targets.setdefault(target.name, []).append(target._replace(promise=promise) if promise else target)
    return Terms(citation, targets)


def parse_target(clock: Mapping[str, Any], version: Version, citation: str) -> Target:
    """Return one clock of an agreement as the engine reads it."""
    hours = str(clock.get("hours") or version.get("support_hours") or "")
    conditions = clock.get("applies_when")
    conditions = conditions if isinstance(conditions, Mapping) else {}
    anchor, plus, rest = (part.strip() for part in str(clock.get("start") or "reported_at").partition("+"))
    length = parse_length(rest)
    return Target(
        name=str(clock["name"]),
        clause=str(clock.get("clause") or ""),
        promise=str(clock.get("promise") or "contract"),
        applies_when=tuple(
            (str(field), frozenset(_texts(values))) for field, values in conditions.items() if _texts(values)
        ),
        start=str(clock.get("start") or "reported_at"),
        stop=frozenset(_texts(clock.get("stop"))),
        cancel=frozenset(_texts(clock.get("cancel"))) or WITHDRAWN,
        within=parse_within(clock.get("within")),
        due="same-time" if clock.get("due") == "same-time" else "closing",
        counting="from-next-opening" if clock.get("counting") == "from-next-opening" else "from-event-date",
        hours=hours,
        calendar=str(version.get("working_calendar") or hours),
        pauses_on=frozenset(_texts(clock.get("pauses_on"))),
        counted=clock.get("reopened") == "counted",
        steps=parse_steps(clock.get("steps")),
        agreement=citation,
        anchor=anchor,
        mark=None if not plus else -1 if length is None else length,
        window=tuple(_texts(clock.get("window"))),
        team=str(clock.get("team") or ""),
        supplier=str(clock.get("supplier") or ""),
    )


def parse_steps(steps: Any) -> tuple[AgreedStep, ...]:
    """Return the steps of escalation of a clock; a ladder's rounds are bounded whatever is written."""
    return tuple(
        AgreedStep(
            str(step.get("at")),
            tuple(_texts(step.get("tell"))),
            tuple(_texts(step.get("then"))),
            max(parse_length(step.get("every")) or CALL_AGAIN, 60 * SECOND),
            min(max(step["rounds"], 1), MOST_ROUNDS) if isinstance(step.get("rounds"), int) else 1,
        )
        for step in (steps if isinstance(steps, list) else [])
        if isinstance(step, Mapping)
    )


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def matches(target: Target, values: Mapping[str, Any]) -> bool:
    """Whether a target applies to a ticket with these values; a value the ticket lacks matches no condition."""
    for field, allowed in target.applies_when:
        value = values.get(field)
        if isinstance(value, list):
            if allowed.isdisjoint(map(str, value)):
                return False
        elif str(value) not in allowed:
            return False
    return True


OPERATIONAL = ("ola", "underpinning")
"""Agreements between own teams or with a supplier: they stand beside the customer's, never in its place."""


def agreements_of(ticket: Facts, desk: Lookup) -> list[Facts]:
    """Return the agreements that cover a ticket: its contract's, else its asset's, service's or customer's.

    The first of these that names any decides (most specific wins); drafts, agreements with other customers or
    for other services, and contracts that had expired on the day of the notice do not count. Behind it come
    the operational ones that any of these name, a team that had the ticket, or a supplier that it waited for.
    Source: sla.md, points 14, 16.
    """
    data = ticket.data
    promised: list[Facts] = []
    operational: dict[str, Facts] = {}
    for group, slugs in _named(data, desk):
        found = []
        for slug in slugs:
            agreement = desk.get("agreement", slug)
            if agreement is None or not _covers(agreement, data):
                continue
            if agreement.data.get("agreement_type") in OPERATIONAL:
                operational[agreement.id] = agreement
            else:
                found.append(agreement)
        if not promised and group not in ("team", "supplier"):
            promised = found
    return [*promised, *operational.values()] if operational else promised


def _named(data: Mapping[str, Any], desk: Lookup) -> Iterator[tuple[str, list[str]]]:
    """Yield the agreements that each of the ticket's neighbours names, the most specific neighbour first."""
    customer = desk.get("customer", data["customer"]) if data.get("customer") else None
    contracts = [data["contract"]] if data.get("contract") else []
    if not contracts and customer is not None:
        contracts = _texts(customer.data.get("contracts"))
    if contracts:
        day = _day_of_notice(data)
        held = [desk.get("contract", slug) for slug in contracts]
        yield "contract", _agreements_in([c for c in held if c is None or str(c.data.get("expires_on", "9")) >= day])
    if data.get("assets"):
        yield "asset", _agreements_in([desk.get("asset", slug) for slug in _texts(data["assets"])])
    if data.get("service"):
        yield "service", _agreements_in([desk.get("service", slug) for slug in _texts(data["service"])])
    if customer is not None:
        yield "customer", _agreements_in([customer])
    groups = {str(event["assignment_group"]) for event in data.get("timeline") or () if "assignment_group" in event}
    if data.get("assignment_group"):
        groups.add(str(data["assignment_group"]))
    if groups:
        teams = [desk.get("team", slug) for slug in sorted(groups)]
        yield "team", [slug for team in teams if team is not None for slug in _texts(team.data.get("ola"))]
    named = (supplier_of(event, data, desk) for event in data.get("timeline") or () if waits_by(event))
    suppliers = [desk.get("supplier", slug) for slug in dict.fromkeys(named) if slug]
    if suppliers:
        yield "supplier", _agreements_in(suppliers)


def _agreements_in(records: Iterable[Facts | None]) -> list[str]:
    return [slug for record in records if record is not None for slug in _texts(record.data.get("agreements"))]


def _day_of_notice(data: Mapping[str, Any]) -> str:
    """Return the date of the notice as its own wall clock shows it; "" where none is written."""
    timeline = data.get("timeline") or [{}]
    return str(data.get("reported_at") or timeline[0].get("at") or "")[:10]


def _covers(agreement: Facts, data: Mapping[str, Any]) -> bool:
    if agreement.data.get("status") == "draft":
        return False
    services = _texts(agreement.data.get("services"))
    if services and data.get("service") and data["service"] not in services:
        return False
    customers = [*_texts(agreement.data.get("customer")), *_texts(agreement.data.get("customers"))]
    return not customers or not data.get("customer") or data["customer"] in customers
