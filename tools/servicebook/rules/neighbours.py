"""Does a record agree with the records it names: same customer, same story, in an order that can be?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import TICKET_KINDS
from servicebook.rules.reading import is_at_rest, is_broken, is_ticket, linked, listed
from servicebook.settings import priority_by
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import RESTING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot

NOT_DONE = ("draft", "submitted", "approved", "rejected", "cancelled")
"""States of a change in which nothing was touched."""

GONE = ("removed", "no_longer_relevant")
"""Closure codes of a problem that nobody will meet again."""


@rule(
    "REF525",
    "known-error-of-another-problem",
    scope="relation",
    message="`links.known_error` names `{target}`, which comes from `{theirs}`",
    hint="link the known error whose `problem` is {id} | correct `problem` in `{target}`",
    kinds=("problem",),
)
def known_error_of_another_problem(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A problem that links a known error which names another problem as its own.

    Why: the two ends tell two stories: whoever removes the problem would close the wrong known error.

    Example:
        PRB-20260313-Q2RT: links: {known_error: [KE-20260320-5MN8]}
        KE-20260320-5MN8:  problem: PRB-20260105-8XYZ

    Instead:
        KE-20260320-5MN8:  problem: PRB-20260313-Q2RT
    """
    for position, name in enumerate(linked(facts, "known_error")):
        known_error = desk.get("known_error", name)
        theirs = known_error.get("problem") if known_error else None
        if theirs and theirs != facts.id:
            params = {"target": name, "theirs": theirs, "id": facts.id}
            yield known_error_of_another_problem.at(facts.path, ("links", "known_error", position), **params)


@rule(
    "REF526",
    "release-without-its-change",
    scope="relation",
    message="`links.release` names `{target}`, whose `changes` do not list {id}",
    hint="add {id} to `changes` of `{target}` | or take the link out",
    kinds=("change",),
    incomplete=True,
)
def release_without_its_change(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A change that says it ships with a release which does not list it.

    Why: the list in the release is what gets built and tested. A change that only believes to be in it is
    announced and then missing.

    Example:
        CHG-20260401-3ABC: links: {release: [REL-20260410-9DEF]}
        REL-20260410-9DEF: changes: [CHG-20260402-4GHJ]

    Instead:
        REL-20260410-9DEF: changes: [CHG-20260401-3ABC, CHG-20260402-4GHJ]
    """
    for position, name in enumerate(linked(facts, "release")):
        release = desk.get("release", name)
        if release and not is_broken(release) and facts.id not in release.get("changes", default=[]):
            where = ("links", "release", position)
            yield release_without_its_change.at(facts.path, where, target=name, id=facts.id)


@rule(
    "REF527",
    "removed-problem-with-active-known-error",
    scope="relation",
    message="the known error is `active`, and its problem `{problem}` was closed as `{closure}`",
    hint="set `status: fixed` and `permanent_fix` here | or close the problem as `risk_accepted`",
    kinds=("known_error",),
)
def removed_problem_with_active_known_error(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A known error that still warns of a problem which was closed as gone.

    Why: people go on using a workaround for something that is mended, or they trust that it is mended when it
    is not.

    Example:
        KE-20260320-5MN8:  status: active
        PRB-20260313-Q2RT: status: closed, closure_code: removed

    Instead:
        KE-20260320-5MN8:  status: fixed, permanent_fix: CHG-20260401-3ABC
    """
    if facts.status != "active":
        return
    problem = desk.get("problem", facts.get("problem", default=""))
    closure = problem.get("closure_code") if problem else None
    if problem and problem.status == "closed" and closure in GONE:
        params = {"problem": problem.id, "closure": closure}
        yield removed_problem_with_active_known_error.at(facts.path, ("status",), **params)


@rule(
    "REF528",
    "fixed-by-what-never-ran",
    scope="relation",
    message="the known error is `fixed`, and its fix `{fix}` is `{status}`",
    hint="keep `status: active` until `{fix}` is done | name the change that really removed it",
    kinds=("known_error",),
)
def fixed_by_what_never_ran(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A known error marked as fixed by a change or release that has not been carried out.

    Why: the desk stops offering the workaround on the day the status changes, and callers are left with
    nothing.

    Example:
        status: fixed
        permanent_fix: CHG-20260401-3ABC      (status: submitted)

    Instead:
        status: active
        permanent_fix: CHG-20260401-3ABC
    """
    name = facts.get("permanent_fix", default="")
    if facts.status != "fixed" or not name:
        return
    fix = desk.get("change", name) or desk.get("release", name)
    if fix and not is_broken(fix) and fix.status not in (*RESTING, "closed"):
        yield fixed_by_what_never_ran.at(facts.path, ("permanent_fix",), fix=fix.id, status=fix.status)


@rule(
    "REF529",
    "caused-by-a-change-that-never-ran",
    scope="relation",
    needs=("links",),
    message="`{change}` cannot have caused this: it is `{status}`, and nothing of it was carried out",
    hint="name the change that was carried out before {reported} | `servicebook show {change}`",
    kinds=("incident",),
)
def caused_by_a_change_that_never_ran(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An incident put down to a change that has not been carried out.

    Why: the figure of incidents caused by changes decides how freely changes are approved; it must not count
    plans.

    Example:
        links: {caused_by_change: CHG-20260311-0X4M}      (status: draft)

    Instead:
        links: {caused_by_change: CHG-20260310-7JKM}      (implemented the evening before)
    """
    change = desk.get("change", facts.get("links", "caused_by_change", default=""))
    if change and change.status in NOT_DONE:
        params = {"change": change.id, "status": change.status, "reported": facts.get("reported_at", default="-")}
        yield caused_by_a_change_that_never_ran.at(facts.path, ("links", "caused_by_change"), **params)


@rule(
    "REF530",
    "caused-by-a-later-change",
    scope="relation",
    needs=("links",),
    message="`{change}` was started at {started}, after the notice at {reported}",
    hint="name the change that ran before the notice | correct `reported_at`",
    kinds=("incident",),
)
def caused_by_a_later_change(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An incident put down to a change that began after the customer had given notice.

    Why: a cause comes before its effect; one of the two records is mistaken.

    Example:
        reported_at: 2026-03-12T08:41:00+08:00
        links: {caused_by_change: CHG-20260311-0X4M}      (implementation_started on 2026-03-14)

    Instead:
        links: {caused_by_change: CHG-20260310-7JKM}
    """
    change = desk.get("change", facts.get("links", "caused_by_change", default=""))
    events = change.timeline if change else []
    started = next((e.get("at") for e in events if e.get("event") == "implementation_started"), None)
    began, reported = parse_instant(started), parse_instant(facts.get("reported_at"))
    if change and began and reported and began > reported:
        params = {"change": change.id, "started": started, "reported": facts.get("reported_at")}
        yield caused_by_a_later_change.at(facts.path, ("links", "caused_by_change"), **params)


@rule(
    "REF531",
    "duplicate-of-a-duplicate",
    scope="relation",
    needs=("links",),
    severity="warning",
    message="`{target}` is itself a duplicate of `{first}`",
    hint="write `duplicate_of: {first}`",
)
def duplicate_of_a_duplicate(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A ticket marked as the duplicate of a ticket that is itself one.

    Why: the work happens on the first ticket; a chain hides from the caller where to look.

    Example:
        links: {duplicate_of: INC-20260312-9ABC}     (itself duplicate_of INC-20260312-7F3K)

    Instead:
        links: {duplicate_of: INC-20260312-7F3K}
    """
    name = facts.get("links", "duplicate_of")
    for kind in TICKET_KINDS if name else ():
        target = desk.get(kind, name)
        first = target.get("links", "duplicate_of") if target else None
        if target and first and first != facts.id:
            params = {"target": target.id, "first": first}
            yield duplicate_of_a_duplicate.at(facts.path, ("links", "duplicate_of"), **params)


@rule(
    "REF532",
    "open-part-of-a-closed-ticket",
    scope="relation",
    needs=("links",),
    severity="warning",
    message="the ticket is `{status}`, and `{parent}`, of which it is a part, is `{parent_status}`",
    hint="finish this ticket | or take `parent` out when it goes on alone",
)
def open_part_of_a_closed_ticket(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A ticket still open under a parent that was cancelled or closed before its parts were done.

    Why: the customer was told that the whole is done.

    Example:
        status: in_progress
        links: {parent: REQ-20260301-2BCD}     (status: closed)

    Instead:
        status: closed
        links: {parent: REQ-20260301-2BCD}
    """
    name = facts.get("links", "parent")
    if not name or not is_ticket(facts) or is_at_rest(facts) or facts.status in RESTING:
        return
    opened = str(facts.timeline[0].get("at")) if facts.timeline else ""
    for kind in TICKET_KINDS:
        parent = desk.get(kind, name)
        if parent and is_at_rest(parent) and not _follows(parent, opened):
            params = {"status": facts.status, "parent": parent.id, "parent_status": parent.status}
            yield open_part_of_a_closed_ticket.at(facts.path, ("links", "parent"), **params)


def _follows(parent: Facts, opened: str) -> bool:
    """Whether a ticket opened at `opened` came after its parent's end, as what follows a closed ticket does."""
    began, ended = parse_instant(opened), parse_instant(parent.timeline[-1].get("at")) if parent.timeline else None
    return bool(began and ended and began > ended)


@rule(
    "REF533",
    "assigned-outside-the-group",
    scope="relation",
    severity="warning",
    message="`{person}` is not a member of `{group}`; its members are {due}",
    hint="assign it within `{group}` | or to another `assignment_group`",
)
def assigned_outside_the_group(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An open ticket assigned to a person who does not belong to the team it is assigned to.

    Why: the team's list shows it as taken, the person's rounds do not include it; it lies between two chairs.

    Example:
        assignment_group: live-operations      (members: [li.wei, zhao.min])
        assigned_to: wang.fang

    Instead:
        assignment_group: live-operations
        assigned_to: li.wei
    """
    person, name = facts.get("assigned_to"), facts.get("assignment_group")
    if not person or not name or is_at_rest(facts):
        return
    team = desk.get("team", name)
    members = team.get("members", default=[]) if team else []
    if members and person not in members:
        params = {"person": person, "group": name, "due": listed(members)}
        yield assigned_outside_the_group.at(facts.path, ("assigned_to",), **params)


@rule(
    "REF534",
    "deployed-without-approved-change",
    scope="relation",
    message="the release is `{status}`, and `{change}` in it is `{change_status}`",
    hint="have `{change}` approved and implemented | or take it out of `changes`",
    kinds=("release",),
)
def deployed_without_approved_change(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A release that was deployed with a change nobody had approved.

    Why: whatever went live went live with the release; a change that is a draft or was rejected must not be
    in it.

    Example:
        status: deployed
        changes: [CHG-20260401-3ABC]      (status: rejected)

    Instead:
        status: deployed
        changes: [CHG-20260402-4GHJ]
    """
    if facts.status not in ("in_deployment", "deployed", "closed"):
        return
    for position, name in enumerate(facts.get("changes", default=())):
        change = desk.get("change", name)
        if change and change.status in ("draft", "submitted", "rejected"):
            params = {"status": facts.status, "change": name, "change_status": change.status}
            yield deployed_without_approved_change.at(facts.path, ("changes", position), **params)


@rule(
    "REC261",
    "priority-beside-the-matrix",
    scope="relation",
    message="`priority` is `{priority}`; impact `{impact}` and urgency `{urgency}` give `{due}`",
    hint="`servicebook fix {path}` writes `priority: {due}` | leave `priority` out: it is computed",
    kinds=("incident", "service_request", "problem"),
    fixable=True,
)
def priority_beside_the_matrix(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A priority that impact and urgency do not give by the desk's matrix.

    Why: people work in the order of priority. Set by hand, it follows who shouts loudest; the matrix is in the
    settings, where everybody can read and change it.

    Example:
        impact: high
        urgency: high
        priority: P3

    Instead:
        impact: high
        urgency: high
    """
    values = [facts.get(name) for name in ("priority", "impact", "urgency")]
    if None in values:
        return
    priority, impact, urgency = (str(value) for value in values)
    due = priority_by(desk.settings.priority_matrix, impact, urgency)
    if due != priority:
        params = {"priority": priority, "impact": impact, "urgency": urgency, "due": due, "path": facts.path}
        yield priority_beside_the_matrix.at(facts.path, ("priority",), **params)


RULES: tuple[Rule, ...] = (
    known_error_of_another_problem,
    release_without_its_change,
    removed_problem_with_active_known_error,
    fixed_by_what_never_ran,
    caused_by_a_change_that_never_ran,
    caused_by_a_later_change,
    duplicate_of_a_duplicate,
    open_part_of_a_closed_ticket,
    assigned_outside_the_group,
    deployed_without_approved_change,
    priority_beside_the_matrix,
)
