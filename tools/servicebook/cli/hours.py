"""`servicebook hours`: bring a year's holidays into support hours, and tell which open clocks a change moved."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from servicebook.cli.arguments import Parser, make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.writing import add_commit_option, landing_of, push_record, require_sound, write_record
from servicebook.errors import UsageError
from servicebook.exchange.holiday_lists import HolidayList, list_of_country, parse_ics_list, parse_json_list
from servicebook.exchange.hours_record import days_listed, with_list
from servicebook.records.facts import Facts
from servicebook.reports.moved import Instead, MovedClock, moved_clocks
from servicebook.text.source_file import SourceFile

EXAMPLES = """\
servicebook hours update cn-office --year 2027 --country CN
servicebook hours update cn-office --year 2027 --json 2027.json --published 2026-11-05
servicebook hours update nl-office --year 2027 --ics holidays.ics
servicebook hours moved --since HEAD
"""


def run(argv: list[str]) -> int:
    """Do one of the two: `update` or `moved`."""
    parser = make_parser("hours", EXAMPLES)
    parser.add_argument("what", choices=("update", "moved"), help=speak("bring in a list, or tell what moved"))
    parser.add_argument("hours", nargs="?", metavar="HOURS", help=speak("the support hours, by name"))
    _add_options(parser)
    given = parser.parse_args(argv)
    if given.what == "moved":
        return _moved(given)
    if not given.hours or not given.year:
        raise UsageError("say which hours and which year", "servicebook hours update cn-office --year 2027")
    return _update(given)


def _add_options(parser: Parser) -> None:
    parser.add_argument("--year", type=_year, help=speak("the year of the list"))
    origin = parser.add_mutually_exclusive_group()
    origin.add_argument("--country", metavar="CN", help=speak("ask the library `holidays`; a region as in GB-SCT"))
    origin.add_argument("--json", metavar="FILE", help=speak("read the list from JSON (NateScarlet/holiday-cn)"))
    origin.add_argument("--ics", metavar="FILE", help=speak("read the list from a calendar file"))
    parser.add_argument("--source", metavar="TEXT", help=speak("who published the list, in your words"))
    parser.add_argument("--published", type=_day, metavar="DATE", help=speak("when it was published"))
    parser.add_argument("--since", metavar="REV", default="HEAD", help=speak("moved: compared with this revision"))
    add_commit_option(parser)


def _year(text: str) -> int:
    if not text.isdigit() or not 1970 <= int(text) <= 2200:
        raise UsageError("`{year}` is not a year", "--year 2027", year=text)
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("`{day}` is not a date", "--published 2026-11-05", day=text) from error


def _update(given: Namespace) -> int:
    desk = open_here()
    landing = landing_of(desk, given)
    facts = find_record(desk, given.hours, ("support_hours",))
    now = read_now(desk.settings, writes=True)
    published = _list_of(given, facts)
    if given.source:
        published = published._replace(source=given.source)
    elif given.country or not (given.json or given.ics):
        published = published._replace(source=f"{published.source}, {now.date().isoformat()}")
    before = SourceFile(facts.path, desk.read_in_work_tree(facts.path))
    listed = with_list(before, facts.data, published, now.date(), given.published or now.date())
    if listed.source.data == before.data:
        print(speak("{hours} has the list of {year} already", hours=facts.id, year=given.year))
        return 0
    after = require_sound(desk, listed.source, before)
    subject = f"{facts.id}: holidays of {given.year}"
    write_record(desk, listed.source, before, landing.commit, subject)
    for since in listed.added:
        said = speak(
            "{days} days off and {working} make-up days of {year} added to the version of {since}",
            days=len(published.days),
            working=len(published.working_days),
            year=given.year,
            since=since,
        )
        print(f"{facts.path}: {said}")
    for since in listed.corrected:
        said = speak("a version from {day} corrects the one of {since}", day=now.date(), since=since)
        print(f"{facts.path}: {said}")
    _tell_of_weekends(given, facts)
    _tell_moved(moved_clocks(desk, desk, Instead(desk, [after]), read_now(desk.settings)))
    push_record(desk, landing)
    return 0


def _list_of(given: Namespace, facts: Facts) -> HolidayList:
    before = days_listed(facts.data, given.year - 1)
    if given.json:
        return parse_json_list(_read(given.json).decode("utf-8", "replace"), given.year, Path(given.json).name)
    if given.ics:
        return parse_ics_list(_read(given.ics), given.year, Path(given.ics).name, before)
    named = [version.get("holiday_calendar") for version in facts.get("versions", default=())]
    country = given.country or next((name for name in reversed(named) if name), None)
    if not country:
        raise UsageError("say where the list comes from", "--country CN, --json FILE or --ics FILE")
    return list_of_country(country, given.year, before)


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError("{name} cannot be read: {why}", "check the path", name=name, why=error.strerror) from error


def _tell_of_weekends(given: Namespace, facts: Facts) -> None:
    """Say that the library leaves out days off that fall on a weekend, where these hours are open then."""
    weeks = [version.get("week") or {} for version in facts.get("versions", default=())]
    if (given.country or "").upper() == "CN" and any(week.get("sat") or week.get("sun") for week in weeks):
        print(
            speak(
                "these hours are open at weekends: take the published list with --json, the library leaves out "
                "days off on a Saturday or Sunday"
            )
        )


def _moved(given: Namespace) -> int:
    desk = open_here()
    now = read_now(desk.settings)
    moved = moved_clocks(desk, open_here(given.since), desk, now)
    if not _tell_moved(moved):
        print(speak("no open clock moved"))
    return 0


def _tell_moved(moved: Iterable[MovedClock]) -> bool:
    """Print one line for each clock that moved; whether there was any."""
    told = False
    for ticket, before, after in moved:
        was = _shown(before.due_at if before else None)
        print(
            speak(
                "moved: {id} {clock}, due {was}, now {due} ({agreement}, {hours})",
                id=ticket.id,
                clock=after.name,
                was=was,
                due=_shown(after.due_at),
                agreement=after.agreement,
                hours=after.hours,
            )
        )
        told = True
    return told


def _shown(at: datetime | None) -> str:
    return at.isoformat(timespec="minutes") if at else "-"
