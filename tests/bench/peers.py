"""Time other keepers of records in text files on the same records as Servicebook, in one run: `peers.py [--records N]`.

Doorstop and StrictDoc come from PyPI into an environment of their own, Backlog.md from npm, all in a temporary folder;
what cannot be had is left out and named. Titles and texts are those of the generated desk, in each peer's own form.
Every figure is one whole process; ratios are to `python -c pass` of the same run.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from generator import commit_desk, write_desk

from bench import SERVICEBOOK, Tickets, forget_index, median, run

PER_DOCUMENT = 100
"""Records in one StrictDoc document; a document of all of them takes it longer."""


class Text(NamedTuple):
    """What one record says, in any form."""

    title: str
    body: str


class Peer(NamedTuple):
    """One program: where its records lie, a command that looks at all of them, and an edit of one."""

    name: str
    root: Path
    does: tuple[tuple[str, tuple[str, ...]], ...]
    edit: Callable[[int], object]


def texts_of(desk: Path) -> list[Text]:
    """Return title and body of every ticket of a desk, in order of its path."""
    found = []
    for path in sorted((desk / "tickets").rglob("*.md")):
        head, _, body = path.read_text("utf-8").partition("\n---\n")
        title = next(line for line in head.splitlines() if line.startswith("title: "))
        found.append(Text(title.removeprefix("title: ").strip("'\""), body.replace("<", "(").replace(">", ")").strip()))
    return found


def add_line(path: Path, before: str, line: str) -> None:
    """Put a line into a file, before the last place where `before` stands (the end, when it is empty)."""
    text = path.read_text("utf-8")
    place = text.rindex(before)
    path.write_text(text[:place] + line + text[place:], "utf-8")


# --- the peers


def servicebook(work: Path, records: int) -> Peer:
    """Return Servicebook on its own desk."""
    root = work / "servicebook"
    write_desk(root, records)
    does = (("check", (SERVICEBOOK, "check")), ("list", (SERVICEBOOK, "list", "incident")),
            ("search", (SERVICEBOOK, "grep", "Deadlock")))  # fmt: skip
    tickets = Tickets(root)
    return Peer("Servicebook", root, does, lambda _: tickets.edit())


def doorstop(work: Path, texts: list[Text], programs: Path) -> Peer:
    """Return Doorstop: one YAML file a record."""
    root = work / "doorstop"
    folder = root / "reqs"
    folder.mkdir(parents=True)
    (folder / ".doorstop.yml").write_text("settings:\n  digits: 6\n  itemformat: yaml\n  prefix: TIC\n  sep: ''\n")
    head = (
        "active: true\nderived: false\nheader: ''\nlevel: 1.{n}\nlinks: []\nnormative: true\nref: ''\nreviewed: null\n"
    )
    for n, text in enumerate(texts, 1):
        lines = "".join(f"  {line}\n" if line else "\n" for line in [text.title, "", *text.body.splitlines()])
        (folder / f"TIC{n:06}.yml").write_text(head.format(n=n) + "text: |\n" + lines, "utf-8")
    commit_desk(root)
    check = (str(programs / "doorstop"), "--quiet")
    again = "\n  Called again.\n"
    return Peer("Doorstop", root, (("check", check),), lambda n: add_line(folder / f"TIC{n:06}.yml", "", again))


def strictdoc(work: Path, texts: list[Text], programs: Path) -> Peer:
    """Return StrictDoc: a hundred records a document; exporting JSON is its cheapest way to read and check all."""
    root = work / "strictdoc"
    root.mkdir()
    for start in range(0, len(texts), PER_DOCUMENT):
        parts = [f"[DOCUMENT]\nTITLE: Tickets {start}\n"]
        for n, text in enumerate(texts[start : start + PER_DOCUMENT], start + 1):
            parts.append(f"\n[REQUIREMENT]\nUID: TIC-{n}\nTITLE: {text.title}\nSTATEMENT: >>>\n{text.body}\n<<<\n")
        (root / f"tickets-{start:06}.sdoc").write_text("".join(parts), "utf-8")
    commit_desk(root)
    export = (str(programs / "strictdoc"), "export", "--formats=json", ".")
    first = root / "tickets-000000.sdoc"
    return Peer("StrictDoc", root, (("check", export),), lambda n: add_line(first, "<<<", f"Called again {n}.\n"))


def backlog(work: Path, texts: list[Text], programs: Path) -> Peer:
    """Return Backlog.md: one Markdown file a task."""
    root = work / "backlog"
    root.mkdir()
    program = str(programs / "backlog")
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True)
    subprocess.run([program, "init", "bench", "--defaults"], cwd=root, check=True, capture_output=True, input=b"")
    config = root / "backlog" / "config.yml"
    config.write_text(config.read_text("utf-8").replace("remote_operations: true", "remote_operations: false"), "utf-8")
    head = "---\nid: TASK-{n}\ntitle: {title!r}\nstatus: To Do\nassignee: []\ncreated_date: '2026-11-20 09:00'\n"
    head += "labels: []\ndependencies: []\nordinal: {n}000\n---\n\n## Description\n\n"
    marks = "<!-- SECTION:DESCRIPTION:BEGIN -->\n{body}\n<!-- SECTION:DESCRIPTION:END -->\n"
    for n, text in enumerate(texts, 1):
        words = (head + marks).format(n=n, title=text.title.replace("'", ""), body=text.body)
        (root / "backlog" / "tasks" / f"task-{n} - ticket.md").write_text(words, "utf-8")
    commit_desk(root)
    does = (("list", (program, "task", "list", "--plain")), ("search", (program, "search", "Deadlock", "--plain")),
            ("check", (program, "doctor")))  # fmt: skip
    path = "backlog/tasks/task-{n} - ticket.md"
    return Peer(
        "Backlog.md", root, does, lambda n: add_line(root / path.format(n=n), "<!-- SECTION:DESCRIPTION:END", "x\n")
    )


# --- getting and timing them


def get_python_peers(work: Path) -> Path:
    """Install Doorstop and StrictDoc below `work` and return the folder of their programs."""
    venv.create(work / "venv", with_pip=True)
    programs = work / "venv" / "bin"
    subprocess.run([programs / "pip", "install", "-q", "doorstop", "strictdoc"], check=True, stderr=subprocess.DEVNULL)
    return programs


def get_backlog(work: Path) -> Path:
    """Install Backlog.md below `work` and return the folder of its program."""
    npm = ["npm", "install", "--silent", "--prefix", str(work / "npm"), "backlog.md"]
    subprocess.run(npm, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return work / "npm" / "node_modules" / ".bin"


def peers(work: Path, records: int) -> Iterator[Peer]:
    """Yield every program that can be had, with its records written."""
    ours = servicebook(work, records)
    yield ours
    texts = texts_of(ours.root)
    for names, get, makers in (
        ("Backlog.md", get_backlog, (backlog,)),
        ("Doorstop, StrictDoc", get_python_peers, (strictdoc, doorstop)),
    ):
        try:
            programs = get(work)
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            print(f"{names}: cannot be had here ({error})")
            continue
        for make in makers:
            yield make(work, texts, programs)


def timed(command: tuple[str, ...], root: Path) -> tuple[float, float]:
    """Run a command and return its wall time and the seconds that processors worked for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = run(*command, cwd=root)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print one line a peer and command: all records, and again after one of them changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    wish = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="servicebook-peers-"))
    os.environ["HOME"] = str(work)  # no program finds or leaves settings of the user
    try:
        empty = median(15, lambda: run(sys.executable, "-c", "pass", cwd=work))
        print(f"{wish.records} records; python -c pass takes {empty * 1000:.1f} ms")
        print(f"{'':28}" + "".join(f" {title + ':  time':>21} {'processor':>10}" for title in ("first", "changed")))
        edits = count(1)
        for peer in peers(work, wish.records):
            for what, command in peer.does:
                forget_index(peer.root)
                first = timed(command, peer.root)
                peer.edit(next(edits))
                both = (first, timed(command, peer.root))
                cells = "".join(f" {wall:9.2f} s {wall / empty:7.0f} x {cpu:8.2f} s" for wall, cpu in both)
                print(f"{peer.name + ', ' + what:28}{cells}", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
