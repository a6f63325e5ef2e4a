"""Figures that were kept for the next build are those that are counted anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.publish.conftest import example_files

from servicebook.audience.desk import WholeDesk
from servicebook.publish.labels import Labels
from servicebook.publish.outcomes import KEPT, Outcomes
from servicebook.publish.view import View
from servicebook.reports.figures import Month
from servicebook.rules.opening import open_desk

NOW = datetime.fromisoformat("2026-04-20T09:00:00+08:00")


def figures_of(root: Path, folder: Path) -> list[Month]:
    desk = open_desk(str(root))
    found = Outcomes(View(WholeDesk(desk), NOW, Labels(("en",))), {}, folder).all
    desk.close()
    return found


def test_kept_figures_are_those_counted_anew(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    desk = make_repo("desk", example_files())
    before = figures_of(desk.root, tmp_path)
    assert any(month.clocks for month in before)
    written = (tmp_path / KEPT).stat().st_mtime_ns
    assert figures_of(desk.root, tmp_path) == before
    assert (tmp_path / KEPT).stat().st_mtime_ns == written
    ticket = next((desk.root / "tickets" / "incidents").rglob("*.md"))
    text = ticket.read_text("utf-8")
    assert "outcome: met" in text
    ticket.write_text(text.replace("outcome: met", "outcome: missed"), "utf-8")
    after = figures_of(desk.root, tmp_path)
    assert after != before
    (tmp_path / KEPT).write_text("no figures")
    assert figures_of(desk.root, tmp_path) == after
