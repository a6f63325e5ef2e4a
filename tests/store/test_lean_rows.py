"""Rows whose long texts are read when somebody asks are the rows that are read whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from servicebook.errors import ServicebookError
from servicebook.records.facts import Facts
from servicebook.rules.opening import open_desk
from servicebook.store import lean_rows
from servicebook.store.snapshot import Snapshot

PEOPLE = {
    f"kb/people/{id}.md": f"---\nschema: person/1\nid: {id}\ntitle: {id}\nname: {id}\nemployer: us\n{more}---\n"
    for id, more in (("chen.hao", ""), ("li.wei", "aliases: [wei.li]\ncustom: {note: 备注}\n"), ("wang.fang", ""))
}


@pytest.fixture
def root(make_repo: Callable[..., Any]) -> Path:
    repo = make_repo("lean", PEOPLE)
    open_desk(str(repo.root)).close()
    edited: Path = repo.root / "kb/people/wang.fang.md"
    edited.write_text(edited.read_text("utf-8").replace("employer: us", "employer: them"), "utf-8")
    return Path(repo.root)


@pytest.mark.parametrize("stay", [True, False])
def test_lean_rows_say_what_whole_rows_say(root: Path, monkeypatch: pytest.MonkeyPatch, stay: bool) -> None:
    monkeypatch.setattr(lean_rows, "REMEMBERED", 100 if stay else 0)
    desk = open_desk(str(root))
    whole, lean = list(desk.all()), desk.lean()
    assert [(one.title, one.aliases, one.data, one.refs) for one in lean] == [
        (one.title, one.aliases, one.data, one.refs) for one in whole
    ]
    assert lean == whole
    desk.close()


def test_another_process_reads_them_too(root: Path) -> None:
    desk = open_desk(str(root))
    rows = desk.lean()
    hears, says = get_context("fork").Pipe(duplex=False)
    child = get_context("fork").Process(target=lambda: says.send([(one.title, one.raw) for one in rows]))
    child.start()
    assert hears.poll(60)
    assert hears.recv() == [(one.title, one.raw) for one in desk.all()]
    child.join()
    assert [one.title for one in rows] == [one.title for one in desk.all()]  # this process still reads its own
    desk.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE verdict SET raw = replace(raw, 'us', 'we')",
        "UPDATE verdict SET title = 'another'",
        "UPDATE verdict SET raw = NULL",
        "DELETE FROM verdict",
    ],
)
def test_what_is_not_as_it_was_written_is_never_told(root: Path, statement: str) -> None:
    desk = open_desk(str(root))
    rows = lean_of(desk)
    with closing(sqlite3.connect(root / ".git/servicebook/verdicts.sqlite")) as other:
        other.execute(statement)
        other.commit()
    assert [one.title for one in rows] == ["chen.hao", "li.wei"]  # as it was when this process began
    desk.index.end_reading()
    rows = lean_of(desk)
    with pytest.raises(ServicebookError, match="damaged"):
        [one.data for one in rows]
    desk.close()
    again = open_desk(str(root))
    assert [one.data["employer"] for one in again.lean()] == ["us", "us", "them"]
    again.close()


def lean_of(desk: Snapshot) -> list[Facts]:
    """Return the rows that lie in the index, none of which is read yet."""
    return [one for one in desk.lean() if type(one) is not Facts]


def test_only_what_a_row_has_is_looked_for(root: Path) -> None:
    desk = open_desk(str(root))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        getattr(desk.lean()[0], "nothing_of_the_kind")  # noqa: B009
    desk.close()
