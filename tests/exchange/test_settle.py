"""Drafts become files: ids that stay, faults of the source declared, what is unsafe refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from servicebook.exchange.draft import Draft
from servicebook.exchange.settle import settle
from servicebook.records.kinds import BY_NAME
from servicebook.rules.opening import open_desk
from servicebook.store.snapshot import Snapshot
from servicebook.store.write import write_files

OPENED = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)


@pytest.fixture
def desk(make_repo: Callable[..., Any]) -> Callable[[], Snapshot]:
    repo = make_repo(files={"kb/customers/acme.md": "---\nschema: customer/1\nid: acme\ntitle: Acme\n---\n"})
    return lambda: open_desk(str(repo.root))


def draft(*events: str, body: str = "## Symptom\n\nblack\n") -> Draft:
    timeline = [
        {"at": OPENED.isoformat(), "id": f"a00{number}", "event": event, "by": "import"}
        for number, event in enumerate(events)
    ]
    fields = {"title": "Black", "customer": "acme", "reported_at": OPENED.isoformat(), "timeline": timeline}
    return Draft(BY_NAME["incident"], "old-desk", "4711", fields, body, OPENED)


def test_what_the_source_got_wrong_is_declared(desk: Callable[[], Snapshot]) -> None:
    here = desk()
    settled = settle([draft("opened", "closed")], here, here.settings)
    assert settled.quirks["WFL403"] == 1
    (file,) = settled.files
    assert b"quirks: [" in file.data and b"WFL403" in file.data


def test_a_second_run_changes_nothing(desk: Callable[[], Snapshot]) -> None:
    here = desk()
    first = settle([draft("opened")], here, here.settings)
    write_files(here.root, first.files)
    again = desk()
    second = settle([draft("opened")], again, again.settings)
    assert (second.files, second.unchanged, second.kept) == ([], 1, [])


def test_what_people_wrote_since_is_left_alone(desk: Callable[[], Snapshot]) -> None:
    here = desk()
    (file,) = settle([draft("opened")], here, here.settings).files
    write_files(here.root, [file._replace(data=file.data + b"\nby hand\n")])
    again = desk()
    assert settle([draft("opened")], again, again.settings).kept == [file.path]
    assert settle([draft("opened")], again, again.settings, update=True).files == [file]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "../../../../../../../etc/passwd"])
def test_an_unsafe_link_is_no_quirk(desk: Callable[[], Snapshot], target: str) -> None:
    here = desk()
    settled = settle([draft("opened", body=f"## Symptom\n\n[look]({target})\n")], here, here.settings)
    assert settled.files == []
    assert json.dumps(target)[1:-1] in str(settled.refused)
