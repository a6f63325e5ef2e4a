"""What a service's page shows beside its fields: what is wrong now, what helps, what is planned."""

from __future__ import annotations

from datetime import timedelta

from servicebook.publish.addresses import href, page_of
from servicebook.publish.bodies import Bodies
from servicebook.publish.elements import Column, record_id, rows
from servicebook.publish.fields_html import Fields, workaround_html
from servicebook.publish.links_html import newest
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant

AHEAD = timedelta(days=30)
"""How far the site looks ahead for planned changes."""
_DONE = ("implemented", "closed", "cancelled", "rejected")


def service_html(view: View, bodies: Bodies, facts: Facts, address: str) -> str:
    """Return the sections of a service's page that come from the records that name it."""
    incidents = [one for one in view.naming(facts, "incident") if view.is_open(one)]
    known = [one for one in view.naming(facts, "known_error") if one.status == "active"]
    changes = view.naming(facts, "change")
    ahead = [one for one in changes if is_ahead(view, one)]
    recent = [one for one in newest(changes) if one.status in ("implemented", "closed")][:5]
    articles = view.naming(facts, "article")
    calm = f"<p>{view.labels.say('No open incidents.')}</p>"
    return "".join(
        [
            view.section("Open incidents", tickets_table(view, address, newest(incidents)) or calm),
            view.section("Known errors", "".join(known_error_html(view, bodies, address, one) for one in known)),
            view.section("Changes ahead", changes_table(view, address, ahead)),
            view.section("Recent changes", changes_table(view, address, recent)),
            view.section("Articles", bullet_list([view.link(address, one) for one in articles])),
        ]
    )


def tickets_table(view: View, address: str, tickets: list[Facts]) -> str:
    """Return tickets as a table: record, state, priority, service, when reported; nothing for none."""
    found = [
        (
            view.link(address, one), view.state_of(one), view.priority_of(one),
            named_link(view, address, one, "service"), opened_at(view, one),
        )
        for one in tickets
    ]  # fmt: skip
    return view.table(("Record", "State", "Priority", "Service", Column("Opened", "nw")), found) if found else ""


def changes_table(view: View, address: str, changes: list[Facts]) -> str:
    """Return changes as a table, the soonest first."""
    found = [
        (
            view.instant(one.data.get("planned_start_at") or ""), view.instant(one.data.get("planned_end_at") or ""),
            view.link(address, one), view.state_of(one), view.labels.value(str(one.data.get("change_type") or "")),
            named_link(view, address, one, "service"),
        )
        for one in sorted(changes, key=lambda one: str(one.data.get("planned_start_at") or ""))
    ]  # fmt: skip
    return view.table(("From", "Until", "Record", "State", "Type", "Service"), found) if found else ""


def known_error_html(view: View, bodies: Bodies, address: str, facts: Facts) -> str:
    """Return a known error with what matters first: what it is, what helps, where it hits."""
    fields = Fields(view, bodies, facts, address)
    services = [view.link(address, one) for ref in facts.refs if (one := view.target(ref)) and one.kind == "service"]
    codes = fields.text("error_codes")
    meta = " · ".join([*dict.fromkeys(services), *([codes] if codes else [])])
    return (
        f'<article class="ke"><h3><a href="{href(address, page_of(facts))}">{view.title(facts)}</a></h3>\n'
        f'{workaround_html(view, fields)}<p class="meta">{record_id(facts.id)} · {meta}</p></article>\n'
    )


def is_ahead(view: View, change: Facts) -> bool:
    """Whether a change is still to come, or under way, within the next 30 days."""
    if change.status in _DONE:
        return False
    if change.status == "in_implementation":
        return True
    start = parse_instant(change.data.get("planned_start_at"))
    return start is not None and view.now - timedelta(days=1) <= start <= view.now + AHEAD


def named_link(view: View, address: str, facts: Facts, field: str) -> str:
    """Return the record that `field` names as a link, or nothing."""
    ref = next((ref for ref in facts.refs if ref.field[0] == field), None)
    target = view.target(ref) if ref else None
    return view.link(address, target) if target else ""


def opened_at(view: View, ticket: Facts) -> str:
    """Return when a ticket came in: the customer's notice, else its first event."""
    first = ticket.timeline[0].get("at", "") if ticket.timeline else ""
    return view.instant(str(ticket.data.get("reported_at") or ticket.data.get("detected_at") or first))


def bullet_list(items: list[str]) -> str:
    """Return pieces of HTML as a list; nothing for none."""
    return rows(items)
