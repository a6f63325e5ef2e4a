"""The clocks of a ticket: how each stands, all of them as strips on one axis, and how each was counted."""

from __future__ import annotations

from datetime import timedelta
from html import escape

from servicebook.publish.addresses import href, page_of
from servicebook.publish.clock_strips import Axis, axis_of, is_live, strip
from servicebook.publish.elements import Column, due, fold, record_id, status
from servicebook.publish.tones import TONES
from servicebook.publish.view import View
from servicebook.sla.segments import Segments
from servicebook.sla.status import ClockStatus


def render_length(length: timedelta) -> str:
    """Return a length of working time as hours and minutes: 7:30, or -0:07."""
    sign, length = ("-", -length) if length.days < 0 else ("", length)
    minutes, second = divmod(length.days * 86_400 + length.seconds, 60)
    if not minutes and not second:
        sign = ""
    rest = f":{second:02d}" if second else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}{rest}"


def clocks_html(view: View, address: str, clocks: list[ClockStatus]) -> str:
    """Return the clocks of a ticket, the soonest due first, each with its segments folded below."""
    if not clocks:
        return ""
    axis = axis_of(clocks, view.zone)
    shown = "".join([_clock(view, address, clock, axis) for clock in _by_urgency(clocks)])
    ticks = axis.ticks_html() if axis else ""
    return f'{ticks}<div class="clocks">\n{shown}</div>\n{view.piece(_key, address) if axis else ""}'


def clock_name(view: View, name: str) -> str:
    """Return what a clock is called; the number of a piece that was sent back (`rma NW-4410`) stays as it is."""
    word, _, number = name.partition(" ")
    return f"{word.upper()} {escape(number)}" if number else view.labels.value(name)


def clocks_summary(view: View, clocks: list[ClockStatus]) -> str:
    """Return how many clocks stand how, such as `Running 1, Met 2`."""
    counts: dict[str, int] = {}
    for clock in clocks:
        counts[clock.state] = counts.get(clock.state, 0) + 1
    return " · ".join(f"{view.labels.value(state)}&nbsp;{count}" for state, count in counts.items())


def _clock(view: View, address: str, clock: ClockStatus, axis: Axis | None) -> str:
    say = view.labels.say
    reason = f" {view.labels.value(clock.reason)}" if clock.reason else ""
    said = " ".join([f'<span class="with nw">{say(key)} {view.moment(at)}</span>' for key, at in _times(clock)])
    return (
        f'<div class="ck"><h3>{clock_name(view, clock.name)}</h3><p class="left">{_left(view, clock)}</p>\n'
        f'<p class="why meta">{view.state(clock.state)}{reason} {said}</p>\n'
        f"{strip(clock, axis) if axis and clock.course else ''}{_explained(view, address, clock)}</div>\n"
    )


def _left(view: View, clock: ClockStatus) -> str:
    """Return what decides: the due time of a clock that goes on, what is left of one that pauses."""
    if clock.state == "paused" and clock.remaining is not None:
        return view.labels.say("{time} left", time=render_length(clock.remaining))
    if clock.state in ("running", "missed") and not clock.stopped_at and (due_at := clock.due_at):
        return due(due_at, view.zone)
    return ""


def _times(clock: ClockStatus) -> list[tuple[str, int]]:
    """Return the instants of a clock, in microseconds, by what they are (English labels)."""
    course = clock.course
    if course is None:
        return []
    named = [("Started", course.start), ("First due", course.original)]
    if course.stopped is not None or clock.state not in ("running", "missed"):
        named.append(("Due", course.due))
    named.append(("Stopped", course.stopped))
    return [(key, at) for key, at in named if at is not None]


def _key(view: View, address: str) -> str:
    """Return what the marks of the strips mean."""
    marks = {
        "Running": '<rect class="run" y="1" width="24" height="10"/>',
        "Paused": '<rect class="pau" x="1" y="2" width="22" height="8"/>',
        "Outside hours": '<path class="out" d="M0 6H24"/>',
        "Due": '<path class="due" d="M12 0V12"/>',
    }
    shown = "".join(
        f'<span><svg class="seg" viewBox="0 0 24 12" aria-hidden="true">{mark}</svg>{view.labels.say(word)}</span>'
        for word, mark in marks.items()
    )
    return f'<p class="key">{shown}</p>\n'


def _explained(view: View, address: str, clock: ClockStatus) -> str:
    """Return the clock as segments that add up, folded; what still runs is not counted, for it moves."""
    lines = [view.piece(_basis, address, clock.agreement, clock.hours, clock.clause, clock.promise)]
    if clock.trouble:
        lines.insert(0, f"<p>{view.labels.say(TROUBLES.get(clock.trouble, clock.trouble))}</p>")
    lines.insert(0, _stretches(view, clock, is_live(clock)))
    return fold(view.labels.say("How it is counted"), "".join(lines))


def _stretches(view: View, clock: ClockStatus, live: bool) -> str:
    """Return a clock's segments and their sum as a table; one that ran from start to stop has nothing but the sum."""
    segments, course = clock.segments, clock.course
    spans = segments.spans() if isinstance(segments, Segments) else []
    if not spans or course is None:
        return ""
    if len(spans) == 1 and spans[0].kind == "running" and (live or spans[0].end == course.stopped):
        if live:
            return ""
        say = view.labels.say
        elapsed, worked = render_length(clock.elapsed), render_length(clock.worked)
        return f'<p class="meta">{say("Elapsed")} {elapsed} · {say("Counted")} {worked}</p>\n'
    rows = []
    for place, segment in enumerate(segments):
        going = live and place == len(segments) - 1
        reason = f" · {view.labels.value(segment.reason)}" if segment.reason else ""
        kind = status(TONES.get(segment.kind, "off"), view.labels.value(segment.kind) + reason, "plain")
        end = view.labels.say("goes on") if going else view.instant(segment.end)
        counted = render_length(segment.worked) if segment.kind == "running" and not going else ""
        elapsed = "" if going else render_length(segment.elapsed)
        rows.append((view.instant(segment.start), end, kind, elapsed, counted))
    if not live:
        elapsed, worked = render_length(clock.elapsed), render_length(clock.worked)
        rows.append((f"<b>{view.labels.say('Sum')}</b>", "", "", f"<b>{elapsed}</b>", f"<b>{worked}</b>"))
    return view.table(_SEGMENT_COLUMNS, rows)


_SEGMENT_COLUMNS = (
    Column("From", "nw"), Column("Until", "nw"), Column("State", "f"),
    Column("Elapsed", "n"), Column("Counted", "n"),
)  # fmt: skip

TROUBLES = {
    "no-hours": "It cannot be computed: the support hours of the agreement are not in this desk.",
    "no-within": "It cannot be computed: the agreement gives no time for this clock.",
    "no-travel": "It is an estimate: the site has no travel time.",
}
"""What `ClockStatus.trouble` means to readers."""


def _basis(view: View, address: str, agreement: str, hours: str, clause: str, promise: str) -> str:
    """Return what a clock rests on: agreement, clause, hours, and whether the customer was promised it."""
    parts = []
    for cited, kind in ((agreement, "agreement"), (hours, "support_hours")):
        if cited:
            parts.append(f"{view.labels.field(kind)} {cited_link(view, address, kind, cited)}")
    if clause:
        parts.append(f"{view.labels.say('Clause')} {view.labels.known(clause, 'clause') or escape(clause)}")
    parts.append(view.labels.value(promise))
    return f'<p class="meta">{" · ".join(parts)}</p>\n'


def cited_link(view: View, address: str, kind: str, cited: str) -> str:
    """Return `slug@date` as a link to the page of what it cites; the title stays out, for pages do not follow it."""
    found = view.get(kind, cited.partition("@")[0])
    if found is None:
        return record_id(cited)
    return record_id(cited, href(address, page_of(found)))


def _by_urgency(clocks: list[ClockStatus]) -> list[ClockStatus]:
    return sorted(clocks, key=_urgency) if len(clocks) > 1 else clocks


def _urgency(clock: ClockStatus) -> tuple[int, str]:
    order = ("running", "missed", "paused", "not-started", "met", "cancelled")
    return (order.index(clock.state) if clock.state in order else len(order)), clock.name
