"""Is the way to a site known, and does it fit the band that the site is in?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.rules.reading import is_at_rest, is_broken, is_ticket, sound_facts
from servicebook.sla.entitlement import TRAVEL_CAPS
from servicebook.sla.status import clocks_of
from servicebook.sla.targets import Lookup

if TYPE_CHECKING:
    from servicebook.loader import Loaded


@rule(
    "SLA608",
    "travel-beyond-band",
    scope="file",
    severity="warning",
    message="the way takes {minutes} min, more than the {cap} min of a `{band}` site",
    hint="correct the minutes, or the site's `distance_class`",
    kinds=("site",),
)
def travel_beyond_band(loaded: Loaded) -> Iterator[Diagnostic]:
    """A way to a site that takes longer than sites of its distance class allow.

    Why: the class sets how soon equipment faults are attended to (4, 8, 12 or 24 h). A team that travels
    longer than that, less an hour, breaks the promise before it leaves.

    Example:
        distance_class: local
        travel_minutes: [{mode: car, minutes: 300}]

    Instead:
        distance_class: near
        travel_minutes: [{mode: car, minutes: 300}]
    """
    facts = sound_facts(loaded)
    band = str(facts.get("distance_class") or "") if facts is not None else ""
    cap = TRAVEL_CAPS.get(band)
    for place, way in enumerate(facts.get("travel_minutes", default=()) if facts is not None else ()):
        if facts is not None and cap is not None and way["minutes"] > cap:
            where = ("travel_minutes", place, "minutes")
            yield travel_beyond_band.at(facts.path, where, minutes=way["minutes"], cap=cap, band=band)


@rule(
    "SLA634",
    "travel-unknown",
    scope="relation",
    severity="warning",
    message="the clock `{clock}` is an estimate: `{site}` has no travel time or distance class that it could use",
    hint="write `travel_minutes` and `distance_class` into the site's record, as agreed with the customer",
)
def travel_unknown(facts: Facts, desk: Lookup) -> Iterator[Diagnostic]:
    """An open ticket whose clock needs the way to the site, which nobody has written down.

    Why: the most that the site's band allows was taken instead. The real due time is likely earlier.

    Example:
        a severe fault at a site without `travel_minutes`, promised within `travel + 1h`

    Instead:
        travel_minutes: [{mode: car, minutes: 35}]
    """
    if is_broken(facts) or not is_ticket(facts) or is_at_rest(facts):
        return
    last = max((at for entry in facts.timeline if (at := parse_instant(entry.get("at")))), default=None)
    for status in clocks_of(facts, desk, last) if last else ():
        if status.trouble == "no-travel" and status.stopped_at is None:
            where = ("site",) if facts.get("site") else ()
            yield travel_unknown.at(facts.path, where, clock=status.name, site=facts.get("site") or "-")


RULES: tuple[Rule, ...] = (travel_beyond_band, travel_unknown)
