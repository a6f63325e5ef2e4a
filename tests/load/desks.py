"""The desks that loads are put on: a server's bare repository with its hook, and clones of different people."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SERVICEBOOK = (sys.executable, "-m", "servicebook")
START = "INC-20260312-7F3K"
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "SERVICEBOOK_LANG": "en",
}
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Done(NamedTuple):
    """How a command ended."""

    code: int
    said: str


def call(root: Path, *words: str) -> Done:
    """Run a command in a folder, away from the user's own settings."""
    done = subprocess.run(words, cwd=root, capture_output=True, env=environment(), check=False)
    return Done(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"))


def environment() -> dict[str, str]:
    """Return the environment that every command of a load runs in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "SERVICEBOOK_"))}
    return {**kept, **ENVIRONMENT}


def must(root: Path, *words: str) -> str:
    """Run a command that has to succeed and return what it said."""
    done = call(root, *words)
    if done.code:
        raise SystemExit(f"{' '.join(words)}: exit {done.code}\n{done.said}")
    return done.said


def ticket_id(number: int) -> str:
    """Return the id of the ticket `number` of a load."""
    return START[:-4] + "".join(_DIGITS[number // 32**power % 32] for power in (3, 2, 1, 0))


def path_of_ticket(number: int) -> str:
    """Return where the ticket `number` lies."""
    return f"tickets/incidents/2026/03/{ticket_id(number)}.md"


def make_server(work: Path, people: int, tickets: int) -> Path:
    """Make a bare repository with a desk of so many people and open tickets; every push is checked."""
    first = work / "first"
    first.mkdir(parents=True)
    must(first, "git", "init", "-q", "-b", "main")
    must(first, *SERVICEBOOK, "init", ".", "--timezone", "Asia/Shanghai", "--person", "first.person")
    made = next((first / "tickets").rglob("INC-*.md"))
    text = made.read_text("utf-8")
    for number in range(tickets):
        target = first / path_of_ticket(number)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Reported on the day that its id says.
        dated = re.sub(r"\d{4}-\d\d-\d\d(?=T\d\d:\d\d:\d\d)", "2026-03-12", text)
        target.write_text(dated.replace(made.stem, ticket_id(number)), "utf-8")
    person = (first / "kb" / "people" / "first.person.md").read_text("utf-8")
    for number in range(people):
        own = re.sub(r"(?m)^emails: .*$", f"emails: [{email(number)}]", person).replace("first.person", slug(number))
        (first / "kb" / "people" / f"{slug(number)}.md").write_text(own, "utf-8")
    identify(first, 0)
    must(first, "git", "add", "-A")
    must(first, "git", "commit", "-q", "-m", "Start")
    must(work, "git", "clone", "-q", "--bare", str(first), "server.git")
    must(work / "server.git", *SERVICEBOOK, "install", "--server")
    return work / "server.git"


def make_clone(server: Path, number: int) -> Path:
    """Make the clone of the person `number`, connected to hooks and merge driver."""
    root = server.parent / f"clone-{number}"
    must(server.parent, "git", "clone", "-q", str(server), root.name)
    identify(root, number)
    must(root, *SERVICEBOOK, "install")
    return root


def slug(number: int) -> str:
    """Return the slug of the person `number`."""
    return f"person.{number:02}"


def email(number: int) -> str:
    """Return the address that the person `number` commits with."""
    return f"{slug(number)}@example.org"


def identify(root: Path, number: int) -> None:
    """Let commits in a clone be those of the person `number`."""
    must(root, "git", "config", "user.name", slug(number))
    must(root, "git", "config", "user.email", email(number))


# --- what must hold afterwards


def notes_on(root: Path, rev: str = "main") -> list[str]:
    """Return the text of every note on every ticket of a revision, one for each event."""
    said = call(root, "git", "grep", "-h", "-o", "-E", r"event: note, .*note: [^,}]+", rev, "--", "tickets").said
    return [line.rpartition("note: ")[2].strip("'\" ") for line in said.splitlines()]


def files_below(folder: Path, suffix: str) -> Iterator[Path]:
    """Yield the files below a folder whose names end so; Git in the background may take folders away meanwhile."""
    for place, _, names in os.walk(folder):  # which passes over what is gone
        yield from (Path(place, name) for name in names if name.endswith(suffix))


def unrest_in(root: Path) -> list[str]:
    """Return what is left over in a clone: locks that are held or there, merges under way, half-written files."""
    git = root / ".git"
    ours = list((git / "servicebook").glob("*.lock"))  # files that stay; the kernel lets go of their locks
    found = [str(path.relative_to(root)) for path in files_below(git, ".lock") if path not in ours]
    found += [name for name in ("MERGE_HEAD", "rebase-merge", "CHERRY_PICK_HEAD") if (git / name).exists()]
    found += [str(path.relative_to(root)) for path in files_below(root / "tickets", ".tmp")]
    return found + [f"{path.name} is held" for path in ours if _is_held(path)]


def _is_held(path: Path, patience: float = 10) -> bool:
    """Whether a lock is still held after a while: what keeps an index warm in the background may end first."""
    end = time.monotonic() + patience
    with path.open("rb") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    return True
                time.sleep(0.05)
            else:
                return False
