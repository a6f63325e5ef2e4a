"""`servicebook tick`: write what an inspection found, item by item, held against its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from servicebook.actions.event import Stamp
from servicebook.actions.inspecting import tick
from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_choice, ask_line, may_ask
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.errors import FindingsError, UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.checklist import judge, open_items, range_of

YES = {"yes": True, "true": True, "no": False, "false": False, "是": True, "否": False}

Results = dict[str, dict[str, Any]]
"""Results by key: value, ok, note."""


def run(argv: list[str]) -> int:
    """Write results; whether each is in order follows from the plan's bounds, or is said."""
    parser = verb_parser("tick", note=False)
    parser.add_argument("found", metavar="KEY=VALUE", nargs="*", help=speak("what was found of an item of the plan"))
    parser.add_argument("--ok", metavar="KEY", action="append", default=[], help=speak("this one is in order"))
    parser.add_argument("--failed", metavar="KEY", action="append", default=[], help=speak("this one is not in order"))
    parser.add_argument("--note", metavar="TEXT", default="", help=speak("what else there is to say, in one line"))
    given = parser.parse_args(argv)
    results: Results = {}

    def prepare(desk: Snapshot, facts: Facts) -> None:
        items = _items(desk, facts)
        results.update(_said(given.found, given.ok, given.failed, items))
        if not results and may_ask():
            _ask(items, facts, results)
        if not results:
            left = ", ".join(open_items(items.values(), facts.get("results", default=()))) or "-"
            raise UsageError("say what was found", "KEY=VALUE for: {left}", left=left)
        if given.note:
            next(reversed(results.values()))["note"] = given.note

    def act(source: SourceFile, facts: Facts, stamp: Stamp, _: Snapshot) -> SourceFile:
        return tick(source, facts, results)

    return run_verb(given, "ticked", act, prepare)


def _items(desk: Snapshot, facts: Facts) -> dict[str, Mapping[str, Any]]:
    """Return the checklist by key. Raises FindingsError for what is no inspection at work."""
    if facts.kind != "inspection":
        raise FindingsError("`{id}` is no inspection", "servicebook list inspection", id=facts.id)
    if facts.status != "in_progress":
        remedy = "servicebook start {id}" if facts.status == "planned" else "servicebook show {id}"
        raise FindingsError(
            "`{id}` is `{status}`: results belong to an inspection at work", remedy, id=facts.id, status=facts.status
        )
    plan = desk.get("inspection_plan", facts.get("plan", default=""))
    return {str(item.get("key")): item for item in plan.get("checklist", default=())} if plan else {}


def _said(found: list[str], right: list[str], wrong: list[str], items: Mapping[str, Mapping[str, Any]]) -> Results:
    results: Results = {}
    for pair in found:
        key, equals, text = pair.partition("=")
        if not equals:
            raise UsageError("`{pair}` says nothing of an item", "KEY=VALUE, such as cpu=62", pair=pair)
        results[key] = {"value": _value(text)}
    for key in (*right, *wrong):
        results.setdefault(key, {})
    unknown = next((key for key in results if key not in items), None)
    if unknown is not None:
        raise UsageError("`{key}` is no item of the plan", "one of: {known}", key=unknown, known=", ".join(items))
    for key, result in results.items():
        result["ok"] = _verdict(key, result.get("value"), key in right, key in wrong, items[key])
    return results


def _verdict(key: str, value: Any, right: bool, wrong: bool, item: Mapping[str, Any]) -> bool:
    if right and wrong:
        raise UsageError("`{key}` cannot be both in order and not", "--ok or --failed", key=key)
    judged = judge(item, value) if value is not None else None
    if right and judged is False:
        raise FindingsError(
            "`{key}` is {value}, due was {due}: it is not in order",
            "leave --ok out | or change the bounds in the plan, where they are wrong",
            key=key, value=value, due=range_of(item),
        )  # fmt: skip
    if right or wrong:
        return right
    if judged is None:
        raise UsageError(
            "the plan does not say whether `{key}` = {value} is in order (due: {due})",
            "--ok {key} | --failed {key}",
            key=key, value=value, due=range_of(item) or "-",
        )  # fmt: skip
    return judged


def _value(text: str) -> Any:
    """Return a figure, yes or no, or a word, as front matter has it."""
    if text.casefold() in YES:
        return YES[text.casefold()]
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        if number == number and abs(number) != float("inf"):
            return number
    return text.strip()


def _ask(items: Mapping[str, Mapping[str, Any]], facts: Facts, results: Results) -> None:
    """Ask for every item without a result; Enter leaves one open."""
    for key in open_items(items.values(), facts.get("results", default=())):
        item = items[key]
        due = f" ({range_of(item)})" if range_of(item) else ""
        answer = ask_line(f"{item.get('text', key)}{due}")
        if not answer:
            continue
        value = _value(answer)
        judged = judge(item, value)
        if judged is None:
            judged = ask_choice(speak("In order?"), ("yes", "no"), "yes") == "yes"
        results[key] = {"value": value, "ok": judged}
