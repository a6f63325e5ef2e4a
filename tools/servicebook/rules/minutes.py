"""Were the minutes of a meeting written down while those who were there still knew?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot


@rule(
    "REF609",
    "minutes-written-late",
    scope="relation",
    severity="warning",
    message="the minutes were written down {hours} h after the meeting",
    hint="`late_reason`: say why | correct `recorded_at`, where it is wrong",
    kinds=("meeting",),
)
def minutes_written_late(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """Minutes that were written down long after the meeting, without a word why.

    Why: what was agreed is known to those who were there until it is written (clause 1.5.5-1), and a promise remembered
    after a week is another promise. `new meeting` writes `recorded_at` where it comes late; what is late is
    `recorded_within` in the settings, 24 hours where it is not said.

    Example:
        held_at: 2026-03-23T10:00:00+08:00
        recorded_at: 2026-03-27T16:00:00+08:00

    Instead:
        held_at: 2026-03-23T10:00:00+08:00
        recorded_at: 2026-03-27T16:00:00+08:00
        late_reason: who kept the minutes was sent to Signal Hill that night
    """
    over = parse_instant(facts.get("ends_at") or facts.get("held_at"))
    written = parse_instant(facts.get("recorded_at"))
    if over is None or written is None or facts.get("late_reason"):
        return
    if written - over > timedelta(seconds=desk.settings.recorded_within):
        hours = round((written - over).total_seconds() / 3600)
        yield minutes_written_late.at(facts.path, ("recorded_at",), hours=hours)


RULES: tuple[Rule, ...] = (minutes_written_late,)
