"""A projected desk holds what its audience may read and nothing else, whatever fields the models have."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from servicebook.audience import cutting
from servicebook.audience.canaries import Planted, plant
from servicebook.audience.looking import marks_of
from servicebook.audience.marks import secrets_of
from servicebook.audience.projected import ProjectedDesk, project
from servicebook.records.kinds import BY_NAME, KINDS
from servicebook.records.models import model_of
from servicebook.records.shown_fields import SHOWN, shown_fields
from servicebook.rules.opening import open_desk

NOW = datetime(2026, 4, 20, tzinfo=UTC)
OWN = "customer:own"
SETTINGS = '[tool.servicebook]\ntimezone = "Asia/Shanghai"\nshown_to_customers = ["incident"]\n'
PUBLISH = Path(__file__).parents[2] / "tools" / "servicebook" / "publish"


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant({"public": "other", OWN: "own"})


@pytest.fixture(scope="module")
def desk(planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("planted")
    for path, data in planted.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    (root / "pyproject.toml").write_text(SETTINGS)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    return root


def projected(root: Path, audience: str) -> ProjectedDesk:
    raw = open_desk(str(root))
    try:
        return project(raw, audience, NOW)
    finally:
        raw.close()


def said_by(desk: ProjectedDesk) -> bytes:
    """Return all that a projected desk can tell anybody."""
    parts: list[object] = []
    for facts in desk.all():
        parts += [facts.path, facts.id, facts.title, facts.status, facts.raw, facts.data, facts.refs, facts.blob]
        for clock in desk.clocks_of(facts, NOW, _Nobody()):
            parts += [clock._key(), clock.target, clock._reckoning]
    for entry in desk.entries():
        parts += [entry, desk.read(entry.path).decode("utf-8", "replace")]
    return json.dumps(parts, ensure_ascii=False, default=str).encode()


class _Nobody:
    def get(self, kind: str, id: str) -> None:
        raise AssertionError("a projected desk asks nobody")


def leaks(root: Path, planted: Planted, audience: str) -> set[str]:
    """Return the fields whose marks came through."""
    secret = secrets_of(planted.marks, audience)
    seen = {text for _, text in marks_of(said_by(projected(root, audience)))}
    return {f"{secret[text].path.split('/')[-2]}: {secret[text].field}" for text in seen & secret.keys()}


@pytest.mark.parametrize("audience", ["public", OWN])
def test_no_mark_of_any_field_of_any_kind_comes_through(desk: Path, planted: Planted, audience: str) -> None:
    assert len(planted.marks) > 5000
    assert leaks(desk, planted, audience) == set()


@pytest.mark.parametrize("audience", ["public", OWN])
def test_what_may_be_read_does_come_through(desk: Path, planted: Planted, audience: str) -> None:
    told = said_by(projected(desk, audience)).decode()
    signs = [text for text, _, reader in planted.signs if reader == audience]
    assert len(signs) == sum(shown_fields(kind.name, audience) is not None for kind in KINDS)
    assert [text for text in signs if text not in told] == []


def test_every_text_of_every_model_is_tried(planted: Planted) -> None:
    # Those that are shown to everybody need no mark.
    assert set(planted.unplanted) <= {"support_hours.versions.dates"}
    assert {mark.path.split("/")[1] for mark in planted.marks} == {kind.folder.split("/")[1] for kind in KINDS}


def test_a_field_that_is_added_to_the_table_by_mistake_is_found(
    desk: Path, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaks(desk, planted, "public") == set()
    for kind, field in (("article", "tags"), ("incident", "external"), ("service", "tags")):
        tree = {"external": {"system": None}} if field == "external" else {field: None}

        def mistaken(name: str, audience: str, kind: str = kind, tree: Any = tree) -> Any:
            fields = shown_fields(name, audience)
            return {**fields, **tree} if fields and name == kind else fields

        monkeypatch.setattr(cutting, "shown_fields", mistaken)
        assert {leak.partition(": ")[2].split(".")[0] for leak in leaks(desk, planted, "public")} == {field}


def test_a_reader_that_takes_nothing_out_is_found(
    desk: Path, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "shown_text", lambda text, *_: text)
    found = leaks(desk, planted, OWN)
    assert {one.partition(": ")[2] for one in found} >= {"block internal", "block never closed", "section log"}


def test_the_table_names_only_fields_that_there_are() -> None:
    for kind in SHOWN:
        assert kind in BY_NAME
        for audience in ("public", OWN):
            _check_names(model_of(kind).model_json_schema(by_alias=True), shown_fields(kind, audience) or {}, kind)


def _check_names(schema: dict[str, Any], tree: Any, place: str, definitions: Any = None) -> None:
    definitions = definitions or schema.get("$defs", {})
    for name, inner in tree.items():
        fields = schema.get("properties", {})
        field = fields.get(name) or schema.get("additionalProperties")
        assert field, f"{place}.{name} is listed and is no field"
        block = next(_blocks(field, definitions), None)
        if name == "timeline":
            continue
        assert (block is not None) == (inner is not None), f"{place}.{name} is a block and is listed whole, or is none"
        if block is not None and inner is not None:
            _check_names(block, inner, f"{place}.{name}", definitions)


def _blocks(field: dict[str, Any], definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in field.get("anyOf", [field]):
        if "$ref" in part:
            yield definitions[part["$ref"].rpartition("/")[2]]
        elif part.get("type") == "array":
            yield from _blocks(part["items"], definitions)
        elif isinstance(part.get("additionalProperties"), dict):
            yield part


def test_no_page_is_made_from_anything_but_an_audiences_desk() -> None:
    """What makes pages imports neither snapshots nor repositories; the modules that open a desk hand on less."""
    for path in PUBLISH.glob("*.py"):
        if path.name in ("site.py", "whole.py", "plugin.py", "leaktest.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in (
                    "servicebook.store.snapshot", "servicebook.store.opening", "servicebook.rules.opening",
                ), path.name  # fmt: skip
                if node.module == "servicebook.store.repository":
                    assert {alias.name for alias in node.names} == {"Entry"}, path.name
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("_desk", "_raw"), f"{path.name}:{node.lineno}"


def test_a_projected_desk_has_no_way_to_the_repository(desk: Path) -> None:
    one = projected(desk, "public")
    seen: set[int] = set()

    def walk(value: object, depth: int = 0) -> None:
        if id(value) in seen or depth > 8:
            return
        seen.add(id(value))
        assert type(value).__name__ not in ("Snapshot", "Repository", "Index", "Visible", "Cutter"), value
        inside = list(vars(value).values()) if hasattr(value, "__dict__") else []
        inside += [getattr(value, name, None) for name in getattr(type(value), "__slots__", ())]
        inside += list(value.values()) if isinstance(value, dict) else []
        inside += list(value) if isinstance(value, list | tuple | set | frozenset) else []
        for inner in inside:
            walk(inner, depth + 1)

    walk(one)
    assert len(seen) > 100


def test_the_house_is_not_projected(desk: Path) -> None:
    with pytest.raises(ValueError, match="whole desk"):
        projected(desk, "internal")


def test_a_note_of_the_house_does_not_change_what_others_read(desk: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(desk, root)
    before = {facts.path: facts.blob for facts in projected(root, OWN).all()}
    path = next(root / path for path in before if "/incidents/" in path)
    path.write_text(path.read_text().replace("::: internal\n", "::: internal\nfresh news\n", 1))
    after = {facts.path: facts.blob for facts in projected(root, OWN).all()}
    assert after == before
