"""Do acceptance tests and trainings say what the hand-over of a project rests on?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import rule
from servicebook.records.facts import Facts
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.snapshot import Snapshot


@rule(
    "REC296",
    "passed-beside-its-figures",
    scope="file",
    message="`result` is `passed`, and {figures} not in order",
    hint="say `passed_with_defects` and name them in `defects` | or `failed`",
    kinds=("acceptance",),
)
def passed_beside_its_figures(loaded: Loaded) -> Iterator[Diagnostic]:
    """An acceptance test that passed with a figure that did not.

    Why: the customer signs the result, and the warranty starts with it. A figure that was missed is a defect, and
    stands in the list of what is left to mend.

    Example:
        figures: [{name: delay, due: at most 3 s, found: 4.1 s, ok: false}]
        result: passed

    Instead:
        figures: [{name: delay, due: at most 3 s, found: 4.1 s, ok: false}]
        result: passed_with_defects
        defects: [delay of 4.1 s on channel 3]
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("result") != "passed":
        return
    wrong = [str(figure.get("name")) for figure in facts.get("figures", default=()) if figure.get("ok") is False]
    if wrong:
        yield passed_beside_its_figures.at(facts.path, ("result",), figures=listed(wrong))


@rule(
    "REC297",
    "passed-unmeasured",
    scope="file",
    message="`result` is `{result}`, and nothing was found of {figures}",
    hint="write `found` and `ok` of each figure",
    kinds=("acceptance",),
    incomplete=True,
)
def passed_unmeasured(loaded: Loaded) -> Iterator[Diagnostic]:
    """An acceptance test with a result, and figures of the design that nobody measured.

    Why: every subsystem is tested against its design figures (clause 1.6). A figure without a finding is a promise
    that nobody held the delivery against.

    Example:
        figures: [{name: delay, due: at most 3 s}]
        result: passed

    Instead:
        figures: [{name: delay, due: at most 3 s, found: 2.4 s, ok: true}]
        result: passed
    """
    facts = sound_facts(loaded)
    if facts is None or not facts.get("result"):
        return
    figures = facts.get("figures", default=())
    left = [str(one.get("name")) for one in figures if one.get("found") is None or one.get("ok") is None]
    if left:
        yield passed_unmeasured.at(facts.path, ("figures",), result=facts.get("result"), figures=listed(left))


@rule(
    "REC298",
    "signed-before-it-was-tested",
    scope="file",
    message="`signed_on` is {signed}, before the test of {tested}",
    hint="correct the day that is wrong",
    kinds=("acceptance",),
)
def signed_before_it_was_tested(loaded: Loaded) -> Iterator[Diagnostic]:
    """An acceptance that was signed before the test it is about.

    Why: the warranty starts with the signature. A date that cannot be makes every date that follows from it doubtful.

    Example:
        tested_on: 2026-04-01
        signed_on: 2026-03-28

    Instead:
        tested_on: 2026-04-01
        signed_on: 2026-04-01
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    tested, signed = facts.get("tested_on"), facts.get("signed_on")
    if tested and signed and signed < tested:
        yield signed_before_it_was_tested.at(facts.path, ("signed_on",), signed=signed, tested=tested)


@rule(
    "REC299",
    "training-without-attendance",
    scope="file",
    message="the training is `{status}`, and who was there is not written down",
    hint="write `training`: audience, held_on, trainers, topics, attendees",
    kinds=("service_request",),
    incomplete=True,
)
def training_without_attendance(loaded: Loaded) -> Iterator[Diagnostic]:
    """A training that was given, without a word on when, by whom and for whom.

    Why: training is part of what was sold (clause 1.1-3), and the list of who was there is what the customer signs
    for at the hand-over.

    Example:
        request_type: training
        status: fulfilled

    Instead:
        request_type: training
        status: fulfilled
        training:
        - {audience: operators, held_on: 2026-04-14, trainers: [li.wei], topics: [failover], attendees: [Chen, Lin]}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("request_type") != "training" or facts.get("external"):
        return
    if facts.status in ("fulfilled", "closed") and not facts.get("training"):
        yield training_without_attendance.at(facts.path, ("request_type",), status=facts.status)


@rule(
    "REF575",
    "accepted-before-its-test",
    scope="relation",
    severity="warning",
    message="`{contract}` was accepted on {accepted}; the test of {tested} says `{field}`: {value}",
    hint="correct `accepted_on` of {contract}: the warranty starts with it"
    " | record the test that was passed in the end",
    kinds=("acceptance",),
)
def accepted_before_its_test(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A contract accepted on a day by which a subsystem had failed its test, or the customer had not signed it.

    Why: the signed acceptance starts the warranty (clause 1.6). A day that is too early takes from the customer what
    was bought; subsystems tested after the acceptance are later deliveries.

    Example:
        contract: harbour-newmedia-2025      (accepted_on: 2025-11-18)
        tested_on: 2025-11-10
        signed_on: 2025-12-20

    Instead:
        contract: harbour-newmedia-2025      (accepted_on: 2025-12-20)
    """
    contract = desk.get("contract", str(facts.get("contract", default="")))
    accepted = contract.get("accepted_on") if contract else None
    tested, signed = facts.get("tested_on"), facts.get("signed_on")
    if contract is None or not accepted or not tested or tested > accepted or facts.status == "retired":
        return
    field = "result" if facts.get("result") == "failed" and not _passed_later(facts, desk) else ""
    if signed and signed > accepted:
        field = "signed_on"
    if field:
        params = {"contract": contract.id, "accepted": accepted, "tested": tested, "value": facts.get(field)}
        yield accepted_before_its_test.at(facts.path, (field,), **params, field=field)


def _passed_later(facts: Facts, desk: Snapshot) -> bool:
    """Whether the same subsystem passed another test."""
    same = (facts.get("contract"), facts.get("subsystem"))
    others = (one for one in desk.of_kind("acceptance") if (one.get("contract"), one.get("subsystem")) == same)
    return any(str(one.get("result", default="")).startswith("passed") for one in others)


RULES = (
    passed_beside_its_figures,
    passed_unmeasured,
    signed_before_it_was_tested,
    training_without_attendance,
    accepted_before_its_test,
)
