"""How the handling report goes to the customer: its sections on the record, the event that stops its clock."""

from __future__ import annotations

from collections.abc import Mapping

from servicebook.actions.dispatching import set_block
from servicebook.actions.event import Stamp, record_event, render_at
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.text.source_file import SourceFile
from servicebook.workflow.handling_report import sections_of


def submit_report(
    source: SourceFile, facts: Facts, stamp: Stamp, said: Mapping[str, str], *, to: str, via: str, note: str = ""
) -> SourceFile:
    """Say that the report was submitted: `to` whom, `via` which channel; `said` are sections in words of their own.

    Raises FindingsError before the incident is resolved, where a section says nothing yet, and where it was
    submitted before.
    """
    if facts.status not in ("resolved", "closed"):
        raise FindingsError(
            "`{id}` is `{state}`: there is nothing to report yet", "first: servicebook resolve {id}",
            id=facts.id, state=facts.status,
        )  # fmt: skip
    if "report_submitted" in facts.events[_last(facts.events, "resolved") :]:
        raise FindingsError(
            "the report of `{id}` was submitted already", "servicebook report {id} --print shows it", id=facts.id
        )
    sections = {**sections_of(facts), **said}
    if missing := [name for name, text in sections.items() if not text]:
        raise FindingsError(
            "the report of `{id}` does not say {missing}", "servicebook report {id} {flags}",
            id=facts.id, missing=", ".join(missing),
            flags=" ".join(f"--{name.replace('_', '-')} TEXT" for name in missing),
        )  # fmt: skip
    if not to:
        raise FindingsError("`{id}` names no caller", "--to NAME", id=facts.id)
    after = record_event(source, facts, "report_submitted", stamp, via=via, to=to, note=note)
    block = {**said, "submitted_at": render_at(stamp.at), "submitted_to": to, "via": via}
    return SourceFile(after.path, set_block(after.data, facts, "handling_report", block))


def _last(events: list[str], name: str) -> int:
    """Return where an event stands last; a report is due anew when an incident was reopened and solved again."""
    return len(events) - 1 - events[::-1].index(name) if name in events else 0
