"""Time the hot paths on generated desks, as ratios to yardsticks of the same run: `bench.py --records 1000 10000`.

Yardsticks: `python -c pass` (pass), the plain parse (plain_parse.py), a bare `git commit`, ripgrep, the arithmetic of a
signature alone. Every figure is
the median of several whole processes. Ratios travel between machines, milliseconds do not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from generator import write_desk

from approvals import change, signature
from approvals import write_desk as write_approved
from servicebook.evidence.signatures import verify_signature
from servicebook.workflow.statement import NAMESPACE

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
        figure = f"{self.seconds:9.1f} MB" if self.yardstick == "1 MB" else f"{self.seconds * 1000:9.1f} ms"
        return f"{self.what:44} {figure}  {ratio:7.2f} x {self.yardstick:12} {limit:8} {verdict}"


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


def largest(*words: str, cwd: Path) -> float:
    """Run a command and return the size of its largest process in MB, those that it waited for included.

    By a small process in between: a child begins with the size of the process that it was forked from.
    """
    asked = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", asked, *words], cwd=cwd, capture_output=True, check=True)
    return float(done.stdout)


def together(*words: str, cwd: Path, code: int | None = 0) -> tuple[float, float]:
    """Run a command and return its wall time in seconds and the most that all its processes held together, in MB.

    code: with what it must end; None for whatever it says.
    """
    begin = time.perf_counter()
    child = subprocess.Popen(
        words, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    most = 0.0
    while child.poll() is None:
        most = max(most, sum(_held(process) for process in _session(child.pid)))
        time.sleep(0.1)
    if code is not None and child.returncode != code:
        raise SystemExit(f"{' '.join(words)} ended with {child.returncode}: what it took tells nothing")
    return time.perf_counter() - begin, most


def _session(leader: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getsid(int(entry)) == leader:
                found.append(int(entry))
        except ProcessLookupError:
            continue
    return found


def _held(process: int) -> float:
    """Return a process's share of memory in MB: pages that several hold are counted once in all."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def median(times: int, action: Callable[[], float]) -> float:
    """Return the median of an action's times, after one that does not count."""
    action()
    return statistics.median(action() for _ in range(times))


def beside(times: int, action: Callable[[], float], cwd: Path) -> tuple[float, float]:
    """Return the medians of what an action takes and of the start of Python (`pass`), taken in turn after a first one.

    A machine that others use is quicker at one minute than at the next, by half and more.
    """
    rounds = [(action(), _start_python(cwd)) for _ in range(times + 1)][1:]
    return statistics.median(one for one, _ in rounds), statistics.median(empty for _, empty in rounds)


def _start_python(cwd: Path) -> float:
    return run(sys.executable, "-c", "pass", cwd=cwd)


def forget_index(root: Path) -> None:
    """Remove everything the desk's clone has cached."""
    shutil.rmtree(root / ".git" / "servicebook", ignore_errors=True)


class Tickets:
    """The incidents of a desk, to be edited one after the other."""

    def __init__(self, root: Path) -> None:
        self.paths = sorted((root / "tickets/incidents").rglob("INC-*.md"))
        self._number = 0

    def edit(self) -> Path:
        """Add a note to the timeline of the next ticket and return its path."""
        self._number += 1
        path = self.paths[self._number * 7 % len(self.paths)]
        text = path.read_text("utf-8")
        head, fence, body = text.partition("\n---\n")
        minute, id = self._number % 60, f"b{self._number:03}"
        event = f"\n- {{at: 2026-11-20T08:{minute:02}:00+08:00, id: {id}, event: note, by: li.wei, note: bench}}"
        path.write_text(head + event + fence + body, "utf-8")
        return path

    def make_new(self, count: int) -> list[str]:
        """Take tickets back to the instant at which they were opened, so that they can be acknowledged; their ids."""
        made = []
        for path in self.paths[-count:]:
            head, timeline, rest = path.read_text("utf-8").partition("\ntimeline:\n")
            events, fence, body = rest.partition("\n---\n")
            lines = [line for line in head.split("\n") if not line.startswith(("status:", "resolution:", "sla:", "  "))]
            first = events.split("\n")[0]
            path.write_text("\n".join([*lines, "status: new"]) + timeline + first + fence + body, "utf-8")
            made.append(path.stem)
        return made


def measure(root: Path, records: int, site: bool) -> Iterator[Row]:
    """Yield the table's rows for one desk."""
    tickets = Tickets(root)
    seconds, empty = beside(15, lambda: run(SERVICEBOOK, "version", cwd=root), root)
    yield Row(f"version ({records})", seconds, "pass", empty, 2)
    yield from checks(root, records, tickets)
    run("git", "commit", "-qam", "bench", cwd=root)
    yield from commits(root, records, tickets)
    yield from lookups(root, records, tickets)
    if site:
        yield from sites(root, records, tickets)


def checks(root: Path, records: int, tickets: Tickets) -> Iterator[Row]:
    """Yield what a whole check takes: from nothing, with nothing changed, and after one edit."""
    rounds = []
    for _ in range(1 if records > 50_000 else 3):  # in turn, so that both meet the same moments of the machine
        forget_index(root)
        plain = run(sys.executable, str(HERE / "plain_parse.py"), ".", cwd=root)
        rounds.append((*together(SERVICEBOOK, "check", cwd=root, code=None), plain))
    cold, most, plain = (statistics.median(times) for times in zip(*rounds, strict=True))
    yield Row(f"check, cold ({records})", cold, "plain parse", plain, 1.0 if records >= 10_000 else None)
    yield Row(f"check, cold, all processes ({records})", most, "1 MB", 1, 400)

    def one_change() -> float:
        tickets.edit()
        return run(SERVICEBOOK, "check", cwd=root)

    nothing, empty = beside(5, lambda: run(SERVICEBOOK, "check", cwd=root), root)
    yield Row(f"check, nothing changed ({records})", nothing, "pass", empty)
    changed, empty = beside(5, one_change, root)
    yield Row(f"check, one changed ({records})", changed, "pass", empty, 20)


def lookups(root: Path, records: int, tickets: Tickets) -> Iterator[Row]:
    """Yield what looking something up and acknowledging a ticket take."""
    listed = ("list", "incident", "status=in_progress", "customer=harbour-tv")
    seconds, empty = beside(7, lambda: run(SERVICEBOOK, *listed, cwd=root, code=None), root)
    yield Row(f"list, two filters ({records})", seconds, "pass", empty, 7)
    some = tickets.paths[len(tickets.paths) // 2].stem
    seconds, empty = beside(7, lambda: run(SERVICEBOOK, "show", some, cwd=root), root)
    yield Row(f"show ({records})", seconds, "pass", empty, 7)
    seconds, empty = beside(3, lambda: run(SERVICEBOOK, "show", f"{some[:-1]}-", cwd=root, code=None), root)
    yield Row(f"show, no such id ({records})", seconds, "pass", empty)
    seconds, empty = beside(3, lambda: run(SERVICEBOOK, "next", "--for", "li.wei", cwd=root), root)
    yield Row(f"next ({records})", seconds, "pass", empty)
    ids = iter(tickets.make_new(8))
    run("git", "commit", "-qam", "new", "--no-verify", cwd=root)
    run(SERVICEBOOK, "check", cwd=root, code=None)

    def ack() -> float:
        return run(SERVICEBOOK, "ack", next(ids), "--via", "phone", "--to", "x", "--by", "li.wei", cwd=root)

    seconds, empty = beside(7, ack, root)
    yield Row(f"ack ({records})", seconds, "pass", empty, 14)
    if shutil.which("rg"):
        word = median(5, lambda: run("rg", "-n", "死锁|Deadlock", "kb", "tickets", cwd=root, code=None))
        found = median(5, lambda: run(SERVICEBOOK, "grep", "死锁|Deadlock", cwd=root, code=None))
        yield Row(f"grep ({records})", found, "ripgrep", word)


def commits(root: Path, records: int, tickets: Tickets) -> Iterator[Row]:
    """Yield what the hook adds to a commit of one changed ticket, when its verdict is cached and when it is not."""

    def commit(check_first: bool, *flags: str) -> float:
        tickets.edit()
        if check_first:
            run(SERVICEBOOK, "check", cwd=root)
        run("git", "add", "-A", cwd=root)
        return run("git", "commit", "-q", "-m", "bench", *flags, cwd=root)

    shutil.copytree(HERE.parent.parent / "hooks", root / "hooks", dirs_exist_ok=True)
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "hooks", "--no-verify", "--allow-empty", cwd=root)
    run(SERVICEBOOK, "install", cwd=root)
    run(SERVICEBOOK, "check", cwd=root)
    # In turn, so that all meet the same moments of a machine that others use too.
    in_turn = ((commit(False, "--no-verify"), commit(True), commit(False), _start_python(root)) for _ in range(12))
    rounds = list(in_turn)[1:]
    empty = statistics.median(times[3] for times in rounds)
    bare = statistics.median(times[0] for times in rounds)
    hit = statistics.median(times[1] - times[0] for times in rounds)
    miss = statistics.median(times[2] - times[0] for times in rounds)
    tickets.edit()
    size = largest("git", "commit", "-qam", "bench", cwd=root)
    run("git", "config", "--unset", "core.hooksPath", cwd=root)
    # Small desks commit in no time, so there the hook is held against `pass`, large ones against Git itself.
    large = records >= 100_000
    yield Row(f"git commit, bare ({records})", bare, "pass", empty)
    yield Row(f"hook adds, verdict cached ({records})", hit, "pass", empty, None if large else 6)
    yield Row(f"hook adds, verdict not cached ({records})", miss, "pass", empty, None if large else 25)
    yield Row(f"git commit, verdict cached ({records})", bare + hit, "bare commit", bare, 1.5 if large else None)
    yield Row(f"git commit, verdict not cached ({records})", bare + miss, "bare commit", bare, 2.6 if large else None)
    yield Row(f"git commit, largest process ({records})", size, "1 MB", 1, 60)


def sites(root: Path, records: int, tickets: Tickets) -> Iterator[Row]:
    """Yield the times of a whole build of the site and of one after a changed ticket."""
    shutil.rmtree(root / "site", ignore_errors=True)
    forget_index(root)
    full, empty = run(SERVICEBOOK, "site", cwd=root), _start_python(root)

    def again() -> float:
        tickets.edit()
        return run(SERVICEBOOK, "site", cwd=root)

    yield Row(f"site, full ({records})", full, "pass", empty)
    changed, empty = beside(3, again, root)
    yield Row(f"site, one changed ({records})", changed, "pass", empty)


def approvals(folder: Path, changes: int) -> Iterator[Row]:
    """Yield what proving takes: one signature, beside its arithmetic alone; one change; all of them, and again."""
    desk = folder / "approved"
    write_approved(desk, changes)
    message, armored, bare = signature()
    proven = median(5, lambda: timeit.timeit(lambda: verify_signature(message, armored, NAMESPACE), number=200)) / 200
    plain = median(5, lambda: timeit.timeit(bare, number=200)) / 200
    yield Row("signature of a vote", proven, "arithmetic", plain, 4)
    one = change(changes // 2)[0]
    alone, empty = beside(5, lambda: run(SERVICEBOOK, "verify", one, cwd=desk), desk)
    yield Row(f"verify one of {changes} changes", alone, "pass", empty, 40)
    anew = median(1, lambda: run(SERVICEBOOK, "verify", "--all", "--anew", cwd=desk))
    again = median(3, lambda: run(SERVICEBOOK, "verify", "--all", cwd=desk))
    yield Row(f"verify --all, {changes} changes, again", again, "--anew", anew, 0.35)


def main() -> None:
    """Print the table; exit 1 when a ratio is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument("--site", action="store_true", help="time the building of the site too")
    parser.add_argument("--changes", type=int, default=1000, help="approved changes of the desk to prove them on")
    parser.add_argument("--in", dest="folder", help="where the desks are made")
    wish = parser.parse_args()
    over, added = False, {}
    for records in wish.records:
        with tempfile.TemporaryDirectory(dir=wish.folder) as folder:
            root = Path(folder) / "desk"
            write_desk(root, records)
            run("git", "config", "gc.auto", "0", cwd=root)  # or Git packs 100,000 new objects in between
            for row in measure(root, records, wish.site):
                print(row.render(), flush=True)
                over = over or "OVER" in row.render()
                if row.what.startswith("hook adds, verdict cached"):
                    added[records] = row.seconds
    with tempfile.TemporaryDirectory(dir=wish.folder) as folder:
        for row in approvals(Path(folder), wish.changes):
            print(row.render(), flush=True)
            over = over or "OVER" in row.render()
    if len(added) > 1:
        first, last = min(added), max(added)
        row = Row(f"hook adds, {first} to {last}", added[last], f"at {first}", added[first], 2)
        print(row.render())
        over = over or "OVER" in row.render()
    raise SystemExit(over)


if __name__ == "__main__":
    main()
