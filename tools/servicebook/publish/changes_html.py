"""The change calendar (ITIL: change schedule): two months as grids, the same as a list, and times to keep free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from servicebook.publish.addresses import href, page_of
from servicebook.publish.approval_html import state_and_approval
from servicebook.publish.calendar_files import WHOLE
from servicebook.publish.elements import Column, day, record_id, section_of, status
from servicebook.publish.feed_files import feed_of_kind
from servicebook.publish.gathering import Gathering
from servicebook.publish.month_grid import days_of, local_day, month_after
from servicebook.publish.month_html import beside_html, month_html, month_title, months_of
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.reports.schedule import Planned, schedule_of
from servicebook.workflow.landscape import Landscape
from servicebook.workflow.overlap import PLANNED, Reach, is_settled, window_of
from servicebook.workflow.quiet_times import broadcasts_of, freezes_for, is_known

SHOWN = ("change", "release", "freeze", "broadcast")
"""What of the schedule the page shows; visits, inspections and duty have pages of their own."""
ROWS = 10
"""Rows of one list, for the page's size."""
CLASHES = 3
"""So many things in a change's way are named; `servicebook check` tells all."""


def changes(desk: Gathering, address: str) -> str:
    """Return this month and the next, what is to come, what was, and the times to keep free."""
    view = desk.view
    schedule = [one for one in schedule_of(view) if one.what in SHOWN]
    today = local_day(view.now, view.zone)
    months = [today.replace(day=1), month_after(today)]
    spans = [(one, *days_of(one, view.zone)) for one in schedule]
    near = [one for one, first, last in spans if months[0] <= last and first < month_after(months[1])]
    work = [one for one in near if one.what in ("change", "release")]
    coming = [one for one in work if _ends_after(one, view.now)]
    over = [one for one in work if not _ends_after(one, view.now)]
    free = [one for one, _, last in spans if one.what not in ("change", "release") and last >= today]
    say = view.labels.say
    grids = [
        section_of(month_title(view, first), month_html(view, address, first, schedule), f"month-{first:%Y-%m}",
                   say("Weeks begin on Monday"))
        for first in months
    ]  # fmt: skip
    none = f"<p>{say('Nothing is planned until the end of next month.')}</p>"
    return "".join(
        [
            _headline(view, address, coming),
            beside := beside_html(view, address, months, months_of(view, schedule)),
            *grids,
            beside,
            view.section("To come", planned_table(desk, address, coming) or none, note=view.count(len(coming))),
            view.section("Times to keep free", _free(view, address, free)),
            view.section("Earlier this month", planned_table(desk, address, over[::-1]), note=view.count(len(over))),
        ]
    )


def _ends_after(one: Planned, now: datetime) -> bool:
    return one.end > now if isinstance(one.end, datetime) else one.end > now.date()


def _headline(view: View, address: str, coming: Sequence[Planned]) -> str:
    """Return how much is to come and undecided, and how to have it in one's own calendar."""
    say = view.labels.say
    told = [
        status(tone, say(words, count=shown))
        for tone, words, number in (
            ("ok", "{count} decided", sum(one.standing == "confirmed" for one in coming)),
            ("pen", "{count} not decided yet", sum(one.standing == "tentative" for one in coming)),
        )
        if number and (shown := view.count(number))
    ]
    links = (
        f'<a href="{href(address, WHOLE)}">{say("Subscribe to the calendar")}</a> · '
        f'<a href="{href(address, feed_of_kind("change"))}">{say("Changes as a feed")}</a>'
    )
    return f'<p class="now">{"".join(told)}<span class="meta">{links}</span></p>\n'


def planned_table(desk: Gathering, address: str, planned: Sequence[Planned]) -> str:
    """Return entries as a table: when, what, how it stands, how risky it is, what is in its way."""
    view = desk.view
    clashes = _clashes(view, address, [one for one in planned[:ROWS] if _ends_after(one, view.now)])
    found = [
        (
            _window(view, one),
            view.link(address, one.record),
            state_and_approval(desk.view, one.record, desk.approvals),
            "<br>".join(filter(None, (_value(view, one, "change_type"), _risk(view, one)))),
            _services(view, address, one.services),
            *(["<br>".join(clashes.get(one.record.id, [])[:CLASHES])] if clashes else ()),
        )
        for one in planned[:ROWS]
    ]
    heads = (
        Column("When", "nw"), "Record", "State", "Type, risk", Column("Service"),
        *((Column("In its way", named=True),) if clashes else ()),
    )  # fmt: skip
    more = len(planned) - ROWS
    rest = f'<a href="{href(address, "search.html")}?kind=change">{view.labels.say("and {count} more", count=more)}</a>'
    return (view.table(heads, found) if found else "") + (f'<p class="more">{rest}</p>\n' if more > 0 else "")


def _window(view: View, one: Planned) -> str:
    """Return from when to when: the day and two times, or two instants where it goes past midnight."""
    if not isinstance(one.start, datetime) or not isinstance(one.end, datetime):
        return day(str(one.start))
    start, end = (moment.astimezone(view.zone) for moment in (one.start, one.end))
    if start.date() == end.date():
        return f"{day(start.date().isoformat())}<br>{start:%H:%M}–{end:%H:%M}"
    return f"{view.instant(start)}<br>– {view.instant(end)}"


def _value(view: View, one: Planned, field: str) -> str:
    return view.labels.value(str(one.record.get(field) or ""), field)


def _risk(view: View, one: Planned) -> str:
    risk = _value(view, one, "risk")
    return f'<span class="meta">{view.labels.field("risk")}: {risk}</span>' if risk else ""


def _services(view: View, address: str, ids: Iterable[str]) -> str:
    """Return services as links below each other, far enough apart for a finger (WCAG 2.2, 2.5.8)."""
    found = (view.get("service", id) for id in ids)
    items = "".join(f"<li>{view.link(address, one)}</li>" for one in found if one)
    return f'<ul class="lines">{items}</ul>' if items else ""


def _free(view: View, address: str, entries: Sequence[Planned]) -> str:
    """Return freezes and protected times from today on."""
    say = view.labels.say
    found = []
    for one in entries[:ROWS]:
        of_all = one.what == "freeze" and not one.services
        holds_for = _services(view, address, one.services) if one.services else say("All services") if of_all else ""
        if one.what == "broadcast":
            holds_for = view.link(address, one.record)
        kind = status("lock", say("Freeze")) if one.what == "freeze" else status("note", say("Protected time"))
        hours = view.instant(str(one.start)), view.instant(str(one.end))
        found.append((view.labels.own(one.title), kind, *hours, holds_for))
    heads = (Column("What", "f"), "Type", Column("From", "nw"), Column("Until", "nw", named=True), "Holds for")
    return view.table(heads, found) if found else ""


def _clashes(view: View, address: str, planned: Sequence[Planned]) -> dict[str, list[str]]:
    """Return what is in the way of each change that is still to be done and nobody has noted: HTML, by id.

    Others than the house are told nothing: what stands in the way may be somebody else's.
    """
    if is_outer(view.desk.audience):
        return {}
    pending = [one.record for one in planned if one.what == "change" and one.record.status in PLANNED]
    found: dict[str, list[str]] = {}
    for id, html in chain(_quiet_clashes(view, pending), _overlaps(view, address, pending)):
        found.setdefault(id, []).append(html)
    return found


def _quiet_clashes(view: View, pending: Sequence[Facts]) -> Iterator[tuple[str, str]]:
    for change in pending:
        window, board = window_of(change), view.get("board", str(change.get("board") or ""))
        customer = view.get("customer", str(change.get("customer") or ""))
        frozen = (("lock", quiet) for quiet in freezes_for(change, board))
        for tone, quiet in chain(frozen, (("warn", quiet) for quiet in broadcasts_of(customer))):
            if window and quiet.meets(window) and not is_known(change, quiet):
                yield change.id, status(tone, view.labels.own(quiet.name), "long")


def _overlaps(view: View, address: str, pending: Sequence[Facts]) -> Iterator[tuple[str, str]]:
    reach: Reach | None = None
    for place, one in enumerate(pending):
        for two in pending[place + 1 :]:
            mine, theirs = window_of(one), window_of(two)
            if not mine or not theirs or mine.start >= theirs.end or theirs.start >= mine.end:
                continue
            reach = reach or Reach(Landscape(_Estate(view)))
            if reach.overlap(one, two) and not is_settled(one, two):
                yield one.id, status("warn", record_id(two.id, href(address, page_of(two))))
                yield two.id, status("warn", record_id(one.id, href(address, page_of(one))))


class _Estate:
    """The assets and services of a view, as the graph reads them: all at once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.get = view.get

    def naming(self, *_: str, kinds: Sequence[str] = ()) -> list[Facts]:
        return list(self._view.of_kind(*kinds))

    def count_naming(self, *_: str) -> int:
        return len(self._view.records)

    def whole_kinds(self, *kinds: str) -> Iterator[Facts]:
        return self._view.of_kind(*kinds)
