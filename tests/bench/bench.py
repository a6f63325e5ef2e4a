"""Time the hot paths on generated desks, as ratios to yardsticks of the same run: `bench.py [--records 1000 10000]`.

Yardsticks: `python -c pass` (pass), the plain parse (plain_parse.py), a bare `git commit`, ripgrep. Every figure is
the median of several whole processes. Ratios travel between machines, milliseconds do not.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from generator import write_desk

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
SERVICEBOOK = str(BIN / "servicebook")


class Row(NamedTuple):
    """One line of the table: a figure, its yardstick, and the most that the ratio may be."""

    what: str
    seconds: float
    yardstick: str
    base: float
    limit: float | None = None

    def render(self) -> str:
        """Return the line as it is printed."""
        ratio = self.seconds / self.base
        verdict = "" if self.limit is None else ("ok" if ratio <= self.limit else "OVER")
        limit = "" if self.limit is None else f"<= {self.limit:g}"
        return f"{self.what:44} {self.seconds * 1000:9.1f} ms  {ratio:7.2f} x {self.yardstick:12} {limit:8} {verdict}"


def run(*words: str, cwd: Path, code: int | None = 0, **environment: str) -> float:
    """Run a command and return its wall time in seconds; `code` None takes any exit code."""
    settings = {**os.environ, "NO_COLOR": "1", **environment}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)  # people's machines keep compiled modules
    begin = time.perf_counter()
    done = subprocess.run(words, cwd=cwd, capture_output=True, env=settings)
    seconds = time.perf_counter() - begin
    if code is not None and done.returncode != code:
        raise SystemExit(
            f"{' '.join(words)}: exit {done.returncode}\n{done.stdout.decode()[-2000:]}{done.stderr.decode()[-2000:]}"
        )
    return seconds


def median(times: int, action: Callable[[], float]) -> float:
    """Return the median of an action's times, after one that does not count."""
    action()
    return statistics.median(action() for _ in range(times))


def forget_index(root: Path) -> None:
    """Remove everything the desk's clone has cached."""
    shutil.rmtree(root / ".git" / "servicebook", ignore_errors=True)


def edit_ticket(root: Path, number: int) -> Path:
    """Add a note to one open ticket's timeline and return its path."""
    paths = sorted((root / "tickets/incidents").rglob("INC-*.md"))
    path = paths[number * 7 % len(paths)]
    text = path.read_text("utf-8")
    head, fence, body = text.partition("\n---\n")
    event = (
        f"\n- {{at: 2026-11-20T08:{number % 60:02}:00+08:00, id: b{number:03}, event: note, by: li.wei, note: bench}}"
    )
    path.write_text(head + event + fence + body, "utf-8")
    return path


def measure(root: Path, records: int, site: bool) -> list[Row]:
    """Return the table's rows for one desk."""
    empty = median(15, lambda: run(sys.executable, "-c", "pass", cwd=root))
    plain = median(3 if records < 5000 else 1, lambda: run(sys.executable, str(HERE / "plain_parse.py"), ".", cwd=root))
    rows = [Row(f"version ({records})", median(15, lambda: run(SERVICEBOOK, "version", cwd=root)), "pass", empty, 2)]

    def cold() -> float:
        forget_index(root)
        return run(SERVICEBOOK, "check", cwd=root)

    rows.append(Row(f"check, cold ({records})", median(2, cold), "plain parse", plain, 1.2))
    rows.append(
        Row(
            f"check, nothing changed ({records})", median(5, lambda: run(SERVICEBOOK, "check", cwd=root)), "pass", empty
        )
    )
    numbers = iter(range(1, 10_000))

    def one_change() -> float:
        edit_ticket(root, next(numbers))
        return run(SERVICEBOOK, "check", cwd=root)

    rows.append(Row(f"check, one changed ({records})", median(5, one_change), "pass", empty))
    run("git", "commit", "-qam", "bench", cwd=root)
    rows += commits(root, records, empty, numbers)
    show = ("list", "incident", "status=in_progress")
    rows.append(
        Row(
            f"list, one filter ({records})",
            median(5, lambda: run(SERVICEBOOK, *show, cwd=root, code=None)),
            "pass",
            empty,
        )
    )
    if shutil.which("rg"):
        word = median(5, lambda: run("rg", "-n", "死锁|Deadlock", "kb", "tickets", cwd=root, code=None))
        rows.append(
            Row(
                f"grep ({records})",
                median(5, lambda: run(SERVICEBOOK, "grep", "死锁|Deadlock", cwd=root, code=None)),
                "ripgrep",
                word,
            )
        )
    if site:
        rows += sites(root, records, empty, numbers)
    return rows


def commits(root: Path, records: int, empty: float, numbers: Iterator[int]) -> list[Row]:
    """Return what the hook adds to a commit of one changed ticket, when its verdict is cached and when it is not."""

    def commit(check_first: bool, *flags: str) -> float:
        edit_ticket(root, next(numbers))
        if check_first:
            run(SERVICEBOOK, "check", cwd=root)
        run("git", "add", "-A", cwd=root)
        return run("git", "commit", "-q", "-m", "bench", *flags, cwd=root)

    shutil.copytree(HERE.parent.parent / "hooks", root / "hooks", dirs_exist_ok=True)
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "hooks", "--no-verify", "--allow-empty", cwd=root)
    run(SERVICEBOOK, "install", cwd=root)
    run(SERVICEBOOK, "check", cwd=root)
    # In turn, so that the three meet the same moments of a machine that others use too.
    rounds = [(commit(False, "--no-verify"), commit(True), commit(False)) for _ in range(12)][1:]
    bare = statistics.median(times[0] for times in rounds)
    hit = statistics.median(times[1] - times[0] for times in rounds)
    miss = statistics.median(times[2] - times[0] for times in rounds)
    run("git", "config", "--unset", "core.hooksPath", cwd=root)
    return [
        Row(f"git commit, bare ({records})", bare, "pass", empty),
        Row(f"hook adds, verdict cached ({records})", hit, "pass", empty, 6),
        Row(f"hook adds, verdict not cached ({records})", miss, "pass", empty, 25),
        Row(f"git commit with hook, cached ({records})", bare + hit, "bare commit", bare),
    ]


def sites(root: Path, records: int, empty: float, numbers: Iterator[int]) -> list[Row]:
    """Return the times of a whole build of the site and of one after a changed ticket."""
    shutil.rmtree(root / "site", ignore_errors=True)
    forget_index(root)
    full = run(SERVICEBOOK, "site", cwd=root)

    def again() -> float:
        edit_ticket(root, next(numbers))
        return run(SERVICEBOOK, "site", cwd=root)

    return [
        Row(f"site, full ({records})", full, "pass", empty),
        Row(f"site, one changed ({records})", median(3, again), "pass", empty),
    ]


def main() -> None:
    """Print the table; exit 1 when a ratio is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--no-site", action="store_true")
    wish = parser.parse_args()
    over = False
    for records in wish.records:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "desk"
            write_desk(root, records)
            for row in measure(root, records, not wish.no_site):
                print(row.render(), flush=True)
                over = over or "OVER" in row.render()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:.0f} MB")
    raise SystemExit(over)


if __name__ == "__main__":
    main()
