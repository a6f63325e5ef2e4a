"""`servicebook explain`: a rule's page."""

from __future__ import annotations

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.clocks import speak_value
from servicebook.cli.terminal import colour
from servicebook.diagnostics.page import page_in
from servicebook.diagnostics.rule import Rule
from servicebook.errors import UsageError
from servicebook.language.catalogue import say, terminal_language


def run(argv: list[str]) -> int:
    """Print the page of a rule by its code or name; an id goes to `sla --explain`."""
    parser = make_parser("explain")
    parser.add_argument("code", metavar="CODE", help=speak("a rule's code such as WFL401, or its name"))
    given = parser.parse_args(argv)
    word = given.code
    if "-20" in word:
        from servicebook.cli import sla

        return sla.run([word, "--explain"])
    print("\n".join(_page(_rule(word))))
    return 0


def _rule(word: str) -> Rule:
    import difflib

    from servicebook.rules.registry import RETIRED, RULES

    names = {key: rule for rule in RULES for key in (rule.code.lower(), rule.name)}
    if word.lower() in names:
        return names[word.lower()]
    if word.upper() in RETIRED:
        raise UsageError("{code} is retired: {why}", "servicebook rules", code=word.upper(), why=RETIRED[word.upper()])
    near = difflib.get_close_matches(word.lower(), names, 1)
    raise UsageError(
        "there is no rule `{word}`",
        "did you mean `servicebook explain {near}`?" if near else "servicebook rules",
        word=word, near=names[near[0]].code if near else "",
    )  # fmt: skip


def _page(rule: Rule) -> list[str]:
    language = terminal_language()
    lines = [
        colour(f"{rule.code} {rule.name}", "bold"),
        f"{speak_value(rule.severity, 'severity')}, {speak_value(rule.scope, 'scope')}",
        "",
        speak("message") + ": " + say("rules", rule.message, language),
        *(speak("hint") + ": " + hint for hint in say("rules", rule.hint, language).split(" | ")),
        "",
        page_in(rule.page, language),
    ]
    if rule.incomplete:
        lines += [
            "",
            speak("A record with this is not broken, only unfinished: a warning at commit, an error where it lands."),
        ]
    if rule.fixable:
        lines += ["", speak("`servicebook fix` mends it.")]
    return lines
