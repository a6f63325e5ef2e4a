"""`servicebook skills`: who masters what, and which skills nobody has."""

from __future__ import annotations

import json

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_value
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.reports.people import LEVELS, level_of, skills_of, staff, wanted_skills


def run(argv: list[str]) -> int:
    """Print the skills, those that the fewest have first, with who has them at which level."""
    parser = make_parser("skills")
    parser.add_argument("--team", metavar="TEAM", help=speak("only people of this team"))
    parser.add_argument("--skill", metavar="TEXT", help=speak("only this skill"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    team = find_record(desk, given.team, ("team",)).id if given.team else ""
    found = skills_of(staff(desk, team))
    wanted = wanted_skills(desk, team)
    have = {skill.casefold() for skill in found}
    missing: dict[str, list[Facts]] = {skill: [] for skill in sorted(wanted) if skill.casefold() not in have}
    rows = {**missing, **found}
    if given.skill:
        rows = {skill: people for skill, people in rows.items() if skill.casefold() == given.skill.casefold()}
    if given.json:
        said = {skill: {one.id: level_of(one, skill) for one in people} for skill, people in rows.items()}
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return 0
    if not rows:
        none = "nobody has that skill, and nothing asks for it" if given.skill else "no skill is written down yet"
        print(speak(none))
        return 0
    asked = {skill.casefold() for skill in wanted}
    columns = [Column(speak("skill"), least=8), Column(speak("asked for")),
               *(Column(speak_value(level, "level"), least=8) for level in reversed(LEVELS))]  # fmt: skip
    table: list[list[str | Cell]] = [
        [plain(skill), _asked(skill.casefold() in asked, bool(people)), *_by_level(skill, people)]
        for skill, people in rows.items()
    ]
    print(render_table(columns, table))
    return 0


def _asked(asked: bool, somebody: bool) -> Cell:
    return Cell(speak("yes") if asked else "", "red" if asked and not somebody else "")


def _by_level(skill: str, people: list[Facts]) -> list[str]:
    return [", ".join(one.id for one in people if level_of(one, skill) == level) for level in reversed(LEVELS)]
