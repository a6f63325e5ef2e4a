"""What an auditor asks of a period: was the history of the desk kept, and if not, which commit, by whom, when?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, Severity
from servicebook.errors import CannotDecideError
from servicebook.evidence.audit import audit_checkpoints, audit_receipts, audit_steps
from servicebook.evidence.begun_changes import audit_changes
from servicebook.evidence.checkpoints import Checkpoint
from servicebook.evidence.commit_times import audit_times
from servicebook.evidence.key_history import audit_keys
from servicebook.evidence.receipts import Receipt
from servicebook.evidence.received import received_by
from servicebook.rules.bypassed import broken_by
from servicebook.rules.check import check_past
from servicebook.rules.registry import rule_of
from servicebook.rules.showing import severity_of
from servicebook.store.mainline import Step, between, read_mainline
from servicebook.store.snapshot import Snapshot

Progress = Callable[[int, int], object] | None

SUBJECTS: dict[str, tuple[str, ...]] = {
    "main branch rewritten": ("HIS911", "HIS914"),
    "changes begun without a proven approval": ("HIS917",),
    "votes lost or changed": ("HIS908", "HIS909"),
    "closed tickets edited": ("WFL456", "HIS910"),
    "events or commits out of their time": ("HIS901", "HIS906", "HIS912", "HIS918", "HIS919"),
    "events taken away, changed or moved": ("WFL451", "WFL452", "WFL453", "HIS902", "HIS903", "HIS904", "HIS905"),
    "keys brought by others, or trusted again": ("HIS916", "WFL471", "WFL472"),
    "records deleted": ("WFL459", "HIS907", "HIS913"),
}
"""What the findings are summed up by, in plain words; everything else got past the checks."""

REST = "other steps that the checks refuse"


class Entry(NamedTuple):
    """One finding: its rule, how grave it is, and the commit that did it (None: the branch as a whole)."""

    finding: Diagnostic
    rule: Rule
    severity: Severity
    step: Step | None


class Audit(NamedTuple):
    """What was looked at, and what was found, in the order of the commits.

    steps: the commits of the period. pinned: the checkpoints that were held against the branch.
    """

    rev: str
    tip: str
    steps: Sequence[Step]
    pinned: Sequence[Checkpoint]
    entries: Sequence[Entry]

    def counts(self) -> dict[str, int]:
        """Return how many findings there are on each subject."""
        found = dict.fromkeys([*SUBJECTS, REST], 0)
        for entry in self.entries:
            found[subject_of(entry.rule.code)] += 1
        return found


def audit(
    desk: Snapshot,
    rev: str,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    pinned: Sequence[Checkpoint] = (),
    receipts: Sequence[Receipt] = (),
    progress: Progress = None,
) -> Audit:
    """Return what the first-parent commits of `rev` between two instants did that they should not have.

    desk: opened at `rev`. pinned: checkpoints of the branch, receipts: those of its server; both are judged whatever
    the period is.
    Raises CannotDecideError in a shallow clone, GitError for a revision that is not there.
    """
    line = read_mainline(desk.repository, rev)
    if not line:
        raise CannotDecideError("there is no commit here yet", "git log")
    steps = between(line, since, until)
    tip = line[-1].id
    found = [
        *audit_checkpoints(desk.repository, tip, pinned),
        *audit_receipts(receipts),
        *audit_steps(desk.repository, steps, lambda id: bool(desk.named(id))),
    ]
    deeds: list[tuple[Step | None, Diagnostic]] = [(deed.step, deed.finding) for deed in found]
    deeds += broken_by(desk, steps, progress)
    received = received_by(desk.repository, receipts, tip)
    deeds += audit_times(steps, desk.settings.recorded_within, received)
    deeds += audit_keys(desk.repository, tip, steps)
    deeds += audit_changes(desk.repository, tip, steps, now)
    deeds += _past(desk, rev, steps, now)
    place = {step.id: number for number, step in enumerate(steps)}
    entries = [_entry(step, item) for step, item in _once(deeds)]
    entries.sort(key=lambda entry: (place.get(entry.step.id, 0) if entry.step else -1, entry.finding))
    return Audit(rev, tip, steps, pinned, entries)


def subject_of(code: str) -> str:
    """Return the subject that a rule's findings are summed up under."""
    return next((subject for subject, codes in SUBJECTS.items() if code in codes), REST)


def _past(desk: Snapshot, rev: str, steps: Sequence[Step], now: datetime) -> Iterator[tuple[Step, Diagnostic]]:
    """Yield what the whole history has against the timelines, as far as commits of the period did it."""
    by_short = {step.id[:10]: step for step in steps}
    for item in check_past(desk, now, rev):
        step = by_short.get(item.param("commit"))
        if step is not None:
            yield step, item


SAME = {"HIS902": "WFL451", "HIS903": "WFL452", "HIS904": "WFL452", "HIS905": "WFL453", "HIS907": "WFL459"}
"""What the history shows and the step as well: told once, by the step, which is seen even where it was mended."""


def _once(deeds: Sequence[tuple[Step | None, Diagnostic]]) -> Iterator[tuple[Step | None, Diagnostic]]:
    told = {(step.id, item.path, item.code) for step, item in deeds if step}
    for step, item in dict.fromkeys(deeds):
        twin = SAME.get(item.code)
        if step is None or twin is None or (step.id, item.path, twin) not in told:
            yield step, item


def _entry(step: Step | None, item: Diagnostic) -> Entry:
    """Return a finding with how grave it is.

    What a file holds is judged by the rules of today: which rules there were when it was committed, no history tells.
    It asks for an explanation, therefore, and breaks no history.
    """
    rule = rule_of(item.code)
    severity = severity_of(item)
    return Entry(item, rule, "warning" if severity == "error" and rule.scope == "file" else severity, step)
