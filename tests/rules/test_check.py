"""What a check of the whole desk, of some edits and of a range finds, and what waivers and quirks do to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from servicebook.cli.main import main
from servicebook.diagnostics.diagnostic import Span
from servicebook.diagnostics.render import FORMATS
from servicebook.records.facts import Facts
from servicebook.rules.check import _in_turn, check_desk, check_edits
from servicebook.rules.opening import open_desk
from servicebook.rules.registry import BY_CODE, RULES
from servicebook.rules.showing import severity_of, show_findings
from servicebook.store.edits import Edit, read_edits

NOW = datetime.fromisoformat("2026-03-12T10:00:00+08:00")
TICKET = "tickets/incidents/2026/03/INC-20260312-7F3K.md"
OTHER = "tickets/incidents/2026/03/INC-20260312-9ABC.md"
CUSTOMER = "kb/customers/harbour-tv.md"


def incident(id: str = "INC-20260312-7F3K", customer: str = "harbour-tv", more: str = "", events: str = "") -> str:
    return f"""---
schema: incident/1
id: {id}
title: 直播频道 3 黑屏
status: new
customer: {customer}
{more}caller: {{name: 陈工}}
contact_type: hotline
reported_at: 2026-03-12T08:41:00+08:00
category: program_error
fault_grade: severe
impact: high
urgency: high
timeline:
- {{at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: li.wei, via: hotline}}
{events}---
## Symptom

黑屏

## Log
"""


DESK = {
    "pyproject.toml": '[tool.servicebook]\nname = "Harbour"\ntimezone = "Asia/Shanghai"\n',
    CUSTOMER: "---\nschema: customer/1\nid: harbour-tv\ntitle: Harbour TV\nlegal_name: Harbour TV Ltd\n"
    "account_manager: li.wei\nservice_manager: li.wei\n---\n",
    "kb/people/li.wei.md": "---\nschema: person/1\nid: li.wei\ntitle: Li Wei\nname: Li Wei\nemployer: us\n---\n",
    TICKET: incident(),
}


@pytest.fixture
def repo(make_repo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    made = make_repo("desk", DESK)
    monkeypatch.chdir(made.root)
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW.isoformat())
    return made


def codes(root: Path) -> dict[str, list[str]]:
    """Return the codes found on the work tree, by path, without what is only incomplete."""
    found: dict[str, list[str]] = {}
    for item in check_desk(open_desk(str(root)), NOW):
        if not BY_CODE[item.code].incomplete:
            found.setdefault(item.path, []).append(item.code)
    return found


def test_codes_are_unique_and_sorted() -> None:
    assert len(BY_CODE) == len(RULES) > 100
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


def test_a_sound_desk_has_no_finding(repo: Any) -> None:
    assert codes(repo.root) == {}


def test_a_missing_customer_is_found_at_its_field(repo: Any) -> None:
    repo.write({TICKET: incident(customer="harbour-tw")})
    desk = open_desk(str(repo.root))
    (shown,) = [s for s in show_findings(desk, check_desk(desk, NOW)) if s.finding.code == "REF501"]
    assert shown.span == Span(6, 11, 6, 21)


def test_a_waiver_holds_until_its_day_and_then_says_that_it_ran_out(repo: Any) -> None:
    waiver = "waivers: [{rule: REF501, reason: contract is being signed, until: %s, by: li.wei}]\ncontract: none\n"
    repo.write({TICKET: incident(more=waiver % "2026-03-12")})
    assert codes(repo.root) == {}
    repo.write({TICKET: incident(more=waiver % "2026-03-11")})
    assert sorted(codes(repo.root)[TICKET]) == ["DSK891", "REF501"]


def test_a_quirk_informs_and_a_quirk_that_is_gone_is_a_finding(repo: Any) -> None:
    quirk = "external: {system: old-desk, id: '4711', quirks: [REF501]}\n"
    repo.write({TICKET: incident(more=quirk + "contract: none\n")})
    found = check_desk(open_desk(str(repo.root)), NOW)
    assert [severity_of(item) for item in found if item.code == "REF501"] == ["info"]
    assert main(["check"]) == 0
    repo.write({TICKET: incident(more=quirk)})
    assert codes(repo.root) == {TICKET: ["DSK890"]}


def test_known_quirks_are_counted_and_listed_only_when_asked_for(repo: Any, capfd: Any) -> None:
    quirk = "external: {system: old-desk, id: '4711', quirks: [REF501]}\n"
    repo.write({TICKET: incident(more=quirk + "contract: none\n")})
    capfd.readouterr()
    assert main(["check"]) == 0
    out, err = capfd.readouterr()
    assert "REF501" not in out
    assert "1 known quirks" in err and "servicebook check --quirks" in err
    assert main(["check", "--quirks"]) == 0
    out, err = capfd.readouterr()
    assert "REF501 info" in out and "--quirks" not in err
    assert main(["check", "--format", "json"]) == 0
    assert '"REF501"' in capfd.readouterr().out, "programs get all of them"


def test_the_same_id_twice_is_found_by_the_hook_without_reading_all(repo: Any) -> None:
    repo.write({OTHER: incident()})
    repo.git("add", "-A")
    desk = open_desk(str(repo.root), tree="staged")
    found = check_edits(desk, read_edits(desk), NOW)
    assert "DSK801" in {item.code for item in found}
    assert "DSK801" in codes(repo.root)[OTHER]


@pytest.mark.parametrize(
    "files",
    [
        {OTHER: incident("INC-20260312-9ABC", customer="none")},
        {CUSTOMER: DESK[CUSTOMER].replace("id: harbour-tv", "id: harbour")},
        {CUSTOMER: ""},
        {"kb/Page.md": "a", "kb/page.md": "b"},
        {TICKET: incident(more="links: {parent: INC-20260312-7F3K}\n")},
        {OTHER: incident("INC-20260312-9ABC", more="aliases: [INC-20260312-7F3K]\n")},
        {TICKET: incident().replace("## Log", "see [it](../none.md)\n\n## Log")},
    ],
)
def test_what_a_full_check_finds_new_the_check_of_the_edits_finds(repo: Any, files: dict[str, str]) -> None:
    """Rules over the whole desk and relations to neighbours, run only around the edits, miss nothing."""
    repo.write(files)
    repo.git("add", "-A")
    desk = open_desk(str(repo.root), tree="staged")
    edits = read_edits(desk)
    around = set(check_edits(desk, edits, NOW))
    whole = set(check_desk(desk, NOW, edits))
    before = set(check_desk(open_desk(str(repo.root), tree="HEAD"), NOW))
    assert whole - before <= around <= whole


def test_a_range_judges_every_commit_and_what_is_incomplete_stops_there(repo: Any, capsys: Any) -> None:
    base = repo.git("rev-parse", "HEAD").strip()
    ack = "- {at: 2026-03-12T08:52:40+08:00, id: b7mq, event: acknowledged, by: li.wei, via: phone, to: 陈工}\n"
    repo.commit("ack", {TICKET: incident(events=ack).replace("status: new", "status: in_progress")})
    repo.commit("taken back", {TICKET: incident()})
    assert main(["check", "--format", "concise"]) == 0
    capsys.readouterr()
    assert main(["check", "--range", f"{base}..HEAD", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert "WFL451" in {item["code"] for item in found}
    incomplete = [item for item in found if BY_CODE[item["code"]].incomplete]
    assert {item["severity"] for item in incomplete} <= {"error"}


def test_what_a_commit_of_a_range_did_is_shown_where_it_stood_then(repo: Any, capsys: Any) -> None:
    """In all formats the place is that of the commit that is named, though later ones moved the lines or the file."""
    base = repo.git("rev-parse", "HEAD").strip()
    ack = "- {at: 2026-03-12T08:52:40+08:00, id: b7mq, event: acknowledged, by: li.wei, via: phone, to: 陈工}\n"
    acknowledged = incident(events=ack).replace("status: new", "status: in_progress")
    repo.commit("ack", {TICKET: acknowledged})
    culprit = repo.commit("another time", {TICKET: acknowledged.replace("08:52:40", "08:51:00")})[:10]
    then = (repo.root / TICKET).read_text("utf-8")
    line = then[: then.index("08:51:00")].count("\n") + 1
    longer = then.replace("category:", "# three\n# more\n# lines\ncategory:").replace("08:51:00", "08:52:40")
    repo.commit("moved down", {TICKET: longer})
    for gone in (False, True):
        if gone:
            repo.git("rm", "-q", TICKET)
            repo.commit("taken away")
        said = {}
        for form in FORMATS:
            assert main(["check", "--range", f"{base}..HEAD", "--format", form]) == 1, form
            said[form] = capsys.readouterr().out
            assert f"done in commit {culprit}" in said[form], form
        excerpt = then.split("\n")[line - 1]
        assert f"{TICKET}:{line}:" in said["concise"] and f"{line} | {excerpt[:60]}" in said["full"]
        found = next(item for item in json.loads(said["json"]) if item["params"].get("done_in") == culprit)
        blob = repo.git("rev-parse", f"{culprit}:{TICKET}").strip()
        assert (found["line"], found["params"]["file_then"]) == (line, blob)
        assert f"file={TICKET},line={line}," in said["github"]
        assert f'"begin": {line},' in said["gitlab"] and f'"startLine": {line},' in said["sarif"]
        assert f'line="{line}"' in said["junit"]


def test_what_a_commit_of_a_range_took_away_has_no_line(repo: Any, capsys: Any) -> None:
    base = repo.git("rev-parse", "HEAD").strip()
    text = (repo.root / TICKET).read_text("utf-8")
    repo.git("rm", "-q", TICKET)
    repo.commit("taken away")
    repo.commit("back again", {TICKET: text})
    assert main(["check", "--range", f"{base}..HEAD"]) == 1
    said = capsys.readouterr().out
    told = said[said.index(f"{TICKET}:1:1: WFL459") :]
    assert told.split("\n")[1].startswith("hint:"), "no line is shown of a file that was not there"


def test_the_revision_is_judged_by_its_own_settings(repo: Any) -> None:
    repo.commit("settings", {"pyproject.toml": '[tool.servicebook]\nname = "Other"\n'})
    assert open_desk(str(repo.root), tree="HEAD^").settings.name == "Harbour"
    assert open_desk(str(repo.root), tree="HEAD").settings.name == "Other"


def test_only_the_paths_asked_for_are_shown(repo: Any, capsys: Any) -> None:
    repo.write({TICKET: incident(customer="none"), OTHER: incident("INC-20260312-9ABC", customer="none")})
    assert main(["check", "--format", "concise", TICKET]) == 1
    said = capsys.readouterr().out
    assert TICKET in said and OTHER not in said
    assert main(["check", "no/such/place"]) == 2


def test_outside_a_repository_check_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "servicebook init" in capsys.readouterr().err


def test_broken_settings_name_the_file(repo: Any, capsys: Any) -> None:
    repo.write({"pyproject.toml": "[tool.servicebook]\nnmae = 1\n"})
    assert main(["check"]) == 2
    assert "did you mean `name`?" in capsys.readouterr().err


def test_what_was_read_of_an_edit_is_let_go_before_the_next() -> None:
    rows = [Facts(f"kb/{n}.md", "", "site", str(n), "", "", '{"id": "x"}', ()) for n in range(2)]
    edits = [Edit(row.path, None, row, row.path) for row in rows]
    for position, edit in enumerate(_in_turn(edits)):
        assert edit.after is not None and edit.after.get("id") == "x"
        assert [row._data is None for row in rows].count(False) == 1, position
    assert all(row._data is None for row in rows)
