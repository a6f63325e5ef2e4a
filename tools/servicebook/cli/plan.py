"""`servicebook plan`: make the inspections that come, and show what is late, missed, or due a visit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from servicebook.actions.event import Stamp
from servicebook.actions.inspecting import fields_from_plan
from servicebook.actions.opening import open_record
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_title
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.cli.who import who_acts
from servicebook.cli.writing import add_commit_option, landing_of, push_record, require_sound, write_records
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.records.templates import body_template, field_order
from servicebook.reports.inspections import AHEAD, BEHIND, Coming, calendar_of, due_for_visit
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any

STATES = {
    "due": "not planned yet", "planned": "planned ahead", "late": "late", "missed": "missed, past its grace",
}  # fmt: skip
"""What a day of a plan is called that is not over."""
COLOURS = {"missed": "red", "late": "yellow", "done": "green"}
PAST = ("late", "missed")


def run(argv: list[str]) -> int:
    """Write one record for each day of the plans that comes within the time named and has none yet."""
    parser = make_parser("plan")
    parser.add_argument("plans", metavar="PLAN", nargs="*", help=speak("inspection plans (default: all active ones)"))
    parser.add_argument("--days", metavar="N", type=int, default=AHEAD.days, help=speak("how many days ahead"))
    parser.add_argument("--show", action="store_true", help=speak("write nothing; show what comes and what is late"))
    parser.add_argument("--missed", action="store_true", help=speak("write nothing; show only what is late or missed"))
    parser.add_argument("--visits", action="store_true", help=speak("show which customers are due a proactive visit"))
    parser.add_argument("--by", metavar="PERSON", help=speak("who did it (default: whom your Git e-mail belongs to)"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    add_commit_option(parser)
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    now = read_now(desk.settings, writes=not (given.show or given.missed or given.visits))
    if given.visits:
        _tell_visits(desk, now, given.json)
        return 0
    plans = [find_record(desk, word, ("inspection_plan",)) for word in given.plans] or None
    days = calendar_of(desk, now, plans, BEHIND, timedelta(days=max(given.days, 0)))
    if given.show or given.missed:
        _tell([day for day in days if day.state in PAST or (not given.missed and _is_open(day))], given.json)
        return 0
    landing = landing_of(desk, given)
    stamp = Stamp(who_acts(desk, given.by), now, now)
    made = [_made(desk, day, stamp) for day in days if day.state == "due"]
    if made:
        subject = speak("{n} inspections planned", n=len(made))
        write_records(desk, [(source, None) for source, _ in made], landing.commit, subject)
    fresh = {(facts.get("plan"), facts.get("due_on")): facts for _, facts in made}
    shown = [_with(day, fresh.get((day.plan.id, day.due_on.isoformat()))) for day in days]
    _tell([day for day in shown if day.state in PAST or _is_open(day)], given.json)
    if not given.json:
        print("\n" + speak("{n} inspections planned", n=len(made)))
    if made:
        push_record(desk, landing)
    return 0


def _is_open(day: Coming) -> bool:
    return day.state in ("due", "planned")


def _with(day: Coming, made: Facts | None) -> Coming:
    return day._replace(inspection=made, state="planned") if made else day


def _made(desk: Snapshot, day: Coming, stamp: Stamp) -> tuple[SourceFile, Facts]:
    from servicebook.store.write import new_id

    kind = BY_NAME["inspection"]
    fields = fields_from_plan(day.plan, day.due_on.isoformat())
    body = body_template(kind.name, desk.settings.languages[0])
    source = open_record(kind, new_id(kind, stamp.recorded_at, desk), fields, body, stamp, field_order(kind.name))
    return source, require_sound(desk, source)


def _tell(days: Sequence[Coming], as_json: bool) -> None:
    if as_json:
        print(json.dumps([_data(day) for day in days], ensure_ascii=False, indent=1))
        return
    if not days:
        print(speak("nothing is due"))
        return
    columns = [
        Column(speak("when")), Column(speak("what"), keep=True), Column(speak("record")),
        Column(speak("with"), least=8), Column(speak("title"), least=8),
    ]  # fmt: skip
    rows: list[list[str | Cell]] = [
        [
            day.due_on.isoformat(),
            Cell(speak(STATES[day.state]), COLOURS.get(day.state, "")),
            day.inspection.id if day.inspection else "-",
            str((day.inspection and day.inspection.get("inspected_by")) or day.plan.get("assignment_group") or ""),
            speak_title(day.plan),
        ]
        for day in days
    ]
    print(render_table(columns, rows))


def _data(day: Coming) -> dict[str, Any]:
    return {
        "plan": day.plan.id,
        "due_on": day.due_on.isoformat(),
        "state": day.state,
        "id": day.inspection.id if day.inspection else None,
        "assignment_group": day.plan.get("assignment_group"),
    }


def _tell_visits(desk: Snapshot, now: datetime, as_json: bool) -> None:
    rows = due_for_visit(desk, now)
    if as_json:
        said = [
            {"customer": row.customer.id, "last_visit_on": row.last_on.isoformat() if row.last_on else None,
             "incidents_since": row.incidents, "failed_items_since": row.failed}
            for row in rows
        ]  # fmt: skip
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return
    if not rows:
        print(speak("nothing is due"))
        return
    heads = ("customer", "last visit", "incidents since", "failed items since")
    columns = [*(Column(speak(head), right=head.endswith("since")) for head in heads), Column(speak("title"), least=8)]
    table: list[list[str | Cell]] = [
        [row.customer.id, row.last_on.isoformat() if row.last_on else speak("never"), str(row.incidents),
         str(row.failed), speak_title(row.customer)]
        for row in rows
    ]  # fmt: skip
    print(render_table(columns, table))
