"""Records in tables and lists, as several pages show them: tickets, changes, known errors, links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from html import escape

from servicebook.evidence.verification import Verification
from servicebook.publish.addresses import href, page_of
from servicebook.publish.approval_html import state_and_approval
from servicebook.publish.bodies import Bodies
from servicebook.publish.elements import Column, record_id
from servicebook.publish.fields_html import Fields, workaround_html
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant

AHEAD = timedelta(days=30)
"""How far the site looks ahead for planned changes."""
_DONE = ("implemented", "closed", "cancelled", "rejected")


def tickets_table(view: View, address: str, tickets: list[Facts], *, of_service: bool = True) -> str:
    """Return tickets as a table: record, state, priority, service, when reported; nothing for none.

    of_service: whether it tells the service.
    """
    found = [
        (
            view.link(address, one), view.state_of(one), view.labels.value(view.priority_of(one)),
            *([named_link(view, address, one, "service")] if of_service else []), opened_at(view, one),
        )
        for one in tickets
    ]  # fmt: skip
    service = ["Service"] if of_service else []
    heads: tuple[str | Column, ...] = ("Record", "State", "Priority", *service, Column("Opened", "nw"))
    return view.table(heads, found) if found else ""


def changes_table(
    view: View, address: str, changes: list[Facts], approvals: Mapping[str, Verification], *, of_service: bool = True
) -> str:
    """Return changes as a table, the soonest first, with what is proven of their approval.

    of_service: whether it tells the service.
    """
    found = [
        (
            view.instant(one.data.get("planned_start_at") or ""), view.instant(one.data.get("planned_end_at") or ""),
            view.link(address, one), state_and_approval(view, one, approvals),
            view.labels.value(str(one.data.get("change_type") or "")),
            *([named_link(view, address, one, "service")] if of_service else []),
        )
        for one in sorted(changes, key=lambda one: str(one.data.get("planned_start_at") or ""))
    ]  # fmt: skip
    service = ["Service"] if of_service else []
    kind = Column("Type", "nw")
    heads: tuple[str | Column, ...] = ("From", Column("Until", named=True), "Record", "State", kind, *service)
    return view.table(heads, found) if found else ""


def known_error_html(view: View, bodies: Bodies, address: str, known: Facts) -> str:
    """Return a known error with what matters first: what it is, what helps, where it hits."""
    fields = Fields(view, bodies, known, address)
    services = [view.link(address, one) for ref in known.refs if (one := view.target(ref)) and one.kind == "service"]
    codes = " ".join(f"<code>{escape(str(code))}</code>" for code in known.get("error_codes", default=()))
    meta = " · ".join([record_id(known.id), *dict.fromkeys(services), *([codes] if codes else [])])
    return (
        f'<article class="ke"><h3><a href="{href(address, page_of(known))}">{view.title(known)}</a></h3>\n'
        f'{workaround_html(view, fields)}<p class="meta">{meta}</p></article>\n'
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
