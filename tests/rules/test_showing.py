"""Findings get their places and their lines, of one file or of thousands, and Git is not asked once a file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest
from tests.conftest import Repo

from servicebook.rules.check import check_desk
from servicebook.rules.opening import open_desk
from servicebook.rules.showing import line_reader, show_findings

NOW = datetime.fromisoformat("2026-03-12T10:00:00+08:00")
COUNT = 700


def test_places_and_lines_of_many_files(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> None:
    customer = "---\nschema: customer/1\nid: {id}\ntitle: {id}\nlegal_name: X\naccount_manager: nobody\n---\n"
    ids = [f"c{number:03}" for number in range(COUNT)]
    repo = make_repo("many", {f"kb/customers/{id}.md": customer.format(id=id) for id in ids})
    desk = open_desk(str(repo.root), tree="HEAD")
    found = [item for item in check_desk(desk, NOW) if item.code == "REF501"]
    calls = []
    git = type(desk.repository).git
    monkeypatch.setattr(
        type(desk.repository), "git", lambda self, *words, **given: calls.append(words) or git(self, *words, **given)
    )
    shown = show_findings(desk, found)
    line_of = line_reader(desk, shown)
    assert len(shown) == COUNT
    for id, item in zip(ids, shown, strict=True):
        assert item.finding.path == f"kb/customers/{id}.md" and item.span.line == 6
        assert line_of(item.finding, 6) == "account_manager: nobody"
        assert line_of(item.finding, 4) == f"title: {id}"
    assert line_of(shown[0].finding._replace(path="kb/none.md"), 1) in (None, "")
    assert len(calls) < 30, "git was started once a file"


def test_a_finding_that_stands_is_placed_without_reading_its_file_again(make_repo: Callable[..., Repo]) -> None:
    path = "kb/customers/c1.md"
    customer = "---\nschema: customer/1\nid: c1\ntitle: c1\nlegal_name: X\n{more}account_manager: nobody\n---\n"
    repo = make_repo("placed", {path: customer.format(more="")})

    def check() -> tuple[str, bool]:
        words = [sys.executable, "-X", "importtime", "-m", "servicebook", "check", "--format", "concise"]
        done = subprocess.run(words, cwd=repo.root, capture_output=True, text=True)
        return done.stdout, "servicebook.text.front_matter" in done.stderr

    check()  # judges
    assert check() == check()
    said, read = check()
    assert f"{path}:6:" in said and not read
    (repo.root / path).write_text(customer.format(more="\n"), "utf-8")
    check()
    said, read = check()
    assert f"{path}:7:" in said and not read
