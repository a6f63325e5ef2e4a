"""A month as a grid of days: what is planned on each as shape and words, freezes as a ground, today marked.

On a telephone the grid keeps the shapes alone, words stay for screen readers; the list below the grid says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from servicebook.publish.addresses import href, page_of
from servicebook.publish.elements import status
from servicebook.publish.month_grid import MONTHS, WEEKDAYS, by_day, days_of, local_day, month_after, weeks_of
from servicebook.publish.tones import tone_of
from servicebook.publish.view import View
from servicebook.reports.schedule import Planned

IN_A_MONTH = 20
"""So many entries a grid holds, which keeps the page below 60 KB; a busier day tells how many it leaves out."""
IN_A_DAY = 4
BARS_A_DAY = 2
"""So many freezes and protected times stand in a day; all of them are in the list below."""

NEAR = 12
"""So many months back and ahead have a page, where something is or was planned in them."""

FROZEN = "No changes: {what}"
PROTECTED = "Protected: {what}"


def month_html(view: View, address: str, first: date, schedule: Sequence[Planned]) -> str:
    """Return the grid of the month that begins on `first`, with its section."""
    say = view.labels.say
    weeks = weeks_of(first)
    planned = by_day(schedule, [day for week in weeks for day in week], view.zone)
    most = _most_a_day([day for day in planned.values() if day])
    today = local_day(view.now, view.zone)
    classes = partial(_classes, first=first, today=today)
    heads = "".join(f'<th scope="col">{say(name)}</th>' for name in WEEKDAYS)
    rows = "".join(
        "<tr>"
        + "".join(_day(view, address, day, planned[day], most, classes(day, planned[day])) for day in week)
        + "</tr>\n"
        for week in weeks
    )
    title = month_title(view, first)
    table = (
        f'<table class="cal"><caption class="vh">{title}</caption><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>\n"
    )
    return table + _key(view, planned)


def month_title(view: View, first: date) -> str:
    """Return what a month is called: November 2026."""
    return view.labels.say(MONTHS[first.month - 1], year=first.year)


def _most_a_day(days: list[list[Planned]]) -> int:
    """Return how many entries a day may show, so that the month shows no more than it may."""
    fits = (most for most in range(IN_A_DAY, 0, -1) if sum(min(len(day), most) for day in days) <= IN_A_MONTH)
    return next(fits, 0)


def _classes(day: date, entries: list[Planned], first: date, today: date) -> str:
    names = ["o"] if day.month != first.month else []
    names += ["today"] if day == today else []
    names += ["fz"] if any(one.what == "freeze" for one in entries) else []
    return f' class="{" ".join(names)}"' if names else ""


def _day(view: View, address: str, day: date, entries: list[Planned], most: int, classes: str) -> str:
    """Return a cell. A screen reader hears the whole date, and that it is today."""
    say = view.labels.say
    now = f'<span class="vh"> ({say("today")})</span>' if "today" in classes else ""
    bars = "".join(_bar(view, one) for one in [one for one in entries if one.what in _BARS][:BARS_A_DAY])
    records = [one for one in entries if one.what not in _BARS]
    items = "".join(_item(view, address, one) for one in records[:most])
    if len(records) > most:
        rest = say("and {count} more" if most else "{count} planned", count=len(records) - most)
        items += f'<li class="meta">{rest}</li>'
    listed = f"<ul>{items}</ul>" if items else ""
    return f'<td{classes}><span class="d"><span class="vh">{day:%Y-%m-}</span>{day.day}{now}</span>{bars}{listed}</td>'


_BARS = {"freeze": ("lock", FROZEN), "broadcast": ("note", PROTECTED)}
"""Entries that are no work but a time to keep away from: shape and words."""


_NAME = "\ue000"
"""Stands for a name until it is put in as HTML."""


def _bar(view: View, one: Planned) -> str:
    tone, words = _BARS[one.what]
    name = view.labels.own(one.title)  # in the language it was written in, whichever the words before it are in
    said = f'<span class="tx">{view.labels.say(words, what=_NAME).replace(_NAME, name)}</span>'
    return f'<span class="fzl st-{tone}"><span class="i" aria-hidden="true"></span>{said}</span>'


def _item(view: View, address: str, one: Planned) -> str:
    record = one.record
    state = view.labels.value(record.status, record.kind)
    return (
        f'<li class="st-{tone_of(record.status, record.kind)}"><a href="{href(address, page_of(record))}">'
        f'<span class="i" aria-hidden="true"></span><span class="vh">{state}: </span>'
        f'<span class="tx">{view.title(record)}</span></a></li>'
    )


def _key(view: View, planned: Mapping[date, list[Planned]]) -> str:
    """Return what the shapes of a month mean: those that are there."""
    entries = [one for day in planned.values() for one in day]
    states = {(one.record.status, one.record.kind) for one in entries if one.what not in _BARS}
    told = {status(tone_of(*state), view.labels.value(*state), "plain") for state in states}
    told |= {status("lock", view.labels.say("Freeze"), "plain") for one in entries if one.what == "freeze"}
    told |= {status("note", view.labels.say("Protected time"), "plain") for one in entries if one.what == "broadcast"}
    return f'<p class="key">{"".join(sorted(told))}</p>\n' if told else ""


# --- from month to month


def months_of(view: View, schedule: Sequence[Planned]) -> list[date]:
    """Return the first days of all months in which there is work, and of this month and the next, in order."""
    this = local_day(view.now, view.zone).replace(day=1)
    found = {this, month_after(this)}
    for one in schedule:
        if one.what in ("change", "release"):
            first = days_of(one, view.zone)[0].replace(day=1)
            if abs(_number(first) - _number(this)) <= NEAR:
                found.add(first)
    return sorted(found)


def _number(first: date) -> int:
    return first.year * 12 + first.month


def address_of_month(address: str, view: View, first: date) -> str:
    """Return where a month stands; address: the page of the calendar, which has this month and the next."""
    this = local_day(view.now, view.zone).replace(day=1)
    return address if first in (this, month_after(this)) else f"{address.removesuffix('.html')}-{first:%Y-%m}.html"


def beside_html(view: View, address: str, shown: Sequence[date], months: Sequence[date]) -> str:
    """Return the ways to the months before and after those that a page shows; nothing where there are none."""
    before = [one for one in months if one < shown[0]][-1:]
    after = [one for one in months if one > shown[-1]][:1]
    links = [
        f'<a rel="{rel}" href="{address_of_month(address, view, first).rpartition("/")[2]}">'
        f"{sign[0]}{month_title(view, first)}{sign[1]}</a>"
        for rel, sign, found in (("prev", ("← ", ""), before), ("next", ("", " →"), after))
        for first in found
    ]
    return f'<p class="meta beside">{" · ".join(links)}</p>\n' if links else ""
