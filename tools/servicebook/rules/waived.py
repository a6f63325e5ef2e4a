"""What a record has been let off: waivers with a date and a name, and quirks of the system it was imported from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.records.facts import Facts

NEVER_WAIVED = ("FMT", "REC20", "SET")
"""What cannot be read cannot be let off: beginnings of codes that waivers and quirks do not reach."""


@found_on_the_way(
    "DSK890",
    "quirk-that-is-gone",
    message="`external.quirks` names {rule}, which this record does not break",
    hint="take {rule} out of `external.quirks` | servicebook explain {rule}",
    severity="warning",
)
def quirk_that_is_gone() -> None:
    """An imported record is excused from a rule that it keeps.

    Why: a quirk says what the source got wrong. One that no longer occurs would hide the same mistake when
    somebody makes it anew.

    Example:
        external: {system: old-desk, id: "4711", quirks: [WFL401]}     (and nothing is wrong any more)

    Instead:
        external: {system: old-desk, id: "4711"}
    """


@found_on_the_way(
    "DSK891",
    "waiver-run-out",
    message="the waiver of {rule} ran out on {until}",
    hint="mend what {rule} finds, then take the waiver out | agree on a new date, with a name",
    severity="warning",
)
def waiver_run_out() -> None:
    """A waiver whose last day is over while the rule still finds something.

    Why: a waiver is leave for a time. Without an end it is a rule that does not hold.

    Example:
        waivers: [{rule: REF503, reason: successor starts in May, until: 2026-05-31, by: wang.fang}]

    Instead:
        name the successor, and take the waiver out
    """


def excused(
    facts: Facts, found: Iterable[Diagnostic], today: date, was_judged: Callable[[str], bool]
) -> Iterator[Diagnostic]:
    """Yield one record's findings after its waivers and quirks have been heard.

    today: in the desk's zone. was_judged: whether the rule of a code was run in full on this record; only then
    can a quirk be told to be gone. A finding under a quirk comes back with the parameter `severity` = info.
    """
    waivers = {entry["rule"]: entry["until"] for entry in facts.get("waivers", default=())}
    quirks = list(facts.get("external", "quirks", default=()))
    met = set()
    for item in found:
        met.add(item.code)
        if item.code.startswith(NEVER_WAIVED):
            yield item
        elif item.code in quirks:
            yield item._replace(params=tuple(sorted([*item.params, ("severity", "info")])))
        elif item.code not in waivers or date.fromisoformat(waivers[item.code]) < today:
            yield item
    for code, until in sorted(waivers.items()):
        if code in met and date.fromisoformat(until) < today:
            yield waiver_run_out.at(facts.path, ("waivers",), rule=code, until=until)
    for position, code in enumerate(quirks):
        if code not in met and was_judged(code):
            yield quirk_that_is_gone.at(facts.path, ("external", "quirks", position), rule=code)


RULES: tuple[Rule, ...] = (quirk_that_is_gone, waiver_run_out)
