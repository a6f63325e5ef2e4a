"""`servicebook edit` opens the person's editor and judges what it saved, as the hook will."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Call, Repo

from .conftest import INCIDENT, PATH, on_a_terminal
from .test_watch import judges_at_commit

SPOIL = "sed -i 's/^impact: .*/impact: huge/'"
MEND = "sed -i 's/^impact: .*/impact: medium/'"
RETITLE = "sed -i 's/^title: .*/title: Black picture/'"


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("VISUAL", RETITLE)
    return monkeypatch


def test_a_record_is_found_by_its_last_four_characters_and_told_where_it_stands(
    desk: Repo, call: Call, editor: pytest.MonkeyPatch
) -> None:
    answer = call("edit", INCIDENT[-4:].lower())
    assert answer.code == 0, answer.err
    assert "Black picture" in answer.out and "Black picture" in (desk.root / PATH).read_text("utf-8")
    assert desk.git("status", "--porcelain").split() == ["M", PATH]
    desk.git("add", PATH)
    assert judges_at_commit(desk.root) == [], "the editor's verdict is the commit's"


def test_what_is_broken_is_shown_and_not_committed(desk: Repo, call: Call, editor: pytest.MonkeyPatch) -> None:
    editor.setenv("VISUAL", SPOIL)
    answer = call("edit", INCIDENT)
    assert answer.code == 1 and "REC205" in answer.err and "impact: huge" in answer.err
    before = desk.git("rev-parse", "HEAD")
    answer = call("edit", INCIDENT, "--commit")
    assert answer.code == 1 and "not committed" in answer.err and desk.git("rev-parse", "HEAD") == before
    editor.setenv("VISUAL", MEND)
    answer = call("edit", INCIDENT, "--commit")
    assert answer.code == 0 and "was not changed" not in answer.err


def test_commit_takes_just_this_file_and_nothing_twice(desk: Repo, call: Call, editor: pytest.MonkeyPatch) -> None:
    (desk.root / "kb" / "other.md").write_text("# Other\n", "utf-8")
    answer = call("edit", INCIDENT, "--commit")
    assert answer.code == 0, answer.err
    assert desk.git("show", "--name-only", "--format=%s").split("\n\n") == [
        f"{INCIDENT} edited: Black picture", PATH + "\n",
    ]  # fmt: skip
    head = desk.git("rev-parse", "HEAD")
    answer = call("edit", INCIDENT, "--commit")
    assert answer.code == 0 and f"{PATH} was not changed" in answer.out and desk.git("rev-parse", "HEAD") == head


def test_it_opens_again_where_the_person_says_so(desk: Repo, editor: pytest.MonkeyPatch) -> None:
    script = desk.root.parent / "editor"
    script.write_text(f'#!/bin/sh\nif test -e "$0.twice"; then {MEND} "$1"; else {SPOIL} "$1"; touch "$0.twice"; fi\n')
    script.chmod(0o755)
    editor.setenv("VISUAL", str(script))
    said, code = on_a_terminal(["edit", INCIDENT], desk.root, [""])
    assert code == 0 and said.count("REC205") >= 1 and "再打开一次" in said
    assert "impact: medium" in (desk.root / PATH).read_text("utf-8")
    editor.setenv("VISUAL", SPOIL)
    said, code = on_a_terminal(["edit", INCIDENT], desk.root, ["n"])
    assert code == 1 and "impact: huge" in (desk.root / PATH).read_text("utf-8")


def test_what_cannot_be_read_as_a_record_can_be_edited(desk: Repo, call: Call, editor: pytest.MonkeyPatch) -> None:
    path = desk.root / PATH
    good = path.read_text("utf-8")
    path.write_text(good.replace("---\n", "--\n", 1), "utf-8")
    editor.setenv("VISUAL", "sed -i '1s/.*/---/'")
    assert call("edit", INCIDENT[-4:]).code == 0 and path.read_text("utf-8") == good


@pytest.mark.parametrize(
    ("visual", "said"), [("false", "the editor ended with 1"), ("rm", "is gone"), ("no-such-editor-here", "ended with")]
)
def test_an_editor_that_fails_is_told(
    desk: Repo, call: Call, editor: pytest.MonkeyPatch, visual: str, said: str
) -> None:
    editor.setenv("VISUAL", visual)
    answer = call("edit", INCIDENT, "--commit")
    assert answer.code == 1 and said in answer.err


def test_without_an_editor_it_says_how_to_set_one(desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    answer = call("edit", INCIDENT)
    assert answer.code == 2 and "git config core.editor nano" in answer.err


def test_what_a_sparse_checkout_leaves_out_comes_to_disk(desk: Repo, call: Call, editor: pytest.MonkeyPatch) -> None:
    desk.git("sparse-checkout", "set", "--cone", "kb")
    assert not Path(PATH).exists()
    answer = call("edit", INCIDENT, "--commit")
    assert answer.code == 0 and "outside of this clone's sparse checkout" in answer.err, answer.err
    assert "Black picture" in desk.git("show", f"HEAD:{PATH}")
