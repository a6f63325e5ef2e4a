"""What holds for every rule: a code of its own, a name that states the wrong, a page, both languages."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import servicebook
from servicebook.cli.main import COMMANDS
from servicebook.diagnostics.page import page_in, parse_page
from servicebook.diagnostics.rule import Rule
from servicebook.language.catalogue import load_area
from servicebook.records.kinds import BY_NAME
from servicebook.rules.registry import BY_CODE, RETIRED, RULES, file_rules, rule_of
from servicebook.rules.running import with_scope

PACKAGE = Path(servicebook.__file__).parent
ROOMS_WITH_RULES = ("text", "loader", "evidence", "rules")
FAMILIES = ("FMT", "REC", "BOD", "WFL", "REF", "SLA", "TRE", "DSK", "SET", "VOT", "HIS")
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_codes_and_names_are_used_once() -> None:
    codes, names = [rule.code for rule in RULES], [rule.name for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)
    assert not set(codes) & set(RETIRED)


def test_rules_are_sorted_by_code() -> None:
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


def test_no_rule_on_one_file_is_left_out_where_files_are_judged() -> None:
    assert file_rules() == tuple(rule for rule in RULES if rule.scope == "file" and rule.check)


@pytest.mark.parametrize("scope", ["edit", "relation", "desk"])
def test_no_rule_is_left_out_where_only_some_kinds_were_edited(scope: str) -> None:
    for kind in BY_NAME:
        some = [rule for rule in with_scope(scope) if not rule.kinds or kind in rule.kinds]
        assert with_scope(scope, (kind,)) == some, kind
    assert with_scope(scope, ()) == [rule for rule in with_scope(scope) if not rule.kinds]


def test_only_what_an_edited_kind_concerns_is_imported() -> None:
    code = "import sys; from servicebook.rules.running import with_scope; with_scope('edit', ('incident',)); "
    code += "print(*[name.rpartition('.')[2] for name in sys.modules if name.startswith('servicebook.rules.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert {"edits", "intake", "money"} <= imported
    assert imported.isdisjoint({"keys", "rosters", "surveys", "windows"})


def test_no_rule_that_is_written_down_is_left_out() -> None:
    """A family that no list names, or a rule that its family does not list, would never be run."""
    written = {
        value.code: module
        for room in ROOMS_WITH_RULES
        for path in sorted((PACKAGE / room).glob("*.py"))
        for module in [import_module(f"servicebook.{room}.{path.stem}")]
        for value in vars(module).values()
        if isinstance(value, Rule)
    }
    assert {code: str(written[code]) for code in written.keys() - BY_CODE} == {}
    assert BY_CODE.keys() == written.keys()


@every_rule
def test_a_code_is_a_family_and_three_digits(rule: Rule) -> None:
    assert re.fullmatch(rf"({'|'.join(FAMILIES)})[1-9]\d\d", rule.code)
    assert rule_of(rule.code) == rule


@every_rule
def test_a_name_is_kebab_case_and_no_wish(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert not re.search(r"^(require|ensure|check|must|should|valid)-|^no-(?!schema|blank)", rule.name)


@every_rule
def test_a_page_says_why_and_shows_both(rule: Rule) -> None:
    first, *rest = rule.page.strip().split("\n")
    assert first.endswith("."), "the first line is one sentence"
    sections = [word for line in rest for word in ("Why:", "Example:", "Instead:") if line.strip().startswith(word)]
    assert sections == ["Why:", "Example:", "Instead:"]


@every_rule
def test_an_example_and_its_mending_differ(rule: Rule) -> None:
    example, instead = rule.page.split("Example:")[1].split("Instead:")
    assert example.strip() and instead.strip()
    assert example.strip() != instead.strip()


@every_rule
def test_a_message_says_what_is_there_in_both_languages(rule: Rule) -> None:
    chinese = load_area("rules", "zh")
    for text in (rule.message, rule.hint):
        assert text in chinese, "no Chinese yet"
        assert names_in(chinese[text]) == names_in(text)
        assert len(chinese[text].split(" | ")) == len(text.split(" | "))
        assert re.search(r"[\u4e00-\u9fff]", chinese[text]) or text.startswith(("git ", "servicebook "))
    assert not re.search(r"\b(invalid|illegal|error in)\b", rule.message, re.IGNORECASE)
    assert not rule.message.endswith(".")


@every_rule
def test_a_page_can_be_read_in_chinese(rule: Rule) -> None:
    chinese = load_area("pages", "zh")
    first, parts = parse_page(rule.page)
    for text in (first, " ".join(parts["Why"].split())):
        assert re.search(r"[\u4e00-\u9fff]", chinese.get(text, "")), f"no Chinese yet: {text}"
    page = page_in(rule.page, "zh")
    assert chinese[first] in page and parts["Example"].splitlines()[0] in page


@every_rule
def test_a_hint_names_only_commands_that_there_are(rule: Rule) -> None:
    named = set(re.findall(r"\bservicebook ([a-z]+)\b", rule.hint))
    assert named - set(COMMANDS) == set()


@every_rule
def test_a_rule_is_for_kinds_that_there_are(rule: Rule) -> None:
    assert set(rule.kinds) <= set(BY_NAME)
    assert rule.scope != "file" or rule.check is None or rule.check.__code__.co_argcount == 1
    assert rule.fixable <= ("fix" in rule.hint), "a fixable finding names `servicebook fix`"
