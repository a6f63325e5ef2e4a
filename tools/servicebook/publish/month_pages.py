"""The months of the change calendar beside the two that its own page shows: what was, and what is planned later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from html import escape

from servicebook.publish.approval_html import state_and_approval
from servicebook.publish.changes_html import SHOWN, planned_table
from servicebook.publish.elements import section_of
from servicebook.publish.gathering import Gathering
from servicebook.publish.made import Made, stamp_of
from servicebook.publish.month_grid import MONTHS, days_of, month_after
from servicebook.publish.month_html import address_of_month, beside_html, month_html, month_title, months_of
from servicebook.reports.schedule import Planned, schedule_of


def month_pages(desk: Gathering, address: str, fill: Callable[[str], bytes]) -> Iterator[Made[bytes]]:
    """Yield a page for each month that the page of the calendar (at `address`) does not show.

    fill: from what the page shows to the whole page.
    """
    view = desk.view
    schedule = [one for one in schedule_of(view) if one.what in SHOWN]
    months = months_of(view, schedule)
    frame = fill("")
    spans = [(one, *days_of(one, view.zone)) for one in schedule]
    for first in months:
        own = address_of_month(address, view, first)
        if own == address:
            continue
        after = month_after(first)
        touched = [one for one, begins, ends in spans if begins < after and ends >= first]
        judged = [state_and_approval(view, one.record, desk.approvals) for one in touched]
        told = [(one.record.path, one.part, str(one.start), str(one.end), one.standing) for one in touched]
        records = [*(one.record for one in touched), *view.of_kind("service")]
        stamp = stamp_of(view, records, frame, judged, told, [str(one) for one in months])
        yield Made(own, stamp, partial(_page, desk, address, first, months, touched, fill))


def _page(
    desk: Gathering,
    address: str,
    first: date,
    months: Sequence[date],
    touched: Sequence[Planned],
    fill: Callable[[str], bytes],
) -> bytes:
    view = desk.view
    own = address_of_month(address, view, first)
    beside = beside_html(view, address, [first], months)
    grid = month_html(view, own, first, touched)
    work = [one for one in touched if one.what in ("change", "release")]
    title = month_title(view, first)
    page = fill(
        beside
        + section_of(title, grid, f"month-{first:%Y-%m}", view.labels.say("Weeks begin on Monday"))
        + view.section("Changes", planned_table(desk, own, work), note=view.count(len(work)))
        + beside
    )
    return _named(page, address, title, view.labels.text(MONTHS[first.month - 1], year=first.year))


def _named(page: bytes, address: str, title: str, text: str) -> bytes:
    """Tell a month's page from the others in its title, its heading and the way to it; the frame is that of all."""
    own, named = address.rpartition("/")[2], page.decode()
    named = named.replace("<title>", f"<title>{escape(text)} · ", 1).replace("</h1>", f" · {title}</h1>", 1)
    way = rf'<li><a href="{escape(own)}">\1</a></li>\n<li><span aria-current="page">{title}</span></li>'
    return _HERE.sub(way, named, count=1).encode()


_HERE = re.compile('<li><span aria-current="page">(.*?)</span></li>')
