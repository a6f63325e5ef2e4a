"""Does a dispatch agree with the records it names: who may approve, who can do it, what it costs, how to get in?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.rules.reading import listed
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.dispatching import approval_of, moment_of
from servicebook.workflow.escalations import reaches
from servicebook.workflow.estimate import estimate_of
from servicebook.workflow.lifecycles import RESTING
from servicebook.workflow.money import money_of
from servicebook.workflow.roles import acts_as, lacks_skill

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot


@rule(
    "REF547",
    "plan-approved-outside-the-role",
    scope="relation",
    needs=("emergency_plan",),
    message="`{person}` approved or confirmed the emergency plan on {day}, and was no {due}",
    hint="have it approved by who is: `servicebook approve {id} --via phone --by PERSON` | correct their `roles`",
    kinds=("incident",),
)
def plan_approved_outside_the_role(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An emergency plan approved, or a call confirmed, by somebody who neither has the role nor deputises for who has.

    Why: the service director answers for people sent out and money spent (service plan, 1.2.2). Which roles may
    is the desk's setting `plan_approvers`; a deputy is named in the person's record.

    Example:
        approval: {by: li.wei, at: 2026-03-13T09:25:00+08:00, via: signature}

    Instead:
        approval: {by: tang.bo, at: 2026-03-13T09:25:00+08:00, via: signature}
        tang.bo: roles: [{role: service_director, from: 2022-01-01}]
    """
    roles = desk.settings.plan_approvers
    approval: KeyPath = ("emergency_plan", "approval")
    said = [(approval, approval_of(facts))] if approval_of(facts) else []
    said += [(("timeline", n), one) for n, one in enumerate(facts.timeline) if one.get("event") == "approval_confirmed"]
    for where, entry in said:
        person, at = str(entry.get("by") or ""), parse_instant(entry.get("at"))
        if at is not None and desk.get("person", person) and not acts_as(desk, person, roles, at.date()):
            params = {"person": person, "day": at.date(), "due": listed(roles), "id": facts.id}
            yield plan_approved_outside_the_role.at(facts.path, (*where, "by"), **params)


@rule(
    "REF548",
    "escalation-cut-short",
    scope="relation",
    needs=("escalated",),
    message="the escalation `{kind}` has not reached {missing}",
    hint="`servicebook escalate {id} --kind {kind}` | an event `escalated` with that `kind` and their names in `to`",
    kinds=("incident",),
    incomplete=True,
)
def escalation_cut_short(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A solved incident whose escalation did not reach those whom its kind must reach.

    Why: who lacks people, a skill or a way on tells it up a line that the service plan names (1.2.2, special points
    1 to 3): the desk's setting `escalation` has it by kind. A call that stopped half way moved nobody.

    Example:
        - {at: ..., id: e5ca, event: escalated, by: li.wei, kind: skill, to: gao.feng}

    Instead:
        - {at: ..., id: e5ca, event: escalated, by: li.wei, kind: skill, to: gao.feng}
        - {at: ..., id: e6db, event: escalated, by: gao.feng, kind: skill, to: "lin.yue, tang.bo"}
    """
    if "escalated" not in facts.events or facts.status not in (*RESTING, "closed") or facts.get("external"):
        return
    for reach in reaches(facts, desk, desk.settings.escalation):
        if reach.missing:
            params = {"kind": reach.kind, "missing": listed(reach.missing), "id": facts.id}
            yield escalation_cut_short.at(facts.path, ("timeline", reach.position, "kind"), **params)


@rule(
    "REF543",
    "estimate-beside-the-rate-card",
    scope="relation",
    needs=("emergency_plan",),
    message="`estimate` is {said}, its lines cost {due} by the contract `{contract}`",
    hint="write `estimate: {{amount: {amount}, currency: {currency}}}` | `servicebook emergency {id}` computes it",
    kinds=("incident",),
)
def estimate_beside_the_rate_card(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An estimate that its own lines do not add up to, by the rate card and the bid prices of the contract.

    Why: the customer agrees to a sum. It follows from the contract (service plan, 1.3.5), not from a guess, and
    expansions are never dearer than the bid.

    Example:
        estimate: {amount: 800, currency: CNY}
        estimate_lines: [{role: operations_engineer, person_days: 1}]      (1000 a day on the card)

    Instead:
        estimate: {amount: 1000, currency: CNY}
        estimate_lines: [{role: operations_engineer, person_days: 1}]
    """
    lines = facts.get("emergency_plan", "estimate_lines")
    contract = desk.get("contract", str(facts.get("contract", default=""))) if lines else None
    if not lines or contract is None:
        return
    found = estimate_of(lines, contract.data)
    said = money_of(facts.get("emergency_plan", "estimate"))
    if found.unpriced or said is None or said == found.money:
        return
    due = found.money.block()
    params = {"said": said, "due": found.money, "contract": contract.id, "id": facts.id, **due}
    yield estimate_beside_the_rate_card.at(facts.path, ("emergency_plan", "estimate"), **params)


@rule(
    "REF544",
    "estimate-without-a-price",
    scope="relation",
    needs=("emergency_plan",),
    message="`{name}` has no price in the contract `{contract}`; its rate card knows {due}",
    hint="name a role of the rate card or an item of the bid | give the line an `amount` of its own, and a `note`",
    kinds=("incident",),
)
def estimate_without_a_price(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A line of an estimate for which the contract has no price.

    Why: a sum that nothing stands behind is disputed when the bill comes.

    Example:
        estimate_lines: [{role: wizard, person_days: 1}]

    Instead:
        estimate_lines: [{role: operations_engineer, person_days: 1}]
    """
    lines = facts.get("emergency_plan", "estimate_lines")
    contract = desk.get("contract", str(facts.get("contract", default=""))) if lines else None
    if not lines or contract is None:
        return
    known = listed(str(rate.get("role")) for rate in contract.get("rate_card", default=()))
    for position, name in estimate_of(lines, contract.data).unpriced:
        where = ("emergency_plan", "estimate_lines", position)
        yield estimate_without_a_price.at(facts.path, where, name=name, contract=contract.id, due=known)


@rule(
    "REF545",
    "departed-unprovided",
    scope="relation",
    needs=("dispatch", "departed"),
    message="a team left for `{site}`, and `dispatch` does not say {missing}",
    hint="write it below `dispatch` | `servicebook depart {id} --transport TEXT --pass TEXT` asks for both",
    kinds=("incident",),
    incomplete=True,
)
def departed_unprovided(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A team on its way without means of transport, or without the pass that the site asks for.

    Why: transport and passes are part of the support that engineers get (service plan, 1.5.7-C/D). A team that
    stands at the gate has broken the promise all the same.

    Example:
        site: signal-hill       (access: {pass_needed: true})
        dispatch: {departed_at: ...}

    Instead:
        dispatch: {departed_at: ..., transport: company car, pass: day pass 112}
    """
    if moment_of(facts, "departed") is None or facts.get("external"):
        return
    site = desk.get("site", str(facts.get("site", default="")))
    needed = ["transport", *(["pass"] if site and site.get("access", "pass_needed") else [])]
    missing = [name for name in needed if not facts.get("dispatch", name)]
    if missing:
        where = ("dispatch",) if facts.get("dispatch") else ("timeline",)
        params = {"site": facts.get("site", default="-"), "missing": listed(missing), "id": facts.id}
        yield departed_unprovided.at(facts.path, where, **params)


@rule(
    "REF546",
    "plan-without-the-skill",
    scope="relation",
    needs=("emergency_plan",),
    message="the plan needs `{skill}`, and none of {people} masters it",
    hint="send somebody along who does | `servicebook escalate {id} --kind skill` says that nobody is there who does",
    kinds=("incident",),
    incomplete=True,
)
def plan_without_the_skill(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An emergency plan whose team lacks a skill that it says it needs.

    Why: the wrong people on site find out there (service plan, 1.2.2, special point 2). Skills stand in the people's
    records; where nobody has one, the escalation says so.

    Example:
        emergency_plan: {skills_needed: [storage], engineers: [li.wei], lead: li.wei}      (li.wei: transcoding)

    Instead:
        emergency_plan: {skills_needed: [storage], engineers: [li.wei, he.jun], lead: li.wei}
    """
    plan = facts.get("emergency_plan", default={})
    wanted = plan.get("skills_needed")
    names = list(dict.fromkeys([*plan.get("engineers", ()), *filter(None, [plan.get("lead")])])) if wanted else []
    if not names or any(entry.get("kind") == "skill" for entry in facts.timeline):
        return
    people = [person for name in names if (person := desk.get("person", name))]
    for position, skill in enumerate(wanted):
        if people and all(lacks_skill(person, skill) for person in people):
            where = ("emergency_plan", "skills_needed", position)
            yield plan_without_the_skill.at(facts.path, where, skill=skill, people=listed(names), id=facts.id)


RULES: tuple[Rule, ...] = (
    plan_approved_outside_the_role,
    escalation_cut_short,
    estimate_beside_the_rate_card,
    estimate_without_a_price,
    departed_unprovided,
    plan_without_the_skill,
)
