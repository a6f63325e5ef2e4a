"""How something that happened gets onto a ticket: one line on the timeline, and the status that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.records.ids import new_event_id
from servicebook.records.instants import CLOCKS_DIFFER
from servicebook.text.set_field import append_item, remove_field, set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.lifecycles import LIFECYCLES, events_of
from servicebook.workflow.transitions import events_between, state_after, status_of
from servicebook.workflow.verbs import VERBS, command_for, event_of_verb, verb_of


class Stamp(NamedTuple):
    """Who says it (a person's slug), when it happened, and when it is being written down."""

    by: str
    at: datetime
    recorded_at: datetime


def event_of(facts: Facts, name: str, stamp: Stamp, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line of the timeline: at, id, event, by, then what else was said; empty values left out.

    What is told late keeps when it happened (`at`) and when it was written down (`recorded_at`) apart.
    """
    entry: dict[str, Any] = {
        "at": render_at(stamp.at),
        "id": new_event_id(str(entry.get("id", "")) for entry in facts.timeline),
        "event": name,
        "by": stamp.by,
    }
    entry.update({key: value for key, value in fields.items() if value not in (None, "", [])})
    if stamp.recorded_at - stamp.at > CLOCKS_DIFFER:
        entry["recorded_at"] = render_at(stamp.recorded_at)
    return entry


def render_at(at: datetime) -> str:
    """Return an instant as files hold it: ISO 8601, seconds, offset."""
    return at.isoformat(timespec="seconds")


def record_event(source: SourceFile, facts: Facts, name: str, stamp: Stamp, **fields: Any) -> SourceFile:
    """Return the file with the event at the end of its timeline and the status that follows from it.

    Raises FindingsError when the kind has no timeline, the event is unknown or its step is unlawful now, or
    the time lies ahead of the clock or before the ticket was opened.
    """
    require_lawful(facts, name)
    require_sane_time(facts, stamp)
    entry = event_of(facts, name, stamp, fields)
    data = append_item(source.data, ("timeline",), entry)
    status = status_of(facts.kind, [*facts.timeline, entry])
    if status is not None and status != facts.get("status"):
        data = set_field(data, ("status",), status)
        if facts.get("stage"):  # of the state that it leaves
            data = remove_field(data, ("stage",))
    return SourceFile(source.path, data)


def require_lawful(facts: Facts, name: str) -> None:
    """Raise FindingsError unless the event may happen to the ticket now; the hint names the way there."""
    life = LIFECYCLES.get(facts.kind)
    if life is None:
        raise FindingsError(
            "`{id}` is a {kind}: it has no timeline to write on",
            "edit {path}",
            id=facts.id, kind=facts.kind, path=facts.path,
        )  # fmt: skip
    if name not in events_of(facts.kind):
        raise FindingsError(
            "`{event}` is not an event of kind `{kind}`",
            "possible now: {verbs}" if name in VERBS else "known: {known}",
            event=name, kind=facts.kind, known=", ".join(events_of(facts.kind)), verbs=said_verbs(facts),
        )  # fmt: skip
    if state_after(life, facts.status, name) is not None:
        return
    way = _way_there(facts, name)
    if facts.status in life.final:
        template = "`{id}` is `{state}`, and that is final"
        hint = "open a new one that names it: servicebook new {kind}, then servicebook link NEW {id} --as parent"
    elif way:
        template, hint = "`{id}` is `{state}`: it cannot be `{event}` yet", "first: {way}"
    else:
        template, hint = "`{id}` is `{state}`: it cannot be `{event}`", "possible now: {verbs}"
    raise FindingsError(
        template, hint, id=facts.id, state=facts.status, event=name, kind=facts.kind, way=way, verbs=said_verbs(facts)
    )


def event_for(verb: str, facts: Facts) -> str:
    """Return the event that a verb records on a record; FindingsError when its kind knows no such step."""
    event = event_of_verb(facts.kind, verb)
    if not event:
        raise FindingsError(
            "`servicebook {verb}` is not for kind `{kind}`",
            "possible now: {verbs}",
            verb=verb, kind=facts.kind, verbs=said_verbs(facts),
        )  # fmt: skip
    return event


def said_verbs(facts: Facts) -> str:
    """Return the commands that can move a record on from where it stands."""
    return command_for(facts, "status")


def require_sane_time(facts: Facts, stamp: Stamp) -> None:
    """Raise FindingsError for an event that lies ahead of the clock, or before the ticket was opened."""
    if stamp.at - stamp.recorded_at > CLOCKS_DIFFER:
        raise FindingsError(
            "{at} lies ahead: it is {now}",
            "say when it happened with --at, or leave --at out for now",
            at=render_at(stamp.at), now=render_at(stamp.recorded_at),
        )  # fmt: skip
    opened = facts.get("reported_at") or (facts.timeline[0].get("at") if facts.timeline else None)
    if isinstance(opened, str) and stamp.at < datetime.fromisoformat(opened):
        raise FindingsError(
            "{at} is before `{id}` was reported ({opened})",
            "say when it happened with --at",
            at=render_at(stamp.at), id=facts.id, opened=opened,
        )  # fmt: skip


def _way_there(facts: Facts, name: str) -> str:
    """Return the command for the first step on the way to a state that allows the event, or nothing."""
    life = LIFECYCLES[facts.kind]
    wanted = tuple(source for step in life.steps if step.event == name for source in step.sources)
    road = events_between(life, facts.status, wanted)
    if not road:
        return ""
    return f"servicebook {verb_of(facts.kind, road[0])} {facts.id}"
