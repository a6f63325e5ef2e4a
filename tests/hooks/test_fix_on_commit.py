"""The hook that mends (`fix_on_commit`): only what is staged whole, and no path loses an unstaged edit."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import threading
import time

import pytest

from .conftest import DESK, PERSON, TICKET, Desk, incident

SETTINGS = DESK["pyproject.toml"] + "fix_on_commit = true\n"
GOOD = incident(title="Another title")
CRLF = GOOD.replace("\n", "\r\n").encode()
BOM = b"\xef\xbb\xbf" + GOOD.encode()


@pytest.fixture
def mending(desk: Desk) -> Desk:
    """A connected desk that asks its hook to mend; the committer is a person on it."""
    desk.git("config", "core.autocrlf", "false")
    desk.write("pyproject.toml", SETTINGS)
    desk.write(PERSON, DESK[PERSON].replace("employer", "emails: [wang.fang@example.org]\nemployer"))
    desk.git("commit", "-q", "--no-verify", "-am", "mend on commit")
    return desk


def staged(desk: Desk) -> bytes:
    done = subprocess.run(["git", "cat-file", "blob", f":{TICKET}"], cwd=desk.root, capture_output=True, check=True)
    return done.stdout


def on_disk(desk: Desk) -> bytes:
    return (desk.root / TICKET).read_bytes()


def test_a_check_never_writes_where_nobody_asked_for_it(desk: Desk) -> None:
    desk.git("config", "core.autocrlf", "false")
    desk.write(TICKET, BOM)
    desk.git("add", TICKET)
    code, said = desk.commit()
    assert code == 1 and "FMT103" in said
    assert staged(desk) == on_disk(desk) == BOM


@pytest.mark.parametrize("data", [CRLF, BOM], ids=["warning", "error"])
@pytest.mark.parametrize("how", ["add", "-a"])
def test_what_is_staged_whole_is_mended_in_both(data: bytes, how: str, mending: Desk) -> None:
    mending.write(TICKET, data)
    if how == "add":
        mending.git("add", TICKET)
    code, said = mending.commit(*([how] if how != "add" else []))
    assert code == 0 and f"mended {TICKET}" in said and "FMT10" not in said, said
    assert staged(mending) == on_disk(mending) == GOOD.encode()
    assert mending.git("show", f"HEAD:{TICKET}") == GOOD
    assert mending.git("status", "--porcelain") == ""


def test_a_status_without_its_event_gets_it(mending: Desk) -> None:
    mending.write(TICKET, incident(status="cancelled"))
    code, said = mending.commit("-a")
    assert code == 0, said
    text = on_disk(mending).decode()
    assert text.count("event: cancelled, by: li.wei") == 1
    assert mending.git("status", "--porcelain") == ""


def test_a_file_staged_in_part_is_shown_its_patch_and_stays(mending: Desk) -> None:
    mending.write(TICKET, BOM)
    mending.git("add", TICKET)
    unstaged = BOM + b"\nan unstaged line\n"
    mending.write(TICKET, unstaged)
    code, said = mending.commit()
    assert code == 1
    assert "is staged in part" in said and f"--- a/{TICKET}" in said and "+---" in said
    assert staged(mending) == BOM and on_disk(mending) == unstaged


def test_a_file_that_only_warns_waits_too_when_it_is_staged_in_part(mending: Desk) -> None:
    mending.write(TICKET, CRLF)
    mending.git("add", TICKET)
    mending.write(TICKET, CRLF + b"an unstaged line\r\n")
    assert mending.commit()[0] == 1
    assert staged(mending) == CRLF and on_disk(mending) == CRLF + b"an unstaged line\r\n"


def test_a_file_that_is_gone_from_the_work_tree_stays_gone(mending: Desk) -> None:
    mending.write(TICKET, BOM)
    mending.git("add", TICKET)
    (mending.root / TICKET).unlink()
    assert mending.commit()[0] == 1
    assert staged(mending) == BOM and not (mending.root / TICKET).exists()


def test_a_commit_of_paths_alone_is_only_checked(mending: Desk) -> None:
    mending.write(TICKET, BOM)
    code, said = mending.commit("--", TICKET)
    assert code == 1 and "FMT103" in said and "mended" not in said
    assert on_disk(mending) == BOM
    mending.write(TICKET, CRLF)
    code, said = mending.commit("--", TICKET)
    assert code == 0 and "FMT104" in said
    assert on_disk(mending) == CRLF


def test_what_cannot_be_mended_stops_the_commit_all_the_same(mending: Desk) -> None:
    broken = incident(customer="harbour-tw")
    mending.write(TICKET, b"\xef\xbb\xbf" + broken.encode())
    mending.write("kb/other.md", "# A page\n")
    mending.git("add", "-A")
    code, said = mending.commit()
    assert code == 1 and "REF501" in said and "what was mended stays so" in said
    assert staged(mending) == on_disk(mending) == broken.encode()


def test_within_pre_commit_nothing_is_written(mending: Desk) -> None:
    mending.write(TICKET, BOM)
    mending.git("add", TICKET)
    done = mending.run("git", "commit", "-m", "x", PRE_COMMIT="1")
    assert done.returncode == 1
    assert staged(mending) == on_disk(mending) == BOM


def test_a_symlink_to_a_record_is_not_written_through(mending: Desk) -> None:
    mending.write(TICKET, BOM)
    mending.git("add", TICKET)
    elsewhere = mending.root.parent / "elsewhere.md"
    (mending.root / TICKET).replace(elsewhere)
    (mending.root / TICKET).symlink_to(elsewhere)
    assert mending.commit()[0] != 0
    assert elsewhere.read_bytes() == BOM and (mending.root / TICKET).is_symlink()


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_stopped_at_any_point_both_are_the_old_or_the_new(mending: Desk, blow: signal.Signals) -> None:
    commit = ["git", "commit", "-qm", "work"]
    mending.write(TICKET, BOM)
    mending.git("add", TICKET)
    start = time.monotonic()
    assert mending.run(*commit).returncode == 0
    whole = time.monotonic() - start
    states = (BOM, GOOD.encode())
    chance = random.Random(3)
    for _ in range(12):
        mending.git("reset", "-q", "--hard", "HEAD~1")
        mending.write(TICKET, BOM)
        mending.git("add", TICKET)
        process = subprocess.Popen(
            commit, cwd=mending.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        time.sleep(chance.uniform(whole / 4, whole))  # the moment itself is what is tried
        with contextlib.suppress(ProcessLookupError):  # it was quicker
            os.killpg(process.pid, blow)
        said, _ = process.communicate(timeout=60)
        assert b"Traceback" not in said
        assert on_disk(mending) in states
        for lock in (mending.root / ".git").rglob("*.lock"):
            lock.unlink()  # of Git itself, which a SIGKILL gives no time
        assert staged(mending) in states
        assert mending.git("fsck", "--no-dangling") == ""
        if blow == signal.SIGINT:
            assert not list(mending.root.rglob("*.md.*.tmp"))
        if mending.git("log", "-1", "--format=%s").strip() != "work":
            mending.git("reset", "-q")
            mending.write(TICKET, GOOD)
            mending.git("commit", "-q", "--no-verify", "-am", "work")


@pytest.mark.slow
def test_somebody_who_saves_during_the_commit_loses_nothing(mending: Desk) -> None:
    """Overlap: an editor saves the file again and again, while commit after commit wants to mend it."""
    path = mending.root / TICKET
    saved = [BOM]
    end = threading.Event()

    def save() -> None:
        chance = random.Random(9)
        while not end.wait(chance.uniform(0, 0.08)):
            saved.append(BOM + f"line {len(saved)}\n".encode())
            swap = path.with_name("editor.swp")
            swap.write_bytes(saved[-1])
            swap.replace(path)

    editor = threading.Thread(target=save)
    editor.start()
    try:
        for _ in range(12):
            mending.run("git", "add", TICKET)
            mending.run("git", "commit", "-qm", "work")
    finally:
        end.set()
        editor.join()
    assert on_disk(mending) in (saved[-1], saved[-1].removeprefix(b"\xef\xbb\xbf"))
    assert not list(path.parent.glob("*.tmp"))
