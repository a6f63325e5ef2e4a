"""How far reports, surveys, acceptances and improvements have come, whose state says only that they are kept."""

from __future__ import annotations

from servicebook.publish.elements import status
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.workflow.satisfaction import is_answered

_RESULTS = {"passed": "met", "passed_with_defects": "warn", "failed": "miss"}


def paper_now(view: View, facts: Facts) -> str:
    """Return what a paper's page says in place of its state; "" where that tells enough.

    Others than the house are not shown all of a paper, so that how far it has come would come out wrong.
    """
    if facts.status != "active" or is_outer(view.desk.audience):
        return ""
    if facts.kind == "acceptance":
        result = str(facts.get("result", default=""))
        shown = status(_RESULTS.get(result, "off"), view.labels.value(result, "result")) if result else ""
    elif found := _step(facts):
        shown = status(found[0], view.labels.say(found[1]))
    else:
        shown = ""
    return f'<p class="now">{shown}</p>' if shown else ""


def _step(facts: Facts) -> tuple[str, str] | None:
    """Return the look of a paper's last step, and its words."""
    if facts.kind == "report":
        if facts.get("submitted_at"):
            return "met", "Submitted"
        return ("ok", "Reviewed, not submitted yet") if facts.get("reviewed_at") else ("pen", "Not reviewed yet")
    if facts.kind == "survey":
        return ("met", "Answered") if is_answered(facts) else ("run", "Not answered yet")
    if facts.kind == "improvement":
        return ("met", "Measured") if facts.get("measured_on") else ("run", "Under way")
    return None
