"""Are contacts outside the line allowed and reported, and do periodic reports go their way in order and in time?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.records.kinds import TICKET_KINDS
from servicebook.rules.reading import is_at_rest, is_broken, sound_facts
from servicebook.store.snapshot import Snapshot
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.coordination import CONTACT, contacts_of, late_words
from servicebook.workflow.promised_reports import (
    Period,
    Promised,
    customers_of,
    due_on,
    every_of,
    is_of_period,
    is_promised,
    period_around,
    periods_until,
)

if TYPE_CHECKING:
    from servicebook.loader import Loaded


@rule(
    "REC332",
    "contact-without-leave",
    scope="file",
    needs=(CONTACT,),
    message="`{by}` spoke to `{to}` outside the line ({direction}), and nobody else had allowed it",
    hint="say who did, in `approved_by` | nobody did: tell who should have, and have it waived",
    kinds=TICKET_KINDS,
)
def contact_without_leave(loaded: Loaded) -> Iterator[Diagnostic]:
    """A sideways or diagonal contact without the leave of somebody else.

    Why: who agrees something with another unit, or with another's superior, past their own, binds people who do not
    know of it. The communication plan (clause 1.4) asks for leave beforehand.

    Example:
        - {at: ..., id: c2rd, event: coordinated, by: li.wei, via: phone, to: Lin Hai, kind: sideways}

    Instead:
        - {at: ..., id: c2rd, event: coordinated, by: li.wei, via: phone, to: Lin Hai, kind: sideways,
           approved_by: wang.fang}
    """
    facts = sound_facts(loaded)
    for contact in contacts_of(facts) if facts else ():
        if facts and not contact.has_leave:
            told = {"by": contact.by, "to": contact.entry.get("to", "-"), "direction": contact.entry.get("kind")}
            yield contact_without_leave.at(facts.path, ("timeline", contact.position), **told)


@rule(
    "REC333",
    "contact-unreported",
    scope="file",
    needs=(CONTACT,),
    message="`{by}` spoke to `{to}` outside the line ({direction}), and the report of it is missing",
    hint="servicebook coordinate {id} --reported --to NAME --by {by}",
    kinds=TICKET_KINDS,
)
def contact_unreported(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket at its end with a sideways or diagonal contact of which no report was made.

    Why: those above learn of it from the report, or not at all (clause 1.4). While the ticket is open, `servicebook
    next` reminds who made the contact.

    Example:
        status: closed
        - {at: ..., id: c2rd, event: coordinated, by: li.wei, to: Lin Hai, kind: sideways, approved_by: wang.fang}

    Instead:
        - {at: ..., id: c2rd, event: coordinated, by: li.wei, to: Lin Hai, kind: sideways, approved_by: wang.fang}
        - {at: ..., id: c3rp, event: contact_reported, by: li.wei, to: wang.fang}
    """
    facts = sound_facts(loaded)
    for contact in contacts_of(facts) if facts and is_at_rest(facts) else ():
        if facts and not contact.is_reported:
            told = {"by": contact.by, "to": contact.entry.get("to", "-"), "direction": contact.entry.get("kind")}
            yield contact_unreported.at(facts.path, ("timeline", contact.position), id=facts.id, **told)


@rule(
    "REC334",
    "submitted-unreviewed",
    scope="file",
    message="the report was submitted, and `reviewed_by` and `reviewed_at` do not say who had reviewed it, and when",
    hint="servicebook report review {id} comes before servicebook report submit {id}",
    kinds=("report",),
)
def submitted_unreviewed(loaded: Loaded) -> Iterator[Diagnostic]:
    """A report that went to the customer, and nobody is named who looked at it before.

    Why: weekly and monthly reports go from the engineer to who reviews them, and from there to the customer's
    management (clause 1.5.5-1). What is sent cannot be called back.

    Example:
        prepared_by: li.wei
        submitted_at: 2026-04-02T15:00:00+08:00

    Instead:
        prepared_by: li.wei
        reviewed_by: zhao.min
        reviewed_at: 2026-04-02T11:00:00+08:00
        submitted_to: 陈工
        submitted_at: 2026-04-02T15:00:00+08:00
    """
    facts = sound_facts(loaded)
    if facts and facts.get("submitted_at") and not (facts.get("reviewed_by") and facts.get("reviewed_at")):
        yield submitted_unreviewed.at(facts.path, ("submitted_at",), id=facts.id)


@rule(
    "REC338",
    "reviewed-after-submission",
    scope="file",
    message="the report was submitted at {submitted} and reviewed at {reviewed}, after it",
    hint="correct the time that is wrong | have a reviewed report submitted anew",
    kinds=("report",),
)
def reviewed_after_submission(loaded: Loaded) -> Iterator[Diagnostic]:
    """A report that was looked at when the customer had it already.

    Why: a review finds what must not go out; afterwards it is only a signature (clause 1.5.5-1).

    Example:
        reviewed_at: 2026-04-03T09:00:00+08:00
        submitted_at: 2026-04-02T15:00:00+08:00

    Instead:
        reviewed_at: 2026-04-02T11:00:00+08:00
        submitted_at: 2026-04-02T15:00:00+08:00
    """
    facts = sound_facts(loaded)
    submitted, reviewed = (
        (parse_instant(facts.get("submitted_at")), parse_instant(facts.get("reviewed_at"))) if facts else (None, None)
    )
    if facts and submitted and reviewed and reviewed > submitted:
        told = {"submitted": facts.get("submitted_at"), "reviewed": facts.get("reviewed_at")}
        yield reviewed_after_submission.at(facts.path, ("reviewed_at",), **told)


@rule(
    "REC335",
    "reviewed-by-the-author",
    scope="file",
    message="`{person}` wrote the report and reviewed it",
    hint="somebody else reviews it: correct `reviewed_by`",
    kinds=("report",),
)
def reviewed_by_the_author(loaded: Loaded) -> Iterator[Diagnostic]:
    """A report that its author reviewed.

    Why: nobody finds their own omissions; the reviewer is the first reader (clause 1.5.5-1).

    Example:
        prepared_by: li.wei
        reviewed_by: li.wei

    Instead:
        prepared_by: li.wei
        reviewed_by: zhao.min
    """
    facts = sound_facts(loaded)
    if facts and facts.get("reviewed_by") and facts.get("reviewed_by") == facts.get("prepared_by"):
        yield reviewed_by_the_author.at(facts.path, ("reviewed_by",), person=facts.get("reviewed_by"))


@rule(
    "REC336",
    "submitted-to-nobody",
    scope="file",
    message="the report was submitted, and `submitted_to` does not say to whom",
    hint="write `submitted_to`: the name at the customer",
    kinds=("report",),
)
def submitted_to_nobody(loaded: Loaded) -> Iterator[Diagnostic]:
    """A report with a time of submission and no recipient.

    Why: whether the customer's management was told is answered by a name, not by a time (clause 1.5.5-1).

    Example:
        submitted_at: 2026-04-02T15:00:00+08:00

    Instead:
        submitted_to: 陈工
        submitted_at: 2026-04-02T15:00:00+08:00
    """
    facts = sound_facts(loaded)
    if facts and facts.get("submitted_at") and not facts.get("submitted_to"):
        yield submitted_to_nobody.at(facts.path, ("submitted_at",))


@rule(
    "REC337",
    "figures-without-source",
    scope="file",
    message="the report has figures ({n}), and `source_revision` does not say which commit they were counted in",
    hint="`source_revision`: the commit, from `git rev-parse HEAD` | servicebook report new counts and names it",
    kinds=("report",),
)
def figures_without_source(loaded: Loaded) -> Iterator[Diagnostic]:
    """Figures that nobody can count again.

    Why: records go on changing after a report was sent. With the commit and the formula every figure can be counted
    again years later (clause 1.5.5-1).

    Example:
        figures: [{name: tickets opened, value: 12, formula: incidents with reported_at in the period}]

    Instead:
        source_revision: 2f6c1d0a
        figures: [{name: tickets opened, value: 12, formula: incidents with reported_at in the period}]
    """
    facts = sound_facts(loaded)
    figures = facts.get("figures", default=()) if facts else ()
    if facts and figures and not facts.get("source_revision"):
        yield figures_without_source.at(facts.path, ("figures",), n=len(figures))


@rule(
    "REF604",
    "report-submitted-late",
    scope="relation",
    severity="warning",
    message="the report was due on {due} by `{plan}`, and was submitted on {submitted}",
    hint="say why below its summary, and have it waived | correct `submitted_at`, where it is wrong",
    kinds=("report",),
)
def report_submitted_late(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A periodic report that reached the customer after the day that the communication plan names.

    Why: the plan promises by when (clauses 1.4 and 1.5.5-1); a late report is a broken promise like a late repair.
    Reports that nobody has written are told by `servicebook next` and `servicebook report due`.

    Example:
        reports: [{report_type: monthly, ..., within: 5 days}]
        period_end: 2026-03-31
        submitted_at: 2026-04-09T15:00:00+08:00

    Instead:
        submitted_at: 2026-04-02T15:00:00+08:00
    """
    submitted = str(facts.get("submitted_at", default=""))[:10]
    if not submitted or facts.status == "retired":
        return
    for plan in desk.of_kind("communication_plan"):
        contract = desk.get("contract", str(plan.get("contract", default="")))
        customer = desk.get("customer", str(facts.get("customer", default="")))
        told = customers_of(plan, contract, [customer] if customer else ())
        for promised in plan.get("reports", default=()) if plan.status != "retired" else ():
            if not is_promised(facts, promised, told):
                continue
            for period in periods_until(promised, date.fromisoformat(submitted) + timedelta(days=1)):
                day = due_on(promised, period).isoformat()
                if submitted > day and is_of_period(facts, period):
                    where = ("submitted_at",)
                    yield report_submitted_late.at(facts.path, where, due=day, plan=plan.id, submitted=submitted)


@rule(
    "REF605",
    "spoken-and-written-late",
    scope="relation",
    severity="warning",
    message="`{event}` ({via}) was written down {hours} h after it was said",
    hint="servicebook note {id} '{entry}: why it was written so late' | write what is said down the same day",
    kinds=TICKET_KINDS,
)
def spoken_and_written_late(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """Something said by telephone or in person that reached the record long after, without a word why.

    Why: urgent things are said first and written down afterwards (clause 1.5.5-1), and nobody else knows of them until
    then. What is late is `recorded_within` in the settings, 24 hours where it is not said; the line's own note
    explains it, or a later one that names the line's id.

    Example:
        - {at: 2026-03-13T08:52:40+08:00, id: m7q2, event: acknowledged, by: li.wei, via: phone,
           recorded_at: 2026-03-20T09:00:00+08:00}

    Instead:
        - {at: 2026-03-20T09:01:00+08:00, id: n8w2, event: note, by: li.wei, note: "m7q2: my laptop was stolen"}
    """
    if "recorded_at" not in facts.raw or is_broken(facts) or facts.get("external"):
        return
    for word in late_words(facts, timedelta(seconds=desk.settings.recorded_within)):
        told = {"event": word.entry.get("event"), "via": word.entry.get("via"), "entry": word.entry.get("id")}
        hours = round(word.late.total_seconds() / 3600)
        yield spoken_and_written_late.at(facts.path, ("timeline", word.position), id=facts.id, hours=hours, **told)


@rule(
    "DSK862",
    "report-left-out",
    scope="desk",
    severity="warning",
    message="`{plan}` promises a {report_type} report of {start} to {end}, and there is none before this one",
    hint="servicebook report new --type {report_type} --customer {customer} --from {start}",
    kinds=("report", "communication_plan", "contract", "customer"),
)
def report_left_out(desk: Snapshot) -> Iterator[Diagnostic]:
    """A gap in a series of periodic reports: a later one is there, an earlier one is not.

    Why: a report that is missing at the end of the series is late, and `servicebook next` says so; one that is missing
    between two others was forgotten, and the customer's management knows nothing of that time (clause 1.5.5-1).

    Example:
        reports: [{report_type: weekly, starts_on: 2026-03-02, ...}]
        reports of 2 March and of 16 March, none of 9 March

    Instead:
        servicebook report new --type weekly --customer harbour-tv --from 2026-03-09
    """
    reports = list(desk.of_kind("report"))
    for plan in desk.of_kind("communication_plan") if reports else ():
        contract = desk.get("contract", str(plan.get("contract", default="")))
        for customer in customers_of(plan, contract, desk.of_kind("customer")) if plan.status != "retired" else ():
            for promised in plan.get("reports", default=()):
                ours = [one for one in reports if is_promised(one, promised, (customer,))]
                ours.sort(key=lambda one: (str(one.get("period_start", default="")), one.id))
                yield from _gaps(plan, promised, customer, [one for one in ours if one.get("period_start")])


def _gaps(plan: Facts, promised: Promised, customer: str, reports: list[Facts]) -> Iterator[Diagnostic]:
    missing: list[Period] = []
    for period in _periods_with(promised, reports[-1]) if reports else ():
        found = next((one for one in reports if is_of_period(one, period)), None)
        if found is None:
            missing.append(period)
            continue
        for gap in missing:
            span = {"start": gap.start.isoformat(), "end": gap.end.isoformat()}
            told = {"plan": plan.id, "report_type": promised.get("report_type"), "customer": customer}
            yield report_left_out.at(found.path, ("period_start",), **told, **span)
        missing = []


def _periods_with(promised: Promised, report: Facts) -> Iterator[Period]:
    """Yield the promised periods up to the one that a report tells of, and with it."""
    period = period_around(every_of(promised), date.fromisoformat(report.get("period_start")))
    return periods_until(promised, period.end + timedelta(days=1))


RULES: tuple[Rule, ...] = (
    contact_without_leave,
    contact_unreported,
    submitted_unreviewed,
    reviewed_after_submission,
    reviewed_by_the_author,
    submitted_to_nobody,
    figures_without_source,
    report_submitted_late,
    spoken_and_written_late,
    report_left_out,
)
