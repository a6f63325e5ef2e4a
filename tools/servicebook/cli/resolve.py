"""`servicebook resolve`: it is solved, and how."""

from __future__ import annotations

from servicebook.actions.event import event_for, require_lawful
from servicebook.actions.verbs import resolve
from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_choice, ask_line, may_ask
from servicebook.cli.fields import Field, field_at, fields_of
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any

BLOCKS = {"incident": "resolution", "service_request": "fulfilment"}
ASKED = {
    "incident": ("resolution_code", "cause_code", "method", "human_caused", "problem_review.result"),
    "service_request": ("result",),
    "problem": ("root_cause", "cause_code", "closure_code"),
}
"""What is asked on a terminal, by kind; the rest can be given as flags or written later."""


def run(argv: list[str], verb: str = "resolve") -> int:
    """Resolve a ticket; on a terminal, ask how; in a script, take the flags as they are."""
    parser = verb_parser(verb)
    parser.add_argument("--code", help=speak("how it was solved: fixed, workaround, restarted, ..."))
    parser.add_argument("--cause", help=speak("what kind of cause it had: software, hardware, network, ..."))
    parser.add_argument("--method", help=speak("what was done, in a line"))
    parser.add_argument(
        "--human-caused", choices=("yes", "no"), help=speak("whether the customer's own people caused it")
    )
    parser.add_argument("--confirmed-by", metavar="NAME", help=speak("who confirmed at the customer's that it works"))
    parser.add_argument(
        "--set", metavar="FIELD=VALUE", action="append", default=[], help=speak("any other field of it")
    )
    given = parser.parse_args(argv)
    solution: dict[str, Any] = {}

    def prepare(_: Snapshot, facts: Facts) -> None:
        require_lawful(facts, event_for(verb, facts))
        solution.update(_solution(facts.kind, given))
        if may_ask():
            _ask_missing(facts.kind, solution)

    return run_verb(
        given,
        "fulfilled" if verb == "fulfil" else "resolved",
        lambda source, facts, stamp, _: resolve(source, facts, stamp, solution, note=given.note),
        prepare,
    )


def _solution(kind: str, given: Any) -> dict[str, Any]:
    """Return what the flags say, under the names of the kind's fields."""
    names = {
        "incident": ("resolution_code", "cause_code", "method", "confirmed_by"),
        "service_request": ("", "", "result", "accepted_by"),
        "problem": ("closure_code", "cause_code", "root_cause", ""),
    }.get(kind, ("", "", "", ""))
    told: dict[str, Any] = {}
    for name, value in zip(names, (given.code, given.cause, given.method, given.confirmed_by), strict=True):
        if value and not name:
            raise UsageError("a {kind} has no place for `{value}`", "servicebook schema {kind}", kind=kind, value=value)
        if value:
            told[name] = value
    if given.human_caused and kind == "incident":
        told["human_caused"] = given.human_caused == "yes"
    for pair in given.set:
        name, _, value = pair.partition("=")
        _put(told, name, field_at(_fields(kind), name).read(value))
    return told


def _fields(kind: str) -> tuple[Field, ...]:
    fields = fields_of(kind)
    block = BLOCKS.get(kind)
    return next((field.inner for field in fields if field.name == block), ()) if block else fields


def _put(told: dict[str, Any], path: str, value: Any) -> None:
    head, _, rest = path.partition(".")
    if rest:
        told.setdefault(head, {})[rest] = value
    else:
        told[head] = value


def _ask_missing(kind: str, solution: dict[str, Any]) -> None:
    for path in ASKED.get(kind, ()):
        if path.partition(".")[0] in solution:
            continue
        field = field_at(_fields(kind), path)
        choices = ("yes", "no") if field.form == "bool" else field.choices
        answer = ask_choice(field.label, choices, "") if choices else ask_line(field.label)
        if answer:
            _put(solution, path, field.read(answer))
