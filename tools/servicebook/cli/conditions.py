"""Which conditions of a change's votes are open: those of votes that count, as far as the history here can tell."""

from __future__ import annotations

from servicebook.errors import CannotDecideError
from servicebook.records.facts import Facts
from servicebook.records.kinds import votes_of
from servicebook.store.snapshot import Snapshot
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.workflow.tally import Condition


def binding_conditions(desk: Snapshot, change: Facts) -> list[Condition]:
    """Return the conditions that nobody has met; in a shallow clone those of all members' votes."""
    if not desk.paths_in(votes_of(change.path)):
        return []
    from servicebook.rules.conditions import open_conditions

    if not (found := open_conditions(desk, change)):
        return []
    from servicebook.cli.verify import open_verifier
    from servicebook.store.mainline import commit_of

    try:
        tip = commit_of(desk.repository, "HEAD")
        told = open_verifier(desk.repository, tip, [change.id]).verify(change.id)
    except CannotDecideError:
        return found
    counted = {vote.cast.name for count in told.counts for vote in count.tally.votes if vote.counts}
    return [one for one in found if one.vote in counted]
