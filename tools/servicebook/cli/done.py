"""`servicebook done`: an action of a meeting or a report is done; without a number, show what is open."""

from __future__ import annotations

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.costs import read_day
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.filling import Values, with_fields
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Column, render_table
from servicebook.cli.verb import edited
from servicebook.cli.writing import add_commit_option, landing_of, push_record, require_sound, write_record
from servicebook.errors import UsageError
from servicebook.reports.promises_made import Promise, open_promises
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Write the day into the action."""
    parser = make_parser("done")
    option = parser.add_argument
    option(
        "id", metavar="ID", nargs="?", default="", help=speak("the meeting or report (default: show all that is open)")
    )
    option("number", metavar="N", type=int, nargs="?", default=0, help=speak("which action, where several are open"))
    option("--result", metavar="TEXT", default="", help=speak("what came of an improvement, as it was measured"))
    option("--on", metavar="DAY", default="", help=speak("when it was done (default: today)"))
    add_commit_option(parser)
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    if not given.id:
        _tell(list(open_promises(desk)))
        return 0
    landing = landing_of(desk, given)
    record = find_record(desk, given.id, ("meeting", "report", "improvement"))
    if record.kind == "improvement" and not given.result:
        raise UsageError("an improvement is done when it was measured", "--result TEXT")
    mine = {one.number: one for one in open_promises(desk) if one.record.path == record.path}
    number = given.number or (next(iter(mine)) if len(mine) == 1 else 0)
    if number not in mine:
        raise UsageError(
            "`{id}` has no open action {number}" if given.number else "{count} actions of `{id}` are open",
            "say which: {known}" if mine else "servicebook done",
            id=record.id, number=given.number, count=len(mine), known=", ".join(map(str, mine)),
        )  # fmt: skip
    day = read_day("--on", given.on) or read_now(desk.settings, writes=True).date()
    before = SourceFile(record.path, desk.read_in_work_tree(record.path))
    values: Values = {("actions", number - 1, "done_on"): day.isoformat()}
    if record.kind == "improvement":
        values = {("measured_on",): day.isoformat(), ("result",): given.result}
    after = edited(record.path, lambda: with_fields(before, values))
    require_sound(desk, after, before)
    write_record(desk, after, before, landing.commit, f"{record.id} action done: {mine[number].text}")
    print(f"{' '.join(filter(None, (record.id, str(number or ''))))}  {day}  {mine[number].text}\n{record.path}")
    push_record(desk, landing, after)
    return 0


def _tell(promises: list[Promise]) -> None:
    if not promises:
        print(speak("nothing is due"))
        return
    columns = [Column(speak(head), least=8) for head in ("when", "with", "record", "title")]
    ordered = sorted(promises, key=lambda one: (one.due_on is None, one.due_on, one.record.id))
    rows = [
        [str(one.due_on or ""), one.owner, f"{one.record.id} {one.number or ''}".strip(), one.text] for one in ordered
    ]
    print(render_table(columns, rows))
