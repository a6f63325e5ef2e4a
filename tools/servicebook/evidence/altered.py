"""What a branch did to the votes on a change and to its plan that the count of the votes does not show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servicebook.evidence.ledger import State
from servicebook.records.kinds import BY_NAME, path_of, votes_of
from servicebook.workflow.tally import Why, why

if TYPE_CHECKING:
    from servicebook.evidence.verify import Verifier


def against_history(verifier: Verifier, id: str, position: int, start: int | None, plan: str) -> Iterator[Why]:
    """Yield what was done to the votes on a change and to its plan that no count shows.

    position: before which the votes are counted. start: where the work began, None while it has not. plan: the
    digest of what was decided on.
    """
    path = path_of(BY_NAME["change"], id)
    ledger, folder = verifier.ledger, votes_of(path)
    lost = ledger.altered(folder, position)
    for path, step, gone in lost:
        known = {"path": path.rpartition("/")[2], "commit": step.id[:10]}
        if gone:
            yield why("the vote {path} was taken away by the commit {commit}", **known)
        else:
            yield why("the vote {path} was changed by the commit {commit}", **known)
    told = {path for path, _, _ in lost}
    for one in verifier.lost.get(folder, ()):
        if one.path not in told and ledger.blob(one.path, ledger.end) != one.old:
            told.add(one.path)
            yield why("the vote {path} was lost in the merge {commit}", path=one.path.rpartition("/")[2],
                      commit=one.step.id[:10])  # fmt: skip
    if start is None:
        return
    for state in ledger.states_of_name(f"{id}.md"):
        after = verifier.plans.digest(path, state.blob) if state.position >= start else plan
        if after != plan:
            yield _edited(start, state, after, ledger.steps[state.position].id[:10])
            return


def _edited(start: int, state: State, after: str, commit: str) -> Why:
    if not after.startswith("sha256:"):
        return why("the record was taken away, or cannot be read, since the commit {commit}", commit=commit)
    if state.position == start:
        return why("the plan was edited by the very commit that began the work, {commit}", commit=commit)
    return why("the plan was edited after the work had begun, by the commit {commit}", commit=commit)
