"""The page of one record, whatever its kind: what it is, how it stands, what ties it to the rest."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from servicebook.evidence.verification import Verification
from servicebook.publish.addresses import address_of, files_folder, href, page_of
from servicebook.publish.approval_html import approval_html
from servicebook.publish.bodies import Bodies, split_body
from servicebook.publish.fields_html import Fields
from servicebook.publish.labels import language_of
from servicebook.publish.links_html import links_html
from servicebook.publish.money_html import money_sections
from servicebook.publish.service_html import service_html
from servicebook.publish.ticket_html import clocks_html, outcomes_html, timeline_html
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.sla.status import ClockStatus
from servicebook.workflow.lifecycles import LIFECYCLES

RenderArticle = Callable[[str, str], str]
"""From Markdown and the path of its file to HTML, by the renderer of the site's ordinary pages."""


class Page(NamedTuple):
    """A page without its frame: the title as plain text, the content as HTML."""

    address: str
    title: str
    content: str


def record_page(
    view: View,
    bodies: Bodies,
    facts: Facts,
    data: bytes,
    clocks: list[ClockStatus],
    attachments: list[str],
    render_article: RenderArticle | None = None,
    approval: Verification | None = None,
) -> Page:
    """Return the page of a record; `data` is its file, `attachments` the paths of its own folder's files.

    approval: what the evidence for a change comes to, where the desk has rules for voting.
    """
    address = page_of(facts)
    fields = Fields(view, bodies, facts, address)
    render = render_article if render_article and facts.kind == "article" else bodies.render
    body = split_body(data)
    main = [
        _lead(view, fields, facts),
        view.section("Approval", approval_html(view, address, approval)),
        view.section("Clocks", clocks_html(view, address, clocks)),
        view.section("Outcomes at closing", outcomes_html(view, address, facts, clocks)),
        service_html(view, bodies, facts, address) if facts.kind == "service" else "",
        money_sections(view, facts, address),
        f'<div class="sb-body" lang="{language_of(body)}">{render(body, facts.path)}</div>\n' if body.strip() else "",
        fields.blocks(skip=LEADS.get(facts.kind, ())),
        view.section("Timeline", timeline_html(view, fields, facts)),
        view.section("Links", links_html(view, address, facts)),
        view.section("Attachments", _attachments(address, facts, attachments)),
    ]
    content = (
        f'<div class="sb-record sb-{facts.kind}">\n{_head(view, facts, clocks)}'
        f'<div class="sb-rail"><aside class="sb-side">{fields.facts_list()}</aside>\n'
        f'<div class="sb-main">\n{"".join(main)}</div></div>\n</div>\n'
    )
    title = facts.title if facts.id == facts.id.lower() else f"{facts.id} {facts.title}"
    return Page(address, title, content)


LEADS = {"known_error": ("workaround", "symptoms"), "service": ("description",)}
"""Fields that stand first on the page of a kind."""


def _head(view: View, facts: Facts, clocks: list[ClockStatus]) -> str:
    shown = [view.state_of(facts)]
    if facts.kind in LIFECYCLES and view.is_open(facts):
        due = [clock for clock in clocks if clock.state == "running" and clock.due_at]
        shown += [
            f'<span class="sb-with">{view.labels.value(clock.name)} '
            f'<span class="sb-key">{view.labels.say("due")}</span> {view.instant(clock.due_at or "")}</span>'
            for clock in due
        ]
    if priority := view.priority_of(facts):
        shown.insert(0, f'<span class="sb-badge">{escape(priority)}</span>')
    if "major_incident" in facts.events:
        shown.insert(0, f'<span class="sb-badge">{view.labels.value("major_incident")}</span>')
    other = facts.data.get("title_zh") or ""
    second = f'<p class="sb-other" lang="zh-Hans">{escape(other)}</p>' if other and other != facts.title else ""
    return (
        f'<header class="sb-head"><p class="sb-over"><span class="id">{escape(facts.id)}</span> '
        f"<span>{view.labels.kind(facts.kind)}</span></p>\n"
        f'<h1 lang="{language_of(facts.title)}">{escape(facts.title or facts.id)}</h1>{second}\n'
        f'<p class="sb-now">{" ".join(filter(None, shown))}</p></header>\n'
    )


def _lead(view: View, fields: Fields, facts: Facts) -> str:
    """Return what stands first: the workaround of a known error, the description of a service."""
    if facts.kind == "known_error":
        workaround = fields.text("workaround") or f"<p>{view.labels.say('There is no workaround yet.')}</p>"
        symptoms = fields.text("symptoms")
        return (
            f'<section class="sb-sec sb-workaround"><h2 id="workaround">{view.labels.say("Workaround")}</h2>'
            f'<div class="sb-copied">{workaround}</div></section>\n' + view.section("Symptoms", symptoms)
        )
    if facts.kind == "service":
        return f'<div class="sb-lede">{fields.text("description")}</div>\n'
    return ""


def _attachments(address: str, facts: Facts, attachments: list[str]) -> str:
    folder = files_folder(facts.path)
    items = "".join(
        f'<li><a href="{href(address, address_of(path))}">{escape(path[len(folder) :])}</a></li>'
        for path in attachments
    )
    return f'<ul class="sb-list">{items}</ul>' if items else ""
