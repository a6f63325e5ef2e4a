"""A repository whose records are merged by the driver, as `servicebook install` sets it up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import INCIDENT, NOW, PATH, begun_desk
from tests.conftest import Call, Repo, copied

from servicebook.cli.main import main

__all__ = ["INCIDENT", "Call"]

OPENED = "- {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: li.wei}\n"
ACK = "- {at: 2026-03-12T08:52:40+08:00, id: b7mq, event: acknowledged, by: li.wei}\n"
NOTE = "- {at: 2026-03-12T08:50:00+08:00, id: n0te, event: note, by: ann.b}\n"


def incident(more: str = "", status: str = "new", title: str = "黑屏", body: str = "Text\n") -> str:
    """Return an incident; `more` are further lines of its timeline."""
    return f"""---
schema: incident/1
id: INC-20260312-7F3K
title: {title}
status: {status}
timeline:
{OPENED}{more}---
{body}"""


@pytest.fixture
def repo(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository of one incident, with the driver; its hooks do not run, since these records lack fields."""
    made = make_repo("desk", {PATH: incident(), ".gitattributes": "*.md merge=servicebook\n"})
    monkeypatch.chdir(made.root)
    assert main(["install"]) == 0
    made.git("config", "--unset", "core.hooksPath")
    return made


@pytest.fixture(scope="session")
def first_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk that each test gets a copy of."""
    return begun_desk(tmp_path_factory.mktemp("first") / "desk", "--person", "wang.fang")


@pytest.fixture
def desk(first_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A sound desk of one open incident, its hooks and driver connected."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    made = Repo(copied(first_desk, tmp_path / "desk"))
    monkeypatch.chdir(made.root)
    return made
