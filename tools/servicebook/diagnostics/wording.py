"""What a finding says in the reader's language: its message and its hint."""

from __future__ import annotations

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule
from servicebook.language.catalogue import say


def message_of(rule: Rule, found: Diagnostic, language: str) -> str:
    """Return the message of a finding, its values filled in."""
    return say("rules", rule.message, language).format_map(_values(found, language))


def hint_of(rule: Rule, found: Diagnostic, language: str) -> str:
    """Return the remedy of a finding.

    A hint may have parts, set off by ` | `; a part that names an empty value is left out, so that 'did you
    mean' is said only where there is something near.
    """
    values = _values(found, language)
    parts = say("rules", rule.hint, language).split(" | ")
    empty = tuple(f"{{{name}}}" for name, value in found.params if not value)
    kept = [part.format_map(values) for part in parts if not any(name in part for name in empty)]
    return ("；" if language == "zh" else "; ").join(kept)


def _values(found: Diagnostic, language: str) -> dict[str, str]:
    """Return the values a template names; those that are words of ours (`a whole number`) are translated too."""
    return {name: say("rules", value, language) for name, value in found.params}
