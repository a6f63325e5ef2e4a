"""Every kind of ticket has a life that hangs together, and a timeline leads through it."""

from __future__ import annotations

from typing import get_args

import pytest

from servicebook.cli.main import COMMANDS
from servicebook.records.kinds import TICKET_KINDS
from servicebook.records.models import model_of
from servicebook.workflow.lifecycles import ASKS_A_PERSON, LIFECYCLES, NOTES, RESTING, events_of
from servicebook.workflow.transitions import events_between, state_after, status_of, unlawful_steps
from servicebook.workflow.verbs import VERBS

every_life = pytest.mark.parametrize("kind", list(LIFECYCLES))


def test_each_kind_of_ticket_has_a_life_and_no_other_has() -> None:
    assert set(LIFECYCLES) == set(TICKET_KINDS)


@every_life
def test_a_life_names_its_own_states(kind: str) -> None:
    life = LIFECYCLES[kind]
    named = {life.initial, *life.final}
    for step in life.steps:
        named |= {step.target, *step.sources}
    assert named == set(life.states)


@every_life
def test_a_life_can_be_lived_to_its_end(kind: str) -> None:
    life = LIFECYCLES[kind]
    for state in life.states:
        assert events_between(life, life.initial, (state,)) is not None, state
        assert events_between(life, state, life.final) is not None, state


@every_life
def test_the_model_knows_the_states_of_the_life(kind: str) -> None:
    words = [part for part in get_args(model_of(kind).model_fields["status"].annotation) if part is not type(None)]
    assert get_args(words[0]) == LIFECYCLES[kind].states


def test_words_about_steps_name_steps() -> None:
    steps = {step.event for life in LIFECYCLES.values() for step in life.steps}
    states = {state for life in LIFECYCLES.values() for state in life.states}
    assert set(VERBS) == steps
    assert set(VERBS.values()) <= COMMANDS.keys()
    assert set(ASKS_A_PERSON) <= steps
    assert set(RESTING) <= states
    assert "note" in NOTES and "note" in events_of("incident")


def timeline(*events: str) -> list[dict[str, str]]:
    return [{"event": event} for event in events]


@pytest.mark.parametrize(
    ("events", "status"),
    [
        (("opened",), "new"),
        (("opened", "acknowledged", "note", "paused"), "on_hold"),
        (("opened", "acknowledged", "resolved", "reopened", "resolved", "closed"), "closed"),
    ],
)
def test_a_timeline_leads_to_its_status(events: tuple[str, ...], status: str) -> None:
    assert status_of("incident", timeline(*events)) == status
    assert unlawful_steps("incident", timeline(*events)) == []


def test_an_unlawful_step_is_told_and_taken_at_its_word() -> None:
    events = timeline("opened", "closed", "reopened")
    assert status_of("incident", events) == "in_progress"
    assert [(step.position, step.event, step.state) for step in unlawful_steps("incident", events)] == [
        (1, "closed", "new"),
        (2, "reopened", "closed"),
    ]


def test_what_is_no_step_leaves_the_state() -> None:
    life = LIFECYCLES["incident"]
    assert state_after(life, "on_hold", "note") == "on_hold"
    assert state_after(life, "closed", "reopened") is None
    assert status_of("customer", timeline("opened")) is None
    assert events_between(life, "closed", ("new",)) is None
