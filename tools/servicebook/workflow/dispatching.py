"""How a team gets sent to a site: the stages of a dispatch as data, what each asks for, and how far a ticket has come.

Source: service plan, 1.2.2 steps 2 to 8. The stages lie across the life of an incident: they move no status.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.typed import Any, NamedTuple

CONFIRM_WITHIN = timedelta(hours=24)
"""How long an approval by telephone holds without a word in writing."""


class Stage(NamedTuple):
    """One stage: its name, the field that shows it is reached, the event that records it, the command for both."""

    name: str
    field: tuple[str, ...]
    event: str
    command: str


STAGES = (
    Stage("planned", ("emergency_plan", "suspected_cause"), "plan_written", "servicebook emergency {id}"),
    Stage("consented", ("emergency_plan", "consent"), "consented", "servicebook consent {id} --to NAME --via phone"),
    Stage("approved", ("emergency_plan", "approval"), "plan_approved", "servicebook approve {id} --via phone"),
    Stage("departed", ("dispatch", "departed_at"), "departed", "servicebook depart {id} --transport TEXT"),
    Stage("arrived", ("dispatch", "arrived_at"), "arrived", "servicebook arrive {id}"),
    Stage("left", ("dispatch", "left_at"), "left", "servicebook leave {id}"),
)
"""The stages in their order."""

BEFORE_DEPARTURE = ("planned", "consented", "approved")
"""The stages that a dispatch waits for."""

PLAN_SECTIONS = (
    "suspected_cause", "expected_start_at", "expected_duration", "lead", "engineers", "work_items", "estimate",
)  # fmt: skip
"""What every emergency plan says; tools and parts are said where some are needed."""

MOVES = ("departed", "arrived", "left")
"""The stages that are moments on the way: each stands in `dispatch` and on the timeline."""

_BY_NAME = {stage.name: stage for stage in STAGES}


def reached(facts: Facts) -> tuple[str, ...]:
    """Return the names of the stages that a ticket has reached, by its fields or its timeline."""
    return tuple(s.name for s in STAGES if facts.get(*s.field) or (s.name in MOVES and s.event in facts.events))


def next_command(facts: Facts) -> str:
    """Return the command for the stage that follows the last one reached; none without a plan, or once all are."""
    have = reached(facts)
    if facts.kind != "incident" or "planned" not in have:
        return ""
    moved = [place for place, stage in enumerate(STAGES) if stage.name in MOVES and stage.name in have]
    # Who is on the way needs nothing any more that comes before it.
    ahead = STAGES[moved[-1] + 1 :] if moved else [stage for stage in STAGES if stage.name not in have]
    return ahead[0].command.format(id=facts.id) if ahead else ""


def lacking_sections(facts: Facts) -> tuple[str, ...]:
    """Return the fields that the emergency plan of a ticket does not say yet."""
    plan = facts.get("emergency_plan", default={})
    return tuple(name for name in PLAN_SECTIONS if plan.get(name) in (None, "", [], {}))


def moment_of(facts: Facts, name: str) -> datetime | None:
    """Return when a stage on the way was reached: what the field says, else the first event of that name."""
    stage = _BY_NAME[name]
    if at := parse_instant(facts.get(*stage.field)):
        return at
    return facts.instants[facts.events.index(stage.event)] if stage.event in facts.events else None


def gaps_before(facts: Facts, at: datetime) -> list[Stage]:
    """Return the stages that were not reached when a team left at `at`: nothing is there, or it came later."""
    gaps = []
    for name in BEFORE_DEPARTURE:
        stage = _BY_NAME[name]
        block = facts.get(*stage.field)
        said = parse_instant(block.get("at")) if isinstance(block, dict) else None
        if not block or (said is not None and (said > at or _is_outdated(facts, name, said, at))):
            gaps.append(stage)
    return gaps


def _is_outdated(facts: Facts, name: str, said: datetime, at: datetime) -> bool:
    """Whether the plan was written anew between its approval and `at`: what was approved was another plan."""
    written = (when for event, when in zip(facts.events, facts.instants, strict=True) if event == "plan_written")
    return name == "approved" and any(said < when <= at for when in written if when)


def approval_of(facts: Facts) -> dict[str, Any]:
    """Return the approval of a ticket's emergency plan, empty where there is none."""
    found = facts.get("emergency_plan", "approval", default={})
    return found if isinstance(found, dict) else {}


def confirm_by(facts: Facts) -> datetime | None:
    """Return until when an approval by telephone must be confirmed; None where none waits for it or ever did."""
    approval = approval_of(facts)
    at = parse_instant(approval.get("at"))
    return at + CONFIRM_WITHIN if at and approval.get("via") == "phone" else None


def confirmed_at(facts: Facts) -> datetime | None:
    """Return when an approval by telephone was confirmed in writing, None where it was not."""
    if said := parse_instant(approval_of(facts).get("confirmed_at")):
        return said
    return facts.instants[facts.events.index("approval_confirmed")] if "approval_confirmed" in facts.events else None


def next_update(facts: Facts) -> datetime | None:
    """Return when the customer was promised to hear next: `until` of the last word to them."""
    last = next((entry for entry in reversed(facts.timeline) if entry.get("event") == "customer_told"), None)
    return parse_instant(last.get("until")) if last else None
