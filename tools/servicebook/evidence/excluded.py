"""Who has no vote on a change: those who wrote its plan, asked for it or implement it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from servicebook.workflow.tally import Why, why

if TYPE_CHECKING:
    from servicebook.evidence.verify import Verifier


def excluded_from(
    verifier: Verifier, id: str, data: Mapping[str, Any], position: int
) -> tuple[dict[str, Why], list[Why]]:
    """Return who may not approve a change and why, and a note on each author whom nobody's record knows.

    data: the front matter of the plan. position: before which people's addresses are read.
    """
    found: dict[str, Why] = {}
    notes: list[Why] = []
    for author in verifier.authors.get(f"{id}.md", ()):
        commit = author.commit[:10]
        persons = verifier.roster.persons_of(author.email, position)
        for person in persons:
            found.setdefault(person, why("{person} wrote a part of the plan ({commit})", person=person, commit=commit))
        if not persons:
            notes.append(why("the plan has an author whom nobody's record knows: {email} ({commit})",
                             email=author.email or "-", commit=commit))  # fmt: skip
    if isinstance(requester := data.get("requested_by"), str):
        found.setdefault(requester, why("{person} asked for the change", person=requester))
    if isinstance(implementer := data.get("assigned_to"), str):
        found.setdefault(implementer, why("{person} implements it", person=implementer))
    return found, list(dict.fromkeys(notes))
