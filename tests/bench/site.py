"""Time whole builds of the site against Hugo on the same records, in memory-backed folders: `site.py --records 10000`.

Hugo renders the same pages from the same files, as far as it can (hugo_site.py), and no search index; ours has search,
calendars, feeds and the JSON files. `full` is a build with no page kept; the desk was checked before, as
after any commit (`--cold` forgets that too). `one text`, `one event` and `one step` are builds after a paragraph more
in the body of one ticket, after one event more on a timeline, and after a ticket was resolved (its status, an event);
`new commit` after these were committed, when nothing that a page shows has moved but its history. Limits are those of
the portal's promise, in wall time; on a machine that others use too, processor time tells more, and stands beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from generator import write_desk
from hugo_site import prepare

from bench import SERVICEBOOK, run, together

MEMORY = Path("/dev/shm")
MKDOCS = """\
site_name: Bench
docs_dir: kb
theme: {name: servicebook}
plugins: [servicebook]
"""
OF_HUGO = 0.25
"""What one edit may take of a build of Hugo's after the same edit."""
LIMITS = {10_000: {"full": 1.0, "one text": OF_HUGO, "one event": OF_HUGO, "one step": OF_HUGO}}
SECONDS = {100_000: {"full": 90.0, "one text": 3.0, "one event": 3.0, "one step": 3.0}}
MEGABYTES = {100_000: 1500.0}


def main() -> int:
    """Print the table; 1 when a limit is passed, 2 when Hugo is not here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000])
    parser.add_argument("--cold", action="store_true", help="forget the verdicts before the full build")
    parser.add_argument("--without-hugo", action="store_true", help="print seconds only")
    wish = parser.parse_args()
    if not wish.without_hugo and not shutil.which("hugo"):
        print("there is no `hugo` here: apt-get install hugo, or --without-hugo", file=sys.stderr)
        return 2
    over = False
    for records in wish.records:
        with tempfile.TemporaryDirectory(prefix="servicebook-site-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
            over |= _measure(Path(folder), records, cold=wish.cold, hugo=not wish.without_hugo)
    return int(over)


class Spent(NamedTuple):
    """What a command took: seconds by the clock, and of all its processes."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:7.2f} s /{self.cpu:7.2f} CPU s"


def _spent(action: Callable[[], object]) -> Spent:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(time.perf_counter() - begin, cpu)


def _text(ticket: str) -> str:
    return f"{ticket}\nOne note more.\n"


def _event(ticket: str) -> str:
    front, mark, body = ticket.partition("\n---\n")
    return f"{front}\n- {{at: 2026-11-20T08:50:00+08:00, id: n0t3, event: note, by: li.wei, note: Seen}}{mark}{body}"


def _step(ticket: str) -> str:
    front, mark, body = ticket.replace("status: in_progress", "status: resolved", 1).partition("\n---\n")
    return f"{front}\n- {{at: 2026-11-20T08:55:00+08:00, id: d0n3, event: resolved, by: li.wei}}{mark}{body}"


EDITS = {"one text": _text, "one event": _event, "one step": _step}


def _edit(tickets: Path, edit: Callable[[str], str]) -> None:
    """Make an edit to an incident that is worked on, another file on each kind of edit."""
    found = [path for path in sorted(tickets.rglob("INC-*.md")) if "\nstatus: in_progress\n" in path.read_text()]
    if not found:
        raise SystemExit("no incident of so small a desk is worked on: --records 10000")
    ticket = found[-1 if edit is _step else 0]
    ticket.write_text(edit(ticket.read_text()))


def _measure(folder: Path, records: int, *, cold: bool, hugo: bool) -> bool:
    root = folder / "desk"
    write_desk(root, records)
    (root / "mkdocs.yml").write_text(MKDOCS)
    (root / ".gitignore").write_text("/site/\n")
    _commit(root)
    os.environ["SERVICEBOOK_NOW"] = "2026-11-20T09:00:00+08:00"
    if not cold:
        run(SERVICEBOOK, "check", cwd=root, code=None)
    before_edits = folder / "before"
    for name in ("tickets", "kb"):
        shutil.copytree(root / name, before_edits / name, ignore=shutil.ignore_patterns("*.files"))
    held: dict[str, float] = {}
    moved: dict[str, int] = {}

    def build(what: str) -> Spent:
        def action() -> None:
            _, held[what] = together(SERVICEBOOK, "site", cwd=root)

        return _spent(action)

    spent = {"full": build("full")}
    now = _digests(root / "site")
    size = f"{len(now)} files, {_size(root / 'site'):.0f} MB"
    spent["nothing changed"] = build("nothing changed")
    for what, edit in EDITS.items():
        _edit(root / "tickets", edit)
        spent[what] = build(what)
        before, now = now, _digests(root / "site")
        moved[what] = len(_moved(before, now))
    _commit(root)
    spent["new commit"] = build("new commit")
    base = _hugo(folder / "hugo", root, before_edits) if hugo else {}
    most_held = max(held, key=lambda what: held[what])
    print(f"{records} records, {size}; most memory of all processes together: {held[most_held]:.0f} MB ({most_held})")
    over = held[most_held] > MEGABYTES.get(records, float("inf"))
    for what, took in spent.items():
        yardstick = base.get(what)
        shares = (took.wall / yardstick.wall, took.cpu / yardstick.cpu) if yardstick else ()
        ratio = f"{', '.join(f'{share:5.2f}' for share in shares)} x Hugo's{yardstick}" if yardstick else ""
        limit = LIMITS.get(records, {}).get(what) if yardstick else None
        most = SECONDS.get(records, {}).get(what)
        late = bool(limit and yardstick and took.wall > limit * yardstick.wall) or bool(most and took.wall > most)
        over |= late
        said = f"<= {limit:g}" if limit else f"<= {most:g} s" if most else ""
        print(f"  {what:16}{took}  {ratio:48} {said:8} {'OVER' if late else ''}".rstrip())
    print("  files that it rewrites: " + ", ".join(f"{what} {count}" for what, count in moved.items()))
    return over


def _commit(root: Path) -> None:
    run("git", "add", "-A", cwd=root)
    run("git", "-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "site", "--no-verify", cwd=root)


def _hugo(folder: Path, root: Path, records: Path) -> dict[str, Spent]:
    """Return what Hugo takes for all records of a folder, and again after each of the edits."""
    prepare(folder, records, next((root / "site" / "tickets").rglob("INC-*.html")).read_text())
    spent = {"full": _spent(lambda: together("hugo", "--quiet", cwd=folder))}
    made = sum(1 for _ in (folder / "public").rglob("index.html"))
    wanted = sum(1 for _ in (folder / "content").rglob("*.md"))
    if made < wanted * 0.98:
        raise SystemExit(f"Hugo made {made} of {wanted} pages")
    for what, edit in EDITS.items():
        _edit(folder / "content" / "tickets", edit)
        spent[what] = _spent(lambda: together("hugo", "--quiet", cwd=folder))
    return spent


def _digests(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=12).digest()
        for path in site.rglob("*")
        if path.is_file()
    }


def _moved(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _size(site: Path) -> float:
    return sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
