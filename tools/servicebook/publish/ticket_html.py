"""What a ticket's page tells of its life: what happened when, and how its clocks ended when it closed."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from servicebook.publish.clocks_html import cited_link, clock_name
from servicebook.publish.elements import local_iso
from servicebook.publish.fields_html import Fields
from servicebook.publish.labels import written
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.sla.status import ClockStatus

_EVENT_SHOWN_APART = {"at", "id", "event", "by", "note"}

SHAPES = {
    "opened": "ring", "acknowledged": "met", "resolved": "met", "closed": "met", "approved": "seal",
    "plan_approved": "seal", "paused": "pause", "resumed": "run", "reopened": "run", "escalated": "up",
    "major_incident": "bad", "rejected": "miss", "cancelled": "off", "backed_out": "bad",
}  # fmt: skip
"""The shape before an event; others have a dot."""


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
            cited_link(view, address, "agreement", str(outcome.get("agreement", ""))),
        )
        for name, outcome in written_down.items()
        for ending in (*outcome.get("cycles", ()), outcome)
    ]
    return view.table(("Clock", "State", "Due", "Stopped", "Agreement"), rows) if rows else ""


def timeline_html(view: View, fields: Fields, facts: Facts) -> str:
    """Return the timeline by days, what was recorded last first: that is what whoever takes over looks for."""
    items = "".join(_by_days(view, fields, facts))
    return f'<ol class="tl">\n{items}</ol>\n' if items else ""


def timeline_note(view: View, facts: Facts) -> str:
    """Return what stands below the section's title."""
    return view.labels.say("Newest first") if len(facts.timeline) > 1 else ""


def _by_days(view: View, fields: Fields, facts: Facts) -> Iterator[str]:
    day = ""
    for place, event in reversed(list(enumerate(facts.timeline))):
        at = local_iso(str(event.get("at", "")), view.zone)
        if at[:10] != day:
            day = at[:10]
            yield f'<li class="day"><time class="day" datetime="{day}">{day}</time></li>\n'
        yield _event(view, fields, place, event, at)


def _event(view: View, fields: Fields, place: int, event: dict[str, Any], at: str) -> str:
    where = ("timeline", place)
    name = str(event.get("event", ""))
    parts = [f"<b>{view.labels.value(name)}</b>"]
    for key, value in event.items():
        if key not in _EVENT_SHOWN_APART:
            shown = _step(view, str(value)) if key == "step" else fields.value((*where, key), value)
            parts.append(f'<span class="with"><span class="meta">{view.labels.field(key)}</span> {shown}</span>')
    if event.get("by"):
        parts.append(fields.value((*where, "by"), event["by"]))
    note = written(str(event["note"]), "p", "meta") if event.get("note") else ""
    shape = f'<span class="i i-{SHAPES.get(name, "dot")}" aria-hidden="true"></span>'
    clock = f'<time datetime="{at}">{at[11:16]}</time>' if at else "<span></span>"
    return f"<li>{clock}{shape}<div><p>{' · '.join(parts)}</p>{note}</div></li>\n"


def _step(view: View, step: str) -> str:
    """Return a clock and its step as a timeline names them, such as `restore 50%`."""
    clock, _, at = step.partition(" ")
    return f"{clock_name(view, clock)} {escape(at)}".rstrip()
