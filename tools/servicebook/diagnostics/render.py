"""How findings look to people: in full with the line they are about, or one a line; and to programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from servicebook.diagnostics.diagnostic import MORE, Diagnostic, Span
from servicebook.diagnostics.rule import Rule, Severity
from servicebook.diagnostics.wording import hints_of, message_of
from servicebook.language.catalogue import say
from servicebook.language.display import plain, text_columns
from servicebook.typed import NamedTuple

FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit")
"""What `servicebook check --format` takes."""

_EXCERPT = 110  # characters of a long line that are shown around the place
_LEAD = 40  # of them before the place


class Shown(NamedTuple):
    """A finding ready to be shown: with its rule, how grave it is here, and its place in the file."""

    finding: Diagnostic
    rule: Rule
    severity: Severity
    span: Span


LineOf = Callable[[Diagnostic, int], "str | None"]
"""Gives a line (counted from 1) of the file that a finding is about; None where it has none."""


def render(shown: Sequence[Shown], form: str, language: str, line_of: LineOf | None = None) -> str:
    """Return findings as text in one of FORMATS; for none empty, or what the format has for none (JSON: an empty list).

    line_of: for the excerpts of `full`.
    Raises ValueError for any other format.
    """
    return _writable(_rendered(shown, form, language, line_of))


def _rendered(shown: Sequence[Shown], form: str, language: str, line_of: LineOf | None) -> str:
    match form:
        case "full":
            return "\n\n".join(render_full(item, language, line_of) for item in shown)
        case "concise":
            return "\n".join(render_concise(item, language) for item in shown)
        case "github":
            return "\n".join(render_github(item, language) for item in shown)
        case "json":
            return json.dumps([as_json(item, language) for item in shown], ensure_ascii=False, indent=2)
    from servicebook.diagnostics import machine_formats

    match form:
        case "gitlab":
            return machine_formats.render_gitlab(shown, language)
        case "sarif":
            return machine_formats.render_sarif(shown, language)
        case "junit":
            return machine_formats.render_junit(shown, language)
    raise ValueError(f"no such format: {form}")


def _writable(text: str) -> str:
    """Return a text without half surrogates, which no encoding can write."""
    return text.encode("utf-8", "replace").decode()


def render_concise(item: Shown, language: str) -> str:
    """Return a finding on one line: `path:line:column: CODE message`."""
    place = f"{plain(item.finding.path)}:{item.span.line}:{item.span.column}"
    mark = "" if item.severity == "error" else f"{say('cli', item.severity, language)}: "
    return f"{place}: {item.rule.code} {mark}{message_of(item.rule, item.finding, language)}"


def render_full(item: Shown, language: str, line_of: LineOf | None) -> str:
    """Return a finding with the line it is about, its remedies and where its rule is explained."""
    lines = [render_concise(item, language)]
    text = line_of(item.finding, item.span.line) if line_of else None
    if text:
        lines += _excerpt(text, item.span)
    hint = say("cli", "hint", language)
    lines += [f"{hint}: {part}" for part in hints_of(item.rule, item.finding, language)]
    lines.append(f"{say('cli', 'see', language)}: servicebook explain {item.rule.code}")
    return "\n".join(lines)


def _excerpt(text: str, span: Span) -> list[str]:
    """Return a line of a file between bars, with the place underlined; a long line is cut around the place."""
    start = max(0, span.column - 1)
    end = span.end_column - 1 if span.end_line == span.line else len(text)
    left = max(0, start - _LEAD) if len(text) > _EXCERPT else 0
    piece = plain(text[left : left + _EXCERPT])
    before, marked = piece[: start - left], piece[start - left : max(end, start + 1) - left]
    gutter = " " * len(str(span.line))
    under = " " * text_columns(before) + "^" * max(1, text_columns(marked))
    return [f"{gutter} |", f"{span.line} | {piece}", f"{gutter} | {under}"]


def render_github(item: Shown, language: str) -> str:
    """Return a finding as a workflow command that GitHub (and Gitea, Forgejo) shows beside the line."""
    kind = {"error": "error", "warning": "warning", "info": "notice"}[item.severity]
    fields = {
        "file": plain(item.finding.path),
        "line": item.span.line,
        "col": item.span.column,
        "endLine": item.span.end_line,
        "endColumn": item.span.end_column,
        "title": f"{item.rule.code} {item.rule.name}",
    }
    about = ",".join(f"{key}={_escaped(str(value), ',:')}" for key, value in fields.items())
    text = "\n".join([message_of(item.rule, item.finding, language), *hints_of(item.rule, item.finding, language)])
    return f"::{kind} {about}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_json(item: Shown, language: str) -> dict[str, object]:
    """Return a finding in JSON values; lines and columns count from 1, the end is exclusive."""
    return {
        "path": item.finding.path,
        **item.span._asdict(),
        "code": item.rule.code,
        "rule": item.rule.name,
        "severity": item.severity,
        "message": message_of(item.rule, item.finding, language),
        "hints": hints_of(item.rule, item.finding, language),
        "params": dict(item.finding.params),
    }


def count_by_severity(shown: Iterable[Shown]) -> dict[Severity, int]:
    """Return how many errors, warnings and informational findings there are."""
    counts: dict[Severity, int] = {"error": 0, "warning": 0, "info": 0}
    for item in shown:
        counts[item.severity] += 1 + int(item.finding.param(MORE) or 0)
    return counts
