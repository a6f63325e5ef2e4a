"""What the list of waivers and bypasses shows: every leave that was given, every commit that took it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.hooks.conftest import CUSTOMER, DESK, TICKET, Desk, desk, empty_desk, first_desks, incident

__all__ = ["desk", "empty_desk", "first_desks"]

WAIVED = (
    "waivers:\n"
    "- {rule: REF503, reason: successor starts in May, until: 2026-05-31, by: li.wei}\n"
    "- {rule: REC258, reason: 客户尚未提供, until: 2026-03-01, by: li.wei}\n"
)


def waivers(desk: Desk, *words: str) -> str:
    done = desk.servicebook("waivers", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def entries(desk: Desk, *words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(waivers(desk, "--format", "json", *words))
    return found


def past_the_hook(desk: Desk, files: dict[str, str]) -> str:
    for path, text in files.items():
        desk.write(path, text)
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "past the hook")
    return desk.git("rev-parse", "HEAD").strip()


def test_a_desk_without_any(desk: Desk) -> None:
    assert waivers(desk) == "no record is let off a rule\n"
    assert waivers(desk, "--since", "HEAD") == "no record is let off a rule\n\nno commit got past the hook\n"
    assert entries(desk) == []


def test_every_waiver_with_its_reason_end_and_name(desk: Desk) -> None:
    desk.write(TICKET, incident().replace("timeline:", WAIVED + "timeline:"))
    first, second = entries(desk)
    assert first == {
        "type": "waiver", "record": "INC-20260312-7F3K", "path": TICKET, "rule": "REF503", "until": "2026-05-31",
        "by": "li.wei", "reason": "successor starts in May", "state": "holds", "commit": "", "at": "",
    }  # fmt: skip
    assert (second["rule"], second["state"], second["reason"]) == ("REC258", "run-out", "客户尚未提供")
    table = waivers(desk)
    assert "2026-03-01 run out" in table and "2026-05-31 run out" not in table
    lines = waivers(desk, "--format", "tsv").splitlines()
    assert len(lines) == 3 and all(line.count("\t") == 9 for line in lines)


def test_commits_that_the_hook_would_have_stopped(desk: Desk) -> None:
    start = desk.git("rev-parse", "HEAD").strip()
    desk.write(CUSTOMER, DESK[CUSTOMER].replace("Harbour TV Ltd", "Harbour TV Limited"))
    assert desk.commit("-a")[0] == 0
    broken = past_the_hook(desk, {TICKET: incident(customer="harbour-tw")})
    mended = past_the_hook(desk, {TICKET: incident()})
    found = entries(desk, "--since", start)
    assert {entry["commit"] for entry in found} == {broken}
    assert [(entry["rule"], entry["by"], entry["type"]) for entry in found] == [("REF501", "Wang Fang", "bypass")]
    assert found[0]["path"] == f"{TICKET}:5" and "harbour-tw" in found[0]["reason"]
    assert entries(desk, "--since", broken) == []
    assert mended not in waivers(desk, "--since", start)
    assert broken[:10] in waivers(desk, "--since", start)


def test_a_step_taken_back_and_what_was_broken_elsewhere(desk: Desk) -> None:
    start = desk.git("rev-parse", "HEAD").strip()
    note = "- {at: 2026-03-12T08:52:40+08:00, id: n0te, event: note, by: li.wei, note: called}\n"
    past_the_hook(desk, {TICKET: incident(more=note)})
    unlawful = past_the_hook(desk, {TICKET: incident()})
    desk.git("rm", "-q", CUSTOMER)
    elsewhere = past_the_hook(desk, {})
    past_the_hook(desk, {"kb/note.md": "# A page\n"})
    found = entries(desk, "--since", start)
    assert [(entry["commit"], entry["rule"]) for entry in found] == [(unlawful, "WFL451"), (elsewhere, "REF501")]
    assert found[1]["path"].startswith(TICKET)


def test_a_waiver_excuses_the_commit_that_it_came_with(desk: Desk) -> None:
    start = desk.git("rev-parse", "HEAD").strip()
    leave = "waivers: [{rule: REF501, reason: comes later, until: 2100-01-01, by: li.wei}]\n"
    past_the_hook(desk, {TICKET: incident(customer="harbour-tw").replace("timeline:", leave + "timeline:")})
    assert [entry["type"] for entry in entries(desk, "--since", start)] == ["waiver"]


@pytest.mark.parametrize(
    "waiver", ["waivers: [x]", "waivers: {rule: REF501}", "waivers: [{rule: REF501, until: never}]"]
)
def test_a_waiver_that_cannot_be_read_is_a_finding_and_no_crash(waiver: str, desk: Desk) -> None:
    desk.write(TICKET, incident().replace("timeline:", waiver + "\ntimeline:"))
    waivers(desk)
    assert desk.servicebook("check").returncode == 1


def test_a_revision_that_is_not_there_and_a_shallow_clone(desk: Desk, tmp_path: Path) -> None:
    done = desk.servicebook("waivers", "--since", "nowhere")
    assert done.returncode == 2 and "nowhere" in done.stderr
    past_the_hook(desk, {"kb/note.md": "# A page\n"})
    past_the_hook(desk, {"kb/note.md": "# Another page\n"})
    shallow = tmp_path / "shallow"
    desk.git("clone", "-q", "--depth", "2", f"file://{desk.root}", str(shallow))
    words = [sys.executable, "-m", "servicebook", "waivers", "--since"]
    assert Desk(shallow).run(*words, "HEAD~1").returncode == 0
    assert Desk(shallow).run(*words, "HEAD~2").returncode in (2, 4)
