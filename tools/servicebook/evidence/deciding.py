"""Which board's rules decide on a change, as they stood at some point of the branch, or why none do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from servicebook.evidence.chain import Link
from servicebook.workflow.tally import Why, why

if TYPE_CHECKING:
    from servicebook.evidence.verify import Verifier


def rules_for(verifier: Verifier, data: Mapping[str, Any], position: int) -> Link | Why:
    """Return the rules before `position` of the board that a change (its front matter) names, or that it falls to.

    One that names none falls to its template's board, else to the only one that is not just for emergencies.
    """
    if board := str(data.get("board") or ""):
        return trusted_rules(verifier, board, position)
    if data.get("change_type") == "standard" and data.get("template"):
        named = verifier.templates.board_of(str(data["template"]), position)
        return trusted_rules(verifier, named, position) if named else why("its template names no board")
    links = {name: verifier.chain.at(name, position) for name in verifier.chain.links}
    policies = {name: link.policy for name, link in links.items() if link and link.policy}
    for_emergencies = {policy.emergency_board for policy in policies.values()}
    boards = [name for name in policies if name not in for_emergencies]
    return trusted_rules(verifier, boards[0], position) if len(boards) == 1 else why("it names no board")


def trusted_rules(verifier: Verifier, board: str, position: int) -> Link | Why:
    """Return the rules of a board before `position`, which it came to by its own rules."""
    link = verifier.chain.at(board, position)
    if link is None:
        return why("there were no rules of a board `{board}` before", board=board)
    return link.fault or link
