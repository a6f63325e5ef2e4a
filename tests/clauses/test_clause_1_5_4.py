"""Clause 1.5.4: staff by speciality and role."""

from __future__ import annotations

import json

from tests.clauses.conftest import edit
from tests.conftest import Call, Repo


def test_clause_1_5_4_the_matrix_says_who_masters_what(sample: Repo, call: Call) -> None:
    skills = json.loads(call("skills", "--json").out)
    assert skills["CDN"] == {"emma.clarke": "expert", "li.wei": "basic"}
    assert list(json.loads(call("skills", "--team", "infrastructure", "--skill", "Routing", "--json").out)) == [
        "routing"
    ]


def test_clause_1_5_4_a_speciality_that_nobody_has_comes_first(sample: Repo, call: Call) -> None:
    edit(sample, "kb/people/zhao.lei.md", ("{skill: routing, level: expert}, ", ""))
    skills = json.loads(call("skills", "--json").out)
    assert next(iter(skills.items())) == ("routing", {})


def test_clause_1_5_4_who_has_left_masters_nothing_here(sample: Repo, call: Call) -> None:
    edit(sample, "kb/people/emma.clarke.md", ("status: active", "status: retired"))
    assert json.loads(call("skills", "--skill", "cdn", "--json").out) == {"CDN": {"li.wei": "basic"}}


def test_clause_1_5_4_a_visit_with_nobody_skilled_is_found(sample: Repo, call: Call) -> None:
    path = "tickets/visits/2026/11/VIS-20261116-DEC4.md"
    edit(sample, path, ("engineers: [wu.qiang]\n", "engineers: [wu.qiang]\nskills_needed: [servers, MySQL]\n"))
    answer = call("check", path, "--format", "concise")
    assert "MySQL" in answer.out and "REF593" in answer.out
    edit(sample, path, ("engineers: [wu.qiang]", "engineers: [wu.qiang, sun.yan]"))
    assert "REF593" not in call("check", path, "--format", "concise").out
