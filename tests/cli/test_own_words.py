"""A desk's own categories of faults and its own states between ours: settings, and no code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import PATH, Call
from tests.conftest import Repo

OWN = """
[tool.servicebook.categories]
studio_light = "server_damage"

[tool.servicebook.stages]
in_the_lab = "in_progress"
with_the_maker = "on_hold"
"""


@pytest.fixture
def own(desk: Repo) -> Repo:
    """Return the desk with words of its own."""
    settings = desk.root / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8") + OWN, "utf-8")
    desk.commit("Own words")
    return desk


def text(desk: Repo) -> str:
    return (desk.root / PATH).read_text("utf-8")


def test_a_category_of_the_desk_is_taken_and_counts_as_the_one_it_stands_for(own: Repo, call: Call) -> None:
    agreement = own.root / "kb/agreements/standard.md"
    words = agreement.read_text("utf-8")
    only = "applies_when: {kind: [incident], fault_grade: [degraded, consultation]}"
    assert only in words
    agreement.write_text(words.replace(only, only.replace("}", ", category: [server_damage]}")), "utf-8")
    before = call("sla", "7F3K", "--all").out
    answer = call("set", "7F3K", "category=studio_light")
    assert answer.code == 0, answer.err
    assert "category: studio_light\n" in text(own)
    after = call("sla", "7F3K", "--all").out
    assert "restore" not in before and "restore" in after
    assert call("check").code == 0
    assert call("list", "incident", "category=studio_light", "--format", "tsv").out.count("7F3K") == 1


def test_a_category_that_nobody_declared_is_refused_with_those_there_are(own: Repo, call: Call) -> None:
    answer = call("set", "7F3K", "category=studio_lamp")
    assert answer.code == 2 and "studio_light" in answer.err


def test_a_stage_is_entered_told_and_left_with_its_state(own: Repo, call: Call) -> None:
    answer = call("stage", "7F3K", "in_the_lab", "--note", "rack 4")
    assert answer.code == 0, answer.err
    assert "stage: in_the_lab\n" in text(own)
    assert "event: note, by: wang.fang, field: stage, new: in_the_lab, note: rack 4}" in text(own)
    assert call("check").code == 0
    assert call("pause", "7F3K", "--reason", "waiting_supplier").code == 0
    assert "stage: " not in text(own).replace("field: stage", "")
    assert call("stage", "7F3K", "with_the_maker").code == 0
    assert call("stage", "7F3K").code == 0
    assert "\nstage: " not in text(own)


def test_a_stage_of_another_state_is_refused_with_the_way_there(own: Repo, call: Call) -> None:
    before = text(own)
    answer = call("stage", "7F3K", "with_the_maker")
    assert answer.code == 1 and "is a stage of `on_hold`" in answer.err and "pause" in answer.err
    answer = call("stage", "7F3K", "with_the_makers")
    assert answer.code == 1 and "in `in_progress` are: in_the_lab" in answer.err
    assert call("set", "7F3K", "stage=in_the_lab").code == 2
    assert text(own) == before


def test_a_new_incident_takes_the_desks_category(own: Repo, call: Call) -> None:
    answer = call(
        "new", "incident", "--title", "Light out", "--customer", "example-customer", "--set", "caller.name=Chen",
        "--contact-type", "hotline", "--site", "example-office", "--category", "studio_light",
        "--fault-grade", "degraded",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    [made] = [path for path in Path(own.root, "tickets/incidents").rglob("*.md") if "7F3K" not in path.name]
    assert "category: studio_light\n" in made.read_text("utf-8")


def test_fields_of_the_desk_are_set_with_a_new_record_and_read_by_their_type(own: Repo, call: Call) -> None:
    settings = own.root / "pyproject.toml"
    declared = '[tool.servicebook.custom]\ncost_center = "text"\nfloor = "number"\nseen = "instant"\n'
    settings.write_text(settings.read_text("utf-8") + declared, "utf-8")
    words = ("new", "problem", "--title", "T", "--problem-type", "reactive", "--incomplete")
    answer = call(*words, "--set", "custom.cost_center=4711", "--set", "custom.floor=3", "--set", "custom.seen=08:30")
    assert answer.code == 0, answer.err
    text = (own.root / answer.out.splitlines()[1]).read_text("utf-8")
    assert 'cost_center: "4711", floor: 3, seen: 2026-03-12T08:30:00+08:00' in text
    assert call("check").code == 0
    refused = call(*words, "--set", "custom.colour=red")
    assert refused.code == 2 and "known: cost_center, floor, seen" in refused.err
    assert "--set custom.floor" not in refused.err


def test_the_schema_and_the_list_know_the_desks_own_words(own: Repo, call: Call) -> None:
    settings = own.root / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8") + '[tool.servicebook.custom]\nfloor = "number"\n', "utf-8")
    fields = json.loads(call("--lang", "zh", "schema", "incident").out)["properties"]
    [category] = [part for part in fields["category"]["anyOf"] if "enum" in part]
    assert "studio_light" in category["enum"] and len(category["enum"]) == len(category["enumDescriptions"])
    [stage] = [part for part in fields["stage"]["anyOf"] if "enum" in part]
    assert stage["enum"] == ["in_the_lab", "with_the_maker"]
    assert fields["custom"]["properties"] == {"floor": {"title": "Floor", "type": "number"}}
    assert "studio_light" in call("list", "incident", "category=studio_lamp").err


NAMES = """
[tool.servicebook.words_zh]
studio_light = "演播室灯光"
in_the_lab = "送检"
"""


def test_own_words_have_chinese_names_where_chinese_is_spoken(
    own: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = own.root / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8") + NAMES, "utf-8")
    own.commit("Their names")
    assert call("set", "7F3K", "category=studio_light").code == 0
    assert call("stage", "7F3K", "in_the_lab").code == 0
    assert "studio light" in call("show", "7F3K").out
    monkeypatch.setenv("SERVICEBOOK_LANG", "zh")
    shown = call("show", "7F3K").out
    assert "演播室灯光" in shown and "送检" in shown and "studio_light" not in shown
    schema = json.loads(call("schema", "incident").out)["properties"]["category"]
    assert "演播室灯光" in json.dumps(schema, ensure_ascii=False)
    settings.write_text(settings.read_text("utf-8").replace(NAMES, ""), "utf-8")
    assert "演播室灯光" not in call("show", "7F3K").out, "another desk's words are not this one's"


def test_a_chinese_name_for_a_word_that_is_not_the_desk_s_own_stops_with_the_remedy(own: Repo, call: Call) -> None:
    settings = own.root / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8") + NAMES + 'in_progress = "在办"\n', "utf-8")
    answer = call("check")
    assert answer.code == 2 and "`in_progress`" in answer.err and "take it out of words_zh" in answer.err


def test_a_chinese_name_is_a_text(own: Repo, call: Call) -> None:
    settings = own.root / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8") + NAMES.replace('"送检"', "3"), "utf-8")
    answer = call("check")
    assert answer.code == 2 and "words_zh" in answer.err and "Chinese name" in answer.err
