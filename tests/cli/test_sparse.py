"""A clone that leaves old years out of its work tree answers as a full one does, and writes there when asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.bench.generator import write_desk
from tests.conftest import GIT_ENVIRONMENT, Repo
from tests.hooks.conftest import TICKET as OPEN
from tests.hooks.conftest import incident

from .conftest import Call

NOW = "2026-11-20T09:00:00+08:00"
SPARSE = {
    "cone": ("--cone", "hooks", "tickets/incidents/2026", "tickets/requests/2026"),
    "sparse index": ("--cone", "--sparse-index", "hooks", "tickets/incidents/2026", "tickets/requests/2026"),
    "patterns": ("--no-cone", "/*", "!/kb/customers/", "!/kb/people/", "!/tickets/*/2025/"),
}
QUESTIONS = (
    ("check", "--format", "json"),
    ("list", "incident", "--format", "tsv"),
    ("list", "person", "--format", "tsv"),
    ("grep", "直播"),
    ("grep", "Restarted|wang.fang"),
    ("sla", "--json"),
    ("next", "--all"),
    ("check", "--staged", "--format", "json"),
    ("check", "--rev", "HEAD", "--format", "json"),
    ("fix", "--diff"),
)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk of two years, its hooks committed."""
    root = tmp_path_factory.mktemp("origin") / "desk"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in GIT_ENVIRONMENT.items():
            patch.setenv(name, value)
        write_desk(root, 60)
        source = Path(__file__).parents[2] / "hooks"
        Repo(root).commit("hooks", {f"hooks/{path.name}": path.read_bytes() for path in source.iterdir()})
        for path in (root / "hooks").iterdir():
            path.chmod(0o755)
        Repo(root).commit("one that is open", {OPEN: incident()})
    return root


@pytest.fixture(params=SPARSE)
def sparse(request: pytest.FixtureRequest, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A clone without the tickets of 2025, customers and people in its work tree."""
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    repo = Repo(tmp_path / "sparse")
    Repo(tmp_path).git("clone", "--quiet", "--no-checkout", str(origin), str(repo.root))
    repo.git("sparse-checkout", "set", *SPARSE[request.param])
    repo.git("checkout", "--quiet", "main")
    monkeypatch.chdir(repo.root)
    return repo


@pytest.fixture
def old_ticket(sparse: Repo) -> str:
    """The path of an incident of 2025, which is not in the work tree."""
    path = sparse.git("ls-files", "tickets/incidents/2025").split()[0]
    assert not (sparse.root / path).exists()
    return path


@pytest.fixture
def open_ticket(sparse: Repo) -> str:
    """The path of a ticket that is being worked on, and whose folder is left out by now."""
    cone = sparse.git("config", "core.sparseCheckoutCone").strip() == "true"
    sparse.git("sparse-checkout", "set", *(["hooks"] if cone else ["/*", "!/tickets/"]))
    assert not (sparse.root / OPEN).exists()
    return OPEN


def in_full(sparse: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Go to a full clone of the same commit."""
    full = Repo(tmp_path / "full")
    sparse.git("clone", "--quiet", str(sparse.root), str(full.root))
    monkeypatch.chdir(full.root)
    return full


def test_every_question_is_answered_as_in_a_full_clone(
    sparse: Repo, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {question: call(*question) for question in QUESTIONS}
    in_full(sparse, tmp_path, monkeypatch)
    for question in QUESTIONS:
        there = call(*question)
        assert (here[question].code, here[question].out) == (there.code, there.out), question
        assert there.out or question[0] == "fix"


def test_a_record_left_out_is_shown_and_not_counted_as_deleted(sparse: Repo, old_ticket: str, call: Call) -> None:
    answer = call("show", Path(old_ticket).stem)
    assert answer.code == 0 and old_ticket in answer.out
    assert "170 records" in call("check").err
    assert sparse.git("status", "--porcelain") == ""


@pytest.mark.slow
def test_the_site_is_the_same(sparse: Repo, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (sparse.root / "kb").exists():
        sparse.git("sparse-checkout", "add", "kb")
    assert call("site", "--output", str(tmp_path / "here")).code == 0
    in_full(sparse, tmp_path, monkeypatch)
    assert call("site", "--output", str(tmp_path / "there")).code == 0
    files = {path.relative_to(tmp_path / "there") for path in (tmp_path / "there").rglob("*") if path.is_file()}
    assert len(files) > 170
    for path in files:
        if path.suffix in (".html", ".js"):
            assert (tmp_path / "here" / path).read_bytes() == (tmp_path / "there" / path).read_bytes(), path


# --- writing


def test_a_verb_writes_a_ticket_that_is_left_out_and_says_where_it_lies(
    sparse: Repo, open_ticket: str, call: Call
) -> None:
    before = sparse.git("show", f":{open_ticket}")
    answer = call("note", Path(open_ticket).stem, "seen again", "--by", "li.wei")
    assert answer.code == 0, answer.err
    assert "outside of this clone's sparse checkout" in answer.err
    added = set((sparse.root / open_ticket).read_text("utf-8").splitlines()) - set(before.splitlines())
    assert len(added) == 1 and "seen again" in added.pop()
    assert sparse.git("status", "--porcelain") == f" M {open_ticket}\n"
    again = call("note", Path(open_ticket).stem, "and again", "--by", "li.wei")
    assert "sparse" not in again.err


def test_a_verb_that_commits_does_so_outside_of_the_cone_too(sparse: Repo, open_ticket: str, call: Call) -> None:
    answer = call("note", Path(open_ticket).stem, "seen again", "--by", "li.wei", "--commit")
    assert answer.code == 0, answer.err
    assert sparse.git("show", "--format=", "--name-only", "HEAD").split() == [open_ticket]
    sparse.git("sparse-checkout", "reapply")
    assert not (sparse.root / open_ticket).exists()
    assert "seen again" in call("show", Path(open_ticket).stem).out


def test_a_new_record_outside_of_the_cone_is_written_and_committed(sparse: Repo, call: Call) -> None:
    words = ("--id", "chen.hua", "--title", "陈华", "--name", "陈华", "--employer", "us", "--set", "teams=platform")
    answer = call("new", "person", *words, "--commit")
    assert answer.code == 0, answer.err
    assert sparse.git("show", "--format=", "--name-only", "HEAD").split() == ["kb/people/chen.hua.md"]


def test_fix_mends_a_record_that_is_left_out(sparse: Repo, old_ticket: str, call: Call) -> None:
    data = sparse.git("show", f":{old_ticket}").replace("\n", "\r\n").encode()
    sparse.write({old_ticket: data})
    sparse.git("-c", "core.autocrlf=false", "commit", "-q", "--no-verify", "-m", "line ends", "--", old_ticket)
    sparse.git("sparse-checkout", "reapply")
    assert call("fix", "tickets").code == 1
    assert (sparse.root / old_ticket).read_bytes() == data.replace(b"\r\n", b"\n")


def test_somebody_elses_edit_of_a_file_that_was_left_out_is_not_overwritten(sparse: Repo, old_ticket: str) -> None:
    from servicebook.store.write import WriteError, write_files
    from servicebook.text.source_file import SourceFile

    tracked = sparse.git("show", f":{old_ticket}").encode()
    with pytest.raises(WriteError):
        write_files(str(sparse.root), [SourceFile(old_ticket, b"new")], {old_ticket: tracked + b"another"})
    with pytest.raises(WriteError):
        write_files(str(sparse.root), [SourceFile("kb/none.md", b"new")], {"kb/none.md": b"old"})
    write_files(str(sparse.root), [SourceFile(old_ticket, b"new")], {old_ticket: tracked})
    assert (sparse.root / old_ticket).read_bytes() == b"new"


# --- the hook


def test_the_hook_judges_what_is_staged_with_all_that_is_left_out(sparse: Repo, old_ticket: str, call: Call) -> None:
    assert call("install").code == 0
    sparse.write({OPEN: incident(customer="nobody-tv")})
    sparse.git("commit", "-qam", "no such customer", check=False)
    assert sparse.git("log", "-1", "--format=%s") != "no such customer\n"
    sparse.write({OPEN: incident(title="Another title")})
    sparse.git("commit", "-qam", "another title")
    assert sparse.git("log", "-1", "--format=%s") == "another title\n", "its customer is left out, and known"


def test_a_record_that_is_left_out_cannot_be_deleted_while_it_is_named(sparse: Repo, call: Call) -> None:
    assert call("install").code == 0
    sparse.git("rm", "-q", "--sparse", "kb/customers/harbour-tv.md")
    done = sparse.git("commit", "-qm", "gone", check=False)
    assert sparse.git("log", "-1", "--format=%s") != "gone\n", done


def test_an_import_again_overwrites_nothing_that_is_left_out(
    make_repo: object, sparse: Repo, tmp_path: Path, call: Call
) -> None:
    source = Path(__file__).parents[1] / "exchange" / "cstate"
    shutil.copytree(source, tmp_path / "cstate")
    first = call("import", "cstate", str(tmp_path / "cstate"))
    assert first.code == 0, first.err
    sparse.git("add", "--sparse", "-A")
    sparse.git("commit", "-q", "--no-verify", "-m", "imported")
    sparse.git("sparse-checkout", "set", "--cone", "hooks")
    again = call("import", "cstate", str(tmp_path / "cstate"))
    assert again.code == 0, again.err
    assert sparse.git("status", "--porcelain") == "", again.out
