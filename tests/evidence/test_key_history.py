"""Which commit did what to a key: on the main line, on branches, in merges and squashes; told once each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.approvals.desk import Desk
from tests.conftest import Repo

from servicebook.evidence.key_history import audit_keys, key_events
from servicebook.store.mainline import commit_of, read_mainline
from servicebook.store.repository import find_repository

from .conftest import MadeKey

AT = "2026-04-01T09:00:00+08:00"
LATER = "2026-04-02T09:00:00+08:00"


@pytest.fixture
def desk(tmp_path: Path, keys: dict[str, MadeKey]) -> Desk:
    root = tmp_path / "desk"
    root.mkdir()
    desk = Desk(root, {"li.wei": keys["ed25519"].file, "wang.fang": keys["rsa"].file, "new": keys["ecdsa256"].file})
    desk.git("init", "--quiet", "--initial-branch=main")
    desk.land("people", {f"kb/people/{name}.md": desk.person(name, []) for name in ("li.wei", "wang.fang")})
    return desk


def hold(desk: Desk, person: str, *entries: dict[str, Any]) -> dict[str, str]:
    return {f"kb/people/{person}.md": desk.person(person, entries)}


def told(desk: Desk, person: str = "") -> list[tuple[str, str, str, bool]]:
    repository = find_repository(str(desk.root))
    events = key_events(repository, commit_of(repository, "HEAD"), person)
    return [(event.step.subject, event.held.person, event.what, event.by_holder) for event in events]


def landed(desk: Desk) -> list[tuple[str, str]]:
    """Return what the audit tells: the subject of the commit of the line, and whose key it was."""
    repository = find_repository(str(desk.root))
    tip = commit_of(repository, "HEAD")
    return [
        (step.subject, found.param("person")) for step, found in audit_keys(repository, tip, read_mainline(repository))
    ]


def test_an_end_that_is_taken_out_is_no_end(desk: Desk) -> None:
    own = {"public_key": desk.public("li.wei")}
    for name in ("valid_until", "revoked_at", "compromised_since"):
        desk.land(f"with {name}", hold(desk, "li.wei", own | {name: AT}))
        desk.land(f"without {name}", hold(desk, "li.wei", own))
    whats = [what for subject, _, what, _ in told(desk) if subject.startswith("without")]
    assert whats == ["altered"] * 3


def test_the_life_of_a_key(desk: Desk) -> None:
    own = {"public_key": desk.public("li.wei")}
    desk.land("add", hold(desk, "li.wei", own))
    desk.land("comment", hold(desk, "li.wei", own | {"comment": "笔记本"}))
    desk.land("end", hold(desk, "li.wei", own | {"valid_until": AT}))
    desk.land("withdraw", hold(desk, "li.wei", own | {"valid_until": AT, "revoked_at": AT}))
    desk.land("lose", hold(desk, "li.wei", own | {"revoked_at": LATER, "compromised_since": AT}), by="wang.fang")
    desk.land("take out", hold(desk, "li.wei"))
    whats = ["added", "altered", "ended", "withdrawn", "lost", "removed"]
    subjects = ["add", "comment", "end", "withdraw", "lose", "take out"]
    assert told(desk) == [
        (subject, "li.wei", what, subject != "lose") for subject, what in zip(subjects, whats, strict=True)
    ]
    assert told(desk, "wang.fang") == []
    assert landed(desk) == []


def test_a_key_that_somebody_else_brings_is_told_with_the_merge_it_landed_with(desk: Desk) -> None:
    desk.git("switch", "-qc", "side")
    desk.land("smuggled", hold(desk, "wang.fang", {"public_key": desk.public("new")}), by="li.wei")
    desk.land("own", hold(desk, "li.wei", {"public_key": desk.public("li.wei")}), by="li.wei")
    desk.git("switch", "-q", "main")
    desk.land("meanwhile", {"README.md": "x\n"})
    desk.git("merge", "-q", "--no-ff", "-m", "merge of a pull request", "side")
    assert told(desk) == [("smuggled", "wang.fang", "added", False), ("own", "li.wei", "added", True)]
    assert landed(desk) == [("merge of a pull request", "wang.fang")]


def test_a_key_that_only_the_merge_itself_brings_is_the_merge_s(desk: Desk) -> None:
    desk.git("switch", "-qc", "side")
    desk.land("aside", {"README.md": "x\n"})
    desk.git("switch", "-q", "main")
    desk.land("meanwhile", {"NOTES.md": "x\n"})
    desk.git("merge", "-q", "--no-ff", "--no-commit", "side")
    desk.land("evil merge", hold(desk, "wang.fang", {"public_key": desk.public("new")}), by="li.wei")
    assert told(desk) == landed_as("evil merge")
    assert landed(desk) == [("evil merge", "wang.fang")]


def landed_as(subject: str) -> list[tuple[str, str, str, bool]]:
    return [(subject, "wang.fang", "added", False)]


def test_an_address_added_with_the_key_does_not_make_it_his_own(desk: Desk) -> None:
    emails = ["wang.fang@example.org", "li.wei@example.org"]
    file = {"kb/people/wang.fang.md": desk.person("wang.fang", [{"public_key": desk.public("new")}], emails=emails)}
    desk.land("address and key", file, by="li.wei")
    assert told(desk) == landed_as("address and key")


def test_a_new_person_with_a_key_of_their_own_is_in_order(desk: Desk) -> None:
    desk.keys["zhao.min"] = desk.keys["new"]
    desk.land("zhao.min", {"kb/people/zhao.min.md": desk.person("zhao.min")}, by="zhao.min")
    assert told(desk) == [("zhao.min", "zhao.min", "added", True)]


def test_files_that_cannot_be_read_do_no_harm(desk: Desk) -> None:
    desk.land("broken", {"kb/people/li.wei.md": "---\nid: [\n", "kb/people/x.md": b"\xff\xfe\0"})
    desk.land("mended", hold(desk, "li.wei", {"public_key": desk.public("li.wei"), "valid_until": 5}))
    assert told(desk) == [("mended", "li.wei", "added", True)]


def test_a_repository_without_people(make_repo: Callable[..., Repo]) -> None:
    repository = find_repository(str(make_repo(files={"README.md": "x\n"}).root))
    assert key_events(repository, commit_of(repository, "HEAD")) == []
