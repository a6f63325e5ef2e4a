"""`servicebook close`: the ticket is done with, and its clocks' outcome is written down once."""

from __future__ import annotations

from servicebook.actions.event import Stamp, record_event, require_lawful
from servicebook.actions.verbs import close
from servicebook.cli.arguments import speak
from servicebook.cli.asking import may_ask
from servicebook.cli.assets_of_change import make_assets_true
from servicebook.cli.filling import Values, add_set_option, said_values, with_fields
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.cli.writing import require_sound
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.sla.status import closing_block
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Close a resolved ticket and write its `sla:` block; on a terminal, ask for what a closed one must hold."""
    parser = verb_parser("close")
    add_set_option(parser)
    parser.add_argument(
        "--update-assets", action="store_true", help=speak("write what a change makes of its assets into their records")
    )
    given = parser.parse_args(argv)
    values: Values = {}

    def prepare(desk: Snapshot, facts: Facts) -> None:
        require_lawful(facts, "closed")
        if facts.kind == "change":
            _require_conditions_met(desk, facts)
        if given.set or may_ask():
            values.update(said_values(desk, facts, "closed", given.set))
        if facts.kind == "change":
            code = values.get(("review", "closure_code")) or facts.get("review", "closure_code")
            make_assets_true(desk, facts, code, given)
        if facts.kind == "problem":
            _require_treated(desk, facts, values.get(("closure_code",)) or facts.get("closure_code"))

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        # Outcomes are those of the ticket as it will be: closing may end a clock that still ran.
        filled = with_fields(source, values)
        closed = require_sound(desk, record_event(filled, facts, "closed", stamp), source)
        return close(filled, facts, stamp, closing_block(closed, desk), note=given.note)

    return run_verb(given, "closed", act, prepare)


def _require_conditions_met(desk: Snapshot, change: Facts) -> None:
    """Raise FindingsError while a condition of a vote is open: the board agreed on that, and not on less."""
    from servicebook.cli.conditions import binding_conditions

    for one in binding_conditions(desk, change):
        raise FindingsError(
            "{id} cannot be closed: nobody has met the condition {number} of the vote {vote}: {condition}",
            "servicebook vote met {id} --vote {vote} --number {number} --evidence FILE",
            id=change.id, number=one.number, vote=one.vote, condition=one.text,
        )  # fmt: skip


def _require_treated(desk: Snapshot, problem: Facts, code: object) -> None:
    """Raise FindingsError while a known error of a problem has neither a change nor an accepted workaround, or goes on
    warning of what is gone.
    """
    from servicebook.rules.control import is_treated
    from servicebook.rules.neighbours import GONE

    for other, _ in desk.referrers("problem", problem.id):
        if other.kind != "known_error" or other.status != "active":
            continue
        if code in GONE:
            raise FindingsError(
                "{id} cannot be closed as `{code}`: its known error {other} is `active`",
                "servicebook cure {other}, or close it with --set closure_code=risk_accepted",
                id=problem.id, code=code, other=other.id,
            )  # fmt: skip
        if not is_treated(other, problem):
            raise FindingsError(
                "{id} cannot be closed: its known error {other} has neither a change nor an accepted workaround",
                "servicebook set {other} permanent_fix=CHG-..., or accepted_by=WHO review_on=DAY",
                id=problem.id, other=other.id,
            )  # fmt: skip
