"""Whom each forge is told to ask: golden files, and what each forge makes of the patterns."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.hooks.conftest import DESK, Desk

from servicebook.reports.codeowners import FORGES, Owned, render_codeowners

GOLDEN = Path(__file__).parents[1] / "golden" / "codeowners"

PERSON = "---\nschema: person/1\nid: {id}\ntitle: {id}\nname: {id}\nemployer: us\n{more}---\n"
PEOPLE = {
    "ann": "accounts: {github: ann-lee, gitlab: ann.lee, gitea: ann, forgejo: ann}\n",
    "bo": "accounts: {github: bo, gitlab: bo, gitea: bo}\n",
    "cy": "",
    "di": "accounts: {github: di2, gitlab: di_2, gitea: di2, forgejo: di2}\n",
}
BOARD = """---
schema: board/1
id: {id}
title: {title}
board_type: {type}
chair: ann
members:
- {{person: ann, role: change_manager, to: 2026-12-31}}
- {{person: bo, role: engineer}}
- {{person: cy, role: customer}}
quorum:
- {{change_type: [normal], votes: 2, levels: [{level}]}}
- {{change_type: [policy], votes: 3}}
version: 1
secretaries: [di]
---
"""
ASSET = "---\nschema: asset/1\nid: {id}\ntitle: A\nservice: live\n---\n"
SERVICE = """---
schema: service/1
id: {id}
title: "{title}"
status: {status}
service_owner: di
support_group: crew
assets: [box-1, gone]
---
"""
FILES = DESK | {
    **{f"kb/people/{id}.md": PERSON.format(id=id, more=more) for id, more in PEOPLE.items()},
    "kb/boards/cab.md": BOARD.format(id="cab", title="Change board", type="cab", level="forge_attested"),
    "kb/boards/night.md": BOARD.format(id="night", title="Night board", type="emergency_cab", level="signed"),
    "kb/boards/old.md": "---\nschema: board/1\nid: old\ntitle: Old\nchair: bo\n---\n",
    "kb/assets/box-1.md": ASSET.format(id="box-1"),
    "kb/services/live.md": SERVICE.format(id="live", title="Live [TV] 直播", status="active"),
    "kb/services/past.md": SERVICE.format(id="past", title="Past", status="retired"),
    "kb/teams/crew.md": "---\nschema: team/1\nid: crew\ntitle: Crew\nmanager: bo\n---\n",
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-03-12T10:00:00+08:00")
    desk = Desk(tmp_path / "desk")
    desk.root.mkdir()
    desk.git("init", "-q", "-b", "main")
    for path, text in FILES.items():
        desk.write(path, text)
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "start")
    return desk


def codeowners(desk: Desk, *words: str) -> tuple[int, str]:
    done = desk.servicebook("codeowners", *words)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("forge", FORGES)
def test_the_file_of_each_forge(desk: Desk, forge: str) -> None:
    code, text = codeowners(desk, "--forge", forge, "--stdout")
    assert code == 0
    golden = GOLDEN / forge
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert golden.read_text("utf-8") == text


def test_written_where_the_forge_looks_and_stale_when_a_seat_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("--forge", "github")
    assert codeowners(desk, *words, "--check")[0] == 1
    assert codeowners(desk, *words) == (0, ".github/CODEOWNERS is as boards and services say\n")
    text = (desk.root / ".github/CODEOWNERS").read_text()
    assert "@ann-lee @bo" in text and codeowners(desk, *words, "--check") == (0, "")
    monkeypatch.setenv("SERVICEBOOK_NOW", "2027-01-01T10:00:00+08:00")
    code, said = codeowners(desk, *words, "--check")
    assert code == 1 and "servicebook codeowners --forge github" in said
    assert codeowners(desk, *words, "-o", "CODEOWNERS")[0] == 0
    assert "/tickets/changes/ @bo\n" in (desk.root / "CODEOWNERS").read_text()


def test_what_gitea_and_forgejo_make_of_the_patterns() -> None:
    """They take the backslash before a backslash, a blank and a hash away, and ask whether the whole path fits."""
    paths = ("kb/services/a.b.md", "kb/odd (1) #2/", "tickets/changes/")
    text = render_codeowners([Owned("Odd", paths, ("ann",))], "gitea", {"ann": "ann"})
    lines = [line.removesuffix(" @ann") for line in text.splitlines() if line.endswith(" @ann")]
    patterns = [re.sub(r"\\([\\ #])", r"\1", line) for line in lines]
    assert re.fullmatch(patterns[0], "kb/services/a.b.md") and not re.fullmatch(patterns[0], "kb/services/axb.md")
    assert re.fullmatch(patterns[1], "kb/odd (1) #2/x.md")
    assert re.fullmatch(patterns[2], "tickets/changes/2026/03/CHG-20260312-4DXQ.votes/ann-1.json")
    assert not re.fullmatch(patterns[2], "kb/tickets/changes/x")


def test_nobody_to_ask(tmp_path: Path, desk: Desk) -> None:
    for folder in ("boards", "services"):
        desk.git("rm", "-rq", f"kb/{folder}")
    code, said = codeowners(desk, "--forge", "gitlab")
    assert code == 0 and "nobody is asked" in said
    code, said = codeowners(desk)
    assert code == 2 and "--forge" in said
