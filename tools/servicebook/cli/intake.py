"""Taking an incident down: seven questions and the symptom, and at once what the desk knows of it already."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_choice, ask_line
from servicebook.cli.fields import Field
from servicebook.cli.form import ask_field
from servicebook.cli.history import render_works
from servicebook.cli.terminal import cut, terminal_width
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.reports.similar import Likeness, likely_duplicates, similar_records
from servicebook.reports.upkeep import upkeep_of
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any

QUESTIONS = ("customer", "caller", "contact_type", "reported_at", "site", "category", "fault_grade")
"""What the consultant asks on the telephone (service plan, 1.2.2 steps 1 and 2), in this order; then the symptom."""

TITLE = 60
"""The most characters of a symptom that become a title."""

SHOWN = 3
RECENT = 10_000
"""Among so many of the newest incidents are those looked for that look like a new one; among all known errors."""
LATELY = 300
"""In so many of the newest tickets of each kind is looked for work done where a fault is; `history` has it all."""


class _Recent:
    """What a new incident is compared with: on a desk of 100,000 tickets to compare it with all takes seconds."""

    def __init__(self, desk: Snapshot) -> None:
        self._desk = desk

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of kinds, the newest of dated ones."""
        for kind in kinds:
            yield from self._desk.latest(kind, RECENT) if kind == "incident" else self._desk.of_kind(kind)


def ask_call(desk: Snapshot, fields: Sequence[Field], values: dict[str, Any]) -> str:
    """Ask what is not said yet, then the symptom, which is returned and gives the title where there is none."""
    known = {field.name: field for field in fields}
    print(speak("Enter leaves a question open."), file=sys.stderr)
    for name in QUESTIONS:
        if name in values:
            continue
        if name == "reported_at":
            answer: Any = ask_line(known[name].label, speak("now"))
            answer = "" if answer == speak("now") else answer
        else:
            answer = ask_field(desk, known[name], values)
        if answer:
            values[name] = answer
    symptom = ask_line(speak("What is wrong?"))
    values.setdefault("title", symptom[:TITLE] or ask_line(known["title"].label, needed=True))
    return symptom


def offer_duplicates(desk: Snapshot, facts: Facts) -> str:
    """Show open incidents that tell the same, and return the one that somebody says it is, or nothing."""
    found = likely_duplicates(desk, facts)
    if not found:
        return ""
    print(speak("Open already, and alike:"), file=sys.stderr)
    titles = [_face(like) for like in found]
    return ask_choice(
        speak("Is it one of these? (Enter: no)"), [like.record.id for like in found], default="", titles=titles
    )


def tell_known(desk: Snapshot, facts: Facts, now: datetime) -> Iterator[str]:
    """Yield what the desk knows of an incident just taken down, a paragraph each.

    That is work by others, open incidents that tell the same, what was done to its assets (else at its site) so far,
    and past incidents and known errors that look like it.
    """
    if (value := facts.get("caller", "third_party_maintenance")) in ("before", "now"):
        who = facts.get("caller", "third_party_by", default="-")
        said = "others service it now: {who}" if value == "now" else "others have serviced it: {who}"
        yield speak(said, who=plain(who)) + "; " + speak("that can end the warranty")
    twins = [] if facts.get("links", "duplicate_of") else likely_duplicates(desk, facts)
    if twins:
        lines = [speak("Open already, and alike:"), *(_line(like) for like in twins)]
        yield "\n".join([*lines, f"  servicebook link {facts.id} {twins[0].record.id} --as duplicate_of"])
    for kind, id in _served(facts):
        works = upkeep_of(desk, kind, id, LATELY)
        if works:
            lines = [speak("Done so far to {id}:", id=id), *("  " + row for row in render_works(works[:SHOWN], now))]
            rest = [f"  servicebook history {id}"] if len(works) > SHOWN else []
            yield "\n".join([*lines, *rest])
    known = {like.record.id for like in twins}
    alike = [like for like in similar_records(_Recent(desk), facts) if like.record.id not in known]
    if alike:
        yield "\n".join([speak("Looks like:"), *(_line(like) for like in alike)])


def _served(facts: Facts) -> list[tuple[str, str]]:
    assets = [("asset", str(id)) for id in facts.get("assets", default=())[:SHOWN]]
    return assets or ([("site", str(facts.get("site")))] if facts.get("site") else [])


def _line(like: Likeness) -> str:
    return cut("  " + _face(like, with_id=True), terminal_width())


def _face(like: Likeness, with_id: bool = False) -> str:
    face = f"{plain(like.record.title)} ({', '.join(like.shared)})"
    return f"{like.record.id}  {face}" if with_id else face
