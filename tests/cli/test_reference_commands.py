"""`servicebook schema` and `servicebook docs`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from servicebook.cli.main import main
from servicebook.records.kinds import KINDS


def test_schema_of_a_kind_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "known-error"]) == 0
    assert json.loads(capsys.readouterr().out)["$id"] == "known_error.schema.json"
    assert main(["--lang", "zh", "schema", "incident/1"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "事件"


def test_schema_without_a_kind_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [kind.name for kind in KINDS]


def test_schema_of_an_unknown_kind_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "incidnet"]) == 2
    assert "did you mean `incident`?" in capsys.readouterr().err


def test_schema_all_writes_one_file_a_kind(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--all", str(tmp_path / "schemas")]) == 0
    files = sorted(path.name for path in (tmp_path / "schemas").iterdir())
    assert files == sorted(f"{kind.name}.schema.json" for kind in KINDS)


def test_docs_are_written_once_and_held_to_the_program(
    make_repo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repo("desk", {"kb/rules/own.md": "our own page\n", "README.md": "x\n"})
    monkeypatch.chdir(repo.root / "kb")
    assert main(["docs", "--check"]) == 1
    assert not (repo.root / "kb/reference").exists()
    assert main(["docs"]) == 0
    assert main(["docs", "--check"]) == 0
    page = repo.root / "kb/reference/incident.md"
    written = page.stat().st_mtime_ns
    assert main(["docs"]) == 0
    assert page.stat().st_mtime_ns == written
    capsys.readouterr()

    page.write_text(page.read_text("utf-8") + "by hand\n", "utf-8")
    gone = repo.root / "kb/rules/WFL000.md"
    gone.write_text((repo.root / "kb/rules/index.md").read_text("utf-8"), "utf-8")
    assert main(["docs", "--check"]) == 1
    said = capsys.readouterr().err
    assert "kb/reference/incident.md" in said
    assert "kb/rules/WFL000.md" in said
    assert "hint: servicebook docs" in said
    assert main(["docs"]) == 0
    assert not gone.exists()
    assert (repo.root / "kb/rules/own.md").read_text("utf-8") == "our own page\n"
    assert main(["docs", "--check"]) == 0


def test_docs_outside_a_repository(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["docs"]) == 2
    assert "hint: servicebook init DIR" in capsys.readouterr().err
