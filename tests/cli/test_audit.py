"""What an audit finds in real histories: who did what to votes, closed tickets, events, records, the branch itself."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.hooks.conftest import ACK, CUSTOMER, DESK, NOW, TICKET, Desk, incident

VOTE = "tickets/changes/2026/03/CHG-20260312-4DXQ.votes/li.wei-1.json"
RESOLVED = ACK + (
    "- {at: 2026-03-12T09:10:00+08:00, id: r5vd, event: resolved, by: li.wei}\n"
    "- {at: 2026-03-12T09:20:00+08:00, id: c1se, event: closed, by: li.wei}\n"
)
FULL = (
    "resolution: {resolution_code: fixed, cause_code: software, human_caused: false, method: restarted, "
    "problem_review: {result: not_needed, reason: seen once}}\n"
)


def closed(**fields: str) -> str:
    return incident(more=RESOLVED, status="closed", **fields).replace("timeline:", FULL + "timeline:")


class Past:
    """A desk whose commits are made past every hook, by whom and when a test wants."""

    def __init__(self, root: Path) -> None:
        self.desk = Desk(root)
        root.mkdir()
        self.desk.git("init", "-q", "-b", "main")

    def commit(
        self, at: str, files: dict[str, str | None], name: str = "Li Wei", subject: str = "work", authored: str = ""
    ) -> str:
        """Commit files (None: taken away) on 2026-03-12 at a time of day, or at an instant."""
        for path, text in files.items():
            if text is None:
                (self.desk.root / path).unlink()
            else:
                self.desk.write(path, text)
        date = f"2026-03-12T{at}:00+08:00" if len(at) == 5 else at
        email = name.lower().replace(" ", ".") + "@example.org"
        who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}
        self.desk.git("add", "-A")
        words = ("git", "commit", "-q", "--no-verify", "--allow-empty", "-m", subject)
        done = self.desk.run(*words, GIT_AUTHOR_DATE=authored or date, GIT_COMMITTER_DATE=date, **who)
        assert done.returncode == 0, done.stderr
        return self.desk.git("rev-parse", "HEAD").strip()

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.desk.servicebook(*words, **environment)

    def audit(self, *words: str, code: int | None = None) -> dict[str, Any]:
        done = self.run("audit", "--json", *words)
        assert done.returncode in ((0, 1) if code is None else (code,)), done.stdout + done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def found(self, *words: str) -> list[tuple[str, str | None]]:
        return [(item["code"], item["commit"]) for item in self.audit(*words)["findings"]]


@pytest.fixture
def past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Past:
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    past = Past(tmp_path / "desk")
    past.commit("08:50", DESK, subject="start")
    return past


def test_an_honest_history_is_told_to_be_one(past: Past) -> None:
    past.commit("08:53", {TICKET: incident(more=ACK, status="in_progress")})
    past.commit("09:25", {TICKET: closed()}, "Chen Hao")
    told = past.audit(code=0)
    assert told["findings"] == [] and told["commits"] == 3
    assert told["people"] == ["chen.hao@example.org", "li.wei@example.org"]
    done = past.run("audit")
    assert "3 commits of 2 people, 2026-03-12 to 2026-03-12" in done.stdout
    assert "the history of this period was kept" in done.stdout
    assert "no checkpoint and no receipt is here" in done.stdout


def test_work_of_before_a_rule_came_breaks_no_history(past: Past) -> None:
    """Which rules there were then no commit says: what a file holds is told as a question, by today's rules."""
    did = past.commit("09:00", {TICKET: incident(more=ACK, status="in_progress", colour="red")})
    told = past.audit(code=0)
    assert did in {item["commit"] for item in told["findings"]}
    assert {item["severity"] for item in told["findings"]} == {"warning"} and told["files_judged_by"]
    done = past.run("audit")
    assert done.returncode == 0 and "was in order then" in done.stdout


@pytest.mark.parametrize("folder", ["kb/boards/cab", "kb/articles/restart", "kb/people/chen.hao"])
def test_votes_on_rules_templates_and_keys(past: Past, folder: str) -> None:
    path = f"{folder}.votes/li.wei-1.json"
    past.commit("09:00", {path: '{"decision": "withdraw"}\n'})
    gone = past.commit("09:20", {path: None})
    assert [(item["code"], item["commit"]) for item in past.audit(code=1)["findings"]] == [("HIS908", gone)]


def test_votes(past: Past) -> None:
    past.commit("09:00", {VOTE: '{"decision": "reject"}\n'})
    changed = past.commit("09:10", {VOTE: '{"decision": "approve"}\n'}, "Chen Hao", "tidy up")
    gone = past.commit("09:20", {VOTE: None})
    told = past.audit(code=1)
    assert [(item["code"], item["commit"]) for item in told["findings"]] == [("HIS909", changed), ("HIS908", gone)]
    first = told["findings"][0]
    assert (first["author"], first["email"], first["subject"]) == ("Chen Hao", "chen.hao@example.org", "tidy up")
    assert first["at"] == "2026-03-12T01:10:00+00:00" and first["path"] == VOTE
    assert told["counts"]["votes lost or changed"] == 2


def test_a_closed_ticket_edited_names_field_and_person(past: Past) -> None:
    past.commit("09:25", {TICKET: closed()})
    did = past.commit("09:40", {TICKET: closed(title="Nothing happened")}, "Chen Hao")
    told = past.audit(code=1)
    assert [(item["code"], item["params"].get("field")) for item in told["findings"]] == [("WFL456", "title")]
    assert told["findings"][0]["commit"] == did and told["findings"][0]["author"] == "Chen Hao"
    text = past.commit("09:50", {TICKET: closed(title="Nothing happened").replace("黑屏\n\n## Log", "无\n\n## Log")})
    assert past.found()[-1] == ("HIS910", text)
    past.commit(
        "09:55", {TICKET: closed(title="Nothing happened").replace("黑屏\n\n## Log", "无\n\n## Log") + "\n- x\n"}
    )
    assert past.found()[-1] == ("HIS910", text)


def test_events_taken_away_even_when_they_came_back(past: Past) -> None:
    whole = incident(more=ACK, status="in_progress")
    past.commit("08:55", {TICKET: whole})
    gone = past.commit("09:00", {TICKET: incident()})
    assert past.found() == [("WFL451", gone)], "told once, though the history shows it as well"
    past.commit("09:05", {TICKET: whole})
    assert past.found() == [("WFL451", gone)]


def test_an_event_told_late_and_one_that_says_so(past: Past) -> None:
    said = ACK.replace("id: b7mq", "recorded_at: 2026-03-20T09:00:00+08:00, id: b7mq")
    past.commit("2026-03-20T09:01:00+08:00", {TICKET: incident(more=said, status="in_progress")})
    assert past.found() == []
    other = TICKET.replace("7F3K", "9ABC")
    text = incident("INC-20260312-9ABC", more=ACK, status="in_progress")
    late = past.commit("2026-03-20T09:02:00+08:00", {other: text})
    assert past.found() == [("HIS901", late)] * 2
    assert past.audit(code=0)["counts"]["events or commits out of their time"] == 2
    past.commit("2026-03-20T09:03:00+08:00", {"pyproject.toml": '[tool.servicebook]\nrecorded_within = "30d"\n'})
    assert past.found() == []


def test_a_commit_that_says_an_earlier_day_than_its_parent(past: Past) -> None:
    past.commit("2026-03-20T09:00:00+08:00", {"kb/a.md": "# A\n"})
    back = past.commit("09:00", {TICKET: incident(more=ACK, status="in_progress")})
    after = past.commit("2026-03-20T09:10:00+08:00", {"kb/a.md": "# B\n"})
    assert past.found() == [("HIS912", back)]
    assert past.found("--from", "2026-03-20", "--to", "2026-03-20") == [("HIS912", back)], "in the middle of the period"
    assert past.audit("--from", "2026-03-20")["commits"] == 3 and after


def test_an_authors_date_that_is_set_back_alone(past: Past) -> None:
    """It would make an event that was told eight days late look like one in time."""
    past.commit("2026-03-20T09:00:00+08:00", {"kb/a.md": "# A\n"})
    text = incident(more=ACK, status="in_progress")
    back = past.commit("2026-03-20T09:30:00+08:00", {TICKET: text}, authored="2026-03-12T09:00:00+08:00")
    assert past.found() == [("HIS918", back)]
    assert past.audit(code=0)["counts"]["events or commits out of their time"] == 1


def test_records_deleted_and_renamed(past: Past) -> None:
    site = "---\nschema: site/1\nid: {}\ntitle: Office\ncustomer: harbour-tv\n{}---\n"
    past.commit(
        "09:00", {"kb/sites/office.md": site.format("office", ""), "kb/sites/attic.md": site.format("attic", "")}
    )
    past.commit("09:05", {"kb/sites/office.md": None, "kb/sites/hq.md": site.format("hq", "aliases: [office]\n")})
    gone = past.commit("09:10", {"kb/sites/attic.md": None, "kb/note.md": "# Attic\n"})
    last = past.commit("09:15", {TICKET: None})
    codes = past.found()
    assert ("HIS913", gone) in codes and ("WFL459", last) in codes
    assert [code for code, _ in codes].count("HIS913") == 1


def test_what_got_past_the_hook_is_told_though_mended(past: Past) -> None:
    broken = past.commit("09:00", {TICKET: incident().replace("fault_grade: severe", "fault_grade: sever")})
    past.commit("09:05", {TICKET: incident()})
    assert past.found() == [("REC205", broken)]
    assert past.audit()["counts"]["other steps that the checks refuse"] == 1


def test_a_rewritten_branch_against_the_auditors_file_and_the_tags(past: Past, tmp_path: Path) -> None:
    kept = tmp_path / "auditor.txt"
    done = past.run("checkpoint", "-o", str(kept))
    assert done.returncode == 0, done.stderr
    pinned = past.desk.git("rev-parse", "HEAD").strip()
    assert kept.read_text() == f"2026-03-12T02:00:00+00:00 refs/heads/main {pinned}\n"
    past.commit("09:00", {TICKET: incident(more=ACK, status="in_progress")})
    told = past.audit("--checkpoints", str(kept), code=0)
    assert [point["commit"] for point in told["checkpoints"]] == [pinned]
    past.desk.git("reset", "-q", "--hard", "HEAD^")
    past.desk.git("commit", "-q", "--amend", "--no-verify", "-m", "another past")
    told = past.audit("--checkpoints", str(kept), code=1)
    assert [(item["code"], item["commit"], item["path"]) for item in told["findings"]] == [("HIS911", None, str(kept))]
    assert pinned[:10] in told["findings"][0]["message"]
    assert [item["path"] for item in past.audit(code=1)["findings"]] == ["refs/tags/checkpoints/main/20260312T020000Z"]
    past.desk.git("tag", "-d", "checkpoints/main/20260312T020000Z")
    past.desk.git("reflog", "expire", "--expire=now", "--all")
    past.desk.git("gc", "-q", "--prune=now")
    assert past.audit(code=0)["findings"] == [], "without the auditor's file nothing is left to tell"
    assert past.audit("--checkpoints", str(kept), code=1)["counts"]["main branch rewritten"] == 1


def test_a_checkpoint_is_signed_where_git_knows_a_key(past: Past, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    past.desk.git("config", "gpg.format", "ssh")
    past.desk.git("config", "user.signingkey", str(key))
    allowed = tmp_path / "allowed"
    allowed.write_text(f"li.wei@example.org {key.with_suffix('.pub').read_text()}")
    past.desk.git("config", "gpg.ssh.allowedSignersFile", str(allowed))
    assert past.run("checkpoint").returncode == 0
    past.desk.git("tag", "--verify", "checkpoints/main/20260312T020000Z")
    done = past.run("checkpoint", "--no-sign")
    assert done.returncode == 2 and "already exists" in done.stderr, "one a second"


def test_a_file_that_is_no_list_of_checkpoints(past: Past, tmp_path: Path) -> None:
    kept = tmp_path / "auditor.txt"
    kept.write_text("# of 2026\n\n2026-03-12 refs/heads/main abc\n")
    for words in (["audit", "--checkpoints", str(kept)], ["checkpoint", "-o", str(kept)]):
        done = past.run(*words)
        assert done.returncode == 2 and f"{kept}:3:" in done.stderr, done.stderr
    assert past.desk.git("tag") == ""
    assert past.run("audit", "--checkpoints", str(tmp_path / "none")).returncode == 2


@pytest.mark.parametrize(
    "words", [["--from", "soon"], ["--from", "2026-03-13", "--to", "2026-03-12"], ["--rev", "nowhere"]]
)
def test_a_period_that_is_none(past: Past, words: list[str]) -> None:
    done = past.run("audit", *words)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_shallow_clone_cannot_tell(past: Past, tmp_path: Path) -> None:
    past.commit("09:00", {"kb/a.md": "# A\n"})
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{past.desk.root}", str(tmp_path / "s")], check=True)
    done = Desk(tmp_path / "s").servicebook("audit")
    assert done.returncode == 4 and "git fetch --unshallow" in done.stderr


def test_in_chinese_and_in_a_bare_repository(past: Past, tmp_path: Path) -> None:
    past.commit("09:00", {VOTE: "{}\n"})
    past.commit("09:05", {VOTE: None}, "陈浩")
    subprocess.run(["git", "clone", "-q", "--bare", str(past.desk.root), str(tmp_path / "b.git")], check=True)
    bare = Desk(tmp_path / "b.git")
    done = bare.servicebook("--lang", "zh", "audit", "--rev", "main")
    assert done.returncode == 1, done.stderr
    assert "投票丢失或被改动" in done.stdout and "陈浩" in done.stdout and f"投票文件 {VOTE}" in done.stdout


def test_names_of_files_that_are_not_utf8(past: Past) -> None:
    name = os.fsencode(str(past.desk.root)) + b"/kb/\xd6\xd0.md"
    with open(name, "wb") as file:
        file.write(b"x")
    past.commit("09:00", {CUSTOMER: DESK[CUSTOMER]})
    assert past.run("audit").returncode in (0, 1)
