"""Which rules a board had at some point of the main branch, and whether it came to them by its own rules.

The first policies on the branch are taken as given (or one that an auditor pins); every later one needs a higher
version, the digest of the one before, and the quorum of the one before, in votes that land with it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from servicebook.evidence.authors import Author, read_authors
from servicebook.evidence.casts import CastReader
from servicebook.evidence.ledger import BOARDS, Ledger, Lost
from servicebook.evidence.roster import Roster
from servicebook.evidence.verification import Standing
from servicebook.evidence.vouching import Vouching
from servicebook.records.kinds import votes_of
from servicebook.store.mainline import commits_since
from servicebook.workflow.plan_digest import NoDigestError
from servicebook.workflow.policy import Policy, PolicyError, is_policy, parse_policy, policy_digest
from servicebook.workflow.tally import Case, Cast, Tally, Why, why
from servicebook.workflow.votes import count_votes


class Link(NamedTuple):
    """One version of a board's rules: from which position on it holds, and what speaks against trusting it."""

    position: int
    policy: Policy | None
    fault: Why | None
    tally: Tally | None = None
    commit: str = ""

    @property
    def is_given(self) -> bool:
        """Whether it is taken as given: the first rules of the branch, or those that an auditor pins."""
        return self.policy is not None and self.fault is None and self.tally is None


class Chain:
    """The rules of every board over time."""

    def __init__(
        self,
        ledger: Ledger,
        roster: Roster,
        casts: CastReader,
        roots: Sequence[str] = (),
        lost: Mapping[str, Sequence[Lost]] = {},
    ) -> None:
        self._ledger = ledger
        self._roster = roster
        self._casts = casts
        self._roots = frozenset(roots)
        self._authors: Mapping[str, Sequence[Author]] | None = None
        self.links: dict[str, list[Link]] = {}
        self.vouching = Vouching(ledger, roster, casts, lost, self.at, self._cited)
        self._walk()

    def at(self, board: str, position: int) -> Link | None:
        """Return the rules of a board before `position`; None where it had none then."""
        links = [link for link in self.links.get(board, ()) if link.position < position]
        return links[-1] if links else None

    def casts(self, policy: Policy, folder: str, position: int) -> list[Cast]:
        """Return the votes of a folder before `position`, as the rules that count them hear them."""
        return self.vouching.heard(policy, folder, self._casts.read(folder, position), position)

    def first(self) -> int:
        """Return the position of the commit that brought the first rules at all; the end where there are none."""
        return min((link.position for links in self.links.values() for link in links), default=self._ledger.end)

    def trusted(self, board: str, policy: Policy | None = None) -> Link | None:
        """Return the last rules of a board that can be trusted, or of the one that the new rules of a board cite."""
        links = [link for link in self.links.get(board, ()) if link.policy and not link.fault]
        if policy and not links:
            return self._cited(policy, self._ledger.end)
        return links[-1] if links else None

    def standing(self, board: str) -> Standing:
        """Return what a vote on the rules that a board has at the tip, and that nobody has agreed to yet, is about."""
        path = f"{BOARDS}/{board}.md"
        policy = self._read(path, self._ledger.end)
        if not isinstance(policy, Policy):
            return Standing(None, (), None, (policy or why("the board `{board}` has no rules", board=board),))
        before = self.trusted(board, policy)
        if before is None or before.policy is None:
            return Standing(None, (), None, (why("no rules are trusted that these could follow"),))
        params = {"board": board, "version": policy.version, "old": before.policy.version}
        if before.policy.digest == policy.digest:
            return Standing(None, (), None, (why("version {version} of the board `{board}` is in force", **params),))
        if policy.previous_digest != before.policy.digest:
            due = why("its `previous_digest` must be {digest}", digest=before.policy.digest)
            return Standing(None, (), None, (due,))
        if before.policy.id == board and policy.version <= before.policy.version:
            back = "version {version} of the board `{board}` follows version {old}: rules only go forward"
            return Standing(None, (), None, (why(back, **params),))
        fresh = commits_since(self._ledger.repository, before.commit, self._ledger.tip)
        case = self._case(path, self._ledger.end, fresh, policy, before.policy)
        casts = self.casts(case.policy, votes_of(path), self._ledger.end)
        return Standing(case, casts, count_votes(case, casts))

    def _walk(self) -> None:
        """Follow all boards together: a new board may cite the rules of another."""
        moves: dict[int, list[str]] = {}
        for path in self._ledger.paths(BOARDS):
            if path.endswith(".md") and path.count("/") == BOARDS.count("/") + 1:
                for state in self._ledger.states(path):
                    moves.setdefault(state.position, []).append(path)
        first = None
        for position in sorted(moves):
            steps = [(path, self._read(path, position)) for path in sorted(moves[position])]
            if first is None and any(isinstance(read, Policy) for _, read in steps):
                first = position
            for path, read in steps:
                self._follow(path, position, read, is_first=first == position)

    def _read(self, path: str, position: int) -> Policy | Why | None:
        """Return the rules that a commit leaves behind at a path: None where it has none."""
        blob = self._ledger.blob(path, position + 1)
        board = path.rpartition("/")[2].removesuffix(".md")
        if not blob:
            return None
        front = self._ledger.front(path, blob)
        if front is None:
            return why("the record of the board `{board}` cannot be read", board=board)
        if not is_policy(front.data):
            return None
        try:
            policy = parse_policy(front.data)
        except (PolicyError, NoDigestError) as error:
            return why("the rules of the board `{board}` cannot be read: `{field}`", board=board, field=error)
        if policy.id != board:
            return why("the record of the board `{board}` says it is `{id}`", board=board, id=policy.id)
        return policy

    def _follow(self, path: str, position: int, read: Policy | Why | None, *, is_first: bool) -> None:
        board = path.rpartition("/")[2].removesuffix(".md")
        before = self.at(board, position)
        commit = self._ledger.steps[position].id
        if read is None:
            if before is not None:
                link = Link(position, None, why("the board `{board}` was taken away", board=board), None, commit)
                self.links[board].append(link)
            return
        if isinstance(read, Why):
            self.links.setdefault(board, []).append(Link(position, None, read, None, commit))
            return
        if before and before.policy and before.policy.digest == read.digest:
            return  # prose alone
        fault, tally = self._against(path, position, read, before, is_first)
        self.links.setdefault(board, []).append(Link(position, read, fault, tally, commit))

    def _against(
        self, path: str, position: int, policy: Policy, before: Link | None, is_first: bool
    ) -> tuple[Why | None, Tally | None]:
        """Return why a version is not to be trusted, and the votes on it."""
        if self._roots:
            if policy.digest in self._roots:
                return None, None
        elif is_first:
            return None, None
        cited = before or self._cited(policy, position)
        previous = cited.policy if cited else None
        if before and before.fault:
            return before.fault, None
        params = {"board": policy.id, "version": policy.version}
        if previous is None:
            if self._roots:
                return why("the rules of the board `{board}` do not follow from those that are pinned", **params), None
            return why("the board `{board}` is new, and no other board's rules are cited as `previous_digest`",
                       **params), None  # fmt: skip
        if before and policy.version <= previous.version:
            return why("version {version} of the board `{board}` follows version {old}: rules only go forward",
                       old=previous.version, **params), None  # fmt: skip
        if policy.previous_digest != previous.digest:
            return why("version {version} of the board `{board}` does not cite the rules before it", **params), None
        tally = self._tally(path, position, policy, previous)
        if tally.passes:
            return None, tally
        said = "; ".join(str(gap.why) for gap in tally.gaps) or "a reject stands"
        return why("version {version} of the board `{board}` was not approved by the rules before it: {why}",
                   why=said, **params), tally  # fmt: skip

    def _cited(self, policy: Policy, position: int) -> Link | None:
        """Return the trusted rules of another board that a new board cites."""
        for board in self.links:
            link = self.at(board, position)
            if link and link.policy and not link.fault and link.policy.digest == policy.previous_digest:
                return link
        return None

    def _tally(self, path: str, position: int, policy: Policy, previous: Policy) -> Tally:
        step = self._ledger.steps[position]
        fresh = commits_since(self._ledger.repository, step.parents[0], step.id)
        case = self._case(path, position, fresh, policy, previous)
        casts = self._casts.read(votes_of(path), position + 1, keys_at=position)
        return count_votes(case, self.vouching.heard(previous, votes_of(path), casts, position))

    def _case(self, path: str, position: int, fresh: Container[str], policy: Policy, previous: Policy) -> Case:
        authors = [author for author in self._authors_of(path.rpartition("/")[2]) if author.commit in fresh]
        excluded = {
            person: why("{person} wrote the new rules", person=person)
            for author in authors
            for person in self._roster.persons_of(author.email, position)
        }
        return Case(
            self._ledger.repository_id, f"board/{policy.id}", policy.digest, previous, "policy", "high", "", excluded
        )

    def _authors_of(self, name: str) -> Sequence[Author]:
        if self._authors is None:
            self._authors = read_authors(
                self._ledger.repository, self._ledger.tip, [f":(glob){BOARDS}/*.md"], self._digest_of
            )
        return self._authors.get(name, ())

    def _digest_of(self, path: str, blob: str) -> str:
        front = self._ledger.front(path, blob) if blob else None
        try:
            return policy_digest(front.data) if front else ""
        except NoDigestError:
            return ""
