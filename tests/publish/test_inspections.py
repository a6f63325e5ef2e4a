"""The page of inspections: what was missed and what comes is told to the house, what was found to whom it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.publish.conftest import gathering_of

from servicebook.audience.desk import WholeDesk
from servicebook.publish.inspections_html import inspections
from servicebook.publish.labels import Labels
from servicebook.publish.site import Built
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parent.parent.parent
Build = Callable[..., tuple[Path, Built]]


@pytest.fixture
def view() -> Iterator[View]:
    desk = open_desk(str(ROOT))
    yield View(WholeDesk(desk), datetime.fromisoformat("2026-11-25T09:00:00+08:00"), Labels(("en",)))
    desk.close()


def page_of(view: Any) -> str:
    return inspections(gathering_of(view), "inspections.html")


def test_what_comes_what_was_missed_and_what_was_found(view: View) -> None:
    page = page_of(view)
    behind, _, rest = page.partition('id="inspections-to-come"')
    ahead, _, results = rest.partition('id="last-results"')
    assert 'id="missed-or-late"' in behind and "2026-11-23" in behind  # nobody looked at the transcoders that Monday
    assert "2026-11-30" in ahead and "inspection-plans/transcoders-weekly.html" in ahead
    assert "INS-20261112-4XQP" in results and "All 4 in order" in results


def test_others_are_not_told_of_days_whose_inspection_they_cannot_see(view: Any) -> None:
    view.desk.audience = "customer:harbour-tv"
    page = page_of(view)
    assert 'id="missed-or-late"' not in page and 'id="inspections-to-come"' not in page and "in order" in page


def test_a_failed_item_is_told_in_the_words_of_its_plan_with_what_was_due(view: View) -> None:
    found = re.sub("<[^>]*>", "", page_of(view).partition('id="last-results"')[2])
    assert "Highest load of the processors in the night hours: 86\u00a0% (≤ 80 %)" in found and "cpu" not in found


def test_results_say_what_was_looked_at_and_follow_the_plan(desk: Any, build: Build) -> None:
    def said() -> str:
        page = next((site / "tickets/inspections").rglob("*.html")).read_text("utf-8")
        return re.sub("<[^>]*>", "", page.partition('id="results"')[2].partition("</table>")[0])

    site, _ = build(desk)
    assert "Old words" not in said()
    plan = next((desk.root / "kb/inspection-plans").glob("*.md"))
    plan.write_text(re.sub(r"text: [^,\n]+", "text: Old words", plan.read_text("utf-8")), "utf-8")
    build(desk)
    assert "Old words" in said()
