"""`servicebook sla` on the sample desk of this repository: filters, other instants and revisions, explained sums."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from servicebook.cli.main import main
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).resolve().parents[2]
Call = Callable[..., str]


@pytest.fixture
def sla(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run the command in this repository and return what it printed."""
    monkeypatch.chdir(ROOT)

    def call(*words: str) -> str:
        capsys.readouterr()
        assert main(["sla", *words]) == 0
        return capsys.readouterr().out

    return call


def rows(printed: str) -> list[dict[str, str]]:
    """Return tab-separated lines by the names of their first."""
    return list(csv.DictReader(io.StringIO(printed), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_board_is_sorted_by_due_time(sla: Call) -> None:
    board = json.loads(sla("--json"))
    due = [datetime.fromisoformat(row["due_at"]) for row in board if row["due_at"]]
    assert len(due) > 5 and due == sorted(due)
    assert [row["id"] for row in rows(sla("--format", "tsv"))] == [row["id"] for row in board]


@pytest.mark.parametrize("option", ["customer", "service", "team"])
def test_a_filter_keeps_its_own_rows_and_all_of_them(sla: Call, option: str) -> None:
    field = {"team": "assignment_group"}.get(option, option)
    whole = [(row["id"], row["clock"]) for row in json.loads(sla("--json"))]
    desk = open_desk(str(ROOT))
    tickets = {id: desk.find(id)[0].data for id, _ in whole}
    desk.close()
    value = next(ticket[field] for ticket in tickets.values() if ticket.get(field))
    kept = [(row["id"], row["clock"]) for row in json.loads(sla(f"--{option}", value, "--json"))]
    assert kept == [(id, clock) for id, clock in whole if tickets[id].get(field) == value]
    assert kept == [(row["id"], row["clock"]) for row in json.loads(sla(f"{field}={value}", "--json"))]
    assert sla(f"--{option}", "nobody").startswith("no clock is running\n")


def test_at_an_earlier_instant_later_events_are_not_known(sla: Call) -> None:
    board = json.loads(sla("--all", "--json"))
    ended = next(row for row in board if row["state"] == "met" and row["clock"] == "response" and row["due_at"])
    before = datetime.fromisoformat(ended["started_at"]) + timedelta(seconds=1)
    then = json.loads(sla(ended["id"], "--at", before.isoformat(), "--json"))
    assert next(row["state"] for row in then if row["clock"] == "response") == "running"


def test_a_revision_is_judged_at_its_own_time(sla: Call) -> None:
    head = subprocess.run(
        ["git", "-C", str(ROOT), "show", "-s", "--format=%cI", "HEAD"], capture_output=True, text=True
    )
    if head.returncode:
        pytest.skip("this copy is no Git repository")
    assert sla("--rev", "HEAD", "--json") == sla("--rev", "HEAD", "--at", head.stdout.strip(), "--json")


def test_explained_stretches_add_up_to_the_second(sla: Call) -> None:
    ids = list(dict.fromkeys(row["id"] for row in json.loads(sla("--all", "--json"))))
    judged = 0
    for id in ids[:40]:
        for clock in json.loads(sla(id, "--explain", "--json")):
            found: list[dict[str, Any]] = clock["segments"]
            if not found:
                continue
            judged += 1
            # What a supplier owes for a piece sent back rests on the supplier's record, not on an agreement.
            assert (clock["agreement"] or clock["clock"].startswith("rma ")) and clock["hours"]
            assert sum(part["elapsed_seconds"] for part in found) == clock["elapsed_seconds"]
            assert sum(part["worked_seconds"] for part in found) == clock["worked_seconds"]
            assert found[0]["start"] == clock["started_at"]
            assert all(a["end"] == b["start"] for a, b in pairwise(found))
            assert all(bool(part["reason"]) == (part["kind"] == "paused") for part in found)
    assert judged > 40


def test_explained_as_lines_gives_the_same_stretches(sla: Call) -> None:
    id = json.loads(sla("--json"))[0]["id"]
    lines = rows(sla(id, "--explain", "--format", "tsv"))
    data = json.loads(sla(id, "--explain", "--json"))
    assert [int(line["worked_seconds"]) for line in lines] == [
        part["worked_seconds"] for clock in data for part in clock["segments"]
    ]
