"""`servicebook survey`: what a customer says of a ticket, a project or a year, in one line; and who answers it."""

from __future__ import annotations

from argparse import Namespace

from servicebook.actions.deriving import derived_fields
from servicebook.actions.event import Stamp
from servicebook.actions.opening import open_record
from servicebook.actions.surveying import (
    answered,
    fields_about,
    fields_of_follow_up,
    require_other,
    require_ratable,
    with_values,
)
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.costs import read_day
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.fields import field_at, fields_of
from servicebook.cli.now import read_now
from servicebook.cli.verb import edited
from servicebook.cli.who import who_acts
from servicebook.cli.writing import (
    add_commit_option,
    landing_of,
    push_record,
    require_sound,
    show_unfinished,
    write_records,
)
from servicebook.errors import FindingsError, UsageError
from servicebook.language.catalogue import say
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, TICKET_KINDS
from servicebook.records.templates import body_template, field_order
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.routing import team_by
from servicebook.workflow.satisfaction import QUESTIONS, VOICES, wants_follow_up

EXAMPLES = """\
servicebook survey F90H 5 4 5 --respondent 黄主任              asked by phone after a ticket
servicebook survey F90H --sent                                 asked by mail; the answer comes later
servicebook survey harbour-tv 4 4 5 --via form                 of the year
servicebook survey harbour-tv --complaint "Nobody calls back at night" --service cms
"""
TITLES = {
    "ticket": "How content with: {title}",
    "project": "How content with the project: {title}",
    "annual": "How content with the year: {title}",
    "complaint": "Complaint: {title}",
    "suggestion": "Suggestion: {title}",
}
"""Sort of survey to its title; keys of the catalogue."""

SCORES = {1, 2, 3, 4, 5}

Files = list[tuple[SourceFile, SourceFile | None]]


def run(argv: list[str]) -> int:
    """Write a survey, or the answer to one, and the request that follows where somebody waits for word."""
    given = _parser().parse_args(argv)
    desk = open_here(whole=True)
    landing = landing_of(desk, given)
    now = read_now(desk.settings, writes=True)
    stamp = Stamp(who_acts(desk, given.by), now, now)
    subject = find_record(desk, given.id, (*TICKET_KINDS, "contract", "customer", "survey"))
    there = subject if subject.kind == "survey" else _waiting(desk, subject, given)
    survey, files = _survey(desk, subject, there, given, stamp)
    if wants_follow_up(survey, desk.settings.low_score) and not survey.get("follow_up"):
        survey, files = _followed_up(desk, survey, files, given, stamp)
    elif given.follow_up:
        raise FindingsError("`{id}` waits for no follow-up", "servicebook show {id}", id=survey.id)
    write_records(desk, files, landing.commit, f"{survey.id}: {survey.title}")
    _tell(survey)
    for after, _ in files:
        show_unfinished(desk, after)
    push_record(desk, landing)
    return 0


def _parser() -> Any:
    parser = make_parser("survey", EXAMPLES)
    option = parser.add_argument
    option("id", metavar="ID", help=speak("a ticket, a contract, a customer, or a survey that waits for its answer"))
    option("scores", metavar="SCORE", type=int, nargs="*", help=speak("from 1 to 5, question by question"))
    option("--respondent", metavar="NAME", default="", help=speak("who answered, at the customer"))
    option("--comment", metavar="TEXT", default="", help=speak("what they said in their own words"))
    option("--complaint", metavar="TEXT", default="", help=speak("they complain: a request that answers it is opened"))
    option("--suggestion", metavar="TEXT", default="", help=speak("they suggest something: a request is opened"))
    option("--service", metavar="SERVICE", default="", help=speak("the service it is about"))
    option("--period", metavar="TIME", default="", help=speak("the year it is about (default: this one)"))
    channels = field_at(fields_of("survey"), "contact_type").choices
    option("--via", choices=channels, default="hotline", help=speak("how they were asked (default: hotline)"))
    option("--on", metavar="DAY", default="", help=speak("when they answered (default: today)"))
    option("--sent", action="store_true", help=speak("they were only asked: the answer comes later"))
    option("--follow-up", action="store_true", help=speak("open the request that answers an older survey"))
    option("--by", metavar="PERSON", help=speak("who asked (default: whom your Git e-mail belongs to)"))
    add_commit_option(parser)
    return parser


def _waiting(desk: Snapshot, subject: Facts, given: Namespace) -> Facts | None:
    if given.complaint or given.suggestion or subject.kind not in TICKET_KINDS:
        return None
    return require_ratable(subject, list(desk.of_kind("survey")))


def _survey(desk: Snapshot, subject: Facts, there: Facts | None, given: Namespace, stamp: Stamp) -> tuple[Facts, Files]:
    """Return the survey as it will stand, and its file; no file for an old one that only wants its follow-up."""
    if there is not None and given.follow_up:
        return there, []
    asked = read_day("--on", given.on) or stamp.at.date()
    about = {} if there is not None else {**fields_about(subject, asked), **_unasked(given)}
    if given.period and about:
        about["period"] = given.period
    voiced = about.get("survey_type") in VOICES
    rated = there.get("engineers", default=[]) if there is not None else about.get("engineers", [])
    require_other(stamp.by, () if voiced else rated)
    said = {} if voiced or given.sent else _answers(desk, given)
    values = {
        **about,
        "contact_type": given.via,
        "surveyed_by": stamp.by,
        ("sent_on" if given.sent else "responded_on"): asked.isoformat(),
        "respondent": given.respondent,
        "comment": given.complaint or given.suggestion or given.comment,
        **said,
    }
    if there is not None:
        before = SourceFile(there.path, desk.read_in_work_tree(there.path))
        after = edited(there.path, lambda: with_values(before, values))
        return require_sound(desk, after, before), [(after, before)]
    title = say("cli", TITLES[about["survey_type"]], desk.settings.languages[0], title=subject.title)
    source = _opened(desk, "survey", {"title": title, **values}, stamp)
    return require_sound(desk, source), [(source, None)]


def _unasked(given: Namespace) -> dict[str, Any]:
    sort = "complaint" if given.complaint else "suggestion" if given.suggestion else ""
    return {"survey_type": sort} if sort else {}


def _answers(desk: Snapshot, given: Namespace) -> dict[str, Any]:
    language = desk.settings.languages[0]
    questions = desk.settings.survey_questions or [say("cli", question, language) for question in QUESTIONS]
    points = list(given.scores)
    if not points and may_ask():
        answers = [ask_line(f"{question} (1-5)") for question in questions]
        points = [int(answer) for answer in answers if answer.isdecimal()]
    if not points or len(points) > len(questions) or not set(points) <= SCORES:
        raise UsageError(
            "scores go from 1 to 5, one for each question, at most {n}",
            "questions: {questions}", n=len(questions), questions="; ".join(questions),
        )  # fmt: skip
    return answered(questions, points)


def _followed_up(desk: Snapshot, survey: Facts, files: Files, given: Namespace, stamp: Stamp) -> tuple[Facts, Files]:
    """Return the survey with the request that answers it named, and the files of both."""
    ticket = next((found for kind in TICKET_KINDS if (found := desk.get(kind, survey.get("ticket", default="")))), None)
    about = ticket.title if ticket else survey.title
    title = say("cli", "Call back: {title}", desk.settings.languages[0], title=about)
    values = fields_of_follow_up(survey, ticket, stamp, title)
    if given.service:
        values["service"] = find_record(desk, given.service, ("service",)).id
    team = team_by(desk.settings.routing, "service_request", values) or _heads(desk, survey)
    values.update({"assignment_group": team} if team else {})
    names = {field.name for field in fields_of("service_request")}
    values.update(derived_fields(values, names, desk, desk.settings.priority_matrix, (), "service_request"))
    request_file = _opened(desk, "service_request", values, stamp, str(survey.get("comment") or title))
    request = require_sound(desk, request_file)
    now_there, old = files[0] if files else (SourceFile(survey.path, desk.read_in_work_tree(survey.path)), None)
    before = old if files else now_there
    after = edited(survey.path, lambda: with_values(now_there, {"follow_up": request.id}))
    facts = require_sound(desk, after, before, beside=(request.id,))
    return facts, [(after, before), (request_file, None)]


def _heads(desk: Snapshot, survey: Facts) -> str:
    """Return the team of who answers for the customer's service: what is wrong reaches the heads."""
    customer = desk.get("customer", survey.get("customer", default=""))
    manager = desk.get("person", customer.get("service_manager", default="")) if customer else None
    return next(iter(manager.get("teams", default=())), "") if manager else ""


def _opened(desk: Snapshot, name: str, values: dict[str, Any], stamp: Stamp, text: str = "") -> SourceFile:
    from servicebook.store.write import new_id

    kind = BY_NAME[name]
    heading, _, rest = body_template(name, desk.settings.languages[0]).partition("\n")
    body = f"{heading}\n\n{text}\n{rest}" if text else f"{heading}\n{rest}"
    return open_record(kind, new_id(kind, stamp.recorded_at, desk), values, body, stamp, field_order(name))


def _tell(survey: Facts) -> None:
    csat = survey.get("csat")
    print(f"{survey.id}  {'' if csat is None else f'CSAT {csat:g} %  '}{plain(survey.title)}")
    print(survey.path)
    if follow_up := survey.get("follow_up"):
        print(f"\n{speak('next')}: servicebook ack {follow_up} --via phone --to NAME")
