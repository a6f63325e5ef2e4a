"""A record's neighbours: whom it names and who names it, grouped by what ties them."""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.publish.view import View
from servicebook.records.facts import Facts, Ref

MANY = 30
"""Of longer groups the newest are shown, with the number of all: a customer is named by every ticket."""

LOUD = ("incident", "service_request", "problem", "known_error", "change", "release", "visit", "inspection", "article")
"""Kinds whose mention is told among the links; what else a record names stands in its facts already."""


UNTOLD = ("sla", "timeline", "audience")
"""Fields whose references stand elsewhere on the page."""


def links_html(view: View, address: str, facts: Facts) -> str:
    """Return the links of a record from both ends, or nothing."""
    out = _outgoing(view, address, facts)
    back = _incoming(view, address, facts)
    return "".join(
        f"<h3>{view.labels.say(title)}</h3>\n{view.table(('Relation', 'Record', 'State'), rows)}"
        for title, rows in (("Names", out), ("Named by", back))
        if rows
    )


def _outgoing(view: View, address: str, facts: Facts) -> list[tuple[str, str, str]]:
    rows: dict[tuple[str, str], tuple[str, str, str]] = {}
    for ref in facts.refs:
        target = view.target(ref)
        if target is None or target.kind not in LOUD or ref.field[0] in UNTOLD:
            continue
        relation = _relation(ref)
        rows[relation, target.path] = (
            view.labels.field(relation), view.link(address, target), view.state_of(target),
        )  # fmt: skip
    return list(rows.values())


def _incoming(view: View, address: str, facts: Facts) -> list[tuple[str, str, str]]:
    groups: dict[tuple[str, str], dict[str, Facts]] = {}
    for one, ref in view.referrers(facts):
        if ref.field[0] in ("sla", "audience") or one.path == facts.path:
            continue
        groups.setdefault((one.kind, _relation(ref)), {})[one.path] = one
    rows = []
    for (kind, relation), members in sorted(groups.items(), key=lambda item: _rank(item[0][0])):
        shown = newest(members.values())
        what = f"{view.labels.kind(kind)} · {view.labels.field(relation)}"
        rows += [(what, view.link(address, one), view.state_of(one)) for one in shown[:MANY]]
        if len(shown) > MANY:
            rows.append((what, view.labels.say("and {count} more", count=len(shown) - MANY), ""))
    return rows


def newest(records: Iterable[Facts]) -> list[Facts]:
    """Return records with the newest first: ids of tickets begin with their day."""
    return sorted(records, key=lambda one: (one.id.split("-")[1:2], one.id), reverse=True)


def _relation(ref: Ref) -> str:
    """Return the field that ties two records: the last name on the way to it, `links` left out."""
    names = [part for part in ref.field if isinstance(part, str)]
    return names[0] if names[0] == "timeline" else names[-1]


def _rank(kind: str) -> int:
    return LOUD.index(kind) if kind in LOUD else len(LOUD)
