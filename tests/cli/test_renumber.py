"""Another id, another name: all that names the record follows, and nothing else moves."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import INCIDENT, PATH, Call
from tests.conftest import Repo

from servicebook.actions import renaming
from servicebook.store import write

NEW = INCIDENT.replace("7F3K", "9HJK")
NEW_PATH = PATH.replace(INCIDENT, NEW)
PROBLEM = "PRB-20260312-4GHJ"
PROBLEM_PATH = f"tickets/problems/2026/03/{PROBLEM}.md"


@pytest.fixture
def named(desk: Repo) -> Repo:
    """The desk with a problem that names the incident in a field, in its text and by a link, and a page that does."""
    text = (desk.root / PATH).read_text("utf-8")
    body = f"See {INCIDENT}, [it](../../../incidents/2026/03/{INCIDENT}.md), not {INCIDENT}9.\n"
    problem = f"""---
schema: problem/1
id: {PROBLEM}
title: Slow pages, as in {INCIDENT}
status: new
impact: medium
urgency: medium
links: {{incident: [{INCIDENT}]}}   # the first of them
timeline:
- {{at: 2026-03-12T09:00:00+08:00, id: pr01, event: opened, by: wang.fang}}
---
## Symptom

{body}"""
    picture = text.replace("## Diagnosis\n", f"## Diagnosis\n\n![log]({INCIDENT}.files/log.txt)\n")
    files = {PROBLEM_PATH: problem, PATH: picture, PATH.replace(".md", ".files/log.txt"): f"{INCIDENT} as it was\n"}
    article = (desk.root / "kb/articles/first-steps.md").read_text("utf-8").replace("first-steps", "second")
    files |= {"kb/articles/second.md": article, "README.md": f"Known: {INCIDENT}\n"}
    desk.commit("Named", files)
    return desk


def test_renumber_follows_everywhere(named: Repo, call: Call) -> None:
    before = (named.root / PROBLEM_PATH).read_text("utf-8")
    answer = call("renumber", "7F3K", NEW)
    assert answer.code == 0, answer.err
    assert answer.out.splitlines() == [f"{INCIDENT} → {NEW}", NEW_PATH, "README.md", PROBLEM_PATH]
    after = (named.root / PROBLEM_PATH).read_text("utf-8")
    assert after == before.replace(INCIDENT, NEW).replace(f"{NEW}9", f"{INCIDENT}9")
    assert (named.root / "README.md").read_text() == f"Known: {NEW}\n"
    assert (named.root / NEW_PATH.replace(".md", ".files/log.txt")).read_text() == f"{INCIDENT} as it was\n"
    assert not (named.root / PATH).exists()
    assert "aliases" not in (named.root / NEW_PATH).read_text("utf-8")
    assert call("check").code == 0


def test_diff_writes_nothing(named: Repo, call: Call) -> None:
    answer = call("renumber", "7F3K", NEW, "--diff")
    assert answer.code == 0
    assert f"+id: {NEW}" in answer.out
    assert f"-Known: {INCIDENT}" in answer.out
    assert named.git("status", "--porcelain") == ""


def test_commit_takes_all_of_it_and_nothing_else(named: Repo, call: Call) -> None:
    (named.root / "pyproject.toml").open("a").write("# mine\n")
    answer = call("renumber", "7F3K", NEW, "--commit")
    assert answer.code == 0, answer.err
    assert named.git("status", "--porcelain").splitlines() == [" M pyproject.toml"]
    assert named.git("log", "-1", "--format=%s").strip() == f"{NEW}: incident renamed, was {INCIDENT}"
    assert named.git("ls-files", "--", PATH, PATH.replace(".md", ".files")) == ""


@pytest.mark.parametrize("done", ["written", "referred", "moved"])
def test_what_a_crash_left_is_finished_by_the_same_call(done: str, named: Repo, call: Call) -> None:
    """The steps of a renaming, cut off after each: the record written anew, references too, attachments too."""
    whole = named.root.parent / "whole"
    shutil.copytree(named.root, whole)
    os.chdir(whole)
    assert call("renumber", INCIDENT, NEW).code == 0
    os.chdir(named.root)
    shutil.copy(whole / NEW_PATH, named.root / NEW_PATH)
    if done != "written":
        shutil.copy(whole / PROBLEM_PATH, named.root / PROBLEM_PATH)
    if done == "moved":
        attached = Path(renaming.attachments_of(PATH))
        (named.root / attached).rename(named.root / renaming.attachments_of(NEW_PATH))
    answer = call("renumber", INCIDENT)
    assert answer.code == 0, answer.err
    assert f"{INCIDENT} → {NEW}" in answer.out
    for path in (NEW_PATH, PROBLEM_PATH, "README.md", NEW_PATH.replace(".md", ".files/log.txt")):
        assert (named.root / path).read_bytes() == (whole / path).read_bytes()
    assert not (named.root / PATH).exists()
    assert call("check").code == 0


def test_a_copy_with_the_same_id_gets_its_own_and_the_other_keeps_the_references(named: Repo, call: Call) -> None:
    copy = PATH.replace(INCIDENT, NEW)
    text = (named.root / PATH).read_text("utf-8").replace("id: k3f9", "id: zzz9").replace("files/log.txt", "files/x")
    named.commit("A copy", {copy: text, copy.replace(".md", ".files/x"): "x"})
    answer = call("check")
    assert f"servicebook renumber {copy}" in answer.out
    assert call("renumber", INCIDENT).code == 2, "which of the two?"
    answer = call("renumber", copy)
    assert answer.code == 0, answer.err
    assert f"{INCIDENT} → {NEW}" in answer.out
    assert f"{PROBLEM_PATH} names `{INCIDENT}`" in answer.err
    assert f"id: {NEW}\n" in (named.root / copy).read_text("utf-8")
    assert INCIDENT in (named.root / PROBLEM_PATH).read_text("utf-8")
    assert (named.root / PATH).exists()


def test_two_branches_with_one_id(named: Repo, tmp_path: Path, call: Call) -> None:
    """Somebody else pushed another ticket under the same id: ours is told by --push, mended, and both are there."""
    named.git("clone", "--quiet", "--bare", ".", str(tmp_path / "server.git"))
    other = "INC-20260313-4WXY"
    path = f"tickets/incidents/2026/03/{other}.md"
    text = (named.root / PATH).read_text("utf-8").replace(INCIDENT, other).replace("2026-03-12", "2026-03-11")
    text = text.replace(f"![log]({other}.files/log.txt)", "")
    theirs, mine = Repo(tmp_path / "theirs"), Repo(tmp_path / "mine")
    for clone, title in ((theirs, "Theirs"), (mine, "Mine")):
        named.git("clone", "--quiet", str(tmp_path / "server.git"), str(clone.root))
        clone.commit(title, {path: text.replace("Example service answers slowly", title)})
    theirs.git("push", "--quiet")
    os.chdir(mine.root)
    answer = call("note", other, "mine", "--push")
    assert answer.code == 1
    assert f"servicebook renumber {path} --push" in answer.err
    answer = call("renumber", path, "--push")
    assert answer.code == 0, answer.err
    titles = mine.git("grep", "-h", "^title:", "origin/main", "--", "tickets/incidents").splitlines()
    assert sorted(titles) == ["title: Example service answers slowly", "title: Mine", "title: Theirs"]
    assert call("check").code == 0


def test_what_has_landed_keeps_its_id(named: Repo, tmp_path: Path, call: Call) -> None:
    named.git("clone", "--quiet", "--bare", ".", str(tmp_path / "server.git"))
    named.git("clone", "--quiet", str(tmp_path / "server.git"), str(tmp_path / "mine"))
    os.chdir(tmp_path / "mine")
    answer = call("renumber", "7F3K")
    assert answer.code == 1
    assert "has landed" in answer.err
    assert f"servicebook note {INCIDENT}" in answer.err


def test_votes_stay_and_are_named(named: Repo, call: Call) -> None:
    votes = f"tickets/incidents/2026/03/{INCIDENT}.votes"
    named.write({f"{votes}/li.wei.vote": f"{INCIDENT} yes\n"})
    answer = call("renumber", "7F3K", NEW)
    assert answer.code == 0
    assert votes in answer.err
    assert (named.root / votes / "li.wei.vote").read_text() == f"{INCIDENT} yes\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("renumber", "example-service"), 2, "servicebook rename service/example-service NEW"),
        (("renumber", "7F3K", "INC-42"), 2, "`INC-42` is no id of kind `incident`"),
        (("rename", "7F3K", "x"), 2, f"servicebook renumber {INCIDENT}"),
        (("rename", "service/example-service", "Neu"), 2, "cannot be a name"),
        (("rename", "article/first-steps", "second"), 1, "another article is called `second`"),
    ],
)
def test_what_cannot_be(words: tuple[str, ...], code: int, said: str, named: Repo, call: Call) -> None:
    answer = call(*words)
    assert answer.code == code
    assert said in answer.err
    assert named.git("status", "--porcelain") == ""


def test_rename_keeps_the_old_name_and_links_follow(named: Repo, call: Call) -> None:
    page = "kb/articles/first-steps.md"
    text = (named.root / page).read_text("utf-8")
    named.commit("A link", {page: text + "\nSee [the service](../services/example-service.md).\n"})
    answer = call("rename", "service/example-service", "newsroom", "--commit")
    assert answer.code == 0, answer.err
    assert "by the alias `example-service`" in answer.err
    assert named.git("status", "--porcelain") == ""
    service = (named.root / "kb/services/newsroom.md").read_text("utf-8")
    assert "id: newsroom\n" in service
    assert "- example-service\n" in service or "aliases: [example-service]" in service
    assert "(../services/newsroom.md)" in (named.root / page).read_text("utf-8")
    assert "service: example-service" in (named.root / PATH).read_text("utf-8"), "the alias leads there"
    answer = call("check")
    assert answer.code == 0, answer.out
    assert call("rename", "newsroom", "example-service").code == 0
    assert "- newsroom\n" in (back := (named.root / "kb/services/example-service.md").read_text("utf-8")) or (
        "aliases: [newsroom]" in back
    )


def test_deleting_what_is_named_is_stopped(named: Repo, call: Call) -> None:
    named.git("rm", "--quiet", "kb/services/example-service.md")
    answer = call("hook", "pre-commit")
    assert answer.code == 1
    assert "REF501" in answer.out
    assert f"{PATH}:" in answer.out


def test_a_new_id_is_on_no_branch_however_many_there_are(
    desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,000 branches, loose and packed, are more than a pipe takes at once; the id is on the last of them."""
    parts = iter(["9HJK", "9HJK", "9HJM"])
    desk.git("switch", "--quiet", "--create", "zz/other")
    desk.commit("Elsewhere", {PATH.replace("7F3K", "9HJK"): "x"})
    tip = desk.git("rev-parse", "HEAD").strip()
    desk.git("switch", "--quiet", "main")
    desk.git("update-ref", "refs/remotes/origin/zzz", tip)
    desk.git("branch", "--quiet", "-D", "zz/other")
    head = desk.git("rev-parse", "HEAD").strip()
    lines = "".join(f"create refs/heads/team/a-long-name-of-a-branch-{n:05} {head}\n" for n in range(2000))
    subprocess.run(["git", "update-ref", "--stdin"], cwd=desk.root, input=lines.encode(), check=True)
    desk.git("pack-refs", "--all")
    monkeypatch.setattr(write, "random_part", lambda: next(parts))
    words = ["--title", "x", "--customer", "example-customer", "--set", "impact=low", "--set", "urgency=low"]
    answer = call("new", "incident", "--incomplete", *words)
    assert answer.code == 0, answer.err
    assert answer.out.startswith(INCIDENT.replace("7F3K", "9HJM"))


@pytest.mark.parametrize("name", ["con", "nul", "aux", "prn", "com1", "lpt9", "con.first"])
def test_a_name_that_no_windows_machine_can_hold_is_refused(desk: Repo, call: Call, name: str) -> None:
    answer = call("rename", "article/first-steps", name)
    assert answer.code == 2
    assert f"`{name}` cannot be a name" in answer.err
    assert call("rename", "article/first-steps", f"{name}-steps".replace(".", "-")).code == 0


def test_a_renumbered_ticket_is_not_told_to_be_deleted(named: Repo, call: Call) -> None:
    assert call("install").code == 0
    answer = call("renumber", "7F3K", NEW, "--commit")
    assert answer.code == 0, answer.err
    assert "WFL459" not in answer.out + answer.err
    assert "WFL459" not in call("check", "--range", "HEAD^..HEAD").out
    named.commit("Something else")  # what HEAD itself began may be taken back by amending it
    named.git("rm", "--quiet", NEW_PATH)
    assert "WFL459" in call("check").out, "a ticket that goes is"


def test_what_names_a_record_that_is_being_deleted_says_how_to_keep_it(desk: Repo, call: Call) -> None:
    path = "kb/articles/first-steps.md"
    desk.git("rm", "--quiet", path)
    answer = call("check")
    assert "REF501" in answer.out
    assert f"git checkout HEAD -- {path}" in answer.out and "servicebook rename article/first-steps NEW" in answer.out
    desk.commit("Gone all the same")
    assert "git checkout" not in call("check").out
