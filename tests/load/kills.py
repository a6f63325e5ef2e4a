"""Kill commands at random points: `kills.py [--kills 1000] [--seed 1] [--minutes M]`.

In turn `new`, `ack --push`, `fix`, `merge` and the making of the index are ended by SIGKILL after a random part of
the time that they usually take; half of the time Git's processes below them are killed too. After each kill no record
may be half written and none of our locks held; in the end every event that a command said was done is on the server
exactly once, and the index answers as a cold one. A lock of Git itself (`index.lock`), left where Git was killed, is
counted and taken away as the messages say.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from desks import (
    SERVICEBOOK,
    call,
    environment,
    files_below,
    make_clone,
    make_server,
    must,
    notes_on,
    path_of_ticket,
    ticket_id,
    unrest_in,
)

TICKETS = 12
FIELDS = (
    "--customer", "example-customer", "--service", "example-service", "--contact-type", "hotline",
    "--category", "program_error", "--fault-grade", "degraded", "--impact", "medium", "--urgency", "medium",
    "--set", "caller.name=Chen", "--assigned-to", "person.00",
)  # fmt: skip
ACTIONS = ("new", "ack", "fix", "merge", "index")
EXITS = {"fix": 1}
"""How a command ends that was not killed, where that is not 0: `fix` says with 1 that it mended something."""

SETTLED_EVERY = 4
"""So many times `ack --push` is killed before a push that is not killed takes all along."""
_NOTE = "- {{at: {at}, id: {id}, event: note, by: person.00, note: {text}}}\n"


class Outcome(NamedTuple):
    """What the kills came to. hit: kills that met a living process; ended: commands that were faster than the kill.

    left: what a kill left behind that is harmless and told by `servicebook doctor`. faults: what must not be.
    """

    seconds: float
    hit: Counter[str]
    ended: Counter[str]
    left: Counter[str]
    faults: list[str]


class Kills:
    """One clone in which commands are killed, and what is known of it."""

    def __init__(self, work: Path, seed: int) -> None:
        self.server = make_server(work, 1, TICKETS)
        self.root = make_clone(self.server, 0)
        self.random = random.Random(seed)
        self.usual: dict[str, float] = {}
        self.hit: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.faults: list[str] = []
        self.titles: list[str] = []
        self.acknowledged: list[str] = []
        self.number = 0

    def run(self, action: str) -> None:
        """Do one action, kill it, and look at what it left."""
        self.number += 1
        getattr(self, f"_kill_{action}")()
        self._look_around(action)

    # --- the actions

    def _kill_new(self) -> None:
        title = f"killed {self.number}"
        if self._killed("new", *SERVICEBOOK, "new", "incident", "--title", title, *FIELDS, "--commit"):
            self.titles.append(title)
        self._require_sound("new")
        # A file that was written but not committed is the next one's to commit.
        if must(self.root, "git", "status", "--porcelain"):
            must(self.root, "git", "add", "-A")
            must(self.root, "git", "commit", "-q", "-m", "after a kill")

    def _kill_ack(self) -> None:
        waiting = [line.split("\t")[0] for line in self._listed("status=new")]
        if not waiting:
            must(self.root, *SERVICEBOOK, "new", "incident", "--title", f"new {self.number}", *FIELDS, "--commit")
            waiting = [line.split("\t")[0] for line in self._listed("status=new")]
        done = self._killed("ack", *SERVICEBOOK, "ack", waiting[0], "--via", "phone", "--to", "Chen", "--push")
        if done:
            self.acknowledged.append(waiting[0])
        self._require_sound("ack")
        if self.number // len(ACTIONS) % SETTLED_EVERY == 0:
            self._settle()

    def _kill_fix(self) -> None:
        paths = [self.root / path_of_ticket(number) for number in range(3)]
        whole = {path: path.read_bytes() for path in paths}
        for path, data in whole.items():
            path.write_bytes(data.replace(b"\n", b"\r\n"))
        self._killed("fix", *SERVICEBOOK, "fix", "--by", "person.00")
        for path, data in whole.items():
            if path.read_bytes() not in (data, data.replace(b"\n", b"\r\n")):
                self.faults.append(f"fix: {path.name} is neither as before nor as mended")
        must(self.root, "git", "checkout", "-q", "--", ".")

    def _kill_merge(self) -> None:
        if must(self.root, "git", "status", "--porcelain"):  # what an earlier kill kept from its commit
            must(self.root, "git", "add", "-A")
            must(self.root, "git", "commit", "-q", "-m", "after a kill")
        path = path_of_ticket(self.random.randrange(TICKETS))
        ours, theirs = f"ours {self.number}", f"theirs {self.number}"
        must(self.root, "git", "checkout", "-q", "-b", f"side-{self.number}")
        self._note(path, theirs)
        must(self.root, "git", "checkout", "-q", "main")
        self._note(path, ours)
        merge = (*SERVICEBOOK, "merge", f"side-{self.number}")
        self._killed("merge", *merge)
        self._take_away_git_locks()
        call(self.root, "git", "merge", "--abort")
        must(self.root, "git", "reset", "-q", "--hard")
        must(self.root, *merge)
        there = Counter(notes_on(self.root, "HEAD"))
        for text in (ours, theirs):
            if there[text] != 1:
                self.faults.append(f"merge: `{text}` is there {there[text]} times")
        must(self.root, "git", "branch", "-q", "-D", f"side-{self.number}")

    def _kill_index(self) -> None:
        self._forget_index()
        self._killed("index", *SERVICEBOOK, "check")
        warm = call(self.root, *SERVICEBOOK, "check", "--format", "json")
        self._forget_index()
        cold = call(self.root, *SERVICEBOOK, "check", "--format", "json")
        if warm != cold:
            self.faults.append(f"index: warm {warm} is not cold {cold}")

    # --- killing

    def _killed(self, action: str, *words: str) -> bool:
        """Run a command, kill it after a random part of its usual time; return whether it said that it was done."""
        begin = time.perf_counter()
        said = self.root.parent / "said.txt"
        with said.open("wb") as out:
            child = subprocess.Popen(
                words, cwd=self.root, env=environment(), stdout=out, stderr=out, start_new_session=True
            )
        try:
            child.wait(self.random.uniform(0.01, 1.0) * self.usual.get(action, 60))
        except subprocess.TimeoutExpired:
            self.hit[action] += 1
            (os.killpg if self.random.random() < 0.5 else os.kill)(child.pid, signal.SIGKILL)
            child.wait()
            _await_group(child.pid)
            return False
        self.usual[action] = time.perf_counter() - begin
        self.ended[action] += 1
        if child.returncode != EXITS.get(action, 0):
            self.faults.append(f"{action}: exit {child.returncode} without a kill: {said.read_text('utf-8')}")
            return False
        return True

    def _look_around(self, action: str) -> None:
        """Count what is left behind; whatever holds up the next command is a fault."""
        self._take_away_git_locks()
        for path in files_below(self.root / "tickets", ".tmp"):
            self.left["temporary files"] += 1
            path.unlink()
        self.faults += [f"{action}: {rest}" for rest in unrest_in(self.root)]

    def _take_away_git_locks(self) -> None:
        for path in files_below(self.root / ".git", ".lock"):
            if path.parent.name != "servicebook":
                self.left["Git's " + re.sub(r"\d+", "N", path.name)] += 1
                path.unlink(missing_ok=True)

    # --- looking

    def _require_sound(self, action: str) -> None:
        """Every record of the work tree is whole: no finding that is an error."""
        self._take_away_git_locks()
        checked = call(self.root, *SERVICEBOOK, "check", "--format", "concise")
        if checked.code:
            self.faults.append(f"{action}: exit {checked.code}: {checked.said}")

    def _listed(self, *filters: str) -> list[str]:
        said = call(self.root, *SERVICEBOOK, "list", "incident", *filters, "--format", "tsv").said
        return [line for line in said.splitlines() if line.startswith("INC-")]

    def _note(self, path: str, text: str) -> None:
        """Commit a note at the end of a ticket's timeline, without hooks: only the merge is to be tried."""
        file = self.root / path
        head, fence, body = file.read_text("utf-8").partition("\n---\n")
        letters = "abcdefghjkmnpqrstvwxyz"  # one first, so that YAML reads no number
        id = ""
        while not id or id in head:  # as `note` takes none that stands there
            id = self.random.choice(letters) + "".join(self.random.choices("0123456789" + letters, k=3))
        block, _, rest = head.partition("timeline:\n")
        events = re.match(r"(?:-.*\n?)*", rest)
        assert events
        line = _NOTE.format(at=max(re.findall(r"at: ([^,]+),", events[0])), id=id, text=text)
        after = rest[events.end() :]
        text = f"{block}timeline:\n{events[0].rstrip()}\n{line}{after}".rstrip() + fence + body
        file.write_text(text, "utf-8")
        must(self.root, "git", "commit", "-q", "--no-verify", "-m", "note", "--", path)

    def _forget_index(self) -> None:
        for path in (self.root / ".git" / "servicebook").glob("*.sqlite*"):
            path.unlink(missing_ok=True)

    def _settle(self) -> None:
        """Commit what a kill left uncommitted, and push by a verb that is not killed."""
        self._take_away_git_locks()
        call(self.root, "git", "merge", "--abort")
        if must(self.root, "git", "status", "--porcelain"):
            must(self.root, "git", "add", "-A")
            must(self.root, "git", "commit", "-q", "-m", "after a kill")
        must(
            self.root, *SERVICEBOOK, "note", ticket_id(self.random.randrange(TICKETS)), f"after {self.number}", "--push"
        )

    def end(self) -> None:
        """Push all, and hold what the server has against what commands said was done."""
        self.number += 1
        self._settle()
        fresh = self.server.parent / "fresh"
        must(self.server.parent, "git", "clone", "-q", str(self.server), fresh.name)
        checked = call(fresh, *SERVICEBOOK, "check")
        self.faults += [checked.said] if checked.code else []
        texts = [path.read_text("utf-8") for path in (fresh / "tickets").rglob("*.md")]
        titles = Counter(match[1] for text in texts if (match := re.search(r"(?m)^title: (.*)$", text)))
        self.faults += [f"`{title}` is there {titles[title]} times" for title in self.titles if titles[title] != 1]
        for id in self.acknowledged:
            told = sum(text.count("event: acknowledged") for text in texts if f"\nid: {id}\n" in text)
            if told != 1:
                self.faults.append(f"{id} is acknowledged {told} times")
        twice = [text for text, times in Counter(notes_on(fresh, "HEAD")).items() if times > 1]
        self.faults += [f"note `{text}` is there twice" for text in twice]
        self.faults += [must(fresh, "git", "fsck", "--no-dangling")] if call(fresh, "git", "fsck").code else []


def _await_group(group: int) -> None:
    """Wait until the processes that outlived their parent have ended."""
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)


def kill_often(work: Path, kills: int, seed: int, actions: tuple[str, ...] = ACTIONS, minutes: float = 1e9) -> Outcome:
    """Kill commands so many times, or for so many minutes, and return what it came to."""
    begin = time.perf_counter()
    victim = Kills(work, seed)
    while sum(victim.hit.values()) < kills and time.perf_counter() - begin < minutes * 60:
        victim.run(actions[victim.number % len(actions)])
    victim.end()
    return Outcome(time.perf_counter() - begin, victim.hit, victim.ended, victim.left, victim.faults)


def main() -> int:
    """Kill, and print what was killed, what was left behind and what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e9, help="end after so many, with what there is by then")
    wish = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="servicebook-kills-"))
    try:
        outcome = kill_often(work, wish.kills, wish.seed, minutes=wish.minutes)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for title, counts in (("killed", outcome.hit), ("faster", outcome.ended), ("left behind", outcome.left)):
        print(f"{title}: " + (", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"))
    wrong = "\n".join(outcome.faults)
    print(wrong or f"no record half written, no event lost, no lock held ({outcome.seconds:.0f} s)")
    return int(bool(outcome.faults))


if __name__ == "__main__":
    sys.exit(main())
