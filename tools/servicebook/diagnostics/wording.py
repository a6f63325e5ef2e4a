"""What a finding says in the reader's language: its message and its hint."""

from __future__ import annotations

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule
from servicebook.language.catalogue import say


def message_of(rule: Rule, found: Diagnostic, language: str) -> str:
    """Return the message of a finding, its values filled in."""
    return say("rules", rule.message, language, **dict(found.params))


def hint_of(rule: Rule, found: Diagnostic, language: str) -> str:
    """Return the remedy of a finding.

    A hint may have parts, set off by ` | `; a part that names an empty value is left out, so that 'did you
    mean' is said only where there is something near.
    """
    values = dict(found.params)
    parts = say("rules", rule.hint, language).split(" | ")
    empty = tuple(f"{{{name}}}" for name, value in found.params if not value)
    kept = [part.format_map(values) for part in parts if not any(name in part for name in empty)]
    return ("；" if language == "zh" else "; ").join(kept)
