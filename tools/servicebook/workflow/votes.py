"""Who has agreed to a change, as the board's rules count it; every vote comes back with why it counts or not.

Pure: what a vote's signature proves, when it landed and who wrote the plan is told from outside. Persons are
counted, never keys or files, and the order in which votes are given says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from servicebook.workflow.policy import Demand, Seat, is_within
from servicebook.workflow.statement import LEVELS, Statement
from servicebook.workflow.tally import Case, Cast, Condition, Gap, Judged, Tally, Why, why

WORDS = ("approve", "reject", "abstain", "withdraw")
"""The decisions that are votes; a submission opens the voting and is none."""


def count_votes(case: Case, casts: Iterable[Cast]) -> Tally:
    """Return the tally of the votes on a case."""
    demands = case.policy.demands_on(case.change_type, case.risk, case.customer)
    judged: list[Judged] = []
    heard: list[tuple[Cast, Statement]] = []
    for cast in casts:
        fault = _fault(case, cast)
        if fault or cast.statement is None:
            judged.append(Judged(cast, False, False, fault or why("it is no vote")))
        else:
            heard.append((cast, cast.statement))
    submissions = [(cast, said) for cast, said in heard if _opens(case, demands, said)]
    count = _Count(case, demands, heard, submissions)
    judged += [count.judge(cast, said) for cast, said in heard]
    judged.sort(key=_place)
    counted = [one for one in judged if one.counts]
    gaps = _gaps(case, demands, counted, bool(submissions))
    return Tally(
        tuple(judged),
        tuple(gaps),
        tuple(sorted({said.person for _, said in submissions})),
        count.opened_at,
        tuple(condition for one in counted for condition in _conditions(one)),
        frozenset(name for one in counted for name in _waives(one)),
    )


class Voter(NamedTuple):
    """Somebody who could vote from a seat: `against` says why their approval would not count, None when it would."""

    seat: Seat
    person: str
    against: Why | None


def voters_of(case: Case, casts: Sequence[Cast], at: datetime) -> list[Voter]:
    """Return who could approve a case at an instant, seat by seat, the deputies of today beside the members."""
    tally = count_votes(case, casts)
    found = []
    for seat in case.policy.seats:
        deputy = [seat.deputy] if seat.may_stand_in_on(at.date()) else []
        for person in (seat.person, *deputy):
            found.append(Voter(seat, person, _against(case, casts, tally, seat, person, at)))
    return found


def _against(case: Case, casts: Sequence[Cast], tally: Tally, seat: Seat, person: str, at: datetime) -> Why | None:
    """Return why an approval of somebody would not count if it landed at `at`, signed, from a seat."""
    if any(vote.counts and vote.cast.statement and vote.cast.statement.person == person for vote in tally.votes):
        return why("{person} has approved it", person=person)
    said = Statement(
        case.repository, case.subject, case.plan, case.policy.digest, person, seat.role, "approve", 9999,
        signed_by=person,
    )  # fmt: skip
    tried = count_votes(case, [*casts, Cast("", said, at)])
    return next((None if vote.counts else vote.why for vote in tried.votes if vote.cast.statement is said), None)


def _place(one: Judged) -> tuple[str, int, str]:
    said = one.cast.statement
    return (said.person, said.seq, one.cast.name) if said else ("~", 0, one.cast.name)


def _fault(case: Case, cast: Cast) -> Why | None:
    """Return why a file says nothing about this case at all."""
    said = cast.statement
    if cast.fault or said is None:
        return cast.fault
    if said.repository != case.repository:
        return why("it was cast in another repository ({found})", found=said.repository[:10])
    if said.subject != case.subject:
        return why("it is about {found}", found=said.subject)
    if said.level == "recorded" and said.signed_by not in case.policy.secretaries:
        return why("{person} is not a secretary of the board `{board}`", person=said.signed_by, board=case.policy.id)
    if said.level == "forge_attested" and said.signed_by not in case.policy.attestors:
        return why("{person} does not attest for the board `{board}`", person=said.signed_by, board=case.policy.id)
    return None


def _opens(case: Case, demands: Sequence[Demand], said: Statement) -> bool:
    """Whether this is a submission of this very plan, proven well enough for what is asked."""
    asked = [demand for demand in demands if demand.votes]
    is_enough = said.level == "signed" or (
        said.level == "forge_attested" and all("forge_attested" in demand.levels for demand in asked)
    )
    return said.decision == "submit" and said.plan == case.plan and is_enough


class _Count:
    """What all votes say together, against which each is judged."""

    def __init__(
        self,
        case: Case,
        demands: Sequence[Demand],
        heard: Sequence[tuple[Cast, Statement]],
        submissions: Sequence[tuple[Cast, Statement]],
    ) -> None:
        self.case = case
        self.demands = demands
        self.submitters = {said.person for _, said in submissions}
        self.opened_at = min((cast.landed_at for cast, _ in submissions), default=None)
        self.words: dict[str, list[tuple[Cast, Statement]]] = {}
        for cast, said in sorted(heard, key=lambda one: (one[1].seq, one[0].name)):
            if said.decision in WORDS:
                self.words.setdefault(said.person, []).append((cast, said))

    def judge(self, cast: Cast, said: Statement) -> Judged:
        """Return what becomes of one vote that is heard."""
        if said.decision == "submit":
            return Judged(cast, False, False, self._on_submission(said))
        if said.decision == "reject":
            return self._on_reject(cast, said)
        last = self.words[said.person][-1][1]
        if last.seq > said.seq:
            return Judged(cast, False, False, why("{person} said something else later: {name}",
                                                  person=said.person, name=last.name))  # fmt: skip
        if said.decision != "approve":
            return Judged(cast, False, False, why("it is neither for nor against"))
        fault, seat = self._against_approval(cast, said)
        return Judged(cast, not fault, False, fault or self._for(seat), seat)

    def _on_submission(self, said: Statement) -> Why:
        if said.plan != self.case.plan:
            return why("it submits another plan; the plan was edited since")
        if said.person in self.submitters:
            return why("it submits this plan")
        return why("it is {level}; the rules ask for a signed submission", level=said.level)

    def _on_reject(self, cast: Cast, said: Statement) -> Judged:
        seat = self._seat(cast, said)
        if isinstance(seat, Why):
            return Judged(cast, False, False, seat)
        rank = LEVELS.index(said.level)
        for other, later in self.words[said.person]:
            if other.order < cast.order:  # a number is only what somebody wrote: what landed before takes nothing back
                continue
            if later.seq > said.seq and later.decision == "reject":
                return Judged(cast, False, False, why("{person} said something else later: {name}",
                                                      person=said.person, name=later.name))  # fmt: skip
            if later.seq > said.seq and LEVELS.index(later.level) >= rank:
                return Judged(cast, False, False, why("{person} took it back: {name}",
                                                      person=said.person, name=later.name))  # fmt: skip
        return Judged(cast, False, True, why("it stands until {person} takes it back", person=said.person), seat)

    def _against_approval(self, cast: Cast, said: Statement) -> tuple[Why | None, Seat | None]:
        """Return why an approval does not count, and else the seat it fills."""
        if said.plan != self.case.plan:
            return why("it approves another plan; the plan was edited since"), None
        if stronger := self._signed_otherwise(said):
            return why("{person} said something else with a stronger proof: {name}", person=said.person,
                       name=stronger), None  # fmt: skip
        if said.policy != self.case.policy.digest:
            return why("it was cast under other rules of the board `{board}`", board=self.case.policy.id), None
        if reason := self._exclusion(cast, said.person):
            return reason, None
        seat = self._seat(cast, said)
        if isinstance(seat, Why):
            return seat, None
        within = self.case.policy.vote_within
        if within and self.opened_at and cast.landed_at > self.opened_at + within:
            return why("it came after the deadline of {at}", at=(self.opened_at + within).isoformat()), None
        if not any(_serves(demand, seat, said.level) for demand in self.demands):
            return why("no demand of the board takes it: it is {level}", level=said.level), None
        return None, seat

    def _signed_otherwise(self, said: Statement) -> str:
        """Return the name of the voter's last word with a stronger proof, where that is no approval; else empty.

        Who signs that they abstain, or take a vote back, is not made to approve by what somebody else writes down.
        """
        rank = LEVELS.index(said.level)
        words = [word for _, word in self.words[said.person] if LEVELS.index(word.level) > rank]
        return words[-1].name if words and words[-1].decision != "approve" else ""

    def _exclusion(self, cast: Cast, person: str) -> Why | None:
        if person in self.submitters:
            return why("{person} submitted the change", person=person)
        if person in self.case.excluded:
            return self.case.excluded[person]
        day = cast.landed_at.date()
        for one in self.case.policy.excluded:
            if one.person == person and is_within(day, one.first_on, one.last_on):
                return why("{person} has no vote: {reason}", person=person, reason=one.reason)
        return None

    def _seat(self, cast: Cast, said: Statement) -> Seat | Why:
        """Return the seat that a vote fills: the voter's own, else one that the voter may stand in for."""
        day, fits = cast.landed_at.date(), self._fits
        held = [seat for seat in self.case.policy.seats if seat.person == said.person]
        own = [seat for seat in held if seat.role == said.role and fits(seat) and seat.is_held_on(day)]
        if own:
            return own[0]
        lent = [seat for seat in self.case.policy.seats if seat.deputy == said.person and seat.role == said.role]
        free = [seat for seat in lent if fits(seat) and seat.may_stand_in_on(day)]
        for seat in free:
            if seat.person not in self.words:
                return seat
        if free:
            return why("{person} spoke in person", person=free[0].person)
        if held or lent:
            return why("{person} has no seat as `{role}` on that day", person=said.person, role=said.role or "-")
        return why("{person} is not a member of the board `{board}`", person=said.person, board=self.case.policy.id)

    def _fits(self, seat: Seat) -> bool:
        return not seat.customer or seat.customer == self.case.customer

    def _for(self, seat: Seat | None) -> Why:
        assert seat is not None
        role = seat.role or "-"
        return why("it counts, as `{role}`", role=role)


def _serves(demand: Demand, seat: Seat, level: str) -> bool:
    """Whether a vote from a seat, proven at a level, counts for a demand."""
    return (
        (level == "signed" or level in demand.levels)
        and demand.role in ("", seat.role)
        and demand.basis in ("", seat.basis)
    )


_SHORT_OF = {
    ("", False): "{have} of {votes} approvals that the board `{board}` asks for",
    ("", True): "{have} of {votes} approvals as `{role}` that the board `{board}` asks for",
    ("technical", False): "{have} of {votes} technical approvals that the board `{board}` asks for",
    ("technical", True): "{have} of {votes} technical approvals as `{role}` that the board `{board}` asks for",
    ("business", False): "{have} of {votes} business approvals that the board `{board}` asks for",
    ("business", True): "{have} of {votes} business approvals as `{role}` that the board `{board}` asks for",
}
"""What is missing to a demand, by its basis and whether it asks for a role."""


def _short_of(demand: Demand, have: int, board: str) -> Why:
    text = _SHORT_OF[demand.basis, bool(demand.role)]
    return why(text, have=have, votes=demand.votes, board=board, **({"role": demand.role} if demand.role else {}))


def _gaps(case: Case, demands: Sequence[Demand], counted: Sequence[Judged], is_submitted: bool) -> Iterable[Gap]:
    if not demands:
        yield Gap(None, 0, why("the board `{board}` has no rule for a {type} change",
                               board=case.policy.id, type=case.change_type))  # fmt: skip
        return
    asks_votes = False
    for demand in demands:
        if "template" in demand.levels:
            if case.template is not None:
                yield Gap(demand, 0, case.template)
            continue
        asks_votes = True
        served = {
            one.cast.statement.person
            for one in counted
            if one.seat and one.cast.statement and _serves(demand, one.seat, one.cast.statement.level)
        }
        if len(served) < demand.votes:
            yield Gap(demand, len(served), _short_of(demand, len(served), case.policy.id))
    if asks_votes and not is_submitted:
        yield Gap(None, 0, why("nobody has submitted this plan with a signature"))


def _conditions(one: Judged) -> Iterable[Condition]:
    said = one.cast.statement
    assert said is not None
    return [Condition(said.name, number, text) for number, text in enumerate(said.conditions, 1)]


def _waives(one: Judged) -> Iterable[str]:
    """Return what a vote waives by name; only a signed one may."""
    said = one.cast.statement
    return said.waives if said and said.level == "signed" else ()
