"""The guide: every command that it shows is run, and every page stands in both languages and links to what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicebook.cli.main import COMMANDS
from servicebook.rules.registry import RULES
from servicebook.settings import Settings

from .console import PAGES, ROOT, Command, complaints, is_as_shown, read_sessions

GUIDE = sorted(PAGES.glob("*.md"))
NAMES = sorted({page.name.removesuffix(".md").removesuffix(".zh") for page in GUIDE})
every_page = pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.name)


@every_page
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    found = complaints(page, tmp_path)
    assert not found, "\n\n".join([*found, f"after a change: python tests/docs/console.py {page.relative_to(ROOT)}"])


@pytest.mark.parametrize("name", NAMES)
def test_a_page_stands_in_both_languages_and_each_leads_to_the_other(name: str) -> None:
    english, chinese = ((PAGES / f"{name}{end}").read_text("utf-8") for end in (".md", ".zh.md"))
    assert f"]({name}.zh.md)" in english.split("## ")[0]
    assert f"]({name}.md)" in chinese.split("## ")[0]
    assert english.count("\n## ") == chinese.count("\n## ")


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_run_the_same_commands(name: str) -> None:
    english, chinese = (
        [session.desk + "".join(command.text for command in session.commands) for session in read_sessions(text)]
        for text in ((PAGES / f"{name}{end}").read_text("utf-8") for end in (".md", ".zh.md"))
    )
    assert english == chinese


@every_page
def test_links_and_commands_and_rules_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not text.startswith("---"), "a page of the guide is no record"
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose):
        assert target.startswith("https://") or (page.parent / target).is_file(), target
    for command in re.findall(r"`servicebook ([a-z]+)[ `]", text):
        assert command in COMMANDS or command in ("help",), command
    codes = {rule.code for rule in RULES}
    assert set(re.findall(r"\b(?:FMT|REC|BOD|WFL|REF|SLA|TRE|DSK|SET)\d{3}\b", text)) <= codes


@pytest.mark.parametrize("end", [".md", ".zh.md"])
def test_every_setting_is_told(end: str) -> None:
    text = (PAGES / f"settings{end}").read_text("utf-8")
    for key in Settings._fields:
        assert key == "digest" or f"`{key}`" in text, key


def test_files_that_the_house_page_names_are_there() -> None:
    for page in (PAGES / "house.md", PAGES / "house.zh.md"):
        for path in re.findall(r"`((?:tools|tests|kb|hooks)/[\w./-]+)`", page.read_text("utf-8")):
            assert (ROOT / path).exists(), f"{page.name}: {path}"


def test_output_that_differs_is_noticed() -> None:
    """The comparison itself: what varies may vary, nothing else may."""
    assert is_as_shown("11 records in order (0.6 s)\n", "11 records in order (1.2 s)\n")
    assert not is_as_shown("11 records in order (0.6 s)\n", "12 records in order (0.6 s)\n")
    assert is_as_shown("first\n...\nlast\n", "first\n1\n2\nlast\n")
    assert not is_as_shown("first\n...\nlast\n", "first\n1\n2\n")


def test_sessions_are_read_as_they_are_written() -> None:
    (session,) = read_sessions("# A\n\n```console {desk=none}\n$ cat <<X\n> one\n> X\none\n$ true\n```\n")
    assert session.desk == "none"
    assert session.commands == (Command("cat <<X\none\nX\n", "one\n", 4), Command("true\n", None, 8))
