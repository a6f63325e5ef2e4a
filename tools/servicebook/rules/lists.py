"""Do the lines of a list go together: each thing once, each action somebody's, each shift within its roster?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.instants import parse_instant
from servicebook.rules.fields import is_before
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded

ONCE: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "contract": (("rate_card", ("role", "unit")), ("bid_prices", ("item",))),
    "board": (("members", ("person", "role", "from")),),
    "asset": (("relations", ("type", "target")),),
    "part": (("movements", ("id",)),),
}
"""Kind to its lists of which every line is told from the others by these fields; checklists are REC292's."""


@rule(
    "REC263",
    "listed-twice",
    scope="file",
    message="`{key}` stands in `{field}` a second time",
    hint="take out the line that does not hold",
    kinds=tuple(ONCE),
)
def listed_twice(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two prices of one role or item, one member of a board twice, one relation or movement twice.

    Why: nobody can tell which price holds, one vote would count as two, and a merge takes two movements with one id
    for one.

    Example:
        rate_card:
        - {role: testing, price: {amount: 800, currency: CNY}}
        - {role: testing, price: {amount: 900, currency: CNY}}

    Instead:
        rate_card:
        - {role: testing, price: {amount: 800, currency: CNY}}
    """
    facts = sound_facts(loaded)
    for name, keys in ONCE[facts.kind] if facts else ():
        assert facts is not None
        seen = set()
        for position, line in _lines(facts.get(name, default=())):
            key = tuple(str(line.get(part, "")) for part in keys)
            if key in seen and key[0]:
                said = " ".join(filter(None, key))
                yield listed_twice.at(facts.path, (name, position, keys[0]), key=said, field=name)
            seen.add(key)


@rule(
    "REC264",
    "action-of-nobody",
    scope="file",
    severity="warning",
    message="the action `{text}` does not say {missing}",
    hint="name a person or a team as its `owner`, and the day it is `due_on`",
    kinds=("meeting", "report"),
)
def action_of_nobody(loaded: Loaded) -> Iterator[Diagnostic]:
    """An open action of a meeting or a report that nobody answers for, or that is never due.

    Why: `servicebook next` asks its owner for it when it is due (clause 1.5.3). What is nobody's is asked of nobody.

    Example:
        actions: [{text: offer more transcoders}]

    Instead:
        actions: [{text: offer more transcoders, owner: chen.hao, due_on: 2026-11-19}]
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status == "retired":
        return
    for position, action in _lines(facts.get("actions", default=())):
        missing = [name for name in ("owner", "due_on") if not action.get(name)]
        if missing and not action.get("done_on"):
            params = {"text": action.get("text", ""), "missing": listed(missing)}
            yield action_of_nobody.at(facts.path, ("actions", position, "text"), **params)


@rule(
    "REC265",
    "shift-outside-its-roster",
    scope="file",
    message="the shift of `{person}` begins at {start}; the roster is from {first} to {last}",
    hint="correct the day | put the shift into the roster of its month",
    kinds=("roster",),
)
def shift_outside_its_roster(loaded: Loaded) -> Iterator[Diagnostic]:
    """A shift that begins on a day which its roster is not for.

    Why: it fills a gap in a time that another roster answers for; most likely its month or year is wrong, and the day
    that it is meant for has nobody.

    Example:
        period_start: 2026-11-02
        period_end: 2026-11-29
        shifts: [{start: "2026-12-09T08:00:00+08:00", end: "2026-12-16T08:00:00+08:00", person: li.wei}]

    Instead:
        shifts: [{start: "2026-11-09T08:00:00+08:00", end: "2026-11-16T08:00:00+08:00", person: li.wei}]
    """
    facts = sound_facts(loaded)
    first, last = (facts.get("period_start"), facts.get("period_end")) if facts else (None, None)
    if facts is None or not first or not last:
        return
    for position, shift in _lines(facts.get("shifts", default=())):
        start = shift.get("start")
        if is_before(start, first) or is_before(last, start):
            params = {"person": shift.get("person"), "start": start, "first": first, "last": last}
            yield shift_outside_its_roster.at(facts.path, ("shifts", position, "start"), **params)


@rule(
    "REC266",
    "swap-not-carried-out",
    scope="file",
    message="the shift of {start} was swapped from `{given}` to `{due}`, and `{person}` has it",
    hint="write who has the shift now | correct or take out the line below `swaps`",
    kinds=("roster",),
)
def swap_not_carried_out(loaded: Loaded) -> Iterator[Diagnostic]:
    """A swap of a shift that the list of shifts does not show.

    Why: two people believe that the other one answers the telephone.

    Example:
        shifts: [{start: "2026-11-16T08:00:00+08:00", end: "2026-11-23T08:00:00+08:00", person: chen.hao}]
        swaps: [{start: "2026-11-16T08:00:00+08:00", from: chen.hao, to: li.wei}]

    Instead:
        shifts: [{start: "2026-11-16T08:00:00+08:00", end: "2026-11-23T08:00:00+08:00", person: li.wei}]
        swaps: [{start: "2026-11-16T08:00:00+08:00", from: chen.hao, to: li.wei}]
    """
    facts = sound_facts(loaded)
    swaps = list(_lines(facts.get("swaps", default=()))) if facts else []
    # A shift that was swapped twice is with whom the last swap names.
    last = {parse_instant(swap.get("start")): (position, swap) for position, swap in swaps}
    for start, (position, swap) in last.items():
        assert facts is not None
        shifts = (shift for _, shift in _lines(facts.get("shifts", default=())))
        there = [shift.get("person") for shift in shifts if parse_instant(shift.get("start")) == start]
        if there and swap.get("to") not in there:
            params = {"start": swap.get("start"), "given": swap.get("from"), "due": swap.get("to")}
            where = ("swaps", position, "to")
            yield swap_not_carried_out.at(facts.path, where, **params, person=", ".join(map(str, there)))


def _lines(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for position, line in enumerate(value or ()):
        if isinstance(line, dict):
            yield position, line


RULES: tuple[Rule, ...] = (listed_twice, action_of_nobody, shift_outside_its_roster, swap_not_carried_out)
