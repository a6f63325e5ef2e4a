"""`servicebook report new|review|submit|due`: the weekly and monthly reports, from first figures to the recipient."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import date, timedelta

from servicebook.actions.event import Stamp
from servicebook.actions.opening import open_record
from servicebook.actions.periodic import fields_of_report, review, submit
from servicebook.cli.arguments import Parser, make_parser, speak
from servicebook.cli.clocks import speak_value
from servicebook.cli.costs import read_day
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.fields import field_at, fields_of
from servicebook.cli.now import parse_at, print_as_of, read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.cli.verb import edited
from servicebook.cli.who import who_acts
from servicebook.cli.writing import (
    add_commit_option,
    landing_of,
    push_record,
    require_sound,
    show_unfinished,
    write_record,
)
from servicebook.errors import FindingsError, UsageError
from servicebook.language.catalogue import say
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.records.templates import body_template, field_order
from servicebook.reports.periodic import STATES, DueReport, customers_told, due_data, due_reports, plans_in_use
from servicebook.reports.report_figures import Figure, Scope, figures_of
from servicebook.reports.work_figures import span_of
from servicebook.settings import Settings, read_zone
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.promised_reports import Period, every_of, is_of_period, is_promised, period_around

EXAMPLES = """\
servicebook report due                                         which reports are due, from whom, by when
servicebook report new --type weekly --customer harbour-tv     with its first figures, of the last week
servicebook report review 5MVR --by lin.yue
servicebook report submit 5MVR --to 黄主任 --via email
"""
TITLES = {
    "weekly": "Weekly report, {name}, {start} to {end}",
    "monthly": "Monthly report, {name}, {start} to {end}",
    "annual": "Annual report, {name}, {start} to {end}",
    "sla": "Service level report, {name}, {start} to {end}",
    "availability": "Availability report, {name}, {start} to {end}",
    "capacity": "Capacity report, {name}, {start} to {end}",
    "audit": "Audit report, {name}, {start} to {end}",
}
"""Type of report to its title; keys of the catalogue."""


def run(argv: list[str]) -> int:
    """Do what the first word says."""
    word, rest = argv[0], argv[1:]
    parser = make_parser("report", EXAMPLES)
    parser.prog = f"servicebook report {word}"
    return {"new": _new, "review": _review, "submit": _submit, "due": _due}[word](parser, rest)


def _new(parser: Parser, words: list[str]) -> int:
    option = parser.add_argument
    types = field_at(fields_of("report"), "report_type").choices
    option("--type", choices=types, default="weekly", help=speak("what sort of report (default: weekly)"))
    option("--customer", metavar="CUSTOMER", default="", help=speak("of one customer"))
    option("--service", metavar="SERVICE", default="", help=speak("the service it is about"))
    option("--from", dest="start", metavar="DAY", default="", help=speak("a day of its period (default: the last one)"))
    _add_who(parser)
    given = parser.parse_args(words)
    here, desk = open_here(whole=True), open_here("HEAD")  # a commit is counted, so that anybody can count again
    landing = landing_of(desk, given)
    now = read_now(desk.settings, writes=True)
    customer = find_record(desk, given.customer, ("customer",)).id if given.customer else ""
    service = find_record(desk, given.service, ("service",)).id if given.service else ""
    wanted = {"report_type": given.type, "service": service or None}
    promised = _promise(here, wanted, customer)
    period = _period(promised or wanted, read_day("--from", given.start), now.date())
    _require_new(here, {**wanted, **promised}, customer, period)
    scope = Scope(customer, service, span_of(*period, read_zone(desk.settings)))
    figures = figures_of(desk, given.type, scope, now, desk.settings.low_score, desk.settings.fewest_answers)
    language = desk.settings.languages[0]
    author = who_acts(desk, given.by) if given.by or not promised else str(promised["prepared_by"])
    said = {"report_type": given.type, "customer": customer, "service": service, "prepared_by": author}
    blocks = [figure_block(one, language) for one in figures]
    titles = {code: _title(desk, code, given.type, service or customer, period) for code in desk.settings.languages}
    values = fields_of_report(
        titles[language], period, blocks, desk.repository.git("rev-parse", "HEAD").decode().strip(), said
    )
    if language != "zh" and "zh" in titles:
        values["title_zh"] = titles["zh"]
    return _write_new(here, values, Stamp(author, now, now), landing, language)


def _write_new(desk: Snapshot, values: dict[str, Any], stamp: Stamp, landing: Any, language: str) -> int:
    from servicebook.store.write import new_id

    kind = BY_NAME["report"]
    id = new_id(kind, stamp.recorded_at, desk)
    source = open_record(kind, id, values, body_template(kind.name, language), stamp, field_order(kind.name))
    facts = require_sound(desk, source)
    write_record(desk, source, None, landing.commit, f"Add report {id}: {facts.title}")
    print(f"{facts.id}  {plain(facts.title)}\n{source.path}\n")
    print(_figures(facts))
    show_unfinished(desk, source)
    print(f"\n{speak('next')}: servicebook report review {facts.id} --by PERSON")
    push_record(desk, landing, source)
    return 0


def _review(parser: Parser, words: list[str]) -> int:
    parser.add_argument("id", metavar="ID", help=speak("the report"))
    parser.add_argument("--at", metavar="TIME", help=speak("when it was (default: now)"))
    _add_who(parser)
    return _edit(parser.parse_args(words), "reviewed", "servicebook report submit {id} --to NAME")


def _submit(parser: Parser, words: list[str]) -> int:
    option = parser.add_argument
    option("id", metavar="ID", help=speak("the report"))
    option("--to", metavar="NAME", default="", help=speak("to whom it was submitted (default: whom the plan names)"))
    channels = field_at(fields_of("report"), "via").choices
    option("--via", choices=channels, default="", help=speak("how it was submitted (default: email)"))
    option("--at", metavar="TIME", help=speak("when it was (default: now)"))
    add_commit_option(parser)
    return _edit(parser.parse_args(words), "submitted", "")


def _edit(given: Namespace, done: str, following: str) -> int:
    """Write what became of a report, and say what is next."""
    desk = open_here(whole=True)
    landing = landing_of(desk, given)
    report = find_record(desk, given.id, ("report",))
    now = read_now(desk.settings, writes=True)
    at = parse_at(given.at, now) if given.at else now
    before = SourceFile(report.path, desk.read_in_work_tree(report.path))
    if done == "reviewed":
        by = who_acts(desk, given.by)
        after = edited(report.path, lambda: review(before, report, by, at))
    else:
        line = _promise(desk, report.data, str(report.get("customer", default="")))
        to, via = given.to or str(line.get("submitted_to", "")), given.via or str(line.get("via", "email"))
        after = edited(report.path, lambda: submit(before, report, to, via, at))
    facts = require_sound(desk, after, before)
    write_record(desk, after, before, landing.commit, f"{report.id} {done}: {report.title}")
    print(f"{report.id}  {speak(STATES[done])}  {plain(facts.title)}\n{report.path}")
    show_unfinished(desk, after)
    if following:
        print(f"\n{speak('next')}: {following.format(id=report.id)}")
    push_record(desk, landing, after)
    return 0


def _due(parser: Parser, words: list[str]) -> int:
    option = parser.add_argument
    option("customer", metavar="CUSTOMER", nargs="?", default="", help=speak("of one customer"))
    option("--all", action="store_true", help=speak("those that were submitted too"))
    option("--at", metavar="TIME", help=speak("seen from another time"))
    option("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(words)
    desk = open_here(whole=True)
    now = read_now(desk.settings, given.at)
    customer = find_record(desk, given.customer, ("customer",)).id if given.customer else ""
    rows = [one for one in due_reports(desk, now.date()) if customer in ("", one.customer)]
    shown = rows if given.all else [one for one in rows if one.state != "submitted"]
    if given.json:
        print(json.dumps([due_data(row) for row in shown], ensure_ascii=False, indent=1))
        return 0
    print(_table(shown) if shown else speak("no report is due"))
    print_as_of(desk.settings, given.at)
    return 0


def _table(rows: list[DueReport]) -> str:
    heads = ("due on", "report", "customer", "period", "writes", "reviews", "receives", "state")
    table: list[list[str | Cell]] = []
    for row in rows:
        line = row.promised
        table.append([
            Cell(row.due_on.isoformat(), "red" if row.late else ""),
            speak_value(str(line.get("report_type")), "report_type"), row.customer,
            f"{row.period.start} – {row.period.end}", str(line.get("prepared_by")), str(line.get("reviewed_by")),
            str(line.get("submitted_to")), f"{row.report.id + ' ' if row.report else ''}{speak(STATES[row.state])}",
        ])  # fmt: skip
    return render_table([Column(speak(head), least=8) for head in heads], table)


def figure_block(figure: Figure, language: str) -> dict[str, Any]:
    """Return a figure as a report holds it, in the language of the desk."""
    said = dict(figure.params)
    block: dict[str, Any] = {"name": say("cli", figure.name, language, **said)}
    if figure.value is not None:
        block["value"] = figure.value
    if figure.unit:
        block["unit"] = figure.unit
    return {**block, "formula": say("cli", figure.formula, language, **said)}


def _figures(facts: Facts) -> str:
    rows: list[list[str | Cell]] = []
    for figure in facts.get("figures", default=()):
        value = figure.get("value")
        shown = "-" if value is None else f"{value:g} {figure.get('unit', '')}".strip()
        rows.append([str(figure["name"]), shown, str(figure["formula"])])
    heads = (Column(speak("figure"), keep=True), Column(speak("value"), right=True), Column(speak("formula"), least=8))
    return render_table(heads, rows)


def _promise(desk: Snapshot, wanted: dict[str, Any], customer: str) -> dict[str, Any]:
    """Return the line of a plan in use that promises such a report to a customer; empty where none does."""
    for plan in plans_in_use(desk):
        if customer in customers_told(desk, plan):
            for line in plan.get("reports", default=()):
                if all(line.get(name) == wanted.get(name) for name in ("report_type", "service")):
                    return dict(line)
    return {}


def _period(promised: dict[str, Any], day: date | None, today: date) -> Period:
    """Return the period of a day, or the last one that is over; UsageError for one that is not over yet."""
    every = every_of(promised)
    period = period_around(every, day or period_around(every, today).start - timedelta(days=1))
    if period.end >= today:
        raise UsageError(
            "the period ends on {end}: its figures are not there yet", "--from {day}",
            end=period.end, day=period_around(every, today).start - timedelta(days=1),
        )  # fmt: skip
    starts = str(promised.get("starts_on") or period.start)
    return Period(max(period.start, date.fromisoformat(starts)), period.end) if starts <= str(period.end) else period


def _require_new(desk: Snapshot, promised: dict[str, Any], customer: str, period: Period) -> None:
    for report in desk.of_kind("report"):
        if is_promised(report, promised, (customer,)) and is_of_period(report, period):
            raise FindingsError("`{id}` tells of this period already", "servicebook show {id}", id=report.id)


def _title(desk: Snapshot, language: str, report_type: str, name: str, period: Period) -> str:
    record = desk.get("service", name) or desk.get("customer", name)
    called = (record.get("title_zh") if language == "zh" else None) or record.title if record else _own(desk, language)
    return say("cli", TITLES[report_type], language, name=called, start=period.start, end=period.end)


def _own(desk: Snapshot, language: str) -> str:
    settings: Settings = desk.settings
    return (settings.name_zh if language == "zh" else "") or settings.name


def _add_who(parser: Parser) -> None:
    parser.add_argument("--by", metavar="PERSON", help=speak("who did it (default: whom your Git e-mail belongs to)"))
    add_commit_option(parser)
