"""list, grep, sla and next: the right records, in the right order, in forms that programs read."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from tests.cli.conftest import INCIDENT, PATH, Call
from tests.cli.test_golden import SECOND, STORY
from tests.conftest import Repo
from wcwidth import wcswidth


@pytest.fixture
def two(desk: Repo) -> Repo:
    """The desk with a second, paused incident."""
    desk.commit("second", {f"tickets/incidents/2026/03/{SECOND}.md": STORY})
    return desk


def ids(answer: str) -> list[str]:
    return [line.split("\t")[0] for line in answer.splitlines()[1:]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("incident",), [SECOND, INCIDENT]),
        (("incidents", "priority=P1"), [SECOND]),
        (("INC", "priority!=P1"), [INCIDENT]),
        (("incident", "title~黑屏"), [SECOND]),
        (("incident", "title!~黑屏"), [INCIDENT]),
        (("incident", "caller.name=陈工"), [SECOND]),
        (("incident", "assets=example-server", "open=true"), [SECOND, INCIDENT]),
        (("incident", "assigned_to="), [SECOND]),
        (("incident", "assigned_to!="), [INCIDENT]),
        (("incident", "reported_at>2026-03-11T23:45:00+00:00"), [INCIDENT]),
        (("incident", "reported_at<=2026-03-12T07:30:00+08:00"), [SECOND]),
        (("links.article=first-steps",), [INCIDENT]),
        (("timeline.0.event=opened",), [SECOND, INCIDENT]),
        (("support-hours",), ["always"]),
        (("team", "person"), ["service-desk", "wang.fang"]),
    ],
)
def test_filters(words: tuple[str, ...], expected: list[str], two: Repo, call: Call) -> None:
    answer = call("list", *words, "--format", "tsv")
    assert answer.code == 0, answer.err
    assert ids(answer.out) == expected


def test_sorting_puts_the_absent_last(two: Repo, call: Call) -> None:
    assert ids(call("list", "incident", "--sort", "-reported_at", "--format", "tsv").out) == [INCIDENT, SECOND]
    assert ids(call("list", "incident", "--sort", "reported_at", "--format", "tsv").out) == [SECOND, INCIDENT]
    for sort in ("assigned_to", "-assigned_to"):
        assert ids(call("list", "incident", "--sort", sort, "--format", "tsv").out) == [INCIDENT, SECOND]


def test_json_keeps_values_as_files_have_them(two: Repo, call: Call) -> None:
    rows = json.loads(call("list", "incident", "--json", "--columns", "assets,reported_at,caller").out)
    assert rows[0] == {
        "path": f"tickets/incidents/2026/03/{SECOND}.md",
        "id": SECOND,
        "assets": ["example-server"],
        "reported_at": "2026-03-12T07:30:00+08:00",
        "caller": {"name": "陈工"},
    }


def test_nothing_found_is_one(two: Repo, call: Call) -> None:
    assert call("list", "problem") == (1, "", "no record meets that\n")
    assert call("list", "problem", "--json").out == "[]\n"


def test_what_is_no_filter(two: Repo, call: Call) -> None:
    assert "neither a kind nor a filter" in call("list", "incidnets").err
    assert "not a regular expression" in call("list", "title~(").err


def test_grep_prints_path_and_line(two: Repo, call: Call) -> None:
    answer = call("grep", "黑屏", "incident")
    assert answer.code == 0
    lines = (two.root / f"tickets/incidents/2026/03/{SECOND}.md").read_text("utf-8").splitlines()
    for hit in answer.out.splitlines():
        _, number, text = hit.split(":", 2)
        assert lines[int(number) - 1] == text
    assert len(answer.out.splitlines()) == 2


def test_grep_filters_counts_and_names_files(two: Repo, call: Call) -> None:
    assert call("grep", "EXAMPLE", "-i", "incident", "priority=P3", "-l").out == f"{PATH}\n"
    assert call("grep", "^title:", "incident", "-c").out == "2\n"
    assert call("grep", "no such words").code == 1
    assert call("grep", "(").code == 2
    assert "first-steps" in call("grep", "First steps", "--rev", "HEAD").out


def test_grep_sees_the_work_tree_and_revisions_apart(two: Repo, call: Call) -> None:
    path = two.root / PATH
    path.write_text(path.read_text("utf-8") + "\nxyzzy\n", "utf-8")
    assert call("grep", "xyzzy").code == 0
    assert call("grep", "xyzzy", "--rev", "HEAD").code == 1


def test_board_is_sorted_and_complete(two: Repo, call: Call) -> None:
    rows = json.loads(call("sla", "--json").out)
    assert [(row["id"], row["clock"], row["state"]) for row in rows] == [
        (INCIDENT, "restore", "running"),
        (SECOND, "restore", "paused"),
    ]
    every = json.loads(call("sla", "--json", "--all").out)
    assert {(row["id"], row["clock"], row["state"]) for row in every} >= {
        (SECOND, "response", "missed"),
        (INCIDENT, "response", "met"),
    }
    assert [row["id"] for row in json.loads(call("sla", "priority=P1", "--json").out)] == [SECOND]


def test_board_at_another_time(two: Repo, call: Call) -> None:
    late = json.loads(call("sla", INCIDENT, "--at", "2026-03-14T10:00", "--json").out)
    assert late[1]["state"] == "missed"
    assert late[1]["remaining_seconds"] == -26 * 3600
    assert "missed, due 1 d 2 h ago" in call("sla", "--at", "2026-03-14T10:00").out


def test_explained_segments_add_up(two: Repo, call: Call) -> None:
    for clock in json.loads(call("sla", SECOND, "--explain", "--json").out):
        assert sum(part["elapsed_seconds"] for part in clock["segments"]) == clock["elapsed_seconds"]
    assert call("sla", "--explain").code == 2


def test_explain_of_an_id_is_its_clocks(two: Repo, call: Call) -> None:
    assert call("explain", SECOND) == call("sla", SECOND, "--explain")


def test_next_is_mine_or_named(two: Repo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = json.loads(call("next", "--json").out)
    assert [task["id"] for task in mine] == [INCIDENT]
    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-03-12T10:00:00+08:00")
    call("resume", SECOND)
    team = json.loads(call("next", "--for", "service-desk", "--json").out)
    assert (team[0]["id"], team[0]["task"]) == (SECOND, "clock")
    assert len(json.loads(call("next", "--json").out)) == 2, "a team's unassigned ticket is its members' affair"
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "stranger@example.org")
    assert len(json.loads(call("next", "--json").out)) == 2, "a stranger sees everybody's"
    assert call("next", "--for", "nobody").code == 2


def test_next_names_what_waits_for_closing(two: Repo, call: Call) -> None:
    call("resolve", INCIDENT, "--code", "fixed")
    tasks = json.loads(call("next", "--at", "2026-03-15T10:00", "--json").out)
    assert [(task["id"], task["task"], task["command"]) for task in tasks if task["task"] == "close"] == [
        (INCIDENT, "close", f"servicebook close {INCIDENT}")
    ]


def test_rules_and_explain(call: Call) -> None:
    rules = json.loads(call("rules", "WFL", "--json").out)
    assert rules
    assert all(rule["code"].startswith("WFL") for rule in rules)
    assert call("explain", "wfl403").out == call("explain", "step-skipped").out
    answer = call("explain", "step-skiped")
    assert answer.code == 2
    assert "servicebook explain WFL403" in answer.err
    for rule in json.loads(call("rules", "--json").out)[:5]:
        assert "说明" in call("--lang", "zh", "explain", rule["code"]).out


def test_show_json(two: Repo, call: Call) -> None:
    shown = json.loads(call("show", SECOND, "--json").out)
    assert shown["fields"]["title"].startswith("直播频道 3")
    assert {clock["clock"] for clock in shown["clocks"]} == {"response", "restore"}
    assert "$body" not in shown["fields"]
    article = json.loads(call("show", "first-steps", "--json").out)
    assert {"id": INCIDENT, "kind": "incident", "field": "links.article.0"} in article["named_by"]


def test_show_lets_no_record_steer_the_terminal(two: Repo, call: Call) -> None:
    path = two.root / PATH
    text = path.read_text("utf-8").replace("title: Example", 'title: "\\e[2J\\e]0;owned\\a Example"')
    path.write_text(text + "\n\x1b[31mred\n", "utf-8")
    for words in (("show", PATH), ("list",), ("grep", "."), ("sla",), ("next",)):
        assert "\x1b" not in call(*words).out, words


def test_a_terminal_of_80_columns_keeps_what_is_due_and_how_soon(
    two: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for command in ("next", "sla"):
        line = next(line for line in call(command).out.splitlines() if INCIDENT in line)
        assert re.search(r"(due in|due) \d+ \w+", line), line
        assert wcswidth(line) <= 80


def test_a_record_is_found_by_the_number_its_old_system_gave_it(desk: Repo, call: Call) -> None:
    text = (desk.root / PATH).read_text("utf-8")
    desk.commit(
        "imported", {PATH: text.replace("timeline:", "external: {system: servicenow, id: INC0000576}\ntimeline:")}
    )
    assert INCIDENT in call("show", "INC0000576").out


@pytest.mark.parametrize("words", [("list", "incident", "status=in_progress"), ("show", "7F3K")])
def test_a_lookup_imports_neither_the_rules_nor_what_is_heavy(words: tuple[str, ...], two: Repo) -> None:
    code = "from servicebook.cli.main import main; main()"
    for options in ((), ("-X", "importtime")):  # the first may have to judge
        done = subprocess.run(
            [sys.executable, *options, "-c", code, *words], cwd=two.root, capture_output=True, text=True, check=True
        )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")}
    assert "servicebook.store.snapshot" in loaded
    heavy = {
        "pydantic", "yaml", "markdown_it", "wcwidth", "typing", "contextlib", "importlib", "pathlib", "dataclasses",
        "subprocess", "tomllib", "locale", "shutil",
    }  # fmt: skip
    ours = [name for name in loaded if name.startswith(("servicebook.rules.", "servicebook.loader"))]
    # What zoneinfo asks of `sysconfig` is known by its place.
    assert {name.split(".")[0] for name in loaded if not name.startswith("_")} & heavy == set()
    assert [name for name in loaded if name.startswith("_sysconfigdata")] == []
    assert ours == ["servicebook.rules.opening"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("incident", "status=opne"), "`status` takes cancelled, closed, in_progress, new"),
        (("incident", "statsu=new"), "no field `statsu`: did you mean `status`?"),
        (("incident", "--columns", "id,titel"), "no field `titel`: did you mean `title`?"),
        (("incident", "zzz=1"), "no field `zzz`"),
        (("incidnt",), "did you mean `incident`?"),
    ],
)
def test_what_a_list_cannot_mean_is_said(words: tuple[str, ...], told: str, desk: Repo, call: Call) -> None:
    assert told in call("list", *words).err


def test_an_honest_empty_list_says_no_more(desk: Repo, call: Call) -> None:
    for words in (("incident", "status=closed"), ("incident", "custom.x=1"), ("status=active", "customer=none")):
        assert "field" not in call("list", *words).err


def test_columns_that_were_asked_for_are_not_dropped_in_silence(
    desk: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    words = ("list", "incident", "--columns", "id,title,customer,service,priority,reported_at")
    answer = call(*words)
    assert "priority" not in answer.out.lower()
    assert answer.err.count("left out") == 1 and "priority, reported_at" in answer.err and "--format tsv" in answer.err
    assert call("list", "incident").err == "", "nobody asked for these"
    assert "reported_at" in call(*words, "--format", "tsv").out
    assert call(*words, "--format", "tsv").err == ""


def test_a_check_of_a_path_says_how_much_it_is_about(desk: Repo, call: Call) -> None:
    assert " of " not in call("check").err
    assert call("check", "tickets").err.startswith("1 of ")
    assert call("check", "README.md").err.startswith("0 of ")
    text = (desk.root / PATH).read_text("utf-8")
    (desk.root / PATH).write_text(text.replace("status: in_progress", "status: closed"))
    assert "1 of " in call("check", PATH).err and "1 broken" in call("check", PATH).err
