"""Does Git bear the timelines out: was each event recorded when it happened, and has it stood ever since?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.errors import SettingsError
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.rules.reading import is_broken, is_ticket
from servicebook.store.git import try_git
from servicebook.store.recorded import RecordedEvent, first_on_branch, recorded_events
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any

AHEAD = 300
"""Seconds by which two machines' clocks may differ."""

TIMES = ("at", "recorded_at", "until")


@found_on_the_way(
    "HIS901",
    "recorded-long-after",
    severity="warning",
    message="`{event}` of {at} was first recorded by the commit {commit} of {recorded}, {late} later",
    hint="an event told late says so itself: `recorded_at` on its line | explain it in an event `note`"
    " | records brought in from elsewhere: `history_since` in pyproject.toml",
)
def recorded_long_after() -> None:
    """An event that reached Git more than a day after it is said to have happened.

    Why: clocks believe the timeline. An acknowledgement written down the day after the deadline may be true;
    whoever reads the figures should know that nobody could see it at the time. Verbs write `recorded_at` by
    themselves when `--at` lies back.

    Example:
        - {at: 2026-03-13T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
        in a commit of 2026-03-20

    Instead:
        - {at: 2026-03-13T08:52:40+08:00, recorded_at: 2026-03-20T09:00:00+08:00, id: m7q2, event: acknowledged,
           by: li.wei, note: told by telephone while the line to the office was down}
    """


@found_on_the_way(
    "HIS902",
    "event-lost",
    message="`{event}` of {at} (id `{id}`) stood here since the commit {born}, and went with the commit {commit}",
    hint="put its line back: git show {born} -- {path} | what was wrong about it belongs in an event `note`",
)
def event_lost() -> None:
    """An event that a commit recorded and a later one took away.

    Why: hooks refuse this, but hooks can be passed by. Figures that rest on a timeline with holes are worth
    nothing, so the history is asked as well.

    Example:
        - {at: 2026-03-13T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}   (line deleted)

    Instead:
        leave the line, and add
        - {at: 2026-03-13T09:10:00+08:00, id: n0te, event: note, by: li.wei, note: m7q2 was the wrong caller}
    """


@found_on_the_way(
    "HIS903",
    "time-changed-afterwards",
    message="`{field}` of `{event}` (id `{id}`) was `{old}` when first recorded; the commit {commit} made it `{new}`",
    hint="restore the line: git show {born} -- {path} | a correction is a new event `note`",
)
def time_changed_afterwards() -> None:
    """A time on the timeline that is another one than was first recorded.

    Why: ten minutes turn a missed clock into a met one. The commit that moved them is named, so that somebody
    can be asked.

    Example:
        - {at: 2026-03-13T09:20:40+08:00, id: m7q2, event: acknowledged, by: li.wei}
        turned into
        - {at: 2026-03-13T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei}

    Instead:
        leave the line, and add
        - {at: 2026-03-13T09:30:00+08:00, id: n0te, event: note, by: li.wei, note: m7q2 was at 08:52}
    """


@found_on_the_way(
    "HIS904",
    "event-changed-afterwards",
    message="`{field}` of `{event}` (id `{id}`) was `{old}` when first recorded; the commit {commit} made it `{new}`",
    hint="restore the line: git show {born} -- {path} | a correction is a new event `note`",
)
def event_changed_afterwards() -> None:
    """An event that says something else than when it was first recorded: who, what, why.

    Why: the line is what somebody put their name to. Another reason for a pause stops another clock.

    Example:
        - {at: 2026-03-13T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_supplier}
        turned into
        - {at: 2026-03-13T10:00:00+08:00, id: pz01, event: paused, by: li.wei, reason: waiting_customer}

    Instead:
        leave the line, and add
        - {at: 2026-03-13T11:00:00+08:00, id: n0te, event: note, by: li.wei, note: pz01 was for the customer}
    """


@found_on_the_way(
    "HIS905",
    "event-moved",
    severity="warning",
    message="`{event}` (id `{id}`) was recorded after `{other}` and stands before it since the commit {commit}",
    hint="put the lines back in the order they were recorded in; clocks sort by `at` by themselves",
)
def event_moved() -> None:
    """An event that stands at another place than the one it was recorded at.

    Why: the order of the lines is the order of recording. A late line sorted in looks as if it had been known
    all along.

    Example:
        the line of 09:10, recorded last, moved up between 08:43 and 08:52

    Instead:
        leave it last; its `at` says 09:10
    """


@found_on_the_way(
    "HIS906",
    "recorded-before-it-happened",
    severity="warning",
    message="`{event}` is dated {at}, and the commit {commit} recorded it on {recorded}, before that",
    hint="one of two clocks was wrong: say in an event `note` which",
)
def recorded_before_it_happened() -> None:
    """An event that stood in Git before it is said to have happened.

    Why: nobody can write down at nine that the team arrived at ten. Either it was written ahead, or the clock
    of a machine was wrong; a due time judged by it is wrong too.

    Example:
        - {at: 2026-03-13T10:00:00+08:00, id: ar1v, event: arrived, by: li.wei}
        in a commit of 2026-03-13 09:12

    Instead:
        - {at: 2026-03-13T09:10:00+08:00, id: ar1v, event: arrived, by: li.wei}
    """


@found_on_the_way(
    "HIS907",
    "ticket-lost",
    severity="warning",
    message="the ticket at {path} had {count} events, and its file went with the commit {commit}",
    hint="git show {commit}^:{path} shows it | bring it back, and end it with `cancelled` and a reason",
)
def ticket_lost() -> None:
    """A ticket that stood in Git and whose file is gone.

    Why: its clocks are gone from the figures with it. A ticket opened by mistake is cancelled and stays.

    Example:
        git rm tickets/incidents/2026/03/INC-20260313-4DXQ.md

    Instead:
        - {at: ..., id: dpl1, event: cancelled, by: li.wei, reason: duplicate of INC-20260313-9ABC}
    """


@found_on_the_way(
    "HIS920",
    "plan-signed-by-another",
    message="`{person}` is said to have approved the plan by signature, and the commit {commit} is {author}'s",
    hint="`{person}` approves on their own clone: servicebook approve {id} | a call is `--via phone`, then confirmed",
)
def plan_signed_by_another() -> None:
    """An emergency plan approved by signature, in a commit of somebody else.

    Why: the commit is the signature. Who writes down what another said over the telephone says so, and the other
    confirms it within 24 hours (service plan, 1.2.2).

    Example:
        - {at: ..., id: p4ap, event: plan_approved, by: tang.bo}      in a commit of li.wei

    Instead:
        - {at: ..., id: p4ap, event: approved_by_phone, by: tang.bo, to: li.wei}
    """


def check_history(
    desk: Snapshot, tip: str = "HEAD", progress: Callable[[int, int], object] | None = None
) -> list[Diagnostic]:
    """Return what the commits up to `tip` have against the desk's timelines, as they stand in its tree.

    Commits up to the setting `history_since` brought their records in and are not judged. A sample desk that
    stands still (`as_of`) lives in no time that its commits could be held against, so when it recorded what is
    not judged there; what it changed is.
    Raises CannotDecideError in a shallow clone, SettingsError for a `history_since` that is not there.
    """
    since = _since(desk)
    found: list[Diagnostic] = []
    by_path: dict[str, list[RecordedEvent]] = {}
    for row in recorded_events(desk, tip, parse_timeline, progress):
        by_path.setdefault(row.path, []).append(row)
    for path, rows in by_path.items():
        facts = desk.at_path(path)
        if facts is None:
            found += _lost(desk, path, [row for row in rows if row.moved_at > since])
        elif is_ticket(facts) and not is_broken(facts):
            found += _changed(facts, rows, since)
            found += _signed_by_another(desk, facts, [row for row in rows if row.at > since])
            if desk.settings.as_of is None and not facts.get("external"):
                found += _out_of_time(desk, facts, [row for row in rows if row.at > since])
    return found


def parse_timeline(path: str, data: bytes) -> list[dict[str, Any]]:
    """Return the events of a ticket's text in JSON values; none where it cannot be read."""
    from servicebook.text.front_matter import parse_front_matter
    from servicebook.text.source_file import SourceFile

    front, _ = parse_front_matter(SourceFile(path, data))
    timeline = front.data.get("timeline") if front is not None else None
    return [event for event in timeline if isinstance(event, dict)] if isinstance(timeline, list) else []


def _since(desk: Snapshot) -> int:
    """Return the setting `history_since` in seconds since 1970; 0 where it is not set."""
    value = desk.settings.history_since
    at = parse_instant(value) if value else None
    if not value or at is not None:
        return int(at.timestamp()) if at is not None else 0
    status, out = try_git(["log", "-1", "--format=%ct", "--end-of-options", value], desk.root)
    if status:
        raise SettingsError(
            f"`history_since` names the commit `{value}`, which is not there", "name a commit of this desk, or a time"
        )
    return int(out)


def _lost(desk: Snapshot, path: str, rows: list[RecordedEvent]) -> Iterator[Diagnostic]:
    """Yield a finding for a file that is gone, unless its ticket lies elsewhere now."""
    name = path.rpartition("/")[2].removesuffix(".md")
    if rows and not desk.has_path(path) and not desk.find(name):
        where = Span(1, 1, 1, 1)
        yield ticket_lost.at(path, where, path=path, count=len(rows), commit=rows[-1].moved_by[:10])


def _changed(facts: Facts, rows: Iterable[RecordedEvent], since: int) -> Iterator[Diagnostic]:
    """Yield what stands otherwise than it was first recorded; only events that some commit moved are looked at."""
    moved = [row for row in rows if row.moved_by and row.moved_at > since]
    if not moved:
        return
    here = {str(event.get("id")): place for place, event in enumerate(facts.timeline)}
    born = {row.id: row.place for row in rows}
    for row in moved:
        known = {"id": row.id, "commit": row.moved_by[:10], "born": row.born[:10], "path": row.path}
        first = _entry_of(row)
        known["event"] = str(first.get("event", "-"))
        place = here.get(row.id)
        if place is None:
            yield event_lost.at(facts.path, ("timeline",), at=first.get("at"), **known)
            continue
        now = facts.timeline[place]
        for field in sorted({*first, *now}):
            old, new = first.get(field), now.get(field)
            if old != new:
                changed = time_changed_afterwards if field in TIMES else event_changed_afterwards
                where = ("timeline", place, field) if field in now else ("timeline", place)
                yield changed.at(facts.path, where, field=field, old=_shown(old), new=_shown(new), **known)
        below = [str(event.get("id")) for event in facts.timeline[place + 1 :]]
        after = next((id for id in below if born.get(id, row.place) < row.place), None)
        if after:
            params = {name: known[name] for name in ("id", "commit", "event")}
            yield event_moved.at(facts.path, ("timeline", place, "id"), other=after, **params)


def _signed_by_another(desk: Snapshot, facts: Facts, rows: Iterable[RecordedEvent]) -> Iterator[Diagnostic]:
    """Yield approvals by signature whose commit has the e-mail of somebody else on the desk.

    What a merge brought in is left out: its commit is not the one that the approver made.
    """
    here = {str(event.get("id")): place for place, event in enumerate(facts.timeline)}
    for row in rows:
        if "plan_approved" not in row.entry or row.branch or row.id not in here:
            continue
        person = str(_entry_of(row).get("by") or "")
        email = desk.repository.git("log", "-1", "--format=%ae", "--end-of-options", row.born).decode().strip()
        signer = desk.get("person", person)
        if signer is None or email.lower() in {known.lower() for known in signer.get("emails", default=())}:
            continue
        params = {"person": person, "commit": row.born[:10], "author": email, "id": facts.id}
        yield plan_signed_by_another.at(facts.path, ("timeline", here[row.id], "by"), **params)


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def _entry_of(row: RecordedEvent) -> dict[str, Any]:
    """Return an event as it was first recorded, in JSON values."""
    if row.entry.startswith('{"'):
        import json

        entry: dict[str, Any] = json.loads(row.entry)
        return entry
    events = parse_timeline(row.path, f"---\ntimeline:\n- {row.entry}\n---\n".encode())
    return events[0] if events else {}


def _out_of_time(desk: Snapshot, facts: Facts, rows: Iterable[RecordedEvent]) -> Iterator[Diagnostic]:
    """Yield events that were recorded long after they happened, or before."""
    here = {str(event.get("id")): place for place, event in enumerate(facts.timeline)}
    for row in rows:
        place = here.get(row.id)
        event = facts.timeline[place] if place is not None else {}
        told = parse_instant(event.get("recorded_at")) or parse_instant(event.get("at"))
        if place is None or told is None:
            continue
        late = row.at - told.timestamp()
        within = desk.settings.recorded_within
        if late > within and row.branch:
            late = first_on_branch(desk.repository, row) - told.timestamp()
        params = {"event": event.get("event"), "at": told.isoformat(), "commit": row.born[:10]}
        recorded = datetime.fromtimestamp(row.at, told.tzinfo or UTC).isoformat()
        where = ("timeline", place, "at")
        if late > within:
            yield recorded_long_after.at(facts.path, where, recorded=recorded, late=_length(late), **params)
        elif late < -AHEAD:
            yield recorded_before_it_happened.at(facts.path, where, recorded=recorded, **params)


def _length(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86_400)
    return f"{days} d {rest // 3600} h"


# Of the scope `edit`: what they judge is a step, so no check of a state can say that one of them is gone.
RULES: tuple[Rule, ...] = tuple(
    found._replace(scope="edit")
    for found in (
        recorded_long_after,
        event_lost,
        time_changed_afterwards,
        event_changed_afterwards,
        event_moved,
        recorded_before_it_happened,
        ticket_lost,
        plan_signed_by_another,
    )
)
