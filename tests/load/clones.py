"""Many clones pushing to one repository at once: `clones.py [--clones 20] [--updates 50] [--minutes M]`.

Every clone is a person's, with hooks and merge driver; the server's pre-receive hook checks every push. Each update is
`servicebook note TICKET TEXT --push` on a ticket that others write to at the same moment. In the end every event must
be there exactly once, the desk must be in order, and no clone may be stuck.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from desks import SERVICEBOOK, call, make_clone, make_server, must, notes_on, ticket_id, unrest_in

_GAVE_UP = "times somebody else was faster"
"""What `--push` says when it keeps the commit and goes no further."""


class Outcome(NamedTuple):
    """What a load came to. waits: seconds of each update. faults: all that is not as it must be, in words.

    later: updates whose push gave up because others were always faster; their commit went along with a later push.
    """

    seconds: float
    waits: list[float]
    faults: list[str]
    later: int


def put_load(work: Path, clones: int, updates: int, tickets: int, minutes: float = 1e9) -> Outcome:
    """Let so many clones make so many updates each, all at once, and look at what is there afterwards.

    minutes: after so many no further update is begun.
    """
    server = make_server(work, clones, tickets)
    roots = [make_clone(server, number) for number in range(clones)]
    begin = time.perf_counter()
    end = begin + minutes * 60
    with ThreadPoolExecutor(clones) as pool:
        done = list(pool.map(lambda number: _work_in(roots[number], number, updates, tickets, end), range(clones)))
    seconds = time.perf_counter() - begin
    waits = [wait for own, _ in done for wait in own]
    said = [fault for _, own in done for fault in own]
    faults = [fault for fault in said if _GAVE_UP not in fault]
    for root in roots:
        # What the last of them advises, now that it is calm.
        if len(faults) < len(said) and must(root, "git", "rev-list", "origin/main..main"):
            must(root, "git", "pull", "-q", "--no-rebase", "--no-edit")
            must(root, "git", "push", "-q")
    return Outcome(
        seconds, waits, [*faults, *_faults_of(server, roots, [len(own) for own, _ in done])], len(said) - len(faults)
    )


def _work_in(root: Path, number: int, updates: int, tickets: int, end: float) -> tuple[list[float], list[str]]:
    """Make one clone's updates; return how long each took, and what was not as it must be."""
    source = random.Random(number)
    waits, faults = [], []
    for update in range(updates):
        if time.perf_counter() > end:
            break
        ticket = ticket_id(source.randrange(tickets))
        begin = time.perf_counter()
        done = call(root, *SERVICEBOOK, "note", ticket, text_of(number, update), "--push")
        waits.append(time.perf_counter() - begin)
        if done.code:
            faults.append(f"clone {number}, update {update}: exit {done.code}: {done.said}")
    return waits, faults


def text_of(number: int, update: int) -> str:
    """Return what the note of a clone's update says."""
    return f"clone {number} update {update}"


def _faults_of(server: Path, roots: list[Path], made: list[int]) -> list[str]:
    """Return what is wrong with the server's desk and with each clone, which made so many updates."""
    counts = Counter(notes_on(server))
    due = [text_of(number, update) for number, updates in enumerate(made) for update in range(updates)]
    faults = [f"`{text}` is there {counts[text]} times" for text in due if counts[text] != 1]
    for root in roots:
        faults += [f"{root.name}: {rest}" for rest in unrest_in(root)]
        if ahead := must(root, "git", "rev-list", "origin/main..main").split():
            faults.append(f"{root.name}: {len(ahead)} commits are not pushed")
        if status := must(root, "git", "status", "--porcelain"):
            faults.append(f"{root.name}: {status}")
    must(server.parent, "git", "clone", "-q", str(server), "fresh")
    checked = call(server.parent / "fresh", *SERVICEBOOK, "check")
    return [*faults, *([checked.said] if checked.code else [])]


def main() -> int:
    """Put the load on, and print figures and faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("clones", 20), ("updates", 50), ("tickets", 10)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no update after so many")
    wish = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="servicebook-load-"))
    try:
        outcome = put_load(work, wish.clones, wish.updates, wish.tickets, wish.minutes)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    waits = sorted(outcome.waits)
    late = waits[int(len(waits) * 0.95)]
    print(f"{wish.clones} clones, {wish.updates} updates each, {wish.tickets} tickets: {outcome.seconds:.0f} s in all")
    print(f"an update: median {statistics.median(waits):.1f} s, 95 of 100 in {late:.1f} s, longest {waits[-1]:.1f} s")
    print(f"{outcome.later} gave up for the moment and went along with a later push")
    print("\n".join(outcome.faults) or f"all {len(waits)} events are there exactly once; no clone is stuck")
    return int(bool(outcome.faults))


if __name__ == "__main__":
    sys.exit(main())
