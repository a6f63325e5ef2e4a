"""The calendars of a site: one of the whole schedule, one a service, one a team, each a file to subscribe to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial

from servicebook.exchange.calendars import CalendarEntry, calendar_bytes
from servicebook.language.labels import label_of
from servicebook.publish.made import Made, stamp_of
from servicebook.publish.moments import Moments
from servicebook.publish.view import View, title_text
from servicebook.records.facts import Facts
from servicebook.reports.schedule import Planned, schedule_of

BACK = 366
"""How many days an entry stays in a calendar after its day."""

_MADE_FROM = (
    "change", "release", "visit", "inspection", "inspection_plan", "board", "customer", "roster", "person", "service",
    "team", "asset", "site",
)  # fmt: skip
"""The kinds of record that a calendar tells of."""

FOLDER = "calendar"
WHOLE = f"{FOLDER}/schedule.ics"

PREFIXES = {"freeze": "No changes: {what}", "broadcast": "Protected: {what}", "duty": "On call: {what}"}
"""How the title of an entry that is no record of its own begins."""


def calendar_of(facts: Facts) -> str:
    """Return the address of the calendar of a service or team."""
    return f"{FOLDER}/{facts.kind}-{facts.id}.ics"


def calendar_files(view: View, moments: Moments) -> Iterator[Made[bytes]]:
    """Yield every calendar; empty ones too, so that people can subscribe beforehand."""
    since = view.now.date() - timedelta(days=BACK)
    stamp = stamp_of(view, view.of_kind(*_MADE_FROM), moments.site_url, since)
    shared = cache(lambda: _Shared(view, moments, [one for one in schedule_of(view) if one.begins_on >= since]))

    def made(address: str, name: Callable[[], str], concerns: Callable[[Planned], bool]) -> Made[bytes]:
        return Made(address, stamp, lambda: shared().file(name(), concerns, address))

    names = " / ".join(dict.fromkeys(filter(None, (view.settings.name, view.settings.name_zh))))
    yield made(WHOLE, lambda: names, lambda one: one.what != "duty")
    for service in view.of_kind("service"):
        yield made(calendar_of(service), partial(title_text, service), partial(_concerns_service, service.id))
    for team in view.of_kind("team"):
        yield made(calendar_of(team), partial(_name_for_team, view, team), partial(_concerns_team, team.id))


def _concerns_service(id: str, one: Planned) -> bool:
    return id in one.services or (one.what == "freeze" and not one.services)


def _concerns_team(id: str, one: Planned) -> bool:
    return id in one.teams


def _name_for_team(view: View, team: Facts) -> str:
    return view.labels.text("{team}: duty and planned work", team=title_text(team))


class _Shared:
    """What all calendars of a site are made from: the schedule, and each of its entries made once."""

    def __init__(self, view: View, moments: Moments, schedule: list[Planned]) -> None:
        self._view = view
        self._moments = moments
        self._schedule = schedule
        self._known: dict[tuple[str, str], CalendarEntry] = {}

    def file(self, name: str, concerns: Callable[[Planned], bool], address: str) -> bytes:
        """Return a calendar of the entries that concern somebody."""
        url = self._moments.site_url + address if self._moments.site_url else ""
        return calendar_bytes(name, (self._entry(one) for one in self._schedule if concerns(one)), url)

    def _entry(self, one: Planned) -> CalendarEntry:
        """Return an entry, made once for all calendars that it stands in."""
        key = (one.record.path, one.part)
        if key not in self._known:
            self._known[key] = self._made(one)
        return self._known[key]

    def _made(self, one: Planned) -> CalendarEntry:
        record, moments = one.record, self._moments
        title = " / ".join(dict.fromkeys(filter(None, (one.title, one.title_zh))))
        if one.what in PREFIXES:
            title = self._view.labels.text(PREFIXES[one.what], what=title)
        else:
            title = f"{title} ({record.id})"
        return CalendarEntry(
            uid=moments.name(record.kind, record.id, one.part),
            title=title,
            start=self._local(one.start),
            end=self._local(one.end),
            standing=one.standing,
            changed_at=moments.changed_at(record),
            text="\n".join(self._lines(one)),
            place=self._named(record, "site"),
            url=moments.address(record) if moments.site_url else "",
            busy=one.what not in ("broadcast", "inspection"),
        )

    def _local(self, moment: datetime | date) -> datetime | date:
        return moment.astimezone(self._view.zone) if isinstance(moment, datetime) else moment

    def _lines(self, one: Planned) -> Iterator[str]:
        record = one.record
        if one.part:
            yield title_text(record)
            return
        yield self._line("status", self._value(record.status, record.kind))
        services = [found for id in one.services if (found := self._view.get("service", id))]
        if services:
            yield self._line("service", "; ".join(map(title_text, services)))
        for field in ("change_type", "risk", "impact"):
            if value := record.get(field):
                yield self._line(field, self._value(str(value), field))
        if (outage := record.get("expected_outage")) is not None:
            yield self._line("expected_outage", str(outage))
        if team := self._named(record, "assignment_group", "team"):
            yield self._line("team", team)

    def _line(self, field: str, value: str) -> str:
        return f"{self._view.labels.text(label_of(field), 'fields')}: {value}"

    def _value(self, value: str, field: str) -> str:
        return self._view.labels.value_text(value, field)

    def _named(self, record: Facts, field: str, kind: str = "") -> str:
        found = self._view.get(kind or field, str(record.get(field) or ""))
        return title_text(found) if found else ""
