"""`servicebook board`: who sits, who may vote on a change and who may not and why, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.cli.verified import say_why
from servicebook.cli.verify import find_change, now_at, open_verifier
from servicebook.cli.voting import NO_CHANGE, standing_on_rules
from servicebook.errors import FindingsError, UsageError
from servicebook.evidence.chain import Link
from servicebook.evidence.inquiry import Inquiry
from servicebook.evidence.verification import Standing
from servicebook.store.mainline import commit_of
from servicebook.store.repository import Repository, find_repository
from servicebook.workflow.votes import Voter, voters_of

if TYPE_CHECKING:
    from servicebook.workflow.policy import Demand

EXAMPLES = """\
servicebook board              the boards, and whether their rules can be trusted
servicebook board cab          who sits, and what it asks for
servicebook board STA2         who may vote on this change, and what is missing
servicebook board board/cab    the same on its new rules; article/restart on a template of standard changes
"""


def run(argv: list[str]) -> int:
    """Show the boards, one board, or the voting on one change; 1 when rules cannot be trusted."""
    parser = make_parser("board", EXAMPLES)
    parser.add_argument("what", nargs="?", default="", metavar="BOARD|CHANGE",
                        help=speak("a board, a change, board/ID or article/ID"))  # fmt: skip
    parser.add_argument("--rev", metavar="REV", default="HEAD", help=speak("the branch whose rules and votes count"))
    parser.add_argument("--json", action="store_true", help=speak("answer as JSON"))
    given = parser.parse_args(argv)
    repository = find_repository(".", bare=True)
    tip = commit_of(repository, given.rev)
    if not given.what or _is_board(repository, tip, given.what):
        return _boards(repository, tip, given.what, given.json)
    kind, slash, id = given.what.partition("/")
    if slash and kind in ("board", "article"):
        return _standing(repository, tip, given.what, _on_rules(repository, tip, kind, id), given.json)
    id = find_change(repository, tip, given.what)
    return _standing(repository, tip, id, Inquiry(open_verifier(repository, tip, [id]), id).standing(), given.json)


def _on_rules(repository: Repository, tip: str, kind: str, id: str) -> Standing:
    return standing_on_rules(open_verifier(repository, tip, [NO_CHANGE]), kind, id)


def _is_board(repository: Repository, tip: str, name: str) -> bool:
    return bool(repository.blob_in(tip, f"kb/boards/{name}.md"))


def _boards(repository: Repository, tip: str, name: str, as_json: bool) -> int:
    verifier = open_verifier(repository, tip, [NO_CHANGE])
    links = {board: verifier.chain.at(board, verifier.ledger.end) for board in sorted(verifier.chain.links)}
    shown = {board: link for board, link in links.items() if link and (not name or board == name)}
    if name and not shown:
        raise UsageError("the board `{board}` has no rules for voting", "servicebook schema board", board=name)
    if as_json:
        print(json.dumps([_board_data(board, link) for board, link in shown.items()], ensure_ascii=False, indent=1))
    elif not shown:
        print(speak("no board of this branch has rules for voting"))
    for board, link in shown.items() if not as_json else ():
        state = say_why(link.fault) if link.fault else speak("in order")
        version = link.policy.version if link.policy else "-"
        digest = link.policy.digest if link.policy else ""
        print(f"{board}  {speak('version {version}', version=version)}  {state}  {digest}")
        if name and link.policy:
            seats = [[seat.person, seat.role, seat.basis, seat.customer, seat.deputy] for seat in link.policy.seats]
            heads = [Column(speak(head)) for head in ("person", "as", "basis", "customer", "deputy")]
            print(render_table(heads, seats))
            print("\n".join(f"· {say_demand(demand)}" for demand in link.policy.demands))
    return int(any(link.fault for link in shown.values()))


def _board_data(board: str, link: Link) -> dict[str, Any]:
    policy = link.policy
    return {
        "board": board,
        "version": policy.version if policy else None,
        "digest": policy.digest if policy else None,
        "fault": str(link.fault) if link.fault else None,
        "seats": [seat._replace(first_on=None, last_on=None, deputy_first_on=None, deputy_last_on=None)._asdict()
                  for seat in policy.seats] if policy else [],
    }  # fmt: skip


def say_demand(demand: Demand) -> str:
    """Return a demand in words."""
    types = ", ".join(map(speak, demand.types)) or speak("every change")
    parts = [types, *(speak("risk: {risk}", risk=", ".join(demand.risks)) for _ in demand.risks[:1])]
    parts += (
        [speak("of a customer") if demand.of_customer else speak("of no customer")]
        if demand.of_customer is not None
        else []
    )
    if "template" in demand.levels:
        return f"{' · '.join(parts)}: {speak('an approved template')}"
    seats = demand.role or demand.basis
    levels = ", ".join(speak(level) for level in dict.fromkeys(("signed", *demand.levels)))
    who = speak("{votes} votes of `{seats}`", votes=demand.votes, seats=seats) if seats else (
        speak("{votes} votes", votes=demand.votes))  # fmt: skip
    return f"{' · '.join(parts)}: {who} ({levels})"


def _standing(repository: Repository, tip: str, id: str, standing: Standing, as_json: bool) -> int:
    if standing.case is None or standing.tally is None:
        raise FindingsError("nobody can vote on {id}: {why}", "servicebook board", id=id,
                            why="; ".join(map(say_why, standing.faults)))  # fmt: skip
    voters = voters_of(standing.case, standing.casts, now_at(repository, tip))
    if as_json:
        print(json.dumps(_change_data(standing, voters), ensure_ascii=False, indent=1))
        return 0
    policy = standing.case.policy
    print(f"{id}  {speak('board `{board}`, version {version}', board=policy.id, version=policy.version)}")
    heads = [Column(speak(head)) for head in ("person", "as", "basis", "may vote", "why")]
    print(render_table(heads, [_row(voter) for voter in voters]))
    for vote in standing.tally.votes:
        if vote.blocks and vote.cast.statement:
            print(f"✗ {speak('{person} rejected it', person=vote.cast.statement.person)}")
    for gap in standing.tally.gaps:
        demand = f" ({say_demand(gap.demand)})" if gap.demand else ""
        print(f"✗ {say_why(gap.why)}{demand}")
    if standing.tally.passes:
        is_change = "/" not in standing.case.subject
        print(speak("all is there: it may be started") if is_change else speak("all is there: the board has agreed"))
    return 0


def _row(voter: Voter) -> Sequence[str | Cell]:
    if voter.against is None:
        return [voter.person, voter.seat.role, voter.seat.basis, Cell(speak("yes"), "green"), ""]
    return [voter.person, voter.seat.role, voter.seat.basis, Cell(speak("no"), "grey"), say_why(voter.against)]


def _change_data(standing: Standing, voters: Sequence[Voter]) -> dict[str, Any]:
    assert standing.case is not None and standing.tally is not None
    return {
        "id": standing.case.subject,
        "board": standing.case.policy.id,
        "plan": standing.case.plan,
        "policy": standing.case.policy.digest,
        "passes": standing.tally.passes,
        "missing": [str(gap.why) for gap in standing.tally.gaps],
        "voters": [
            {
                "person": one.person,
                "role": one.seat.role,
                "may_vote": one.against is None,
                "why": str(one.against or ""),
            }
            for one in voters
        ],
    }
