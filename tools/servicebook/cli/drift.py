"""`servicebook drift`: where the records of assets are not what was said of them, and whose nobody cares for."""

from __future__ import annotations

import json
from collections.abc import Iterator

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import open_here
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.errors import UsageError
from servicebook.reports.drift import Drift, beside_changes, orphans, since_baseline, stale_owners, unverified
from servicebook.typed import Any

EXAMPLES = """\
servicebook drift                         what closed changes said, orphans, owners who left, records never compared
git tag baseline-2026-q4                  a baseline is a commit with a name ...
servicebook drift --since baseline-2026-q4        ... and this is what moved since, and by which change
"""
_SHOWN = 10


def run(argv: list[str]) -> int:
    """Print where records of assets drift; 1 where something moved for which no change or audit accounts."""
    parser = make_parser("drift", EXAMPLES)
    parser.add_argument(
        "--since", metavar="REV", default="", help=speak("the baseline to compare with: a tag or commit")
    )
    parser.add_argument("--all", action="store_true", help=speak("every record, not just the first ten"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    today = read_now(desk.settings).date()
    if given.since:
        tree = desk.repository.tree_if_any(given.since)
        if not tree:
            raise UsageError("there is no commit `{rev}`", "git tag lists baselines", rev=given.since)
        found = list(since_baseline(desk, tree))
        wrong = [one for one in found if not one.by]
        lines, data = _since(found), {"since": given.since, "moved": [one._asdict() for one in found]}
    else:
        found = wrong = list(beside_changes(desk))
        standing: dict[str, list[tuple[str, str]]] = {
            "serves nothing and is tied to nothing": [(one.id, one.title) for one in orphans(desk)],
            "the owner is gone": [(one.id, owner) for one, owner in stale_owners(desk, today)],
            "not compared with the thing for a year": [(one.id, day or "-") for one, day in unverified(desk, today)],
        }
        lines = _now(found, standing, 0 if given.all else _SHOWN)
        data = _data(found, standing)
    print(json.dumps(data, ensure_ascii=False, indent=1) if given.json else "\n".join(lines))
    return int(bool(wrong))


def _since(found: list[Drift]) -> Iterator[str]:
    if not found:
        yield speak("no asset moved since")
        return
    columns = [
        Column(speak("record"), keep=True), Column(speak("field")), Column(speak("was"), least=8),
        Column(speak("is"), least=8), Column(speak("accounted for by"), keep=True),
    ]  # fmt: skip
    yield render_table(columns, [
        [one.asset, one.field, one.due, one.found, one.by or Cell(speak("nothing"), "red")] for one in found
    ])  # fmt: skip


def _now(found: list[Drift], standing: dict[str, list[tuple[str, str]]], most: int) -> Iterator[str]:
    if found:
        columns = [
            Column(speak("record"), keep=True), Column(speak("field")), Column(speak("the change said"), least=8),
            Column(speak("the record says"), least=8), Column(speak("said by"), keep=True),
        ]  # fmt: skip
        yield render_table(columns, [[one.asset, one.field, one.due, one.found, one.by] for one in found])
    else:
        yield speak("every closed change is shown by its assets")
    for title, rows in standing.items():
        if rows:
            shown = rows[:most] if most else rows
            yield ""
            yield f"{speak(title)}: {len(rows)}"
            yield render_table([Column(""), Column("", least=8)], [list(row) for row in shown], head=False)
            if len(shown) < len(rows):
                yield speak("and {n} more: --all", n=len(rows) - len(shown))


def _data(found: list[Drift], standing: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    names = ("orphans", "stale_owners", "unverified")
    lists = ([row[0] for row in rows] for rows in standing.values())
    return {"beside_changes": [one._asdict() for one in found], **dict(zip(names, lists, strict=True))}
