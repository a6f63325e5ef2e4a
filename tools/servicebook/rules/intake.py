"""Was an incident taken down, brought before others and reported as the service plan says?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.instants import parse_instant
from servicebook.rules.edits import sound_pair
from servicebook.rules.reading import listed, sound_facts
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.handling_report import lacking_sections

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.edits import Edit


@rule(
    "REC260",
    "third-party-unnamed",
    scope="file",
    message="others service it (`{value}`), and `third_party_by` names nobody",
    hint="ask the caller who: `third_party_by`, and when in `third_party_on`",
    kinds=("incident",),
    incomplete=True,
)
def third_party_unnamed(loaded: Loaded) -> Iterator[Diagnostic]:
    """An incident at something that others have serviced, or are servicing now, and nobody says who.

    Why: work by others can end the warranty, and two teams at one rack undo each other's work. The consultant
    asks it on the telephone (service plan, 1.2.2 steps 1 and 2).

    Example:
        caller: {name: Lin Hai, third_party_maintenance: before}

    Instead:
        caller: {name: Lin Hai, third_party_maintenance: before, third_party_by: the maker's field service}
    """
    facts = sound_facts(loaded)
    value = facts.get("caller", "third_party_maintenance") if facts else None
    if facts is not None and value in ("before", "now") and not facts.get("caller", "third_party_by"):
        yield third_party_unnamed.at(facts.path, ("caller",), value=value)


@rule(
    "WFL428",
    "report-without-its-sections",
    scope="file",
    needs=("report_submitted",),
    message="the handling report was submitted, and does not say {missing}",
    hint="write them into `handling_report` or `resolution` | `servicebook report {id}` asks for them",
    kinds=("incident",),
    incomplete=True,
)
def report_without_its_sections(loaded: Loaded) -> Iterator[Diagnostic]:
    """A handling report that went to the customer without kind of fault, cause, method or loss.

    Why: the customer gets the four within 24 hours of the resolution (service plan, 1.3.1). What the record knows
    already, such as `resolution.method`, need not be written twice.

    Example:
        - {at: ..., id: r5vn, event: report_submitted, by: li.wei, via: email, to: Lin Hai}
        resolution: {resolution_code: fixed, cause_code: software, method: restarted}

    Instead:
        resolution: {resolution_code: fixed, cause_code: software, method: restarted, loss: black for 59 minutes}
    """
    facts = sound_facts(loaded)
    if facts is None or "report_submitted" not in facts.events or facts.get("external"):
        return
    if missing := lacking_sections(facts):
        where = ("timeline", facts.events.index("report_submitted"), "event")
        yield report_without_its_sections.at(facts.path, where, missing=listed(missing), id=facts.id)


@rule(
    "WFL429",
    "missed-without-escalation",
    scope="file",
    needs=("sla",),
    message="`{clock}` was missed, and nobody was told: there is no event `escalated`",
    hint="`servicebook escalate {id} --to NAME --at TIME`: who heard of it, and when",
    kinds=("incident",),
    incomplete=True,
)
def missed_without_escalation(loaded: Loaded) -> Iterator[Diagnostic]:
    """An incident that was closed after its time for the solution had passed, and nobody had brought it to others.

    Why: what is not solved in the set time is escalated and gets more people (service plan, 1.5.6). A promise that
    was broken in silence is broken again.

    Example:
        sla: {restore: {outcome: missed, ...}}      and no `escalated` on the timeline

    Instead:
        - {at: ..., id: e5ca, event: escalated, by: li.wei, to: zhao.min, reason: will be late}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.status != "closed" or '"missed"' not in facts.raw:
        return
    if facts.get("external") or "escalated" in facts.events:
        return
    solved = {at for event, at in zip(facts.events, facts.instants, strict=True) if event == "resolved"}
    for name, outcome in (facts.get("sla") or {}).items():
        ends = (outcome, *outcome.get("cycles", ()))
        if any(end.get("outcome") == "missed" and parse_instant(end.get("stopped_at")) in solved for end in ends):
            yield missed_without_escalation.at(facts.path, ("sla", name), clock=name, id=facts.id)


@rule(
    "WFL460",
    "remote-session-alone",
    scope="edit",
    severity="warning",
    message="the remote session at {at} names nobody of the customer's in `present`",
    hint="`servicebook note {id} --event remote_session --with NAME` | add `present: [NAME]` before it lands",
    kinds=("incident",),
)
def remote_session_alone(edit: Edit) -> Iterator[Diagnostic]:
    """A remote session that is written down without the customer's people who were there.

    Why: remote log-in happens together with the customer's staff (service plan, 1.3.2): they see what is touched,
    and can say so afterwards.

    Example:
        - {at: ..., id: r0fp, event: remote_session, by: li.wei, via: remote}

    Instead:
        - {at: ..., id: r0fp, event: remote_session, by: li.wei, via: remote, present: [Lin Hai]}
    """
    after = edit.after
    pair = sound_pair(edit)
    if after is None or (edit.before is not None and pair is None) or after.get("external"):
        return
    known = {entry.get("id") for entry in pair[0].timeline} if pair else set()
    for position, entry in enumerate(after.timeline):
        if entry.get("event") == "remote_session" and entry.get("id") not in known and not entry.get("present"):
            where = ("timeline", position, "event")
            yield remote_session_alone.at(after.path, where, at=entry.get("at"), id=after.id)


RULES: tuple[Rule, ...] = (
    third_party_unnamed,
    report_without_its_sections,
    missed_without_escalation,
    remote_session_alone,
)
