"""`servicebook audit`: was the history of the desk kept in a period, and what in it was not, by whom?"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from servicebook import __version__
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Progress
from servicebook.errors import UsageError
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

    from servicebook.evidence.checkpoints import Checkpoint
    from servicebook.evidence.receipts import Receipt
    from servicebook.reports.audit import Audit, Entry
    from servicebook.store.snapshot import Snapshot


def run(argv: list[str]) -> int:
    """Print what the commits of a period did; 1 when something was broken, 4 when the history is not all here."""
    from servicebook.evidence.receipts import read_receipts
    from servicebook.reports.audit import audit
    from servicebook.rules.opening import open_desk

    given = _options(argv)
    judging = _Judging()
    with judging:
        desk = open_desk(".", tree=given.rev, progress=judging)
        now = read_now(desk.settings)
        since, until = _first(given.since, now), _last(given.until, now)
        if since and until and since >= until:
            raise UsageError("the period ends before it begins", "--from 2026-01-01 --to 2026-03-31")
        receipts = read_receipts(desk.repository)
        told = audit(desk, given.rev, since, until, now, _pinned(desk, given, receipts), receipts, judging)
    if given.json:
        print(json.dumps(_as_json(told, since, until), ensure_ascii=False, indent=1))
    else:
        _print(told, now)
    desk.close()
    return int(any(entry.severity == "error" for entry in told.entries))


def _options(argv: list[str]) -> Namespace:
    parser = make_parser("audit")
    parser.add_argument("--from", dest="since", metavar="DAY", help=speak("the first day, or an instant"))
    parser.add_argument("--to", dest="until", metavar="DAY", help=speak("the last day, or an instant"))
    parser.add_argument("--rev", default="HEAD", help=speak("the branch or commit whose history is judged"))
    parser.add_argument(
        "--checkpoints", metavar="FILE", action="append", default=[],
        help=speak("the auditor's own copy of where the branch stood (`servicebook checkpoint -o`)"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=speak("answer as JSON"))
    options: Namespace = parser.parse_args(argv)
    return options


def _first(text: str | None, now: datetime) -> datetime | None:
    return _instant("--from", text, now, timedelta()) if text else None


def _last(text: str | None, now: datetime) -> datetime | None:
    return _instant("--to", text, now, timedelta(days=1)) if text else None


def _instant(option: str, text: str, now: datetime, more: timedelta) -> datetime:
    """Return the instant that a day (`more` after its beginning, in the desk's zone) or an instant names."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "{option}: `{text}` is no day", "write 2026-03-31 or 2026-03-31T18:00:00+08:00", option=option, text=text
        ) from error
    if len(text) == 10:
        return datetime.combine(at.date() + more, time(), now.tzinfo)
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def _pinned(desk: Snapshot, given: Namespace, receipts: Sequence[Receipt]) -> list[Checkpoint]:
    """Return the checkpoints of the judged branch: those of the given files, of tags, and of the server's receipts."""
    from servicebook.evidence.audit import as_checkpoints
    from servicebook.evidence.checkpoints import of_branch, parse_checkpoints, read_tags
    from servicebook.store.git import try_git

    points = []
    for name in given.checkpoints:
        try:
            text = Path(name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                "{path} cannot be read: {why}", "name the auditor's file of checkpoints", path=name, why=error
            ) from error
        points += parse_checkpoints(text, name)
    points += [*read_tags(desk.repository), *as_checkpoints(receipts)]
    status, out = try_git(["rev-parse", "--symbolic-full-name", given.rev], desk.root)
    full = "" if status else out.decode().strip()
    branches = {point.branch for point in points}
    if full in branches or len(branches) < 2:
        return of_branch(points, full if full in branches else next(iter(branches), ""))
    # A remote's branch or a bare commit: what is pinned for the branch of that name.
    short = full.rpartition("/")[2]
    return [point for point in points if point.branch.rpartition("/")[2] == short]


def _print(told: Audit, now: datetime) -> None:
    from servicebook.diagnostics.wording import message_of

    language = terminal_language()
    print(_head(told, now))
    before: object = told  # no commit
    for entry in told.entries:
        if entry.step != before:
            print()
            if entry.step:
                at = f"{entry.step.at.astimezone(now.tzinfo):%Y-%m-%d %H:%M %z}"
                print(f"{entry.step.id[:10]}  {at}  {_who(entry)}  {plain(entry.step.subject)}")
            before = entry.step
        mark = "" if entry.severity == "error" else f" {speak(entry.severity)}:"
        message = message_of(entry.rule, entry.finding, language)
        print(f"  {plain(entry.finding.path)}: {entry.rule.code}{mark} {message}")
    print()
    for subject, count in told.counts().items():
        print(f"{count:>6}  {speak(subject)}")
    print()
    if not told.pinned:
        print(
            speak("no checkpoint and no receipt is here: whether the branch was rewritten as a whole, nobody can tell")
        )
        print(speak("from now on: servicebook checkpoint -o FILE, kept where the desk's people cannot write"))
    if any(entry.rule.scope == "file" for entry in told.entries):
        print(speak("files are judged by the rules of today's Servicebook {version}: one that broke a rule which came "
                    "later was in order then", version=__version__))  # fmt: skip
    _print_verdict(told)


def _head(told: Audit, now: datetime) -> str:
    if not told.steps:
        return speak("no commit in this period")
    return speak(
        "{commits} commits of {people} people, {first} to {last}, held against {points} checkpoints",
        commits=len(told.steps),
        people=len({step.email for step in told.steps}),
        first=f"{told.steps[0].at.astimezone(now.tzinfo):%Y-%m-%d}",
        last=f"{told.steps[-1].at.astimezone(now.tzinfo):%Y-%m-%d}",
        points=len(told.pinned),
    )


def _who(entry: Entry) -> str:
    """Return who wrote a commit, and who committed it when that is somebody else."""
    assert entry.step is not None
    author, committer = plain(entry.step.author), plain(entry.step.committer)
    return f"{author} <{plain(entry.step.email)}>" + ("" if committer == author else f" ({committer})")


def _print_verdict(told: Audit) -> None:
    errors = sum(entry.severity == "error" for entry in told.entries)
    rest = len(told.entries) - errors
    if not told.entries:
        print(speak("the history of this period was kept"))
    else:
        counts = {"errors": errors, "rest": rest}
        print(speak("{errors} findings against the history, {rest} that ask for an explanation", **counts))


def _as_json(told: Audit, since: datetime | None, until: datetime | None) -> dict[str, object]:
    from servicebook.diagnostics.wording import message_of

    language = terminal_language()
    return {
        "rev": told.rev,
        "files_judged_by": __version__,
        "tip": told.tip,
        "from": since.isoformat() if since else None,
        "to": until.isoformat() if until else None,
        "commits": len(told.steps),
        "people": sorted({step.email for step in told.steps}),
        "checkpoints": [point._asdict() for point in told.pinned],
        "counts": told.counts(),
        "findings": [
            {
                "code": entry.rule.code,
                "rule": entry.rule.name,
                "severity": entry.severity,
                "path": entry.finding.path,
                "message": message_of(entry.rule, entry.finding, language),
                "params": dict(entry.finding.params),
                "commit": entry.step.id if entry.step else None,
                "author": entry.step.author if entry.step else None,
                "email": entry.step.email if entry.step else None,
                "committer": entry.step.committer if entry.step else None,
                "at": entry.step.at.isoformat() if entry.step else None,
                "subject": entry.step.subject if entry.step else None,
            }
            for entry in told.entries
        ],
    }


class _Judging(Progress):
    """Progress in the form judging calls it: done, in all."""

    def __init__(self) -> None:
        super().__init__(speak("judging"))

    def __enter__(self) -> _Judging:
        return self

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        self.total = total
        self.step(done - self.done)
