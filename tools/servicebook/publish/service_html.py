"""What a service's page shows: how it stands now, whom to ask, what was promised, what is wrong, what is planned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from html import escape
from urllib.parse import quote

from servicebook.evidence.verification import Verification
from servicebook.publish.addresses import href
from servicebook.publish.bodies import Bodies
from servicebook.publish.calendar_files import calendar_of
from servicebook.publish.duty_html import on_duty_html
from servicebook.publish.elements import Column, facts, figure, link_list, rows, status
from servicebook.publish.feed_files import feed_of
from servicebook.publish.fields_html import Fields
from servicebook.publish.labels import TAGS
from servicebook.publish.links_html import newest
from servicebook.publish.record_lists import (
    changes_table,
    is_ahead,
    known_error_html,
    opened_at,
    tickets_table,
)
from servicebook.publish.review_html import review_html
from servicebook.publish.service_standing import standing_of
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.reports.attainment import attainment_of
from servicebook.reports.health import months_until
from servicebook.reports.ticket_outcomes import month_of
from servicebook.workflow.small_counts import shown_share

ABOVE = ("service_owner", "support_group", "support_hours", "agreements")
"""Fields that the strip below a service's title tells."""
BELOW = ("depends_on", "assets", "request_channels", "request_items", "runbooks", "review_on")
"""Fields that its sections tell."""


def service_strip(view: View, fields: Fields, service: Facts, address: str) -> str:
    """Return whom to turn to and what was promised, in one strip."""
    team = view.get("team", str(service.get("support_group", default="")))
    duty = on_duty_html(view, address, team) if team else ""
    told = [(view.labels.field(key), fields.text(key)) for key in ABOVE]
    told.insert(2, (view.labels.say("On duty"), duty))
    return facts([(term, html) for term, html in told if html], "strip")


def service_now(view: View, service: Facts, address: str) -> str:
    """Return how a service stands now: shape, word, and the record that says so."""
    standing = standing_of(view, service)
    why = f"<span>{view.link(address, standing.because)}</span>" if standing.because else ""
    since = f'<span class="meta">{opened_at(view, standing.because)}</span>' if standing.because else ""
    return f'<p class="now">{status(standing.tone, view.labels.say(standing.words))}{why}{since}</p>'


def service_html(
    view: View, bodies: Bodies, service: Facts, address: str, graph: str, approvals: Mapping[str, Verification]
) -> str:
    """Return the sections of a service's page that come from the records that name it; graph: its neighbourhood."""
    incidents = view.naming_open(service, "incident")
    known = [one for one in view.naming(service, "known_error") if one.status == "active"]
    changes = view.naming(service, "change")
    ahead = [one for one in changes if is_ahead(view, one)]
    recent = [one for one in newest(changes) if one.status in ("implemented", "closed")][:5]
    runbooks = {ref.target for ref in service.refs if ref.field[0] == "runbooks"}
    articles = sorted(view.naming(service, "article"), key=lambda one: (one.id not in runbooks, one.id))
    open_now = tickets_table(view, address, newest(incidents), of_service=False)
    listed = partial(changes_table, view, address, approvals=approvals, of_service=False)
    say = view.labels.say
    return "".join(
        [
            view.section("Promises this month", _attained(view, service), note=f"{view.now:%Y-%m}"),
            view.section("Open incidents", open_now or _calm(view), note=str(len(incidents) or "")),
            view.section("Known errors", "".join(known_error_html(view, bodies, address, one) for one in known),
                         note=say("Workaround first")),
            view.section("Changes ahead", listed(ahead), note=say("Next 30 days")),
            view.section("Recent changes", listed(recent)),
            view.section("Assets and dependencies", graph + _neighbours(view, service, address)),
            view.section("Articles", link_list([view.link(address, one) for one in articles])),
            view.section("How to ask", _how_to_ask(view, service)),
            view.section("Subscribe", _subscribe(view, service, address)),
            view.section("Review", review_html(view, str(service.get("review_on", default="")))),
        ]
    )  # fmt: skip


def _calm(view: View) -> str:
    return view.none("No open incidents.")


def _attained(view: View, service: Facts) -> str:
    """Return how often each clock was met this month, of the tickets that name the service."""
    since = months_until(view.now.date(), 2)[0]
    # Nobody gives notice after a ticket was opened: those of older months need not be read.
    some = view.may_name(service, "incident", "service_request")
    tickets = [one for one in some if (month_of(one.path) or since) >= since and view.names(one, service)]
    found = attainment_of(tickets, f"{view.now:%Y-%m}", lambda one: view.desk.clocks_of(one, view.now, view))
    lines = [
        (
            view.labels.value(one.clock), f"{one.met}&nbsp;/&nbsp;{one.met + one.missed}",
            figure(f"{one.share:.0f}", "%"),
            status("miss" if one.missed else "met", view.labels.say("{count} missed", count=one.missed))
            if one.missed else status("met", view.labels.say("All met")),
        )
        for one in found
        if shown_share(one.met, one.met + one.missed, view.desk.audience)
    ]  # fmt: skip
    heads = (Column("Clock", "f"), Column("Met", "n", named=True), Column("Share", "n"), "")
    return view.table(heads, lines) if lines else ""


def _neighbours(view: View, service: Facts, address: str) -> str:
    """Return what depends on a service and what it depends on, in words."""
    lead = view.labels.lead
    needed_by = [one for one, ref in view.referrers(service, "service") if ref.field[0] == "depends_on"]
    needs = [one for ref in service.refs if ref.field[0] == "depends_on" and (one := view.target(ref))]
    assets = [one for ref in service.refs if ref.field[0] == "assets" and (one := view.target(ref))]
    lines = [
        f'<span class="meta">{lead(words)}</span>' + " · ".join(_standing(view, address, one) for one in found)
        for words, found in (("Depends on it:", needed_by), ("It depends on:", needs))
        if found
    ]
    listed = link_list([f"{view.link(address, one)} {view.state_of(one)}" for one in assets])
    title = f"<h3>{view.labels.kinds('asset')}</h3>\n" if listed else ""
    return rows(lines) + title + listed


def _standing(view: View, address: str, service: Facts) -> str:
    standing = standing_of(view, service)
    word = "" if standing.how == "working" else f" {status(standing.tone, view.labels.say(standing.words), 'plain')}"
    return view.link(address, service) + word


def _subscribe(view: View, service: Facts, address: str) -> str:
    """Return the calendar of what is planned for a service, and the feed of what is new about it."""
    told = (("Calendar", calendar_of(service), ".ics"), ("News", feed_of(service), "Atom"))
    return link_list(
        [f'<a href="{href(address, target)}">{view.labels.say(word)} ({form})</a>' for word, target, form in told]
    )


def _how_to_ask(view: View, service: Facts) -> str:
    """Return the channels of a service, and what can be asked for; an address opens a letter about the service."""
    channels = [str(one) for one in service.get("request_channels", default=())]
    items = [str(one) for one in service.get("request_items", default=())]
    mail = next((one for one in channels if _MAIL.fullmatch(one)), "")
    own = view.labels.own
    ask = [_letters(view, service, mail, item, own(item)) if mail else own(item) for item in items]
    told = [
        ("Report a fault", rows([_letters(view, service, one, "", escape(one)) if _MAIL.fullmatch(one)
                                 else own(one) for one in channels])),
        ("Ask for", rows(ask)),
    ]  # fmt: skip
    return facts([(view.labels.say(term), html) for term, html in told if html], "ask")


_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _letters(view: View, service: Facts, address: str, about: str, html: str) -> str:
    """Return a letter about a service, named in its subject as each reader of the page calls it."""
    title = str(service.data.get("title") or service.id)
    names = {"en": title, "zh": str(service.data.get("title_zh") or title)}
    subjects = {one: ": ".join(filter(None, (names[one], about))) for one in view.labels.languages}
    if len(set(subjects.values())) == 1:
        return letter(address, next(iter(subjects.values())), html)
    return "".join(letter(address, subject, html, one) for one, subject in subjects.items())


def letter(address: str, subject: str, html: str, language: str = "") -> str:
    """Return a link that opens a letter with its subject filled in, for readers of one language where one is given.

    The subject is one line, whatever stands in a title: a second one might be taken for another head of the letter.
    Signs that turn the direction of writing are left out, which would show it as another.
    """
    line = " ".join(_TURNS.sub("", subject).split())
    shown = f' class="l" lang="{TAGS[language]}"' if language else ""
    return f'<a{shown} href="mailto:{quote(address, safe="@+")}?subject={quote(line)}">{html}</a>'


_TURNS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
