"""What meetings, reports and improvements asked people to do, and is not done yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from servicebook.records.facts import Facts
from servicebook.reports.board import Desk
from servicebook.sla.cover import day_written
from servicebook.typed import NamedTuple


class Promise(NamedTuple):
    """One open action, or an improvement as a whole. number: from 1, of the action in its record; 0 for none."""

    record: Facts
    number: int
    text: str
    owner: str
    due_on: date | None


def open_promises(desk: Desk) -> Iterator[Promise]:
    """Yield what is not done, record by record (clauses 1.5.3, 1.5.5-1)."""
    for record in desk.of_kind("meeting", "report"):
        for number, action in enumerate(record.get("actions", default=()) if record.status != "retired" else (), 1):
            if not action.get("done_on"):
                owner, due = str(action.get("owner") or ""), day_written(action.get("due_on"))
                yield Promise(record, number, str(action.get("text", "")), owner, due)
    for record in desk.of_kind("improvement"):
        if record.status != "retired" and not record.get("result"):
            owner, due = str(record.get("owner", default="")), day_written(record.get("due_on"))
            yield Promise(record, 0, record.title, owner, due)
