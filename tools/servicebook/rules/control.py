"""Are problems treated before they are closed, and do assets show what closed changes and audits said of them?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import is_broken, linked
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import RESTING
from servicebook.workflow.said_of_assets import ended_at, said_by, unshown

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot


@rule(
    "REF581",
    "closed-problem-with-untreated-known-error",
    scope="relation",
    message="the problem `{problem}` is closed, and its known error has neither a change nor an accepted workaround",
    hint="name the change: `servicebook set {id} permanent_fix=CHG-...` | or accept it: `servicebook set {id} "
    "accepted_by=WHO review_on=DAY`, with a workaround",
    kinds=("known_error",),
)
def closed_problem_with_untreated_known_error(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A known error still active, and its problem closed though nothing removes it and nobody took it on.

    Why: once the problem is closed nobody works on it any more. Then either a change or release removes the error, or
    somebody with a name accepts to live with it by a workaround, until a day on which it is looked at again.

    Example:
        PRB-20260313-Q2RT:  status: closed
        KE-20260320-5MN8:   status: active, no permanent_fix, no accepted_by

    Instead:
        KE-20260320-5MN8:   accepted_by: zhao.min, workaround: ..., review_on: 2026-09-20
    """
    if facts.status != "active" or is_broken(facts):
        return
    problem = desk.get("problem", facts.get("problem", default=""))
    if problem and problem.status == "closed" and not is_treated(facts, problem):
        where = ("problem",)
        yield closed_problem_with_untreated_known_error.at(facts.path, where, problem=problem.id, id=facts.id)


def is_treated(known_error: Facts, problem: Facts) -> bool:
    """Whether a change or release removes a known error, or somebody accepted to live with its workaround for now."""
    by_change = known_error.get("permanent_fix") or linked(problem, "change") or linked(problem, "release")
    accepted = all(known_error.get(field) for field in ("accepted_by", "workaround", "review_on"))
    return bool(by_change or accepted)


@rule(
    "REF582",
    "cause-without-known-error",
    scope="relation",
    message="the root cause is known, the problem is `{status}`, and no known error tells the desk about it",
    hint="servicebook new known_error --problem {id} | or `servicebook resolve {id}` when it is removed already",
    kinds=("problem",),
    incomplete=True,
    severity="warning",
)
def cause_without_known_error(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A problem still open whose root cause is written down, without a known error.

    Why: a cause that is known is a known error (clause 1.5.6): the desk finds it by its symptoms at the next call and
    tells the workaround. In the problem alone only its own team reads it.

    Example:
        status: in_progress
        root_cause: the patch keeps every decoded subtitle frame

    Instead:
        links: {known_error: [KE-20260320-5MN8]}
    """
    if facts.status not in ("in_progress", "on_hold") or not facts.get("root_cause") or linked(facts, "known_error"):
        return
    if not any(other.kind == "known_error" for other, _ in desk.referrers("problem", facts.id)):
        yield cause_without_known_error.at(facts.path, ("root_cause",), status=facts.status, id=facts.id)


@rule(
    "REF583",
    "asset-beside-its-change",
    scope="relation",
    message="`{field}` of `{asset}` became `{due}` by this change, its record says `{found}`",
    hint="servicebook set {asset} {field}={due} | a later change that made it `{found}` says so in its `asset_changes`",
    kinds=("change",),
)
def asset_beside_its_change(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An asset whose record does not show what the last closed change on it says that it became.

    Why: records are always true after each change (clause 1.5.6). Either the record was forgotten, or somebody
    changed the thing without a change. A later closed change of the same field speaks instead of this one.

    Example:
        CHG-20260401-3ABC (closed): asset_changes: [{asset: core-switch-1, field: version, becomes: 12.4.7}]
        core-switch-1: version: 12.4.2

    Instead:
        core-switch-1: version: 12.4.7
    """
    for place, said in unshown(facts, desk):
        params = {"asset": said.asset, "field": said.field, "due": said.becomes, "found": said.found}
        yield asset_beside_its_change.at(facts.path, ("asset_changes", place, "becomes"), **params)


@rule(
    "REF584",
    "closed-release-with-unfinished-change",
    scope="relation",
    message="the release is closed, and `{change}` in it is `{status}`",
    hint="servicebook implement {change} | or take it out of `changes`",
    kinds=("release",),
)
def closed_release_with_unfinished_change(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A closed release that contains a change which was not carried out.

    Why: the customer was told that the release brings it.

    Example:
        status: closed
        changes: [CHG-20260401-3ABC]      (status: in_implementation)

    Instead:
        CHG-20260401-3ABC: status: implemented
    """
    for place, name in enumerate(facts.get("changes", default=()) if facts.status == "closed" else ()):
        change = desk.get("change", name)
        if change is None or is_broken(change):
            continue
        if change.status not in (*RESTING, "closed", "draft", "submitted", "rejected"):  # those: REF534
            where = ("changes", place)
            params = {"change": change.id, "status": change.status}
            yield closed_release_with_unfinished_change.at(facts.path, where, **params)


@rule(
    "REF585",
    "audit-finding-uncorrected",
    scope="relation",
    severity="warning",
    message="the audit found `{found}` as `{field}` of `{asset}`, its record still says `{said}`",
    hint="servicebook set {asset} {field}={found} | or set the thing right by a change, and link it here",
    kinds=("inspection",),
)
def audit_finding_uncorrected(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A configuration audit or stocktake that is done, and what it found is neither in the record nor in a change.

    Why: records are audited and corrected (clause 1.5.2). A difference that was seen and left is worse than one that
    nobody saw: everybody believes that it was dealt with.

    Example:
        found: [{asset: core-switch-1, field: version, value: 12.4.7}]      (its record: version: 12.4.2)

    Instead:
        core-switch-1: version: 12.4.7; or links: {change: [CHG-20260401-3ABC]}
    """
    if facts.status != "done" or linked(facts, "change") or facts.get("incidents_opened"):
        return
    for place, said in said_by(facts, "found", "value"):
        asset = desk.get("asset", said.asset)
        now = str(asset.get(said.field, default="-")) if asset else said.becomes
        if now != said.becomes and asset and not _was_changed_since(facts, asset, said.field, desk):
            params = {"asset": asset.id, "field": said.field, "found": said.becomes, "said": now}
            yield audit_finding_uncorrected.at(facts.path, ("found", place, "value"), **params)


def _was_changed_since(audit: Facts, asset: Facts, field: str, desk: Snapshot) -> bool:
    """Whether a change closed, or an audit done, after this one says what the field became."""
    ended = ended_at(audit)
    lists = {"change": ("asset_changes", "becomes"), "inspection": ("found", "value")}
    for other, _ in desk.referrers("asset", asset.id):
        if other.kind not in lists or other.status not in ("closed", "done") or ended_at(other) <= ended:
            continue
        if any(said.field == field for _, said in said_by(other, *lists[other.kind])):
            return True
    return False


RULES: tuple[Rule, ...] = (
    closed_problem_with_untreated_known_error,
    cause_without_known_error,
    asset_beside_its_change,
    closed_release_with_unfinished_change,
    audit_finding_uncorrected,
)
