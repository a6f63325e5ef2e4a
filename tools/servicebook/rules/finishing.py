"""Does the end of a change or a release say what its timeline says: tested, taken back, looked at by a second?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import sound_facts
from servicebook.typed import TYPE_CHECKING, Any
from servicebook.workflow.overlap import window_of
from servicebook.workflow.said_of_assets import SUCCESS

if TYPE_CHECKING:
    from servicebook.loader import Loaded

DEPLOYING = ("in_deployment", "deployed", "closed")
"""States of a release that is, or was, on its way to users."""

_FAILED = ("backed_out", "unsuccessful")


def _tests(facts: Facts) -> list[dict[str, Any]]:
    return [one for one in facts.get("test_evidence", default=()) if isinstance(one, dict)]


def _passed_on(facts: Facts) -> list[tuple[str, int]]:
    """Return the day of each passed test, with its place among all, in the order written."""
    return [(str(one.get("tested_on")), n) for n, one in enumerate(_tests(facts)) if one.get("result") == "passed"]


def _days_of(facts: Facts, name: str) -> list[str]:
    """Return the days of all events of a name, in the order recorded."""
    return [str(event.get("at"))[:10] for event in facts.timeline if event.get("event") == name]


@rule(
    "WFL431",
    "deployed-without-passed-tests",
    scope="file",
    message="the release is `{status}`, and no `test_evidence` says that it passed its tests",
    hint="add it: `servicebook set {id} test_evidence.0.by=WHO test_evidence.0.tested_on=DAY "
    "test_evidence.0.result=passed` | or take the step back until it is tested",
    kinds=("release",),
)
def deployed_without_passed_tests(loaded: Loaded) -> Iterator[Diagnostic]:
    """A release on its way to users of which nobody says that it passed its tests.

    Why: what was not tested before is tested by the viewers. An emergency release is tested less, never not at all.

    Example:
        status: in_deployment
        test_evidence: []

    Instead:
        test_evidence: [{by: li.wei, tested_on: 2026-04-15, result: passed, attachment: test-report.pdf}]
    """
    facts = sound_facts(loaded)
    if facts and facts.status in DEPLOYING and all(one.get("result") != "passed" for one in _tests(facts)):
        yield deployed_without_passed_tests.at(facts.path, ("status",), status=facts.status, id=facts.id)


@rule(
    "WFL432",
    "deployed-after-a-failed-test",
    scope="file",
    message="the release is `{status}`, and its last test, of {tested}, is said to have failed",
    hint="mend it and test again: `servicebook build {id}` | the evidence of a later test stands below the failed one",
    kinds=("release",),
)
def deployed_after_a_failed_test(loaded: Loaded) -> Iterator[Diagnostic]:
    """A release that is ready or deployed though the last test in its evidence failed.

    Why: an earlier pass is of an earlier build. What goes to users is what was tested last.

    Example:
        status: deployed
        test_evidence:
        - {by: li.wei, tested_on: 2026-04-13, result: passed}
        - {by: li.wei, tested_on: 2026-04-15, result: failed}

    Instead:
        - {by: li.wei, tested_on: 2026-04-15, result: failed}
        - {by: li.wei, tested_on: 2026-04-16, result: passed}
    """
    facts = sound_facts(loaded)
    tests = _tests(facts) if facts and facts.status in ("ready", *DEPLOYING) else []
    if facts and tests and tests[-1].get("result") == "failed":
        where = ("test_evidence", len(tests) - 1, "result")
        params = {"status": facts.status, "tested": tests[-1].get("tested_on"), "id": facts.id}
        yield deployed_after_a_failed_test.at(facts.path, where, **params)


@rule(
    "WFL433",
    "tested-before-it-was-built",
    scope="file",
    message="the last passed test is of {tested}, and the release was built on {built}",
    hint="test what was built, and add the evidence | correct `tested_on`",
    kinds=("release",),
)
def tested_before_it_was_built(loaded: Loaded) -> Iterator[Diagnostic]:
    """A release whose test evidence is older than its last build.

    Why: the proof is of another build than the one that goes out.

    Example:
        timeline: build_started on 2026-04-13
        test_evidence: [{by: li.wei, tested_on: 2026-04-10, result: passed}]

    Instead:
        test_evidence: [{by: li.wei, tested_on: 2026-04-15, result: passed}]
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status not in ("ready", *DEPLOYING):
        return
    built = _days_of(facts, "build_started")
    passed = _passed_on(facts)
    if built and passed and passed[-1][0] < built[-1]:
        where = ("test_evidence", passed[-1][1], "tested_on")
        yield tested_before_it_was_built.at(facts.path, where, tested=passed[-1][0], built=built[-1])


@rule(
    "WFL438",
    "tested-after-it-was-deployed",
    scope="file",
    message="the deployment began on {deployed}, and the first passed test is of {tested}",
    hint="add the evidence of the test before it | correct `tested_on`",
    kinds=("release",),
)
def tested_after_it_was_deployed(loaded: Loaded) -> Iterator[Diagnostic]:
    """A release that went to users before any of its tests was passed.

    Why: nothing is deployed untested (clause 1.5.6 release). A test of the day after finds what the viewers have found.

    Example:
        timeline: deployment_started on 2026-04-18
        test_evidence: [{by: li.wei, tested_on: 2026-04-20, result: passed}]

    Instead:
        test_evidence: [{by: li.wei, tested_on: 2026-04-15, result: passed}]
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("external"):
        return
    begun = _days_of(facts, "deployment_started")
    passed = _passed_on(facts)
    if begun and passed and (first := min(passed))[0] > begun[-1]:
        where = ("test_evidence", first[1], "tested_on")
        yield tested_after_it_was_deployed.at(facts.path, where, deployed=begun[-1], tested=first[0])


@rule(
    "WFL434",
    "closure-beside-the-timeline",
    scope="file",
    message="`closure_code` is `{code}`, and the last thing done to the change was `{event}`",
    hint="a change that was taken back is `backed_out` or `unsuccessful` | what was done again is `implemented` again",
    kinds=("change",),
)
def closure_beside_the_timeline(loaded: Loaded) -> Iterator[Diagnostic]:
    """A change said to be successful that was taken back, or the other way round.

    Why: the share of changes that succeed decides how freely the next are approved.

    Example:
        review: {closure_code: successful}
        timeline: ... implemented, backed_out, closed

    Instead:
        review: {closure_code: backed_out}
    """
    facts = sound_facts(loaded)
    code = facts.get("review", "closure_code") if facts else None
    if facts is None or not code:
        return
    done = [event for event in facts.events if event in ("implemented", "backed_out")]
    if done and (code in SUCCESS) is (done[-1] == "backed_out") and code in (*SUCCESS, "backed_out"):
        yield closure_beside_the_timeline.at(facts.path, ("review", "closure_code"), code=code, event=done[-1])


@rule(
    "WFL435",
    "closed-with-stale-assets",
    scope="file",
    message="the change is closed as `{code}`, and the records of {count} asset(s) are not true again",
    hint="bring the assets' records up to date, then `assets_updated: true` | `servicebook drift` says what differs",
    kinds=("change",),
)
def closed_with_stale_assets(loaded: Loaded) -> Iterator[Diagnostic]:
    """A change closed as done while the records of its assets do not show what it did.

    Why: whoever plans the next change plans by the records. A change is done when they are true again.

    Example:
        status: closed
        review: {closure_code: successful, assets_updated: false}

    Instead:
        review: {closure_code: successful, assets_updated: true}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status != "closed" or facts.get("review", "assets_updated") is not False:
        return
    code, assets = facts.get("review", "closure_code"), facts.get("assets", default=[])
    if code in SUCCESS and assets:
        where = ("review", "assets_updated")
        yield closed_with_stale_assets.at(facts.path, where, code=code, count=len(assets))


@rule(
    "WFL436",
    "reviewed-by-the-implementer",
    scope="file",
    message="nobody but `{person}`, who did the change, has looked at it afterwards",
    hint="somebody else closes it | or `servicebook note {id} --event reviewed --by WHO`",
    kinds=("change",),
    incomplete=True,
)
def reviewed_by_the_implementer(loaded: Loaded) -> Iterator[Diagnostic]:
    """A major, emergency or failed change whose review is by nobody but its implementer.

    Why: these are the changes from which others learn. Whoever did the work sees what went well; a second pair of
    eyes, at the latest at the closing, asks what the plan had missed.

    Example:
        change_type: emergency
        assigned_to: li.wei
        - {at: ..., id: c9d6, event: closed, by: li.wei}

    Instead:
        - {at: ..., id: c9d6, event: closed, by: zhao.min}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status != "closed":
        return
    is_grave = facts.get("change_type") in ("major", "emergency") or facts.get("review", "closure_code") in _FAILED
    doing = {
        event.get("by") for event in facts.timeline if event.get("event") in ("implementation_started", "implemented")
    }
    doing.add(facts.get("assigned_to"))
    looking = {event.get("by") for event in facts.timeline if event.get("event") in ("reviewed", "closed")}
    if is_grave and looking and looking <= doing:
        place = max(n for n, event in enumerate(facts.events) if event in ("reviewed", "closed"))
        params = {"person": facts.timeline[place].get("by"), "id": facts.id}
        yield reviewed_by_the_implementer.at(facts.path, ("timeline", place, "by"), **params)


@rule(
    "WFL439",
    "approved-by-whom-it-concerns",
    scope="file",
    severity="warning",
    message="`{person}` approved the change, and has a part in it: {part}",
    hint="have somebody else approve it: servicebook approve {id} --by WHO | name the `board` that votes on it",
    kinds=("change",),
)
def approved_by_whom_it_concerns(loaded: Loaded) -> Iterator[Diagnostic]:
    """A change of no board that was approved by who asked for it, submitted it or carries it out.

    Why: an approval is the look of a second person (clause 1.5.6 change). Where a board votes, `servicebook verify`
    proves it; where nobody votes, the timeline is all there is. Standard changes follow a template.

    Example:
        requested_by: li.wei
        - {at: ..., id: v7w4, event: approved, by: li.wei}

    Instead:
        - {at: ..., id: v7w4, event: approved, by: zhao.min}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("external") or facts.get("board") or facts.get("change_type") == "standard":
        return
    concerned = {event.get("by"): "submitted" for event in facts.timeline if event.get("event") == "submitted"}
    concerned |= {facts.get(field): field for field in ("assigned_to", "requested_by")}
    for place, event in enumerate(facts.timeline):
        person = event.get("by")
        if event.get("event") == "approved" and person and person in concerned:
            params = {"person": person, "part": f"`{concerned[person]}`", "id": facts.id}
            yield approved_by_whom_it_concerns.at(facts.path, ("timeline", place, "by"), **params)


@rule(
    "WFL437",
    "change-begun-outside-its-window",
    scope="file",
    severity="warning",
    message="the change was begun at {begun}; its window is from {start} to {end}",
    hint="next time: `servicebook reschedule {id}` first, which has it decided anew"
    " | where the clock of the event is wrong, say so in a `note`",
    kinds=("change",),
)
def change_begun_outside_its_window(loaded: Loaded) -> Iterator[Diagnostic]:
    """A change that was begun at a time for which nobody had approved it; emergency changes are begun when they must.

    Why: freezes, protected broadcasts and other changes are held against the window, and the board voted on it. Work at
    another time has been held against nothing.

    Example:
        planned_start_at: 2026-03-28T02:00:00+08:00
        planned_end_at: 2026-03-28T04:00:00+08:00
        - {at: 2026-03-27T19:30:00+08:00, id: x9y5, event: implementation_started, by: li.wei}

    Instead:
        - {at: 2026-03-28T02:05:00+08:00, id: x9y5, event: implementation_started, by: li.wei}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("change_type") == "emergency" or "implementation_started" not in facts.events:
        return
    window = window_of(facts)
    for place, (event, at) in enumerate(zip(facts.events, facts.instants, strict=True)):
        if event == "implementation_started" and window and at and not window.start <= at <= window.end:
            told = {"begun": at.isoformat(), "start": window.start.isoformat(), "end": window.end.isoformat()}
            yield change_begun_outside_its_window.at(facts.path, ("timeline", place, "at"), id=facts.id, **told)


RULES: tuple[Rule, ...] = (
    deployed_without_passed_tests,
    deployed_after_a_failed_test,
    tested_before_it_was_built,
    tested_after_it_was_deployed,
    closure_beside_the_timeline,
    closed_with_stale_assets,
    reviewed_by_the_implementer,
    approved_by_whom_it_concerns,
    change_begun_outside_its_window,
)
