"""`servicebook emergency`: write the plan for sending a team, and what it will cost by the contract's rate card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from servicebook.actions.deriving import derived_fields
from servicebook.actions.dispatching import write_plan
from servicebook.cli.arguments import Parser, speak
from servicebook.cli.asking import may_ask
from servicebook.cli.fields import Field, field_at, fields_of
from servicebook.cli.filling import placed
from servicebook.cli.form import ask_field, is_simple
from servicebook.cli.kinds_of_verbs import require_kind
from servicebook.cli.now import read_now
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import FindingsError, UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.set_field import set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.dispatching import PLAN_SECTIONS
from servicebook.workflow.estimate import estimate_of

NOT_TYPED = ("estimate_lines", "consent", "approval")
"""What is computed, or has a command of its own."""

ASKED = tuple(name for name in PLAN_SECTIONS if name != "estimate")


def run(argv: list[str]) -> int:
    """Write the plan, or what is new about it; an approval of what it said before goes."""
    fields = field_at(fields_of("incident"), "emergency_plan").inner
    given = _parser(fields).parse_args(argv)
    said: dict[str, Any] = {}
    contract: list[str] = []

    def prepare(desk: Snapshot, facts: Facts) -> None:
        require_kind("emergency", facts, "incident")
        now = read_now(desk.settings, writes=True)
        said.update(_said(fields, given, now))
        if may_ask():
            _ask(desk, fields, facts, said, now)
        if lines := _lines(given):
            contract.append(_contract_of(desk, facts))
            said["estimate_lines"] = lines
            said["estimate"] = _priced(desk, contract[0], lines)
        if not said:
            raise UsageError("the plan says nothing new", "servicebook emergency --help")

    def act(source: SourceFile, facts: Facts, stamp: Any, _: Snapshot) -> SourceFile:
        after = write_plan(source, facts, stamp, said, note=given.note)
        if contract and contract[0] and not facts.get("contract"):
            return SourceFile(after.path, set_field(after.data, ("contract",), contract[0]))
        return after

    return run_verb(given, "emergency plan written", act, prepare)


def _parser(fields: Sequence[Field]) -> Parser:
    parser = verb_parser("emergency")
    for field in fields:
        if field.name not in NOT_TYPED:
            flag = "--" + field.name.replace("_", "-")
            parser.add_argument(flag, metavar="…", dest="f_" + field.name, help=field.label.replace("%", "%%"))
    option = parser.add_argument
    option("--role", metavar="ROLE=DAYS", action="append", default=[], help=speak("person-days of a role on the card"))
    option("--item", metavar="ITEM=N", action="append", default=[], help=speak("something the bid has a price for"))
    option("--travel", metavar="AMOUNT", help=speak("cost of travel"))
    return parser


def _said(fields: Sequence[Field], given: Any, now: datetime) -> dict[str, Any]:
    said = {}
    for field in fields:
        text = getattr(given, "f_" + field.name, None)
        if text is not None:
            said[field.name] = placed(field, field.read(text), now, ahead=True)
    return said


def _ask(desk: Snapshot, fields: Sequence[Field], facts: Facts, said: dict[str, Any], now: datetime) -> None:
    """Ask for the sections that the plan has not and nobody said; Enter leaves one open."""
    plan = facts.get("emergency_plan", default={})
    for field in fields:
        if field.name in ASKED and not plan.get(field.name) and field.name not in said and is_simple(field):
            answer = ask_field(desk, field, dict(facts.data))
            if answer not in (None, "", []):
                said[field.name] = placed(field, answer, now, ahead=True)


def _lines(given: Any) -> list[dict[str, Any]]:
    """Return the lines of the estimate that the flags say."""
    lines: list[dict[str, Any]] = []
    for pair in given.role:
        role, _, days = pair.partition("=")
        lines.append({"role": role.replace("-", "_"), "person_days": _number(pair, days)})
    for pair in given.item:
        item, _, count = pair.partition("=")
        lines.append({"item": item, "quantity": int(_number(pair, count or "1"))})
    if given.travel:
        lines.append({"travel": {"amount": _number(given.travel, given.travel), "currency": "CNY"}})
    return lines


def _number(said: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if number < 0:
        raise UsageError("`{said}` is no amount", "--role operations_engineer=1.5, --item NAME=2", said=said)
    return int(number) if number == int(number) else number


def _contract_of(desk: Snapshot, facts: Facts) -> str:
    if named := facts.get("contract"):
        return str(named)
    return str(derived_fields(facts.data, {"contract"}, desk, desk.settings.priority_matrix).get("contract", ""))


def _priced(desk: Snapshot, contract: str, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the lines cost; FindingsError where one has no price."""
    record = desk.get("contract", contract)
    found = estimate_of(lines, record.data if record else None)
    if found.unpriced:
        known = [str(rate.get("role")) for rate in (record.get("rate_card", default=[]) if record else [])]
        raise FindingsError(
            "`{name}` has no price in the contract `{contract}`",
            "known: {known}" if known else "servicebook list contract",
            name=found.unpriced[0][1], contract=contract or "-", known=", ".join(known),
        )  # fmt: skip
    return found.money.block()
