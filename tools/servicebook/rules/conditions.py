"""Have the conditions been met on which a board's members agreed to a change?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.kinds import VOTES, votes_of
from servicebook.rules.read_votes import keys_of, read_votes, votes_of_desk
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.records.facts import Facts
    from servicebook.store.snapshot import Snapshot
    from servicebook.workflow.statement import Statement
    from servicebook.workflow.tally import Condition


@rule(
    "VOT868",
    "closed-with-open-conditions",
    scope="desk",
    message="the change is closed, and nobody has met the condition {number} of the vote {vote}: {condition}",
    hint="servicebook vote met {id} --vote {vote} --number {number} --evidence FILE",
)
def closed_with_open_conditions(desk: Snapshot) -> Iterator[Diagnostic]:
    """A change that is closed while a condition of a vote for it is not known to be met.

    Why: the board agreed on that condition. Whoever closes the change without it has done something else than
    what was approved, and nobody looks at it again.

    Example:
        status: closed   with a vote   "conditions": ["the backup is restored on the twin first"]

    Instead:
        conditions_met:
        - {vote: chen.hao-1, number: 1, by: he.jun, met_on: 2026-03-27, evidence: restore.log}
    """
    changes = {vote.path.rpartition("/")[0]: None for vote in votes_of_desk(desk) if vote.said and vote.said.conditions}
    for folder in changes:
        change = desk.at_path(f"{folder.removesuffix(VOTES)}.md")
        if change is None or change.status != "closed":
            continue
        for one in open_conditions(desk, change):
            params = {"id": change.id, "vote": one.vote, "number": one.number, "condition": one.text}
            yield closed_with_open_conditions.at(change.path, ("status",), **params)


def open_conditions(desk: Snapshot, change: Facts) -> list[Condition]:
    """Return the conditions of votes for a change's plan that its `conditions_met` does not name.

    Asked of the last word of each member of the board, when it approves this plan and is signed with the signer's
    key. What else a vote must be to count (its level, its order) takes the commits, see `Verification`.
    """
    from servicebook.workflow.tally import Condition

    words = _last_words(desk, change)
    with_conditions = [said for said in words if said.decision == "approve" and said.conditions]
    plan = _plan_of(desk, change) if with_conditions else ""
    met = {(entry.get("vote"), entry.get("number", 1)) for entry in change.get("conditions_met", default=())}
    voters = _voters(desk, change, words) - {change.get("requested_by"), change.get("assigned_to")} - {
        said.person for said in words if said.decision == "submit" and said.plan == plan
    }  # fmt: skip
    return [
        Condition(said.name, number, text)
        for said in sorted(with_conditions, key=lambda said: said.name)
        for number, text in enumerate(said.conditions, 1)
        if said.plan == plan and said.person in voters and (said.name, number) not in met
    ]


def _last_words(desk: Snapshot, change: Facts) -> list[Statement]:
    """Return all submissions, and the last vote of each person, as far as their signers' keys signed them."""
    last: dict[str, Statement] = {}
    submissions = []
    for vote in read_votes(desk, desk.paths_in(votes_of(change.path))):
        said = vote.said
        if said is None or vote.key is None or vote.key not in keys_of(desk, said.signed_by):
            continue
        if said.decision == "submit":
            submissions.append(said)
        elif said.seq > (last[said.person].seq if said.person in last else 0):
            last[said.person] = said
    return [*submissions, *last.values()]


def _voters(desk: Snapshot, change: Facts, said: Iterable[Statement]) -> set[str]:
    """Return who holds a seat on the change's board or its emergency board, or may stand in there, on whatever day.

    All who said something where the change names no board.
    """
    named = desk.get("board", str(change.get("board", default="")))
    if named is None:
        return {one.person for one in said}
    quick = desk.get("board", str(named.get("emergency_rules", "board", default="")))
    seats = [seat for board in (named, quick) if board for seat in board.get("members", default=())]
    return {str(seat.get(name)) for seat in seats for name in ("person", "deputy") if seat.get(name)}


def _plan_of(desk: Snapshot, change: Facts) -> str:
    """Return the digest of a change's plan; empty where it has none."""
    from servicebook.evidence.plans import digest_of
    from servicebook.text.front_matter import parse_front_matter
    from servicebook.text.source_file import SourceFile

    front, _ = parse_front_matter(SourceFile(change.path, desk.read(change.path)))
    return digest_of(front) if front else ""


RULES: tuple[Rule, ...] = (closed_with_open_conditions,)
