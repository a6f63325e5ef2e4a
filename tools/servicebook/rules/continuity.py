"""Does a service that must not be lost say how it comes back?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import rule
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.loader import Loaded

DUE = ("rto", "rpo", "plan", "tested_on")
"""What `continuity` must say: how soon back, how much lost, by which plan, and that it was tried (ISO 22301, 8.5)."""


@rule(
    "REC331",
    "critical-without-continuity",
    scope="file",
    severity="warning",
    message="the service is critical, and `continuity` does not say {fields}",
    hint="write `continuity: {{rto: 30m, rpo: 0s, plan: ARTICLE, tested_on: YYYY-MM-DD}}`",
    kinds=("service",),
)
def critical_without_continuity(loaded: Loaded) -> Iterator[Diagnostic]:
    """A critical service without a tested plan for the day it is lost (clause 1.5.2).

    Why: on that day nobody has the time to think it up, and a plan that was never tried is a hope.

    Example:
        criticality: critical
        continuity: {rto: 30m, rpo: 0s}

    Instead:
        criticality: critical
        continuity: {rto: 30m, rpo: 0s, plan: continuity-plan-live, tested_on: 2026-09-20}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status != "active" or facts.get("criticality") != "critical":
        return
    told = facts.get("continuity", default={})
    if lacking := [name for name in DUE if name not in told]:
        where = ("continuity",) if told else ("criticality",)
        yield critical_without_continuity.at(facts.path, where, fields=listed(lacking))


RULES = (critical_without_continuity,)
