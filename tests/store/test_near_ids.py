"""Ids like the one that somebody named and that is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.conftest import Repo

from servicebook.rules.opening import open_desk
from servicebook.store.index import tail_of
from servicebook.store.near_ids import near_ids

INCIDENT = "---\nschema: incident/1\nid: {id}\ntitle: x\nstatus: new\ncustomer: a\n---\n"
CUSTOMER = "---\nschema: customer/1\nid: {id}\ntitle: x\nstatus: active\n---\n"
IDS = ("INC-20260312-7F3K", "INC-20260312-9ABC", "INC-20260313-7F3K", "INC-20260414-ZZZZ")
CUSTOMERS = ("harbour-tv", "harbour-tv-hq", "inland-tv")


@pytest.mark.parametrize(
    ("word", "kinds", "due"),
    [
        ("INC-20260312-7F3J", (), ["INC-20260312-7F3K", "INC-20260312-9ABC"]),
        ("inc-20260312-7f3j", (), ["INC-20260312-7F3K", "INC-20260312-9ABC"]),
        ("INC-20260314-7F3K", (), ["INC-20260313-7F3K", "INC-20260312-7F3K"]),
        ("INC-20260311-ZZZX", (), []),  # another day and another tail: it could be any
        ("INC-20260312-7F3J", ("customer",), []),
        ("harbor-tv", (), ["harbour-tv", "harbour-tv-hq"]),
        ("Harbor-TV", ("customer",), ["harbour-tv", "harbour-tv-hq"]),
        ("harbor-tv", ("incident",), []),
        ("", (), []),
    ],
)
def test_what_was_meant(make_repo: Callable[..., Repo], word: str, kinds: tuple[str, ...], due: list[str]) -> None:
    files = {f"tickets/incidents/2026/{id[8:10]}/{id}.md": INCIDENT.format(id=id) for id in IDS}
    files |= {f"kb/customers/{id}.md": CUSTOMER.format(id=id) for id in CUSTOMERS}
    desk = open_desk(str(make_repo("desk", files).root))
    assert near_ids(desk, word, kinds) == due
    assert near_ids(desk, word, kinds, 1) == due[:1]


@pytest.mark.parametrize("word", ["INC-20260312-7F3J", "INC-20260314-7F3K", "harbor-tv"])
def test_names_that_are_like_a_word_are_asked_for_in_files_committed_and_edited(
    make_repo: Callable[..., Repo], word: str
) -> None:
    fresh = ("INC-20260312-0000", "INC-20260415-7F3K")
    paths = {id: f"tickets/incidents/2026/{id[8:10]}/{id}.md" for id in (*IDS, *fresh)}
    repo = make_repo("desk", {paths[id]: INCIDENT.format(id=id) for id in IDS})
    repo.write({paths[id]: INCIDENT.format(id=id).replace("title: x", "title: y") for id in (*IDS[1:3], *fresh)})
    repo.write({"kb/customers/inland-tv.md": CUSTOMER.format(id="inland-tv")})
    desk = open_desk(str(repo.root))
    day, tail = word[:-4], tail_of(word)
    due = [
        name for name in desk.names()
        if not tail_of(name[2]) or (tail and (name[2].startswith(day) or name[2].endswith(tail)))
    ]  # fmt: skip
    assert list(desk.names_like(day, tail)) == due != []


def test_what_is_not_closed_is_read_without_what_is(make_repo: Callable[..., Repo]) -> None:
    desk = open_desk(str(make_repo("desk", {f"kb/customers/{id}.md": CUSTOMER.format(id=id) for id in CUSTOMERS}).root))
    asked: list[str] = []
    desk.index.db.set_trace_callback(asked.append)
    assert [facts.id for facts in desk.live(("customer",))] == sorted(CUSTOMERS, key=lambda id: f"{id}.md")
    desk.index.db.set_trace_callback(None)
    (plan,) = (desk.index.db.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in asked if "f.live" in one)
    assert "file_live" in str(plan) and "ORDER BY" not in str(plan)
