"""The page of inspections: which were missed or are late, which come, and what the last ones found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from servicebook.publish.checked_html import failure_html, items_of
from servicebook.publish.elements import Column, day, status
from servicebook.publish.gathering import Gathering
from servicebook.publish.record_lists import named_link
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.reports.inspections import BEHIND, Coming, calendar_of

AHEAD = timedelta(days=30)
ROWS = 30

STATES = {
    "due": ("off", "Not planned yet"), "planned": ("ok", "Arranged"), "late": ("warn", "Late"),
    "missed": ("miss", "Not held"),
}  # fmt: skip
"""The look of a day of a plan, and its words."""


def inspections(desk: Gathering, address: str) -> str:
    """Return what is due by the plans, which the house alone is told in full, and the last results."""
    view = desk.view
    # Others see the inspections that were published to them: a day without one need not have been missed.
    now = view.now.astimezone(view.zone)
    days = [] if is_outer(view.desk.audience) else calendar_of(view, now, None, BEHIND, AHEAD)
    behind = [one for one in days if one.state in ("late", "missed")]
    ahead = [one for one in days if one.state in ("due", "planned")]
    done = sorted(
        (one for one in view.of_kind("inspection") if one.status == "done"),
        key=lambda one: str(one.get("due_on") or ""),
        reverse=True,
    )
    say = view.labels.say
    html = "".join(
        [
            view.section("Missed or late", _days(view, address, behind),
                         note=say("Last {days} days", days=BEHIND.days)),
            view.section("Inspections to come", _days(view, address, ahead),
                         note=say("Next {days} days", days=AHEAD.days)),
            view.section("Last results", _results(view, address, done[:ROWS])),
        ]
    )  # fmt: skip
    return html or view.none_yet("inspection_plan")


def _days(view: View, address: str, days: Sequence[Coming]) -> str:
    found = [
        (
            day(one.due_on.isoformat()), view.link(address, one.plan), _state(view, one),
            view.link(address, one.inspection) if one.inspection else "",
            named_link(view, address, one.plan, "assignment_group"),
        )
        for one in days[:ROWS]
    ]  # fmt: skip
    heads = (Column("Day", "nw"), Column("Inspection plan", "f"), "State", "Inspection", "Team")
    return view.table(heads, found) if found else ""


def _state(view: View, one: Coming) -> str:
    tone, words = STATES[one.state]
    return status(tone, view.labels.say(words))


def _results(view: View, address: str, done: Sequence[Facts]) -> str:
    """Return inspections with how much was in order, and what was not."""
    found = []
    for one in done:
        judged = [result for result in one.get("results", default=()) if result.get("ok") is not None]
        failed = [result for result in judged if result.get("ok") is False]
        told = ("{fine} of {all} in order" if failed else "All {all} in order") if judged else "No result"
        shape = "miss" if failed else "met" if judged else "off"
        words = view.labels.say(told, fine=len(judged) - len(failed), all=len(judged))
        items = items_of(view, one) if failed else {}
        why = "".join(f'<p class="meta">{failure_html(items, result)}</p>' for result in failed[:5])
        found.append(
            (
                day(str(one.get("due_on") or "")), view.link(address, one), status(shape, words) + why,
                named_link(view, address, one, "plan"),
            )
        )  # fmt: skip
    heads = (Column("Day", "nw"), "Record", "Found", "Inspection plan")
    return view.table(heads, found) if found else ""

