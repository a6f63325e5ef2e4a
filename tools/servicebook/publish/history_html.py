"""What Git knows of a record's file: the last commit that moved it, and how to read the whole of its history."""

from __future__ import annotations

from html import escape

from servicebook.publish.controls import shown_controls
from servicebook.publish.elements import record_id
from servicebook.publish.labels import written
from servicebook.publish.view import View
from servicebook.records.facts import Facts

SHORT = 9
"""So many characters of a commit's id are shown."""


def history_html(view: View, facts: Facts) -> str:
    """Return when a record last changed, by whom and why; nothing where the readers may not know, or nobody knows."""
    move = view.desk.last_moves.get(facts.path)
    if move is None:
        return ""
    say = view.labels.say
    author, subject = shown_controls(move.author), shown_controls(move.subject)
    edited = f"<p>{say('Edited since, not committed yet')}</p>\n" if is_edited(view, facts) else ""
    return (
        f"{edited}<p>{view.instant(move.at)} {record_id(move.commit[:SHORT])} "
        f'<span class="nw">{escape(author)}</span></p>\n{written(subject, "p", "meta")}\n'
        f'<p class="meta">{view.labels.lead("All of it:")}<code>git log -p -- {escape(facts.path)}</code></p>\n'
    )


def history_face(view: View, facts: Facts) -> list[str]:
    """Return what a page shows of history, as a text that changes with it."""
    move = view.desk.last_moves.get(facts.path)
    return [move.commit, str(is_edited(view, facts))] if move else []


def is_edited(view: View, facts: Facts) -> bool:
    """Whether a file was edited after the last commit that moved it."""
    return view.desk.moved.get(facts.path) is None
