"""Findings for other programs: as those programs read them, whatever hostile text stands in them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from tests.cli.conftest import PATH, Call, desk, first_desk
from tests.cli.golden import assert_golden
from tests.conftest import Repo

from servicebook import __version__
from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.render import FORMATS, Shown, render
from servicebook.diagnostics.rule import Rule, Severity

__all__ = ["desk", "first_desk"]

MACHINES = ("gitlab", "sarif", "junit")
HOSTILE = "]]>&<b>\"'\x00\x07\x1b[2J\ud800\udfff\ufffe\n##[x](javascript:1)\r\u2028\u202e{0}%0A\\"


def rule(code: str, severity: Severity = "error", message: str = "`{value}` is off") -> Rule:
    page = "Something is off.\n\n    Why: it ]]> matters.\n\n    Example:\n        <b>\n\n    Instead:\n        b\n"
    return Rule(code, "something-off", "file", severity, message, "write `{value}` | or not", page)


def shown(path: str = "kb/a.md", severity: Severity = "error", value: str = "x", line: int = 3) -> Shown:
    """Return one finding; its rule is one a severity."""
    of = rule({"error": "REC201", "warning": "REC202", "info": "REC203"}[severity], severity)
    span = Span(line, 2, line, 5)
    return Shown(Diagnostic(path, of.code, span, (("value", value),)), of, severity, span)


ALL_KINDS = [shown(), shown(line=9), shown(severity="warning"), shown("kb/b.md", "info")]


@pytest.mark.parametrize("form", MACHINES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_desk_with_two_mistakes_looks_like(
    form: str, language: str, desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICEBOOK_LANG", language)
    path = desk.root / PATH
    text = path.read_text("utf-8").replace("customer: example-customer", "customer: exampel-customer")
    path.write_text(text, "utf-8")
    page = desk.root / "kb/articles/first-steps.md"
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes())
    answer = call("check", "--format", form)
    assert answer.code == 1 and answer.err == ""
    end = "xml" if form == "junit" else "json"
    assert_golden(f"check-{form}.{language}.{end}", answer.out.replace(f'"{__version__}"', '"VERSION"'))


@pytest.mark.parametrize("form", FORMATS)
def test_a_desk_in_order(form: str, desk: Repo, call: Call) -> None:
    answer = call("check", "--format", form)
    assert answer.code == 0
    if form == "junit":
        assert [case.get("name") for case in ET.fromstring(answer.out).iter("testcase")] == ["check"]
    elif form == "sarif":
        assert json.loads(answer.out)["runs"][0]["results"] == []
    else:
        assert answer.out == ("[]\n" if form in ("json", "gitlab") else "")


def hostile() -> list[Shown]:
    return [shown(f"kb/{HOSTILE}.md", severity, HOSTILE) for severity in ("error", "warning", "info")]


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_can_be_written_and_steers_nothing(form: str) -> None:
    text = render(hostile(), form, "en")
    text.encode("utf-8")
    assert not set("\x00\x07\x1b\ud800\udfff") & set(text)


def test_gitlab_gets_what_its_schema_asks_for() -> None:
    for items in (ALL_KINDS, hostile()):
        issues = json.loads(render(items, "gitlab", "en"))
        assert len(issues) == len(items) == len({issue["fingerprint"] for issue in issues})
        for issue, item in zip(issues, items, strict=True):
            assert isinstance(issue["description"], str) and isinstance(issue["check_name"], str)
            assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
            assert issue["location"]["lines"]["begin"] == item.span.line
            assert issue["location"]["path"] == item.finding.path.encode("utf-8", "replace").decode()


def test_fingerprints_stay_when_lines_move_and_tell_likes_apart() -> None:
    def prints(*items: Shown) -> list[str]:
        return [issue["fingerprint"] for issue in json.loads(render(items, "gitlab", "en"))]

    assert prints(shown(line=3)) == prints(shown(line=300))
    assert len(set(prints(shown(line=3), shown(line=9), shown(value="y")))) == 3
    assert prints(shown(line=3), shown(line=9))[0] == prints(shown(line=3))[0]


SARIF_REQUIRED = {
    "": ("version", "runs"),
    "run": ("tool",),
    "driver": ("name",),
    "rule": ("id",),
    "result": ("message",),
    "message": ("text",),
}
"""What the schema of SARIF 2.1.0 demands of the objects used here (`required`), and GitHub besides of a rule."""


def demand(kind: str, value: dict[str, Any]) -> None:
    for name in SARIF_REQUIRED[kind]:
        assert value.get(name), (kind, name)


@pytest.mark.parametrize("items", [ALL_KINDS, hostile(), []], ids=["all", "hostile", "none"])
def test_sarif_is_what_its_standard_asks_for(items: list[Shown]) -> None:
    log = json.loads(render(items, "sarif", "en"))
    demand("", log)
    assert log["version"] == "2.1.0" and log["$schema"].startswith("https://")
    (run,) = log["runs"]
    demand("run", run)
    driver = run["tool"]["driver"]
    demand("driver", driver)
    assert len(run["results"]) == len(items)
    for one in driver["rules"]:
        demand("rule", one)
        for text in (one["shortDescription"], one["fullDescription"], one["help"]):
            demand("message", text)
        assert one["help"]["text"].startswith("Something is off.") and "Instead:" in one["help"]["text"]
    for result in run["results"]:
        demand("result", result)
        demand("message", result["message"])
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert list(result["partialFingerprints"]) == ["servicebook/v1"]
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        assert min(region.values()) >= 1 and region["endLine"] >= region["startLine"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii() and not set(uri) & set(' "<>\\^`{|}') and not uri.startswith("/")


def test_a_link_in_a_value_is_no_link_in_sarif() -> None:
    log = json.loads(render([shown(value="[click](https://evil.example)")], "sarif", "en"))
    text = log["runs"][0]["results"][0]["message"]["text"]
    assert "\\[click\\](https://evil.example)" in text


@pytest.mark.parametrize("items", [ALL_KINDS, hostile()], ids=["all", "hostile"])
def test_junit_is_xml_whose_counts_are_right(items: list[Shown]) -> None:
    root = ET.fromstring(render(items, "junit", "en"))
    assert root.tag == "testsuites"
    cases = list(root.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None]
    assert int(root.get("tests", "")) == len(cases)
    assert int(root.get("failures", "")) == len(failed) == 1
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite) and suite.get("name")
        assert int(suite.get("failures", "")) == sum(case.find("failure") is not None for case in suite)
    assert [case.get("name", "")[:6] for case in cases] == ["REC201", "REC202", "REC203"]


def test_junit_tells_every_place_of_a_rule_in_one_case() -> None:
    root = ET.fromstring(render(ALL_KINDS, "junit", "en"))
    failure = root.find(".//failure")
    assert failure is not None and failure.text is not None
    assert [line.split(": ")[0] for line in failure.text.splitlines()] == ["kb/a.md:3:2", "kb/a.md:9:2"]
    warning = root.find(".//testcase[@name='REC202 something-off']/system-out")
    assert warning is not None and "kb/a.md:3:2: `x` is off" in (warning.text or "")
