"""What waits for a decision or to be prepared, as tasks of `servicebook next`: changes to vote on, visits ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import votes_of
from servicebook.reports.agenda import Task
from servicebook.reports.board import Desk as Lookups
from servicebook.typed import Protocol
from servicebook.workflow.plan_digest import NoDigestError
from servicebook.workflow.policy import Policy, PolicyError, is_policy, parse_policy

PREPARED_AHEAD = timedelta(days=7)
"""So long before it leaves, a visit is told to those who go: the customer is called 3 to 5 days before (1.2.3)."""


class Desk(Lookups, Protocol):
    """What is asked of a snapshot here."""

    def paths_in(self, folder: str) -> list[str]:
        """Return the paths of the files in a folder."""


def decision_tasks(desk: Desk, now: datetime, is_mine: Callable[[str], bool] = lambda _: True) -> Iterator[Task]:
    """Yield the changes that wait for a vote of whom `is_mine` names, and the visits that they have to prepare."""
    for change in desk.live(("change",)):
        if change.status == "submitted" and any(map(is_mine, awaited(desk, change, now))):
            yield Task("vote", change, parse_instant(change.get("planned_start_at")))
    for visit in desk.live(("visit",)):
        leaves = parse_instant(visit.get("planned_departure_at")) or parse_instant(visit.get("planned_start_at"))
        if visit.status == "planned" and leaves and leaves <= now + PREPARED_AHEAD and any(map(is_mine, _goers(visit))):
            yield Task("visit", visit, leaves)


def awaited(desk: Desk, change: Facts, now: datetime) -> list[str]:
    """Return whose vote on a submitted change is missing; where no board decides, who answers for its service.

    Whether votes count is for `servicebook board` to say, which reads signatures; here a vote is a file.
    """
    board = desk.get("board", str(change.get("board", default="")))
    if board is None or not is_policy(board.data):
        boards = [one for one in desk.of_kind("board") if one.status != "retired" and is_policy(one.data)]
        service = desk.get("service", str(change.get("service", default="")))
        owner = str(service.get("service_owner", default="")) if service else ""
        if len(boards) != 1:
            return [owner] if owner and not boards else []
        board = boards[0]
    policy = _policy_of(board)
    kind, day, customer = str(change.get("change_type")), now.date(), str(change.get("customer", default=""))
    if policy and kind == "emergency" and policy.emergency_board:
        policy = _policy_of(desk.get("board", policy.emergency_board))
    demands = policy.demands_on(kind, str(change.get("risk")), customer) if policy else ()
    if policy is None or not any(demand.votes for demand in demands):
        return []
    seats = [seat for seat in policy.seats if seat.is_held_on(day) and seat.customer in ("", customer)]
    submitted = (entry.get("by") for entry in change.timeline if entry.get("event") == "submitted")
    parties = {change.get("requested_by"), change.get("assigned_to"), *submitted}
    voted = {path.rpartition("/")[2].rpartition("-")[0] for path in desk.paths_in(votes_of(change.path))}
    return [name for name in dict.fromkeys(seat.person for seat in seats) if name not in parties | voted]


def _policy_of(board: Facts | None) -> Policy | None:
    """Return the rules of a board; None where they cannot be read, which is a finding of its own."""
    try:
        return parse_policy(board.data) if board else None
    except (PolicyError, NoDigestError):
        return None


def _goers(visit: Facts) -> set[str]:
    names = (visit.get("lead"), visit.get("assigned_to"), visit.get("assignment_group"))
    return {str(name) for name in (*names, *visit.get("engineers", default=())) if name}
