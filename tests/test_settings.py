"""A desk's settings: defaults that work, and a remedy for every slip."""

from __future__ import annotations

import pytest

from servicebook.errors import SettingsError
from servicebook.settings import CUSTOM_TYPES, DUE, Settings, parse_settings, read_zone


def test_a_file_without_our_table_gives_the_defaults() -> None:
    settings = parse_settings("[tool.other]\nname = 1\n")
    assert settings._replace(digest="") == Settings()
    assert settings.priority_matrix["high"]["medium"] == "P2"


def test_every_setting_says_what_it_takes() -> None:
    assert set(DUE) == set(Settings._fields) - {"digest"}
    assert all(name in DUE["custom"] for name in CUSTOM_TYPES)


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ('nmae = "Desk"', "pyproject.toml: unknown setting `nmae` in [tool.servicebook]", "did you mean `name`?"),
        ("zzz = 1", "pyproject.toml: unknown setting `zzz` in [tool.servicebook]", "known: as_of, ask_by, categories"),
        ('commit = "yes"', "pyproject.toml: setting `commit` is `yes`, due was true or false", "correct `commit`"),
        ('as_of = "2026-11-20T09:00:00"', "due was an instant with offset", "correct `as_of`"),
        ('languages = ["de"]', "due was a list of `en`, `zh`", "correct `languages`"),
        ('priority_matrix = {high = {high = "P1"}}', "due was impact to urgency", "correct `priority_matrix`"),
        ('languages = [["en"]]', "due was a list of `en`, `zh`", "correct `languages`"),
        ('custom = {x = ["text"]}', "due was a table of names", "correct `custom`"),
        ("custom = {x = {y = 1}}", "due was a table of names", "correct `custom`"),
        (
            'priority_matrix = {high={high=["P1"],medium="P1",low="P1"}, medium={high="P1",medium="P1",low="P1"},'
            ' low={high="P1",medium="P1",low="P1"}}',
            "due was impact to urgency",
            "correct `priority_matrix`",
        ),
        ('routing = [{category = ["page_error"]}]', "due was a list of rows", "correct `routing`"),
        ('routing = [{team = "ops", colour = "red"}]', "due was a list of rows", "correct `routing`"),
        ('routing = [{team = "ops", category = [1]}]', "due was a list of rows", "correct `routing`"),
        ("plan_approvers = []", "due was a list of roles", "correct `plan_approvers`"),
        ('plan_approvers = ["Tang Bo"]', "due was a list of roles", "correct `plan_approvers`"),
        ("escalation = {skill = []}", "due was kinds, each with a list of roles", "correct `escalation`"),
        ('escalation = {"two words" = ["lead"]}', "due was kinds, each with a list of roles", "correct `escalation`"),
        ('categories = {studio_light = "page"}', "due was words of your own", "correct `categories`"),
        ('categories = {page_error = "program_error"}', "due was words of your own", "correct `categories`"),
        ('categories = {wish = "user_request"}', "due was words of your own", "correct `categories`"),
        ('stages = {in_the_lab = "closed"}', "due was words of your own", "correct `stages`"),
        ('stages = {on_hold = "in_progress"}', "due was words of your own", "correct `stages`"),
        ('stages = {"In the lab" = "in_progress"}', "due was words of your own", "correct `stages`"),
        ('ask_by = "desk@example.org"', "due was a list of addresses", "correct `ask_by`"),
        ('ask_by = ["javascript://x"]', "due was a list of addresses", "correct `ask_by`"),
        ('ask_by = ["desk@example"]', "due was a list of addresses", "correct `ask_by`"),
        ("""ask_by = ['https://example.org/"x']""", "due was a list of addresses", "correct `ask_by`"),
        (f"x = {'[' * 5000}", "pyproject.toml is not TOML", "mend the line it names"),
        ("name = ", "pyproject.toml is not TOML", "mend the line it names"),
    ],
)
def test_a_slip_is_named_with_its_remedy(line: str, message: str, hint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(f"[tool.servicebook]\n{line}\n")
    assert message in caught.value.message
    assert caught.value.hint.startswith(hint)


def test_what_was_due_is_said_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICEBOOK_LANG", "zh")
    with pytest.raises(SettingsError) as caught:
        parse_settings("[tool.servicebook]\ntimezone = 8\n")
    assert caught.value.params["due"] == "时区名，例如 `Asia/Shanghai`"


def test_equal_settings_have_one_digest() -> None:
    one = parse_settings('[tool.servicebook]\nname = "A"\ncommit = true\n')
    assert one.digest == parse_settings('[tool.servicebook]\ncommit = true\nname = "A"\n').digest
    assert one.digest != parse_settings('[tool.servicebook]\nname = "B"\n').digest


@pytest.mark.parametrize("text", ["tool = 3", "[[tool]]\nservicebook = 3", "[tool]\nservicebook = 3"])
def test_a_table_is_due(text: str) -> None:
    with pytest.raises(SettingsError, match="a table was due"):
        parse_settings(text)


@pytest.mark.parametrize("name", ["", "Asia", "Asia/Nowhere", "../../etc/passwd", "/etc/passwd", "Asia/\0x"])
def test_a_name_that_is_no_zone_is_told(name: str) -> None:
    with pytest.raises(SettingsError, match="is not a time zone"):
        read_zone(Settings(timezone=name))


def test_rows_of_routing_take_one_value_or_several_and_kinds_of_escalation_keep_their_roles() -> None:
    settings = parse_settings(
        '[tool.servicebook]\nescalation = {difficulty = ["technical_lead"], security = ["security_officer"]}\n'
        '[[tool.servicebook.routing]]\nteam = "ops"\ncategory = "page_error"\npriority = ["P1", "P2"]\n'
    )
    assert settings.routing == ({"team": "ops", "category": ["page_error"], "priority": ["P1", "P2"]},)
    assert settings.escalation["difficulty"] == ("technical_lead",)
    assert settings.escalation["security"] == ("security_officer",)
    assert settings.escalation["staffing"] == Settings().escalation["staffing"]


def test_what_own_words_stand_for_is_what_models_and_lives_know() -> None:
    from typing import get_args

    from servicebook.records.incident import Category
    from servicebook.settings import CATEGORIES, STATES
    from servicebook.workflow.lifecycles import LIFECYCLES

    assert set(CATEGORIES) == {*get_args(Category)} - {"user_request"}
    assert set(STATES) == {state for life in LIFECYCLES.values() for state in life.states if state not in life.final}
