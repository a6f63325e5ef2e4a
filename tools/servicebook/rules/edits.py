"""Is the step from a record's old text to its new one lawful: history grows, ids stay, closed is closed?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.demands import MAY_FOLLOW, demanded
from servicebook.records.facts import Facts
from servicebook.rules.reading import GONE, is_broken, is_ticket
from servicebook.typed import TYPE_CHECKING, Any
from servicebook.workflow.lifecycles import LIFECYCLES

if TYPE_CHECKING:
    from servicebook.store.edits import Edit

MAY_CHANGE_WHEN_CLOSED = frozenset((
    "$body", "aliases", "audience", "conditions_met", "costs", "external", "links", "schema", "shown_files", "tags",
    "timeline", "title_zh", "waivers",
))  # fmt: skip
"""Fields that are about finding, showing and paying for a ticket, not about what happened."""

GRADES = ("consultation", "degraded", "severe")
"""Fault grades, mildest first."""


def sound_pair(edit: Edit) -> tuple[Facts, Facts] | None:
    """Return the facts before and after where both can be read; None for births, deaths and broken files."""
    before, after = edit.before, edit.after
    if before is None or after is None or is_broken(before) or is_broken(after):
        return None
    return before, after


@rule(
    "WFL451",
    "event-removed",
    scope="edit",
    message="the event `{event}` of {at} (id `{id}`) is gone from the timeline",
    hint="put its line back: `git diff` shows it | what was wrong about it belongs in a new event `note`",
)
def event_removed(edit: Edit) -> Iterator[Diagnostic]:
    """An event that stood on the timeline and does not any more.

    Why: the timeline is the evidence of what was done when; figures and outcomes rest on it. It only grows.

    Example:
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}   (line deleted)

    Instead:
        leave the line, and add
        - {at: 2026-03-12T09:10:00+08:00, id: n0te, event: note, by: li.wei, note: m7q2 was the wrong caller}
    """
    pair = sound_pair(edit)
    if pair is None:
        return
    before, after = pair
    kept = {event.get("id") for event in after.timeline}
    for event in before.timeline:
        if event.get("id") not in kept:
            params = {name: event.get(name) for name in ("event", "at", "id")}
            yield event_removed.at(after.path, ("timeline",), **params)


@rule(
    "WFL452",
    "event-rewritten",
    scope="edit",
    message="`{field}` of the event `{id}` was `{old}` and is `{new}` now",
    hint="restore the line: `git diff` shows it | a correction is a new event `note`",
)
def event_rewritten(edit: Edit) -> Iterator[Diagnostic]:
    """An event whose line says something else than it did.

    Why: whoever can move `acknowledged` by ten minutes can turn a missed clock into a met one. A correction
    is welcome as a new event, where everybody sees both.

    Example:
        - {at: 2026-03-12T09:20:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
        turned into
        - {at: 2026-03-12T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}

    Instead:
        leave the line, and add
        - {at: 2026-03-12T09:30:00+08:00, id: n0te, event: note, by: li.wei, note: m7q2 was at 08:52}
    """
    pair = sound_pair(edit)
    if pair is None:
        return
    before, after = pair
    known = {event.get("id"): event for event in before.timeline}
    for position, event in enumerate(after.timeline):
        old = known.get(event.get("id"), event)
        for field in sorted({*old, *event}):
            if old.get(field) != event.get(field):
                was, now = old.get(field, "-"), event.get(field, "-")
                params = {"id": event.get("id"), "field": field, "old": was, "new": now}
                yield event_rewritten.at(after.path, ("timeline", position, field), **params)


@rule(
    "WFL453",
    "events-reordered",
    scope="edit",
    message="the event `{id}` stands before `{other}` now, it stood after it",
    hint="put the lines back in the order they were recorded in; clocks sort by `at` by themselves",
)
def events_reordered(edit: Edit) -> Iterator[Diagnostic]:
    """Events that changed places.

    Why: the order on the timeline is the order of recording. A late entry stands late and says in `at` when
    it happened; sorted in, it looks as if it had been known all along.

    Example:
        the line of 09:10, recorded last, moved up between 08:43 and 08:52

    Instead:
        leave it last; its `at` says 09:10
    """
    pair = sound_pair(edit)
    if pair is None:
        return
    before, after = pair
    rank = {event.get("id"): position for position, event in enumerate(before.timeline)}
    kept = [(n, event.get("id")) for n, event in enumerate(after.timeline) if event.get("id") in rank]
    for (position, here), (_, other) in pairwise(kept):
        if rank[here] > rank[other]:
            yield events_reordered.at(after.path, ("timeline", position, "id"), id=here, other=other)


@rule(
    "WFL454",
    "id-changed",
    scope="edit",
    message="the id was `{old}` and is `{new}` now",
    hint="restore `id: {old}` | a slug may change: `servicebook rename {old} NEW`",
)
def id_changed(edit: Edit) -> Iterator[Diagnostic]:
    """A record that got another id after it landed.

    Why: ids stand in mails, reports and other people's notes. A number never changes; a slug may, when the
    old one stays as an alias and old links lead on.

    Example:
        id: live-streaming   turned into   id: streaming

    Instead:
        id: streaming
        aliases: [live-streaming]
    """
    pair = sound_pair(edit)
    if pair is None or pair[0].id == pair[1].id or pair[0].kind != pair[1].kind:
        return
    before, after = pair
    if before.id not in after.get("aliases", default=[]):
        yield id_changed.at(after.path, ("id",), old=before.id, new=after.id)


@rule(
    "WFL455",
    "kind-changed",
    scope="edit",
    message="the kind was `{old}` and is `{new}` now",
    hint="restore it, open another beside it with `servicebook new {new}`, and link the two",
)
def kind_changed(edit: Edit) -> Iterator[Diagnostic]:
    """A record that turned into another kind.

    Why: an incident that becomes a request takes its clocks out of every report. Cancel it with a reason and
    open the other one; the link shows where it went.

    Example:
        schema: incident/1   turned into   schema: service_request/1

    Instead:
        cancel the incident, and in the new request
        links: {incident: [INC-20260312-7F3K]}
    """
    pair = sound_pair(edit)
    if pair and pair[0].kind != pair[1].kind:
        yield kind_changed.at(pair[1].path, ("schema",), old=pair[0].kind, new=pair[1].kind)


@rule(
    "WFL456",
    "closed-ticket-edited",
    scope="edit",
    message="`{field}` was changed on a ticket that is `{status}`",
    hint="restore `{field}` | what came up later is an event `note` or a ticket of its own",
)
def closed_ticket_edited(edit: Edit) -> Iterator[Diagnostic]:
    """A field changed on a ticket that was closed before.

    Why: a closed ticket was reported and often paid for. Its links, tags, costs and audience may still
    change, and what it lacks by REC258, or in its plan, dispatch and report, may still be added; what happened
    may not change.

    Example:
        status: closed
        fault_grade: severe   turned into   fault_grade: degraded

    Instead:
        - {at: 2026-03-20T10:00:00+08:00, id: n0te, event: note, by: li.wei, note: degraded by today's rule}
    """
    pair = sound_pair(edit)
    if pair is None or not is_ticket(pair[0]) or pair[0].kind != pair[1].kind:
        return
    before, after = pair
    final = LIFECYCLES[before.kind].final
    if before.status not in final or after.status not in final:
        return
    for field in sorted({*before.data, *after.data} - MAY_CHANGE_WHEN_CLOSED):
        old, new = before.get(field), after.get(field)
        if old != new and not _fills_in(field, old) and not _completes(before, (field,), old, new):
            yield closed_ticket_edited.at(after.path, (field,), field=field, status=before.status)


def _fills_in(field: str, old: Any) -> bool:
    """Whether the field is written once, by a program, after the closing: the outcome of the clocks."""
    return field == "sla" and not old


def _completes(before: Facts, path: tuple[str, ...], old: Any, new: Any) -> bool:
    """Whether the change at a path only adds what is due in the state and was not there (REC258).

    Else a ticket that was closed unfinished could neither be finished nor land.
    """
    if old == new:
        return True
    if old in (None, "", [], {}):
        here = ".".join(path) + "."
        if any(here.startswith(f"{late}.") for late in MAY_FOLLOW.get(before.kind, ())):
            return True
        return any(f"{due}.".startswith(here) for due in demanded(before.kind, before.status))
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return False
    return all(_completes(before, (*path, key), old.get(key), new.get(key)) for key in {*old, *new})


@rule(
    "WFL457",
    "grade-lowered-silently",
    scope="edit",
    message="`fault_grade` went down from `{old}` to `{new}` without a reason and an approver",
    hint="add an event `regraded` with `old: {old}`, `new: {new}`, a `reason` and `approved_by`",
    kinds=("incident",),
)
def grade_lowered_silently(edit: Edit) -> Iterator[Diagnostic]:
    """A fault grade lowered, and nobody says who decided it and why.

    Why: the grade decides how much time the contract gives. Lowering it buys time, so the customer will ask
    who did it; a milder grade needs an event with a reason and a name.

    Example:
        fault_grade: severe   turned into   fault_grade: degraded

    Instead:
        fault_grade: degraded
        and on the timeline
        - {at: ..., id: rgr4, event: regraded, by: li.wei, field: fault_grade, old: severe, new: degraded,
           reason: only the backup channel is black, approved_by: wang.fang}
    """
    pair = sound_pair(edit)
    if pair is None:
        return
    before, after = pair
    old, new = before.get("fault_grade"), after.get("fault_grade")
    if old not in GRADES or new not in GRADES or GRADES.index(new) >= GRADES.index(old):
        return
    known = {event.get("id") for event in before.timeline}
    added = [event for event in after.timeline if event.get("id") not in known]
    told = [event for event in added if event.get("event") == "regraded"]
    if not any(event.get("reason") and event.get("approved_by") for event in told):
        yield grade_lowered_silently.at(after.path, ("fault_grade",), old=old, new=new)


@rule(
    "WFL458",
    "gone-record-revived",
    scope="edit",
    severity="warning",
    message="`status` was `{old}` and is `{new}` again",
    hint="make a new record where the old one's end was announced | keep this one retired",
)
def gone_record_revived(edit: Edit) -> Iterator[Diagnostic]:
    """A retired or expired record that becomes active again.

    Why: its end was told to people who acted on it: tickets were moved, a contract renewed elsewhere. A
    revived record looks as if it had never ended.

    Example:
        status: expired   turned into   status: active

    Instead:
        a new contract record that follows the old one
    """
    pair = sound_pair(edit)
    if pair and pair[0].status in GONE and pair[1].status not in GONE and pair[0].kind == pair[1].kind:
        yield gone_record_revived.at(pair[1].path, ("status",), old=pair[0].status, new=pair[1].status)


@rule(
    "WFL459",
    "ticket-deleted",
    scope="edit",
    severity="warning",
    message="the ticket `{id}` is deleted while it was `{status}`",
    hint="git checkout HEAD -- {path} | end it with the event `cancelled` and a reason instead",
)
def ticket_deleted(edit: Edit) -> Iterator[Diagnostic]:
    """A ticket whose file is taken away.

    Why: a ticket that was a mistake is cancelled and stays readable; a deleted one leaves a gap that looks
    like something hidden, and takes its clocks out of the figures.

    Example:
        git rm tickets/incidents/2026/03/INC-20260312-7F3K.md

    Instead:
        - {at: ..., id: dp11, event: cancelled, by: li.wei, reason: duplicate of INC-20260312-9ABC}
    """
    before = edit.before
    if before is not None and edit.gone and not edit.goes_on and is_ticket(before):
        yield ticket_deleted.at(before.path, (), id=before.id, status=before.status, path=before.path)


RULES: tuple[Rule, ...] = (
    event_removed,
    event_rewritten,
    events_reordered,
    id_changed,
    kind_changed,
    closed_ticket_edited,
    grade_lowered_silently,
    gone_record_revived,
    ticket_deleted,
)
