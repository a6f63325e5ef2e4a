"""May a key speak for the person in whose record it stands: did somebody answer for it before it was used?

A board's rules ask for that (`keys_vouched_by`, roles of its seats). Keys that stood in records when the rules first
asked are taken as they are, like the rules themselves. A later one is vouched for in a signed word on `person/ID`
that lies in `kb/people/ID.votes/`: of somebody with such a seat, or of the person, with an earlier key that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from servicebook.evidence.casts import CastReader
from servicebook.evidence.ledger import PEOPLE, Ledger, Lost
from servicebook.evidence.public_keys import SigningKey, key_digest
from servicebook.evidence.roster import Roster
from servicebook.evidence.verification import Vouched
from servicebook.records.kinds import votes_of
from servicebook.workflow.policy import Policy
from servicebook.workflow.statement import Statement
from servicebook.workflow.tally import Cast, Why, why

if TYPE_CHECKING:
    from servicebook.evidence.chain import Link

Before = Callable[[str, int], "Link | None"]
"""From a board and a position to the rules that it had before."""
Cited = Callable[[Policy, int], "Link | None"]
"""From the first rules of a board and their position to those of another board that they cite."""


class Word(NamedTuple):
    """A signed word on somebody's keys: where it lies, where it landed, what it says, and the key that signed it."""

    path: str
    position: int
    said: Statement
    key: SigningKey


class Vouching:
    """Who answers for which key, at every position of a branch.

    lost: votes that merges took away, by folder. at, cited: the rules of boards over time.
    """

    def __init__(
        self, ledger: Ledger, roster: Roster, casts: CastReader, lost: Mapping[str, Sequence[Lost]], at: Before,
        cited: Cited,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._roster = roster
        self._casts = casts
        self._lost = lost
        self._at = at
        self._cited = cited
        self._said: dict[str, list[Word]] = {}

    def heard(self, policy: Policy, folder: str, casts: Sequence[Cast], until: int) -> list[Cast]:
        """Return the votes of a folder, those signed with a key that nobody answers for marked as such.

        until: the position before which all must have landed.
        """
        if not policy.keys_vouched_by:
            return list(casts)
        return [self._with_key(policy, folder, cast, until) for cast in casts]

    def _with_key(self, policy: Policy, folder: str, cast: Cast, until: int) -> Cast:
        path = f"{folder}/{cast.name}.json"
        key = self._casts.signer(path)
        if cast.fault or cast.statement is None or key is None:
            return cast
        landed = self._casts.since(path)
        if cast.statement.decision == "reject":  # as it stood when it landed: a word that is taken back silences none
            until = min(until, landed + 1)
        return cast._replace(fault=self.against(policy, cast.statement.signed_by, key, landed, until))

    def against(self, policy: Policy, person: str, key: SigningKey, landed: int, until: int) -> Why | None:
        """Return why a key did not speak for somebody at the position `landed`, as known before `until`."""
        found = self._answer(policy, person, key, landed, until)
        return found if isinstance(found, Why) else None

    def words(self, policy: Policy, person: str, key: SigningKey, landed: int, until: int) -> list[Vouched]:
        """Return the word that answers for a key, and those that answer for the keys of such words, back to one that
        needs none; nothing for a key that needs none itself, or that nobody answers for.
        """
        found = []
        word = self._answer(policy, person, key, landed, until)
        while isinstance(word, Word):
            step, at = self._ledger.steps[word.position], self._ledger.landed[word.position]
            found.append(Vouched(person, key.line, word.said.person, word.path, step.id, at))
            person, key, place = word.said.person, word.key, word.position
            link = self._at(policy.id, place)
            word = self._answer(link.policy, person, key, place, place) if link and link.policy else None
        return found

    def _answer(self, policy: Policy, person: str, key: SigningKey, landed: int, until: int) -> Word | Why | None:
        """Return the word that answers for a key, or why none does; None for a key that needs none."""
        if not policy.keys_vouched_by or self._roster.since(person, key) < self._taken_before(policy, until):
            return None
        return self._voucher(policy.id, person, key, landed, until)

    def _taken_before(self, policy: Policy, until: int) -> int:
        """Return the position before which a key must have come to be taken as it is.

        That of the rules that first asked, in one run of versions up to these; the first rules of a branch, or those
        that are pinned, take what their own commit brings too.
        """
        link = self._at(policy.id, until)
        while link and (link.policy is None or link.policy.digest != policy.digest):
            link = self._at(policy.id, link.position)
        place = 0
        while link and link.policy and link.policy.keys_vouched_by:
            place = link.position + int(link.is_given)
            if link.is_given:
                break
            link = self._at(link.policy.id, link.position) or self._cited(link.policy, link.position)
        return place

    def _voucher(self, board: str, person: str, key: SigningKey, landed: int, until: int) -> Word | Why:
        """Return the word that answers for a key, or why none does."""
        folder = votes_of(f"{PEOPLE}/{person}.md")
        if lost := self._lost.get(folder):
            return why("a word on the keys of {person} was lost in the merge {commit}", person=person,
                       commit=lost[0].step.id[:10])  # fmt: skip
        faults: list[Why] = []
        last: dict[str, Word] = {}
        for word in self._words(person):
            if word.position < until and word.said.plan == key_digest(key):
                if fault := self._unfounded(board, person, key, word):
                    faults.append(fault)
                elif word.said.person not in last or last[word.said.person].said.seq < word.said.seq:
                    last[word.said.person] = word
        for name in sorted(last):
            known = {"person": person, "voucher": name}
            if last[name].said.decision != "approve":
                faults.insert(0, why("{voucher} took back the word for the key of {person}", **known))
            elif last[name].position > landed:
                faults.insert(0, why("{voucher} vouched for the key of {person} only after it was used", **known))
            else:
                return last[name]
        none = why("nobody vouched for the key of {person} ({fingerprint})", person=person, fingerprint=key.fingerprint)
        return faults[0] if faults else none

    def _unfounded(self, board: str, person: str, key: SigningKey, word: Word) -> Why | None:
        """Return why a word on a key is no word of somebody who may answer for it.

        The key that signed it must have been answered for before, so that this comes to an end.
        """
        voucher, known = word.said.person, {"person": person, "voucher": word.said.person}
        link = self._at(board, word.position)
        if link is None or link.policy is None or link.fault:
            return why("there were no rules of a board `{board}` before", board=board)
        if voucher == person and word.key == key:
            return why("{person} vouched for that key with the key itself", person=person)
        day = self._ledger.landed[word.position].date()
        if voucher != person and word.said.decision == "approve" and voucher not in link.policy.vouchers_on(day):
            return why("{voucher}, who vouched for the key of {person}, is not named by the rules of `{board}`",
                       board=board, **known)  # fmt: skip
        if self._roster.since(voucher, word.key) < self._taken_before(link.policy, word.position):
            return None
        if isinstance(self._voucher(board, voucher, word.key, word.position, word.position), Why):
            return why("nobody vouched for the key of {voucher}, who vouched for the key of {person}", **known)
        return None

    def _words(self, person: str) -> list[Word]:
        """Return all that was ever said about somebody's keys and is proven; what is taken away stays said."""
        if person not in self._said:
            folder = votes_of(f"{PEOPLE}/{person}.md")
            files = {path: self._ledger.states(path)[0].blob for path in self._ledger.paths(folder)}
            words = []
            for path, cast in self._casts.as_landed(files):
                key, said = self._casts.signer(path), cast.statement
                if said and key and not cast.fault and self._is_about(said, person):
                    words.append(Word(path, self._casts.since(path), said, key))
            self._said[person] = words
        return self._said[person]

    def _is_about(self, said: Statement, person: str) -> bool:
        return (
            said.subject == f"person/{person}"
            and said.repository == self._ledger.repository_id
            and said.level == "signed"
            and said.decision in ("approve", "withdraw")
        )
