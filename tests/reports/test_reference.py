"""The reference pages: complete, in both languages, the same on every run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import markdown

from servicebook.diagnostics.page import parse_page
from servicebook.diagnostics.rule import Rule
from servicebook.records.kinds import KINDS
from servicebook.records.models import model_of
from servicebook.reports.reference import MADE, kind_pages
from servicebook.reports.rule_pages import commands_page, rule_pages

RULE = Rule(
    "WFL499", "step-skipped", "file", "error", "`{status}` skips a step", "resolve it | or not",
    """A step left out.

    Why: nobody knows
    who did it.

    Example:
        status: closed
        timeline:
          - {}

    Instead:
        status: resolved
    """,
    fixable=True,
)  # fmt: skip


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_kinds_page_has_every_field_and_links_that_lead_somewhere(kind: str) -> None:
    page = kind_pages({})[f"kb/reference/{kind}.md"]
    for name, field in model_of(kind).model_fields.items():
        assert f"| `{field.alias or name}` | " in page
    for anchor in re.findall(r"\]\(#([a-z]+)\)", page):
        assert re.search(rf"^### {anchor}$", page, re.IGNORECASE | re.MULTILINE), anchor
    assert page.endswith(MADE)
    assert not page.startswith("---")


def test_tables_have_as_many_cells_as_headings() -> None:
    for path, page in kind_pages({}).items():
        width = 0
        for line in page.splitlines():
            cells = len(re.split(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not cells or not width or cells == width, f"{path}: {line}"
            width = cells


def test_the_example_stands_on_its_page() -> None:
    page = kind_pages({"asset": "---\nschema: asset/1\n---\n"})["kb/reference/asset.md"]
    assert "````markdown\n---\nschema: asset/1\n---\n````\n" in page
    assert "## Example" not in kind_pages({})["kb/reference/asset.md"]


def test_pages_are_the_same_on_every_run() -> None:
    assert kind_pages({}) == kind_pages({})


def test_a_docstring_falls_into_its_parts() -> None:
    first, parts = parse_page(RULE.page)
    assert first == "A step left out."
    assert parts["Example"] == "status: closed\ntimeline:\n  - {}"
    assert parts["Instead"] == "status: resolved"


def test_a_rules_page_says_why_what_and_how() -> None:
    page = rule_pages([RULE])["kb/rules/WFL499.md"]
    assert page.startswith("# WFL499 step-skipped\n\nA step left out.\n")
    assert "Nobody knows who did it." in page
    assert "````text\nstatus: resolved\n````" in page
    assert "remedy · 处理: resolve it\n" in page
    assert "servicebook fix" in page
    assert "[WFL499](WFL499.md)" in rule_pages([RULE])["kb/rules/index.md"]


def test_what_is_to_be_written_stands_on_a_rules_page_as_it_is_written() -> None:
    rule = RULE._replace(hint="write `links: {{parent: {id}}}`")
    assert "`links: {parent: {id}}`" in rule_pages([rule])["kb/rules/WFL499.md"]


def test_a_name_at_the_end_of_a_cell_is_not_taken_for_attributes() -> None:
    page = rule_pages([RULE._replace(message="it is lawful from {due}")])["kb/rules/WFL.md"]
    assert r" | it is lawful from \{due} | " in page
    assert "it is lawful from {due}</td>" in markdown(page, extensions=["tables", "attr_list"])


def test_every_rule_of_the_program_has_a_page_with_why_and_example() -> None:
    from servicebook.rules.registry import all_rules

    pages = rule_pages(all_rules())
    for rule in all_rules():
        page = pages[f"kb/rules/{rule.code}.md"]
        assert "## Why · 原因" in page, rule.code
        assert "## Example · 错误示例" in page, rule.code


def test_commands_stand_in_both_languages() -> None:
    page = commands_page({"docs": ("docs", "Write the reference pages of kinds and rules")})["kb/reference/commands.md"]
    row = next(line for line in page.splitlines() if "servicebook docs`" in line and line.startswith("|"))
    assert re.search(r"[\u4e00-\u9fff]", row)


def test_the_desks_own_pages_name_their_folder() -> None:
    assert all(Path(path).parent.as_posix() == "kb/reference" for path in kind_pages({}))
