"""Pieces that suppliers owe: a clock on the page of their ticket, closed or not, which is made anew when it is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from servicebook.audience.desk import WholeDesk
from servicebook.publish.build import Build
from servicebook.publish.cache import PageCache
from servicebook.publish.labels import Labels
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parent.parent.parent
TICKET = "INC-20261008-F90H"


@pytest.fixture
def build_at(tmp_path: Path) -> Callable[[str], Build]:
    """Return a function that begins to build the sample's site at an instant."""

    def begun(at: str) -> Build:
        return Build(View(WholeDesk(open_desk(str(ROOT))), datetime.fromisoformat(at), Labels(("en",))), cache)

    cache = PageCache(tmp_path)
    return begun


def test_a_piece_that_is_out_is_a_clock_on_its_tickets_page(build_at: Callable[[str], Build]) -> None:
    digests = []
    for at, state in (("2026-11-09T17:59:00+08:00", "st-run"), ("2026-11-09T18:01:00+08:00", "st-miss")):
        build = build_at(at)
        view = build.view
        facts = view.get("incident", TICKET)
        assert facts is not None and facts.status == "closed"
        page = build._page(facts, view.desk.read(facts.path)).content
        clock = page[page.index("<h3>RMA NW-261012-04") :]
        assert "2026-11-09 18:00" in clock.partition("</div>")[0] and state in clock.partition("</div>")[0]
        digests.append(build._digests.of(facts))
        view.desk.close()
    assert digests[0] != digests[1]


def test_others_do_not_see_what_suppliers_owe(build_at: Callable[[str], Build]) -> None:
    view = build_at("2026-11-20T09:00:00+08:00").view
    facts = view.get("incident", TICKET)
    assert facts is not None and view.clocks_of_returns(facts)
    outer = View(view.desk, view.now, view.labels)
    outer.desk.audience = "public"
    assert outer.clocks_of_returns(facts) == []
    view.desk.close()
