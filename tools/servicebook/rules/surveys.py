"""Is a survey fair and followed up: one a ticket, asked by somebody else, its figures those of its answers?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.records.kinds import kind_of_id
from servicebook.rules.reading import is_broken, sound_facts
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import LIFECYCLES, RESTING
from servicebook.workflow.satisfaction import csat_of, points_of, rated_by, wants_follow_up

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.snapshot import Snapshot

ABOUT = {"ticket": "ticket", "project": "contract", "annual": "period"}
"""Sort of survey to the field that says what it is about."""

_ROUNDING = 0.1


@rule(
    "REC301",
    "csat-differs",
    scope="file",
    message="`csat` is {written}; by the scores it is {due}",
    hint="take `csat` out: it follows from the scores | or correct the scores",
    kinds=("survey",),
)
def csat_differs(loaded: Loaded) -> Iterator[Diagnostic]:
    """A survey whose share of content answers is not what its scores say.

    Why: figures of satisfaction count in appraisals and go to the customer's management; one that was typed in is
    worth nothing. It is the share of answers of 4 or 5, in percent.

    Example:
        scores: [{question: Was it quick enough, score: 5}, {question: Was it explained, score: 2}]
        csat: 90

    Instead:
        scores: [{question: Was it quick enough, score: 5}, {question: Was it explained, score: 2}]
        csat: 50
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("csat") is None:
        return
    due = csat_of(points_of(facts.get("scores", default=())))
    if due is None or abs(facts.get("csat") - due) > _ROUNDING:
        shown = "-" if due is None else f"{due:g}"
        yield csat_differs.at(facts.path, ("csat",), written=f"{facts.get('csat'):g}", due=shown)


@rule(
    "REC302",
    "survey-about-nothing",
    scope="file",
    message="the survey is of type `{type}`, and `{field}` is missing",
    hint="write `{field}`: what they were asked about | or correct `survey_type`",
    kinds=("survey",),
    incomplete=True,
)
def survey_about_nothing(loaded: Loaded) -> Iterator[Diagnostic]:
    """A survey of a ticket, a project or a year that does not say which.

    Why: satisfaction is told per ticket, project and year (service plan, 1.3.1); an answer that belongs to none
    counts nowhere.

    Example:
        survey_type: annual

    Instead:
        survey_type: annual
        period: 2026
    """
    facts = sound_facts(loaded)
    field = ABOUT.get(facts.get("survey_type", default="")) if facts else None
    if facts is not None and field and not facts.get(field):
        yield survey_about_nothing.at(facts.path, ("survey_type",), type=facts.get("survey_type"), field=field)


@rule(
    "REC303",
    "answered-before-sent",
    scope="file",
    message="`responded_on` is {responded}, before `sent_on` {sent}",
    hint="correct the day that is wrong",
    kinds=("survey",),
)
def answered_before_sent(loaded: Loaded) -> Iterator[Diagnostic]:
    """A survey that was answered before it was sent.

    Why: one of the days is wrong, and the answer may count in the wrong year.

    Example:
        sent_on: 2026-03-20
        responded_on: 2026-03-02

    Instead:
        sent_on: 2026-03-20
        responded_on: 2026-03-22
    """
    facts = sound_facts(loaded)
    sent, responded = (facts.get("sent_on"), facts.get("responded_on")) if facts else (None, None)
    if facts is not None and sent and responded and responded < sent:
        yield answered_before_sent.at(facts.path, ("responded_on",), responded=responded, sent=sent)


@rule(
    "REF601",
    "surveyed-by-the-rated",
    scope="relation",
    message="`{person}` asked, and is rated by the answers",
    hint="somebody else asks: correct `surveyed_by`",
    kinds=("survey",),
)
def surveyed_by_the_rated(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A survey that was taken by one of those whose work it rates.

    Why: few people tell an engineer to the face what they thought of the work. The service plan (1.3.1) has
    somebody else ask: the rated are those in `engineers`, and who worked on the ticket.

    Example:
        surveyed_by: li.wei
        engineers: [li.wei]

    Instead:
        surveyed_by: wang.fang
        engineers: [li.wei]
    """
    person = facts.get("surveyed_by")
    ticket = _ticket(facts, desk)
    rated = [*facts.get("engineers", default=()), *(rated_by(ticket) if ticket else ())]
    if person and person in rated:
        yield surveyed_by_the_rated.at(facts.path, ("surveyed_by",), person=person)


@rule(
    "REF602",
    "voice-without-follow-up",
    scope="relation",
    message="the customer waits for word (a low score, a complaint or a suggestion), and `follow_up` names no ticket",
    hint="servicebook survey {id} --follow-up | or name the ticket that answers it in `follow_up`",
    kinds=("survey",),
    incomplete=True,
)
def voice_without_follow_up(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A survey with a score below the desk's `low_score`, a complaint or a suggestion, and nothing came of it.

    Why: who was asked, said what is wrong and hears nothing is worse off than who was never asked. The follow-up
    is a ticket with its own clock; the limit is `low_score` in the settings, 3 of 5 where it is not said.

    Example:
        scores: [{question: Was it explained, score: 2}]

    Instead:
        scores: [{question: Was it explained, score: 2}]
        follow_up: REQ-20260321-4NDQ
    """
    if wants_follow_up(facts, desk.settings.low_score) and not facts.get("follow_up"):
        where = ("scores",) if facts.get("scores") else ("survey_type",)
        yield voice_without_follow_up.at(facts.path, where, id=facts.id)


@rule(
    "REF603",
    "survey-of-open-ticket",
    scope="relation",
    message="`{ticket}` is `{state}`: there is nothing to rate yet",
    hint="ask when it is resolved | take the record out until then",
    kinds=("survey",),
)
def survey_of_open_ticket(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A survey about a ticket that somebody still works on.

    Why: the answer would rate half of the work, and the ticket gets one survey only.

    Example:
        ticket: INC-20260313-4DXQ      (status: in_progress)

    Instead:
        ticket: INC-20260312-7F3K      (status: closed)
    """
    ticket = _ticket(facts, desk)
    # A ticket that was opened anew after the answer keeps its one survey.
    if ticket is None or is_broken(ticket) or facts.status == "retired" or facts.get("survey_type") != "ticket":
        return
    life = LIFECYCLES[ticket.kind]
    rests = ticket.status in life.final or ticket.status in RESTING
    if not rests and "reopened" not in ticket.events:
        yield survey_of_open_ticket.at(facts.path, ("ticket",), ticket=ticket.id, state=ticket.status)


@rule(
    "DSK861",
    "surveyed-twice",
    scope="desk",
    message="`{ticket}` has the survey `{other}` already",
    hint="servicebook retire {id} | where the second one counts: servicebook retire {other}",
    kinds=("survey",),
)
def surveyed_twice(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two surveys of one ticket, also where it was reopened and solved again.

    Why: one customer asked twice counts twice in every figure, and is asked to say the same again
    (service plan, 1.3.1: one survey a ticket).

    Example:
        SUR-20260320-9HKC: ticket: INC-20260312-7F3K
        SUR-20260402-3QMD: ticket: INC-20260312-7F3K

    Instead:
        SUR-20260402-3QMD: status: retired
    """
    first: dict[str, Facts] = {}
    for facts in sorted(desk.of_kind("survey"), key=lambda facts: facts.id):
        ticket = facts.get("ticket", default="")
        if facts.get("survey_type") != "ticket" or facts.status == "retired" or not ticket:
            continue
        other = first.setdefault(ticket, facts)
        if other is not facts:
            yield surveyed_twice.at(facts.path, ("ticket",), ticket=ticket, other=other.id, id=facts.id)


def _ticket(facts: Facts, desk: Snapshot) -> Facts | None:
    id = str(facts.get("ticket", default=""))
    kind = kind_of_id(id)
    return desk.get(kind.name, id) if kind and kind.ticket else None


RULES: tuple[Rule, ...] = (
    csat_differs,
    survey_about_nothing,
    answered_before_sent,
    surveyed_by_the_rated,
    voice_without_follow_up,
    survey_of_open_ticket,
    surveyed_twice,
)
