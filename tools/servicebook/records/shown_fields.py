"""The one table of what an audience may read of a record: every field that is not listed here is hidden.

`public` may be read by everybody, customers included; `customer` by the customers that may see the record. A kind that
has no line for an audience is never shown to it, whatever its records say. Blocks are listed field by field
(`caller.{name role}`), so that a field that is added to a model later is hidden until somebody lists it. `*` stands for
any key of a map.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from servicebook.records.audiences import INTERNAL, PUBLIC

COMMON = "schema id title title_zh status"
"""What may be read of every record that is shown."""

_LINKS = (
    "links.{incident service_request problem known_error change release visit article parent duplicate_of"
    " caused_by_change}"
)
_SLA = "sla.*.{due_at stopped_at outcome agreement hours cycles.{due_at stopped_at outcome}}"
_LIFE = f"timeline {_LINKS} {_SLA}"


class Shown(NamedTuple):
    """What is shown of one kind, as words; None where the kind is not shown to that audience."""

    public: str | None
    customer: str | None


SHOWN: dict[str, Shown] = {
    "incident": Shown(
        "timeline service category fault_grade reported_at resolution.{outage_start_at outage_end_at}",
        f"{_LIFE} customer contract caller.{{name role}} contact_type site assets error_codes impact urgency priority"
        " assignment_group assigned_to dispatch.{departed_at eta_at transport arrived_at left_at}"
        " emergency_plan.{expected_start_at expected_duration work_items consent.{by at via}}"
        " resolution.{resolution_code cause_code method loss parts_replaced.{old_serial new_serial} confirmed_by}"
        " handling_report.{problem_type cause method loss submitted_at submitted_to via}",
    ),
    "service_request": Shown(
        None,
        f"{_LIFE} customer contract requested_by requested_for contact_type reported_at site request_type service"
        " assets catalog_item quantity due_on impact urgency priority assignment_group assigned_to consent.{by at via}"
        " fulfilment.{result accepted_by accepted_on} training.{audience held_on topics attendees}",
    ),
    "problem": Shown(None, f"{_LIFE} customer service assets detected_at impact urgency priority workaround"),
    "change": Shown(
        "timeline change_type service planned_start_at planned_end_at expected_outage",
        f"{_LIFE} reason customer site assets risk impact requested_by plan.{{implementation test backout}}"
        " review.result",
    ),
    "release": Shown(
        "timeline release_type service version planned_deploy_at",
        f"{_LIFE} customer assets changes phase early_life_support_until_on",
    ),
    "visit": Shown(
        None,
        f"{_LIFE} customer site contract service assets visit_type reason planned_departure_at planned_start_at"
        " planned_end_at work_items lead engineers consent.{by at via}",
    ),
    "inspection": Shown(
        None,
        f"{_LIFE} plan customer service assets due_on started_at ended_at inspected_by witnessed_by"
        " results.{key value ok} failed_items incidents_opened summary sign_off.{by signed_on}",
    ),
    "report": Shown(
        None,
        "report_type customer service period_start period_end prepared_by submitted_to submitted_at via"
        " acknowledged_by actions.{text due_on done_on}",
    ),
    "meeting": Shown(
        None, "meeting_type held_at ends_at attendees agenda decisions actions.{text due_on done_on} next_meeting_at"
    ),
    "acceptance": Shown(
        None,
        "contract subsystem test_method figures.{name due found ok} tested_on tested_by witnessed_by result defects"
        " signed_by_customer signed_on documents",
    ),
    "known_error": Shown(
        "services affected_versions symptoms error_codes workaround workaround_verified_on permanent_fix"
        " fixed_in_version",
        "assets problem risk_if_untreated review_on",
    ),
    "service": Shown(
        "support_group criticality support_hours depends_on description promise request_channels request_items"
        " availability_definition review_on",
        "service_owner agreements",
    ),
    "asset": Shown(
        None,
        "asset_type customer site service location manufacturer model serial_number version installed_on"
        " warranty.{start end} relations.{type target} verified.verified_on",
    ),
    "agreement": Shown(
        None,
        "agreement_type services versions.{version effective_from effective_to support_hours working_calendar zone"
        " clocks.{name clause promise applies_when.{kind fault_grade category priority cover distance_class} start stop"
        " cancel within due counting hours pauses_on} exclusions downtime_definition signed.{by_customer by_provider"
        " signed_on} review_on}",
    ),
    "support_hours": Shown(
        "versions.{effective_from effective_to timezone week.{mon tue wed thu fri sat sun} dates holiday_calendar"
        " holidays.{year source published_on days working_days}}",
        "",
    ),
    "customer": Shown(
        None,
        "legal_name short_name account_manager service_manager users_representative sites contracts agreements"
        " contacts.{name role hours} notification_language first_visit_on vip_periods.{title start_at end_at}",
    ),
    "site": Shown(None, "customer address timezone distance_class travel_minutes.{base mode minutes} agreed_on"),
    "contract": Shown(
        None,
        "customer project contract_number signed_on accepted_on"
        " cover.{scope start_event term labour parts travel custom_work post_expiry_product_fault clause} agreements"
        " services assets renewal.option_by_on expires_on documents_due handed_over.{document handed_on to where}",
    ),
    "person": Shown(None, "name name_zh"),
    "team": Shown("team_type support_hours channel", "services"),
    "article": Shown(
        "article_type services error_codes applies_to_versions preconditions risk valid_to reviewed.reviewed_on"
        " supersedes languages keywords",
        "owner assets",
    ),
    "inspection_plan": Shown(
        None,
        "customer service assets inspection_type recurrence starts_on ends_on window"
        " checklist.{key text method unit min max}",
    ),
    "communication_plan": Shown(
        None, "contract version stakeholders.{who information when how direction} review_every reviewed_on"
    ),
}

SECTIONS: dict[str, Shown] = {
    "incident": Shown("", "symptom impact workaround resolution"),
    "service_request": Shown(None, "request fulfilment"),
    "problem": Shown(None, "description workaround"),
    "change": Shown("communication", "justification implementation test backout"),
    "release": Shown("release_notes", "deployment"),
    "visit": Shown(None, "plan"),
    "inspection": Shown(None, "findings"),
    "asset": Shown(None, ""),
    "person": Shown(None, ""),
    "customer": Shown(None, "summary"),
    "site": Shown(None, "access"),
    "contract": Shown(None, "coverage exclusions"),
}
"""The sections of the text that may be read, by the keys of their headings, where not all of it may be.

The log of a ticket is its people's diary. What of it is for the customer goes into a block `::: audience customer`.
"""

EVENTS = Shown(
    "opened acknowledged resolved reopened closed cancelled rescheduled implementation_started implemented backed_out"
    " deployment_started deployed",
    "submitted approved rejected paused resumed departed arrived left started signed_off remote_session called_back"
    " customer_contacted customer_reminded customer_told part_shipped part_arrived part_replaced report_submitted"
    " consented workaround_found major_incident",
)
"""The events that are shown without a word of their own; notes and all others are for the house."""
EVENT_FIELDS = Shown("at id event until", "by via present serial_number reason")
"""What is shown of such an event; a reason only where it is one of those that agreements know."""
EVENT_SAID = "at id event by via to reason note until"
"""What is shown of an event that says by its own `audience` who may read it."""

NOT_INTERNAL = frozenset({("versions", "clocks"), ("sla",)})
"""Lists and maps whose members may be promises of the house to itself; those are left out."""

SAID_BY_THEMSELVES = frozenset({("contacts",)})
"""Lists whose members are shown only where each says so by its own `audience`."""

Tree = dict[str, "Tree | None"]
"""Fields by name: None where the whole value may be read, else what may be read inside."""

_WORDS = re.compile(r"([\w*.]+?)\.?(\{)|([\w*.]+)|(\})")


@cache
def shown_fields(kind: str, audience: str) -> Tree | None:
    """Return the fields of a kind that an outer audience may read; None where the kind is not shown to it."""
    row = SHOWN.get(kind)
    words = _for(row, audience) if row else None
    return None if words is None else read_fields(f"{COMMON} {words}")


def shown_sections(kind: str, audience: str) -> frozenset[str] | None:
    """Return the sections of a kind's text that an outer audience may read; None for the whole text."""
    row = SECTIONS.get(kind)
    return None if row is None else frozenset((_for(row, audience) or "").split())


def shown_events(audience: str) -> frozenset[str]:
    """Return the names of the events that an outer audience may read of."""
    return frozenset((_for(EVENTS, audience) or "").split())


def event_fields(audience: str) -> frozenset[str]:
    """Return the fields of such an event that an outer audience may read."""
    return frozenset((_for(EVENT_FIELDS, audience) or "").split())


def _for(row: Shown, audience: str) -> str | None:
    """Return the words of a row for an audience: a customer reads what is public, too."""
    if audience == INTERNAL:
        raise ValueError("the house reads everything; there is no list for it")
    if audience == PUBLIC:
        return row.public
    return None if row.public is None and row.customer is None else f"{row.public or ''} {row.customer or ''}"


def read_fields(words: str) -> Tree:
    """Return the tree that words such as `title caller.{name role}` write down."""
    root: Tree = {}
    above = [root]
    for opening, _, name, closing in _WORDS.findall(words):
        if closing:
            above.pop()
            continue
        place = above[-1]
        *steps, last = (opening or name).split(".")
        for step in [*steps, last] if opening else steps:
            inner = place.setdefault(step, {})
            assert inner is not None, f"`{step}` is listed whole and in parts"
            place = inner
        if opening:
            above.append(place)
        else:
            place[last] = None
    return root
