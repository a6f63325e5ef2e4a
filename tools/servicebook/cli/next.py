"""`servicebook next`: what you should do now, the most pressing first."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Sequence
from datetime import datetime

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import render_due, render_when, say_clock, speak_clock, speak_title
from servicebook.cli.desk import find_record, open_here, tell_if_empty
from servicebook.cli.now import print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.cli.who import person_with, read_email
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.records.kinds import TICKET_KINDS
from servicebook.reports.agenda import TASKS, Task, agenda_of, concerns, members_of, teams_of
from servicebook.reports.board import may_run
from servicebook.reports.communication_agenda import communication_tasks
from servicebook.reports.decisions_agenda import decision_tasks
from servicebook.reports.messages import CUSTOMER, ROLE, TOPICS, Message, lines_on_events, words_of
from servicebook.reports.voice_agenda import voice_tasks
from servicebook.reports.waiting import waiting_tasks
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any
from servicebook.workflow.verbs import next_step

MOST = 20
COMMANDS = {
    "renewal": "servicebook renewals",
    "sent_back": "servicebook part {id}",
    "restock": "servicebook part receive {id}",
    "roster_gap": "servicebook roster {id}",
    "follow_up": "servicebook survey {id} --follow-up",
    "promise": "servicebook done {id} {detail}",
    "contact_report": "servicebook coordinate {id} --reported --to NAME",
    "late_word": "servicebook note {id} '{detail}: WHY'",
    "waits": "servicebook sla {id} --explain",
    "supplier_late": "servicebook show {detail}",
    "report_write": "servicebook report new {detail}",
    "report_review": "servicebook report review {id}",
    "report_submit": "servicebook report submit {id}",
    "plan_review": "servicebook stakeholders",
    "vote": "servicebook approve {id}",
    "visit": "servicebook show {id}",
    "call_on": "servicebook new visit --customer {id}",
}
"""What comes next for records without a life."""
_WORD = re.compile(r"\w[\w.-]*")


def run(argv: list[str]) -> int:
    """Print the tasks of the person at the keyboard, of a person or team named, or of everybody."""
    parser = make_parser("next")
    parser.add_argument("--for", dest="whom", metavar="PERSON|TEAM", help=speak("whose tasks (default: yours)"))
    parser.add_argument("--all", action="store_true", help=speak("everybody's, and all of them"))
    parser.add_argument("--at", metavar="TIME", help=speak("judge the clocks at another time"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here()
    now = read_now(desk.settings, given.at)
    who = "" if given.all else _whom(desk, given.whom)
    whom = concerns(desk, who) if who else _anybody
    spoken_of = TICKET_KINDS if lines_on_events(desk) else ("incident",)
    words = [
        one for one in words_of(desk, filter(may_run, desk.live(spoken_of))) if _concerns(desk, one, who, whom)
    ]
    groups = {who, *teams_of(desk, who), *members_of(desk, who)}

    def is_mine(owner: str) -> bool:
        return not who or owner in groups

    more = [*voice_tasks(desk, now, whom, desk.settings, is_mine)]
    more += communication_tasks(desk, now, desk.settings, is_mine)
    more += waiting_tasks(desk, now, whom, is_mine)
    more += decision_tasks(desk, now, is_mine)
    tasks = agenda_of(desk, now, whom, words, more)
    if given.json:
        print(json.dumps([_data(task) for task in tasks], ensure_ascii=False, indent=1))
        return 0
    print("\n".join(_page(tasks, who, now, everything=given.all)))
    print_as_of(desk.settings, given.at)
    if not tasks:
        tell_if_empty(desk)
    return 0


def _anybody(_: Facts) -> bool:
    return True


def _whom(desk: Snapshot, word: str | None) -> str:
    if word:
        return find_record(desk, word, ("person", "team")).id
    return person_with(desk, read_email(desk.root))


def _concerns(desk: Snapshot, word: Message, who: str, whom: Callable[[Facts], bool]) -> bool:
    """Whether somebody has to say it or hear it: it goes to them or their team, to the customer of their ticket, or for
    their ticket to a role that nobody holds.
    """
    if not who or who in word.to:
        return True
    mine = word.to and word.to[0].startswith((f"{CUSTOMER}:", f"{ROLE}:")) and whom(word.record)
    return bool(mine) or not {*teams_of(desk, who), *members_of(desk, who)}.isdisjoint(word.to)


COMMANDS_OF = {
    "ask_consent": "servicebook consent {id} --to NAME --via phone",
    "approve_plan": "servicebook approve {id}",
    "confirm_approval": "servicebook confirm {id}",
    "departure": "servicebook tell {id} --via phone,sms",
    "update": "servicebook tell {id} --next 2h",
    "stakeholder": "servicebook tell {id} --via phone --to NAME",
    "call_back": "servicebook note {id} --event called_back --via phone",
}
"""What is due to be said to the command that says it was."""


def _page(tasks: Sequence[Task], who: str, now: datetime, everything: bool) -> list[str]:
    whose = speak("For {who}, {when}:", who=who or speak("everybody"), when=now.strftime("%Y-%m-%d %H:%M %z"))
    if not tasks:
        return [whose, speak("nothing is due")]
    shown = tasks if everything else tasks[:MOST]
    lines = [whose, "", _table(shown, now)]
    if len(shown) < len(tasks):
        lines.append(speak("and {n} more: servicebook next --all", n=len(tasks) - len(shown)))
    step = _command(tasks[0])
    return [*lines, "", f"{speak('next')}: {step}"]


def _table(tasks: Sequence[Task], now: datetime) -> str:
    columns = [
        Column(speak("when")), Column(speak("what"), least=16, keep=True), Column(speak("record")),
        Column(speak("with"), least=8), Column(speak("title"), least=8),
    ]  # fmt: skip
    rows: list[list[str | Cell]] = []
    for task in tasks:
        record = task.record
        rows.append([
            render_when(task.at, now),
            _what(task, now),
            record.id,
            str(record.get("assigned_to") or record.get("assignment_group") or ""),
            task.detail if task.what == "report_write" else speak_title(record),
        ])  # fmt: skip
    return render_table(columns, rows)


def _what(task: Task, now: datetime) -> Cell:
    if task.clock is not None:
        said = say_clock(task.clock, now)
        return Cell(f"{speak_clock(task.clock.name)}: {said.text}", said.colour)
    when = render_due(task.at, now)
    if task.since is not None:
        return _wait(task, now)
    return Cell(
        speak(TOPICS.get(task.what) or TASKS[task.what])
        + (f" ({when})" if when and task.what.startswith("change") else "")
    )


def _wait(task: Task, now: datetime) -> Cell:
    late = task.what == "supplier_late"
    text = "{supplier} is late; waits since {since}" if late else "waits for {supplier} since {since}"
    supplier = task.detail or speak("a supplier that is not named")
    return Cell(speak(text, supplier=supplier, since=render_when(task.since, now)), "red" if late else "")


def _command(task: Task) -> str:
    """Return the command that comes next; none for an id that a shell would read otherwise than it stands."""
    if not _WORD.fullmatch(task.record.id):
        return f"servicebook check {shlex.quote(plain(task.record.path))}"
    answered = any(entry.get("event") == "acknowledged" for entry in task.record.timeline)
    if task.clock is not None and task.clock.name == "response" and not answered:
        return f"servicebook ack {task.record.id} --via phone --to NAME"
    if task.clock is not None and task.clock.name == "report":
        return f"servicebook report {task.record.id}"
    if task.what == "promise" and not task.detail:  # an improvement as a whole
        return f"servicebook show {task.record.id}"
    if task.what in COMMANDS_OF:
        return COMMANDS_OF[task.what].format(id=task.record.id)
    if task.record.kind == "inspection_plan":
        return f"servicebook plan {task.record.id}"
    if command := COMMANDS.get(task.what):
        return command.format(id=task.record.id, detail=task.detail).strip()
    return next_step(task.record) or f"servicebook show {task.record.id}"


def _data(task: Task) -> dict[str, Any]:
    return {
        "task": task.what,
        "id": task.record.id,
        "kind": task.record.kind,
        "title": task.record.title,
        "status": task.record.status,
        "at": task.at.isoformat(timespec="seconds") if task.at else None,
        "clock": task.clock.name if task.clock else None,
        "state": task.clock.state if task.clock else None,
        "command": _command(task),
        **({"supplier": task.detail or None, "since": task.since.isoformat(timespec="seconds")} if task.since else {}),
    }
