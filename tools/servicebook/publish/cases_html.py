"""The cases behind the dashboard: clocks that were missed, tickets reopened or old, changes that did not hold."""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.publish.elements import Column, section
from servicebook.publish.gathering import Gathering
from servicebook.publish.record_lists import changes_table, tickets_table
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.reports.figures import BANDS, FORMULAS, Breach, backlog, breaches
from servicebook.reports.work_figures import WORKED_ON

MOST_MISSED = 40
"""Missed clocks on the page; so many at most keep it below 60 KB."""
MOST = 20
"""Records in each of the other tables."""


def cases(desk: Gathering, address: str) -> str:
    """Return the cases of the last twelve months; for the house alone, as the dashboard is."""
    view = desk.view
    if is_outer(view.desk.audience):
        return f"<p>{view.labels.say('These figures are for the organisation itself.')}</p>\n"
    outcomes = desk.outcomes.all
    missed = breaches(outcomes)
    again = _records(view, (one.id for one in outcomes if one.reopened and one.kind in WORKED_ON))
    failed = _records(view, (one.id for one in outcomes if one.held is False))
    still_open = [one for one in view.of_kind(*WORKED_ON) if view.is_open(one)]
    ages = backlog(still_open, view.now, view.priority_of)[BANDS[-1][1]]
    oldest = _records(view, (id for ids in ages.values() for id in ids))[::-1]
    of_changes, of_tickets = changes_table(view, address, failed[:MOST]), tickets_table(view, address, again[:MOST])
    of_old = tickets_table(view, address, oldest[:MOST])
    return (
        _section(view, "Missed clocks", "missed", _missed(view, address, missed), len(missed), MOST_MISSED)
        + _section(view, "Changes that did not hold", "held", of_changes, len(failed))
        + _section(view, "Reopened", "reopened", of_tickets, len(again))
        + _section(view, "Open for more than 90 days", "oldest", of_old, len(oldest))
    )


def _section(view: View, title: str, anchor: str, html: str, count: int, most: int = MOST) -> str:
    """Return a section with the number of its cases, and what is meant where that has a formula."""
    say = view.labels.say
    note = say("{shown} of {count}", shown=min(count, most), count=count) if count > most else str(count)
    meant = f'<p class="meta">{say(FORMULAS[title])}</p>\n' if title in FORMULAS else ""
    return section(view.labels, title, meant + (html or f"<p>{say('There are none.')}</p>\n"), anchor, note)


def _missed(view: View, address: str, missed: list[Breach]) -> str:
    lines = []
    for one in missed[:MOST_MISSED]:
        if ticket := view.get(one.of.kind, one.of.id):
            ending = one.ending
            stopped = view.instant(ending.stopped_at) if ending.stopped_at else view.labels.say("Not stopped yet")
            cause = view.labels.value(one.of.cause, "cause_code")
            clock = view.labels.value(ending.clock)
            lines.append((view.link(address, ticket), clock, view.instant(ending.due_at), stopped, cause))
    heads = ("Record", "Clock", Column("Due", "nw", named=True), Column("Stopped", "nw", named=True), "Cause")
    return view.table(heads, lines) if lines else ""


def _records(view: View, ids: Iterable[str]) -> list[Facts]:
    """Return records, the newest first."""
    found = (next((one for kind in ("incident", "service_request", "change") if (one := view.get(kind, id))), None)
             for id in sorted(ids, key=lambda id: id[4:], reverse=True))  # fmt: skip
    return [one for one in found if one]
