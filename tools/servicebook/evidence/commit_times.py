"""When commits say that they were made, held against the commits before them and against a server's receipts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.evidence.received import Received
from servicebook.store.mainline import Step

BACK = 3600
"""Seconds by which a commit may say an earlier time than its parent: clocks differ, zones are mistaken."""

_TOP = Span(1, 1, 1, 1)


@found_on_the_way(
    "HIS912",
    "commit-dated-before-its-parent",
    severity="warning",
    message="the commit {commit} says {at}, {early} before the commit that it follows",
    hint="git log -2 --format=fuller {commit} | a clock that was wrong: say so in an event `note`",
)
def commit_dated_before_its_parent() -> None:
    """A commit that says an earlier time than the one it builds on.

    Why: nobody can build on a commit that is not there yet. Either the clock of a machine was wrong, or somebody
    set the date so that a late entry looks like one in time.

    Example:
        GIT_COMMITTER_DATE=2026-03-01T09:00 git commit -m 'Acknowledged'   (on a parent of 2026-03-20)

    Instead:
        - {at: 2026-03-01T09:00:00+08:00, recorded_at: 2026-03-20T10:00:00+08:00, id: m7q2, event: acknowledged,
           by: li.wei}
    """


@found_on_the_way(
    "HIS918",
    "author-date-set-back",
    severity="warning",
    message="by its author's date the commit {commit} is of {at}, {early} before the commit that it follows",
    hint="git log -2 --format=fuller {commit} | a branch that landed late: say so in an event `note`",
)
def author_date_set_back() -> None:
    """A commit on tickets whose author's date lies far before the commit that it builds on.

    Why: what a commit records counts as recorded at the earlier of its two dates, so that a branch which is rebased
    stays in time. Whoever sets the author's date back makes a late entry look like one in time; the committer's date
    does not show it. Far is further than events may be recorded late (the setting `recorded_within`).

    Example:
        git commit --date 2026-03-01T09:00 -m 'Acknowledged'   (on a parent of 2026-03-20)

    Instead:
        - {at: 2026-03-01T09:00:00+08:00, recorded_at: 2026-03-20T10:00:00+08:00, id: m7q2, event: acknowledged,
           by: li.wei}
    """


@found_on_the_way(
    "HIS919",
    "commit-time-against-receipt",
    severity="warning",
    message="the commit {commit} says {at}; the server received it {received}, {difference} {side}",
    hint="servicebook receipts | ask its author: work without a network for long, a wrong clock, or a date set back",
)
def commit_time_against_receipt() -> None:
    """A commit on tickets whose date and whose receipt by the server lie far apart.

    Why: the date of a commit is what its author's machine says, the receipt is what the server saw. A commit that was
    long under way, or came before it was made, may be honest; nothing in it proves its date. Far is further than events
    may be recorded late (the setting `recorded_within`), and more than an hour where the receipt is the earlier one.

    Example:
        a commit of 2026-03-01 that the server received on 2026-03-20

    Instead:
        git push   (on the day)
    """


RULES: tuple[Rule, ...] = tuple(
    found._replace(scope="edit")
    for found in (commit_dated_before_its_parent, author_date_set_back, commit_time_against_receipt)
)


def audit_times(
    steps: Sequence[Step], within: int, received: Received | None = None
) -> Iterator[tuple[Step, Diagnostic]]:
    """Yield the commits of a stretch that say times which others speak against.

    within: seconds in which what happened must be recorded. received: what a server's receipts show.
    """
    latest = 0
    for step in steps:
        path = step.touched[0].path if step.touched else ""
        on_tickets = any(file.path.startswith("tickets/") for file in step.touched)
        early, authored = latest - step.committed, latest - step.authored
        known = {"commit": step.id[:10]}
        if early > BACK:
            known |= {"at": step.at.isoformat(), "early": _length(early)}
            yield step, commit_dated_before_its_parent.at(path, _TOP, **known)
        elif on_tickets and len(step.parents) < 2 and authored > max(within, BACK):
            known |= {"at": _instant(step.authored), "early": _length(authored)}
            yield step, author_date_set_back.at(path, _TOP, **known)
        if early <= BACK:
            latest = max(latest, step.committed)
        push = received(step.id) if received and on_tickets else None
        if push:
            late = int(push.at.timestamp()) - step.committed
            if late > max(within, BACK) or late < -BACK:
                side = "later" if late > 0 else "earlier"
                told = {"at": step.at.isoformat(), "received": push.at.isoformat(), "difference": _length(abs(late))}
                yield step, commit_time_against_receipt.at(path, _TOP, commit=step.id[:10], side=side, **told)


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _length(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{days} d {rest // 3600} h"
