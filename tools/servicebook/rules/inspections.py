"""Do inspections come from their plan, and do their results say all that its checklist asks for?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING, Any
from servicebook.workflow.checklist import failed_items, is_out_of_bounds, open_items, range_of, twice
from servicebook.workflow.roles import lacks_skill

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.snapshot import Snapshot


@rule(
    "REC291",
    "recurrence-unreadable",
    scope="file",
    message="`recurrence` is `{recurrence}`, and no days come of it: {why}",
    hint="write an RRULE of RFC 5545 by days, such as FREQ=WEEKLY;BYDAY=MO or FREQ=MONTHLY;BYMONTHDAY=1",
    kinds=("inspection_plan",),
)
def recurrence_unreadable(loaded: Loaded) -> Iterator[Diagnostic]:
    """A plan whose recurrence is no RRULE by days, or falls on no day at all.

    Why: nothing would ever come of the plan, and a missed inspection of it would never be noticed.

    Example:
        recurrence: every Monday

    Instead:
        recurrence: FREQ=WEEKLY;BYDAY=MO
    """
    facts = sound_facts(loaded)
    if facts is None or not facts.get("recurrence") or not facts.get("starts_on"):
        return
    from servicebook.sla.recurrence import RecurrenceError, require_recurrence

    recurrence = facts.get("recurrence")
    try:
        require_recurrence(recurrence, date.fromisoformat(facts.get("starts_on")))
    except RecurrenceError as error:
        yield recurrence_unreadable.at(facts.path, ("recurrence",), recurrence=recurrence, why=str(error))


@rule(
    "REC292",
    "item-twice",
    scope="file",
    message="`{key}` stands here a second time",
    hint="give each item of the checklist a key of its own | write one result an item",
    kinds=("inspection_plan", "inspection"),
)
def item_twice(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two items of a checklist with one key, or two results of one item.

    Why: nobody could tell which of them a result belongs to, or which result holds; a series over time would
    show both.

    Example:
        checklist:
        - {key: cpu, text: Load of the processors, max: 80}
        - {key: cpu, text: Temperature of the processors, max: 85}

    Instead:
        checklist:
        - {key: cpu-load, text: Load of the processors, max: 80}
        - {key: cpu-heat, text: Temperature of the processors, max: 85}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    name = "checklist" if facts.kind == "inspection_plan" else "results"
    for position, key in twice(facts.get(name, default=())):
        yield item_twice.at(facts.path, (name, position, "key"), key=key)


@rule(
    "REC293",
    "bounds-crossed",
    scope="file",
    message="`min` of `{key}` is {low}, above its `max` {high}",
    hint="exchange the two, or correct one",
    kinds=("inspection_plan",),
)
def bounds_crossed(loaded: Loaded) -> Iterator[Diagnostic]:
    """An item of a checklist whose least figure is above its greatest.

    Why: no figure would ever be in order.

    Example:
        - {key: heat, text: Temperature of the room, min: 27, max: 18}

    Instead:
        - {key: heat, text: Temperature of the room, min: 18, max: 27}
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    for position, item in enumerate(facts.get("checklist", default=())):
        low, high = item.get("min"), item.get("max")
        if low is not None and high is not None and low > high:
            where = ("checklist", position, "min")
            yield bounds_crossed.at(facts.path, where, key=item.get("key", ""), low=low, high=high)


@rule(
    "REC294",
    "failed-items-differ",
    scope="file",
    message="`failed_items` is {written}; by the results it is {due}",
    hint="take `failed_items` out: it follows from the results",
    kinds=("inspection",),
)
def failed_items_differ(loaded: Loaded) -> Iterator[Diagnostic]:
    """An inspection whose list of what failed is not what its results say.

    Why: the list is what people and figures read; an item that failed and is not in it is forgotten.

    Example:
        results: [{key: cpu, value: 93, ok: false}]
        failed_items: []

    Instead:
        results: [{key: cpu, value: 93, ok: false}]
    """
    facts = sound_facts(loaded)
    if facts is None or "failed_items" not in facts.data:
        return
    written, due = facts.get("failed_items", default=[]), failed_items(facts.get("results", default=()))
    if sorted(written) != sorted(due):
        params = {"written": listed(written) or "empty", "due": listed(due) or "empty"}
        yield failed_items_differ.at(facts.path, ("failed_items",), **params)


@rule(
    "REF561",
    "result-of-no-item",
    scope="relation",
    message="`{key}` is no item of the checklist of `{plan}`; its items are {due}",
    hint="correct the key | add the item to the plan",
    kinds=("inspection",),
)
def result_of_no_item(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A result of something that the plan does not ask for.

    Why: it is a slip of the pen as a rule: the item that was meant has no result then.

    Example:
        results: [{key: cpuu, value: 62, ok: true}]

    Instead:
        results: [{key: cpu, value: 62, ok: true}]
    """
    checklist = _checklist(facts, desk)
    keys = [str(item.get("key")) for item in checklist]
    for position, result in enumerate(facts.get("results", default=()) if keys else ()):
        if result.get("key") not in keys:
            params = {"key": result.get("key"), "plan": facts.get("plan"), "due": listed(keys)}
            yield result_of_no_item.at(facts.path, ("results", position, "key"), **params)


@rule(
    "REF562",
    "out-of-bounds-in-order",
    scope="relation",
    message="`{key}` is {value}, due was {due}, and it is said to be in order",
    hint="say `ok: false` | or change the bounds in the plan, where they are wrong",
    kinds=("inspection",),
)
def out_of_bounds_in_order(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A figure outside the bounds of the plan that is marked as in order.

    Why: the bounds are what was agreed; whoever finds them wrong changes the plan, where everybody sees it.

    Example:
        results: [{key: cpu, value: 93, ok: true}]      (the plan says max: 80)

    Instead:
        results: [{key: cpu, value: 93, ok: false}]
    """
    items = {item.get("key"): item for item in _checklist(facts, desk)}
    for position, result in enumerate(facts.get("results", default=())):
        item = items.get(result.get("key"))
        if item and result.get("ok") is True and is_out_of_bounds(item, result.get("value")):
            params = {"key": result["key"], "value": result["value"], "due": range_of(item)}
            yield out_of_bounds_in_order.at(facts.path, ("results", position, "value"), **params)


@rule(
    "REF563",
    "signed-off-with-open-items",
    scope="relation",
    message="the inspection is `done`, and nothing is written of {keys}",
    hint="servicebook tick {id} KEY=VALUE | or cancel the inspection and say why",
    kinds=("inspection",),
    incomplete=True,
)
def signed_off_with_open_items(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A signed inspection with items of its checklist left out.

    Why: what nobody looked at is taken for sound until it fails on air.

    Example:
        status: done
        results: [{key: cpu, value: 62, ok: true}]      (the checklist has cpu and logs)

    Instead:
        status: done
        results: [{key: cpu, value: 62, ok: true}, {key: logs, value: none, ok: true}]
    """
    if facts.status == "done" and (keys := open_items(_checklist(facts, desk), facts.get("results", default=()))):
        yield signed_off_with_open_items.at(facts.path, ("results",), keys=listed(keys), id=facts.id)


@rule(
    "REF564",
    "failed-item-without-incident",
    scope="relation",
    message="{keys} failed, the plan `{plan}` asks for an incident, and none was opened",
    hint="servicebook raise {id} KEY | name the incident in `incidents_opened` where there is one",
    kinds=("inspection",),
    incomplete=True,
)
def failed_item_without_incident(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A finished inspection that found something wrong, of a plan that asks for an incident then, and opened none.

    Why: what is only written in a report of an inspection is repaired by nobody.

    Example:
        status: done
        results: [{key: cpu, value: 93, ok: false}]

    Instead:
        status: done
        results: [{key: cpu, value: 93, ok: false}]
        incidents_opened: [INC-20260330-8XWB]
    """
    plan = _plan(facts, desk)
    keys = failed_items(facts.get("results", default=()))
    asks = plan is not None and plan.get("on_failure") == "incident" and not facts.get("incidents_opened")
    if facts.status == "done" and keys and plan and asks:
        params = {"keys": listed(keys), "plan": plan.id, "id": facts.id}
        yield failed_item_without_incident.at(facts.path, ("results",), **params)


@rule(
    "REF565",
    "due-on-no-day-of-the-plan",
    scope="relation",
    severity="warning",
    message="`due_on` is {due}, on which the plan `{plan}` ({recurrence}) does not fall",
    hint="correct the day | an inspection out of turn says why in its text and is waived",
    kinds=("inspection",),
)
def due_on_no_day_of_the_plan(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An inspection whose day is none of its plan's.

    Why: the day that was meant counts as missed then, though somebody was there.

    Example:
        due_on: 2026-03-31      (a Tuesday; the plan says FREQ=WEEKLY;BYDAY=MO)

    Instead:
        due_on: 2026-03-30
    """
    plan = _plan(facts, desk)
    if plan is None or not facts.get("due_on") or not plan.get("starts_on") or not plan.get("recurrence"):
        return
    from servicebook.sla.recurrence import RecurrenceError, days_of

    due = date.fromisoformat(facts.get("due_on"))
    ends = plan.get("ends_on")
    try:
        falls = days_of(plan.get("recurrence"), date.fromisoformat(plan.get("starts_on")), due, due)
    except RecurrenceError:
        return  # REC291 says so where it stands
    if not falls or (ends and due > date.fromisoformat(ends)):
        params = {"due": facts.get("due_on"), "plan": plan.id, "recurrence": plan.get("recurrence")}
        yield due_on_no_day_of_the_plan.at(facts.path, ("due_on",), **params)


@rule(
    "REF566",
    "inspected-without-the-skill",
    scope="relation",
    severity="warning",
    message="`{person}` inspects, and {skills}, which the plan `{plan}` asks for, stands in none of their `skills`",
    hint="give it to somebody who can | add the skill to kb/people/{person}.md where it is there",
    kinds=("inspection",),
)
def inspected_without_the_skill(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An inspection by somebody who lacks a skill that its plan asks for.

    Why: a safety check by somebody who is not trained for it is worth nothing to whoever relies on it.

    Example:
        inspected_by: wang.fang      (the plan says required_skills: [high voltage])

    Instead:
        inspected_by: sun.yan        (skills: [{skill: high voltage, level: expert}])
    """
    plan, person = _plan(facts, desk), desk.get("person", facts.get("inspected_by", default=""))
    if plan is None or person is None:
        return
    lacking = [skill for skill in plan.get("required_skills", default=()) if lacks_skill(person, skill)]
    if lacking:
        params = {"person": person.id, "skills": listed(lacking), "plan": plan.id}
        yield inspected_without_the_skill.at(facts.path, ("inspected_by",), **params)


@rule(
    "DSK841",
    "inspection-planned-twice",
    scope="desk",
    message="`{other}` is the inspection of `{plan}` on {due} already",
    hint="cancel one of them, or correct its day",
    kinds=("inspection",),
)
def inspection_planned_twice(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two inspections of one plan on one day, neither of them cancelled.

    Why: two people made the coming ones on two branches; two engineers would go, or each would wait for the other.

    Example:
        INS-20260330-6WDA: plan: transcoders-weekly, due_on: 2026-03-30
        INS-20260330-7XEB: plan: transcoders-weekly, due_on: 2026-03-30

    Instead:
        INS-20260330-7XEB: status: cancelled
    """
    first: dict[tuple[str, str], Facts] = {}
    for facts in sorted(desk.of_kind("inspection"), key=lambda facts: facts.id):
        plan, due = facts.get("plan", default=""), facts.get("due_on", default="")
        if facts.status == "cancelled" or not plan or not due:
            continue
        other = first.setdefault((plan, due), facts)
        if other is not facts:
            params = {"other": other.id, "plan": plan, "due": due}
            yield inspection_planned_twice.at(facts.path, ("due_on",), **params)


def _plan(facts: Facts, desk: Snapshot) -> Facts | None:
    return desk.get("inspection_plan", facts.get("plan", default=""))


def _checklist(facts: Facts, desk: Snapshot) -> list[dict[str, Any]]:
    plan = _plan(facts, desk)
    found: list[dict[str, Any]] = plan.get("checklist", default=[]) if plan else []
    return found


RULES = (
    recurrence_unreadable,
    item_twice,
    bounds_crossed,
    failed_items_differ,
    result_of_no_item,
    out_of_bounds_in_order,
    signed_off_with_open_items,
    failed_item_without_incident,
    due_on_no_day_of_the_plan,
    inspected_without_the_skill,
    inspection_planned_twice,
)
