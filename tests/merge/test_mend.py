"""`servicebook mend`: what is left in conflict is listed, chosen and written, whole or not at all."""

from __future__ import annotations

import os
import pty
import sys

import pytest
from tests.conftest import Repo

from .conftest import INCIDENT, PATH, Call


def text(desk: Repo) -> str:
    return (desk.root / PATH).read_text("utf-8")


def edited(desk: Repo, *edits: tuple[str, str]) -> str:
    start = text(desk)
    for old, new in edits:
        assert old in start
        start = start.replace(old, new)
    return start


def collide(desk: Repo, ours: str, theirs: str) -> None:
    """Merge two versions of the ticket with what is configured."""
    desk.git("switch", "-qc", "topic")
    desk.commit("theirs", {PATH: theirs})
    desk.git("switch", "-q", "main")
    desk.commit("ours", {PATH: ours})
    desk.git("merge", "topic", check=False)


@pytest.fixture
def clash(desk: Repo) -> Repo:
    """The title clashes, and a line of the text; the driver is in charge."""
    start = text(desk)
    title = next(line for line in start.splitlines() if line.startswith("title:"))
    collide(
        desk,
        edited(desk, (title, "title: ours"), ("## Log\n", "## Log\n\nours\n")),
        edited(desk, (title, "title: theirs"), ("## Log\n", "## Log\n\ntheirs\n")),
    )
    return desk


def test_the_list(clash: Repo, call: Call) -> None:
    answer = call("mend", PATH, "--list")
    assert answer.code == 1
    assert "title\n  ours:\n    title: ours\n  theirs:\n    title: theirs\nbody\n" in answer.out


def test_fields_by_name(clash: Repo, call: Call) -> None:
    answer = call("mend", PATH, "--theirs", "title", "--ours", "all")
    assert answer.code == 0, answer.err
    assert f"next: git add {PATH}" in answer.out
    assert "title: theirs\n" in text(clash) and "\n\nours\n" in text(clash) and "<<<" not in text(clash)
    assert call("mend", PATH).code == 0


def test_nothing_is_written_while_something_is_left(clash: Repo, call: Call) -> None:
    before = text(clash)
    answer = call("mend", PATH, "--ours", "title")
    assert answer.code == 1 and "nothing was written: body is left to choose" in answer.err
    assert text(clash) == before
    assert call("mend", PATH, "--ours", "titel").code == 2


def test_a_plain_conflict_is_merged_again_by_fields(desk: Repo, call: Call) -> None:
    """A clone without the driver: two last events conflict in Git, and not here."""
    desk.git("config", "--remove-section", "merge.servicebook")
    desk.git("switch", "-qc", "topic")
    call("note", INCIDENT, "theirs")
    theirs = text(desk)
    desk.git("checkout", "-q", PATH)
    desk.git("switch", "-q", "main")
    desk.git("branch", "-D", "topic")
    call("note", INCIDENT, "ours")
    collide(desk, text(desk), theirs)
    assert "<<<<<<<" in text(desk)
    assert "servicebook mend " + PATH in call("check").out
    answer = call("mend", PATH)
    assert answer.code == 0, answer.err
    assert "note: ours" in text(desk) and "note: theirs" in text(desk) and "<<<<<<<" not in text(desk)
    desk.git("add", PATH)
    assert call("check").code == 0


def test_one_ticket_begun_on_two_branches(desk: Repo, call: Call) -> None:
    """Nothing is common to both, and Git has no base to offer."""
    desk.git("config", "--remove-section", "merge.servicebook")
    start = text(desk)
    event = "- {at: 2026-03-12T09:00:00+08:00, id: %s, event: note, by: wang.fang}\n---\n## "
    desk.git("rm", "-q", PATH)
    desk.commit("gone")
    collide(desk, start.replace("---\n## ", event % "aaaa", 1), start.replace("---\n## ", event % "bbbb", 1))
    assert "<<<<<<<" in text(desk)
    assert call("mend", PATH).code == 0
    assert text(desk) == start.replace("---\n## ", (event % "aaaa").split("---")[0] + event % "bbbb", 1)


def test_a_file_that_is_no_record(desk: Repo, call: Call) -> None:
    both = "# Desk\n<<<<<<< A\nours\n=======\ntheirs\n>>>>>>> B\n"
    (desk.root / "README.md").write_text(both * 2, "utf-8")
    assert call("mend", "README.md", "--ours", "body", "--theirs", "body.2").code == 0
    assert (desk.root / "README.md").read_text("utf-8") == "# Desk\nours\n# Desk\ntheirs\n"


def test_what_somebody_did_to_the_file_since_is_kept(clash: Repo, call: Call) -> None:
    (clash.root / PATH).write_text(text(clash).replace("title: ours", "title: mine"), "utf-8")
    assert call("mend", PATH, "--ours", "all").code == 0
    assert "title: mine\n" in text(clash)
    assert call("mend", PATH, "--redo", "--ours", "all").code == 0
    assert "title: ours\n" in text(clash)


def test_markers_without_a_merge(desk: Repo, call: Call) -> None:
    """Somebody committed them, or a stash left them."""
    lines = "<<<<<<< A\nimpact: high\n||||||| B\nimpact: medium\n=======\nimpact: low\n>>>>>>> C\n"
    impact = next(line for line in text(desk).splitlines(keepends=True) if line.startswith("impact:"))
    (desk.root / PATH).write_text(edited(desk, (impact, lines)), "utf-8")
    answer = call("mend", PATH, "--list")
    assert answer.out == "impact\n  ours (A):\n    impact: high\n  theirs (C):\n    impact: low\n"
    assert call("mend", PATH, "--theirs", "impact").code == 0
    assert "\nimpact: low\n" in text(desk)


@pytest.mark.parametrize("lines", ["<<<<<<< A\nx\n", "<<<<<<< A\n<<<<<<< B\n=======\n>>>>>>> B\n"])
def test_markers_that_do_not_belong_together(desk: Repo, call: Call, lines: str) -> None:
    (desk.root / PATH).write_text(text(desk) + lines, "utf-8")
    answer = call("mend", PATH)
    assert answer.code == 1 and "do not belong together" in answer.err


def test_a_choice_that_cannot_be_read_is_not_written(desk: Repo, call: Call) -> None:
    """Two conflicts that only make sense together, as Git leaves them where lines were merged."""
    old = "impact: "
    whole = edited(
        desk, (old, "<<<<<<< A\nnew: [1,\n=======\nnew: 2\n>>>>>>> B\n<<<<<<< A\n2]\n=======\n>>>>>>> B\nimpact: ")
    )
    (desk.root / PATH).write_text(whole, "utf-8")
    names = call("mend", PATH, "--list").out
    assert "new\n" in names
    answer = call("mend", PATH, "--theirs", "new", "--ours", "all")
    assert answer.code == 1 and "could not be read with these choices" in answer.err
    assert text(desk) == whole
    assert call("mend", PATH, "--ours", "all").code == 0


def test_two_events_with_one_id_stay_two(desk: Repo, call: Call) -> None:
    event = "- {at: 2026-03-12T09:00:00+08:00, id: n0te, event: note, by: wang.fang, note: %s}\n"
    collide(
        desk,
        edited(desk, ("---\n## ", event % "ours" + "---\n## ")),
        edited(desk, ("---\n## ", event % "theirs" + "---\n## ")),
    )
    assert "timeline.n0te" in call("mend", PATH, "--list").out
    said = on_a_terminal(desk, b"3\n")
    assert "both, ours first" in said
    assert "note: ours" in text(desk) and "note: theirs" in text(desk) and text(desk).count("id: n0te") == 1
    assert call("check").code == 0


def test_on_a_terminal(clash: Repo) -> None:
    said = on_a_terminal(clash, b"theirs\n3\n")
    assert "mended" in said
    assert "title: theirs\n" in text(clash) and "\n\nours\ntheirs\n" in text(clash)


def test_in_the_editor(clash: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_EDITOR", "sed -i -e '/^[<=>]/d' -e '/theirs/d' -e 's/ours/mine/'")
    on_a_terminal(clash, b"edit\n1\n")
    assert "title: mine\n" in text(clash) and "\n\nours\n" in text(clash)


def test_an_editor_that_fails_leaves_the_file(clash: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text(clash)
    monkeypatch.setenv("GIT_EDITOR", "false")
    assert "the editor ended with an error" in on_a_terminal(clash, b"edit\n")
    assert text(clash) == before


def on_a_terminal(desk: Repo, typed: bytes) -> str:
    """Run `servicebook mend` on a terminal of its own, type, and return what was shown."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(desk.root)
        os.execv(sys.executable, [sys.executable, "-m", "servicebook.cli.main", "mend", PATH])
    os.write(terminal, typed)
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.waitpid(child, 0)
    os.close(terminal)
    return shown.decode()


def test_a_file_without_a_conflict_is_left_alone(desk: Repo, call: Call) -> None:
    before = text(desk)
    answer = call("mend", PATH)
    assert answer.code == 0
    assert answer.out == f"{PATH} is in no conflict: there is nothing to do\n"
    assert text(desk) == before
