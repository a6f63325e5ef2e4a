"""How a periodic report goes its way: made with its first figures, reviewed by somebody else, then submitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from servicebook.actions.event import render_at
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.text.set_field import set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.promised_reports import Period


def fields_of_report(
    title: str, period: Period, figures: Sequence[dict[str, Any]], revision: str, said: dict[str, str]
) -> dict[str, Any]:
    """Return the fields of a new report: said are report_type, customer, service and prepared_by."""
    return {
        "title": title,
        **{name: value for name, value in said.items() if value},
        "period_start": period.start.isoformat(),
        "period_end": period.end.isoformat(),
        "source_revision": revision,
        "figures": list(figures),
    }


def review(source: SourceFile, facts: Facts, by: str, at: datetime) -> SourceFile:
    """Say who reviewed a report. Raises FindingsError where it was submitted, or for who wrote it."""
    _require_unsent(facts)
    if by == facts.get("prepared_by"):
        raise FindingsError(
            "`{person}` wrote `{id}` and cannot review it", "somebody else reviews it: --by PERSON",
            person=by, id=facts.id,
        )  # fmt: skip
    data = set_field(source.data, ("reviewed_by",), by)
    return SourceFile(source.path, set_field(data, ("reviewed_at",), render_at(at)))


def submit(source: SourceFile, facts: Facts, to: str, via: str, at: datetime) -> SourceFile:
    """Say to whom a report was submitted, how and when. Raises FindingsError before it was reviewed."""
    _require_unsent(facts)
    if not (facts.get("reviewed_by") and facts.get("reviewed_at")):
        raise FindingsError(
            "nobody has reviewed `{id}` yet", "first: servicebook report review {id} --by PERSON", id=facts.id
        )
    if at < datetime.fromisoformat(facts.get("reviewed_at")):
        raise FindingsError(
            "`{id}` was reviewed at {reviewed}, after {at}", "say with --at when it was submitted",
            id=facts.id, reviewed=facts.get("reviewed_at"), at=render_at(at),
        )  # fmt: skip
    if not to:
        raise FindingsError("no plan says who receives `{id}`", "--to NAME", id=facts.id)
    data = source.data
    for name, value in (("submitted_to", to), ("submitted_at", render_at(at)), ("via", via)):
        data = set_field(data, (name,), value)
    return SourceFile(source.path, data)


def _require_unsent(facts: Facts) -> None:
    if facts.get("submitted_at"):
        raise FindingsError(
            "`{id}` was submitted at {at} already", "servicebook show {id}", id=facts.id, at=facts.get("submitted_at")
        )
