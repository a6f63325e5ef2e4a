"""What a ticket's page tells of time: its clocks, how each was counted, and what happened when."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import Any

from servicebook.publish.addresses import href, page_of
from servicebook.publish.fields_html import Fields
from servicebook.publish.labels import written
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.sla.status import ClockStatus

_EVENT_SHOWN_APART = {"at", "id", "event", "by", "note"}


def render_length(length: timedelta) -> str:
    """Return a length of working time as hours and minutes: 7:30, or -0:07."""
    seconds = int(length.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    rest = f":{seconds % 60:02d}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}{rest}"


def clocks_html(view: View, address: str, clocks: list[ClockStatus]) -> str:
    """Return the clocks of a ticket, the soonest due first, each with its segments folded below."""
    rows = [_clock(view, address, clock) for clock in sorted(clocks, key=_urgency)]
    return f'<div class="sb-clocks">\n{"".join(rows)}</div>\n' if rows else ""


def outcomes_html(view: View, address: str, facts: Facts, clocks: list[ClockStatus]) -> str:
    """Return the outcomes written when the ticket closed, as one table, unless the clocks say the same."""
    written_down = facts.data.get("sla") or {}
    states = {clock.name: clock.state for clock in clocks}
    told = (
        states.get(name) == outcome.get("outcome") and not outcome.get("cycles")
        for name, outcome in written_down.items()
    )
    if all(told):
        return ""
    rows = [
        (
            view.labels.value(name),
            view.state(ending.get("outcome", "")),
            view.instant(ending["due_at"]) if ending.get("due_at") else "",
            view.instant(ending["stopped_at"]) if ending.get("stopped_at") else "",
            _cited(view, address, "agreement", str(outcome.get("agreement", ""))),
        )
        for name, outcome in written_down.items()
        for ending in (*outcome.get("cycles", ()), outcome)
    ]
    return view.table(("Clock", "State", "Due", "Stopped", "Agreement"), rows) if rows else ""


def timeline_html(view: View, fields: Fields, facts: Facts) -> str:
    """Return the timeline, oldest first, as it was recorded."""
    items = [_event(view, fields, place, event) for place, event in enumerate(facts.timeline)]
    return f'<ol class="sb-timeline">\n{"".join(items)}</ol>\n' if items else ""


def _event(view: View, fields: Fields, place: int, event: dict[str, Any]) -> str:
    where = ("timeline", place)
    parts = [f"<b>{view.labels.value(str(event.get('event', '')))}</b>"]
    if event.get("by"):
        parts.append(fields.value((*where, "by"), event["by"]))
    for key, value in event.items():
        if key not in _EVENT_SHOWN_APART:
            shown = fields.value((*where, key), value)
            parts.append(f'<span class="sb-with"><span class="sb-key">{view.labels.field(key)}</span> {shown}</span>')
    note = written(str(event["note"]), "p", "sb-note") if event.get("note") else ""
    return f"<li>{view.instant(str(event.get('at', '')))}<div><p>{' '.join(parts)}</p>{note}</div></li>\n"


def _clock(view: View, address: str, clock: ClockStatus) -> str:
    facts = [("Started", view.instant(clock.started_at))] if clock.started_at else []
    if clock.original_due_at:
        facts.append(("First due", view.instant(clock.original_due_at)))
    if clock.due_at:
        facts.append(("Due", view.instant(clock.due_at)))
    if clock.stopped_at:
        facts.append(("Stopped", view.instant(clock.stopped_at)))
    if clock.state == "paused" and clock.remaining is not None:
        facts.append(("Left when it goes on", render_length(clock.remaining)))
    said = "".join(
        f'<span class="sb-with"><span class="sb-key">{view.labels.say(k)}</span> {v}</span>' for k, v in facts
    )
    reason = f" {view.labels.value(clock.reason)}" if clock.reason else ""
    return (
        f'<div class="sb-clock"><h3>{view.labels.value(clock.name)}</h3>'
        f"<p>{view.state(clock.state)}{reason} {said}</p>\n{_explained(view, address, clock)}</div>\n"
    )


def _explained(view: View, address: str, clock: ClockStatus) -> str:
    """Return the clock as segments that add up, folded; what still runs is not counted, for it moves."""
    lines = [_basis(view, address, clock)]
    if clock.trouble:
        lines.insert(0, f"<p>{view.labels.say(TROUBLES.get(clock.trouble, clock.trouble))}</p>")
    live = clock.stopped_at is None and clock.state in ("running", "paused", "missed")
    rows = []
    for place, segment in enumerate(clock.segments):
        going = live and place == len(clock.segments) - 1
        reason = f" · {view.labels.value(segment.reason)}" if segment.reason else ""
        kind = view.labels.value(segment.kind) + reason
        end = view.labels.say("goes on") if going else view.instant(segment.end)
        counted = render_length(segment.worked) if segment.kind == "running" and not going else ""
        elapsed = "" if going else render_length(segment.elapsed)
        rows.append((view.instant(segment.start), end, kind, elapsed, counted))
    if rows and not live:
        elapsed, worked = render_length(clock.elapsed), render_length(clock.worked)
        rows.append((f"<b>{view.labels.say('Sum')}</b>", "", "", f"<b>{elapsed}</b>", f"<b>{worked}</b>"))
    if rows:
        lines.insert(0, view.table(("From", "Until", "State", "Elapsed", "Counted"), rows, "sb-segments"))
    return f"<details><summary>{view.labels.say('How it is counted')}</summary>\n{''.join(lines)}</details>\n"


TROUBLES = {
    "no-hours": "It cannot be computed: the support hours of the agreement are not in this desk.",
    "no-within": "It cannot be computed: the agreement gives no time for this clock.",
    "no-travel": "It is an estimate: the site has no travel time.",
}
"""What `ClockStatus.trouble` means to readers."""


def _basis(view: View, address: str, clock: ClockStatus) -> str:
    """Return what the clock rests on: agreement, clause, hours, and whether the customer was promised it."""
    parts = []
    for cited, kind in ((clock.agreement, "agreement"), (clock.hours, "support_hours")):
        if cited:
            parts.append(f"{view.labels.field(kind)} {_cited(view, address, kind, cited)}")
    if clock.clause:
        parts.append(f"{view.labels.say('Clause')} {escape(clock.clause)}")
    parts.append(view.labels.value(clock.promise))
    return f'<p class="sb-meta">{" · ".join(parts)}</p>\n'


def _cited(view: View, address: str, kind: str, cited: str) -> str:
    """Return `slug@date` as a link to the page of what it cites; the title stays out, for pages do not follow it."""
    found = view.get(kind, cited.partition("@")[0])
    if found is None:
        return f'<span class="id">{escape(cited)}</span>'
    return f'<a class="id" href="{href(address, page_of(found))}">{escape(cited)}</a>'


def _urgency(clock: ClockStatus) -> tuple[int, str]:
    order = ("running", "missed", "paused", "not-started", "met", "cancelled")
    return (order.index(clock.state) if clock.state in order else len(order)), clock.name
