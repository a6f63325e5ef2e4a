"""The cases behind the dashboard: clocks that were missed, tickets reopened or old, changes that did not hold."""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.publish.elements import Column, section
from servicebook.publish.gathering import Gathering
from servicebook.publish.record_lists import changes_table, tickets_table
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.reports.figures import (
    BANDS,
    FORMULAS,
    MOST_CASES,
    MOST_MISSED,
    Breach,
    added,
    backlog,
    latest,
    newest_ids,
)
from servicebook.reports.ticket_outcomes import COUNTED
from servicebook.reports.work_figures import WORKED_ON


def cases(desk: Gathering, address: str) -> str:
    """Return the cases of the last twelve months; for the house alone, as the dashboard is."""
    view = desk.view
    if is_outer(view.desk.audience):
        return f"<p>{view.labels.say('These figures are for the organisation itself.')}</p>\n"
    months = desk.outcomes.all
    missed = latest(one for month in months for one in month.missed)[:MOST_MISSED]
    again = _records(view, newest_ids(id for month in months for id in month.again)[:MOST_CASES])
    failed = _records(view, newest_ids(id for month in months for id in month.failed)[:MOST_CASES])
    of_clocks = added(count for month in months for count in month.clocks.values())
    late = of_clocks.whole - of_clocks.part
    held = added(month.held for month in months)
    still_open = list(view.open_of_kind(*WORKED_ON))
    ages = backlog(still_open, view.now, view.priority_of)[BANDS[-1][1]]
    oldest = newest_ids(id for ids in ages.values() for id in ids)[::-1]
    of_changes, of_tickets = changes_table(view, address, failed, desk.approvals), tickets_table(view, address, again)
    of_old = tickets_table(view, address, _records(view, oldest[:MOST_CASES]))
    reopened = added(month.reopened for month in months).part
    return (
        _section(view, "Missed clocks", "missed", _missed(view, address, missed), late, MOST_MISSED)
        + _section(view, "Changes that did not hold", "held", of_changes, held.whole - held.part)
        + _section(view, "Reopened", "reopened", of_tickets, reopened)
        + _section(view, "Open for more than 90 days", "oldest", of_old, len(oldest))
    )


def _section(view: View, title: str, anchor: str, html: str, count: int, most: int = MOST_CASES) -> str:
    """Return a section with the number of its cases, and what is meant where that has a formula."""
    say = view.labels.say
    note = say("{shown} of {count}", shown=min(count, most), count=count) if count > most else str(count)
    meant = f'<p class="meta">{say(FORMULAS[title])}</p>\n' if title in FORMULAS else ""
    return section(view.labels, title, meant + (html or f"<p>{say('There are none.')}</p>\n"), anchor, note)


def _missed(view: View, address: str, missed: list[Breach]) -> str:
    lines = []
    for one in missed:
        if ticket := view.get(one.kind, one.id):
            stopped = view.instant(one.stopped_at) if one.stopped_at else view.labels.say("Not stopped yet")
            cause = view.labels.value(one.cause, "cause_code")
            clock = view.labels.value(one.clock)
            lines.append((view.link(address, ticket), clock, view.instant(one.due_at), stopped, cause))
    heads = ("Record", "Clock", Column("Due", "nw", named=True), Column("Stopped", "nw", named=True), "Cause")
    return view.table(heads, lines) if lines else ""


def _records(view: View, ids: Iterable[str]) -> list[Facts]:
    found = (next((one for kind in COUNTED if (one := view.get(kind, id))), None) for id in ids)
    return [one for one in found if one]
