"""Is the way to a site known, and does it fit the band that the site is in?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.rules.reading import sound_facts
from servicebook.sla.entitlement import TRAVEL_CAPS
from servicebook.typed import TYPE_CHECKING

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


RULES: tuple[Rule, ...] = (travel_beyond_band,)
