"""When a record must be looked at again, and that it is overdue where it is."""

from __future__ import annotations

from servicebook.publish.elements import badge, day
from servicebook.publish.view import View
from servicebook.records.facts import Facts


def review_html(view: View, due_on: str) -> str:
    """Return by when a record must be looked at again, with a badge where that day has passed; nothing for no day."""
    if not due_on:
        return ""
    say = view.labels.say
    mark = f"{badge(say('Review overdue'), 'stale')} " if due_on < view.now.date().isoformat() else ""
    return f"<p>{mark}{view.labels.lead('To be reviewed by')}{day(due_on)}</p>\n"


def stale_html(view: View, article: Facts) -> str:
    """Return the badge of an article whose review is overdue, to stand before its text; nothing for others."""
    due_on = str(article.get("valid_to", default=""))
    return review_html(view, due_on) if due_on and due_on < view.now.date().isoformat() else ""
