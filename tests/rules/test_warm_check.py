"""A check that goes on from what was kept finds what a check from nothing finds, whatever was edited in between."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.rules import check as checking
from servicebook.rules.check import check_desk
from servicebook.rules.opening import open_desk
from servicebook.rules.relations import Watched
from servicebook.store.kept import KeptFindings
from servicebook.workflow.statement import Statement, write_statement

NOW = datetime.fromisoformat("2026-03-20T10:00:00+08:00")
WEEK = "{mon: [['09:00', '18:00']], tue: [['09:00', '18:00']], wed: [['09:00', '18:00']], thu: [['09:00', '18:00']]}"


def record(kind: str, id: str, *lines: str, body: str = "") -> str:
    return "\n".join(["---", f"schema: {kind}/1", f"id: {id}", f"title: {id}", *lines, "---", body])


def customer(id: str, *lines: str) -> str:
    return record("customer", id, f"legal_name: {id}", "account_manager: li.wei", "service_manager: li.wei", *lines)


def agreement(within: str) -> str:
    clock = f"{{name: restore, start: reported_at, stop: [resolved], within: {within}, clause: '1'}}"
    return record(
        "agreement", "gold", "agreement_type: sla", "customers: [a]", "versions:",
        "- version: 1", "  effective_from: 2026-01-01", "  support_hours: office", f"  clocks: [{clock}]",
    )  # fmt: skip


def hours(week: str) -> str:
    return record(
        "support_hours", "office", "versions:",
        "- effective_from: 2026-01-01", "  timezone: Asia/Shanghai", f"  week: {week}",
        "  holidays: [{year: 2026, source: x, days: []}]",
    )  # fmt: skip


def ticket(id: str, *lines: str, customer: str = "a", closed: bool = False, body: str = "") -> str:
    timeline = ["timeline:", "- {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: li.wei, via: hotline}"]
    if closed:
        for at, name in (("09:00", "acknowledged"), ("11:00", "resolved"), ("12:00", "closed")):
            more = ", via: phone, to: Chen" if name == "acknowledged" else ""
            timeline.append(f"- {{at: 2026-03-12T{at}:00+08:00, id: xx{at[:2]}, event: {name}, by: li.wei{more}}}")
    status = "closed" if closed else "new"
    return record(
        "incident", id, f"status: {status}", f"customer: {customer}", "caller: {name: Chen}", "contact_type: hotline",
        "reported_at: 2026-03-12T08:41:00+08:00", "category: program_error", "fault_grade: severe", "impact: high",
        "urgency: high", *lines, *timeline, body=body,
    )  # fmt: skip


ONE, TWO, THREE = (f"INC-20260312-{tail}" for tail in ("7F3K", "9ABC", "1DEF"))
OUTCOME = "sla: {restore: {due_at: '2026-03-12T10:41:00+08:00', outcome: %s, agreement: gold@2026-01-01}}"
QUIRK = "external: {system: old, id: '%s', quirks: [REF501]}"


def at(id: str) -> str:
    return f"tickets/incidents/2026/03/{id}.md"


SAID = Statement("0" * 40, "board/cab", "sha256:" + "1" * 64, "sha256:" + "2" * 64, "wu", "", "approve", 1)
"""A vote without a signature: whose, and on what, is asked of the desk all the same."""

PLACES = {
    "kb/people/wu.md": [record("person", "wu", "name: x"), record("person", "wu", "name: x", "aliases: [wu.2]")],
    "kb/boards/cab.md": [record("board", "cab"), record("board", "cab", "aliases: [board]")],
    "kb/boards/cab.votes/wu-1.json": [
        write_statement(said).decode() for said in (SAID, SAID._replace(subject="board/board"), SAID._replace(seq=2))
    ],
    "kb/boards/cab.votes/wu-1.json.sig": ["nothing", "else"],
    "kb/customers/a.md": [customer("a", "agreements: [gold]"), customer("a"), customer("b", "aliases: [a]")],
    "kb/customers/b.md": [customer("b"), customer("b", "aliases: [old-a]"), customer("b", "agreements: [none]")],
    "kb/people/li.wei.md": [record("person", "li.wei", "name: x", "employer: us"), record("person", "wu", "name: x")],
    "kb/agreements/gold.md": [agreement("2h"), agreement("8h"), agreement("1 working day")],
    "kb/support-hours/office.md": [hours(WEEK), hours("{mon: [['09:00', '12:00']]}"), hours("{}")],
    at(ONE): [
        ticket(ONE), ticket(ONE, closed=True), ticket(ONE, OUTCOME % "met", closed=True), ticket(TWO),
        ticket(ONE, OUTCOME % "missed", closed=True), ticket(ONE, f"links: {{parent: {TWO}}}"),
        ticket(ONE, customer="old-a"), ticket(ONE, QUIRK % 1, customer="none"), ticket(ONE, QUIRK % 2),
    ],
    at(TWO): [
        ticket(TWO), ticket(TWO, f"links: {{parent: {THREE}}}"), ticket(TWO, f"links: {{duplicate_of: {ONE}}}"),
        ticket(TWO, QUIRK % 1), ticket(TWO, f"aliases: [{ONE}]"), ticket(TWO, body=f"as {ONE} and {THREE}\n"),
    ],
    at(THREE): [
        ticket(THREE, f"links: {{parent: {ONE}}}"), ticket(THREE, f"links: {{duplicate_of: {TWO}}}"), ticket(THREE),
        ticket(THREE, body="see [it](../../../../kb/Page.md)\n"),
    ],
    "kb/Page.md": ["a page\n"],
    "kb/page.md": ["another\n"],
    f"tickets/incidents/2026/03/{TWO}.files/log.txt": ["x"],
    "pyproject.toml": ['[tool.servicebook]\nname = "One"\n', '[tool.servicebook]\nname = "Two"\n'],
}  # fmt: skip

writes = st.one_of(
    *(st.tuples(st.just("write"), st.just(path), st.sampled_from(texts)) for path, texts in PLACES.items()),
    st.tuples(st.just("delete"), st.sampled_from(sorted(PLACES)), st.just("")),
)
others = st.sampled_from([(word, "", "") for word in ("stage", "commit", "check", "check", "check staged", "hook")])
histories = st.lists(st.one_of(writes, writes, others), min_size=3, max_size=12)


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, capture_output=True, check=True)


def check(root: Path, tree: str = "worktree") -> list[Diagnostic]:
    desk = open_desk(str(root), tree=tree)
    try:
        return sorted(check_desk(desk, NOW), key=repr)
    finally:
        desk.close()


def play(root: Path, history: list[tuple[str, str, str]]) -> None:
    """Make a desk with every record in its first form, then take the steps."""
    git(root, "init", "-q")
    for path, texts in PLACES.items():
        if path != "kb/page.md":
            step(root, "write", path, texts[0])
    step(root, "commit", "", "")
    for kind, path, text in history:
        step(root, kind, path, text)


def step(root: Path, kind: str, path: str, text: str) -> None:
    if kind == "write":
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    elif kind == "delete":
        (root / path).unlink(missing_ok=True)
    elif kind in ("stage", "commit"):
        git(root, "add", "-A")
        if kind == "commit":
            git(root, "commit", "-q", "--allow-empty", "-m", "x")
    elif kind == "hook":
        open_desk(str(root), tree="staged").close()
    else:
        check(root, "staged" if "staged" in kind else "worktree")


def same_warm_and_cold(history: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        play(root, history)
        warm = {tree: check(root, tree) for tree in ("worktree", "staged", "HEAD")}
        again = {tree: check(root, tree) for tree in warm}
        for tree, found in warm.items():
            shutil.rmtree(root / ".git" / "servicebook")
            assert found == check(root, tree) == again[tree]


LONG_WAY = [("check", "", ""), ("write", "kb/support-hours/office.md", PLACES["kb/support-hours/office.md"][1])]
NEW_ID = [("write", at(TWO), ticket(TWO, body=f"as {THREE}\n")), ("delete", at(THREE), ""), ("commit", "", "")]
CIRCLE = [
    ("write", at(ONE), PLACES[at(ONE)][5]), ("write", at(TWO), PLACES[at(TWO)][1]), ("commit", "", ""),
    ("check", "", ""), ("write", at(TWO), PLACES[at(TWO)][0]),
]  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories)
@example([("write", at(ONE), PLACES[at(ONE)][2]), ("commit", "", ""), *LONG_WAY])
@example([*NEW_ID, ("check", "", ""), ("write", at(THREE), ticket(THREE))])
@example(CIRCLE)
@example([*CIRCLE, ("commit", "", ""), ("check", "", ""), *CIRCLE[1:2]])
def test_a_warm_check_finds_what_a_cold_one_finds(history: list[tuple[str, str, str]]) -> None:
    same_warm_and_cold(history)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories)
def test_a_warm_check_finds_what_a_cold_one_finds_over_many_histories(history: list[tuple[str, str, str]]) -> None:
    same_warm_and_cold(history)


def test_after_one_edit_only_what_asked_for_it_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(tmp_path, [("check", "", "")])
    looked: list[str] = []
    original = Watched.get
    monkeypatch.setattr(Watched, "get", lambda self, kind, id: looked.append(id) or original(self, kind, id))
    monkeypatch.setattr(checking, "ahead_of", lambda *_: ())
    check(tmp_path)
    assert looked == []
    step(tmp_path, "write", "kb/people/li.wei.md", PLACES["kb/people/li.wei.md"][0].replace("name: x", "name: y"))
    check(tmp_path)
    assert "li.wei" in looked and "office" in looked
    looked.clear()
    step(tmp_path, "commit", "", "")
    step(tmp_path, "write", at(THREE), ticket(THREE))
    check(tmp_path)
    assert set(looked) >= {"a"} and TWO not in looked


def test_a_check_in_whose_midst_another_process_moves_the_anchor_answers_for_its_own_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept meanwhile is written beside the state that is read, which stays as it was to the end."""
    play(tmp_path, [])
    for number in range(40):
        step(tmp_path, "write", f"kb/customers/c{number}.md", customer(f"c{number}", "no_such_field: 1"))
    step(tmp_path, "commit", "", "")
    cold = check(tmp_path)
    shutil.rmtree(tmp_path / ".git" / "servicebook")
    original = KeptFindings.keep_relations
    moved: list[str] = []

    def keep_relations(self: KeptFindings, found: Iterable[Any]) -> None:
        if not moved:
            moved.append("once")
            for number in range(40):
                step(tmp_path, "write", f"kb/customers/c{number}.md", customer(f"c{number}"))
            step(tmp_path, "commit", "", "")
            code = "from servicebook.rules.opening import open_desk; open_desk('.', tree='HEAD').close()"
            subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
        original(self, found)

    monkeypatch.setattr(KeptFindings, "keep_relations", keep_relations)
    assert check(tmp_path, "HEAD") == cold and moved
    monkeypatch.undo()
    warm = check(tmp_path)
    shutil.rmtree(tmp_path / ".git" / "servicebook")
    assert warm == check(tmp_path)
