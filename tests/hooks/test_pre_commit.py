"""What the pre-commit hook stops, lets pass and prints, each case with real Git."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ACK, CUSTOMER, DESK, TICKET, Desk, incident

BROKEN = incident(customer="harbour-tw")
FINE = incident(more=ACK, status="in_progress")


def test_a_sound_edit_passes_and_the_clocks_have_their_say(desk: Desk) -> None:
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 0, said
    assert "REF" not in said


def test_a_reference_to_nothing_stops_the_commit(desk: Desk) -> None:
    desk.write(TICKET, BROKEN)
    code, said = desk.commit("-a")
    assert code == 1
    assert f"{TICKET}:" in said and "REF501" in said and "harbour-tw" in said
    assert "hint: did you mean `harbour-tv`?" in said


def test_an_unreadable_file_stops_the_commit(desk: Desk) -> None:
    desk.write(TICKET, "---\nschema: incident/1\nid: x\nid: y\n")
    code, said = desk.commit("-a")
    assert code == 1 and "FMT" in said


def test_a_known_quirk_is_not_told_again(desk: Desk) -> None:
    quirk = "external: {system: old-desk, id: '4711', quirks: [REF501]}\n"
    desk.write(TICKET, BROKEN.replace("timeline:", quirk + "timeline:"))
    code, said = desk.commit("-a")
    assert code == 0 and "REF501" not in said


def test_what_is_incomplete_only_warns(desk: Desk) -> None:
    resolved = "- {at: 2026-03-12T09:40:00+08:00, id: x0ta, event: resolved, by: li.wei}\n"
    desk.write(TICKET, incident(more=ACK + resolved, status="resolved"))
    code, said = desk.commit("-a")
    assert code == 0 and "warning" in said


def test_the_first_commit_is_checked_too(empty_desk: Desk) -> None:
    for path, text in DESK.items():
        empty_desk.write(path, text)
    empty_desk.write(TICKET, BROKEN)
    empty_desk.git("add", "-A")
    assert empty_desk.commit()[0] == 1
    empty_desk.write(TICKET, DESK[TICKET])
    empty_desk.git("add", "-A")
    code, said = empty_desk.commit()
    assert code == 0, said


def test_only_what_is_staged_counts(desk: Desk) -> None:
    """Partly staged: the index is sound, the work tree is not; and the other way round."""
    desk.write(TICKET, FINE)
    desk.git("add", TICKET)
    desk.write(TICKET, BROKEN)
    code, said = desk.commit()
    assert code == 0, said
    assert (desk.root / TICKET).read_text("utf-8") == BROKEN
    desk.git("add", TICKET)
    desk.write(TICKET, FINE)
    assert desk.commit()[0] == 1
    assert (desk.root / TICKET).read_text("utf-8") == FINE


def test_commit_of_one_path_judges_that_path_alone(desk: Desk) -> None:
    """`git commit -- PATH` makes an index of its own (GIT_INDEX_FILE)."""
    desk.write(TICKET, BROKEN)
    desk.git("add", TICKET)
    desk.write(CUSTOMER, DESK[CUSTOMER].replace("Harbour TV Ltd", "Harbour TV Limited"))
    code, said = desk.commit("--", CUSTOMER)
    assert code == 0, said
    assert desk.commit("--", TICKET)[0] == 1


def test_deleting_what_is_still_named_stops_the_commit(desk: Desk) -> None:
    desk.git("rm", "-q", CUSTOMER)
    code, said = desk.commit()
    assert code == 1
    assert f"{TICKET}:" in said and "`harbour-tv`" in said


def test_a_new_record_and_the_reference_to_it_land_together(desk: Desk) -> None:
    desk.write("kb/customers/river-tv.md", DESK[CUSTOMER].replace("harbour-tv", "river-tv"))
    desk.write("tickets/incidents/2026/03/INC-20260312-9ABC.md", incident("INC-20260312-9ABC", customer="river-tv"))
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 0, said


def test_a_renamed_slug_passes_with_its_alias_and_stops_without(desk: Desk) -> None:
    renamed = DESK[CUSTOMER].replace("id: harbour-tv", "id: harbour")
    desk.git("mv", CUSTOMER, "kb/customers/harbour.md")
    desk.write("kb/customers/harbour.md", renamed)
    assert desk.commit("-a")[0] == 1
    desk.write("kb/customers/harbour.md", renamed.replace("title:", "aliases: [harbour-tv]\ntitle:"))
    code, said = desk.commit("-a")
    assert code == 0, said


def test_events_may_not_be_taken_back_but_amend_may_rewrite_its_own(desk: Desk) -> None:
    desk.write(TICKET, FINE)
    assert desk.commit("-a")[0] == 0
    other = ACK.replace("08:52:40", "08:53:10")
    desk.write(TICKET, incident(more=other, status="in_progress"))
    code, said = desk.commit("-a", "--amend")
    assert code == 0, said
    desk.write("kb/note.md", "a page\n")
    desk.git("add", "-A")
    assert desk.commit()[0] == 0
    desk.write(TICKET, incident(more="", status="new"))
    code, said = desk.commit("-a")
    assert code == 1 and "WFL451" in said


def test_a_linked_worktree_on_a_detached_head(desk: Desk, tmp_path: Path) -> None:
    desk.git("add", "-A")
    desk.commit("--no-verify", "--allow-empty")
    desk.git("worktree", "add", "-q", "--detach", str(tmp_path / "other"))
    other = Desk(tmp_path / "other")
    other.write(TICKET, BROKEN)
    assert other.commit("-a")[0] == 1
    other.write(TICKET, FINE)
    code, said = other.commit("-a")
    assert code == 0, said


def test_chinese_file_names(desk: Desk) -> None:
    desk.write("kb/说明.md", "# 说明\n")
    desk.write("tickets/incidents/2026/03/INC-20260312-7F3K.files/截图 一.txt", "x")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 0, said
    desk.write("kb/articles/重启.md", "---\nschema: article/1\nid: 重启\ntitle: 重启\n---\n")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1 and "kb/articles/重启.md" in said


def test_a_symlink_is_refused_and_not_followed(desk: Desk) -> None:
    (desk.root / "kb" / "secret.md").symlink_to("/etc/passwd")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1
    assert "kb/secret.md" in said and "root:" not in said


def test_names_that_differ_in_case_only(desk: Desk) -> None:
    desk.write("kb/Note.md", "a\n")
    desk.write("kb/note.md", "b\n")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1 and "TRE705" in said


def test_an_old_mistake_elsewhere_stops_nobody(desk: Desk) -> None:
    desk.write("tickets/incidents/2026/03/INC-20260312-9ABC.md", incident("INC-20260312-9ABC", contract="none-such"))
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "past the hook")
    desk.write(CUSTOMER, DESK[CUSTOMER].replace("Harbour TV Ltd", "Harbour TV Limited"))
    code, said = desk.commit("-a")
    assert code == 0, said
    done = desk.servicebook("check", "--format", "concise")
    assert done.returncode == 1 and "none-such" in done.stdout


def test_events_of_the_future_are_refused(desk: Desk) -> None:
    desk.write(TICKET, incident(more=ACK.replace("08:52:40", "11:52:40"), status="in_progress"))
    code, said = desk.commit("-a")
    assert code == 1 and "SLA641" in said


def test_the_hook_changes_nothing(desk: Desk) -> None:
    desk.write(TICKET, BROKEN)
    desk.git("add", TICKET)
    before = desk.git("status", "--porcelain=v2"), desk.git("ls-files", "-s")
    assert desk.commit()[0] == 1
    assert (desk.git("status", "--porcelain=v2"), desk.git("ls-files", "-s")) == before


def test_a_merge_that_brings_both_sides_passes(desk: Desk) -> None:
    desk.git("checkout", "-q", "-b", "side")
    desk.write(TICKET, FINE)
    assert desk.commit("-a")[0] == 0
    desk.git("checkout", "-q", "main")
    desk.write(CUSTOMER, DESK[CUSTOMER].replace("Harbour TV Ltd", "Harbour TV Limited"))
    assert desk.commit("-a")[0] == 0
    done = desk.run("git", "merge", "--no-edit", "side")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("gone", ["servicebook.python", "servicebook.start"])
def test_a_clone_that_is_not_connected_says_how(desk: Desk, gone: str) -> None:
    desk.git("config", "--unset", gone)
    (desk.root / ".git" / "servicebook" / "hook").unlink()
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 1 and "servicebook install" in said


def test_a_cached_verdict_needs_neither_yaml_nor_pydantic_nor_markdown(desk: Desk) -> None:
    desk.write(TICKET, FINE)
    desk.git("add", TICKET)
    start = desk.git("config", "servicebook.start").strip()
    assert desk.run(sys.executable, "-I", "-S", start, "pre-commit").returncode == 0
    again = desk.run(sys.executable, "-I", "-S", "-X", "importtime", start, "pre-commit")
    loaded = {line.rpartition("|")[2].strip() for line in again.stderr.splitlines() if line.startswith("import time")}
    assert "servicebook.rules.check" in loaded
    heavy = (
        "pydantic",
        "yaml",
        "markdown_it",
        "argparse",
        "pathlib",
        "dataclasses",
        "subprocess",
        "tomllib",
        "logging",
        "typing",
        "contextlib",
        "importlib",
    )
    assert not [name for name in sorted(loaded) if name.split(".")[0] in heavy or name.startswith("servicebook.loader")]


def test_a_cached_verdict_that_finds_nothing_needs_no_regular_expressions_and_no_json(desk: Desk) -> None:
    desk.write(TICKET, incident())
    desk.git("add", TICKET)
    start = desk.git("config", "servicebook.start").strip()
    assert desk.run(sys.executable, "-I", "-S", start, "pre-commit").stdout == ""
    again = desk.run(sys.executable, "-I", "-S", "-X", "importtime", start, "pre-commit")
    loaded = {line.rpartition("|")[2].strip() for line in again.stderr.splitlines() if line.startswith("import time")}
    assert "servicebook.rules.check" in loaded
    assert loaded.isdisjoint({"json", "re", "enum", "signal", "hashlib", "servicebook.rules.surveys"})


def test_pre_commits_own_hook_is_noticed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.git("init", "-q")
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n")
    hook.chmod(0o755)
    done = desk.servicebook("install")
    assert done.returncode == 2 and "pre-commit uninstall" in done.stderr


def test_an_amend_of_the_message_alone_judges_the_commit(desk: Desk) -> None:
    desk.write(TICKET, BROKEN)
    desk.git("add", "-A")
    desk.git("commit", "-q", "--no-verify", "-m", "broken")
    done = desk.run("git", "commit", "--amend", "-m", "another message")
    assert done.returncode == 1 and "REF501" in done.stdout + done.stderr


LOCAL = (
    "repos:\n- repo: local\n  hooks:\n  - {{id: servicebook-check, name: check, language: system,"
    " entry: {binaries}/servicebook hook pre-commit, pass_filenames: false, always_run: true}}\n"
)
FROM_OUR_REPOSITORY = (
    "repos:\n- repo: {ours}\n  rev: {rev}\n  hooks:\n"
    "  - id: servicebook-check\n  - id: servicebook-fix\n  - id: servicebook-repo\n"
)


def our_repository(folder: Path) -> str:
    """Lay this checkout's manifest and package out as a repository of its own; return its commit."""
    root = Path(__file__).parent.parent.parent
    parts = ["tools", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"]
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *parts]
    tracked = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, tracked):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((root / name).read_bytes())
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "servicebook"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    rev = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True)
    return rev.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("framework", ["pre-commit", "prek"])
@pytest.mark.parametrize("form", ["local", "repository"])
def test_the_frameworks_run_our_hook(empty_desk: Desk, framework: str, form: str) -> None:
    """The real frameworks: our hook as a local one of language system, and installed from our manifest."""
    desk = empty_desk
    desk.git("config", "--unset", "core.hooksPath")
    binaries = str(Path(sys.executable).parent)
    if form == "local":
        config = LOCAL.format(binaries=binaries)
    else:
        ours = desk.root.parent / "ours"
        config = FROM_OUR_REPOSITORY.format(ours=ours, rev=our_repository(ours))
    desk.write(".pre-commit-config.yaml", config)
    for path, text in DESK.items():
        desk.write(path, text)
    desk.git("add", "-A")
    home = str(desk.root.parent / "home")
    environment = {"PRE_COMMIT_HOME": home, "PREK_HOME": home, "PATH": f"{binaries}:{os.environ['PATH']}"}
    done = desk.run(f"{binaries}/{framework}", "run", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    desk.write(TICKET, BROKEN)
    desk.git("add", "-A")
    done = desk.run(f"{binaries}/{framework}", "run", **environment)
    assert done.returncode == 1 and "REF501" in done.stdout
    if form == "repository":
        done = desk.run(f"{binaries}/{framework}", "run", "--hook-stage", "pre-push", "--all-files", **environment)
        assert done.returncode == 1 and "REF501" in done.stdout, "the whole desk, before a push"


@pytest.mark.slow
def test_the_manifest_for_pre_commit_is_one(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    words = [f"{Path(sys.executable).parent}/pre-commit", "validate-manifest", str(root / ".pre-commit-hooks.yaml")]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_in_hooks_are_those_that_install_writes() -> None:
    from servicebook.cli.install import HOOKS, hook_text

    root = Path(__file__).parent.parent.parent
    for name in HOOKS:
        text = (root / "hooks" / name).read_text("utf-8")
        assert text == hook_text(name)
        assert len(text.splitlines()) == 3
