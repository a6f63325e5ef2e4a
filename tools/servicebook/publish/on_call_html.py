"""The page of duty: who is there now and until when, who comes next, the coming fortnight, and where nobody is.

Rosters are for the house alone; other audiences are told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from html import escape

from servicebook.publish.addresses import href
from servicebook.publish.calendar_files import calendar_of
from servicebook.publish.duty_html import person_html
from servicebook.publish.elements import Column, day, record_id, status, table_of
from servicebook.publish.gathering import Gathering
from servicebook.publish.month_grid import local_day
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.reports.duty import Duty, duty_of, teams_on_duty
from servicebook.workflow.duty import Demand, Shift, rosters_of, shifts_of

DAYS = 14
TEAMS_BESIDE = 6
"""So many teams stand in the table of days, for the page's size; the others' days are in their calendars."""
MOST_TEAMS = 40
MOST_GAPS = 30


def on_call(desk: Gathering, address: str) -> str:
    """Return who is on duty, team by team."""
    view = desk.view
    say = view.labels.say
    if is_outer(view.desk.audience):
        return f"<p>{say('Rosters are not published. How to ask tells whom to turn to.')}</p>"
    teams = list(teams_on_duty(view))[:MOST_TEAMS]
    duties = [duty_of(view, team, view.now, timedelta(days=DAYS)) for team in teams]
    if not duties:
        return f"<p>{say('No roster says yet who is on duty.')} <code>servicebook new roster</code></p>"
    on_rosters = [duty for duty in duties if duty.has_roster]
    rest = f"<p>{say('The days of the other teams are in their calendars.')}</p>\n"
    days = _days(view, address, on_rosters[:TEAMS_BESIDE]) if on_rosters else ""
    return "".join(
        [
            view.section("On duty now", _now(view, address, duties), note=f"{view.now:%H:%M}"),
            view.section("Where people are missing", _gaps(view, address, duties) or _covered(view, duties),
                         note=say("Next {days} days", days=DAYS)),
            view.section("Day by day", days + (rest if len(on_rosters) > TEAMS_BESIDE else ""),
                         note=say("Next {days} days", days=DAYS)),
        ]
    )  # fmt: skip


def _now(view: View, address: str, duties: Sequence[Duty]) -> str:
    """Return each team with who is there, until when, who stands in, and who takes over when."""
    say = view.labels.say
    found = []
    for duty in duties:
        nobody = status("off" if duty.has_roster else "gone", say("Nobody" if duty.has_roster else "No roster"))
        follows = duty.then[0].start if duty.then else None
        calendar = f'<a href="{href(address, calendar_of(duty.team))}">{say("Calendar")}</a>'
        found.append(
            (
                view.link(address, duty.team),
                "<br>".join(_on_shift(view, address, one) for one in duty.here) or nobody,
                "<br>".join(dict.fromkeys(view.instant(one.end) for one in duty.here)),
                "<br>".join(dict.fromkeys(person_html(view, address, one.backup) for one in duty.here if one.backup)),
                (f"{view.instant(follows)}<br>" if follows else "")
                + "<br>".join(person_html(view, address, one.person) for one in duty.then),
                calendar,
            )
        )
    heads = (
        Column("Team", "f"), "On duty", Column("Until", "nw", named=True), Column("Stands in", named=True),
        Column("Next", named=True), "Subscribe",
    )  # fmt: skip
    return view.table(heads, found)


def _on_shift(view: View, address: str, shift: Shift) -> str:
    role = f' <span class="meta">{view.labels.value(shift.role, "role")}</span>' if shift.role else ""
    return person_html(view, address, shift.person) + role


def _gaps(view: View, address: str, duties: Sequence[Duty]) -> str:
    gaps = sorted(((gap.start, duty, gap) for duty in duties for gap in duty.gaps), key=lambda item: item[0])
    found = [
        (
            view.instant(gap.start), view.instant(gap.end), view.link(address, duty.team),
            status("miss", _wanted(view, gap.demand)), str(gap.there),
        )
        for _, duty, gap in gaps[:MOST_GAPS]
    ]  # fmt: skip
    heads = (
        Column("From", "nw"), Column("Until", "nw", named=True), Column("Team", "f"), "Wanted",
        Column("There", "n", named=True),
    )  # fmt: skip
    return view.table(heads, found) if found else ""


def _wanted(view: View, demand: Demand) -> str:
    role = view.labels.value(demand.role, "role") if demand.role else view.labels.own(demand.skill)
    people = view.labels.say("1 person" if demand.people == 1 else "{count} people", count=demand.people)
    return f"{people} · {role}" if demand.role or demand.skill else people


def _covered(view: View, duties: Sequence[Duty]) -> str:
    said = "Everybody who must be there is on a roster." if any(one.has_roster for one in duties) else "No roster"
    return f"<p>{view.labels.say(said)}</p>"


def _days(view: View, address: str, duties: Sequence[Duty]) -> str:
    """Return a table of days, a column a team: who is there, and from or until when where it is not all day."""
    today = local_day(view.now, view.zone)
    shifts = [[one for roster in rosters_of(view, duty.team.id) for one in shifts_of(roster)] for duty in duties]
    found = [
        (day(at.isoformat()), *("<br>".join(_on_day(view, at, some)) or "–" for some in shifts))
        for at in (today + timedelta(days=ahead) for ahead in range(DAYS))
    ]
    titles = [view.labels.say("Day"), *(view.link(address, duty.team) for duty in duties)]
    names = ["", *(_named(duty.team) for duty in duties)]
    return table_of(titles, ["f", *[""] * len(duties)], found, ["stack", "days"], names)


def _named(team: Facts) -> str:
    """Return the attributes by which a cell tells its team on a telephone."""
    title = team.title or team.id
    return f' data-l="{escape(title)}" data-z="{escape(str(team.get("title_zh") or title))}"'


def _on_day(view: View, at: date, shifts: Sequence[Shift]) -> list[str]:
    """Return who is there on a day, with the hours where it is not the whole of it."""
    start, end = _midnight(at, view.zone), _midnight(at + timedelta(days=1), view.zone)
    said = []
    for one in shifts:
        if one.start < end and start < one.end:
            begins = f"{one.start.astimezone(view.zone):%H:%M}" if one.start > start else "00:00"
            ends = f"{one.end.astimezone(view.zone):%H:%M}" if one.end < end else "24:00"
            hours = "" if (begins, ends) == ("00:00", "24:00") else f' <span class="meta">{begins}–{ends}</span>'
            person = view.get("person", one.person)
            said.append((view.title(person) if person else record_id(one.person)) + hours)
    return said


def _midnight(at: date, zone: tzinfo) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=zone)
