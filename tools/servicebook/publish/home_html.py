"""The home page: what matters now. Services worst first, clocks soonest first, who is on duty, what is planned."""

from __future__ import annotations

from html import escape

from servicebook.publish.addresses import href, page_of
from servicebook.publish.duty_html import on_duty_html
from servicebook.publish.elements import Column, due, facts, record_id, rows
from servicebook.publish.gathering import Gathering
from servicebook.publish.labels import written
from servicebook.publish.links_html import newest
from servicebook.publish.record_lists import changes_table, is_ahead, opened_at, tickets_table
from servicebook.publish.service_standing import ORDER, Standing, standing_of
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.reports.duty import teams_on_duty
from servicebook.sla.status import ClockStatus

MOST_CHANGES = 30
SOONEST = 12
"""So many clocks and incidents stand on the home page."""


def home(desk: Gathering, address: str) -> str:
    """Return what matters now."""
    view = desk.view
    standings = sorted(
        ((standing_of(view, one), one) for one in view.of_kind("service") if one.status != "retired"),
        key=lambda item: (ORDER.index(item[0].tone), item[1].id),
    )
    incidents = newest(view.open_of_kind("incident"))
    major = [one for one in incidents if "major_incident" in one.events]
    planned = (one for one in view.of_kind("change") if is_ahead(view, one))
    ahead = sorted(planned, key=lambda one: str(one.get("planned_start_at", default="")))[:MOST_CHANGES]
    known = [one for one in view.of_kind("known_error") if one.status == "active"]
    waiting = _waiting(desk)
    say = view.labels.say
    calm = view.none("No open incidents.")
    return _headline(view, standings, waiting) + "".join(
        [
            view.section("Service status", _grid(view, address, standings), note=say("Worst first")),
            view.section("Major incidents", _major(view, address, major)),
            view.section("Clocks, the soonest first", _soonest(desk, address, waiting)),
            view.section("Open incidents", tickets_table(view, address, incidents[:SOONEST]) or calm,
                         note=view.count(len(incidents)) if incidents else ""),
            view.section("Changes ahead", changes_table(view, address, ahead, desk.approvals),
                         note=say("Next 30 days")),
            view.section("On duty", _teams(view, address), note=f"{view.now:%H:%M}"),
            view.section("Known errors", rows([_known_line(view, address, one) for one in known[:SOONEST]])),
            view.section("Files that cannot be read", _unreadable(desk)),
        ]
    )  # fmt: skip


Waiting = list[tuple[ClockStatus, Facts]]
"""Clocks that run or are over and not stopped, each with its ticket, the soonest due first."""


def _headline(view: View, standings: list[tuple[Standing, Facts]], waiting: Waiting) -> str:
    """Return the page's first sentence: how many services are not as they should be, and what is due next."""
    say, count = view.labels.say, len(standings)
    tones = [standing.tone for standing, _ in standings]
    told = [
        say(text, number=tones.count(tone), count=count)
        for tone, text in (("bad", "Severe fault: {number} of {count} services"),
                           ("warn", "Degraded: {number} of {count} services"))
        if tones.count(tone)
    ]  # fmt: skip
    # Others see the faults that were published to them, which need not be all there are.
    fine = say("No open fault is shown here") if is_outer(view.desk.audience) else ""
    title = told[0] if told else fine or say("All {count} services are working", count=count)
    late = sum(clock.state == "missed" for clock, _ in waiting)
    after = [f"<span>{one}</span>" for one in told[1:]]
    if number := view.count(late):
        after.append(f"<span>{say('Clocks over their target: {count}', count=number)}</span>")
    if soon := next((clock for clock, _ in waiting if clock.state == "running" and clock.due_at), None):
        after.append(f"<span>{say('Next due')} {due(soon.due_at or '', view.zone)}</span>")
    after.append(f'<span><a href="{href("index.html", "ask.html")}">{say("How to ask")}</a></span>')
    return f'<div class="head"><h1>{title}</h1><p class="lede now">{"".join(after)}</p></div>\n'


def _grid(view: View, address: str, standings: list[tuple[Standing, Facts]]) -> str:
    items = "".join(
        f'<li class="st-{standing.tone}"><span class="i" aria-hidden="true"></span>'
        f'<div><a href="{href(address, page_of(one))}">{view.title(one)}</a>'
        f'<p class="meta"><b class="st-{standing.tone}">{view.labels.say(standing.words)}</b>'
        f"{_because(view, address, standing)}</p></div></li>\n"
        for standing, one in standings
    )
    return f'<ul class="grid12">\n{items}</ul>\n' if items else ""


def _because(view: View, address: str, standing: Standing) -> str:
    why = standing.because
    if why is None:
        return ""
    return f" {opened_at(view, why)} {record_id(why.id, href(address, page_of(why)))}"


def _major(view: View, address: str, major: list[Facts]) -> str:
    lines = [
        f'<p class="meta">{record_id(one.id, href(address, page_of(one)))} · {view.priority_of(one)} · '
        f"{opened_at(view, one)} · {view.state_of(one)}</p>"
        f'<h3><a href="{href(address, page_of(one))}">{view.title(one)}</a></h3>'
        for one in major
    ]
    return rows(lines)


def _waiting(desk: Gathering) -> Waiting:
    found = [
        (clock.due_at, clock, desk.view.records[path])
        for path, clocks in desk.clocks.items()
        for clock in clocks
        if clock.due_at and clock.stopped_at is None and clock.state in ("running", "missed")
    ]
    found.sort(key=lambda item: (item[0], item[2].id, item[1].name))
    return [(clock, facts) for _, clock, facts in found]


def _soonest(desk: Gathering, address: str, waiting: Waiting) -> str:
    """Return the clocks that run, the soonest due first; overdue ones are the first of all."""
    view = desk.view
    lines = [
        (due(clock.due_at or "", view.zone), view.labels.value(clock.name), escape(view.priority_of(one)),
         view.link(address, one), view.state(clock.state))
        for clock, one in waiting[:SOONEST]
    ]  # fmt: skip
    if not lines:
        return view.none("No clock is running.")
    return view.table((Column("Due", "a"), "Clock", "Priority", "Record", "State"), lines, "soon")


def _teams(view: View, address: str) -> str:
    on = [(view.link(address, team), on_duty_html(view, address, team)) for team in teams_on_duty(view)]
    return facts([(name, html or view.labels.say("Nobody")) for name, html in on])


def _known_line(view: View, address: str, known: Facts) -> str:
    workaround = str(known.data.get("workaround") or "").strip().split("\n")[0]
    return f'{view.link(address, known)}{written(workaround, "p", "meta")}'


def _unreadable(desk: Gathering) -> str:
    lines = [(record_id(path), message) for path, message in desk.unreadable]
    return desk.view.table((Column("File", "f"), "What is wrong"), lines) if lines else ""
