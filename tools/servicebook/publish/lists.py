"""The pages that gather records: home, service catalog, known errors, articles, open tickets, archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial

from servicebook import digest_of_code
from servicebook.publish.addresses import href
from servicebook.publish.api_files import file_of
from servicebook.publish.ask_html import ask
from servicebook.publish.cases_html import cases
from servicebook.publish.changes_html import changes
from servicebook.publish.dashboard_html import dashboard
from servicebook.publish.elements import Column, link_list, rows, section_of, status
from servicebook.publish.gathering import Gathering
from servicebook.publish.home_html import home
from servicebook.publish.inspections_html import inspections
from servicebook.publish.kept_rows import kept_rows
from servicebook.publish.labels import written
from servicebook.publish.links_html import newest
from servicebook.publish.made import Made, digest_of, stamp_of
from servicebook.publish.money_html import endings_table, parts_table
from servicebook.publish.month_grid import MONTHS
from servicebook.publish.on_call_html import on_call
from servicebook.publish.record_lists import (
    known_error_html,
    named_link,
    tickets_table,
)
from servicebook.publish.record_page import Page
from servicebook.publish.service_standing import standing_of
from servicebook.publish.subscriptions_html import month_as_json, subscriptions_table
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.kinds import KINDS

A_PAGE = 100
"""Rows of tickets on one page, which keeps it below 60 KB."""
LINKS = 160
"""Records with their state on one page, for the same reason."""
IN_FULL = 30
"""Known errors with their workaround on one page."""


def services(desk: Gathering, address: str) -> str:
    """Return the service catalog: each service with its promise, owner, hours and what is open."""
    view = desk.view
    found = []
    for one in view.of_kind("service"):
        standing = standing_of(view, one)
        known = [error for error in view.naming(one, "known_error") if error.status == "active"]
        promise = one.data.get("promise") or ""
        found.append(
            (
                f"{view.link(address, one)}<br>{written(promise, 'small')}" if promise else view.link(address, one),
                status(standing.tone, view.labels.say(standing.words)),
                view.labels.value(str(one.data.get("criticality") or "")),
                named_link(view, address, one, "service_owner"),
                named_link(view, address, one, "support_hours"),
                view.count(standing.incidents),
                view.count(len(known)),
            )
        )
    heads = (
        Column("Service", "f"), "Now", "Criticality", "Service owner", "Support hours",
        Column("Open incidents", "n", named=True), Column("Known errors", "n", named=True),
    )  # fmt: skip
    return view.table(heads, found) if found else view.none_yet("service")


def known_errors(desk: Gathering, address: str) -> str:
    """Return the known errors, workaround first; those still active before the others."""
    view = desk.view
    active = [one for one in view.of_kind("known_error") if one.status == "active"]
    others = [one for one in view.of_kind("known_error") if one.status != "active"]
    shown = "".join(known_error_html(view, desk.bodies, address, one) for one in newest(active)[:IN_FULL])
    shown += _more(view, address, "known_error", len(active) - IN_FULL)
    rest = rows([f"{view.link(address, one)} {view.state_of(one)}" for one in newest(others)[:IN_FULL]])
    rest += _more(view, address, "known_error", len(others) - IN_FULL)
    none = view.none() if others else view.none_yet("known_error")
    count = str(len(active) or "")
    return view.section("Not fixed yet", shown or none, note=count) + view.section("Fixed or retired", rest)


def articles(desk: Gathering, address: str) -> str:
    """Return the articles by what they are for."""
    view = desk.view
    groups: dict[str, list[Facts]] = {}
    for one in view.of_kind("article"):
        groups.setdefault(str(one.data.get("article_type") or ""), []).append(one)
    parts = []
    for kind, most in _shares(dict(sorted(groups.items())), LINKS):
        items = [f"{view.link(address, one)} {view.state_of(one)}" for one in groups[kind][:most]]
        title = view.labels.value(kind) or view.labels.say("Articles")
        html = link_list(items) + _more(view, address, "article", len(groups[kind]) - most)
        parts.append(section_of(title, html, kind or "other"))
    return "".join(parts) or view.none_yet("article")


def tickets(desk: Gathering, address: str) -> str:
    """Return the open tickets, a section a kind, the newest first; kinds of which none is open come last."""
    view = desk.view
    groups = {kind.name: newest(view.open_of_kind(kind.name)) for kind in KINDS if kind.ticket}
    parts = []
    for kind, most in _shares(groups, A_PAGE):
        members = groups[kind]
        html = tickets_table(view, address, members[:most]) + _more(view, address, kind, len(members) - most)
        parts.append(section_of(view.labels.kinds(kind), html, kind, view.count(len(members))))
    for kind, members in groups.items():
        if not members and next(view.of_kind(kind), None):  # the page of each ticket leads to the section of its kind
            words = view.labels.say("None is open: look at the closed ones")
            html = f'<p><a href="{href(address, "search.html")}?kind={kind}">{words}</a></p>\n'
            parts.append(section_of(view.labels.kinds(kind), html, kind))
    return "".join(parts) or view.none_yet("incident")


def records(desk: Gathering, address: str) -> str:
    """Return everything else that stays, by kind: assets, agreements, customers, people, ..."""
    view = desk.view
    groups = {
        kind.name: list(view.of_kind(kind.name))
        for kind in KINDS
        if not kind.dated and kind.name not in ("service", "known_error", "article")
    }
    parts = []
    for kind, most in _shares(groups, LINKS):
        members = groups[kind]
        items = [f"{view.link(address, one)} {view.state_of(one)}" for one in members[:most]]
        html = link_list(items) + _more(view, address, kind, len(members) - most)
        parts.append(section_of(view.labels.kinds(kind), html, kind, view.count(len(members))))
    return "".join(parts)


def _shares(groups: dict[str, list[Facts]], most: int) -> Iterator[tuple[str, int]]:
    """Yield the groups that have members, in order, with how many of each a page of `most` records shows.

    Small groups are shown whole; what they leave is shared by the large ones.
    """
    left, shares = most, {}
    waiting = sorted((name for name, members in groups.items() if members), key=lambda name: len(groups[name]))
    for place, name in enumerate(waiting):
        shares[name] = min(len(groups[name]), left // (len(waiting) - place))
        left -= shares[name]
    yield from ((name, shares[name]) for name in groups if name in shares)


def _more(view: View, address: str, kind: str, rest: int) -> str:
    """Return how many records of a kind a list leaves out, as a way to search among them; nothing for none."""
    if rest <= 0:
        return ""
    words = view.labels.say("and {count} more", count=rest)
    return f'<p class="more"><a href="{href(address, "search.html")}?kind={kind}">{words}</a></p>\n'


def archive(desk: Gathering, address: str) -> str:
    """Return the way into the archive: every month with its number of tickets."""
    view = desk.view
    years: dict[str, dict[str, int]] = {}
    for month, shelf in view.months.items():
        years.setdefault(month[:4], {})[month] = len(shelf.records)
    parts = []
    for year, months in sorted(years.items(), reverse=True):
        items = "".join(
            f'<li><a href="{href(address, f"tickets/{month[:4]}-{month[4:]}.html")}">{month[:4]}-{month[4:]}</a> '
            f'<span class="meta">{view.count(count)}</span></li>'
            for month, count in sorted(months.items(), reverse=True)
        )
        parts.append(section_of(year, f'<ul class="months">{items}</ul>\n', f"y{year}"))
    return "".join(parts) or view.none()


def parts(desk: Gathering, address: str) -> str:
    """Return what is in the stores."""
    return parts_table(desk.view, address) or desk.view.none_yet("part")


def renewals(desk: Gathering, address: str) -> str:
    """Return the contracts, and what runs out in the next 90 days."""
    view = desk.view
    contracts = [f"{view.link(address, one)} {view.state_of(one)}" for one in view.of_kind("contract")]
    calm = f"<p>{view.labels.say('Nothing runs out in the next 90 days.')}</p>"
    return view.section("Running out", endings_table(view, address) or calm) + view.section(
        "Contracts", rows(contracts)
    )


def subscriptions(desk: Gathering, address: str) -> str:
    """Return the calendars and feeds."""
    return subscriptions_table(desk.view, address)


LISTS: dict[str, Callable[[Gathering, str], str]] = {
    "home": home,
    "services": services,
    "known-errors": known_errors,
    "articles": articles,
    "tickets": tickets,
    "records": records,
    "archive": archive,
    "changes": changes,
    "on-call": on_call,
    "ask": ask,
    "inspections": inspections,
    "parts": parts,
    "renewals": renewals,
    "subscriptions": subscriptions,
    "dashboard": dashboard,
    "cases": cases,
}
"""What `list:` in the front matter of an ordinary page puts below its text."""


def archive_pages(view: View) -> Iterator[Made[Page]]:
    """Yield the archive's pages: every ticket of a month, open or closed, the newest first, in pages."""
    services = repr([(one.id, one.title, one.get("title_zh"), one.path) for one in view.of_kind("service")])
    terms = stamp_of(view, (), services, view.settings.priority_matrix, view.zone)
    shelves = {f"{month[:4]}-{month[4:]}": shelf for month, shelf in view.months.items()}
    months = {name: shelf.records for name, shelf in shelves.items()}
    # To sort a month and cut it into pages takes longer than to see that nothing of it moved.
    wanted = {name: shelf.stamp for name, shelf in shelves.items()}
    stamps_of = partial(_stamps_of_month, months, terms)
    kept = view.kept_at
    code = digest_of_code(("publish",))
    found = kept_rows(kept, "archive", terms + code, wanted, stamps_of, few=0) if kept else map(stamps_of, months)
    for (name, members), stamps in zip(months.items(), found, strict=True):
        addresses = [f"tickets/{name}{f'-{n}' if n > 1 else ''}.html" for n in range(1, len(stamps) + 1)]
        ordered = cache(partial(newest, members))
        files = cache(partial(_files_of, members))
        for number, stamp in enumerate(stamps):
            yield Made(addresses[number], stamp, partial(_archive_page, view, addresses, number, ordered, files))


def _stamps_of_month(months: Mapping[str, list[Facts]], terms: str, name: str) -> list[str]:
    """Return the stamps of the pages of a month."""
    ordered = newest(months[name])
    pages = [ordered[start : start + A_PAGE] for start in range(0, len(ordered), A_PAGE)]
    also = (terms, len(pages), _files_of(ordered))
    return [digest_of(*also, [(one.path, one.blob) for one in shown]) for shown in pages]


def _files_of(tickets: Iterable[Facts]) -> list[str]:
    """Return the JSON files that hold some tickets."""
    return sorted({file_of(one) for one in tickets})


def _archive_page(
    view: View,
    addresses: list[str],
    number: int,
    ordered: Callable[[], list[Facts]],
    files: Callable[[], list[str]],
) -> Page:
    address = addresses[number]
    shown = ordered()[number * A_PAGE :][:A_PAGE]
    name = address.removeprefix("tickets/")[: len("2026-11")]
    month, year = int(name[5:7]), name[:4]
    spoken = view.labels.say(MONTHS[month - 1], year=year)
    head, as_json = month_as_json(view, address, files())
    content = (
        f'<div class="head"><h1>{view.labels.say("Tickets")} · {spoken}</h1></div>\n'
        f"{tickets_table(view, address, shown)}{_pager(view, addresses, number)}{as_json}"
    )
    place = f" · {number + 1}" if len(addresses) > 1 else ""
    title = view.labels.text(MONTHS[month - 1], year=year) + place
    return Page(address, title, content, _trail(view, spoken + place), "archive.html", head)


def _trail(view: View, title: str) -> str:
    """Return the way to a month of the archive."""
    say = view.labels.say
    return (
        f'<li><a href="../index.html">{say("Home")}</a></li><li><a href="../archive.html">{say("Archive")}</a></li>'
        f'<li><span aria-current="page">{title}</span></li>'
    )


def _pager(view: View, addresses: list[str], current: int) -> str:
    if len(addresses) < 2:
        return ""
    items = "".join(
        f"<li><b>{n + 1}</b></li>" if n == current else f'<li><a href="{address.rpartition("/")[2]}">{n + 1}</a></li>'
        for n, address in enumerate(addresses)
    )
    heading = f'<h2 class="vh" id="pages">{view.labels.say("Pages")}</h2>'
    return f'<nav aria-labelledby="pages">{heading}<ol class="pages">{items}</ol></nav>\n'
