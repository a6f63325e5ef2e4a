"""Who is on duty now, as pages show it: the person and until when."""

from __future__ import annotations

from servicebook.publish.addresses import href, page_of
from servicebook.publish.elements import record_id
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.workflow.duty import Shift, on_duty_at, rosters_of, shifts_of


def on_duty(view: View, team: Facts) -> list[Shift]:
    """Return the shifts of a team that have begun and not ended."""
    return on_duty_at([shift for roster in rosters_of(view, team.id) for shift in shifts_of(roster)], view.now)


def on_duty_html(view: View, address: str, team: Facts) -> str:
    """Return who of a team is on duty and until when; nothing where no roster says so."""
    said = []
    for shift in on_duty(view, team):
        name = person_html(view, address, shift.person)
        said.append(f'{name} <span class="meta">{view.labels.say("until")} {view.instant(shift.end)}</span>')
    return "<br>".join(said)


def person_html(view: View, address: str, id: str) -> str:
    """Return a link to a person; the bare id where the desk has no such record."""
    person = view.get("person", id)
    if person is None:
        return record_id(id)
    return f'<a class="nw" href="{href(address, page_of(person))}">{view.title(person)}</a>'


def duty_face(view: View, service: Facts) -> list[tuple[str, ...]]:
    """Return what the page of a service shows of duty, so that it is made anew when somebody else is on."""
    team = view.get("team", str(service.get("support_group", default="")))
    shifts = on_duty(view, team) if team else []
    return [(shift.person, str(shift.end), person_html(view, "", shift.person)) for shift in shifts]
