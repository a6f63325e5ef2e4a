"""Does what closed tickets cite stay as it was: can each version be told from the others, and is none rewritten?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, found_on_the_way, rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import is_broken, sound_facts
from servicebook.store.edits import Edit
from servicebook.store.snapshot import Snapshot
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded

VERSIONED = ("agreement", "support_hours")
"""Kinds whose versions are cited as slug@date."""

MAY_CHANGE = frozenset({"effective_to", "note", "review_on", "signed"})
"""Fields of a version that promise nothing: when a later one takes over, and what is said about it."""


@rule(
    "SLA651",
    "two-versions-of-one-date",
    scope="file",
    message="two versions begin on {since}, so that `{slug}@{since}` names both",
    hint="let this version begin on the day it was written; `corrects:` still gives it the place of the other",
    kinds=VERSIONED,
)
def two_versions_of_one_date(loaded: Loaded) -> Iterator[Diagnostic]:
    """Two versions of an agreement or of support hours with the same `effective_from`.

    Why: a closed ticket cites the version it was judged by as slug@date. Where two have one date, nobody can
    say later which of them it was. A correction holds for all days of the version it corrects, so it can
    have a date of its own.

    Example:
        - {version: 1, effective_from: 2026-01-01, support_hours: always}
        - {version: 2, effective_from: 2026-01-01, support_hours: always, corrects: 1}

    Instead:
        - {version: 1, effective_from: 2026-01-01, support_hours: always}
        - {version: 2, effective_from: 2026-03-05, support_hours: always, corrects: 1}
    """
    facts = sound_facts(loaded)
    seen: dict[str, bool] = {}
    for place, version in enumerate(facts.get("versions", default=()) if facts else ()):
        since = str(version["effective_from"])
        mends = version.get("corrects") is not None
        if facts and since in seen and (mends or seen[since]):  # two plain ones overlap: SLA605
            where = ("versions", place, "effective_from")
            yield two_versions_of_one_date.at(facts.path, where, since=since, slug=facts.id)
        seen[since] = mends


@found_on_the_way(
    "SLA652",
    "cited-version-rewritten",
    message="the version of {since} was changed in `{field}`, and closed tickets cite it, such as {ticket}",
    hint="restore it: `git diff` shows it | add a version with `corrects:` instead, and `servicebook hours moved` tells"
    " which open clocks it moves",
)
def cited_version_rewritten() -> None:
    """A version of an agreement or of support hours that changed after a closed ticket cited it.

    Why: the outcome of a closed ticket was reported, and perhaps paid for. It is computed anew from the version
    it cites; a version that says something else today turns met into missed behind everybody's back. When a
    version ends, and notes on it, may still be written; the list of a year it had none for may be added.

    Example:
        within: 30m   turned into   within: 60m   in the version that INC-20260312-7F3K cites

    Instead:
        - {version: 2, effective_from: 2026-03-05, support_hours: always, corrects: 1,
           clocks: [{name: response, start: reported_at, stop: [acknowledged], within: 60m}]}
    """


def versions_rewritten(edit: Edit, desk: Snapshot, tree: str) -> Iterator[Diagnostic]:
    """Yield a finding for each version that an edit rewrites though tickets cited it in `tree`, the state before."""
    before, after = edit.before, edit.after
    if before is None or after is None or before.kind not in VERSIONED or is_broken(before) or is_broken(after):
        return
    for since, (where, field) in _rewritten(before, after).items():
        ticket = _who_cites(desk, before, since, tree)
        if ticket:
            yield cited_version_rewritten.at(after.path, where, since=since, field=field, ticket=ticket)


def _rewritten(before: Facts, after: Facts) -> dict[str, tuple[tuple[str | int, ...], str]]:
    """Return, by first day, the versions that say something else now: where, and which field."""
    now: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for place, version in enumerate(after.get("versions", default=())):
        now.setdefault(str(version.get("effective_from")), (place, version))
    found: dict[str, tuple[tuple[str | int, ...], str]] = {}
    for version in before.get("versions", default=()):
        since = str(version.get("effective_from"))
        if since not in now:
            found[since] = (("versions",), "effective_from")
            continue
        place, other = now[since]
        for field in sorted({*version, *other} - MAY_CHANGE):
            old, new = version.get(field), other.get(field)
            if old != new and not (field == "holidays" and _only_added(old, new)):
                found[since] = (("versions", place, field), field)
                break
    return found


def _only_added(old: Any, new: Any) -> bool:
    """Whether every year's list stands as it did, new years aside."""
    return all(entry in (new or ()) for entry in old or ()) and len({e["year"] for e in new or ()}) == len(new or ())


def _who_cites(desk: Snapshot, cited: Facts, since: str, tree: str) -> str:
    """Return the id of a ticket that cited a version in `tree`; empty for none."""
    citation = f"{cited.id}@{since}"
    suspects = {facts.path for facts in desk.naming(cited.id) if citation in facts.raw and _cites(facts, citation)}
    if not suspects:
        return ""
    blobs = {entry.path: entry.blob for entry in desk.repository.entries_of(tree) if entry.path in suspects}
    then = desk.facts_of(blobs.items())
    return next((facts.id for facts in then.values() if facts and _cites(facts, citation)), "")


def _cites(facts: Facts, citation: str) -> bool:
    outcomes = facts.get("sla", default={})
    return any(citation in (outcome.get("agreement"), outcome.get("hours")) for outcome in outcomes.values())


RULES: tuple[Rule, ...] = (two_versions_of_one_date, cited_version_rewritten._replace(scope="edit"))
