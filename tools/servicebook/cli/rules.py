"""`servicebook rules`: all rules of the program."""

from __future__ import annotations

import json

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_value
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.diagnostics.rule import Rule
from servicebook.language.catalogue import say, terminal_language

COLOURS = {"error": "red", "warning": "yellow", "info": "grey"}


def run(argv: list[str]) -> int:
    """Print code, name, severity, scope and message of every rule."""
    parser = make_parser("rules")
    parser.add_argument("family", nargs="?", default="", help=speak("only codes that start so, such as WFL"))
    parser.add_argument("--json", action="store_true", help=speak("as JSON"))
    given = parser.parse_args(argv)
    from servicebook.rules.registry import RULES

    chosen = [rule for rule in RULES if rule.code.startswith(given.family.upper())]
    if given.json:
        print(json.dumps([_data(rule) for rule in chosen], ensure_ascii=False, indent=1))
        return 0
    columns = [
        Column(speak("code")), Column(speak("severity")), Column(speak("scope")),
        Column(speak("name"), least=16), Column(speak("says"), least=20),
    ]  # fmt: skip
    language = terminal_language()
    rows: list[list[str | Cell]] = [
        [
            rule.code,
            Cell(speak_value(rule.severity, "severity"), COLOURS[rule.severity]),
            speak_value(rule.scope, "scope"),
            rule.name + (" *" if rule.fixable else ""),
            say("rules", rule.message, language),
        ]
        for rule in chosen
    ]
    print(render_table(columns, rows))
    print("\n" + speak("* `servicebook fix` mends it. More on one: servicebook explain CODE"))
    return 0 if chosen else 1


def _data(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "scope": rule.scope,
        "incomplete": rule.incomplete,
        "fixable": rule.fixable,
        "message": rule.message,
        "hint": rule.hint,
    }
