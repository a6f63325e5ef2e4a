"""Was a team sent as the service plan says: planned, agreed, approved, and does the record say the same everywhere?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import CLOCKS_DIFFER, parse_instant
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.dispatching import (
    MOVES,
    approval_of,
    confirm_by,
    confirmed_at,
    gaps_before,
    lacking_sections,
    moment_of,
)

if TYPE_CHECKING:
    from servicebook.loader import Loaded

IN_WRITING = ("email", "fax", "form")
"""Channels of a consent that leave something to point at."""


PLANNED = ("emergency_plan", "dispatch", "departed")
"""Where a plan to go out shows: two fields, and the event of a team that left."""


def planned_facts(loaded: Loaded) -> Facts | None:
    """Return the facts of an incident that somebody planned to go out for, and that was not imported."""
    facts = sound_facts(loaded)
    if facts is None or facts.get("external"):
        return None
    return facts if facts.get("emergency_plan") or facts.get("dispatch") or "departed" in facts.events else None


@rule(
    "WFL421",
    "departed-without-the-plan",
    scope="file",
    needs=PLANNED,
    message="a team left at {at} without {missing}",
    hint="`{command}` | say with --at when it was done, where it was done before",
    kinds=("incident",),
)
def departed_without_the_plan(loaded: Loaded) -> Iterator[Diagnostic]:
    """A team that left before there was a plan, the customer's consent and the director's approval.

    Why: the plan says who goes, with what and at what cost; the customer agrees to it and the service director
    approves it before anybody leaves (service plan, 1.2.2). A call is enough: it is confirmed in writing within
    24 hours. A plan that was written anew needs approval anew.

    Example:
        dispatch: {departed_at: 2026-03-13T09:30:00+08:00}

    Instead:
        emergency_plan:
          suspected_cause: the power module
          consent: {by: Lin Hai, at: 2026-03-13T09:20:00+08:00, via: phone}
          approval: {by: zhao.min, at: 2026-03-13T09:25:00+08:00, via: phone}
        dispatch: {departed_at: 2026-03-13T09:30:00+08:00}
    """
    facts = planned_facts(loaded)
    at = moment_of(facts, "departed") if facts else None
    if facts is None or at is None:
        return
    if gaps := gaps_before(facts, at):
        where = ("dispatch", "departed_at") if facts.get("dispatch", "departed_at") else ("timeline",)
        missing = listed(".".join(stage.field[: 1 if stage.name == "planned" else 2]) for stage in gaps)
        command = gaps[0].command.format(id=facts.id)
        yield departed_without_the_plan.at(facts.path, where, at=at.isoformat(), missing=missing, command=command)


@rule(
    "WFL422",
    "plan-approved-unfinished",
    scope="file",
    needs=PLANNED,
    message="the emergency plan was approved, and does not say {missing}",
    hint="`servicebook emergency {id}` | write them below `emergency_plan`",
    kinds=("incident",),
    incomplete=True,
)
def plan_approved_unfinished(loaded: Loaded) -> Iterator[Diagnostic]:
    """An emergency plan that was approved without cause, time, staff, work or cost.

    Why: who approves a plan approves what it says, and so does the customer who pays. Tools and parts are named
    where some are needed; everything else is said in every plan (service plan, 1.2.2 steps 2 to 8).

    Example:
        emergency_plan: {lead: li.wei, approval: {by: zhao.min, at: ..., via: signature}}

    Instead:
        emergency_plan:
          suspected_cause: the power module
          expected_start_at: 2026-03-13T11:00:00+08:00
          expected_duration: 3h
          lead: li.wei
          engineers: [li.wei]
          work_items: [change the module]
          estimate: {amount: 1000, currency: CNY}
    """
    facts = planned_facts(loaded)
    if facts is None or not approval_of(facts):
        return
    if missing := lacking_sections(facts):
        where = ("emergency_plan", "approval")
        yield plan_approved_unfinished.at(facts.path, where, missing=listed(missing), id=facts.id)


@rule(
    "WFL423",
    "consent-without-proof",
    scope="file",
    needs=PLANNED,
    message="the consent of `{by}` does not say {missing}",
    hint="`servicebook consent {id} --to NAME --via phone` | --via email --evidence 'the mail of 09:16'",
    kinds=("incident",),
    incomplete=True,
)
def consent_without_proof(loaded: Loaded) -> Iterator[Diagnostic]:
    """A customer's consent that says neither how it was given nor where that can be seen.

    Why: paid work rests on it. A call is proven by who called when; a mail, a fax or a form can be shown, so the
    record says where it lies.

    Example:
        consent: {by: Lin Hai, at: 2026-03-13T09:20:00+08:00, via: email}

    Instead:
        consent: {by: Lin Hai, at: 2026-03-13T09:20:00+08:00, via: email, evidence: mail of 09:16}
    """
    facts = planned_facts(loaded)
    said = facts.get("emergency_plan", "consent") if facts else None
    if facts is None or not said:
        return
    missing = "via" if not said.get("via") else "evidence" if said["via"] in IN_WRITING else ""
    if missing and not said.get(missing):
        where = ("emergency_plan", "consent")
        yield consent_without_proof.at(facts.path, where, by=said.get("by"), missing=listed([missing]), id=facts.id)


@rule(
    "WFL424",
    "phone-approval-unconfirmed",
    scope="file",
    needs=PLANNED,
    message="the plan was approved by phone at {at}, and not confirmed by {until}",
    hint="`servicebook confirm {id}` | write `confirmed_at` into the approval",
    kinds=("incident",),
)
def phone_approval_unconfirmed(loaded: Loaded) -> Iterator[Diagnostic]:
    """An approval by telephone that nobody confirmed in writing.

    Why: a call lets a team leave in time; only a word in writing shows afterwards that somebody answered for it.
    It is due within 24 hours. Found once the ticket shows that they are over, and before it is closed.

    Example:
        approval: {by: zhao.min, at: 2026-03-13T09:25:00+08:00, via: phone}
        timeline: ... an event of 2026-03-14T10:00:00+08:00, and no `approval_confirmed`

    Instead:
        approval: {by: zhao.min, at: ..., via: phone, confirmed_at: 2026-03-13T15:00:00+08:00}
    """
    facts = planned_facts(loaded)
    until = confirm_by(facts) if facts else None
    if facts is None or until is None or confirmed_at(facts):
        return
    last = max((at for at in facts.instants if at), default=until)
    if last > until or facts.status == "closed":
        params = {"at": approval_of(facts).get("at"), "until": until.isoformat(), "id": facts.id}
        yield phone_approval_unconfirmed.at(facts.path, ("emergency_plan", "approval"), **params)


@rule(
    "WFL425",
    "phone-approval-confirmed-late",
    scope="file",
    needs=PLANNED,
    severity="warning",
    message="the approval by phone was confirmed at {at}, later than {until}",
    hint="say why on the timeline, and waive it: the 24 hours are over",
    kinds=("incident",),
)
def phone_approval_confirmed_late(loaded: Loaded) -> Iterator[Diagnostic]:
    """An approval by telephone that was confirmed after more than 24 hours.

    Why: the plan allows a call in place of a signature because the signature follows the next day (1.2.2).

    Example:
        approval: {by: zhao.min, at: 2026-03-13T09:25:00+08:00, via: phone, confirmed_at: 2026-03-15T09:00:00+08:00}

    Instead:
        approval: {by: zhao.min, at: 2026-03-13T09:25:00+08:00, via: phone, confirmed_at: 2026-03-14T09:00:00+08:00}
    """
    facts = planned_facts(loaded)
    until = confirm_by(facts) if facts else None
    at = confirmed_at(facts) if facts else None
    if facts is not None and until and at and at > until:
        where = ("emergency_plan", "approval")
        yield phone_approval_confirmed_late.at(facts.path, where, at=at.isoformat(), until=until.isoformat())


@rule(
    "WFL426",
    "dispatch-beside-the-timeline",
    scope="file",
    needs=PLANNED,
    message="`dispatch.{field}` is {at}, the timeline says {due}",
    hint="add or correct the event `{event}`: the clocks count by the timeline | `servicebook {verb} {id}` writes both",
    kinds=("incident",),
)
def dispatch_beside_the_timeline(loaded: Loaded) -> Iterator[Diagnostic]:
    """A departure, an arrival or a return that stands in `dispatch` and not, or otherwise, on the timeline.

    Why: the promise to be on site is counted by the event `arrived`. An arrival that only stands in the block
    stops no clock, and two different times leave the reader to guess. Five minutes between the two are one time.

    Example:
        dispatch: {arrived_at: 2026-03-13T10:30:00+08:00}      (no event `arrived`)

    Instead:
        dispatch: {arrived_at: 2026-03-13T10:30:00+08:00}
        - {at: 2026-03-13T10:30:00+08:00, id: a7rd, event: arrived, by: li.wei}
    """
    facts = planned_facts(loaded)
    verbs = {"departed": "depart", "arrived": "arrive", "left": "leave"}
    for name in MOVES if facts and facts.get("dispatch") else ():
        assert facts is not None
        at = parse_instant(facts.get("dispatch", f"{name}_at"))
        told = [when for event, when in zip(facts.events, facts.instants, strict=True) if event == name and when]
        if at and not any(abs(at - when) <= CLOCKS_DIFFER for when in told) and (told or name != "left"):
            due = told[0].isoformat() if told else "-"
            params = {"field": f"{name}_at", "at": at.isoformat(), "due": due, "event": name}
            where = ("dispatch", f"{name}_at")
            yield dispatch_beside_the_timeline.at(facts.path, where, verb=verbs[name], id=facts.id, **params)


@rule(
    "WFL427",
    "parts-taken-unreleased",
    scope="file",
    needs=PLANNED,
    message="a team left with parts, and `parts_released_by` says nobody",
    hint="`servicebook emergency {id} --parts-released-by PERSON` | write it below `emergency_plan`",
    kinds=("incident",),
    incomplete=True,
)
def parts_taken_unreleased(loaded: Loaded) -> Iterator[Diagnostic]:
    """A plan with parts on which a team left, and nobody who released them.

    Why: the store hands parts out on an approved plan only (service plan, 1.2.2); who did it answers for the
    count.

    Example:
        emergency_plan: {parts: [power module], ...}
        dispatch: {departed_at: ...}

    Instead:
        emergency_plan: {parts: [power module], parts_released_by: zhao.min, ...}
    """
    facts = planned_facts(loaded)
    if facts is None or moment_of(facts, "departed") is None:
        return
    if facts.get("emergency_plan", "parts") and not facts.get("emergency_plan", "parts_released_by"):
        yield parts_taken_unreleased.at(facts.path, ("emergency_plan", "parts"), id=facts.id)


RULES: tuple[Rule, ...] = (
    departed_without_the_plan,
    plan_approved_unfinished,
    consent_without_proof,
    phone_approval_unconfirmed,
    phone_approval_confirmed_late,
    dispatch_beside_the_timeline,
    parts_taken_unreleased,
)
