"""Neighbourhoods of assets and services: who stands in them, where the boxes go, what the drawing and its table say."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.audience.desk import WholeDesk
from servicebook.publish.graph_html import A_LINE, LINES, lines_of, neighbourhood_html
from servicebook.publish.labels import Labels
from servicebook.publish.layered import APART, BOX, place
from servicebook.publish.neighbourhood import MOST, STEPS, neighbourhood_of
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk

NOW = datetime.fromisoformat("2026-11-20T09:00:00+08:00")


def service(id: str, title: str = "", needs: str = "", assets: str = "") -> str:
    title_zh = "title_zh: 服务\n" if id == "web" else ""
    return (
        f"---\nschema: service/1\nid: {id}\ntitle: '{title or id}'\n{title_zh}status: active\n"
        f"depends_on: [{needs}]\nassets: [{assets}]\n---\n"
    )


def asset(id: str, *ties: str, title: str = "", serves: str = "", status: str = "active") -> str:
    relations = "".join(f"- {{type: {one.partition(' ')[0]}, target: {one.partition(' ')[2]}}}\n" for one in ties)
    told = f"relations:\n{relations}" if ties else ""
    served = f"service: {serves}\n" if serves else ""
    return f"---\nschema: asset/1\nid: {id}\ntitle: '{title or id}'\nstatus: {status}\n{served}{told}---\n"


@pytest.fixture
def view_of(make_repo: Callable[..., Any]) -> Callable[..., View]:
    """Return a function that makes a desk of assets and services and returns its view."""

    def make(services: dict[str, str], assets: dict[str, str]) -> View:
        files = {f"kb/services/{id}.md": text for id, text in services.items()}
        files |= {f"kb/assets/{id}.md": text for id, text in assets.items()}
        repo = make_repo("desk", {"pyproject.toml": "[tool.servicebook]\ntimezone = 'Asia/Shanghai'\n", **files})
        return View(WholeDesk(open_desk(str(repo.root))), NOW, Labels(("en", "zh")))

    return make


@pytest.fixture
def small(view_of: Callable[..., View]) -> View:
    """Return a desk on which a shop stands on the web, that on a host, that on a rack, that on power."""
    return view_of(
        {"shop": service("shop", needs="web"), "web": service("web", assets="host"), "mail": service("mail")},
        {
            "host": asset("host", "runs-on rack", "backed-up-by spare", "documented-by nothing"),
            "spare": asset("spare", "runs-on rack", serves="mail", status="in_stock"),
            "rack": asset("rack", "depends-on power"),
            "power": asset("power"),
        },
    )


def around(view: View, kind: str, id: str) -> tuple[dict[str, int], list[str]]:
    facts = view.get(kind, id)
    assert facts
    found = neighbourhood_of(view, facts)
    name = {path: one.id for path, one in view.records.items()}
    ties = [f"{name[one.source]} {one.relation} {name[one.target]}" for one in found.ties]
    return {name[path]: step for path, step in found.steps.items()}, sorted(ties)


def test_both_sides_two_steps_and_no_further(small: View) -> None:
    steps, ties = around(small, "asset", "host")
    assert steps == {"host": 0, "rack": 1, "spare": 1, "web": -1, "power": 2, "shop": -2}
    assert ties == [
        "host backed-up-by spare", "host runs-on rack", "rack depends-on power", "shop depends-on web", "web uses host",
    ]  # fmt: skip


def test_an_asset_that_names_its_service_stands_below_it(small: View) -> None:
    steps, ties = around(small, "service", "mail")
    assert steps == {"mail": 0, "spare": 1, "rack": 2} and ties == ["mail uses spare", "spare runs-on rack"]
    assert around(small, "asset", "spare")[0] == {"spare": 0, "rack": 1, "mail": -1, "host": -1, "power": 2, "web": -2}


def test_the_nearest_are_drawn_and_the_rest_is_counted(view_of: Callable[..., View]) -> None:
    leaves = {f"leaf-{n:02}": asset(f"leaf-{n:02}", "depends-on hub") for n in range(40)}
    view = view_of({}, {"hub": asset("hub", "runs-on rack"), "rack": asset("rack"), **leaves})
    hub = view.get("asset", "hub")
    assert hub
    found = neighbourhood_of(view, hub)
    assert len(found.steps) == MOST["asset"] == 30 and found.left_out == 12
    assert "kb/assets/rack.md" in found.steps  # neither side takes all the room
    html = neighbourhood_html(view, hub.path, found)
    assert "and 12 more within two steps" in html and len(html.encode()) < 25_000


def test_who_stands_alone_has_no_drawing(view_of: Callable[..., View]) -> None:
    view = view_of({"alone": service("alone")}, {})
    facts = view.get("service", "alone")
    assert facts and neighbourhood_html(view, "services/alone.html", neighbourhood_of(view, facts)) == ""


def test_the_drawing_and_the_table_say_the_same(small: View) -> None:
    host = small.get("asset", "host")
    assert host
    html = neighbourhood_html(small, "assets/host.html", neighbourhood_of(small, host))
    svg, table = html.partition("</svg>")[0] + "</svg>", html[html.index("<table") :]
    drawing = ET.fromstring(svg[svg.index("<svg") :])
    assert drawing.get("aria-hidden") == "true"  # the table is for who cannot see it
    links = {one.get("href") for one in drawing.iter("a")}
    assert links == {"../assets/rack.html", "../assets/spare.html", "../assets/power.html", "../services/web.html",
                     "../services/shop.html"}  # fmt: skip
    assert {one.get("tabindex") for one in drawing.iter("a")} == {"-1"}
    assert links <= set(re.findall('href="([^"]*)"', table))
    rows = [re.sub("<[^>]*>", " ", row).split() for row in table.split("<tr>")[2:]]
    assert [row[0] for row in rows] == ["shop", "web", "host", "rack", "spare", "power"]
    assert re.search(r"In stock|库存", table) and 'class="out"' in svg
    assert '<text class="l" lang="zh-Hans"' in svg  # of the service with a Chinese title


def test_hostile_titles_are_text(view_of: Callable[..., View]) -> None:
    title = '</svg><script>alert("1")</script>\u202e & more'
    view = view_of({}, {"one": asset("one", "runs-on two"), "two": asset("two", title=title)})
    one = view.get("asset", "one")
    assert one
    html = neighbourhood_html(view, "assets/one.html", neighbourhood_of(view, one))
    assert "<script" not in html and html.count("</svg>") == html.count("<svg")
    ET.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])


def test_a_circle_ends(view_of: Callable[..., View]) -> None:
    view = view_of({}, {"a": asset("a", "connects-to b"), "b": asset("b", "connects-to a")})
    assert around(view, "asset", "a") == ({"a": 0, "b": 1}, ["a connects-to b", "b connects-to a"])


# --- the layout


def test_boxes_keep_apart_and_the_same_graph_is_drawn_the_same() -> None:
    for seed in range(60):
        chosen = random.Random(seed)
        columns = {f"box{n}": chosen.randint(-STEPS, STEPS) for n in range(chosen.randint(1, 30))}
        pairs = [(a, b) for a in columns for b in columns if columns[b] - columns[a] == 1]
        arrows = chosen.sample(pairs, min(len(pairs), 40))
        places = place(columns, arrows)
        assert place(dict(columns), list(arrows)) == places
        assert min(places.middles.values()) == BOX // 2 and max(places.middles.values()) == places.height - BOX // 2
        for column in set(columns.values()):
            middles = sorted(places.middles[box] for box in columns if columns[box] == column)
            assert all(below - above >= BOX + APART - 1 for above, below in pairwise(middles)), seed


def test_a_chain_is_straight_and_nothing_crosses_that_need_not() -> None:
    chain = place({"a": -1, "b": 0, "c": 1}, [("a", "b"), ("b", "c")])
    assert len(set(chain.middles.values())) == 1
    crossed = place({"a": 0, "b": 0, "c": 1, "d": 1}, [("a", "d"), ("b", "c")]).middles
    assert (crossed["a"] < crossed["b"]) == (crossed["d"] < crossed["c"])


@given(st.text())
def test_titles_fit_into_their_boxes(title: str) -> None:
    lines = lines_of(title)
    assert 1 <= len(lines) <= LINES
    assert all(len(line) <= A_LINE for line in lines)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Packager 01", ["Packager 01"]),
        ("Live transcoder 03, channels 1 to 3", ["Live transcoder", "03, channels 1 t…"]),
        ("云山直播转码 02（备机）", ["云山直播转码 02", "（备机）"]),
        ("发射机房接入交换机", ["发射机房接入交换", "机"]),
        ("a" * 40, ["a" * 16 + "…"]),
    ],
)
def test_lines_break_at_blanks_and_between_han(title: str, lines: list[str]) -> None:
    assert lines_of(title) == lines
