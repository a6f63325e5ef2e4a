"""The pages that gather records: home, service catalog, known errors, articles, open tickets, archive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

from servicebook.publish.addresses import href
from servicebook.publish.bodies import Bodies
from servicebook.publish.links_html import newest
from servicebook.publish.money_html import endings_table, parts_table
from servicebook.publish.record_page import Page
from servicebook.publish.service_html import (
    bullet_list,
    changes_table,
    is_ahead,
    known_error_html,
    named_link,
    tickets_table,
)
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.kinds import KINDS
from servicebook.sla.status import ClockStatus

SOONEST = 20
A_PAGE = 200
"""Rows of one archive page, which keeps it near 60 KB."""

_DATED = re.compile(r"/(\d{4})/(\d{2})/[^/]+$")
"""The year and month that a ticket's file lies in; its id says the same, or there is a finding."""

Clocks = dict[str, list[ClockStatus]]
"""The clocks of open tickets, by path."""


class Gathering(NamedTuple):
    """What lists are made from."""

    view: View
    bodies: Bodies
    clocks: Clocks
    unreadable: list[tuple[str, str]]
    """Files that hold no readable record: path, and what is wrong as plain text."""


def home(desk: Gathering, address: str) -> str:
    """Return what matters now: clocks soonest, open incidents, changes ahead, known errors."""
    view = desk.view
    incidents = newest(one for one in view.of_kind("incident") if view.is_open(one))
    ahead = [one for one in view.of_kind("change") if is_ahead(view, one)]
    known = [one for one in view.of_kind("known_error") if one.status == "active"]
    calm = f"<p>{view.labels.say('No open incidents.')}</p>"
    return "".join(
        [
            view.section("Clocks, the soonest first", _soonest(desk, address)),
            view.section("Open incidents", tickets_table(view, address, incidents[:SOONEST]) or calm),
            view.section("Changes ahead", changes_table(view, address, ahead)),
            view.section("Known errors", bullet_list([_known_line(view, address, one) for one in known[:SOONEST]])),
            view.section("Files that cannot be read", _unreadable(desk)),
        ]
    )


def services(desk: Gathering, address: str) -> str:
    """Return the service catalog: each service with its promise, owner, hours and what is open."""
    view = desk.view
    rows = []
    for one in view.of_kind("service"):
        open_now = [ticket for ticket in view.naming(one, "incident") if view.is_open(ticket)]
        known = [error for error in view.naming(one, "known_error") if error.status == "active"]
        promise = one.data.get("promise") or ""
        rows.append(
            (
                f"{view.link(address, one)}<br><small>{escape(promise)}</small>"
                if promise
                else view.link(address, one),
                view.state_of(one),
                view.labels.value(str(one.data.get("criticality") or "")),
                named_link(view, address, one, "service_owner"),
                named_link(view, address, one, "support_hours"),
                str(len(open_now)),
                str(len(known)),
            )
        )
    heads = ("Service", "State", "Criticality", "Service owner", "Support hours", "Open incidents", "Known errors")
    return view.table(heads, rows, "sb-services")


def known_errors(desk: Gathering, address: str) -> str:
    """Return the known errors, workaround first; those still active before the others."""
    view = desk.view
    active = [one for one in view.of_kind("known_error") if one.status == "active"]
    others = [one for one in view.of_kind("known_error") if one.status != "active"]
    shown = "".join(known_error_html(view, desk.bodies, address, one) for one in newest(active))
    rest = bullet_list([f"{view.link(address, one)} {view.state_of(one)}" for one in newest(others)])
    return (shown or f"<p>{view.labels.say('There are none.')}</p>") + view.section("Fixed or retired", rest)


def articles(desk: Gathering, address: str) -> str:
    """Return the articles by what they are for."""
    view = desk.view
    groups: dict[str, list[Facts]] = {}
    for one in view.of_kind("article"):
        groups.setdefault(str(one.data.get("article_type") or ""), []).append(one)
    parts = []
    for kind in sorted(groups):
        items = [f"{view.link(address, one)} {view.state_of(one)}" for one in groups[kind]]
        parts.append(
            f'<section class="sb-sec"><h2 id="{escape(kind)}">{view.labels.value(kind)}</h2>\n'
            f"{bullet_list(items)}</section>"
        )
    return "".join(parts) or f"<p>{view.labels.say('There are none.')}</p>"


def tickets(desk: Gathering, address: str) -> str:
    """Return the open tickets, a section a kind."""
    view = desk.view
    parts = []
    for kind in KINDS:
        if kind.ticket and (members := newest(one for one in view.of_kind(kind.name) if view.is_open(one))):
            parts.append(
                f'<section class="sb-sec"><h2 id="{kind.name}">{view.labels.kinds(kind.name)} '
                f'<span class="sb-count">{len(members)}</span></h2>\n'
                f"{tickets_table(view, address, members)}</section>\n"
            )
    return "".join(parts) or f"<p>{view.labels.say('There are none.')}</p>"


def records(desk: Gathering, address: str) -> str:
    """Return everything else that stays, by kind: assets, agreements, customers, people, ..."""
    view = desk.view
    parts = []
    for kind in KINDS:
        if kind.dated or kind.name in ("service", "known_error", "article"):
            continue
        if members := list(view.of_kind(kind.name)):
            items = [f"{view.link(address, one)} {view.state_of(one)}" for one in members]
            parts.append(
                f'<section class="sb-sec"><h2 id="{kind.name}">{view.labels.kinds(kind.name)} '
                f'<span class="sb-count">{len(members)}</span></h2>\n{bullet_list(items)}</section>\n'
            )
    return "".join(parts)


def archive(desk: Gathering, address: str) -> str:
    """Return the way into the archive: every month with its number of tickets."""
    view = desk.view
    years: dict[str, dict[str, int]] = {}
    for month, members in _months(view).items():
        years.setdefault(month[:4], {})[month] = len(members)
    parts = []
    for year, months in sorted(years.items(), reverse=True):
        items = "".join(
            f'<li><a href="{href(address, f"tickets/{month[:4]}-{month[4:]}.html")}">{month[:4]}-{month[4:]}</a> '
            f'<span class="sb-count">{count}</span></li>'
            for month, count in sorted(months.items(), reverse=True)
        )
        parts.append(
            f'<section class="sb-sec"><h2 id="y{year}">{year}</h2><ul class="sb-months">{items}</ul></section>\n'
        )
    return "".join(parts) or f"<p>{view.labels.say('There are none.')}</p>"


def parts(desk: Gathering, address: str) -> str:
    """Return what is in the stores."""
    return parts_table(desk.view, address) or f"<p>{desk.view.labels.say('There are none.')}</p>"


def renewals(desk: Gathering, address: str) -> str:
    """Return the contracts, and what runs out in the next 90 days."""
    view = desk.view
    contracts = [f"{view.link(address, one)} {view.state_of(one)}" for one in view.of_kind("contract")]
    calm = f"<p>{view.labels.say('Nothing runs out in the next 90 days.')}</p>"
    return view.section("Running out", endings_table(view, address) or calm) + view.section(
        "Contracts", bullet_list(contracts)
    )


LISTS: dict[str, Callable[[Gathering, str], str]] = {
    "home": home,
    "services": services,
    "known-errors": known_errors,
    "articles": articles,
    "tickets": tickets,
    "records": records,
    "archive": archive,
    "parts": parts,
    "renewals": renewals,
}
"""What `list:` in the front matter of an ordinary page puts below its text."""


def archive_pages(view: View) -> Iterator[Page]:
    """Yield the archive's pages: every ticket of a month, open or closed, the newest first, in pages."""
    for month, members in _months(view).items():
        ordered = newest(members)
        name = f"{month[:4]}-{month[4:]}"
        pages = [ordered[start : start + A_PAGE] for start in range(0, len(ordered), A_PAGE)]
        addresses = [f"tickets/{name}{f'-{n}' if n > 1 else ''}.html" for n in range(1, len(pages) + 1)]
        for number, (address, shown) in enumerate(zip(addresses, pages, strict=True)):
            content = (
                f'<div class="sb-record"><header class="sb-head"><p class="sb-over">'
                f'<a href="../archive.html">{view.labels.say("Archive")}</a></p><h1>{name}</h1></header>\n'
                f"{tickets_table(view, address, shown)}{_pager(view, addresses, number)}</div>\n"
            )
            yield Page(address, f"{name} {number + 1}" if len(pages) > 1 else name, content)


def _pager(view: View, addresses: list[str], current: int) -> str:
    if len(addresses) < 2:
        return ""
    items = "".join(
        f"<li><b>{n + 1}</b></li>" if n == current else f'<li><a href="{address.rpartition("/")[2]}">{n + 1}</a></li>'
        for n, address in enumerate(addresses)
    )
    return f'<nav><h2 class="sb-quiet">{view.labels.say("Pages")}</h2><ol class="sb-pages">{items}</ol></nav>\n'


def _months(view: View) -> dict[str, list[Facts]]:
    """Return all records below tickets/ by month (YYYYMM), the newest first."""
    months: dict[str, list[Facts]] = {}
    for kind in KINDS:
        if kind.dated:
            for facts in view.of_kind(kind.name):
                if dated := _DATED.search(facts.path):
                    months.setdefault(dated[1] + dated[2], []).append(facts)
    return dict(sorted(months.items(), reverse=True))


def _soonest(desk: Gathering, address: str) -> str:
    """Return the clocks that run, the soonest due first; overdue ones are the first of all."""
    view = desk.view
    running = [
        (clock.due_at, clock, view.records[path])
        for path, clocks in desk.clocks.items()
        for clock in clocks
        if clock.due_at and clock.stopped_at is None and clock.state in ("running", "missed")
    ]
    running.sort(key=lambda item: (item[0], item[2].id))
    rows = [
        (view.instant(due), view.labels.value(clock.name), view.link(address, facts), view.state(clock.state))
        for due, clock, facts in running[:SOONEST]
    ]
    if not rows:
        return f"<p>{view.labels.say('No clock is running.')}</p>"
    return view.table(("Due", "Clock", "Record", "State"), rows)


def _known_line(view: View, address: str, facts: Facts) -> str:
    workaround = str(facts.data.get("workaround") or "").strip().split("\n")[0]
    return f"{view.link(address, facts)}<br><small>{escape(workaround)}</small>"


def _unreadable(desk: Gathering) -> str:
    if not desk.unreadable:
        return ""
    rows = [(f'<span class="id">{escape(path)}</span>', message) for path, message in desk.unreadable]
    return desk.view.table(("File", "What is wrong"), rows)
