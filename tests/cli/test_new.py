"""What `new` asks, derives, writes and says."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from tests.cli.conftest import Call, on_a_terminal
from tests.conftest import Repo

from servicebook.cli.fields import fields_of
from servicebook.records.kinds import KINDS, Kind

FLAGS = (
    "--title", "Stream 3 is black", "--customer", "example-customer", "--caller", "陈工", "--contact-type", "hotline",
    "--category", "program-error", "--fault-grade", "severe", "--assets", "example-server", "--impact", "high",
    "--urgency", "medium",
)  # fmt: skip


def test_incident_with_flags(desk: Repo, call: Call) -> None:
    answer = call("new", "incident", *FLAGS)
    assert answer.code == 0, answer.err
    id, path = answer.out.split()[0], answer.out.splitlines()[1]
    assert path == f"tickets/incidents/2026/03/{id}.md"
    text = (desk.root / path).read_text("utf-8")
    for line in (
        "schema: incident/1", "status: new", "contract: example-contract", "site: example-office",
        "service: example-service", "assignment_group: service-desk", "priority: P2", "caller: {name: 陈工}",
        "reported_at: 2026-03-12T10:00:00+08:00", "category: program_error",
    ):  # fmt: skip
        assert line in text.splitlines(), line
    assert "event: opened, by: wang.fang, via: hotline}" in text
    assert "due in 30 min" in answer.out
    assert "INC-20260312-7F3K" in answer.out, "the similar incident is named"
    assert f"next: servicebook ack {id}" in answer.out
    assert call("check").code == 0


def test_notice_given_earlier(desk: Repo, call: Call) -> None:
    answer = call("new", "incident", *FLAGS, "--at", "-25m")
    assert "due in 5 min" in answer.out
    text = (desk.root / answer.out.splitlines()[1]).read_text("utf-8")
    assert "reported_at: 2026-03-12T09:35:00+08:00" in text
    assert "{at: 2026-03-12T10:00:00+08:00" in text


def test_times_without_offset_are_the_desks_own(desk: Repo, call: Call) -> None:
    words = ("--title", "Patch", "--planned-start-at", "22:00", "--planned-end-at", "2026-03-13T01:30", "--incomplete")
    answer = call("new", "change", *words)
    text = (desk.root / answer.out.splitlines()[1]).read_text("utf-8")
    assert "planned_start_at: 2026-03-12T22:00:00+08:00" in text
    assert "planned_end_at: 2026-03-13T01:30:00+08:00" in text
    assert "requested_by: wang.fang" in text
    tasks = call("next").out
    assert "the change starts soon" not in tasks, "a draft is nobody's task yet"


def test_what_is_missing_is_said(desk: Repo, call: Call) -> None:
    answer = call("new", "incident", "--title", "x")
    assert answer.code == 2
    assert "customer" in answer.err
    assert "--fault-grade" in answer.err
    assert desk.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--customer", "exmple-customer"), "did you mean `example-customer`?"),
        (("--fault-grade", "fatal"), "severe"),
        (("--service", "none"), "there is no such service"),
        (("--set", "nothing=1"), "`nothing=1`"),
        (("--set", "caller.shoe=44"), "`caller.shoe=44`"),
        (("--reported-at", "last night"), "`last night` is not a time"),
    ],
)
def test_what_is_wrong_is_refused(flags: tuple[str, ...], told: str, desk: Repo, call: Call) -> None:
    answer = call("new", "incident", *FLAGS, *flags)
    assert answer.code in (1, 2)
    assert told in answer.err
    assert desk.git("status", "--porcelain") == ""


def test_block_fields_by_set(desk: Repo, call: Call) -> None:
    answer = call("new", "incident", *FLAGS, "--set", "caller.role=duty desk", "--set", "tags=live,night")
    text = (desk.root / answer.out.splitlines()[1]).read_text("utf-8")
    assert "caller: {name: 陈工, role: duty desk}" in text
    assert "tags: [live, night]" in text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind(kind: Kind, desk: Repo, call: Call) -> None:
    name = kind.name
    flags = ["--title", f"A new {name}"]
    for field in fields_of(name):
        if field.required and field.name not in ("schema", "id", "title", "timeline"):
            flags += [f"--{field.name.replace('_', '-')}", f"example-{field.kinds[0]}" if field.kinds else "x"]
    answer = call("new", name, *flags, "--incomplete")
    assert answer.code == 0, answer.err
    assert (desk.root / answer.out.splitlines()[1]).is_file()
    check = call("check")
    assert check.code == 0, check.out


def test_slugs(desk: Repo, call: Call) -> None:
    assert call("new", "site", "--title", "示例机房", "--incomplete").code == 2
    assert call("new", "site", "--title", "示例机房", "--id", "machine-room", "--incomplete").code == 0
    answer = call("new", "site", "--title", "x", "--id", "machine-room", "--incomplete")
    assert answer.code == 2
    assert "already" in answer.err
    assert call("new", "site", "--title", "x", "--id", "Bad Id", "--incomplete").code == 2


def test_unknown_kind(desk: Repo, call: Call) -> None:
    answer = call("new", "incidnet")
    assert answer.code == 2
    assert "servicebook new incident" in answer.err


def test_body_from_a_file(desk: Repo, call: Call, tmp_path: Path) -> None:
    (tmp_path / "body.md").write_text("## Symptom\n\nBlack.\n")
    answer = call("new", "incident", *FLAGS, "--body", str(tmp_path / "body.md"))
    assert (desk.root / answer.out.splitlines()[1]).read_text("utf-8").endswith("## Symptom\n\nBlack.\n")


def test_asks_on_a_terminal(desk: Repo) -> None:
    """A person answers by number, by word, by the start of a word; Chinese is fine."""
    answers = ["1", "陈工", "热线", "", "example-office", "program", "3", "直播黑屏，有声音，没有画面", ""]
    said, code = on_a_terminal(["new", "incident"], desk.root, answers)
    assert code == 0, said
    (path,) = desk.git("status", "--porcelain", "-uall").split()[1:]
    text = (desk.root / path).read_text("utf-8")
    for line in (
        "title: 直播黑屏，有声音，没有画面",
        "customer: example-customer",
        "category: program_error",
        "fault_grade: severe",
    ):
        assert line in text, said
    assert "## Symptom\n\n直播黑屏，有声音，没有画面\n" in text, said


def test_who_has_no_record_yet_can_add_it_and_open_a_ticket(
    desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "new.hand@example.org")
    refused = call("new", "incident", *FLAGS)
    assert refused.code == 2 and "servicebook new person" in refused.err
    words = ("--id", "new.hand", "--title", "New Hand", "--name", "New Hand", "--employer", "us")
    added = call("new", "person", *words, "--emails", "new.hand@example.org", "--incomplete")
    assert added.code == 0, added.err
    assert call("new", "incident", *FLAGS).code == 0


def test_enter_leaves_a_question_open_and_loses_nothing(desk: Repo) -> None:
    answers = ["1", "Chen", "hotline", "", "", "", "3", "Stream 3 is black"]
    said, code = on_a_terminal(["new", "incident"], desk.root, answers)
    assert code == 0, said
    (path,) = desk.git("status", "--porcelain", "-uall").split()[1:]
    text = (desk.root / path).read_text("utf-8")
    assert "fault_grade: severe" in text and "category:" not in text
    assert "`category`" in said, "what is open is told"


def test_a_body_that_cannot_be_read_is_said(desk: Repo, call: Call, tmp_path: Path) -> None:
    old = tmp_path / "old.txt"
    old.write_bytes("现象".encode("gb18030"))
    for path, told in ((tmp_path / "none", "No such file"), (tmp_path, "directory"), (old, "not UTF-8")):
        answer = call("new", "incident", *FLAGS, "--body", str(path))
        assert answer.code == 2 and told in answer.err, answer.err
    assert desk.git("status", "--porcelain") == ""


def test_choices_by_their_chinese_names(desk: Repo, call: Call) -> None:
    answer = call("new", "incident", *FLAGS, "--fault-grade", "严重")
    assert answer.code == 0, answer.err
    assert "fault_grade: severe" in (desk.root / answer.out.splitlines()[1]).read_text("utf-8")


def test_what_is_said_to_a_stranger_makes_a_record_that_lands(
    desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.git("config", "user.email", "stranger@example.com")
    hint = call("note", "7F3K", "x").err.partition("nobody yet: servicebook ")[2].strip()
    assert call(*shlex.split(hint.replace("YOUR.NAME", "mei.lin"))).code == 0
    desk.commit("A new colleague")
    assert call("check", "--range", "HEAD~1..HEAD").code == 0
    assert call("note", "7F3K", "x").code == 0


def test_any_field_of_a_time_takes_so_long_ago(desk: Repo, call: Call) -> None:
    given = ("--title", "T", "--problem-type", "reactive", "--detected-at", "-1h", "--incomplete")
    answer = call("new", "problem", *given)
    assert "detected_at: 2026-03-12T09:00:00+08:00" in (desk.root / answer.out.splitlines()[1]).read_text("utf-8")
