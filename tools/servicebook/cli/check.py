"""servicebook check: is the desk in order?"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.terminal import Progress
from servicebook.errors import NotADeskError, UsageError
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

    from servicebook.diagnostics.diagnostic import Diagnostic
    from servicebook.diagnostics.render import Shown
    from servicebook.store.snapshot import Snapshot


def run(argv: list[str]) -> int:
    """Check the desk; 0 when nothing is broken, 1 when something is, 2 when it cannot be checked."""
    from servicebook.rules.opening import open_desk

    start = time.perf_counter()
    options = _options(argv)
    judging = Judging()
    with judging:
        desk = open_desk(".", tree=options.tree, progress=judging, meanwhile=_import_rules)
    from servicebook.rules.showing import show_findings, without_quirks

    if not desk.repository.has_head and not any(True for _ in desk.paths()):
        raise NotADeskError("this repository is empty", "servicebook init DIR makes a desk")
    found = _findings(desk, options)
    if options.history:
        found += _past(desk, options)
    shown = show_findings(desk, _chosen(desk, found, options.paths), landing=bool(options.range))
    # Thousands of imported tickets have quirks that were declared long ago: they would hide what is new.
    listed = shown if options.quirks or options.format == "json" else without_quirks(shown)
    _print(desk, listed, options.format)
    if options.format in ("full", "concise"):
        print(_summary(desk, shown, options.paths, time.perf_counter() - start), file=sys.stderr)
        if len(listed) < len(shown):
            print(speak("servicebook check --quirks lists them too"), file=sys.stderr)
    return int(any(item.severity == "error" for item in shown))


def _import_rules() -> None:
    """Import what judges and shows, while Git looks at every file: on a large desk the one hides in the other."""
    from servicebook.cli import now
    from servicebook.rules import check, registry, showing, whole_desk

    assert now and check and showing and whole_desk
    registry.beyond_one_file()


def _options(argv: list[str]) -> Namespace:
    from servicebook.diagnostics.render import FORMATS

    parser = make_parser("check")
    parser.add_argument("paths", nargs="*", metavar="PATH", help=speak("show only findings in these files and folders"))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--staged", action="store_true", help=speak("judge what is staged for the next commit"))
    which.add_argument("--rev", help=speak("judge a commit, branch or tag"))
    which.add_argument("--range", metavar="A..B", help=speak("judge each commit of a range, and the desk at its end"))
    parser.add_argument("--history", action="store_true", help=speak("ask Git's commits too whether timelines hold"))
    parser.add_argument("--quirks", action="store_true", help=speak("list the known quirks of imported records too"))
    parser.add_argument("--format", choices=FORMATS, default="full", help=speak("how findings are printed"))
    options: Namespace = parser.parse_args(argv)
    options.tree = "staged" if options.staged else options.rev or "worktree"
    if options.range:
        base, dots, tip = options.range.partition("..")
        if not dots or tip.startswith(".") or not base:
            raise UsageError("`{range}` is not a range", "--range origin/main..HEAD", range=options.range)
        options.range = (base, tip or "HEAD")
        options.tree = tip or "HEAD"
    return options


def _findings(desk: Snapshot, options: Namespace) -> list[Diagnostic]:
    from servicebook.cli.now import read_now
    from servicebook.rules.check import check_desk, steps_of
    from servicebook.store.edits import read_edits
    from servicebook.store.history import edits_in_range

    now = read_now(desk.settings)
    if options.range:
        return check_desk(desk, now, steps=steps_of(desk, edits_in_range(desk, *options.range)))
    edits = () if options.rev else read_edits(desk)
    return check_desk(desk, now, edits, read_now(desk.settings, writes=True))


def _past(desk: Snapshot, options: Namespace) -> list[Diagnostic]:
    """Return what the history has against the desk; of a range, what its commits did."""
    from servicebook.cli.now import read_now
    from servicebook.rules.check import check_past

    tip = "HEAD" if options.tree in ("worktree", "staged") else options.tree
    found = check_past(desk, read_now(desk.settings), tip)
    if not options.range:
        return found
    base, end = options.range
    words = ["rev-list", "--first-parent", end if not base.strip("0") else f"{base}..{end}"]
    commits = {line[:10] for line in desk.repository.git(*words).decode().split()}
    return [item for item in found if item.param("commit") in commits]


def _chosen(desk: Snapshot, found: Iterable[Diagnostic], paths: Sequence[str]) -> list[Diagnostic]:
    """Return the findings in the files and folders that were asked for; all when none was."""
    if not paths:
        return list(found)
    wanted = _inside(desk, paths)
    for path, name in zip(wanted, paths, strict=True):
        if path != "." and not desk.has_path(path) and not any(p.startswith(path + "/") for p in desk.paths()):
            raise UsageError("the desk has no file or folder `{path}`", "git ls-files", path=name)
    return [item for item in found if _is_under(item.path, wanted)]


def _inside(desk: Snapshot, paths: Sequence[str]) -> list[str]:
    """Return paths as the desk has them, from its top folder, which is `.` itself."""
    root = os.path.realpath(desk.root)
    return [os.path.relpath(os.path.realpath(path), root).replace(os.sep, "/") for path in paths]


def _is_under(path: str, wanted: Iterable[str]) -> bool:
    return any(path == one or one == "." or path.startswith(one + "/") for one in wanted)


def _print(desk: Snapshot, shown: Sequence[Shown], form: str) -> None:
    from servicebook.diagnostics.render import render
    from servicebook.language.catalogue import terminal_language
    from servicebook.rules.showing import line_reader

    text = render(shown, form, terminal_language(), line_reader(desk, shown))
    if text:
        print(text + ("\n" if form == "full" else ""), flush=True)


def _summary(desk: Snapshot, shown: Sequence[Shown], paths: Sequence[str], seconds: float) -> str:
    from servicebook.diagnostics.render import count_by_severity

    counts = count_by_severity(shown)
    records = desk.count_records()
    if not records:
        from servicebook.cli.desk import look_elsewhere

        look_elsewhere(desk)
        return speak("no record yet: servicebook new incident opens the first ticket")
    told: object = records
    if paths:
        wanted = _inside(desk, paths)
        some = sum(1 for path in desk.record_paths() if _is_under(path, wanted))
        told = speak("{some} of {records}", some=some, records=records)
    if not shown:
        return speak("{records} records in order ({seconds} s)", records=told, seconds=f"{seconds:.1f}")
    return speak(
        "{records} records: {errors} broken, {warnings} warnings, {notes} known quirks ({seconds} s)",
        records=told,
        errors=counts["error"],
        warnings=counts["warning"],
        notes=counts["info"],
        seconds=f"{seconds:.1f}",
    )


class Judging(Progress):
    """Progress in the form the store calls it: files done, files in all."""

    def __init__(self) -> None:
        super().__init__(speak("judging"))

    def __call__(self, done: int, total: int) -> None:
        """Say that so many files are judged."""
        self.total = total
        self.step(done - self.done)
