"""What a ticket must hold by the time it is in a state; before that it may be absent.

The rules owe the finding ("incomplete"); this page only says what is due. A field is named by its path with
dots. `any` is every state. Light on purpose: rules read it on the hook's path.
"""

from __future__ import annotations

_CALL = ("caller", "contact_type", "reported_at", "site", "category", "fault_grade")
_WORKED = ("service", "impact", "urgency", "assignment_group")
_RESOLVED = ("resolution.resolution_code", "resolution.cause_code", "resolution.method")
_PLANNED = (
    "change_type", "reason", "service", "assets", "risk", "requested_by", "planned_start_at",
    "planned_end_at", "plan.implementation", "plan.test", "plan.backout",
)  # fmt: skip

DEMANDS: dict[str, dict[str, tuple[str, ...]]] = {
    "incident": {
        "any": _CALL,
        "in_progress": (*_WORKED, "assigned_to"),
        "on_hold": _WORKED,
        "resolved": (*_WORKED, "assigned_to", *_RESOLVED),
        "closed": (
            *_WORKED, "assigned_to", *_RESOLVED, "resolution.human_caused", "resolution.problem_review.result",
        ),
    },
    "service_request": {
        "any": ("requested_by", "contact_type", "reported_at", "request_type", "service"),
        "in_progress": ("assignment_group", "assigned_to"),
        "fulfilled": ("assignment_group", "assigned_to", "fulfilment.result"),
        "closed": ("assignment_group", "assigned_to", "fulfilment.result", "fulfilment.accepted_by"),
    },
    "problem": {
        "any": ("problem_type", "service", "detected_at", "problem_manager"),
        "in_progress": ("impact", "urgency", "assignment_group"),
        "resolved": ("impact", "urgency", "root_cause", "cause_code"),
        "closed": ("impact", "urgency", "closure_code"),
    },
    "change": {
        "any": ("change_type", "reason", "service", "risk", "requested_by"),
        "submitted": _PLANNED,
        "approved": _PLANNED,
        "in_implementation": (*_PLANNED, "assigned_to"),
        "implemented": (*_PLANNED, "assigned_to"),
        "closed": (*_PLANNED, "assigned_to", "review.result", "review.closure_code", "review.assets_updated"),
    },
    "release": {
        "any": ("release_type", "service", "version", "release_manager"),
        "ready": ("changes", "test_evidence"),
        "in_deployment": ("changes", "test_evidence", "backout"),
        "deployed": ("changes", "test_evidence", "backout"),
        "closed": ("changes", "test_evidence", "backout", "acceptance_by"),
    },
    "visit": {
        "any": (
            "customer", "site", "visit_type", "reason", "planned_departure_at", "planned_start_at", "work_items",
        ),
        "departed": ("lead", "engineers"),
        "on_site": ("lead", "engineers"),
        "closed": ("lead", "engineers"),
    },
    "inspection": {
        "any": ("plan", "due_on"),
        "in_progress": ("inspected_by",),
        "done": ("inspected_by", "results", "sign_off"),
    },
    "inspection_plan": {
        "active": (
            "customer", "service", "assets", "inspection_type", "recurrence", "starts_on", "checklist",
            "assignment_group",
        ),
    },
    "survey": {"any": ("survey_type", "customer", "contact_type", "surveyed_by")},
    "meeting": {"any": ("meeting_type", "held_at", "chair", "attendees")},
    "improvement": {"active": ("source", "owner", "target", "due_on")},
    "part": {"active": ("part_number", "manufacturer", "model", "store", "unit", "minimum_stock")},
    "known_error": {
        "any": ("problem", "services", "symptoms", "workaround", "review_on"),
        "fixed": ("permanent_fix", "root_cause"),
    },
    "service": {
        "active": (
            "service_owner", "support_group", "customers", "criticality", "agreements", "description",
        ),
    },
    "asset": {
        "active": ("asset_type", "site", "service", "owner"),  # no customer: the provider's own, or shared
    },
    "agreement": {
        "any": ("agreement_type", "versions"),
        "active": ("services",),
    },
    "support_hours": {"any": ("owner", "versions")},
    "customer": {"active": ("legal_name", "account_manager", "service_manager")},
    "site": {"active": ("address", "timezone", "distance_class", "travel_minutes")},
    "contract": {
        "any": ("project", "contract_number"),
        "active": ("signed_on", "cover", "agreements", "rate_card"),
    },
    "person": {"any": ("name",), "active": ("employer", "roles")},
    "team": {"active": ("team_type", "manager", "members", "services", "support_hours")},
    "article": {"any": ("article_type", "owner"), "active": ("valid_to",)},
}  # fmt: skip
"""Kind to state to the fields that are due in that state, those of `any` beside them."""

MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    "incident": (
        "caller.third_party_by", "caller.third_party_on", "emergency_plan", "dispatch", "handling_report",
        "resolution.loss",
    ),
}  # fmt: skip
"""Kind to what may still be added to a closed ticket where it is absent: papers that come after the work.

What is due of them is no matter of the state, but of a plan, a departure, a report; their own rules ask for it.
"""


def demanded(kind: str, status: str | None) -> tuple[str, ...]:
    """Return the fields a record of `kind` must hold in `status`, each once, in order of importance."""
    states = DEMANDS.get(kind, {})
    return tuple(dict.fromkeys((*states.get("any", ()), *states.get(status or "", ()))))
