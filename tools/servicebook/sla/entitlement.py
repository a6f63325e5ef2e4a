"""What covers a ticket: its agreements and their terms, its values through time, its hours, its site's distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from servicebook.records.facts import Facts
from servicebook.settings import MATRIX, priority_by
from servicebook.sla.clock import Event
from servicebook.sla.cover import day_written, terms_of
from servicebook.sla.hours_form import HoursError
from servicebook.sla.instants import SECOND, from_micros, read_zone
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.targets import MATCHED, AgreementBook, Lookup, Target, Terms, agreements_of
from servicebook.sla.versions import HoursBook
from servicebook.sla.within import Within
from servicebook.typed import Any, NamedTuple

TRAVEL_CAPS = {"local": 180, "near": 420, "regional": 660, "remote": 1380}
"""Minutes of travel assumed for a site without an entry, by distance class: travel + 1 h then stays within
the 4, 8, 12 and 24 h bands of the equipment target (service plan, 1.3.3)."""

WEIGHED = ("impact", "urgency")
"""Fields that give the priority, and move it when they are regraded."""

_agreements: dict[tuple[str, str, str], AgreementBook] = {}
_hours: dict[tuple[str, str, str], HoursBook] = {}
_KEPT = 2_000


def agreement_book(facts: Facts) -> AgreementBook:
    """Return an agreement's book, kept by the content of its file."""
    key = (facts.path, facts.blob, "" if facts.blob else facts.raw)
    book = _agreements.get(key)
    if book is None:
        if len(_agreements) >= _KEPT:
            _agreements.clear()
        book = _agreements[key] = AgreementBook(facts.data, facts.id)
    return book


def hours_book(facts: Facts) -> HoursBook:
    """Return a support-hours record's book, kept by the content of its file."""
    key = (facts.path, facts.blob, "" if facts.blob else facts.raw)
    book = _hours.get(key)
    if book is None:
        if len(_hours) >= _KEPT:
            _hours.clear()
        book = _hours[key] = HoursBook(facts.data, facts.id)
    return book


class Cover(NamedTuple):
    """What covers one ticket.

    books: its agreements. values: from which instant on which values its targets match on. site: its site.
    shelf: the support hours already asked for, by slug.
    """

    desk: Lookup
    books: tuple[AgreementBook, ...]
    opened: int
    values: tuple[tuple[int, Mapping[str, Any]], ...]
    site: Facts | None
    shelf: dict[str, HoursBook | None]

    def names(self, cited: Mapping[str, Any]) -> list[str]:
        """Return the names of all clocks that the agreements promise, in their order.

        Those of the versions that a written outcome cites, else of those in force at notice: a version that
        comes later, though it holds from an earlier day, promises a closed ticket nothing.
        """
        found: dict[str, None] = {}
        for book in self.books:
            for terms in _cited_of(book, cited) or (book.at(self.opened),):
                found.update(dict.fromkeys(terms.targets if terms else ()))
        return list(found)

    def chosen(self) -> list[Target]:
        """Return the one target of each clock that applies to the values at notice, in the clocks' order."""
        values = self.values[0][1]
        if len(self.books) == 1:
            return list(self.books[0].chosen(self.opened, values))
        found: dict[str, Target] = {}
        for book in self.books:
            for target in book.chosen(self.opened, values):
                found.setdefault(target.name, target)
        return list(found.values())

    def targets(self, name: str, cited: Mapping[str, Any]) -> list[Target]:
        """Return the targets of a name, in the version cited for it, else in that in force at notice."""
        outcome = cited.get(name)
        wanted = str(outcome.get("agreement") or "") if isinstance(outcome, dict) else ""
        found: list[Target] = []
        for book in self.books:
            own = book.cited(wanted) if wanted else None
            terms = own or next(iter(_cited_of(book, cited)), None) or book.at(self.opened)
            found += terms.targets.get(name, ()) if terms else ()
        return found

    def hours(self, target: Target, start: int, cited: str = "", judged_at: int | None = None) -> SupportHours | None:
        """Return the support hours of a target (its working calendar for working days) that hold at its start.

        cited, judged_at: the version a written outcome names, and when it was written.
        """
        days = target.within is not None and target.within.days is not None
        slug = target.calendar if days else target.hours
        if slug not in self.shelf:
            facts = self.desk.get("support_hours", slug) if slug else None
            self.shelf[slug] = None if facts is None else hours_book(facts)
        book = self.shelf[slug]
        return None if book is None else book.at(start, cited, judged_at)

    def zone(self, target: Target) -> ZoneInfo | None:
        """Return the zone of the ticket's site, else that of the target's hours, in which calendar days count."""
        named = read_zone(str(self.site.data.get("timezone"))) if self.site is not None else None
        if named is not None:
            return named
        try:
            hours = self.hours(target, self.opened)
        except HoursError:
            hours = None
        return hours.zone if hours is not None else None

    def amount(self, target: Target, start: int) -> tuple[Within | None, str]:
        """Return a target's length with the site's travel and distance worked in, and what is amiss or "".

        The way counts as it was agreed when the clock started. Source: sla.md, point 10.
        """
        within = target.within
        if within is None:
            return None, "no-within"
        if within.by_class:
            lengths = dict(within.by_class)
            length = lengths.get(self._distance())
            return Within(time=max(lengths.values()) if length is None else length), "" if length else "no-travel"
        if not within.travel:
            return within, ""
        minutes = self._travel_minutes(start)
        if minutes is None:
            cap = TRAVEL_CAPS.get(self._distance(), max(TRAVEL_CAPS.values()))
            return Within(time=within.time + cap * 60 * SECOND), "no-travel"
        return Within(time=within.time + minutes * 60 * SECOND), ""

    def _distance(self) -> str:
        return str(self.site.data.get("distance_class") or "") if self.site is not None else ""

    def _travel_minutes(self, start: int) -> int | None:
        return travel_minutes(self.site, start) if self.site is not None else None


def travel_minutes(site: Facts, start: int) -> int | None:
    """Return the shortest way to a site in minutes, or None when no way is written down.

    Of several entries for one base and means the latest in force on the day of `start` (microseconds) counts.
    """
    ways = site.data.get("travel_minutes")
    if isinstance(ways, int):
        return ways
    zone = read_zone(str(site.data.get("timezone")))
    day = from_micros(start, zone or UTC).date().isoformat() if ways else ""
    held: dict[tuple[str, str], tuple[str, int]] = {}
    for way in ways or []:
        if not isinstance(way, dict) or not isinstance(way.get("minutes"), int):
            continue
        since, key = str(way.get("effective_from") or ""), (str(way.get("base")), str(way.get("mode")))
        if since <= day and (key not in held or since > held[key][0] or way["minutes"] < held[key][1]):
            held[key] = (since, way["minutes"])
    return min((minutes for _, minutes in held.values()), default=None)


def _cited_of(book: AgreementBook, cited: Mapping[str, Any]) -> list[Terms]:
    """Return the terms of an agreement that the outcomes of a closing block cite, each once."""
    wanted = [str(outcome.get("agreement") or "") for outcome in cited.values() if isinstance(outcome, dict)]
    return [terms for citation in dict.fromkeys(wanted) if (terms := book.cited(citation)) is not None]


def cover_of(ticket: Facts, desk: Lookup, events: Sequence[Event], opened: int) -> Cover:
    """Return what covers a ticket at its notice; `events` are its timeline's."""
    site = desk.get("site", str(ticket.data["site"])) if ticket.data.get("site") else None
    books = tuple(agreement_book(agreement) for agreement in agreements_of(ticket, desk))
    return Cover(desk, books, opened, tuple(_values_of(ticket, desk, events, opened, site)), site, {})


def _values_of(
    ticket: Facts, desk: Lookup, events: Sequence[Event], opened: int, site: Facts | None
) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the values that targets match on: at notice, then after every `regraded` event.

    An event says {field, old, new}; without a field it means the fault grade. What a field was at notice is
    the `old` of its first change, else its value now.
    """
    data = ticket.data
    now = {field: data.get(field) for field in MATCHED}
    now["kind"] = ticket.kind
    now |= {field: data.get(field) for field in WEIGHED}
    now["priority"] = data.get("priority") or _priority(data, desk)
    now["cover"] = data.get("cover") or _scopes(data, desk, opened)
    now["distance_class"] = site.data.get("distance_class") if site is not None else None
    changes = [event for event in events if event.name == "regraded"]
    first: dict[str, Any] = dict(now)
    for change in reversed(changes):
        if change.entry.get("old") is not None:
            first[change.entry.get("field") or "fault_grade"] = change.entry["old"]
    fields = {change.entry.get("field") for change in changes}
    if "priority" not in fields and not fields.isdisjoint(WEIGHED):
        first["priority"] = _priority(first, desk) or first["priority"]
    found: list[tuple[int, Mapping[str, Any]]] = [(opened, first)]
    for change in changes:
        field = change.entry.get("field") or "fault_grade"
        new = change.entry.get("new")
        values = {**found[-1][1], field: now.get(field) if new is None else new}
        if field in WEIGHED:
            values["priority"] = _priority(values, desk) or values["priority"]
        found.append((change.at, values))
    return [(at, _with_ours(values, desk)) for at, values in found]


def _with_ours(values: Mapping[str, Any], desk: Lookup) -> Mapping[str, Any]:
    """Return values of which a category of the desk's own also counts as the one of ours that it stands for."""
    own = values.get("category")
    ours = getattr(getattr(desk, "settings", None), "categories", {}).get(own) if own else None
    return {**values, "category": [own, ours]} if ours else values


def _priority(data: Mapping[str, Any], desk: Lookup) -> str | None:
    impact, urgency = data.get("impact"), data.get("urgency")
    matrix = getattr(getattr(desk, "settings", None), "priority_matrix", None) or MATRIX
    return priority_by(matrix, impact, urgency) or None


def _scopes(data: Mapping[str, Any], desk: Lookup, opened: int) -> list[str]:
    """Return the scopes of the contract's cover that were in force on the day of the notice."""
    contract = desk.get("contract", str(data["contract"])) if data.get("contract") else None
    if contract is None or not contract.data.get("cover"):
        return []
    day = day_written(data.get("reported_at")) or from_micros(opened, UTC).date()
    assets = [desk.get("asset", str(slug)) for slug in data.get("assets") or []]
    terms = terms_of(contract.data, [asset.data for asset in assets if asset is not None])
    return [term.scope for term in terms if term.holds_on(day)]
