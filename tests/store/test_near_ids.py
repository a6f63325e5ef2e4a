"""Ids like the one that somebody named and that is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.conftest import Repo

from servicebook.rules.opening import open_desk
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
