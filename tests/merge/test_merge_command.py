"""`servicebook merge`: with the driver whatever is configured, closing blocks put back, conflicts told by field."""

from __future__ import annotations

import pytest
from tests.conftest import Repo

from servicebook.cli.main import main

from .conftest import INCIDENT, PATH, Call


@pytest.fixture
def bare_desk(desk: Repo) -> Repo:
    """A desk whose clone knows no driver, and whose attributes do not call one."""
    desk.git("config", "--remove-section", "merge.servicebook")
    desk.commit("no attributes", {".gitattributes": "*.md text eol=lf\n"})
    return desk


def on_branch(desk: Repo, *commands: list[str]) -> None:
    """Run commands on a branch `topic` and commit; the work tree is on main afterwards."""
    desk.git("switch", "-qc", "topic")
    for command in commands:
        assert main(command) == 0
    desk.commit("theirs")
    desk.git("switch", "-q", "main")


def text(desk: Repo) -> str:
    return (desk.root / PATH).read_text("utf-8")


def test_two_peoples_notes(bare_desk: Repo, call: Call) -> None:
    on_branch(bare_desk, ["note", INCIDENT, "from", "the", "branch"], ["assign", INCIDENT, "wang.fang"])
    call("note", INCIDENT, "from main")
    bare_desk.commit("ours")
    answer = call("merge", "topic")
    assert answer.code == 0, answer.err
    assert "merged topic; files changed here: 1" in answer.out
    assert "from main" in text(bare_desk) and "from the branch" in text(bare_desk)
    assert bare_desk.git("log", "-1", "--format=%s %p").count(" ") == 4  # Merge branch 'topic' and two parents
    assert bare_desk.git("status", "--porcelain") == ""
    assert call("check").code == 0


def test_a_closing_block_is_written_again(bare_desk: Repo, call: Call) -> None:
    call("resolve", INCIDENT, "--code", "fixed", "--cause", "configuration", "--method", "restart")
    bare_desk.commit("resolved")
    on_branch(bare_desk, ["note", INCIDENT, "late word", "--at", "09:59"])
    assert call("close", INCIDENT).code == 0, text(bare_desk)
    block = text(bare_desk).partition("sla:")[2]
    bare_desk.commit("closed")
    answer = call("merge", "topic")
    assert answer.code == 0, answer.out + answer.err
    assert f"wrote the clocks of {PATH} down again" in answer.out
    assert text(bare_desk).partition("sla:")[2].splitlines()[1:5] == block.splitlines()[1:5]
    assert "late word" in bare_desk.git("show", f"HEAD:{PATH}") and "\nsla:" in bare_desk.git("show", f"HEAD:{PATH}")


def test_a_conflict_names_the_field_and_the_way_on(bare_desk: Repo, call: Call) -> None:
    start = text(bare_desk)
    bare_desk.git("switch", "-qc", "topic")
    bare_desk.commit("theirs", {PATH: start.replace("impact: ", "impact: low #"), "README.md": "theirs\n"})
    bare_desk.git("switch", "-q", "main")
    bare_desk.commit("ours", {PATH: start.replace("impact: ", "impact: high #"), "README.md": "ours\n"})
    answer = call("merge", "topic")
    assert answer.code == 1
    assert f"  {PATH}: impact\n" in answer.out and "  README.md: " in answer.out
    assert f"servicebook mend {PATH}" in answer.out and "git merge --abort" in answer.out
    again = call("merge", "topic")
    assert again.code == 2 and "a merge is not finished here" in again.err
    bare_desk.git("merge", "--abort")
    assert text(bare_desk) == start.replace("impact: ", "impact: high #")


def test_deleted_on_one_side(desk: Repo, call: Call) -> None:
    desk.git("switch", "-qc", "topic")
    desk.git("rm", "-q", PATH)
    desk.commit("gone")
    desk.git("switch", "-q", "main")
    call("note", INCIDENT, "still here")
    desk.commit("ours")
    answer = call("merge", "topic")
    assert answer.code == 1 and "deleted on one side" in answer.out
    mend = call("mend", PATH)
    assert mend.code == 1 and f"git add {PATH} keeps it" in mend.err


def test_what_git_refuses_is_refused_in_its_words(desk: Repo, call: Call) -> None:
    on_branch(desk, ["note", INCIDENT, "theirs"])
    call("note", INCIDENT, "not committed")
    before = text(desk)
    answer = call("merge", "topic")
    assert answer.code == 2
    assert "would be overwritten by merge" in answer.err and "commit or stash it" in answer.err
    assert text(desk) == before
    assert call("merge", "no-such-branch").code == 2


def test_nothing_to_merge_and_fast_forward(desk: Repo, call: Call) -> None:
    desk.git("branch", "old")
    on_branch(desk, ["note", INCIDENT, "theirs"])
    assert "is part of this branch already" in call("merge", "old").out
    desk.git("config", "merge.ff", "no")
    answer = call("merge", "topic")
    assert answer.code == 0 and "merged topic; files changed here: 1" in answer.out
    assert desk.git("rev-parse", "HEAD") == desk.git("rev-parse", "topic")


def test_into_a_branch_without_a_commit(desk: Repo, call: Call) -> None:
    desk.git("branch", "topic")
    desk.git("switch", "-q", "--orphan", "empty")
    answer = call("merge", "topic")
    assert answer.code == 0, answer.err
    assert desk.git("rev-parse", "HEAD") == desk.git("rev-parse", "topic")


def test_a_merge_that_breaks_a_rule_is_not_committed(desk: Repo, call: Call) -> None:
    """Each side is in order; together the ticket is closed twice."""
    on_branch(
        desk,
        ["resolve", INCIDENT, "--code", "fixed", "--cause", "configuration", "--method", "restart"],
        ["close", INCIDENT],
    )
    call("resolve", INCIDENT, "--code", "fixed", "--cause", "configuration", "--method", "restart")
    call("close", INCIDENT)
    desk.commit("ours")
    answer = call("merge", "topic")
    assert answer.code == 1
    assert "the commit was refused" in answer.err and "git merge --abort" in answer.err


def test_a_persons_own_attributes_still_hold(
    bare_desk: Repo, call: Call, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = tmp_path_factory.mktemp("home") / "attributes"
    own.write_text("*.txt merge=union\n", "utf-8")
    bare_desk.git("config", "core.attributesFile", str(own))
    bare_desk.commit("base", {"a.txt": "a\n"})
    bare_desk.git("switch", "-qc", "topic")
    bare_desk.commit("theirs", {"a.txt": "a\nb\n"})
    bare_desk.git("switch", "-q", "main")
    bare_desk.commit("ours", {"a.txt": "a\nc\n"})
    assert call("merge", "topic").code == 0
    assert (bare_desk.root / "a.txt").read_text("utf-8") == "a\nc\nb\n"
