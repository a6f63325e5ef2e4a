"""Which command records which step of a ticket's life, and which one usually comes next: data, like the lives."""

from __future__ import annotations

from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.workflow.dispatching import next_command
from servicebook.workflow.lifecycles import LIFECYCLES, STATES_OF_STANDING_RECORDS
from servicebook.workflow.transitions import state_after

VERBS = {
    "acknowledged": "ack",
    "paused": "pause",
    "resumed": "resume",
    "resolved": "resolve",
    "reopened": "reopen",
    "closed": "close",
    "cancelled": "cancel",
    "rejected": "reject",
    "submitted": "submit",
    "approved": "approve",
    "rescheduled": "reschedule",
    "implementation_started": "start",
    "implemented": "implement",
    "backed_out": "backout",
    "build_started": "build",
    "test_started": "test",
    "test_passed": "pass",
    "deployment_started": "deploy",
    "deployed": "finish",
    "departed": "depart",
    "arrived": "arrive",
    "started": "start",
    "signed_off": "signoff",
}
"""The command that records a step; what is no step goes through `note --event`."""

OWN_WORDS = {("service_request", "resolved"): "fulfil"}
"""Steps that a kind has a better word for; the general one does as well."""

USUAL = {
    "incident": {"new": "acknowledged", "in_progress": "resolved", "on_hold": "resumed", "resolved": "closed"},
    "service_request": {"new": "acknowledged", "in_progress": "resolved", "on_hold": "resumed", "fulfilled": "closed"},
    "problem": {"new": "acknowledged", "in_progress": "resolved", "on_hold": "resumed", "resolved": "closed"},
    "change": {
        "draft": "submitted", "submitted": "approved", "approved": "implementation_started",
        "in_implementation": "implemented", "implemented": "closed", "rejected": "submitted",
    },
    "release": {
        "planned": "build_started", "in_build": "test_started", "in_test": "test_passed",
        "ready": "deployment_started", "in_deployment": "deployed", "deployed": "closed",
    },
    "visit": {"planned": "departed", "departed": "arrived", "on_site": "closed"},
    "inspection": {"planned": "started", "in_progress": "signed_off"},
}  # fmt: skip
"""Kind to state to the event that leads on from there."""

STATUS_VERBS = {
    "activate": "active",
    "retire": "retired",
    "expire": "expired",
    "stock": "in_stock",
    "repair": "in_repair",
    "cure": "fixed",
}
"""The command that gives a record without a timeline a status."""


ASSIGNED = {"assigned_to": "PERSON", "assignment_group": "TEAM"}
"""Fields of a ticket that `assign` writes with an event, and whom they take."""

SCHEDULED = ("planned_start_at", "planned_end_at")
"""Fields of a change that `reschedule` writes with an event, once it was submitted."""


def command_for(facts: Facts, field: str) -> str:
    """Return the command that writes a top field of a record, where no other may: its life or history owns the field.

    Empty for a field that anybody may set.
    """
    id, kind = facts.id, BY_NAME[facts.kind]
    if field in ("id", "aliases"):
        return f"servicebook renumber {id}" if kind.prefix else f"servicebook rename {kind.name}/{id} NEW"
    if field == "schema":
        return f"servicebook new KIND, servicebook link NEW {id}"
    if field == "status":
        return f"servicebook {'|'.join(verbs_from(facts.kind, facts.status)) or 'show'} {id}"
    if field == "signing_keys":
        return "servicebook key"
    if facts.kind not in LIFECYCLES:
        return ""
    if field == "stage":
        return f"servicebook stage {id} STAGE"
    if field in ASSIGNED:
        return f"servicebook assign {id} {ASSIGNED[field]}"
    if field in SCHEDULED and state_after(LIFECYCLES[facts.kind], facts.status, "rescheduled"):
        return f"servicebook reschedule {id}"
    if field == "sla":
        return f"servicebook fix {facts.path}" if facts.status == "closed" else f"servicebook close {id}"
    return f"servicebook note {id} TEXT" if field == "timeline" else ""


def verb_of(kind: str, event: str) -> str:
    """Return the command that records a step of a kind."""
    return OWN_WORDS.get((kind, event)) or VERBS[event]


def event_of_verb(kind: str, verb: str) -> str:
    """Return the step of a kind that a command records; empty where the kind has none."""
    life = LIFECYCLES.get(kind)
    steps = [step.event for step in life.steps] if life else []
    return next((event for event in steps if verb in (VERBS[event], verb_of(kind, event))), "")


def verbs_from(kind: str, status: str) -> tuple[str, ...]:
    """Return the commands that can move a record on from where it stands, the usual one first."""
    life = LIFECYCLES.get(kind)
    if life is None:
        states = STATES_OF_STANDING_RECORDS.get(kind, ("active", "retired"))
        return tuple(verb for verb, state in STATUS_VERBS.items() if state in states and state != status)
    usual = USUAL[kind].get(status, "")
    events = [step.event for step in life.steps if state_after(life, status, step.event) is not None]
    return tuple(dict.fromkeys(verb_of(kind, event) for event in sorted(events, key=lambda event: event != usual)))


def line_of(verb: str, id: str) -> str:
    """Return the command as somebody types it, with what it cannot do without."""
    return f"servicebook {verb} {id}" + {"ack": " --via phone --to NAME"}.get(verb, "")


def next_step(facts: Facts) -> str:
    """Return the command that usually follows in the ticket's state, or on the way of its dispatch, or nothing."""
    if facts.status == "in_progress" and (command := next_command(facts)):
        return command
    event = USUAL.get(facts.kind, {}).get(facts.status)
    return line_of(verb_of(facts.kind, event), facts.id) if event and facts.timeline else ""
