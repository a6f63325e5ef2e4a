"""The page of one record, whatever its kind: what it is, how it stands, what ties it to the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from servicebook.evidence.verification import Verification
from servicebook.publish.addresses import address_of, files_folder, href, page_of
from servicebook.publish.agreement_html import versions_html
from servicebook.publish.approval_html import approval_html, judged_to_be
from servicebook.publish.bodies import Bodies, split_body
from servicebook.publish.clocks_html import clocks_html, clocks_summary
from servicebook.publish.elements import rows, status
from servicebook.publish.fields_html import Fields
from servicebook.publish.graph_html import neighbourhood_html
from servicebook.publish.head_html import head_html, home_of, trail_html
from servicebook.publish.help_html import similar_html, workarounds_html
from servicebook.publish.history_html import history_html
from servicebook.publish.known_error_html import known_error_sections, known_now
from servicebook.publish.labels import main_language
from servicebook.publish.links_html import links_html
from servicebook.publish.money_html import money_sections
from servicebook.publish.neighbourhood import KINDS, neighbourhood_of
from servicebook.publish.papers_html import paper_now
from servicebook.publish.prose_html import body_sections, contents_html
from servicebook.publish.review_html import stale_html
from servicebook.publish.service_html import ABOVE, BELOW, service_html, service_now, service_strip
from servicebook.publish.ticket_html import outcomes_html, timeline_html, timeline_note
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.sla.status import ClockStatus

RenderArticle = Callable[[str, str], str]
"""From Markdown and the path of its file to HTML, by the renderer of the site's ordinary pages."""


class Page(NamedTuple):
    """A page without its frame: the title as plain text, the content as HTML.

    trail: the way to the page, as list items; below: the address of the list page that it belongs to; head: what the
    page adds to the frame's head.
    """

    address: str
    title: str
    content: str
    trail: str = ""
    below: str = ""
    head: str = ""


def record_page(
    view: View,
    bodies: Bodies,
    facts: Facts,
    data: bytes,
    clocks: list[ClockStatus],
    attachments: list[str],
    render_article: RenderArticle | None = None,
    approvals: Mapping[str, Verification] | None = None,
) -> Page:
    """Return the page of a record; `data` is its file, `attachments` the paths of its own folder's files.

    approvals: what the evidence for each change comes to, where the desk has rules for voting.
    """
    address = page_of(facts)
    fields = Fields(view, bodies, facts, address)
    render = render_article if render_article and facts.kind == "article" else bodies.render
    body = split_body(data)
    text = render(body, facts.path) if body.strip() else ""
    around = neighbourhood_of(view, facts) if facts.kind in KINDS else None
    graph = neighbourhood_html(view, address, around) if around else ""
    main = [
        view.section("Not in order", _broken(view, facts)),
        _lead(view, fields, facts, address),
        view.section("Workaround", workarounds_html(view, bodies, address, facts)),
        view.section("Approval", approval_html(view, address, judged_to_be(facts, approvals or {}))),
        view.section("Clocks", clocks_html(view, address, clocks), note=clocks_summary(view, clocks)),
        view.section("Outcomes at closing", outcomes_html(view, address, facts, clocks)),
        service_html(view, bodies, facts, address, graph, approvals or {}) if facts.kind == "service" else "",
        money_sections(view, facts, address),
        "" if facts.kind == "article" else body_sections(view, text, main_language(body)),
        fields.blocks(skip=LEADS.get(facts.kind, ())),
        view.section("What depends on what", graph if facts.kind == "asset" else ""),
        view.section("Timeline", timeline_html(view, fields, facts), note=timeline_note(view, facts)),
        view.section("Links", links_html(view, address, facts, around.steps if around else ())),
        view.section("Similar past incidents", similar_html(view, address, facts)),
        view.section("Attachments", _attachments(address, facts, attachments)),
        view.section("History", history_html(view, facts), note=view.labels.say("From Git")),
    ]
    if facts.kind == "service":
        content = _service(view, fields, facts, address, "".join(main))
    elif facts.kind == "article":
        content = _article(view, fields, facts, text, main_language(body), "".join(main))
    else:
        now = known_now(view, facts) if facts.kind == "known_error" else paper_now(view, facts)
        aside = facts_fold(view, fields.facts_list(skip=LEADS.get(facts.kind, ())), facts.kind in PAPERS)
        content = (
            f'<div class="railed">\n{head_html(view, address, facts, clocks, now)}'
            f'<aside class="rail">{aside}</aside>\n<div>\n{"".join(main)}</div>\n</div>\n'
        )
    title = facts.title if facts.id == facts.id.lower() else f"{facts.id} {facts.title}"
    return Page(address, title, content, trail_html(view, address, facts), home_of(facts.kind).address)


LEADS = {
    "known_error": ("workaround", "symptoms", "root_cause", "permanent_fix"),
    "service": ("description", *ABOVE, *BELOW),
    "agreement": ("versions",),
    "part": ("movements",),
}
"""Fields that stand first on the page of a kind."""


PAPERS = ("report", "survey", "meeting", "acceptance", "improvement")
"""Kinds that hold little beside their facts."""


def facts_fold(view: View, html: str, stays_open: bool = False) -> str:
    """Return facts that a telephone folds away where something more urgent is to come first there."""
    summary = view.labels.say("Facts")
    wide = "" if stays_open else ' data-wide="700"'
    return f'<details class="facts-fold"{wide} open><summary>{summary}</summary>{html}</details>'


def _service(view: View, fields: Fields, facts: Facts, address: str, sections: str) -> str:
    """Return a service's page: what it stands for and how it stands across the page, then its sections."""
    more = view.section("Facts", fields.facts_list(skip=LEADS["service"]))
    strip = service_strip(view, fields, facts, address)
    return f"{head_html(view, address, facts, [], service_now(view, facts, address))}{strip}{sections}{more}"


def _article(view: View, fields: Fields, facts: Facts, text: str, language: str, rest: str) -> str:
    """Return an article: facts at its side, its headings beside it, its text to be read in peace."""
    head = head_html(view, page_of(facts), facts, [])
    return (
        f"{head}{stale_html(view, facts)}"
        f'<div class="art">\n<aside class="side">{facts_fold(view, fields.facts_list())}</aside>\n'
        f"{contents_html(view, text, language)}"
        f'<article class="prose" lang="{language}">{text}</article>\n</div>\n{rest}'
    )


def _broken(view: View, facts: Facts) -> str:
    """Return that a file cannot be read as its kind has it, and how to learn why; nothing where it can."""
    if not facts.data.get("$broken"):
        return ""
    why = view.labels.say("The file of this record is not in order; until it is mended, only title and text are shown.")
    how = f"{view.labels.lead('What is wrong:')}<code>servicebook check</code>"
    return f'<p>{status("miss", why, "long")}</p>\n<p class="meta">{how}</p>\n'


def _lead(view: View, fields: Fields, facts: Facts, address: str) -> str:
    """Return what stands first: the workaround of a known error, the description of a service."""
    if facts.kind == "known_error":
        return known_error_sections(view, fields, facts, address)
    if facts.kind == "service":
        return view.section("What it is", fields.text("description"))
    if facts.kind == "agreement":
        return versions_html(view, fields, facts)
    return ""


def _attachments(address: str, facts: Facts, attachments: list[str]) -> str:
    folder = files_folder(facts.path)
    return rows(
        [f'<a href="{href(address, address_of(path))}">{escape(path[len(folder) :])}</a>' for path in attachments]
    )
