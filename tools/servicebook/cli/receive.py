"""What the pre-receive hook of a server has to say about a push: which branches it refuses, and why.

It runs within Git's quarantine: the pushed objects can be read, and vanish when the push is refused. Nothing is
written but what is known of files, by their blob ids.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from servicebook.cli.hook import find_packages, judge_late, print_findings, tell_many
from servicebook.cli.words import speak
from servicebook.store.pushed import Pushed, as_before, read_pushed
from servicebook.store.repository import Repository, find_repository

if TYPE_CHECKING:
    from servicebook.diagnostics.diagnostic import Diagnostic
    from servicebook.store.snapshot import Snapshot


def run() -> int:
    """Judge each pushed branch; 1 when one of them is refused, and with it the whole push."""
    find_packages()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # what a push shows, whatever the server is
    repository = find_repository(".", bare=True)
    pushed = read_pushed(repository, sys.stdin.buffer.read())
    errors = 0
    done: dict[tuple[str, str], int] = {}
    for one in pushed:
        if (one.base, one.new) not in done:
            done[one.base, one.new] = _judge(repository, one, several=len(pushed) > 1)
            errors += done[one.base, one.new]
    if errors:
        print(speak("servicebook: the push is refused by {count} finding(s); nothing was changed here", count=errors))
        print(speak("a step that the rules forbid stays one when a later commit mends it: git rebase -i"))
    return int(errors > 0)


def _judge(repository: Repository, pushed: Pushed, *, several: bool) -> int:
    """Print what is wrong with one branch and return how many errors that is."""
    from servicebook.store.opening import read_snapshot

    desk = read_snapshot(as_before(repository, pushed), pushed.new, judge_late, tell_many)
    # A server has no language of its own; its pushers have the desk's.
    os.environ.setdefault("SERVICEBOOK_LANG", desk.settings.languages[0])
    try:
        found = _findings(desk, pushed)
        if found and several:
            print(f"{pushed.branch}:")
        return print_findings(desk, found, landing=True)
    finally:
        desk.close()


def _findings(desk: Snapshot, pushed: Pushed) -> Sequence[Diagnostic]:
    """Return what is wrong with the steps of a branch, and with what they come to."""
    from servicebook.cli.now import read_now
    from servicebook.rules.check import ahead_of, check_desk, check_landing, steps_of
    from servicebook.store.edits import edits_between, read_edits
    from servicebook.store.history import edits_in_range
    from servicebook.store.repository import EMPTY_TREE

    now = read_now(desk.settings, writes=True)
    steps = steps_of(desk, edits_in_range(desk, pushed.base, pushed.new))
    if pushed.base:
        return check_landing(desk, read_edits(desk), steps, now)
    edits = edits_between(desk, EMPTY_TREE[desk.repository.algorithm], desk.repository.tree_of(pushed.new))
    return check_desk(desk, now, steps=[*steps, *ahead_of(edits, now)])
