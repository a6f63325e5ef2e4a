"""What a finding says in the reader's language: its message and its remedies."""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter

from servicebook.diagnostics.diagnostic import DONE_IN, MORE, Diagnostic
from servicebook.diagnostics.rule import Rule
from servicebook.language.catalogue import say
from servicebook.language.display import plain


def message_of(rule: Rule, found: Diagnostic, language: str) -> str:
    """Return the message of a finding, its values filled in.

    With the commit whose step it is about, and with how many more there are, where there are.
    """
    message = say("rules", rule.message, language).format_map(_values(found, language))
    if commit := found.param(DONE_IN):
        message = say("rules", "{message} (done in commit {commit})", language, message=message, commit=commit)
    if more := found.param(MORE):
        more = f"{int(more):,}"
        message = say("rules", "{message} (and {more} more in this file)", language, message=message, more=more)
    return message


def hints_of(rule: Rule, found: Diagnostic, language: str) -> list[str]:
    """Return the remedies of a finding.

    A rule's hint may have parts, set off by ` | `; a part that names an empty value is left out, so that 'did
    you mean' is said only where there is something near.
    """
    values = _values(found, language)
    parts = [part.strip() for part in say("rules", rule.hint, language).split(" | ")]
    return [part.format_map(values) for part in parts if all(values.get(name) for name in _names(part))]


def _names(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def sentence(name: str, text: str, values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the parameters of a finding for a value that is a sentence itself: in English, and as what it is made of.

    text: a template of the catalogue area `cli`.
    """
    parts = dict(values)
    return {name: text.format_map(parts), f"{name}.": text, **{f"{name}.{key}": value for key, value in parts.items()}}


def _values(found: Diagnostic, language: str) -> dict[str, str]:
    """Return the values a template names; those that are words of ours (`a whole number`) are translated too."""
    said = {name: plain(say("rules", value, language)) for name, value in found.params}
    for name in [name.removesuffix(".") for name in said if name.endswith(".")]:
        parts = {key.removeprefix(f"{name}."): value for key, value in found.params if key.startswith(f"{name}.")}
        said[name] = plain(say("cli", found.param(f"{name}."), language).format_map(parts))
    return said
