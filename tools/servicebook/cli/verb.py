"""The frame of every verb: which ticket, who, when; write one file; say what became of it and what is next."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from datetime import datetime

from servicebook.actions.event import Stamp
from servicebook.cli.arguments import Parser, make_parser, speak
from servicebook.cli.clocks import render_clocks, speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.who import who_acts
from servicebook.cli.writing import (
    Landing,
    add_commit_option,
    held_back,
    landing_of,
    push_record,
    require_agreement,
    require_sound,
    show_unfinished,
    write_records,
)
from servicebook.errors import FindingsError
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.sla.status import clocks_of
from servicebook.store.snapshot import Snapshot
from servicebook.text.document import CannotEditError
from servicebook.text.source_file import SourceFile
from servicebook.workflow.verbs import next_step

Act = Callable[[SourceFile, Facts, Stamp, Snapshot], SourceFile]
"""What a verb does: the file before, its facts, who and when, the desk; to the file after."""


Beside = Callable[[Snapshot, Facts, Stamp], list[tuple[SourceFile, SourceFile]]]
"""What a verb also does, by the ticket as it will stand: other files, (after, before) each."""

TRIES = 8
"""How often a verb is done again when somebody else wrote to the file meanwhile."""


def verb_parser(name: str, note: bool = True) -> Parser:
    """Return a parser with what every verb takes: ID, --by, --at, --commit and, mostly, --note."""
    parser = make_parser(name)
    parser.add_argument("id", metavar="ID", help=speak("the ticket: its id or the last four characters"))
    parser.add_argument("--by", metavar="PERSON", help=speak("who did it (default: whom your Git e-mail belongs to)"))
    parser.add_argument(
        "--at", metavar="TIME", help=speak("when it happened: 08:41, -10m, 2026-03-12T08:41 (default: now)")
    )
    if note:
        parser.add_argument("--note", metavar="TEXT", default="", help=speak("what else there is to say, in one line"))
    add_commit_option(parser)
    return parser


def run_verb(
    arguments: Namespace,
    done: str | Callable[[Facts], str],
    act: Act,
    prepare: Callable[[Snapshot, Facts], object] | None = None,
    beside: Beside | None = None,
) -> int:
    """Do a verb on the ticket that the arguments name; `done` says it in the commit's subject.

    prepare: called once, with the desk and the ticket, before anything else: it may refuse, or ask questions.
    beside: other files that are written and committed in the same go.
    Where somebody else writes to the same file at the same moment, the verb is done again on what they wrote.
    """
    from servicebook.store.write import WriteError

    for number in range(TRIES):
        desk = open_here()
        now = read_now(desk.settings, writes=True)
        ticket = find_record(desk, arguments.id)
        if prepare and not number:
            prepare(desk, ticket)
        before = SourceFile(ticket.path, desk.read_in_work_tree(ticket.path))
        said = done if isinstance(done, str) else done(ticket)
        try:
            landing, after = _do(desk, ticket, before, arguments, said, act, now, beside)
        except WriteError:
            if desk.read_in_work_tree(ticket.path) == before.data:
                raise
            continue
        push_record(desk, landing, after)
        return 0
    raise FindingsError("{path} changes all the time", "wait a moment, then run it again", path=ticket.path)


def _do(
    desk: Snapshot,
    ticket: Facts,
    before: SourceFile,
    arguments: Namespace,
    done: str,
    act: Act,
    now: datetime,
    beside: Beside | None,
) -> tuple[Landing, SourceFile]:
    landing = landing_of(desk, arguments)
    stamp = make_stamp(desk, arguments, now)
    after = edited(ticket.path, lambda: act(before, ticket, stamp, desk))
    facts = require_sound(desk, after, before)
    require_agreement(desk, facts, ticket, after)
    others = beside(desk, facts, stamp) if beside else []
    for other, was in others:
        require_sound(desk, other, was)
    landing = held_back(desk, landing, after)
    write_records(desk, [(after, before), *others], landing.commit, f"{ticket.id} {done}: {ticket.title}")
    tell(facts, ticket.status, desk, now)
    show_unfinished(desk, after)
    return landing, after


def edited(path: str, edit: Callable[[], SourceFile]) -> SourceFile:
    """Return what an edit makes; a place it cannot edit without moving others is a FindingsError."""
    try:
        return edit()
    except CannotEditError as error:
        raise FindingsError("{path}: {why}", "edit the file by hand", path=path, why=error) from error


def make_stamp(desk: Snapshot, arguments: Namespace, now: datetime) -> Stamp:
    """Return who says it, when it happened and when it is written down."""
    at = parse_at(arguments.at, now) if arguments.at else now
    return Stamp(who_acts(desk, arguments.by), at, now)


def tell(facts: Facts, status_before: str, desk: Snapshot, now: datetime) -> None:
    """Say where the ticket stands now: its status, its clocks, and the next step."""
    state = speak_value(facts.status, facts.kind)
    if status_before != facts.status:
        state = f"{speak_value(status_before, facts.kind)} → {state}"
    print(f"{facts.id}  {state}  {plain(facts.title)}")
    print(facts.path)
    clocks = clocks_of(facts, desk, now)
    shown = [clock for clock in clocks if clock.state != "not-started"]
    if shown:
        print()
        print(render_clocks(shown, now))
    step = next_step(facts)
    if step:
        print()
        print(f"{speak('next')}: {step}")
