"""The newest records of a desk are told without the rest being read, edits that lie over the index counted in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servicebook.reports.upkeep import upkeep_of
from servicebook.rules.opening import open_desk
from servicebook.store.lookups import Lookups

SITE = "schema: site/1\nid: hall\ntitle: Hall\ncustomer: tv\n"
INCIDENT = """\
schema: incident/1
id: INC-2026{month:02d}01-000{month}
title: Fault {month}
status: resolved
customer: tv
caller: {{name: Ann}}
contact_type: hotline
reported_at: 2026-{month:02d}-01T08:00:00+08:00
site: hall
category: program_error
fault_grade: severe
impact: high
urgency: high
timeline:
- {{at: 2026-{month:02d}-01T08:00:00+08:00, id: aaaa, event: opened, by: ann}}
- {{at: 2026-{month:02d}-01T09:00:00+08:00, id: aaab, event: resolved, by: ann}}
"""


@pytest.fixture
def desk(make_repo: Callable[..., Any]) -> Any:
    files = {
        f"tickets/incidents/2026/{month:02d}/INC-2026{month:02d}01-000{month}.md": f"---\n{INCIDENT}---\n".format(
            month=month
        ).encode()
        for month in range(1, 7)
    }
    return make_repo("newest", files | {"kb/sites/hall.md": f"---\n{SITE}---\n".encode()})


def _months(records: Any) -> list[int]:
    return [int(facts.id[-1]) for facts in records]


def test_the_newest_are_those_with_the_last_paths(desk: Any) -> None:
    found = open_desk(str(desk.root))
    assert _months(found.latest("incident", 2)) == [5, 6]
    assert _months(found.latest("incident", 50)) == _months(found.of_kind("incident"))
    assert found.latest("incident", 0) == []
    assert _months(found.naming("hall", kinds=("incident",), most=3)) == [4, 5, 6]
    assert _months(one for one, _ in found.referrers("site", "hall", ("incident",), 1)) == [6]


def test_edits_are_counted_in(desk: Any) -> None:
    old = desk.root / "tickets/incidents/2026/01/INC-20260101-0001.md"
    old.write_text(old.read_text("utf-8").replace("Fault", "Other fault"), "utf-8")
    (desk.root / "tickets/incidents/2026/06/INC-20260601-0006.md").unlink()
    found = open_desk(str(desk.root))
    assert _months(found.latest("incident", 2))[:1] == [1], "what was edited is there, whatever its month"
    assert 6 not in _months(found.latest("incident", 6))


def test_work_is_gathered_from_so_many_tickets(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = open_desk(str(desk.root)), []
    naming = Lookups.naming
    monkeypatch.setattr(
        Lookups, "naming", lambda self, *names, **how: asked.append(how["most"]) or naming(self, *names, **how)
    )
    assert _months(work.record for work in upkeep_of(found, "site", "hall")) == [6, 5, 4, 3, 2, 1]
    assert _months(work.record for work in upkeep_of(found, "site", "hall", 2)) == [6, 5]
    assert set(asked) == {-1, 2}
