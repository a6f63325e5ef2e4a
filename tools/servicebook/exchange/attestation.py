"""Which votes a forge's account may sign for the people who reviewed a pull request, and which reviews say nothing.

Who has which account, who sits on the board and which account may attest is read from the branch that the pull
request goes to: a pull request cannot make somebody a reviewer of itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from servicebook.errors import FindingsError, UsageError
from servicebook.exchange.forge_reviews import Review
from servicebook.records.kinds import votes_of
from servicebook.store.git import try_git
from servicebook.store.mainline import first_commit, is_ancestor
from servicebook.store.repository import Repository
from servicebook.store.snapshot import Snapshot
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.frozen_body import body_before_log
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.plan_digest import NoDigestError, plan_digest
from servicebook.workflow.policy import Policy, PolicyError, is_policy, parse_policy
from servicebook.workflow.statement import NotAVoteError, Statement, name_parts, read_statement

UNHEARD = {
    "stranger": "`{account}`: nobody's record has this account on {forge}",
    "author": "`{account}` wrote the pull request",
    "older": "`{account}` looked at an older commit, {commit}",
    "no_seat": "{person} has no seat on the board `{board}` today",
    "nothing": "`{account}`: the review was dismissed",
}
"""Why a review becomes no vote."""


class Unheard(NamedTuple):
    """A review that becomes no vote: a key of UNHEARD, and its values."""

    why: str
    params: Mapping[str, str]


class Request(NamedTuple):
    """A pull request: on which forge, who opened it, its head, and where it can be looked up."""

    forge: str
    author: str
    head: str
    reference: str


class Attested(NamedTuple):
    """What comes of the reviews for one change: the statements to sign, and what was not heard."""

    path: str
    statements: Sequence[Statement]
    unheard: Sequence[Unheard]


def changed_changes(repository: Repository, base: str, head: str) -> list[str]:
    """Return the paths of the change records that a pull request adds or edits."""
    words = ["diff", "--name-only", "-z", "--diff-filter=AMR", f"{base}...{head}", "--", "tickets/changes"]
    paths = repository.git(*words).decode("utf-8", "surrogateescape").split("\0")
    return [path for path in paths if path.endswith(".md")]


def attest(
    desk: Snapshot, path: str, request: Request, reviews: Sequence[Review], attestor: str, now: str, day: date
) -> Attested:
    """Return the votes to be signed for one change.

    desk: at the branch that the pull request goes to. path: of the change, in the head. attestor: the slug of the
    account that signs. now: written where a review says no time. day: tells which seats are held.
    Raises UsageError for a change that cannot be read, FindingsError where the board does not let `attestor` attest.
    """
    data, plan = _plan(desk.repository, path, request.head)
    policy = _policy(desk, data)
    if attestor not in policy.attestors:
        raise FindingsError(
            "the board `{board}` does not name {person} among its `attestors`: the votes would not count",
            "add it to kb/boards/{board}.md, which takes the board's own vote",
            board=policy.id, person=attestor,
        )  # fmt: skip
    said = _said(desk.repository, votes_of(path), (request.head, "HEAD"))
    about = Statement(
        first_commit(desk.repository, request.head), str(data["id"]), plan, policy.digest, "", "", "", 1,
        level="forge_attested", signed_by=attestor,
    )  # fmt: skip
    return _Attesting(desk, request, policy, about, said, day, now).over(path, reviews)


class _Attesting:
    """One change, one request: what all its reviews are held against."""

    def __init__(
        self,
        desk: Snapshot,
        request: Request,
        policy: Policy,
        about: Statement,
        said: dict[str, list[Statement]],
        day: date,
        now: str,
    ) -> None:
        self.repository = desk.repository
        self.request = request
        self.policy = policy
        self.about = about
        self.said = said
        self.day = day
        self.now = now
        self.people = _people(desk, request.forge)
        self.unheard: list[Unheard] = []

    def over(self, path: str, reviews: Sequence[Review]) -> Attested:
        """Return what comes of all reviews."""
        found = [*self._submission(), *(vote for review in reviews for vote in self._vote(review))]
        if self.request.forge == "gitlab":  # which lists approvals, and no longer those that were taken back
            standing = {review.account.lower() for review in reviews}
            found += self._taken_back(standing)
        return Attested(path, found, self.unheard)

    def _submission(self) -> Iterator[Statement]:
        """Yield the submission of this plan by whoever opened the pull request, once."""
        person = self.people.get(self.request.author.lower())
        if person is None:
            self._not("stranger", account=self.request.author, forge=self.request.forge)
            return
        earlier = self.said.get(person, ())
        if not any(one.decision == "submit" and one.plan == self.about.plan for one in earlier):
            yield self._statement(person, "", "submit", self.request.reference, self.now)

    def _vote(self, review: Review) -> Iterator[Statement]:
        account = review.account
        person = self.people.get(account.lower())
        if account.lower() == self.request.author.lower():
            self._not("author", account=account)
        elif person is None:
            self._not("stranger", account=account, forge=self.request.forge)
        elif review.word == "withdraw":
            taken_back = list(self._withdrawal(person, review.reference, review.at))
            if not taken_back:
                self._not("nothing", account=account)
            yield from taken_back
        elif not self._is_about_head(review):
            self._not("older", account=account, commit=review.commit[:10] or "-")
        else:
            yield from self._counted(person, review)

    def _counted(self, person: str, review: Review) -> Iterator[Statement]:
        role = self._role(person)
        if role is None:
            self._not("no_seat", person=person, board=self.policy.id)
            return
        words = [one for one in self.said.get(person, ()) if one.decision != "submit"]
        same = (review.word, self.about.plan, self.about.policy)
        if not words or (words[-1].decision, words[-1].plan, words[-1].policy) != same:
            yield self._statement(person, role, review.word, review.reference, review.at)

    def _taken_back(self, standing: set[str]) -> Iterator[Statement]:
        for account, person in self.people.items():
            if account not in standing:
                yield from self._withdrawal(person, self.request.reference, self.now)

    def _withdrawal(self, person: str, reference: str, at: str) -> Iterator[Statement]:
        """Yield the withdrawal of what was attested for a person, where something stands."""
        words = [one for one in self.said.get(person, ()) if one.decision != "submit"]
        if words and words[-1].level == "forge_attested" and words[-1].decision in ("approve", "reject"):
            yield self._statement(person, words[-1].role, "withdraw", reference, at)

    def _statement(self, person: str, role: str, decision: str, reference: str, at: str) -> Statement:
        seq = max((one.seq for one in self.said.get(person, ())), default=0) + 1
        made = self.about._replace(
            person=person, role=role, decision=decision, seq=seq, evidence=reference, at=at or self.now
        )
        self.said.setdefault(person, []).append(made)
        return made

    def _is_about_head(self, review: Review) -> bool:
        """Whether a review is of the head, or of a commit from which on only votes were added."""
        if review.commit in ("head", self.request.head):
            return True
        if not review.commit or not is_ancestor(self.repository, review.commit, self.request.head):
            return False
        words = ["diff", "--name-only", "-z", review.commit, self.request.head]
        paths = self.repository.git(*words).decode("utf-8", "surrogateescape").split("\0")
        return all(".votes/" in path for path in paths if path)

    def _role(self, person: str) -> str | None:
        """Return the role of the seat that a person holds, or may stand in for; None for no seat."""
        seats = [seat for seat in self.policy.seats if seat.person == person and seat.is_held_on(self.day)]
        lent = [seat for seat in self.policy.seats if seat.deputy == person and seat.may_stand_in_on(self.day)]
        return next((seat.role for seat in (*seats, *lent)), None)

    def _not(self, why: str, **params: str) -> None:
        self.unheard.append(Unheard(why, params))


def _plan(repository: Repository, path: str, head: str) -> tuple[dict[str, Any], str]:
    """Return the fields of a change at the head, and its plan's digest."""
    status, out = try_git(["cat-file", "blob", f"{head}:{path}"], repository.root)
    front = None if status else parse_front_matter(SourceFile(path, out))[0]
    try:
        if front is not None and isinstance(front.data.get("id"), str):
            return front.data, plan_digest(front.data, body_before_log(front.body))
    except NoDigestError:
        pass
    raise UsageError("the plan of {path} cannot be read at {rev}", "servicebook check", path=path, rev=head)


def _policy(desk: Snapshot, data: Mapping[str, Any]) -> Policy:
    """Return the rules of the change's board, or of the only one there is."""
    boards = [board for board in desk.of_kind("board") if is_policy(board.data) and board.status != "retired"]
    named = data.get("board")
    found = [board for board in boards if (board.id == named if named else board.get("board_type") != "emergency_cab")]
    if len(found) == 1:
        try:
            return parse_policy(found[0].data)
        except PolicyError as error:
            raise UsageError("the rules of the board `{board}` cannot be read: `{field}`", "servicebook check",
                             board=found[0].id, field=error) from error  # fmt: skip
    raise UsageError(
        "no rules of a board `{board}` are there before the pull request" if named else "the change names no board",
        "servicebook list board",
        board=named or "-",
    )


def _people(desk: Snapshot, forge: str) -> dict[str, str]:
    """Return whose an account is, in small letters; one that two people claim is nobody's."""
    found: dict[str, str] = {}
    for person in desk.of_kind("person"):
        account = str(person.get("accounts", forge, default="")).lower()
        if account:
            found[account] = "" if account in found else person.id
    return {account: person for account, person in found.items() if person}


def _said(repository: Repository, folder: str, revs: Sequence[str]) -> dict[str, list[Statement]]:
    """Return what each person has said on a change already in one of some revisions, by number."""
    found: dict[tuple[str, int], Statement] = {}
    for rev in revs:
        status, out = try_git(["ls-tree", "-z", "--name-only", f"{rev}:{folder}"], repository.root)
        for name in out.decode("utf-8", "surrogateescape").split("\0") if status == 0 else ():
            if name.endswith(".json") and (said := _vote_in(repository, f"{rev}:{folder}/{name}", name)):
                found[said.person, said.seq] = said
    people: dict[str, list[Statement]] = {}
    for (person, _), said in sorted(found.items()):
        people.setdefault(person, []).append(said)
    return people


def _vote_in(repository: Repository, place: str, name: str) -> Statement | None:
    """Return the statement of a file by its name; one that cannot be read takes its number all the same."""
    try:
        person, seq = name_parts(name)
    except NotAVoteError:
        return None
    try:
        return read_statement(repository.git("cat-file", "blob", place))._replace(person=person, seq=seq)
    except NotAVoteError:
        return Statement("", "", "", "", person, "", "", seq)
