"""The dashboard: each figure is that of the list to which it leads, and every figure leads to one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

OPEN = ("incident", "service_request")
KINDS = {"incident": "incidents", "service_request": "requests", "problem": "problems"}


@pytest.fixture
def site(desk: Any, build: Any) -> Path:
    """Return the site of a desk with open tickets of several kinds, older and newer ones."""
    for kind, prefix, count in (("incident", "INC", 3), ("service_request", "REQ", 2), ("problem", "PRB", 4)):
        for n in range(count):
            id = f"{prefix}-20260418-{n}AAA"
            path = desk.root / f"tickets/{KINDS[kind]}/2026/04/{id}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            event = "- {at: 2026-04-18T08:00:00+08:00, id: k3f9, event: opened, by: li.wei}"
            path.write_text(
                f"---\nschema: {kind}/1\nid: {id}\ntitle: T\ncustomer: harbour-tv\ntimeline:\n{event}\n---\n"
            )
    desk.commit("open")
    folder: Path = build(desk)[0]
    return folder


def rows_of(page: str, kind: str) -> int:
    section = re.search(rf'<h2 id="{kind}".*?</section>', page, re.S)
    return len(re.findall("<tr", section[0])) - 1 if section else 0


def test_the_number_of_open_tickets_is_that_of_the_list_it_leads_to(site: Path) -> None:
    page = (site / "dashboard.html").read_text("utf-8")
    told = re.search(r'<a href="tickets.html#incident">(\d+)</a>', page)
    listed = (site / "tickets.html").read_text("utf-8")
    assert told and int(told[1]) == sum(rows_of(listed, kind) for kind in OPEN)
    assert rows_of(listed, "problem") and 'id="incident"' in listed
    assert "Open incidents and requests" in page and "未结事件和服务请求" in page


def test_every_figure_leads_to_what_it_is_made_of(site: Path) -> None:
    page = (site / "dashboard.html").read_text("utf-8")
    figures = re.findall(r"<figure.*?</figure>", page, re.S)
    assert len(figures) == 8
    for figure in figures:
        links = re.findall(r'href="([^"#?]+)[^"]*"', figure)
        assert links or "Nothing was counted" in figure, figure[:300]
        assert all((site / link).is_file() for link in links)
