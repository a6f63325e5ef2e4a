"""The evidence for one change, put together: what its history did, which rules held, how the votes count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from servicebook.evidence.altered import against_history
from servicebook.evidence.calendar import freezes_of, window_of
from servicebook.evidence.chain import Link
from servicebook.evidence.clocks_off import clocks_off
from servicebook.evidence.deciding import rules_for, trusted_rules
from servicebook.evidence.excluded import excluded_from
from servicebook.evidence.late_votes import late_votes
from servicebook.evidence.plans import Plan
from servicebook.evidence.verification import (
    Freezing,
    Judgement,
    Outcome,
    Overlapping,
    Standing,
    Verification,
    Vouched,
)
from servicebook.records.kinds import BY_NAME, path_of, votes_of
from servicebook.workflow.policy import Policy
from servicebook.workflow.tally import Case, Cast, Condition, Tally, Why, why
from servicebook.workflow.votes import count_votes

if TYPE_CHECKING:
    from servicebook.evidence.verify import Verifier


class Inquiry:
    """The evidence for one change."""

    def __init__(self, verifier: Verifier, id: str) -> None:
        self.verifier = verifier
        self.ledger = verifier.ledger
        self.id = id
        self.path = path_of(BY_NAME["change"], id)
        self.folder = votes_of(self.path)
        self.start = verifier.start_of(id)
        self.position = self.ledger.end if self.start is None else self.start
        self.reasons: list[Why] = []
        self.notes: list[Why] = []
        self.freezes: tuple[Freezing, ...] = ()
        self.overlaps: tuple[Overlapping, ...] = ()
        self.unvouched: list[str] = []
        self.vouched: list[Vouched] = []

    def answer(self) -> Verification:
        """Return the verification."""
        ledger = self.ledger
        commit = ledger.steps[self.start].id if self.start is not None else ""
        base = ledger.base(self.position)
        if self.start is not None and self.start <= self.verifier.chain.first():
            note = why("the branch had no rules for voting when it was implemented")
            return Verification(self.id, "unasked", commit=commit, base=base, notes=(note,))
        blob = ledger.blob(self.path, self.position)
        plan = self.verifier.plans.plan(self.path, blob)
        if plan is None or not plan.digest:
            reason = why("its plan cannot be read") if blob else why("it landed in implementation, with no plan before")
            return Verification(self.id, "fail", commit=commit, base=base, reasons=(reason,))
        self.reasons += against_history(self.verifier, self.id, self.position, self.start, plan.digest)
        is_spoilt = bool(self.reasons)
        before, later, late = self._count(plan)
        tally = before.tally if before else None
        outcome: Outcome = "fail" if self.reasons else "pass"
        if self.start is None and not is_spoilt:
            outcome = "open"
        approved = bool(before and before.tally.passes) and not self.reasons
        return Verification(
            self.id,
            outcome,
            assurance=self._assurance(before) if approved else "text_claim",
            plan=plan.digest,
            reasons=tuple(self.reasons),
            notes=tuple(self.notes),
            before=before,
            later=later,
            after_the_fact=late,
            weakest=tally.weakest if tally else "",
            open_conditions=self._open_conditions(one.tally for one in (before, later) if one),
            freezes=self.freezes,
            overlaps=self.overlaps,
            unvouched=tuple(dict.fromkeys(self.unvouched)) if approved else (),
            vouched=tuple(dict.fromkeys(self.vouched)),
            commit=commit,
            base=base,
        )

    def standing(self, plan: Plan | None = None) -> Standing:
        """Return what a vote cast now would be about; `plan` when it is not the one of the branch's tip.

        Of an emergency that has begun, the whole board decides; before that, the emergency board.
        """
        position = self.ledger.end
        blob = self.ledger.blob(self.path, position)
        plan = plan or self.verifier.plans.plan(self.path, blob)
        if plan is None or not plan.digest:
            return Standing(None, (), None, (why("its plan cannot be read"),))
        self.position = position
        data = plan.front.data
        link = self._heard(rules_for(self.verifier, data, self.position))
        is_emergency = data.get("change_type") == "emergency"
        if link and link.policy and is_emergency and self.start is None and link.policy.emergency_board:
            link = self._heard(trusted_rules(self.verifier, link.policy.emergency_board, self.position))
        if link is None or link.policy is None:
            return Standing(None, (), None, tuple(self.reasons))
        late = is_emergency and self.start is not None
        case = self._case(plan, link.policy, "normal" if late else "")
        casts = self.verifier.chain.casts(link.policy, self.folder, position)
        return Standing(case, casts, count_votes(case, casts))

    def _count(self, plan: Plan) -> tuple[Judgement | None, Judgement | None, bool]:
        """Return the count before the work, the one after it (for an emergency), and whether it came after."""
        data = plan.front.data
        link = self._heard(rules_for(self.verifier, data, self.position))
        if link is None or link.policy is None:
            return None, None, False
        is_emergency = data.get("change_type") == "emergency"
        first = link
        if is_emergency and link.policy.emergency_board:
            quick = self._heard(trusted_rules(self.verifier, link.policy.emergency_board, self.position))
            if quick is None or quick.policy is None:
                return None, None, False
            first = quick
        assert first.policy is not None
        casts = self.verifier.chain.casts(first.policy, self.folder, self.position)
        before = self._judge(plan, first.policy, casts)
        self._say_gaps(before)
        self._say_late_keys(before, first.policy)
        self._say_clocks(before)
        self._hold_to_the_calendar(plan, first.policy, before.tally.waives)
        if not (is_emergency and link.policy.later_quorum_within is not None):
            if self.start is not None:
                late = late_votes(self.verifier, first.policy, self.folder, self.start)
                before = before._replace(tally=before.tally._replace(votes=(*before.tally.votes, *late)))
            return before, None, False
        return before, self._later(plan, link.policy), True

    def _later(self, plan: Plan, policy: Policy) -> Judgement | None:
        """Count the votes of the whole board after an emergency, and say when they are overdue."""
        if self.start is None or policy.later_quorum_within is None:
            return None
        due = self.ledger.landed[self.start] + policy.later_quorum_within
        casts = self.verifier.chain.casts(policy, self.folder, self.ledger.end)
        in_time = [cast for cast in casts if cast.landed_at <= due]
        later = self._judge(plan, policy, in_time, change_type="normal")
        if not later.tally.passes:
            at = due.isoformat()
            if any(vote.blocks for vote in later.tally.votes):
                self.reasons.append(why("the board `{board}` rejects it afterwards", board=policy.id))
            elif self.verifier.now > due:
                self.reasons.append(why("the board `{board}` had to agree by {at}, and did not",
                                        board=policy.id, at=at))  # fmt: skip
            else:
                self.verifier.may_change_at(due)
                self.notes.append(why("the board `{board}` has until {at} to agree afterwards", board=policy.id, at=at))
        return later

    def _heard(self, found: Link | Why) -> Link | None:
        """Return the rules to judge by; note why there are none."""
        if isinstance(found, Why):
            self.reasons.append(found)
            return None
        return found

    def _judge(self, plan: Plan, policy: Policy, casts: Sequence[Cast], change_type: str = "") -> Judgement:
        tally = count_votes(self._case(plan, policy, change_type), casts)
        return Judgement(policy.id, policy.version, policy.digest, tally)

    def _case(self, plan: Plan, policy: Policy, change_type: str) -> Case:
        data = plan.front.data
        template: Why | None = why("no template is named")
        if data.get("template"):
            is_started = self.position < self.ledger.end
            if not is_started:  # what expires, expires at the end of a day
                self.verifier.may_change_at(_next_day(self.verifier.now))
            template = self.verifier.templates.fault_of(plan.front, self.position, is_started, self.verifier.now)
        excluded, notes = excluded_from(self.verifier, self.id, data, self.position)
        self.notes += [note for note in notes if note not in self.notes]
        return Case(
            repository=self.ledger.repository_id,
            subject=self.id,
            plan=plan.digest,
            policy=policy,
            change_type=change_type or str(data.get("change_type") or ""),
            risk=str(data.get("risk") or ""),
            customer=str(data.get("customer") or ""),
            excluded=excluded,
            template=template,
        )

    def _say_gaps(self, judgement: Judgement) -> None:
        tally = judgement.tally
        for vote in tally.votes:
            if vote.blocks and vote.cast.statement:
                self.reasons.append(why("{person} rejected it", person=vote.cast.statement.person))
        self.reasons += [gap.why for gap in tally.gaps]

    def _say_late_keys(self, judgement: Judgement, policy: Policy) -> None:
        """Note the keys that came after the first rules, and who answers for them: an auditor asks who brought them."""
        verifier = self.verifier
        for vote in judgement.tally.votes:
            path, said = f"{self.folder}/{vote.cast.name}.json", vote.cast.statement
            key = verifier.casts.signer(path) if vote.counts else None
            since = verifier.roster.since(said.signed_by, key) if said and key else 0
            if said is None or key is None or not verifier.chain.first() < since < self.ledger.end:
                continue
            step = self.ledger.steps[since]
            known = {"person": said.signed_by, "commit": step.id[:10], "email": step.email or "-"}
            text = "the key of {person} came after the first rules, with the commit {commit} of {email}"
            landed = verifier.casts.since(path)
            words = verifier.chain.vouching.words(policy, said.signed_by, key, landed, self.position)
            if words:
                text = "the key of {person} came with the commit {commit} of {email}; {voucher} vouched for it ({word})"
                known |= {"voucher": words[0].voucher, "word": words[0].path.rpartition("/")[2].removesuffix(".json")}
                self.vouched += words
            elif not policy.keys_vouched_by:
                self.unvouched.append(said.signed_by)
            self.notes.append(why(text, **known))

    def _say_clocks(self, judgement: Judgement) -> None:
        """Note the times of counted votes and their commits that cannot be true."""
        votes = [vote for vote in judgement.tally.votes if vote.counts]
        landed = [self.verifier.casts.since(f"{self.folder}/{vote.cast.name}.json") for vote in votes]
        self.notes += clocks_off(self.ledger, votes, landed, self.start)

    def _assurance(self, before: Judgement | None) -> str:
        if before is None or not before.tally.approvers:
            return "text_claim"
        if self.start is None or self.verifier.received is None:
            return "ordered_quorum"
        votes = self._votes_landed(before.tally)
        pushes = [self.verifier.received(commit) for commit in votes]
        work = self.verifier.received(self.ledger.steps[self.start].id)
        if work is None or any(push is None for push in pushes):
            return "ordered_quorum"
        if any(push and push.number >= work.number for push in pushes):
            self.notes.append(why("votes and work landed in one push: that they landed apart is not proven"))
            return "signed_quorum"
        return "timed_quorum"

    def _votes_landed(self, tally: Tally) -> set[str]:
        """Return the commits that brought the votes that count and their signatures."""
        names = [vote.cast.name for vote in tally.votes if vote.counts]
        paths = [f"{self.folder}/{name}.json{end}" for name in names for end in ("", ".sig")]
        return {self.ledger.steps[self.ledger.states(path)[0].position].id for path in paths}

    def _open_conditions(self, tallies: Iterable[Tally]) -> tuple[Condition, ...]:
        """Return the conditions of votes that count, before the work or afterwards, and that nobody has met."""
        asked = tuple(dict.fromkeys(condition for tally in tallies for condition in tally.conditions))
        blob = self.ledger.blob(self.path, self.ledger.end)
        plan = self.verifier.plans.plan(self.path, blob) if asked else None
        told = plan.front.data.get("conditions_met") if plan else None
        met = {
            (entry.get("vote"), entry.get("number", 1))
            for entry in (told if isinstance(told, list) else ())
            if isinstance(entry, dict)
        }
        return tuple(one for one in asked if (one.vote, one.number) not in met)

    def _hold_to_the_calendar(self, plan: Plan, policy: Policy, waives: frozenset[str]) -> None:
        """Look what the window runs into, and say what the rules want waived and no counted vote does waive."""
        data, asked = plan.front.data, policy.waivers_asked_for
        self.freezes = freezes_of(data, policy, waives)
        if asked and window_of(data) is None:
            self.reasons.append(why("it has no window, which the rules hold against freezes and other changes"))
        if "freeze" in asked:
            self.reasons += [
                why("its window lies in the freeze `{name}`, which no counted vote waives: {reason}",
                    name=freeze.name, reason=freeze.reason)
                for freeze in self.freezes if not freeze.waived
            ]  # fmt: skip
        if "overlap" in asked:
            self.overlaps = self.verifier.overlaps(self.id, data, self.position, waives)
            self.reasons += [_unwaived(one) for one in self.overlaps if not one.waived]


def _unwaived(one: Overlapping) -> Why:
    if not one.is_readable:
        return why("whether it overlaps with {id} cannot be told: that record cannot be read here", id=one.change)
    return why("it overlaps with {id} on {assets}, which no counted vote waives",
               id=one.change, assets=", ".join(one.assets))  # fmt: skip


def _next_day(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
