"""How findings look to other programs: GitLab's Code Quality, SARIF 2.1.0, and JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import quote

from servicebook import __version__
from servicebook.diagnostics.diagnostic import DONE_IN, FILE_THEN
from servicebook.diagnostics.page import page_in, parse_page
from servicebook.diagnostics.rule import Rule
from servicebook.diagnostics.wording import hints_of, message_of
from servicebook.language.catalogue import say
from servicebook.language.display import plain
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.diagnostics.render import Shown

GITLAB_SEVERITY = {"error": "major", "warning": "minor", "info": "info"}
SARIF_LEVEL = {"error": "error", "warning": "warning", "info": "note"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_gitlab(shown: Sequence[Shown], language: str) -> str:
    """Return findings as a Code Quality report, which GitLab shows beside the lines of a merge request."""
    issues = [
        {
            "description": _text_of(item, language),
            "check_name": f"{item.rule.code} {item.rule.name}",
            "fingerprint": mark,
            "severity": GITLAB_SEVERITY[item.severity],
            "location": {
                "path": item.finding.path,
                "lines": {"begin": item.span.line, "end": max(item.span.line, item.span.end_line)},
            },
        }
        for item, mark in zip(shown, fingerprints(shown), strict=True)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2)


def render_sarif(shown: Sequence[Shown], language: str) -> str:
    """Return findings as a SARIF 2.1.0 log of one run, with the page of every rule that found something."""
    rules = sorted({item.rule.code: item.rule for item in shown}.values(), key=lambda rule: rule.code)
    places = {rule.code: place for place, rule in enumerate(rules)}
    driver = {"name": "servicebook", "version": __version__, "rules": [_sarif_rule(rule, language) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _sarif_result(item, places[item.rule.code], mark, language)
            for item, mark in zip(shown, fingerprints(shown), strict=True)
        ],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _sarif_rule(rule: Rule, language: str) -> dict[str, Any]:
    summary = plain(say("pages", parse_page(rule.page)[0], language))
    page = page_in(rule.page, language)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page, "markdown": f"```text\n{page}\n```"},
        "defaultConfiguration": {"level": SARIF_LEVEL[rule.severity]},
        "properties": {"scope": rule.scope, "fixable": rule.fixable},
    }


def _sarif_result(item: Shown, place: int, mark: str, language: str) -> dict[str, Any]:
    text = _text_of(item, language)
    if "](" in text:  # it would be read as a link: SARIF wants brackets that are meant as such behind a backslash
        text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    region = {
        "startLine": item.span.line,
        "startColumn": item.span.column,
        "endLine": max(item.span.line, item.span.end_line),
        "endColumn": item.span.end_column,
    }
    # A byte that is no letter of any path stays itself behind a percent sign, as RFC 3986 asks.
    uri = quote(item.finding.path, safe="/", errors="replace")
    return {
        "ruleId": item.rule.code,
        "ruleIndex": place,
        "level": SARIF_LEVEL[item.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"servicebook/v1": mark},
    }


def render_junit(shown: Sequence[Shown], language: str) -> str:
    """Return findings as JUnit's XML: a suite for each file, in it a case for each rule that found something.

    Errors are failures; warnings and known quirks stand in the output of a case that passed. Without any finding
    there is one case, which passed: readers take a report without cases for one that was lost.
    """
    suites: list[str] = []
    cases = failures = 0
    for path, items in groupby(shown, key=lambda item: item.finding.path):
        rules = groupby(sorted(items, key=lambda item: item.rule.code), key=lambda item: item.rule.code)
        inner = [_junit_case(path, list(found), language) for _, found in rules]
        failed = sum("<failure" in case for case in inner)
        suites.append(_junit_suite(path, inner, failed))
        cases, failures = cases + len(inner), failures + failed
    if not suites:
        suites, cases = [_junit_suite("servicebook", ['<testcase name="check" classname="servicebook"/>'], 0)], 1
    head = f'<testsuites name="servicebook" tests="{cases}" failures="{failures}" errors="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"])


def _junit_suite(path: str, cases: Sequence[str], failed: int) -> str:
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="0"'
    lines = [f"  <testsuite name={_quoted(path)} {counts}>", *(f"    {case}" for case in cases), "  </testsuite>"]
    return "\n".join(lines)


def _junit_case(path: str, found: Sequence[Shown], language: str) -> str:
    rule = found[0].rule
    name = _quoted(f"{rule.code} {rule.name}")
    about = f"<testcase name={name} classname={_quoted(path)} file={_quoted(path)}"
    lines = [f"{plain(path)}:{i.span.line}:{i.span.column}: {_text_of(i, language)}" for i in found]
    errors = [line for line, item in zip(lines, found, strict=True) if item.severity == "error"]
    others = [line for line, item in zip(lines, found, strict=True) if item.severity != "error"]
    parts = []
    if errors:
        first = next(_text_of(item, language) for item in found if item.severity == "error")
        parts.append(f'<failure type="{rule.code}" message={_quoted(first)}>{_escaped_lines(errors)}</failure>')
    if others:
        parts.append(f"<system-out>{_escaped_lines(others)}</system-out>")
    return f'{about} line="{found[0].span.line}">{"".join(parts)}</testcase>'


def _quoted(text: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(plain(text))


def _escaped_lines(lines: Sequence[str]) -> str:
    from xml.sax.saxutils import escape

    return "\n".join(escape(plain(line)) for line in lines)


def _text_of(item: Shown, language: str) -> str:
    """Return the message of a finding with its remedies, on one line."""
    said = [message_of(item.rule, item.finding, language), *hints_of(item.rule, item.finding, language)]
    return plain(" | ".join(said))


def fingerprints(shown: Sequence[Shown]) -> Iterator[str]:
    """Yield for each finding what tells it from all others and stays when lines move: file, rule, values.

    Findings that are alike in these are told apart by their order.
    """
    import hashlib

    seen: dict[str, int] = {}
    for item in shown:
        # A rebase gives the step another commit, and the file other lines above it.
        values = [pair for pair in item.finding.params if pair[0] not in (DONE_IN, FILE_THEN)]
        key = json.dumps([item.finding.path, item.rule.code, values])
        seen[key] = seen.get(key, 0) + 1
        yield hashlib.sha256(f"{key} {seen[key]}".encode()).hexdigest()
