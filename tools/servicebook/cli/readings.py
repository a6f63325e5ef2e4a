"""`servicebook readings`: what inspections found of a plan's or an asset's items over time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.language.display import plain
from servicebook.reports.inspections import Reading, readings_of
from servicebook.workflow.checklist import range_of

BARS = "▁▂▃▄▅▆▇█"


def run(argv: list[str]) -> int:
    """Print the results, the oldest first, item by item, each with the run of its figures."""
    parser = make_parser("readings")
    parser.add_argument("id", metavar="RECORD", help=speak("an inspection plan, or an asset"))
    parser.add_argument("key", metavar="KEY", nargs="?", default="", help=speak("only this item"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    record = find_record(desk, given.id, ("inspection_plan", "asset"))
    found = readings_of(desk, record, given.key)
    if given.json:
        print(json.dumps([_data(reading) for reading in found], ensure_ascii=False, indent=1))
        return 0
    if not found:
        print(speak("no inspection has found anything of it yet"))
        return 0
    print("\n\n".join(_series(key, list(readings)) for key, readings in groupby(found, lambda reading: reading.key)))
    return 0


def _data(reading: Reading) -> dict[str, Any]:
    return {
        "key": reading.key, "due_on": reading.due_on, "inspection": reading.inspection.id, "value": reading.value,
        "ok": reading.ok, "note": reading.note, "due": range_of(reading.item), "unit": reading.item.get("unit"),
    }  # fmt: skip


def _series(key: str, readings: Sequence[Reading]) -> str:
    item = readings[-1].item
    due = f" ({speak('should be')}: {range_of(item)})" if range_of(item) else ""
    head = f"{key}  {plain(str(item.get('text', '')))}{due}  {_run(reading.value for reading in readings)}".rstrip()
    columns = [Column(speak("when")), Column(speak("found"), right=True), Column(""), Column(speak("record")),
               Column(speak("note"), least=8)]  # fmt: skip
    rows: list[list[str | Cell]] = [
        [reading.due_on, _said(reading.value), _mark(reading.ok), reading.inspection.id, plain(reading.note)]
        for reading in readings
    ]
    return f"{head}\n{render_table(columns, rows)}"


def _run(values: Iterable[Any]) -> str:
    """Return figures as a line of bars, from the least to the greatest; nothing for fewer than two."""
    figures = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(figures) < 2:
        return ""
    low, span = min(figures), (max(figures) - min(figures)) or 1
    return "".join(BARS[min(int((figure - low) / span * len(BARS)), len(BARS) - 1)] for figure in figures)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return speak("yes") if value else speak("no")
    return "-" if value is None else plain(str(value))


def _mark(ok: bool | None) -> Cell:
    return Cell("✓", "green") if ok else Cell("✗", "red") if ok is False else Cell("")
