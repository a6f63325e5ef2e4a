"""The models: strict, fast to import one by one, and in step with lifecycles, catalogue and demands."""

from __future__ import annotations

import subprocess
import sys
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from servicebook.language.catalogue import load_area
from servicebook.language.labels import label_of
from servicebook.records.demands import DEMANDS, demanded
from servicebook.records.kinds import BY_NAME, KINDS
from servicebook.records.models import model_of
from servicebook.records.templates import FIRST, LAST, SECTIONS, asked_fields, body_template, field_order
from servicebook.records.timeline import EventName, PauseReason
from servicebook.text.headings import key_of_heading
from servicebook.workflow.lifecycles import LIFECYCLES, STATES_OF_STANDING_RECORDS, events_of

NAMES = [kind.name for kind in KINDS]


def models_below(model: type[BaseModel], seen: set[type] | None = None) -> Iterator[type[BaseModel]]:
    seen = set() if seen is None else seen
    if model not in seen:
        seen.add(model)
        yield model
        for field in model.model_fields.values():
            for inner in parts_of(field.annotation):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    yield from models_below(inner, seen)


def parts_of(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in typing.get_args(annotation):
        yield from parts_of(part)


def words_of(annotation: Any) -> list[str]:
    return [
        word for part in parts_of(annotation) if typing.get_origin(part) is typing.Literal for word in part.__args__
    ]


@pytest.mark.parametrize("kind", NAMES)
def test_every_field_is_described_in_both_languages(kind: str) -> None:
    known = load_area("fields", "zh")
    for model in models_below(model_of(kind)):
        for name, field in model.model_fields.items():
            assert field.description in known, f"{model.__name__}.{name}: {field.description}"
            assert label_of(field.alias or name) in known, name


@pytest.mark.parametrize("kind", NAMES)
def test_every_word_and_kind_has_a_chinese_name(kind: str) -> None:
    known = load_area("values", "zh")
    for model in models_below(model_of(kind)):
        for field in model.model_fields.values():
            assert set(words_of(field.annotation)) <= set(known)
    assert label_of(kind) in load_area("fields", "zh")
    assert (model_of(kind).__doc__ or "").partition("\n")[0] in load_area("fields", "zh")


def test_event_names_are_those_of_the_lifecycles() -> None:
    assert set(EventName.__args__) == {event for kind in LIFECYCLES for event in events_of(kind)}


def test_pause_reasons_are_those_of_the_verbs() -> None:
    from servicebook.workflow.lifecycles import PAUSE_REASONS

    assert PauseReason.__args__ == PAUSE_REASONS


@pytest.mark.parametrize("kind", NAMES)
def test_states_are_those_of_the_lifecycles(kind: str) -> None:
    life = LIFECYCLES.get(kind)
    states = life.states if life else STATES_OF_STANDING_RECORDS.get(kind, ("active", "retired"))
    written = words_of(model_of(kind).model_fields["status"].annotation)
    assert written in ([], list(states))


@pytest.mark.parametrize("kind", list(DEMANDS))
def test_demands_name_fields_and_states_that_exist(kind: str) -> None:
    life = LIFECYCLES.get(kind)
    states = life.states if life else STATES_OF_STANDING_RECORDS.get(kind, ("active", "retired"))
    assert set(DEMANDS[kind]) <= {"any", *states}
    for state in states:
        for path in demanded(kind, state):
            model: Any = model_of(kind)
            for key in path.split("."):
                assert key in model.model_fields, f"{kind} {state}: {path}"
                inner = [part for part in parts_of(model.model_fields[key].annotation) if hasattr(part, "model_fields")]
                model = inner[0] if inner else None


def test_a_state_asks_for_its_own_fields_and_those_of_any_state_once() -> None:
    due = demanded("incident", "resolved")
    assert "resolution.resolution_code" in due
    assert "caller" in due
    assert len(due) == len(set(due))
    assert "resolution.problem_review.result" in demanded("incident", "closed")
    assert demanded("incident", None) == DEMANDS["incident"]["any"]
    assert demanded("supplier", "active") == ()


@pytest.mark.parametrize("kind", NAMES)
def test_templates_have_headings_that_are_read_back(kind: str) -> None:
    for language in ("en", "zh"):
        lines = [line for line in body_template(kind, language).splitlines() if line]
        assert lines
        keys = [key_of_heading(line.removeprefix("## ")) for line in lines]
        assert keys == ([heading.key for heading in SECTIONS[kind]] if kind in SECTIONS else ["notes"])


@pytest.mark.parametrize("kind", NAMES)
def test_field_order_holds_every_field_once(kind: str) -> None:
    order = field_order(kind)
    names = [field.alias or name for name, field in model_of(kind).model_fields.items()]
    assert sorted(order) == sorted(names)
    assert order[:3] == ["schema", "id", "title"]
    assert [name for name in order if name in FIRST] == order[: len([n for n in order if n in FIRST])]
    assert order[-1] in LAST
    assert set(asked_fields(kind)) <= set(order)


def test_new_incident_asks_seven_things_and_the_symptom() -> None:
    assert asked_fields("incident") == [
        "title", "customer", "caller", "contact_type", "reported_at", "site", "category", "fault_grade",
    ]  # fmt: skip


def refusals(error: ValidationError) -> list[str]:
    """Return what was refused: pydantic's word for it, or that of our own reading."""
    return [item["ctx"]["error"].due if item["type"] == "value_error" else item["type"] for item in error.errors()]


def minimal(**more: Any) -> dict[str, Any]:
    base = {"schema": "incident/1", "id": "INC-20260312-7F3K", "title": "Black", "customer": "harbour-tv"}
    return {**base, **more}


def event(**more: Any) -> dict[str, Any]:
    return {"at": "2026-03-12T08:43:05+08:00", "id": "k3f9", "event": "opened", "by": "wang.fang", **more}


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"fualt_grade": "severe"}, "extra_forbidden"),
        ({"caller": {"name": "Chen", "phone": "1"}}, "extra_forbidden"),
        ({"fault_grade": "critical"}, "literal_error"),
        ({"reported_at": "2026-03-12T08:41:00"}, "naive_instant"),
        ({"reported_at": "yesterday"}, "instant"),
        ({"assets": "transcoder-03"}, "list_type"),
        ({"resolution": {"human_caused": "no"}}, "bool_type"),
        ({"costs": [{"quantity": "2"}]}, "int_type"),
        ({"costs": [{"quantity": -1}]}, "greater_than_equal"),
        ({"title": "two\nlines"}, "string_pattern_mismatch"),
        ({"title": 7}, "string_type"),
        ({"audience": ["everybody"]}, "string_pattern_mismatch"),
        ({"emergency_plan": {"expected_duration": "soon"}}, "duration"),
        ({"timeline": [event(event="acknowleged")]}, "literal_error"),
        ({"timeline": [event(id="k3f")]}, "string_pattern_mismatch"),
        ({"timeline": [event(colour="red")]}, "extra_forbidden"),
        ({"status": "resloved"}, "literal_error"),
        ({"customer": None}, "string_type"),
    ],
)
def test_what_an_incident_refuses(more: dict[str, Any], error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        model_of("incident").model_validate(minimal(**more))
    assert refusals(caught.value) == [error]


def test_what_an_incident_takes() -> None:
    assert model_of("incident").model_validate(minimal()).id == minimal()["id"]
    taken = model_of("incident").model_validate(minimal(contract=None, caller=None, timeline=[event(to="陈工")]))
    assert taken.model_dump()["timeline"][0]["to"] == "陈工"


@pytest.mark.parametrize(
    ("within", "taken"),
    [
        ("30m", True), ("1h30m", True), ("PT90M", True), ("P1DT2H", True), ("travel + 1h", True), ("travel", True),
        ("2 working days", True), ("1 working day", True), ({"local": "4h", "remote": "24h"}, True),
        ({"distance_class": {"local": "4h"}}, True), ("", False), ("P", False), ("PT", False), ("soon", False),
        ("travel + ", False), (30, False), ({}, False), ({"local": "soon"}, False), ([], False), ("-30m", False),
    ],
)  # fmt: skip
def test_targets_of_clocks(within: Any, taken: bool) -> None:
    clock = {"name": "response", "start": "reported_at", "stop": ["acknowledged"], "within": within}
    version = {"version": 1, "effective_from": "2026-01-01", "support_hours": "always", "clocks": [clock]}
    record = {"schema": "agreement/1", "id": "gold", "title": "Gold", "versions": [version]}
    if taken:
        model_of("agreement").model_validate(record)
    else:
        with pytest.raises(ValidationError, match="Value error, within"):
            model_of("agreement").model_validate(record)


def hours(**more: Any) -> dict[str, Any]:
    version = {"effective_from": "2026-01-01", "timezone": "Asia/Shanghai", "week": {"mon": [["09:00", "18:00"]]}}
    return {"schema": "support_hours/1", "id": "office", "title": "Office", "versions": [{**version, **more}]}


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"timezone": "Asia/Shangai"}, "zone"),
        ({"timezone": "../etc/passwd"}, "zone"),
        ({"week": {"mon": [["09:00", "09:00"]]}}, "range"),
        ({"week": {"mon": [["9:00", "18:00"]]}}, "string_pattern_mismatch"),
        ({"week": {"mon": [["09:00", "24:30"]]}}, "string_pattern_mismatch"),
        ({"week": {"mon": [["09:00"]]}}, "too_short"),
        ({"week": {"monday": []}}, "extra_forbidden"),
        ({"dates": {"24 December": []}}, "string_pattern_mismatch"),
        ({"holidays": [{"year": 2026, "source": "list", "days": ["1 May"]}]}, "date"),
    ],
)
def test_what_support_hours_refuse(more: dict[str, Any], error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        model_of("support_hours").model_validate(hours(**more))
    assert refusals(caught.value) == [error]


def test_hours_may_run_over_midnight_and_to_its_end() -> None:
    week = {"mon": [["00:00", "24:00"]], "tue": [["22:00", "06:00"]]}
    taken = model_of("support_hours").model_validate(hours(week=week)).model_dump(mode="json")
    assert [taken["versions"][0]["week"][day] for day in week] == list(week.values())


def test_outlines_let_fields_pass_that_have_no_model_yet() -> None:
    meeting = {"schema": "meeting/1", "id": "MTG-20260312-7F3K", "title": "Weekly", "decisions": ["go"]}
    model_of("meeting").model_validate(meeting)
    with pytest.raises(ValidationError):
        model_of("meeting").model_validate({**meeting, "held_at": "Monday"})


@pytest.mark.parametrize("kind", ["incident", "agreement", "person"])
def test_one_kind_is_imported_without_the_others(kind: str) -> None:
    code = (
        "import sys; from servicebook.records.models import model_of; "
        f"model_of({kind!r}); print(*sorted(m for m in sys.modules if m.startswith('servicebook.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    others = {BY_NAME[name].model.partition(":")[0] for name in NAMES} - {BY_NAME[kind].model.partition(":")[0]}
    assert {f"servicebook.records.{name}" for name in others}.isdisjoint(done.stdout.split())


def test_what_rules_read_on_the_hooks_path_needs_no_pydantic() -> None:
    code = (
        "import sys, servicebook.records.demands, servicebook.records.templates, servicebook.records.kinds; "
        "print('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
