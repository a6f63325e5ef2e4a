"""Every way to make a commit, and which of them the pre-commit hook sees; each with real Git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import ACK, CUSTOMER, DESK, TICKET, Desk, incident

BROKEN = incident(customer="harbour-tw")
FINE = incident(more=ACK, status="in_progress")
OTHER = DESK[CUSTOMER].replace("Harbour TV Ltd", "Harbour TV Limited")


def check_range(desk: Desk, words: str) -> tuple[int, str]:
    """Return how a range check ends, which is the law where hooks are not asked."""
    done = desk.servicebook("check", "--format", "concise", "--range", words)
    return done.returncode, done.stdout


def test_commit_dash_a_judges_its_own_index(desk: Desk) -> None:
    """`commit -a` writes a lock file as its index, which the environment names."""
    desk.write(TICKET, BROKEN)
    desk.git("add", TICKET)
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 0, said
    desk.write(TICKET, BROKEN)
    assert desk.commit("-a")[0] == 1
    assert desk.git("diff", "--cached", "--name-only") == ""


def test_commit_dash_p_takes_some_hunks_and_leaves_the_rest(desk: Desk) -> None:
    """The shape that `commit -p` leaves: one hunk staged, one not, in one file."""
    desk.write(TICKET, incident(title="Another title") + "\nA line at the end, customer: no matter\n")
    answers = "y\nn\n"
    done = subprocess.run(
        ["git", "commit", "-p", "-m", "the title alone"],
        cwd=desk.root, input=answers, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Another title" in desk.git("show", f"HEAD:{TICKET}")
    assert desk.git("diff", "--name-only").strip() == TICKET
    desk.write(TICKET, incident(title="Another title", customer="harbour-tw") + "\nAnother line at the end\n")
    before = (desk.root / TICKET).read_bytes()
    done = subprocess.run(
        ["git", "commit", "-p", "-m", "the customer alone"],
        cwd=desk.root, input=answers, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "REF501" in done.stdout + done.stderr
    assert (desk.root / TICKET).read_bytes() == before


def test_amend_mends_the_commit_before(desk: Desk) -> None:
    desk.write(TICKET, BROKEN)
    desk.git("commit", "-q", "--no-verify", "-am", "past the hook")
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a", "--amend")
    assert code == 0, said
    assert check_range(desk, "HEAD~1..HEAD")[1].count("REF501") == 0


def test_a_merge_without_fast_forward_is_judged(desk: Desk) -> None:
    """A clean merge runs pre-merge-commit alone: two sound sides that make a broken whole are stopped."""
    desk.git("checkout", "-q", "-b", "side")
    desk.write("tickets/incidents/2026/03/INC-20260312-9ABC.md", incident("INC-20260312-9ABC"))
    desk.git("add", "-A")
    assert desk.commit()[0] == 0
    desk.git("checkout", "-q", "main")
    desk.git("rm", "-q", TICKET, CUSTOMER)
    assert desk.commit()[0] == 0
    done = desk.run("git", "merge", "--no-ff", "--no-edit", "side")
    assert done.returncode == 1 and "REF501" in done.stdout + done.stderr, done.stdout + done.stderr
    assert desk.git("rev-list", "--count", "HEAD").strip() == "2"
    desk.git("merge", "--abort")
    desk.git("revert", "--no-edit", "HEAD")
    done = desk.run("git", "merge", "--no-ff", "--no-edit", "side")
    assert done.returncode == 0, done.stdout + done.stderr


def test_rebase_is_not_stopped_and_the_range_check_sees_it(desk: Desk) -> None:
    desk.git("checkout", "-q", "-b", "side")
    desk.write("tickets/incidents/2026/03/INC-20260312-9ABC.md", incident("INC-20260312-9ABC"))
    desk.git("add", "-A")
    assert desk.commit()[0] == 0
    desk.git("checkout", "-q", "main")
    desk.git("rm", "-q", TICKET, CUSTOMER)
    assert desk.commit()[0] == 0
    done = desk.run("git", "rebase", "-q", "main", "side")
    assert done.returncode == 0, done.stdout + done.stderr
    code, said = check_range(desk, "main..side")
    assert code == 1 and "REF501" in said


def test_a_revert_that_takes_an_event_back_is_seen_by_the_range_check(desk: Desk) -> None:
    desk.write(TICKET, FINE)
    assert desk.commit("-a")[0] == 0
    desk.run("git", "revert", "--no-edit", "HEAD")
    assert desk.git("rev-list", "--count", "HEAD").strip() == "3"
    code, said = check_range(desk, "HEAD~1..HEAD")
    assert code == 1 and "WFL451" in said


def test_a_cherry_pick_is_judged_where_it_lands(desk: Desk) -> None:
    desk.git("checkout", "-q", "-b", "side")
    desk.write(TICKET, BROKEN)
    desk.git("commit", "-q", "--no-verify", "-am", "broken")
    desk.git("checkout", "-q", "main")
    desk.run("git", "cherry-pick", "side")
    code, said = check_range(desk, "HEAD~1..HEAD")
    assert code == 1 and "REF501" in said
    desk.git("reset", "-q", "--hard", "HEAD~1")
    desk.git("cherry-pick", "--no-commit", "side")
    code, said = desk.commit()
    assert code == 1 and "REF501" in said


def test_a_mailed_patch_is_judged_where_it_lands(desk: Desk, tmp_path: Path) -> None:
    desk.write(TICKET, BROKEN)
    desk.git("commit", "-q", "--no-verify", "-am", "broken")
    desk.git("format-patch", "-q", "-1", "-o", str(tmp_path))
    desk.git("reset", "-q", "--hard", "HEAD~1")
    (patch,) = tmp_path.glob("*.patch")
    assert desk.run("git", "am", "-q", str(patch)).returncode == 0
    code, said = check_range(desk, "HEAD~1..HEAD")
    assert code == 1 and "REF501" in said


def test_a_stash_is_no_commit_of_the_desk(desk: Desk) -> None:
    """Stashing runs no hook, and what is popped is judged like anything else."""
    desk.write(TICKET, BROKEN)
    done = desk.run("git", "stash")
    assert done.returncode == 0 and "REF501" not in done.stdout + done.stderr
    desk.write(CUSTOMER, OTHER)
    code, said = desk.commit("-a")
    assert code == 0, said
    desk.git("stash", "pop", "-q")
    assert (desk.root / TICKET).read_text("utf-8") == BROKEN
    assert desk.commit("-a")[0] == 1


FORMATS = {
    "split index": (("config", "core.splitIndex", "true"), ("update-index", "--split-index")),
    "index v4": (("config", "index.version", "4"), ("update-index", "--index-version", "4")),
    "fsmonitor off": (("config", "core.fsmonitor", "false"),),
    "untracked cache": (("config", "core.untrackedCache", "true"), ("update-index", "--untracked-cache")),
    "many files": (("config", "feature.manyFiles", "true"), ("update-index", "--index-version", "4")),
    "skip hash": (("config", "index.skipHash", "true"), ("update-index", "--really-refresh")),
    "file mode off": (("config", "core.fileMode", "false"),),
}


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_the_index_is_read(form: str, desk: Desk) -> None:
    for words in FORMATS[form]:
        desk.git(*words)
    desk.write(TICKET, BROKEN)
    assert desk.commit("-a")[0] == 1
    assert desk.commit("--", TICKET)[0] == 1
    desk.git("add", TICKET)
    assert desk.commit()[0] == 1
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 0, said
    desk.write(CUSTOMER, OTHER)
    code, said = desk.commit("--", CUSTOMER)
    assert code == 0, said


def test_without_a_terminal_and_without_an_input(desk: Desk) -> None:
    """As cron, an editor or a build server call it: no controlling terminal, standard input closed."""
    desk.write(TICKET, BROKEN)
    command = ["git", "commit", "-am", "work"]
    shut = {"cwd": desk.root, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "start_new_session": True}
    process = subprocess.Popen(command, preexec_fn=lambda: os.close(0), text=True, **shut)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "REF501" in said and "\x1b" not in said
    desk.write(TICKET, FINE)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True, **shut)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said


def test_on_a_terminal_nothing_is_asked(desk: Desk) -> None:
    """A real terminal on all three ends: the hook says its say and waits for no key."""
    import pty

    desk.write(TICKET, BROKEN)
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(desk.root)
        os.execvp("git", ["git", "commit", "-am", "work"])
    said = b""
    try:
        while piece := os.read(terminal, 65536):
            said += piece
    except OSError:  # the other end is closed: the program has ended
        pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert b"REF501" in said
