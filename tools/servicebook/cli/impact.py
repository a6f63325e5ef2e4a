"""`servicebook impact`: what fails when an asset fails, what it stands on, what a change reaches."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.errors import UsageError
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.reports.beside import Beside, beside, customers_of
from servicebook.typed import Any
from servicebook.workflow.dependence import OUTCOMES, Footing, Hit, failing, footing
from servicebook.workflow.kept_landscape import KeptLandscape
from servicebook.workflow.overlap import Window, window_of

EXAMPLES = """\
servicebook impact core-switch-01            what fails with it, what only loses its backup
servicebook impact origin-01 origin-02       ... when both fail together
servicebook impact packager-01 --up          what it stands on; what alone would take it down
servicebook impact FTBB                      a change: whom it reaches, what stands beside its window
"""

_COLOURS = {"down": "red", "degraded": "yellow", "unprotected": "blue"}


def run(argv: list[str]) -> int:
    """Print what becomes of the rest when assets fail; up: what one asset stands on; for a change, both its sides."""
    parser = make_parser("impact", EXAMPLES)
    what = speak("assets that fail together, or one change")
    parser.add_argument("ids", metavar="ASSET|CHANGE", nargs="+", help=what)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--down", action="store_true", help=speak("what hangs on it (this is the default)"))
    way.add_argument("--up", action="store_true", help=speak("what it stands on"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    gc.set_threshold(2_000_000, 20, 50)  # a walk over thousands makes no circles; looking for them costs a fifth
    desk = open_here()
    records = [find_record(desk, word, ("asset", "change")) for word in dict.fromkeys(given.ids)]
    changes = [facts for facts in records if facts.kind == "change"]
    if (changes or given.up) and len(records) > 1:
        raise UsageError("one record at a time here", "servicebook impact {id}", id=records[0].id)
    land = KeptLandscape(desk)
    data: Any
    if changes:
        around = beside(desk, changes[0])
        lines, data = _change(changes[0], around), _beside_data(changes[0], around)
    elif given.up:
        stands = footing(land, records[0].id)
        lines, data = _up(records[0], stands), [_footing_data(one) for one in stands]
    else:
        hits = failing(land, [facts.id for facts in records])
        lines, data = _down(records, hits), _down_data(hits)
    print(json.dumps(data, ensure_ascii=False, indent=1) if given.json else "\n".join(lines))
    land.keep()  # behind the answer: the next walk has it
    return 0


def _down(records: list[Facts], hits: dict[str, Hit]) -> Iterator[str]:
    yield from (f"{facts.id}  {plain(facts.title)}" for facts in records)
    yield from (
        speak("{id} is `{status}`: nothing in use hangs on it", id=facts.id, status=facts.status)
        for facts in records
        if facts.id not in hits
    )
    yield ""
    yield from _hits(hits)


def _hits(hits: dict[str, Hit]) -> Iterator[str]:
    """Yield what is hit, the worst first, services before assets; then the customers who will notice."""
    hit = [one for one in hits.values() if one.steps]
    if not hit:
        yield speak("nothing else is hit")
        return
    hit.sort(key=lambda one: (-OUTCOMES.index(one.outcome), one.facts.kind == "asset", one.steps, one.facts.id))
    columns = [
        Column(speak("becomes"), keep=True), Column(speak("record"), keep=True), Column(speak("because it"), least=12),
        Column(speak("title"), least=8),
    ]  # fmt: skip
    yield render_table(columns, [
        [Cell(speak(one.outcome), _COLOURS[one.outcome]), _named(one.facts), _because(one.by, one.through),
         speak_title(one.facts)]
        for one in hit
    ])  # fmt: skip
    if customers := customers_of(hits.values()):
        yield ""
        yield f"{speak('customers')}: {', '.join(customers)}"


def _named(facts: Facts) -> str:
    return facts.id if facts.kind == "asset" else f"{facts.kind}/{facts.id}"


def _because(by: str, through: str) -> str:
    return f"{speak(by)} {through}"


def _up(asset: Facts, footings: list[Footing]) -> Iterator[str]:
    yield f"{asset.id}  {plain(asset.title)}"
    yield ""
    if not footings:
        yield speak("it stands on nothing that is written down and in use")
        return
    columns = [
        Column(speak("alone makes it"), keep=True), Column(speak("record"), keep=True),
        Column(speak("because"), least=12), Column(speak("title"), least=8),
    ]  # fmt: skip
    yield render_table(columns, [
        [Cell(speak(one.outcome) if one.outcome else "-", _COLOURS.get(one.outcome, "")), _named(one.facts),
         f"{one.of} {speak(one.by)}", speak_title(one.facts)]
        for one in footings
    ])  # fmt: skip
    if single := [one.facts.id for one in footings if one.outcome == "down"]:
        yield ""
        yield speak("single points of failure: {ids}", ids=", ".join(single))


def _change(change: Facts, around: Beside) -> Iterator[str]:
    window = window_of(change)
    yield f"{change.id}  {plain(change.title)}"
    yield _span(window) if window else speak("no window is planned")
    yield ""
    yield from _hits(around.hits)
    yield ""
    yield from beside_lines(change, around) or [speak("nothing stands beside its window")]


def beside_lines(change: Facts, around: Beside) -> list[str]:
    """Return what stands beside a change's window, a line each; what meets it is marked with `!`."""
    window = window_of(change)
    lines = [
        "! " + speak(
            "overlaps with {id} ({title}), {span}: {assets}",
            id=one.change.id, title=plain(one.change.title), span=_span(one.overlap.window),
            assets=", ".join(one.overlap.assets),
        )
        for one in around.conflicts
    ]  # fmt: skip
    for quiet in around.quiet:
        mark = "! " if window and quiet.meets(window) else "· "
        span = _span(Window(quiet.start, quiet.end))
        lines.append(f"{mark}{quiet.whose}: {plain(quiet.reason)}, {span}")
    return lines


def _span(window: Window) -> str:
    start, end = (f"{at:%Y-%m-%d %H:%M}" for at in window)
    return f"{start} - {end[11:] if end[:10] == start[:10] else end}"


def _down_data(hits: dict[str, Hit]) -> dict[str, Any]:
    return {
        "failing": [_hit_data(one) for one in hits.values() if not one.steps],
        "hit": [_hit_data(one) for one in hits.values() if one.steps],
        "customers": customers_of(hits.values()),
    }


def _hit_data(hit: Hit) -> dict[str, Any]:
    return {**_record_data(hit.facts), "outcome": hit.outcome, "by": hit.by, "through": hit.through, "steps": hit.steps}


def _footing_data(one: Footing) -> dict[str, Any]:
    return {**_record_data(one.facts), "outcome": one.outcome, "by": one.by, "of": one.of, "steps": one.steps}


def _record_data(facts: Facts) -> dict[str, Any]:
    return {"kind": facts.kind, "id": facts.id, "title": facts.title}


def _beside_data(change: Facts, around: Beside) -> dict[str, Any]:
    window = window_of(change)
    return {
        **_down_data(around.hits),
        "customers": list(around.customers),
        "overlaps": [
            {"change": one.change.id, **_window_data(one.overlap.window), "same": list(one.overlap.same),
             "hanging": list(one.overlap.hanging), "undone": list(one.overlap.undone)}
            for one in around.conflicts
        ],
        "quiet": [
            {"whose": one.whose, "name": one.name, "reason": one.reason, **_window_data(Window(one.start, one.end)),
             "meets": bool(window and one.meets(window))}
            for one in around.quiet
        ],
    }  # fmt: skip


def _window_data(window: Window) -> dict[str, str]:
    return {"start_at": window.start.isoformat(), "end_at": window.end.isoformat()}
