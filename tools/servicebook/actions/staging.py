"""How a ticket comes into a stage: a state of the desk's own, within one of ours that clocks and rules know."""

from __future__ import annotations

from collections.abc import Mapping

from servicebook.actions.event import Stamp, record_event, said_verbs
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.text.set_field import remove_field, set_field
from servicebook.text.source_file import SourceFile


def enter_stage(
    source: SourceFile, facts: Facts, stamp: Stamp, stage: str, stages: Mapping[str, str], *, note: str = ""
) -> SourceFile:
    """Return the file in a stage, empty for none, with the line of the timeline that says so.

    stages: the desk's, each with the state that it is a stage of. Raises FindingsError for a stage that the desk
    does not have, or that belongs to another state than the ticket's: a step changes the state, no stage does.
    """
    if stage and stage not in stages:
        here = ", ".join(word for word, state in stages.items() if state == facts.status)
        raise FindingsError(
            "this desk has no stage `{stage}`",
            "in `{status}` are: {known}" if here else "declare it under [tool.servicebook.stages]",
            stage=stage, status=facts.status, known=here,
        )  # fmt: skip
    if stage and stages[stage] != facts.status:
        raise FindingsError(
            "`{stage}` is a stage of `{state}`; the ticket is `{status}`", "possible now: {verbs}",
            stage=stage, state=stages[stage], status=facts.status, verbs=said_verbs(facts),
        )  # fmt: skip
    said = {"field": "stage", "old": facts.get("stage"), "new": stage, "note": note}
    after = record_event(source, facts, "note", stamp, **said)
    data = set_field(after.data, ("stage",), stage) if stage else remove_field(after.data, ("stage",))
    return SourceFile(after.path, data)
