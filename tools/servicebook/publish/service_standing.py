"""How a service stands now, as its open records tell: the word that its page, the catalog and the home page show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from servicebook.publish.view import View
from servicebook.records.facts import Facts

ORDER = ("bad", "warn", "plan", "ok", "off")
"""Shapes from the worst on."""

WORDS = {
    "severe": ("bad", "Severe fault"),
    "degraded": ("warn", "Degraded"),
    "open": ("warn", "Incident open"),
    "maintenance": ("plan", "In maintenance"),
    "working": ("ok", "Working"),
    "planned": ("off", "Planned"),
    "retired": ("off", "Retired"),
}
"""The shape and the word (an English label) of each way to stand."""


class Standing(NamedTuple):
    """How a service stands: a key of WORDS, the record that says so, and how many incidents are open."""

    how: str
    because: Facts | None
    incidents: int

    @property
    def tone(self) -> str:
        """The shape."""
        return WORDS[self.how][0]

    @property
    def words(self) -> str:
        """The word, as an English label."""
        return WORDS[self.how][1]


def standing_of(view: View, service: Facts) -> Standing:
    """Return how a service stands: by the worst of its open incidents, else by a change that is under way."""
    if service.status in ("planned", "retired"):
        return Standing(service.status, None, 0)
    incidents = view.naming_open(service, "incident")
    for how, is_so in _TESTS:
        if worst := _oldest(one for one in incidents if is_so(one)):
            return Standing(how, worst, len(incidents))
    change = next((one for one in view.naming_open(service, "change") if one.status == "in_implementation"), None)
    return Standing("maintenance" if change else "working", change, len(incidents))


_TESTS = (
    ("severe", lambda one: "major_incident" in one.events or one.get("fault_grade") == "severe"),
    ("degraded", lambda one: one.get("fault_grade") == "degraded"),
    ("open", lambda one: not one.get("fault_grade")),
)
"""From the worst on; a mere question (grade `consultation`) does not touch the service."""


def _oldest(incidents: Iterable[Facts]) -> Facts | None:
    return min(incidents, key=lambda one: one.id, default=None)
