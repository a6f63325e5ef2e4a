"""Rules that two processes share find what one process finds, the rules over the whole desk in between."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from servicebook.rules import relations
from servicebook.rules.check import check_desk
from servicebook.rules.opening import open_desk

NOW = datetime.fromisoformat("2026-03-12T10:00:00+08:00")


def person(id: str, team: str) -> str:
    return f"---\nschema: person/1\nid: {id}\ntitle: {id}\nname: {id}\nemployer: us\nteams: [{team}]\n---\n"


PEOPLE = {f"kb/people/p{number:02}.md": person(f"p{number:02}", "none") for number in range(20)}
CLASH = {"kb/people/P01.md": person("p01", "none")}


@pytest.mark.parametrize("halved", [1, 1000])
def test_what_is_found_is_the_same(halved: int, make_repo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make_repo(files={**PEOPLE, **CLASH})
    monkeypatch.chdir(repo.root)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(relations, "_HALVED_FROM", halved)
    forks = []
    fork = os.fork
    monkeypatch.setattr(os, "fork", lambda: forks.append(1) or fork())
    desk = open_desk()
    first = check_desk(desk, NOW)
    desk.close()
    assert len(forks) == (halved == 1)
    broken = [item for item in first if item.code == "REF501"]
    assert sorted(item.path for item in broken) == sorted([*PEOPLE, *CLASH])
    assert [item.code for item in first if item.code.startswith("TRE705")] == ["TRE705"]
    again = open_desk()
    assert sorted(map(str, check_desk(again, NOW))) == sorted(map(str, first))
    again.close()
    assert len(forks) == (halved == 1)
