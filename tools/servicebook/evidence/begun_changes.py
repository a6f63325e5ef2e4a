"""Was every change that a period began approved by its board before: what `verify` says, for an audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.diagnostics.wording import sentence
from servicebook.evidence.branch import verify_begun
from servicebook.records.kinds import BY_NAME, path_of
from servicebook.store.mainline import Step
from servicebook.store.repository import Repository


@found_on_the_way(
    "HIS917",
    "change-begun-unapproved",
    message="`{id}` was begun by the commit {commit}, and that its board had approved it is not proven: {why}",
    hint="servicebook verify {id} --explain | what a board agrees to afterwards is an emergency, with its own rules",
)
def change_begun_unapproved() -> None:
    """A change that was begun though nothing proves that its board had agreed to exactly this plan before.

    Why: that is what the board is for. Votes that came later, or on another plan, or of those who wrote it, show
    that somebody noticed, and not that it was decided.

    Example:
        - {at: 2026-03-28T02:00:00+08:00, id: y8z5, event: implementation_started, by: li.wei}
        with one of two votes on the main branch

    Instead:
        servicebook approve CHG-20260325-7RBN   (by the second member, and landed before the work begins)
    """


RULES: tuple[Rule, ...] = (change_begun_unapproved._replace(scope="edit"),)


def audit_changes(
    repository: Repository, tip: str, steps: Sequence[Step], now: datetime
) -> Iterator[tuple[Step, Diagnostic]]:
    """Yield the changes that these commits of the branch began and that do not pass; none before it had rules.

    tip: the commit that the branch ends with. now: until when an emergency's later votes may come.
    """
    by_id = {step.id: step for step in steps}
    for one in verify_begun(repository, tip, now, by_id):
        if one.outcome == "fail":
            path = path_of(BY_NAME["change"], one.id)
            known = {
                "id": one.id,
                "commit": one.commit[:10],
                **sentence("why", one.reasons[0].text, one.reasons[0].params),
            }
            yield by_id[one.commit], change_begun_unapproved.at(path, Span(1, 1, 1, 1), **known)
