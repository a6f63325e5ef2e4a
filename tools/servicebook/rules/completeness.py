"""Does a record hold what its state and its readers ask for: the fields due, the sections looked for?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.demands import demanded
from servicebook.records.facts import Facts
from servicebook.records.templates import SECTIONS
from servicebook.rules.reading import is_ticket, listed, sound_facts
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import RESTING
from servicebook.workflow.verbs import ASSIGNED, command_for

if TYPE_CHECKING:
    from servicebook.loader import Loaded

UNASKED = ("cancelled", "rejected", "retired", "expired")
"""States in which nothing more is asked for."""

EQUAL: dict[str, tuple[str, ...]] = {
    "symptom": ("description", "summary"),
    "request": ("description", "summary"),
    "description": ("symptom", "background", "summary"),
}
"""Headings that answer the same question as the one a template has."""


@rule(
    "BOD351",
    "section-missing",
    scope="file",
    message="there is no section `{due}`",
    hint="add `## {due}` and say in a sentence or two what a reader asks first",
    incomplete=True,
)
def section_missing(loaded: Loaded) -> Iterator[Diagnostic]:
    """A finished record without the section that its readers look for first.

    Why: an incident without a symptom cannot be told from the next one; a change without a way back is a bet.
    Chinese and English headings count alike (Symptom, 现象), and so does a field of the same name (`plan`).
    Imported records are taken as they are.

    Example:
        status: resolved
        ## Log
        rang back at 10:00

    Instead:
        status: resolved
        ## Symptom
        Channel 3 is black, sound is there.

        ## Log
        rang back at 10:00
    """
    facts = sound_facts(loaded)
    if facts is None or loaded.body is None or facts.get("external") or not is_finished(facts):
        return
    present = {section.key for section in loaded.body.sections}
    for heading in SECTIONS.get(facts.kind, ()):
        if not heading.required or heading.key in present or not present.isdisjoint(EQUAL.get(heading.key, ())):
            continue
        if not facts.get("plan", heading.key) and not facts.get(heading.key):
            yield section_missing.at(facts.path, (), due=heading.en)


@rule(
    "REC258",
    "state-without-its-fields",
    scope="file",
    message="a record of kind `{kind}` that is `{status}` also needs {fields}",
    hint="servicebook set {id} {call} | servicebook assign {id} {whom}"
    " | `servicebook schema {kind}` says what they take",
    incomplete=True,
)
def state_without_its_fields(loaded: Loaded) -> Iterator[Diagnostic]:
    """A record in a state that asks for more than the record holds.

    Why: a new ticket needs next to nothing, so that nobody is stopped while the customer waits. Each further
    state needs what the next reader builds on: without a cause code nobody finds what keeps coming back.
    A plan may stand in the text instead (`## Backout`). Imported records are asked only while they are open.

    Example:
        status: resolved

    Instead:
        status: resolved
        resolution: {resolution_code: fixed, cause_code: software, method: restarted the transcoder}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status in UNASKED or (facts.get("external") and is_finished(facts)):
        return
    empty = [
        keys
        for keys in _demanded_keys(facts.kind, facts.status)
        if not (value := facts.get(*keys, default="")) and value in ("", [], {})
    ]
    told = {section.key for section in loaded.body.sections} if empty and loaded.body else set()
    lacking = [".".join(keys) for keys in empty if keys[-1] not in told]
    if lacking:
        call = " ".join(f"{name}=…" for name in lacking if not command_for(facts, name.partition(".")[0]))
        whom = "|".join(ASSIGNED[name] for name in lacking if command_for(facts, name) and name in ASSIGNED)
        params = {"kind": facts.kind, "id": facts.id, "status": facts.status, "fields": listed(lacking)}
        yield state_without_its_fields.at(facts.path, ("status",), **params, call=call, whom=whom)


@cache
def _demanded_keys(kind: str, status: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(field.split(".")) for field in demanded(kind, status))


def is_finished(facts: Facts) -> bool:
    """Whether the work on a ticket is done, and not given up."""
    return facts.status in (*RESTING, "closed", "in_implementation", "in_deployment")


@rule(
    "BOD352",
    "section-after-the-log",
    scope="file",
    severity="warning",
    message="the section `{title}` stands after the log",
    hint="move it above `## Log`, or give it a deeper heading inside the log",
)
def section_after_the_log(loaded: Loaded) -> Iterator[Diagnostic]:
    """A section that stands after the log of a ticket.

    Why: the log is where everybody appends, so it comes last; and a plan is approved as it stands above the
    log, so whatever stands below was not approved.

    Example:
        ## Log
        ## Backout

    Instead:
        ## Backout
        ## Log
    """
    facts = sound_facts(loaded)
    if facts is None or loaded.body is None or not is_ticket(facts):
        return
    log = next((section for section in loaded.body.sections if section.key == "log"), None)
    for section in loaded.body.sections if log else ():
        if log and section.line > log.line and section.level <= log.level and section.key != "log":
            span = Span(section.line, 1, section.line, 1 + section.level + 1 + len(section.title))
            yield section_after_the_log.at(facts.path, span, title=section.title)


RULES: tuple[Rule, ...] = (section_missing, state_without_its_fields, section_after_the_log)
