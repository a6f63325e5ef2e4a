"""The plan digest: the same for the same plan however it is written, another for another; proven by test vectors."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.text.front_matter import parse_front_matter
from servicebook.text.frozen_body import body_before_log
from servicebook.text.source_file import SourceFile
from servicebook.workflow.plan_digest import FROZEN, NoDigestError, canonical_plan, plan_digest

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
CHANGE = (Path(__file__).parent.parent / "records" / "examples" / "change.md").read_text("utf-8")


def canonical(data: str | bytes) -> bytes:
    front, _ = parse_front_matter(SourceFile("x.md", data.encode() if isinstance(data, str) else data))
    assert front is not None
    return canonical_plan(front.data, body_before_log(front.body))


def digest(data: str | bytes) -> str:
    return "sha256:" + hashlib.sha256(canonical(data)).hexdigest()


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    vector = json.loads(path.read_text("utf-8"))
    assert canonical(vector["input"]) == vector["canonical"].encode()
    assert digest(vector["input"]) == vector["digest"]


def test_there_are_vectors_and_they_pair_up() -> None:
    """Vectors of one family (the name up to the first hyphen) are one plan written differently; families differ."""
    families: dict[str, set[str]] = {}
    for path in VECTORS:
        families.setdefault(path.stem.partition("-")[0], set()).add(json.loads(path.read_text("utf-8"))["digest"])
    assert len(VECTORS) >= 12
    assert all(len(digests) == 1 for digests in families.values())
    assert len({digest for digests in families.values() for digest in digests}) == len(families)


@pytest.mark.parametrize(
    "twin",
    [
        CHANGE.replace("\n", "\r\n"),
        "\ufeff" + CHANGE,
        CHANGE.replace("risk: medium", 'risk:   "medium"  # as agreed'),
        CHANGE.replace("risk: medium\nimpact: medium\n", "impact: medium\nrisk: medium\n"),
        CHANGE.replace("assets: [transcoder-03]", "assets:\n- transcoder-03"),
        CHANGE.replace("2026-03-28T02:00:00+08:00\nplanned", "2026-03-27T18:00:00Z\nplanned"),
        CHANGE.replace("expected_outage: 10m", "expected_outage: 600s"),
        CHANGE.replace("status: closed", "status: submitted"),
        CHANGE.replace("title: Bring", "title: Brings"),
        CHANGE.replace("## Log\n", "## Log\n\n- 02:00 begun\n"),
        CHANGE.replace("\n## Log\n", ""),
        CHANGE.replace("## Log\n", "## 日志\n\n- 02:00\n"),
        CHANGE.replace("review: {result: Memory is flat for three days., ", "review: {result: It leaks., "),
        CHANGE.replace("board:", "# board:"),
    ],
)
def test_what_changes_no_meaning_does_not_move_it(twin: str) -> None:
    assert digest(twin) == digest(CHANGE)


@pytest.mark.parametrize(
    "other",
    [
        CHANGE.replace("risk: medium", "risk: low"),
        CHANGE.replace("change_type: normal", "change_type: standard"),
        CHANGE.replace("assets: [transcoder-03]", "assets: [transcoder-03, transcoder-02]"),
        CHANGE.replace("2026-03-28T04:00:00+08:00", "2026-03-28T04:00:01+08:00"),
        CHANGE.replace("upgrade, move it back.", "upgrade,  move it back."),
        CHANGE.replace("assigned_to: li.wei", "assigned_to: wang.fang"),
        CHANGE.replace("between two programmes", "whenever"),
        CHANGE.replace("## Log", "## Logs"),
        CHANGE.replace("## Backout", "## Test"),
        CHANGE.replace("10m", "11m"),
    ],
)
def test_what_says_something_else_moves_it(other: str) -> None:
    assert other != CHANGE
    assert digest(other) != digest(CHANGE)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
PLANS = st.dictionaries(st.sampled_from(FROZEN), VALUES)


@given(PLANS, st.randoms(use_true_random=False))
def test_order_of_keys_says_nothing(fields: dict[str, Any], random: Any) -> None:
    names = list(fields)
    random.shuffle(names)
    assert plan_digest({name: fields[name] for name in names}, "b") == plan_digest(fields, "b")


@given(PLANS, TEXTS, TEXTS)
def test_every_other_body_is_another_plan(fields: dict[str, Any], one: str, other: str) -> None:
    same = one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
    assert (plan_digest(fields, one) == plan_digest(fields, other)) == same


@given(PLANS, TEXTS)
def test_the_canonical_bytes_can_be_read_back(fields: dict[str, Any], body: str) -> None:
    """Form, JSON and body part at line ends that JSON cannot hold: no two plans share bytes."""
    form, told, rest = canonical_plan(fields, body).decode().split("\n", 2)
    assert form == "servicebook-plan/1"
    assert set(json.loads(told)) <= set(fields)
    assert rest == body.replace("\r\n", "\n")


_ELSEWHERE = """\
import json, sys
from pathlib import Path
from tests.workflow.test_plan_digest import VECTORS, digest
assert len(VECTORS) > 12
for path in VECTORS:
    vector = json.loads(path.read_text("utf-8"))
    assert digest(vector["input"]) == vector["digest"], path
"""


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/St_Johns"])
def test_where_and_in_what_language_it_is_made_does_not_move_it(zone: str) -> None:
    """Another zone, a locale that is not UTF-8, and another order of hashes."""
    elsewhere = {"TZ": zone, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "7"}
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", _ELSEWHERE]
    done = subprocess.run(words, cwd=root, env={**os.environ, **elsewhere}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_letters_that_look_alike_are_told_apart() -> None:
    """What was signed is what was written: nothing is composed or taken apart on the way."""
    one, two = (
        json.loads((VECTORS[0].parent / f"{name}.json").read_text("utf-8")) for name in ("composed", "decomposed")
    )
    assert normalize("NFD", one["input"]) == two["input"] != one["input"]
    assert one["digest"] != two["digest"]


def test_a_number_without_a_form_is_said() -> None:
    with pytest.raises(NoDigestError):
        plan_digest({"plan": {"n": 2**60}}, "")


def test_rfc_8785_as_its_own_text_shows() -> None:
    """Section 3.2.3 (sorting by UTF-16 code units) and 3.2.2.3 (numbers)."""
    keys = {
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "\U0001f600": "Emoji: Grinning Face", "\x80": "Control", "\xf6": "Latin Small Letter O With Diaeresis",
    }  # fmt: skip
    told = canonical_plan({"parameters": keys}, "").split(b"\n")[1]
    assert [*json.loads(told)["parameters"].values()] == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]  # fmt: skip
    numbers = {"a": 333333333.33333329, "b": 1e30, "c": 4.50, "d": 2e-3, "e": 1e-27}
    assert b'{"a":333333333.3333333,"b":1e+30,"c":4.5,"d":0.002,"e":1e-27}' in canonical_plan({"plan": numbers}, "")
