"""`servicebook waivers`: who let which record off which rule, until when; and which commits got past the hook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import open_here
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Cell, Column, Progress, render_table
from servicebook.diagnostics.wording import message_of
from servicebook.language.catalogue import terminal_language
from servicebook.language.display import plain
from servicebook.rules.bypassed import Bypass, bypasses_since
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any

FIELDS = ("type", "record", "path", "rule", "until", "by", "reason", "state", "commit", "at")
"""The fields of a line of `tsv` and of an entry of `json`; those that do not fit the type are empty."""


def run(argv: list[str]) -> int:
    """Print all waivers of the desk, and with --since the commits that the hook would have stopped."""
    parser = make_parser("waivers")
    parser.add_argument("--since", metavar="REV", help=speak("list the commits since then that got past the hook too"))
    parser.add_argument("--format", choices=("table", "tsv", "json"), default="table", help=speak("how to print"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    rows = list(_waivers(desk, read_now(desk.settings).date()))
    if given.since:
        with _Judging() as judging:
            for bypass in bypasses_since(desk.repository, given.since, judging):
                rows += _bypassed(bypass)
    if given.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif given.format == "tsv":
        print("\t".join(FIELDS))
        for row in rows:
            print("\t".join(plain(row[name]) for name in FIELDS))
    else:
        _print_tables(rows, past=bool(given.since))
    return 0


def _waivers(desk: Snapshot, today: date) -> Iterator[dict[str, str]]:
    """Yield every waiver on the desk, by record; `state` is whether it still holds."""
    for facts in desk.saying('"waivers"'):
        for waiver in facts.get("waivers", default=()):
            values = {name: str(waiver.get(name) or "") for name in ("rule", "until", "by", "reason")}
            state = "holds" if date.fromisoformat(values["until"]) >= today else "run-out"
            yield _row("waiver", record=facts.id, path=facts.path, state=state, **values)


def _bypassed(bypass: Bypass) -> Iterator[dict[str, str]]:
    """Yield one line a finding of a commit that got past the hook; `reason` is what the finding says."""
    commit = bypass.commit
    for item in bypass.errors:
        yield _row(
            "bypass",
            path=f"{item.finding.path}:{item.span.line}",
            rule=item.rule.code,
            by=commit.author,
            reason=message_of(item.rule, item.finding, terminal_language()),
            commit=commit.id,
            at=commit.at.isoformat(),
        )


def _row(what: str, **values: str) -> dict[str, str]:
    return {name: {"type": what, **values}.get(name, "") for name in FIELDS}


def _print_tables(rows: Sequence[dict[str, str]], *, past: bool) -> None:
    waivers = [row for row in rows if row["type"] == "waiver"]
    print(_waiver_table(waivers) if waivers else speak("no record is let off a rule"))
    if past:
        bypasses = [row for row in rows if row["type"] == "bypass"]
        print()
        print(_bypass_table(bypasses) if bypasses else speak("no commit got past the hook"))


def _waiver_table(rows: Iterable[dict[str, str]]) -> str:
    heads = [speak(name) for name in ("record", "rule", "until", "by")]
    columns = [*(Column(head) for head in heads), Column(speak("reason"), least=20)]
    return render_table(columns, [[row["record"], row["rule"], _until(row), row["by"], row["reason"]] for row in rows])


def _until(row: dict[str, str]) -> Cell:
    over = row["state"] == "run-out"
    return Cell(f"{row['until']} {speak('run out')}" if over else row["until"], "red" if over else "")


def _bypass_table(rows: Iterable[dict[str, str]]) -> str:
    heads = [speak(name) for name in ("commit", "day", "by", "rule")]
    columns = [*(Column(head) for head in heads), Column(speak("where"), least=20)]
    table = [[row["commit"][:10], row["at"][:10], row["by"], row["rule"], row["path"]] for row in rows]
    return render_table(columns, table)


class _Judging(Progress):
    """Progress in the form that judging calls it: commits done, commits in all."""

    def __init__(self) -> None:
        super().__init__(speak("judging"))

    def __enter__(self) -> _Judging:
        return self

    def __call__(self, done: int, total: int) -> Any:
        self.total = total
        self.step(done - self.done)
