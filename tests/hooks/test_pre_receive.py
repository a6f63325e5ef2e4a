"""What a server refuses of a push and what it lets in: real bare repositories, real pushes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import copied, environment_at

from . import conftest
from .conftest import ACK, CUSTOMER, NOW, TICKET, Desk


def incident(*words: str, **fields: str) -> str:
    """Return an incident that lacks nothing, so that it may land."""
    return conftest.incident(*words, **{"site": "office"} | fields)


OFFICE = """---
schema: site/1
id: office
title: Office
customer: harbour-tv
address: 1 Quay
timezone: Asia/Shanghai
distance_class: local
travel_minutes: [{minutes: 30, mode: car}]
---
"""
LI_WEI = conftest.DESK[conftest.PERSON].replace("employer", "status: retired\nemployer")
DESK = conftest.DESK | {"kb/sites/office.md": OFFICE, TICKET: incident(), conftest.PERSON: LI_WEI}
BROKEN = incident(customer="harbour-tw")
NOTE = "- {at: 2026-03-12T08:52:40+08:00, id: n0te, event: note, by: li.wei, note: called back}\n"
FINE = incident(more=NOTE)
SECOND = "tickets/incidents/2026/03/INC-20260312-9ABC.md"


class Server:
    """A connected bare repository, and clones that push to it past their own hooks."""

    def __init__(self, root: Path, made: Path | None = None) -> None:
        """Begin in a folder; made: the bare repository, where it lies there already."""
        self.bare = Desk(made or root / "server.git")
        self.folder = root
        if not made:
            self.bare.root.mkdir(parents=True)
            self.bare.git("init", "-q", "--bare", "-b", "main")

    def connect(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self.bare.servicebook("install", "--server", *options)

    def clone(self, name: str) -> Desk:
        subprocess.run(["git", "clone", "-q", str(self.bare.root), name], cwd=self.folder, check=True)
        return Desk(self.folder / name)

    def refs(self) -> dict[str, str]:
        """Return what people pushed; receipts aside."""
        names = ("refs/heads", "refs/tags", "refs/notes")
        lines = self.bare.git("for-each-ref", "--format=%(refname) %(objectname)", *names).splitlines()
        return dict(line.split(" ") for line in lines)


def record(desk: Desk, files: dict[str, str], message: str = "work") -> str:
    """Commit files past the hook and return the commit's id."""
    for path, text in files.items():
        desk.write(path, text)
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)
    return desk.git("rev-parse", "HEAD").strip()


def push(desk: Desk, *words: str) -> tuple[int, str]:
    done = desk.run("git", "push", "origin", *words)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def first_server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bare repository that each test gets a copy of."""
    with environment_at(NOW):
        server = Server(tmp_path_factory.mktemp("first"))
        first = server.clone("first")
        first.git("checkout", "-q", "-B", "main")
        record(first, DESK, "start")
        assert push(first, "main")[0] == 0
        done = server.connect()
        assert done.returncode == 0, done.stdout + done.stderr
    return server.bare.root


@pytest.fixture
def server(first_server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that has the desk on main, checked from now on."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    return Server(tmp_path, copied(first_server, tmp_path / "server.git"))


@pytest.fixture
def clone(server: Server) -> Desk:
    return server.clone("clone")


def test_a_sound_push_gets_in(server: Server, clone: Desk) -> None:
    tip = record(clone, {TICKET: FINE})
    code, said = push(clone, "main")
    assert code == 0, said
    assert "servicebook" not in said
    assert server.refs()["refs/heads/main"] == tip


def test_a_broken_one_is_refused_and_the_pusher_is_told_why(server: Server, clone: Desk) -> None:
    """Which is also what catches a commit made with --no-verify."""
    before = server.refs()
    record(clone, {TICKET: BROKEN})
    code, said = push(clone, "main")
    assert code == 1
    assert f"remote: {TICKET}:" in said and "REF501" in said and "did you mean `harbour-tv`?" in said
    assert "the push is refused by 2 finding(s)" in said
    assert server.refs() == before


def test_an_object_replaced_on_the_server_does_not_let_another_in(server: Server, clone: Desk) -> None:
    """Whoever pushes `refs/replace` makes Git read other bytes under a blob's, a tree's or a commit's id."""
    tip = record(clone, {TICKET: FINE})
    clone.git("reset", "-q", "--hard", "HEAD^")
    record(clone, {TICKET: BROKEN})
    for what in (f"HEAD:{TICKET}", "HEAD^{tree}", "HEAD"):
        clone.git(
            "replace", clone.git("rev-parse", what).strip(), clone.git("rev-parse", what.replace("HEAD", tip)).strip()
        )
    clone.git("push", "-q", "origin", "refs/replace/*:refs/replace/*")
    clone.git("replace", "-d", *clone.git("replace", "-l").split())
    code, said = push(clone, "main")
    assert code == 1 and "REF501" in said


def test_what_is_incomplete_is_an_error_where_it_lands(clone: Desk) -> None:
    record(clone, {TICKET: incident(more=ACK, status="in_progress")})
    code, said = push(clone, "main")
    assert code == 1 and "REC258" in said and "warning" not in said
    assert "git rebase" not in said, "the next commit can complete it"


def test_a_mistake_in_the_tree_that_a_later_commit_mends_passes(clone: Desk) -> None:
    record(clone, {TICKET: BROKEN})
    record(clone, {TICKET: FINE})
    code, said = push(clone, "main")
    assert code == 0, said


def test_an_unlawful_step_that_a_later_commit_takes_back_does_not(clone: Desk) -> None:
    record(clone, {TICKET: FINE})
    record(clone, {TICKET: incident()}, "take the event back")
    culprit = clone.git("rev-parse", "--short=10", "HEAD").strip()
    record(clone, {TICKET: FINE})
    code, said = push(clone, "main")
    assert code == 1 and "WFL451" in said and "git rebase -i" in said
    assert f"(done in commit {culprit})" in said
    for form in ("full", "concise", "json", "github", "gitlab", "sarif", "junit"):
        done = clone.servicebook("check", "--range", "origin/main..HEAD", "--format", form)
        assert f"done in commit {culprit}" in done.stdout, form


def test_old_mistakes_elsewhere_stop_nobody(server: Server, clone: Desk) -> None:
    hook = server.bare.root / "hooks" / "pre-receive"
    hook.rename(hook.with_name("off"))
    record(clone, {SECOND: incident("INC-20260312-9ABC", contract="none-such")})
    assert push(clone, "main")[0] == 0
    hook.with_name("off").rename(hook)
    record(clone, {TICKET: FINE})
    code, said = push(clone, "main")
    assert code == 0, said


def test_what_a_push_breaks_elsewhere_is_refused(clone: Desk) -> None:
    clone.git("rm", "-q", CUSTOMER)
    record(clone, {})
    code, said = push(clone, "main")
    assert code == 1 and f"{TICKET}:" in said and "`harbour-tv`" in said


def test_an_event_of_the_future_is_refused(clone: Desk) -> None:
    record(clone, {TICKET: incident(more=NOTE.replace("08:52:40", "11:52:40"))})
    code, said = push(clone, "main")
    assert code == 1 and "SLA641" in said


def test_a_new_branch_is_judged_by_its_new_commits_alone(server: Server, clone: Desk) -> None:
    hook = server.bare.root / "hooks" / "pre-receive"
    hook.rename(hook.with_name("off"))
    record(clone, {TICKET: FINE})
    record(clone, {TICKET: incident()}, "an unlawful step that is there already")
    assert push(clone, "main")[0] == 0
    hook.with_name("off").rename(hook)
    code, said = push(clone, "main:refs/heads/same")
    assert code == 0, said
    clone.git("checkout", "-q", "-b", "side")
    record(clone, {TICKET: FINE})
    code, said = push(clone, "side")
    assert code == 0, said
    record(clone, {TICKET: BROKEN})
    code, said = push(clone, "side:another")
    assert code == 1 and "REF501" in said


def test_a_new_branch_that_brings_all_of_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root commits on an empty server: the first push, refused, leaves no trace; the next one is judged anew."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    server = Server(tmp_path)
    assert server.connect().returncode == 0
    clone = server.clone("clone")
    clone.git("checkout", "-q", "-B", "main")
    record(clone, DESK | {TICKET: BROKEN})
    code, said = push(clone, "main")
    assert code == 1 and "REF501" in said
    assert server.refs() == {}
    server.bare.git("gc", "-q", "--prune=now")
    record(clone, {TICKET: DESK[TICKET]})
    code, said = push(clone, "main")
    assert code == 0, said
    clone.git("checkout", "-q", "--orphan", "other")
    record(clone, {TICKET: FINE})
    code, said = push(clone, "other")
    assert code == 0, said
    record(clone, {TICKET: incident()})
    assert push(clone, "other")[0] == 1


def test_a_branch_may_be_deleted_and_tags_and_other_refs_are_not_judged(server: Server, clone: Desk) -> None:
    clone.git("checkout", "-q", "-b", "side")
    assert push(clone, "side")[0] == 0
    code, said = push(clone, "--delete", "side")
    assert code == 0, said
    record(clone, {TICKET: BROKEN})
    clone.git("tag", "v1")
    clone.git("tag", "-a", "-m", "x", "v2")
    code, said = push(clone, "v1", "v2", "HEAD:refs/notes/x")
    assert code == 0, said
    assert set(server.refs()) == {"refs/heads/main", "refs/tags/v1", "refs/tags/v2", "refs/notes/x"}
    assert push(clone, "v1:refs/heads/v1")[0] == 1


def test_a_forced_push_is_judged_from_the_last_common_commit(server: Server, clone: Desk) -> None:
    server.bare.git("config", "servicebook.allowRewrite", "true")
    record(clone, {TICKET: FINE})
    assert push(clone, "main")[0] == 0
    clone.git("reset", "-q", "--hard", "HEAD^")
    other = record(clone, {TICKET: incident(more=NOTE.replace("called", "rang"))})
    code, said = push(clone, "--force", "main")
    assert code == 0, said
    assert server.refs()["refs/heads/main"] == other
    record(clone, {TICKET: BROKEN})
    clone.git("commit", "-q", "--no-verify", "--amend", "-m", "rewritten")
    assert push(clone, "--force", "main")[0] == 1
    code, said = push(clone, "--force", "HEAD~2:main")
    assert code == 0, f"back to an older commit: {said}"


def test_several_branches_at_once(server: Server, clone: Desk) -> None:
    good = record(clone, {TICKET: FINE})
    clone.git("branch", "good")
    record(clone, {TICKET: BROKEN})
    clone.git("branch", "bad")
    before = server.refs()
    for words in (["good", "bad"], ["--atomic", "good", "bad"]):
        code, said = push(clone, *words)
        assert code == 1
        assert "remote: bad:" in said and "remote: good:" not in said
        assert said.count("REF501 `customer`") == 1
        assert server.refs() == before
    code, said = push(clone, "--atomic", "good", "good:again", f"{good}:main")
    assert code == 0, said
    assert set(server.refs().values()) == {good}


def test_a_push_of_nothing(clone: Desk) -> None:
    assert push(clone, "main")[0] == 0
    assert push(clone, "main:main", "--dry-run")[0] == 0


def test_a_merge_is_one_step_from_its_first_parent(clone: Desk) -> None:
    clone.git("checkout", "-q", "-b", "side")
    record(clone, {TICKET: FINE})
    clone.git("checkout", "-q", "main")
    record(clone, {CUSTOMER: DESK[CUSTOMER].replace("Harbour TV Ltd", "Harbour TV Limited")})
    clone.git("merge", "-q", "--no-ff", "--no-edit", "--no-verify", "side")
    code, said = push(clone, "main")
    assert code == 0, said


def test_only_the_branches_that_the_server_names(server: Server, clone: Desk) -> None:
    server.bare.git("config", "servicebook.branches", "main")
    server.bare.git("config", "--add", "servicebook.branches", "release/*")
    record(clone, {TICKET: BROKEN})
    assert push(clone, "main:draft")[0] == 0
    assert push(clone, "main:release/1")[0] == 1
    assert push(clone, "main")[0] == 1


def test_a_refused_push_leaves_nothing_that_a_later_one_stumbles_over(server: Server, clone: Desk) -> None:
    many = {
        f"kb/customers/c{number:03}.md": DESK[CUSTOMER].replace("harbour-tv", f"c{number:03}") for number in range(50)
    }
    record(clone, many | {TICKET: BROKEN})
    objects = server.bare.git("count-objects", "-v")
    assert push(clone, "main")[0] == 1
    assert server.bare.git("count-objects", "-v") == objects
    assert not list((server.bare.root / "objects").glob("*incoming*"))
    record(clone, {TICKET: FINE})
    code, said = push(clone, "main")
    assert code == 0, said
    other = server.clone("other")
    record(other, {CUSTOMER: DESK[CUSTOMER].replace("id: harbour-tv", "id: harbour")})
    code, said = push(other, "main")
    assert code == 1 and TICKET in said


def test_a_server_whose_index_was_damaged_or_cannot_be_written(server: Server, clone: Desk) -> None:
    record(clone, {TICKET: FINE})
    for name in ("anchor", "verdicts"):
        (server.bare.root / "servicebook" / f"{name}.sqlite").write_bytes(b"no database" * 100)
    code, said = push(clone, "main")
    assert code == 0, said
    for name in ("anchor", "verdicts"):
        for path in (server.bare.root / "servicebook").glob(f"{name}*"):
            path.unlink()
        (server.bare.root / "servicebook" / f"{name}.sqlite").mkdir()
    record(clone, {TICKET: BROKEN})
    assert push(clone, "main")[0] == 1


def test_pushes_at_the_same_time(server: Server) -> None:
    """Six clones push to branches of their own, one of them a broken record: each is judged for itself."""
    clones = [server.clone(f"c{number}") for number in range(6)]
    for number, clone in enumerate(clones):
        id = f"INC-20260312-00{number}0"
        text = incident(id, customer="harbour-tw" if number == 3 else "harbour-tv")
        record(clone, {f"tickets/incidents/2026/03/{id}.md": text})
    running = [
        subprocess.Popen(
            ["git", "push", "origin", f"main:b{number}"],
            cwd=clone.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for number, clone in enumerate(clones)
    ]  # fmt: skip
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0, 1, 0, 0], said
    assert set(server.refs()) == {"refs/heads/main", *(f"refs/heads/b{number}" for number in (0, 1, 2, 4, 5))}


@pytest.mark.slow
def test_ten_thousand_records_in_one_push(server: Server, clone: Desk) -> None:
    text = DESK[CUSTOMER]
    for number in range(10_000):
        slug = f"c{number:05}"
        clone.write(f"kb/customers/{slug}.md", text.replace("harbour-tv", slug))
    record(clone, {})
    code, said = push(clone, "main")
    assert code == 0, said
    assert "10000 files are new here" in said or "10001 files are new here" in said
    record(clone, {"kb/customers/c00077.md": text.replace("harbour-tv", "c00077").replace("li.wei", "nobody")})
    assert push(clone, "main")[0] == 1


def test_the_language_is_the_desks(server: Server, clone: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICEBOOK_LANG")
    monkeypatch.setenv("LC_ALL", "C")
    settings = DESK["pyproject.toml"] + 'languages = ["zh", "en"]\n'
    record(clone, {"pyproject.toml": settings, TICKET: BROKEN})
    code, said = push(clone, "main")
    assert code == 1 and "推送因 2 处错误被拒绝" in said


def test_a_range_is_judged_in_a_bare_repository_too(server: Server, clone: Desk) -> None:
    record(clone, {TICKET: FINE})
    assert push(clone, "main")[0] == 0
    check = [sys.executable, "-m", "servicebook.cli.main", "check"]
    assert server.bare.run(*check, "--range", "main~1..main").returncode == 0
    assert server.bare.run(*check, "--rev", "main").returncode == 0
    done = server.bare.run(*check)
    assert done.returncode == 2 and "--rev HEAD" in done.stderr


def test_a_connected_clone_that_is_pushed_to(server: Server, clone: Desk) -> None:
    """A repository with a work tree whose hooks are connected too; Git starts its server hooks in .git."""
    assert clone.servicebook("install").returncode == 0
    done = clone.servicebook("install", "--server")
    assert done.returncode == 0, done.stderr
    clone.git("config", "receive.denyCurrentBranch", "updateInstead")
    pusher = server.clone("pusher")
    pusher.git("remote", "set-url", "origin", str(clone.root))
    record(pusher, {TICKET: BROKEN})
    code, said = push(pusher, "main")
    assert code == 1 and "REF501" in said
    record(pusher, {TICKET: FINE})
    clone.git("reset", "-q", "--hard")
    clone.git("clean", "-qfd")
    code, said = push(pusher, "main")
    assert code == 0, said


def test_another_hook_is_not_overwritten(tmp_path: Path) -> None:
    server = Server(tmp_path)
    hook = server.bare.root / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    done = server.connect()
    assert done.returncode == 2 and "there is a hook already" in done.stderr
    assert server.connect("--force").returncode == 0
    assert hook.with_name("pre-receive.before-servicebook").read_text() == "#!/bin/sh\nexit 0\n"
    assert server.connect().returncode == 0, "once more is no harm"
    server.bare.git("config", "core.hooksPath", "/elsewhere")
    assert server.connect().returncode == 2


def test_a_server_whose_python_is_gone_refuses_and_says_how(server: Server, clone: Desk) -> None:
    server.bare.git("config", "servicebook.python", "/nowhere/python")
    (server.bare.root / "servicebook" / "hook").unlink()
    record(clone, {TICKET: FINE})
    code, said = push(clone, "main")
    assert code == 1 and "servicebook install --server" in said
