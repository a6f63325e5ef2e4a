"""servicebook watch: what is wrong with each record, as soon as it is saved."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.check import Judging
from servicebook.cli.main import tell_error
from servicebook.cli.now import read_now
from servicebook.diagnostics.render import Shown, count_by_severity, render_concise
from servicebook.diagnostics.wording import message_of
from servicebook.errors import NotADeskError, ServicebookError, UsageError
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.store.repository import Repository, find_repository
from servicebook.store.snapshot import Snapshot
from servicebook.typed import NamedTuple

MOST = 40
"""Lines about one look: a switch of branch may touch thousands of files."""

_GIT_IS_QUICK = 0.2  # seconds in which Git is done with anything but a switch of many files
_GIT_AT_WORK = 60.0  # seconds: a large checkout holds the index so long, and what it has not written yet is no news


class _Seen(NamedTuple):
    """What one look found: all findings but known quirks, how many records there are, the saved ones of them.

    edited: the files that differ from the last commit.
    """

    shown: list[Shown]
    records: int
    saved: list[str]
    edited: frozenset[str]


def run(argv: list[str]) -> int:
    """Look at the desk whenever something was saved, until Ctrl-C."""
    make_parser("watch").parse_args(argv)
    try:
        from servicebook.watch import Standing, Watch
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "watchdog":
            raise
        raise UsageError("{name} is not installed", "pip install 'servicebook[watch]'", name="watchdog") from error
    repository = find_repository(".")
    standing = Standing()
    with Watch(repository.root, repository.git_dir) as watch:
        seen = _look(repository, ())
        standing.look(seen.shown, ())
        _begin(seen)
        while True:
            touched = watch.touched()
            try:
                begin = time.monotonic()
                seen = _look(repository, touched)
                news = standing.look(seen.shown, seen.saved)
                _print(news.told, news.mended, news.in_order, time.monotonic() - begin)
            except NotADeskError:
                raise
            except ServicebookError as error:  # settings half written, Git's objects on the move
                tell_error(error)


def _look(repository: Repository, touched: Iterable[str]) -> _Seen:
    """Judge the work tree by all rules, as `servicebook check` does; what is judged anew is kept for the commit."""
    from servicebook.rules.check import check_desk
    from servicebook.rules.opening import open_desk
    from servicebook.rules.showing import show_findings, without_quirks
    from servicebook.store.edits import read_edits
    from servicebook.store.verdicts import is_judged
    from servicebook.store.write import await_index

    begin = time.monotonic()
    await_index(repository.root, _GIT_AT_WORK)
    if (waited := time.monotonic() - begin) > _GIT_IS_QUICK:
        time.sleep(min(waited / 4, 1.0))  # a switch writes HEAD a while after the index: it looks at all files before
    judging = Judging()
    with judging:
        desk = open_desk(repository.root, progress=judging)
    try:
        found = check_desk(desk, read_now(desk.settings), read_edits(desk), read_now(desk.settings, writes=True))
        shown = without_quirks(show_findings(desk, found))
        saved = sorted(path for path in touched if is_judged(path) and desk.has_path(path))
        return _Seen(shown, desk.count_records(), saved, _edited(desk))
    finally:
        desk.close()


def _edited(desk: Snapshot) -> frozenset[str]:
    return frozenset(item.path for item in desk.moved_since(desk.repository.head_tree))


def _begin(seen: _Seen) -> None:
    """Say where the desk stands: findings in files that are not committed one by one, the others by their number."""
    here = [item for item in seen.shown if item.finding.path in seen.edited]
    _print(here, (), (), 0)
    counts = count_by_severity(seen.shown)
    print(
        speak(
            "watching {records} records, {errors} broken, {warnings} warnings; Ctrl-C ends it",
            records=seen.records,
            errors=counts["error"],
            warnings=counts["warning"],
        ),
        file=sys.stderr,
        flush=True,
    )


def _print(told: Sequence[Shown], mended: Sequence[Shown], in_order: Sequence[str], seconds: float) -> None:
    language = terminal_language()
    lines = [render_concise(item, language) for item in told]
    lines += [
        speak(
            "mended: {path}: {code} {message}",
            path=plain(item.finding.path),
            code=item.rule.code,
            message=message_of(item.rule, item.finding, language),
        )
        for item in mended
    ]
    lines += [speak("in order: {path} ({seconds} s)", path=plain(path), seconds=f"{seconds:.2f}") for path in in_order]
    if len(lines) > MOST:
        more = len(lines) - MOST
        lines[MOST:] = [speak("... and {count} more: servicebook check", count=more)]
    if lines:
        print("\n".join(lines), flush=True)
