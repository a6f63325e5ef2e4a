"""What verbs write: one file, one edit, lawful steps only, and what they say afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import INCIDENT, PATH, Call
from tests.conftest import Repo

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.records.facts import Facts
from servicebook.settings import Settings
from servicebook.store.opening import read_snapshot
from servicebook.store.repository import find_repository
from servicebook.text.source_file import SourceFile


def text_of(desk: Repo) -> str:
    return (desk.root / PATH).read_text("utf-8")


def changed_lines(desk: Repo) -> list[str]:
    diff = desk.git("diff", "--unified=0", "--", PATH).splitlines()
    return [line for line in diff if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def test_note_adds_one_line_and_nothing_else(desk: Repo, call: Call) -> None:
    answer = call("note", "7F3K", "called the vendor: 'part #12'")
    assert answer.code == 0, answer.err
    lines = changed_lines(desk)
    assert len(lines) == 1
    assert "event: note, by: wang.fang" in lines[0]
    assert desk.git("status", "--porcelain").split() == ["M", PATH]


def test_whole_life(desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [
        ("10:05", ("pause", "7f3k", "--reason", "waiting-customer", "--until", "12:00"), "on hold"),
        ("10:30", ("resume", "7F3K"), "in progress"),
        ("10:40", ("assign", "7F3K", "service-desk"), "in progress"),
        ("10:50", ("escalate", "7F3K", "--to", "duty manager", "--via", "phone", "--reason", "slow"), "in progress"),
        ("11:00", ("resolve", "7F3K", "--code", "fixed", "--cause", "software", "--method", "restarted"), "resolved"),
        ("11:30", ("reopen", "7F3K", "--reason", "slow again"), "in progress"),
        ("12:00", ("resolve", "7F3K", "--human-caused", "no", "--set", "problem_review.result=not_needed"), "resolved"),
        ("13:00", ("close", "7F3K"), "closed"),
    ]
    for clock, words, state in steps:
        monkeypatch.setenv("SERVICEBOOK_NOW", f"2026-03-12T{clock}:00+08:00")
        answer = call(*words)
        assert answer.code == 0, (words, answer.err)
        assert state in answer.out.splitlines()[0]
    text = text_of(desk)
    assert "outcome: met" in text
    assert "human_caused: false" in text
    assert "due_at: 2026-03-13T08:" in text, "25 minutes of waiting and 30 of being resolved do not count"
    answer = call("check")
    assert answer.code == 0, answer.out
    assert call("reopen", "7F3K").code == 1


@pytest.mark.parametrize(
    ("words", "reason", "remedy"),
    [
        (("close",), "cannot be `closed` yet", f"servicebook resolve {INCIDENT}"),
        (("resume",), "cannot be `resumed` yet", f"servicebook pause {INCIDENT}"),
        (("reopen",), "cannot be `reopened` yet", f"servicebook resolve {INCIDENT}"),
        (("pause", "--reason", "lunch"), "`lunch` is not a reason", "waiting_customer"),
        (("note", "--event", "launched"), "`launched` is not an event", "remote_session"),
        (("note", "x", "--at", "2026-03-12T07:00"), "before `INC-20260312-7F3K` was reported", "--at"),
        (("note", "x", "--at", "2026-03-12T12:00"), "lies ahead", "--at"),
    ],
)
def test_unlawful_steps_say_why_and_what_to_do(
    words: tuple[str, ...], reason: str, remedy: str, desk: Repo, call: Call
) -> None:
    answer = call(words[0], "7F3K", *words[1:])
    assert answer.code == 1
    assert reason in answer.err
    assert remedy in answer.err
    assert changed_lines(desk) == []


def test_pause_without_a_reason_in_a_script(desk: Repo, call: Call) -> None:
    answer = call("pause", "7F3K")
    assert answer.code == 2
    assert "--reason waiting_customer|" in answer.err


def test_late_recording_keeps_both_times(desk: Repo, call: Call) -> None:
    assert call("note", "7F3K", "at the console", "--at", "-30m").code == 0
    assert call("note", "7F3K", "just now", "--at", "-3m").code == 0
    late, recent = changed_lines(desk)
    assert "at: 2026-03-12T09:30:00+08:00" in late
    assert "recorded_at: 2026-03-12T10:00:00+08:00" in late
    assert "recorded_at" not in recent
    assert call("check").code == 0


def test_who_is_told_by_git_or_said(desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "stranger@example.org")
    answer = call("note", "7F3K", "hello")
    assert answer.code == 2
    assert "stranger@example.org" in answer.err
    assert "--by" in answer.err
    assert call("note", "7F3K", "hello", "--by", "wang.fang").code == 0
    assert call("note", "7F3K", "hello", "--by", "nobody").code == 2


def test_commit_takes_just_this_file(desk: Repo, call: Call) -> None:
    (desk.root / "README.md").write_text("staged by somebody\n")
    desk.git("add", "README.md")
    assert call("note", "7F3K", "committed", "--commit").code == 0
    assert desk.git("show", "--name-only", "--format=%s").split("\n\n") == [
        f"{INCIDENT} note: Example service answers slowly", f"{PATH}\n"
    ]  # fmt: skip
    assert desk.git("diff", "--cached", "--name-only") == "README.md\n"


def test_settings_make_commit_the_default(desk: Repo, call: Call) -> None:
    settings = desk.root / "pyproject.toml"
    settings.write_text(settings.read_text().replace("commit = false", "commit = true"))
    assert call("note", "7F3K", "by settings").code == 0
    assert call("note", "7F3K", "left alone", "--no-commit").code == 0
    assert "by settings" in desk.git("show")
    assert len(changed_lines(desk)) == 1


def test_line_ends_and_comments_stay(desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    text = path.read_text("utf-8").replace("impact: medium\n", "impact: medium   # as told on the phone\n")
    path.write_text(text, "utf-8")
    assert call("note", "7F3K", "x").code == 0
    after = path.read_text("utf-8")
    assert [line for line in after.splitlines() if "event: note" not in line] == text.splitlines()


def test_a_file_broken_before_can_still_be_worked_on(desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    path.write_text(
        path.read_text("utf-8").replace("links: {article: [first-steps]}", "links: {article: [gone]}"), "utf-8"
    )
    assert call("note", "7F3K", "still works").code == 0


def test_ambiguous_and_unknown_ids(desk: Repo, call: Call) -> None:
    other = PATH.replace("20260312-7F3K", "20260311-7F3K").replace("INC-20260312", "INC-20260311")
    text = text_of(desk).replace("INC-20260312-7F3K", "INC-20260311-7F3K")
    desk.write({other: text})
    answer = call("note", "7F3K", "which?")
    assert answer.code == 2
    assert "incident/INC-20260311-7F3K" in answer.err
    answer = call("show", "exampel-service")
    assert "did you mean `example-service`" in answer.err
    assert call("show", PATH).code == 0


def test_link_from_one_end_shows_at_both(desk: Repo, call: Call) -> None:
    second = call("new", "incident", "--title", "Again", "--assets", "example-server", "--incomplete")
    assert second.code == 0, second.err
    id = second.out.split()[0]
    assert call("link", id, "7F3K", "--as", "duplicate_of").code == 0
    assert f"←  {id}" in call("show", "7F3K").out
    assert call("link", id, "7F3K", "--as", "duplicate_of").code == 1
    assert call("link", id, "first-steps").code == 0
    assert "article: [first-steps]" in (desk.root / second.out.split("\n")[1]).read_text()
    assert call("link", id, "example-server").code == 1


def test_two_processes_lose_no_event(desk: Repo) -> None:
    command = [sys.executable, "-m", "servicebook.cli.main", "note", "7F3K"]
    running = [
        subprocess.Popen([*command, f"note {n}"], cwd=desk.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    codes = [process.wait() for process in running]
    for process in running:
        assert process.stderr is not None
        process.stderr.close()
    assert codes == [0, 0, 0, 0]
    assert all(f"note: note {n}" in text_of(desk) for n in range(4))
    assert not list(Path(desk.root).rglob("*.tmp"))


def test_the_commit_of_what_a_verb_wrote_judges_nothing(desk: Repo, call: Call) -> None:
    def unasked(source: SourceFile, settings: Settings) -> tuple[Facts | None, tuple[Diagnostic, ...]]:
        raise AssertionError(f"{source.path} is judged again")

    assert call("note", "7F3K", "called the vendor").code == 0
    desk.git("add", "-A")
    staged = read_snapshot(find_repository("."), "staged", unasked)
    facts = staged.at_path(PATH)
    assert facts is not None and facts.timeline[-1]["note"] == "called the vendor"
    staged.close()


def test_ids_and_times_as_a_chinese_keyboard_writes_them(desk: Repo, call: Call) -> None:
    assert call("note", "７Ｆ３Ｋ", "全角", "--at", "０９：３０").code == 0
    assert "at: 2026-03-12T09:30:00+08:00" in text_of(desk).split("note: 全角")[0].splitlines()[-1]
    assert call("note", "ＩＮＣ－20260312－7F3K", "全角", "--at", "－10m").code == 0


def test_who_is_not_found_by_name_is_named(desk: Repo, call: Call) -> None:
    words = ("--title", "Chen Hao", "--name", "Chen Hao", "--name-zh", "陈浩", "--employer", "provider")
    assert call("new", "person", "--id", "chen.hao", *words).code == 0
    assert "did you mean `chen.hao`?" in call("assign", "7F3K", "陈浩").err
    assert "servicebook list person team" in call("assign", "7F3K", "nobody-at-all").err


def test_a_record_is_not_linked_to_itself(desk: Repo, call: Call) -> None:
    before = text_of(desk)
    answer = call("link", "7F3K", INCIDENT)
    assert answer.code == 1 and "not linked to itself" in answer.err
    assert text_of(desk) == before


def test_an_option_mistyped_is_named(desk: Repo, call: Call) -> None:
    answer = call("resolve", "7F3K", "--cuase", "software")
    assert answer.code == 2 and "did you mean `--cause`?" in answer.err
    assert "servicebook resolve --help" in call("resolve", "7F3K", "--zzz").err


MARKED = "<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n"


@pytest.mark.parametrize("word", ["7F3K", "7f3k", INCIDENT, PATH])
def test_a_record_that_cannot_be_read_is_not_said_to_be_missing(word: str, desk: Repo, call: Call) -> None:
    text = text_of(desk)
    (desk.root / PATH).write_text(text.replace("timeline:", "timeline: ["), "utf-8")
    answer = call("note", word, "x")
    assert answer.code == 1 and f"{PATH} is there" in answer.err and f"servicebook check {PATH}" in answer.err
    (desk.root / PATH).write_text(text.replace("---\n", f"---\n{MARKED}", 1), "utf-8")
    assert f"servicebook mend {PATH}" in call("show", word).err
    assert "no record `8888`" in call("show", "8888").err


def test_what_a_role_should_hear_that_nobody_holds_is_an_affair_of_who_has_the_ticket(desk: Repo, call: Call) -> None:
    plan = ("--suspected-cause", "power", "--lead", "wang.fang", "--engineers", "wang.fang", "--tools", "meter",
            "--work-items", "measure", "--expected-start-at", "11:00", "--expected-duration", "1h")  # fmt: skip
    answer = call("emergency", "7F3K", *plan)
    assert answer.code == 0, answer.err
    assert '"role:service_director"' in call("messages", "7F3K", "--json").out
    assert '"approve_plan"' in call("next", "--json").out
