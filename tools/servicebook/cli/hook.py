"""servicebook hook NAME: what a Git hook has to say, about what is staged or (cli/receive.py) what is pushed.

Everything here stands on the path of every commit: nothing is imported that a cached answer does not need.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from servicebook.cli.words import speak
from servicebook.errors import UsageError
from servicebook.packages import find_packages
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from servicebook.diagnostics.diagnostic import Diagnostic
    from servicebook.settings import Settings
    from servicebook.store.edits import Edit
    from servicebook.store.snapshot import Snapshot
    from servicebook.store.verdicts import Judged
    from servicebook.text.source_file import SourceFile

WARMING = ("post-checkout", "post-merge", "post-rewrite")
"""Hooks after HEAD has moved; they only see to it that the next commit is quick."""

HOOKS = ("pre-commit", "pre-merge-commit", "pre-receive", *WARMING)
"""The hooks of a desk; Git runs the second in place of the first when a merge was clean, the third on a server."""

ON_SERVER = ("pre-receive", "post-receive")
"""The hooks of a server: what judges a push, and what writes down that it was received."""

_MANY = 300  # so many files to judge that the waiting is explained
_CLOCKS_SHOWN = 20  # a commit that touches more tickets than this is an import, not an evening's work


def run(argv: list[str]) -> int:
    """Do the work of the hook that is named; 1 when something is broken."""
    if not argv or argv[0] not in (*HOOKS, *ON_SERVER):
        names = ", ".join(dict.fromkeys((*HOOKS, *ON_SERVER)))
        raise UsageError("`servicebook hook` takes one of: {names}", "servicebook install", names=names)
    if argv[0] in ON_SERVER:
        from servicebook.cli import receive

        return receive.run() if argv[0] == "pre-receive" else receive.run_afterwards()
    if argv[0] in WARMING:
        from servicebook.cli import warm

        return warm.run()
    return _judge_staged()


def _judge_staged() -> int:
    """Check what is staged and tell the clocks of the touched tickets."""
    desk, edits = _read_staged()
    from servicebook.cli.now import read_now
    from servicebook.rules.check import check_edits

    now = read_now(desk.settings, writes=True)
    found = check_edits(desk, edits, now)
    mended = left = 0
    if found and desk.settings.fix_on_commit:
        from servicebook.cli.fix_staged import fix_staged

        mended, left = fix_staged(desk, edits, found, now)
        if mended:
            desk.close()
            desk, edits = _read_staged()
            found = check_edits(desk, edits, now)
    errors = print_findings(desk, found)
    if left:
        print(speak("servicebook: {count} file(s) wait for you: servicebook fix, then git add -p", count=left))
    elif errors and mended:
        print(speak("servicebook: the commit is stopped by {count} finding(s); what was mended stays so", count=errors))
    elif errors:
        print(speak("servicebook: the commit is stopped by {count} finding(s); nothing was changed", count=errors))
    _print_clocks(desk, edits, now)
    return int(errors + left > 0)


def _read_staged() -> tuple[Snapshot, list[Edit]]:
    """Return the desk as it is staged, and the edits that the commit would make."""
    from servicebook.store.repository import begin_finding

    finding = begin_finding()  # Git starts while the rest is imported
    from servicebook.store.moves import STAGED
    from servicebook.store.opening import read_snapshot

    desk = read_snapshot(finding(), STAGED, judge_late, tell_many, _import_rest)
    from servicebook.store.edits import read_edits

    return desk, read_edits(desk, _amended_from(desk))


def _import_rest() -> tuple[object, ...]:
    """Import what the check of a commit takes, while Git is at work on another core; return the modules."""
    from servicebook.cli import clocks, now
    from servicebook.rules import check
    from servicebook.rules.registry import beyond_one_file
    from servicebook.sla import status
    from servicebook.store import edits

    beyond_one_file(frozenset())  # of every kind; those of the kinds that were edited follow when they are known
    return check, clocks, edits, now, status


def _amended_from(desk: Snapshot) -> str:
    """Return the tree that a commit starts from where nothing is staged: HEAD is amended, so its parent's.

    Empty for every other commit: then it is HEAD's, and a step is lawful from HEAD or HEAD^.
    """
    if desk.moved_since(desk.repository.head_tree):
        return ""
    return desk.repository.tree_if_any("HEAD^")


def judge_late(source: SourceFile, settings: Settings, kept_body: str) -> Judged:
    """Judge a file that the index does not know; only now are the site packages looked for."""
    from servicebook.rules.check import judge

    find_packages()
    return judge(source, settings, kept_body)


def tell_many(done: int, total: int) -> None:
    """Say once why a commit takes long: after a large import or a switch of branch, much is new."""
    if total >= _MANY and done <= total // 4 and not tell_many.__dict__.get("told"):
        tell_many.__dict__["told"] = True
        print(speak("servicebook: {count} files are new here and are judged once", count=total), file=sys.stderr)


def print_findings(desk: Snapshot, found: Sequence[Diagnostic], *, landing: bool = False) -> int:
    """Print findings; return how many of them are errors. landing: whether what is incomplete is one."""
    if not found:
        return 0
    from servicebook.diagnostics.render import count_by_severity, render
    from servicebook.language.catalogue import terminal_language
    from servicebook.rules.showing import line_reader, show_findings, without_quirks

    try:
        shown = show_findings(desk, found, landing=landing)
    except ModuleNotFoundError:  # a place or a rule that only the parser or the loader knows
        find_packages()
        shown = show_findings(desk, found, landing=landing)
    listed = without_quirks(shown)
    if text := render(listed, "full", terminal_language(), line_reader(desk, listed)):
        print(text + "\n")
    return count_by_severity(shown)["error"]


def _print_clocks(desk: Snapshot, edits: Iterable[Edit], now: datetime) -> None:
    """Print one line a clock for every ticket the commit touches."""
    from servicebook.records.kinds import BY_NAME

    tickets = [edit.after for edit in edits if edit.after and BY_NAME[edit.after.kind].ticket]
    if not tickets:
        return
    from servicebook.cli.clocks import render_when, say_clock, speak_clock
    from servicebook.cli.terminal import colour
    from servicebook.sla.status import clocks_of

    for ticket in tickets[:_CLOCKS_SHOWN]:
        for clock in clocks_of(ticket, desk, now):
            if clock.state not in ("not-started", "cancelled"):
                cell = say_clock(clock, now)
                due = render_when(clock.due_at, now)
                print(f"{ticket.id}  {speak_clock(clock.name)}  {colour(cell.text, cell.colour)}{due and f'  ({due})'}")
    if len(tickets) > _CLOCKS_SHOWN:
        print(speak("... and {count} more tickets: servicebook sla", count=len(tickets) - _CLOCKS_SHOWN))
