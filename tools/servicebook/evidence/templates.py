"""Does the template of a standard change stand for its approval: approved once, still good, and kept to?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from servicebook.evidence.authors import Author, read_authors
from servicebook.evidence.chain import Chain
from servicebook.evidence.ledger import ARTICLES, Ledger
from servicebook.evidence.roster import Roster
from servicebook.evidence.template_terms import Departure, departures
from servicebook.evidence.verification import Standing
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import votes_of
from servicebook.text.front_matter import FrontMatter
from servicebook.workflow.plan_digest import NoDigestError
from servicebook.workflow.policy import Policy, template_digest
from servicebook.workflow.tally import Case, Why, why
from servicebook.workflow.votes import count_votes

Uses = Callable[[str, int], int]
"""From a template and a position to the number of changes that had been started by it before."""


class Templates:
    """The templates of standard changes over time."""

    def __init__(self, ledger: Ledger, roster: Roster, chain: Chain, uses: Uses) -> None:
        self._ledger = ledger
        self._roster = roster
        self._chain = chain
        self._uses = uses
        self._authors: dict[str, Sequence[Author]] = {}
        self._approved: dict[tuple[str, str, int], Why | None] = {}

    def board_of(self, slug: str, position: int) -> str:
        """Return the board that a template says approved it; empty where it says none."""
        front = self._front(slug, position)
        terms = front.data.get("standard_change") if front else None
        return str(terms.get("board") or "") if isinstance(terms, dict) else ""

    def fault_of(self, plan: FrontMatter, position: int, is_started: bool, now: datetime) -> Why | None:
        """Return why a change's template does not stand for its approval at a position; None when it does."""
        change = plan.data
        slug = str(change.get("template") or "")
        front = self._front(slug, position)
        terms = front.data.get("standard_change") if front else None
        if front is None or not isinstance(terms, dict):
            return why("the template `{template}` is no template of standard changes", template=slug)
        at = self._ledger.landed[position] if is_started else now
        return (
            self._against_terms(slug, front.data, terms, change, position, at.date())
            or next((_why(slug, one) for one in departures(front, plan)), None)
            or self._unapproved(slug, front, str(terms.get("board") or ""), position)
        )

    def standing(self, slug: str) -> Standing:
        """Return what a vote on a template, as the tip has it, is about."""
        end = self._ledger.end
        front = self._front(slug, end)
        terms = front.data.get("standard_change") if front else None
        if front is None or not isinstance(terms, dict):
            none = why("the template `{template}` is no template of standard changes", template=slug)
            return Standing(None, (), None, (none,))
        board = str(terms.get("board") or "")
        link = self._chain.trusted(board)
        if link is None or link.policy is None:
            return Standing(None, (), None, (why("there were no rules of a board `{board}` before", board=board),))
        try:
            digest = template_digest(front.data, front.body)
        except NoDigestError:
            none = why("the template `{template}` is no template of standard changes", template=slug)
            return Standing(None, (), None, (none,))
        casts = self._chain.casts(link.policy, votes_of(f"{ARTICLES}/{slug}.md"), end)
        case = self._case(slug, digest, link.policy, self._excluded(slug, end))
        return Standing(case, casts, count_votes(case, casts))

    def _front(self, slug: str, position: int) -> FrontMatter | None:
        path = f"{ARTICLES}/{slug}.md"
        return self._ledger.front(path, self._ledger.blob(path, position))

    def _against_terms(
        self, slug: str, data: Mapping[str, Any], terms: Mapping[str, Any], change: Mapping[str, Any], position: int,
        day: date,
    ) -> Why | None:  # fmt: skip
        try:
            last = date.fromisoformat(data.get("valid_to") or "")
        except (TypeError, ValueError):
            return why("the template `{template}` has no `valid_to`", template=slug)
        planned = parse_instant(change.get("planned_start_at"))
        if max(day, planned.date() if planned else day) > last:
            return why("the template `{template}` was valid to {day}", template=slug, day=last)
        if data.get("status") not in (None, "active"):
            return why("the template `{template}` is `{status}`", template=slug, status=data.get("status"))
        most = terms.get("uses")
        if most is not None and (type(most) is not int or self._uses(slug, position) >= most):
            return why(
                "the template `{template}` was used {count} times, as often as it may", template=slug, count=most
            )
        return None

    def _unapproved(self, slug: str, front: FrontMatter, board: str, position: int) -> Why | None:
        """Return why a template was not approved by its board, under any rules that the board had until then."""
        try:
            digest = template_digest(front.data, front.body)
        except NoDigestError:
            return why("the template `{template}` is no template of standard changes", template=slug)
        if (slug, digest, position) not in self._approved:
            self._approved[slug, digest, position] = self._count(slug, digest, board, position)
        return self._approved[slug, digest, position]

    def _count(self, slug: str, digest: str, board: str, position: int) -> Why | None:
        path = f"{ARTICLES}/{slug}.md"
        if self._ledger.altered(votes_of(path), position):
            return why("a vote on the template `{template}` was changed or taken away", template=slug)
        excluded = self._excluded(slug, position)
        for link in self._chain.links.get(board, ()):
            if link.policy is None or link.fault or link.position >= position:
                continue
            casts = self._chain.casts(link.policy, votes_of(path), position)
            if count_votes(self._case(slug, digest, link.policy, excluded), casts).passes:
                return None
        return why(
            "the template `{template}` was not approved by the board `{board}`", template=slug, board=board or "-"
        )

    def _case(self, slug: str, digest: str, policy: Policy, excluded: Mapping[str, Why]) -> Case:
        return Case(self._ledger.repository_id, f"article/{slug}", digest, policy, "template", "high", "", excluded)

    def _excluded(self, slug: str, position: int) -> dict[str, Why]:
        return {
            person: why("{person} wrote a part of the template", person=person)
            for author in self._authors_of(slug)
            for person in self._roster.persons_of(author.email, position)
        }

    def _authors_of(self, slug: str) -> Sequence[Author]:
        if slug not in self._authors:
            found = read_authors(self._ledger.repository, self._ledger.tip, [f"{ARTICLES}/{slug}.md"], self._digest_of)
            self._authors[slug] = found.get(f"{slug}.md", ())
        return self._authors[slug]

    def _digest_of(self, path: str, blob: str) -> str:
        front = self._ledger.front(path, blob) if blob else None
        try:
            return template_digest(front.data, front.body) if front else ""
        except NoDigestError:
            return ""


def _why(slug: str, one: Departure) -> Why:
    """Return a departure as a reason against a change."""
    if one.what == "parameters":
        return why("its parameters are {given}; the template `{template}` leaves open {due}", template=slug,
                   given=one.found, due=one.due)  # fmt: skip
    if one.what == "plan":
        return why("it has a plan of its own beside the template `{template}`", template=slug)
    if one.what in ("assets", "service"):
        return why("the template `{template}` is not for {assets}", template=slug, assets=one.found)
    return why("its `{what}` is not as the template `{template}` has it: `{found}`; due was `{due}`", template=slug,
               **one._asdict())  # fmt: skip
