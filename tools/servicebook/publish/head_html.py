"""The head of a record's page: the way to it, what it is called, how it stands now."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from servicebook.publish.addresses import href, page_of
from servicebook.publish.clocks_html import clock_name
from servicebook.publish.elements import badge, due, record_id
from servicebook.publish.labels import language_of
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.kinds import KINDS
from servicebook.reports.ticket_outcomes import month_of
from servicebook.sla.status import ClockStatus
from servicebook.workflow.lifecycles import LIFECYCLES


class Home(NamedTuple):
    """The list page that a record belongs to: its address and what it is called."""

    address: str
    title: str


HOMES = {
    "service": Home("services.html", "Services"),
    "known_error": Home("known-errors.html", "Known errors"),
    "article": Home("articles.html", "Articles"),
}
_TICKETS, _RECORDS = Home("tickets.html", "Open tickets"), Home("records.html", "Records")
_ARCHIVE = Home("archive.html", "Archive")
_TICKET, _DATED = ({kind.name for kind in KINDS if kind.ticket}, {kind.name for kind in KINDS if kind.dated})


def home_of(kind: str) -> Home:
    """Return the list page of a kind of record."""
    return HOMES.get(kind) or (_TICKETS if kind in _TICKET else _ARCHIVE if kind in _DATED else _RECORDS)


def trail_html(view: View, address: str, facts: Facts) -> str:
    """Return the way to a record's page, as list items: home, its list (of what is closed, its month), itself."""
    last = facts.id if facts.id != facts.id.lower() else facts.title or facts.id
    shown = view.title(facts) if last != facts.id else escape(last)
    closed = "" if view.is_open(facts) or home_of(facts.kind) != _TICKETS else month_of(facts.path)
    return f'{view.piece(_way_to, address, facts.kind, closed)}<li><span aria-current="page">{shown}</span></li>'


def _way_to(view: View, address: str, kind: str, closed: str) -> str:
    """Return the way to the pages of a kind: home, its list; of papers, which have none, the search for them.

    closed: the month of a ticket on which no work is due any more, else "".
    """
    home, say = _ARCHIVE if closed else home_of(kind), view.labels.say
    at = href(address, home.address)
    between = f'<li><a href="{at}">{say(home.title)}</a></li>'
    if closed:
        between += f'<li><a href="{href(address, f"tickets/{closed}.html")}">{closed}</a></li>'
    elif home in (_TICKETS, _RECORDS):
        between += f'<li><a href="{at}#{kind}">{view.labels.kinds(kind)}</a></li>'
    elif home == _ARCHIVE:
        between += f'<li><a href="{href(address, "search.html")}?kind={kind}">{view.labels.kinds(kind)}</a></li>'
    return f'<li><a href="{href(address, "index.html")}">{say("Home")}</a></li>{between}'


def head_html(view: View, address: str, facts: Facts, clocks: list[ClockStatus], now: str = "") -> str:
    """Return what a page begins with: id and kind, title, state, and what of its clocks is due next.

    now: a line of HTML in place of the state, for kinds whose state tells little.
    """
    over = [record_id(facts.id), f"<span>{view.labels.kind(facts.kind)}</span>"]
    if facts.kind != "service":
        over += _service(view, address, facts)
    if "major_incident" in facts.events:
        over.insert(2, badge(view.labels.value("major_incident"), "bad"))
    if priority := view.priority_of(facts):
        over.insert(2, badge(view.labels.value(priority)))
    lede = _promise(facts)
    if not now:
        shown = [view.state_of(facts), *_due_next(view, facts, clocks)]
        now = f'<p class="now">{"".join(filter(None, shown))}</p>'
    return (
        f'<div class="head"><p class="over">{"".join(over)}</p>\n<h1>{title_html(view, facts)}</h1>\n{lede}'
        f"{now}</div>\n"
    )


def title_html(view: View, facts: Facts) -> str:
    """Return a record's title in each language that it has one in."""
    return view.title(facts)


def _service(view: View, address: str, facts: Facts) -> list[str]:
    """Return a link to the service that a record is about, where it is about one."""
    ref = next((ref for ref in facts.refs if ref.field[0] in ("service", "services")), None)
    target = view.target(ref) if ref else None
    return [f'<a href="{href(address, page_of(target))}">{view.title(target)}</a>'] if target else []


def _promise(facts: Facts) -> str:
    promise = str(facts.data.get("promise") or "") if facts.kind == "service" else ""
    return f'<p class="lede" lang="{language_of(promise)}">{escape(promise)}</p>\n' if promise else ""


def _due_next(view: View, facts: Facts, clocks: list[ClockStatus]) -> list[str]:
    """Return the running clocks of an open ticket, the soonest due first, each with its time."""
    if facts.kind not in LIFECYCLES or not view.is_open(facts):
        return []
    running = [(clock.due_at, clock.name) for clock in clocks if clock.state == "running" and clock.due_at]
    return [
        f'<span class="with">{clock_name(view, name)} <span class="meta">{view.labels.say("due")}</span> '
        f"{due(at, view.zone)}</span>"
        for at, name in sorted(running)
    ]
