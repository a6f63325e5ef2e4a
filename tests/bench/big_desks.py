"""Time Git on very large desks with and without what the guide advises: `big_desks.py [--records N] [--commits M]`.

The repository is written by `git fast-import`: tickets of ten years by month, then commits that each add a line to
one of them. Texts repeat after a thousand, which Git's times for status, commit and log do not depend on. From a
million records on only one year is checked out. Every figure is the quickest of several whole processes: what else
the machine does adds time and never takes any away.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).parent))
from generator import CROCKFORD, Desk

from bench import run

YEARS = range(2017, 2027)
TEXTS = 1000
WHOLE_UP_TO = 200_000
"""Records up to which the whole work tree is written and measured too."""

IDENTITY = b"Bench <bench@example.org>"
PLAIN = {"core.preloadIndex": "true", "core.untrackedCache": "false", "gc.auto": "0"}


# --- making


def paths(records: int) -> Iterator[str]:
    """Yield the paths of so many tickets, spread evenly over the months of YEARS, sorted."""
    months = [(year, month) for year in YEARS for month in range(1, 13)]
    source = random.Random(1)
    for place, (year, month) in enumerate(months):
        number = records * (place + 1) // len(months) - records * place // len(months)
        days = sorted(source.randint(1, 28) for _ in range(number))
        for n, day in enumerate(days):
            tail = "".join(CROCKFORD[n // 32**power % 32] for power in (3, 2, 1, 0))
            yield f"tickets/incidents/{year}/{month:02}/INC-{year}{month:02}{day:02}-{tail}.md"


def import_desk(root: Path, records: int, commits: int) -> list[str]:
    """Make a bare repository of so many tickets and commits and return the paths that the commits changed."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(root)], check=True)
    desk = Desk(1)
    desk.standing()
    for _ in range(TEXTS):
        desk.ticket()
    texts = [text.encode() for path, text in sorted(desk.files.items()) if path.startswith("tickets/")]
    importing = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=root, stdin=subprocess.PIPE)
    assert importing.stdin
    try:
        changed = _feed(importing.stdin, texts, list(paths(records)), commits)
    finally:
        importing.stdin.close()
    if importing.wait():
        raise SystemExit("git fast-import failed")
    return changed


def _feed(stream: IO[bytes], texts: list[bytes], names: list[str], commits: int) -> list[str]:
    for mark, text in enumerate(texts, 1):
        stream.write(b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(text), text))
    stream.write(_commit(0, 0) + b"M 100644 inline README.md\ndata 7\n# Desk\n\n")
    for n, name in enumerate(names):
        stream.write(b"M 100644 :%d %s\n" % (n % len(texts) + 1, name.encode()))
    source = random.Random(2)
    changed = []
    for n in range(1, commits + 1):
        place = source.randrange(len(names))
        text = texts[place % len(texts)] + b"\nCalled again: %d.\n" % n
        stream.write(_commit(n, n))
        stream.write(b"M 100644 inline %s\ndata %d\n%s\n" % (names[place].encode(), len(text), text))
        changed.append(names[place])
    return changed


def _commit(number: int, at: int) -> bytes:
    words = b"work %d" % number
    head = b"commit refs/heads/main\ncommitter %s %d +0800\n" % (IDENTITY, 1_700_000_000 + at * 60)
    return head + b"data %d\n%s\n" % (len(words), words)


# --- measuring


def quickest(times: int, action: Callable[[], float]) -> float:
    """Return the least of an action's times, after one that does not count."""
    action()
    return min(action() for _ in range(times))


class Bench:
    """One clone to measure in, and how its figures are printed."""

    def __init__(self, root: Path, empty: float) -> None:
        self.root = root
        self.empty = empty
        self.numbers = count(1)

    def git(self, *words: str) -> float:
        """Run git here and return its wall time in seconds."""
        return run("git", *words, cwd=self.root)

    def configure(self, **settings: str) -> None:
        """Set PLAIN settings and, over them, others (`core_untrackedCache`), for what follows."""
        for key, value in {**PLAIN, **{key.replace("_", "."): value for key, value in settings.items()}}.items():
            self.git("config", key, value)

    def show(self, what: str, seconds: float) -> None:
        """Print one line."""
        print(f"  {what:70} {seconds * 1000:9.1f} ms {seconds / self.empty:8.1f} x pass", flush=True)

    def status_and_commit(self, title: str, path: str) -> None:
        """Time `git status` and `git commit -a` of one changed file."""
        index = (self.root / ".git" / "index").stat().st_size / 1e6
        words = ("diff-index", "--cached", "--raw", "--no-renames", "HEAD")
        self.show(f"what the hook asks Git, {title}", quickest(7, lambda: self.git(*words)))
        self.show(f"status, {title}", quickest(7, lambda: self.git("status", "--short")))
        self.show(f"commit -a of one file, {title} (index {index:.1f} MB)", quickest(7, lambda: self.commit(path)))

    def commit(self, path: str) -> float:
        """Add a line to a file and return how long its commit takes."""
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(f"line {next(self.numbers)}\n")
        return self.git("commit", "-qam", "bench")


def measure_work_trees(bench: Bench, path: str, whole: bool) -> None:
    """Time status and commit with each setting; with the whole work tree first, when it is there."""
    year = str(Path(path).parent.parent)
    if whole:
        bench.configure(core_preloadIndex="false")
        bench.status_and_commit("whole, core.preloadIndex off", path)
        bench.configure()
        bench.status_and_commit("whole, Git's own settings", path)
        bench.configure(core_untrackedCache="true")
        bench.git("update-index", "--untracked-cache")
        bench.status_and_commit("whole, untracked cache", path)
        bench.git("update-index", "--index-version", "4")
        bench.status_and_commit("whole, untracked cache and index v4", path)
        bench.git("update-index", "--no-untracked-cache")
        bench.configure()
        bench.status_and_commit("whole, index v4", path)
        bench.git("update-index", "--index-version", "2")
    begin = time.perf_counter()
    bench.git("sparse-checkout", "set", "--cone", year)
    if not whole:
        bench.git("checkout", "-q", "main")
    bench.show("sparse-checkout set --cone of one year", time.perf_counter() - begin)
    bench.configure()
    bench.status_and_commit("one year", path)
    bench.git("update-index", "--index-version", "4")
    bench.git("update-index", "--untracked-cache")
    bench.configure(core_untrackedCache="true")
    bench.status_and_commit("one year, untracked cache and index v4", path)
    bench.git("sparse-checkout", "set", "--cone", "--sparse-index", year)
    bench.status_and_commit("one year, the same and sparse index", path)


def measure_log(bench: Bench, path: str) -> None:
    """Time the history of one file without a commit-graph, with one, and with changed-path filters in it."""
    words = ("log", "--oneline", "--", path)
    bench.show("log -- FILE, no commit-graph", quickest(2, lambda: bench.git("-c", "core.commitGraph=false", *words)))
    bench.git("commit-graph", "write", "--reachable")
    bench.show("log -- FILE, commit-graph", quickest(2, lambda: bench.git(*words)))
    took = bench.git("commit-graph", "write", "--reachable", "--changed-paths")
    bench.show("log -- FILE, commit-graph with changed paths", quickest(3, lambda: bench.git(*words)))
    bench.show("commit-graph write --reachable --changed-paths, once", took)


def main() -> None:
    """Make the repository, clone it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--commits", type=int, default=20_000)
    wish = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="servicebook-big-"))
    try:
        empty = quickest(15, lambda: run(sys.executable, "-c", "pass", cwd=work))
        changed = import_desk(work / "server.git", wish.records, wish.commits)
        subprocess.run(
            ["git", "clone", "-q", "--no-checkout", str(work / "server.git"), str(work / "desk")], check=True
        )
        bench = Bench(work / "desk", empty)
        for key, value in (("user.name", "Li Wei"), ("user.email", "li.wei@example.org")):
            bench.git("config", key, value)
        path = next(path for path in reversed(changed) if f"/{YEARS[-1]}/" in path)
        version = subprocess.run(["git", "version"], capture_output=True, text=True, check=True).stdout.strip()
        print(f"{wish.records} records, {wish.commits} commits, {version}; python -c pass {empty * 1000:.1f} ms")
        measure_log(bench, path)
        whole = wish.records <= WHOLE_UP_TO
        if whole:
            bench.show("checkout of the whole work tree", bench.git("checkout", "-q", "main"))
        measure_work_trees(bench, path, whole)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
