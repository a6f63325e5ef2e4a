"""The lives of tickets, as data: which event leads from which states to which."""

from __future__ import annotations

from servicebook.typed import NamedTuple


class Step(NamedTuple):
    """An event that moves a ticket: lawful from `sources`, and the ticket is in `target` afterwards."""

    event: str
    sources: tuple[str, ...]
    target: str


class Lifecycle(NamedTuple):
    """The life of one kind: its states in order, where it starts, where it ends, its steps.

    Events that are no step (note, escalated, remote_session, ...) leave the state as it is and are lawful
    from every state after the first event.
    """

    states: tuple[str, ...]
    initial: str
    final: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def open_states(self) -> tuple[str, ...]:
        """The states in which work is still due: neither final nor resolved."""
        return tuple(state for state in self.states if state not in self.final and state not in RESTING)


RESTING = ("resolved", "fulfilled", "implemented", "deployed")
"""States in which the work is done and only closing is left."""

_INCIDENT = Lifecycle(
    states=("new", "in_progress", "on_hold", "resolved", "closed", "cancelled"),
    initial="new",
    final=("closed", "cancelled"),
    steps=(
        Step("acknowledged", ("new", "in_progress", "on_hold"), "in_progress"),
        Step("paused", ("new", "in_progress"), "on_hold"),
        Step("resumed", ("on_hold",), "in_progress"),
        Step("resolved", ("new", "in_progress", "on_hold"), "resolved"),
        Step("reopened", ("resolved",), "in_progress"),
        Step("closed", ("resolved",), "closed"),
        Step("cancelled", ("new", "in_progress", "on_hold"), "cancelled"),
    ),
)

_SERVICE_REQUEST = Lifecycle(
    states=("new", "in_progress", "on_hold", "fulfilled", "closed", "rejected", "cancelled"),
    initial="new",
    final=("closed", "rejected", "cancelled"),
    steps=(
        Step("acknowledged", ("new", "in_progress", "on_hold"), "in_progress"),
        Step("rejected", ("new", "in_progress", "on_hold"), "rejected"),
        Step("paused", ("new", "in_progress"), "on_hold"),
        Step("resumed", ("on_hold",), "in_progress"),
        Step("resolved", ("new", "in_progress", "on_hold"), "fulfilled"),
        Step("reopened", ("fulfilled",), "in_progress"),
        Step("closed", ("fulfilled",), "closed"),
        Step("cancelled", ("new", "in_progress", "on_hold"), "cancelled"),
    ),
)

_PROBLEM = Lifecycle(
    states=("new", "in_progress", "on_hold", "resolved", "closed", "cancelled"),
    initial="new",
    final=("closed", "cancelled"),
    steps=(
        Step("acknowledged", ("new", "in_progress", "on_hold"), "in_progress"),
        Step("paused", ("new", "in_progress"), "on_hold"),
        Step("resumed", ("on_hold",), "in_progress"),
        Step("resolved", ("in_progress",), "resolved"),
        Step("reopened", ("resolved",), "in_progress"),
        Step("closed", ("resolved",), "closed"),
        Step("cancelled", ("new", "in_progress", "on_hold"), "cancelled"),
    ),
)

_CHANGE = Lifecycle(
    states=("draft", "submitted", "approved", "in_implementation", "implemented", "closed", "rejected", "cancelled"),
    initial="draft",
    final=("closed", "rejected", "cancelled"),
    steps=(
        Step("submitted", ("draft", "rejected"), "submitted"),
        Step("approved", ("submitted",), "approved"),
        Step("rejected", ("submitted",), "rejected"),
        Step("rescheduled", ("submitted", "approved"), "submitted"),
        # An emergency change starts before its board has met; a rule asks for the kind.
        Step("implementation_started", ("draft", "submitted", "approved"), "in_implementation"),
        Step("implemented", ("in_implementation",), "implemented"),
        Step("backed_out", ("in_implementation", "implemented"), "implemented"),
        Step("closed", ("implemented",), "closed"),
        Step("cancelled", ("draft", "submitted", "approved"), "cancelled"),
    ),
)

_RELEASE = Lifecycle(
    states=("planned", "in_build", "in_test", "ready", "in_deployment", "deployed", "closed", "cancelled"),
    initial="planned",
    final=("closed", "cancelled"),
    steps=(
        Step("build_started", ("planned", "in_test"), "in_build"),
        Step("test_started", ("in_build",), "in_test"),
        Step("test_passed", ("in_test",), "ready"),
        Step("deployment_started", ("ready",), "in_deployment"),
        Step("deployed", ("in_deployment",), "deployed"),
        Step("backed_out", ("in_deployment", "deployed"), "ready"),
        Step("closed", ("deployed",), "closed"),
        Step("cancelled", ("planned", "in_build", "in_test", "ready"), "cancelled"),
    ),
)

_VISIT = Lifecycle(
    states=("planned", "departed", "on_site", "closed", "cancelled"),
    initial="planned",
    final=("closed", "cancelled"),
    steps=(
        Step("departed", ("planned",), "departed"),
        Step("arrived", ("planned", "departed"), "on_site"),
        Step("closed", ("on_site",), "closed"),
        Step("cancelled", ("planned",), "cancelled"),
    ),
)

_INSPECTION = Lifecycle(
    states=("planned", "in_progress", "done", "cancelled"),
    initial="planned",
    final=("done", "cancelled"),
    steps=(
        Step("started", ("planned",), "in_progress"),
        Step("signed_off", ("planned", "in_progress"), "done"),
        Step("cancelled", ("planned",), "cancelled"),
    ),
)

LIFECYCLES: dict[str, Lifecycle] = {
    "incident": _INCIDENT,
    "service_request": _SERVICE_REQUEST,
    "problem": _PROBLEM,
    "change": _CHANGE,
    "release": _RELEASE,
    "visit": _VISIT,
    "inspection": _INSPECTION,
}

STATES_OF_STANDING_RECORDS: dict[str, tuple[str, ...]] = {
    "known_error": ("active", "fixed", "retired"),
    "service": ("planned", "active", "retired"),
    "asset": ("planned", "in_stock", "active", "in_repair", "retired"),
    "agreement": ("draft", "active", "expired"),
    "contract": ("draft", "active", "expired"),
    "article": ("draft", "active", "retired"),
}
"""The values of `status` for kinds without a timeline; a kind not listed has `active` and `retired`."""

NOTES = (
    "opened", "note", "assigned", "escalated", "remote_session", "departed", "arrived", "left", "called_back",
    "customer_contacted", "customer_reminded", "customer_told", "part_shipped", "part_arrived", "part_replaced",
    "report_submitted", "plan_written", "consented", "plan_approved", "approved_by_phone", "approval_confirmed",
    "major_incident", "regraded", "extended", "coordinated", "contact_reported",
    "workaround_found", "root_cause_found", "reviewed", "vote_requested", "conflict_found", "linked",
)  # fmt: skip
"""Events that leave the state as it is."""

PAUSE_REASONS = (
    "waiting_customer",
    "waiting_access",
    "waiting_supplier",
    "agreed_appointment",
    "force_majeure",
)
"""Why a ticket may wait; which clocks stand still meanwhile is the agreement's word (design: values)."""

WITH_REASON = ("cancelled", "rejected", "reopened", "backed_out")
"""Steps that take something away from somebody, who may ask why."""

ASKS_A_PERSON = ("paused", "approved", "rejected", "backed_out")
"""Events that say more than that they happened: a reason, a vote. Nobody can write them for somebody."""


def events_of(kind: str) -> tuple[str, ...]:
    """Return every event that may stand on a timeline of `kind`: its steps, then the notes."""
    life = LIFECYCLES.get(kind)
    steps = tuple(dict.fromkeys(step.event for step in life.steps)) if life else ()
    return steps + tuple(note for note in NOTES if note not in steps)


def is_live(kind: str, status: str) -> bool:
    """Whether a record is anything but a ticket at the end of its life."""
    life = LIFECYCLES.get(kind)
    return life is None or status not in life.final
