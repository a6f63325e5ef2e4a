"""A form refuses exactly what the model of its kind refuses, and a judge that has forms needs no model."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from servicebook.loader import kept_forms
from servicebook.loader.form import Form
from servicebook.loader.form_of_model import form_data
from servicebook.records.kinds import BY_NAME, KINDS
from servicebook.records.models import model_of
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile

EXAMPLES = Path(__file__).parents[1] / "records" / "examples"
KIND_NAMES = [kind.name for kind in KINDS]
ODD = [
    None, True, 0, -1, 1.5, "", "x", "two\nlines", [], {}, ["x"], {"x": 1}, [None], [{}], "high", "internal", "INC-1",
    "2026-03-12", "2026-03-12T08:41:00+08:00", "2026-03-12T08:41:00", "2026-13-40", "1h30m", "Asia/Shanghai", "09:00",
    ["09:00", "09:00"], "harbour-tv@2026-01-01", {"amount": 3, "currency": "CNY"}, {"mon": [["09:00", "18:00"]]},
    "30m", "customer:acme", float("inf"), 10**30, "x" * 501,
]  # fmt: skip


def example(kind: str) -> dict[str, Any]:
    path = EXAMPLES / f"{kind}.md"
    if not path.exists():
        return {"schema": f"{kind}/1", "id": "x", "title": "X"}
    front, _ = parse_front_matter(SourceFile(f"{BY_NAME[kind].folder}/{kind}.md", path.read_bytes()))
    assert front is not None
    return dict(front.data)


def altered(data: dict[str, Any], fields: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return front matter with one to four places changed: a field set, dropped or misspelt, at any depth."""
    data = copy.deepcopy(data)
    for _ in range(dice.randint(1, 4)):
        at, known = data, fields
        while True:
            name = dice.choice([*known, "fualt_grade"])
            inside = at.get(name)
            block = inside[dice.randrange(len(inside))] if isinstance(inside, list) and inside else inside
            if not isinstance(block, dict) or not known.get(name) or dice.random() < 0.3:
                break
            at, known = block, known[name]
        if dice.random() < 0.2:
            at.pop(name, None)
        elif known.get(name) and dice.random() < 0.5:
            inner = {one: dice.choice(ODD) for one in dice.sample(list(known[name]), min(2, len(known[name])))}
            at[name] = dice.choice([inner, [inner], {"x": inner}])
        else:
            at[name] = dice.choice(ODD)
    return data


def refused_by_model(kind: str, data: dict[str, Any]) -> list[str]:
    try:
        model_of(kind).model_validate(data)
    except ValidationError as error:
        return [told(item) for item in error.errors(include_url=False)]
    return []


def told(item: Any) -> str:
    return repr({**item, "ctx": {key: str(value) for key, value in item.get("ctx", {}).items()}})


@pytest.mark.parametrize("kind", KIND_NAMES)
@settings(deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_form_refuses_what_the_model_refuses(kind: str, seed: int) -> None:
    form = form_through_json(kind)
    data = altered(example(kind), form.fields, random.Random(seed))
    assert [told(item) for item in form.refusals(data)] == refused_by_model(kind, data)


FORMS: dict[str, Form] = {}


def form_through_json(kind: str) -> Form:
    if kind not in FORMS:
        FORMS[kind] = Form(json.loads(json.dumps(form_data(kind))))
    return FORMS[kind]


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_form_takes_the_example_and_finds_its_references(kind: str) -> None:
    form = form_through_json(kind)
    assert form.refusals(example(kind)) == []
    assert form.fields.keys() >= {"schema", "id", "title", "custom"}


def run_judge(*, cache: Path, pycache: Path) -> set[str]:
    """Judge one incident in a fresh process; return the third-party packages and rooms it imported."""
    program = """
import sys
from servicebook.rules.check import judge
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile
data = b"---\\nschema: incident/1\\nid: INC-20260312-7F3K\\ntitle: Black\\ncustomer: acme\\nfault_grade: dire\\n---\\n"
facts, found, _ = judge(SourceFile("tickets/incidents/2026/03/INC-20260312-7F3K.md", data), Settings())
assert "REC205" in [item.code for item in found], found
print("\\n".join(sys.modules))
"""
    environment = {"XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": str(pycache), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", program.replace("\\\\", "\\")], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def kept_below(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("form-incident-*.json"))


def test_the_second_judge_needs_neither_pydantic_nor_the_model(tmp_path: Path) -> None:
    cache, pycache = tmp_path / "cache", tmp_path / "pycache"
    assert "pydantic" in run_judge(cache=cache, pycache=pycache)
    again = run_judge(cache=cache, pycache=pycache)
    assert not again & {"pydantic", "typing_extensions", "servicebook.records.incident", "servicebook.records.record"}
    assert len(kept_below(pycache)) == 1
    assert not kept_below(cache)


def test_all_code_that_shapes_a_model_counts_for_its_form() -> None:
    program = "import sys; from servicebook.records import kinds, models, reference_plan;"
    program += "[models.model_of(kind.name) for kind in kinds.KINDS];"
    program += "print(*(name for name in sys.modules if name.startswith('servicebook.') and name.count('.') > 1))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {name.split(".")[1] for name in done.stdout.split()} <= set(kept_forms._SOURCES)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"core": 1}', b"\xff\xfe"])
def test_a_damaged_form_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    cache, pycache = tmp_path / "cache", tmp_path / "pycache"
    run_judge(cache=cache, pycache=pycache)
    (kept,) = kept_below(pycache)
    sound = kept.read_bytes()
    kept.write_bytes(damage)
    run_judge(cache=cache, pycache=pycache)
    assert kept.read_bytes() == sound


def test_where_the_package_cannot_be_written_forms_lie_among_the_users_caches(tmp_path: Path) -> None:
    cache, closed = tmp_path / "cache", tmp_path / "closed"
    closed.write_text("a file where a folder was due")
    run_judge(cache=cache, pycache=closed)
    assert len(kept_below(cache)) == 1
    assert "pydantic" not in run_judge(cache=cache, pycache=closed)


def test_nowhere_to_keep_a_form_is_no_fault(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.write_text("a file where a folder was due")
    assert "pydantic" in run_judge(cache=closed, pycache=closed)


def test_many_judges_at_once_keep_one_form(tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    program = "import sys; from servicebook.loader import kept_forms as kept; kept._folders = lambda: [sys.argv[1]];"
    program += "assert kept.form_of('incident').fields['fault_grade'] is None"
    running = [subprocess.Popen([sys.executable, "-c", program, str(folder)]) for _ in range(4)]
    assert [one.wait() for one in running] == [0] * 4
    assert [path.name for path in folder.iterdir()] == [path.name for path in kept_below(folder)]


def test_forms_of_a_month_ago_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_forms, "_folders", lambda: [str(tmp_path)])
    for name in ("form-incident-0.json", "form-incident-1.json", "form-change-0.json"):
        (tmp_path / name).write_text("{}")
    import os

    os.utime(tmp_path / "form-incident-0.json", (0, 0))
    os.utime(tmp_path / "form-change-0.json", (0, 0))
    kept_forms._keep("form-incident-2.json", form_data("incident"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "form-change-0.json", "form-incident-1.json", "form-incident-2.json",
    ]  # fmt: skip
