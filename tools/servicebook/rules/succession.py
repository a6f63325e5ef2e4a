"""Is what follows dated after what it follows, where the two stand in different blocks of a record?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.rules.fields import is_before
from servicebook.rules.reading import sound_facts
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded

FOLLOWS: dict[str, tuple[tuple[str, str], ...]] = {
    "incident": (
        ("emergency_plan.approval.at", "emergency_plan.approval.confirmed_at"),
        ("reported_at", "emergency_plan.consent.at"),
        ("resolution.outage_end_at", "resolved"),
    ),
    "service_request": (("resolved", "fulfilment.accepted_on"),),
    "change": (
        ("planned_start_at", "plan.point_of_no_return_at"),
        ("plan.point_of_no_return_at", "planned_end_at"),
    ),
    "inspection": (("started", "sign_off.signed_on"),),
    "contract": (("signed_on", "accepted_on"), ("renewal.option_by_on", "expires_on")),
    "report": (("period_start", "submitted_at"),),
    "meeting": (("held_at", "next_meeting_at"), ("held_at", "actions.*.done_on")),
}
"""Kind to what comes first and what follows it: fields by their paths, `*` for every line, or the name of an event.

Pairs of one block are in fields.PERIODS. Of an event that was repeated the last counts where it follows, and the first
where it comes before.
"""

EVENTS = ("resolved", "started")
"""Names in FOLLOWS that stand on the timeline, not in a field."""


@rule(
    "REC262",
    "before-what-it-follows",
    scope="file",
    message="`{later}` is {said}, before `{earlier}` at {before}",
    hint="correct one of the two",
    kinds=tuple(FOLLOWS),
)
def before_what_it_follows(loaded: Loaded) -> Iterator[Diagnostic]:
    """A time in one part of a record that lies before what it follows in another part.

    Why: an approval confirmed before it was given, a thing accepted before it was done, an option that outlives its
    contract: one of the two is wrong, and clocks and lists count with both.

    Example:
        renewal: {percent: 5, of: bid_total, option_by_on: 2029-08-17}
        expires_on: 2028-11-17

    Instead:
        renewal: {percent: 5, of: bid_total, option_by_on: 2028-08-17}
        expires_on: 2028-11-17
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("external"):
        return
    for earlier, later in FOLLOWS[facts.kind]:
        if not all(word in facts.raw for word in _words_of(earlier, later)):
            continue
        first = next(_said(facts, earlier, last=False), None)
        if first is None:
            continue
        for where, value in _said(facts, later, last=True):
            if is_before(value, first[1]):
                params = {"later": later.replace(".*", ""), "said": value, "earlier": earlier, "before": first[1]}
                yield before_what_it_follows.at(facts.path, where, **params)


@cache
def _words_of(*names: str) -> tuple[str, ...]:
    """Return what stands in a fact row's text that holds these fields and events, what is rare first."""
    keys = (key for name in names for key in name.split(".") if key != "*")
    return tuple(sorted((f'"{key}"' for key in keys), key=len, reverse=True))


def _said(facts: Facts, name: str, *, last: bool) -> Iterator[tuple[KeyPath, Any]]:
    """Yield the values of a field or of an event, each with its place."""
    if name in EVENTS:
        places = [place for place, event in enumerate(facts.events) if event == name]
        if places:
            place = places[-1 if last else 0]
            yield ("timeline", place, "at"), facts.timeline[place].get("at")
        return
    found: list[tuple[KeyPath, Any]] = [((), facts.data)]
    for key in name.split("."):
        if key == "*":
            found = [((*where, n), one) for where, value in found for n, one in enumerate(value or ())]
        else:
            found = [((*where, key), value[key]) for where, value in found if isinstance(value, dict) and key in value]
    yield from found


RULES: tuple[Rule, ...] = (before_what_it_follows,)
