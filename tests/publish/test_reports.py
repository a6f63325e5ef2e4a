"""Figures of a periodic report are stored in one language and told in that of the reader."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from servicebook.audience.desk import WholeDesk
from servicebook.language.catalogue import load_area
from servicebook.publish.fields_html import Fields
from servicebook.publish.labels import Labels
from servicebook.publish.opening import judged_at
from servicebook.publish.report_html import COUNTED, counted, figures_told
from servicebook.publish.view import View
from servicebook.reports import report_figures
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parent.parent.parent
OUTAGE = "union of outage_start_at to outage_end_at of the incidents of {service}, cut to the period"


def test_every_text_that_a_report_is_written_with_is_known() -> None:
    said: list[ast.expr] = []
    for node in ast.walk(ast.parse(inspect.getsource(report_figures))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Figure":
            said += [node.args[0], node.args[2]]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "formula":
            said.append(node.value)
    assert {one.value for one in said if isinstance(one, ast.Constant)} == set(COUNTED) <= load_area("cli", "zh").keys()


def test_a_column_that_some_rows_lack_keeps_its_place() -> None:
    desk = open_desk(str(ROOT))
    view = View(WholeDesk(desk), judged_at(desk.settings, "", None), Labels(("en",)))
    weekly = next(one for one in view.of_kind("report") if one.get("report_type") == "weekly")
    nothing: Any = None  # no field of these is a text of many lines
    html = Fields(view, nothing, weekly, "tickets/reports/2026/11/x.html").blocks()
    heads = re.findall('<th scope="col"[^>]*>([^<]*)', html)
    assert heads == ["Name", "Value", "Unit", "Formula"]
    desk.close()


def test_a_table_begins_at_its_edge_with_a_figure_too() -> None:
    desk = open_desk(str(ROOT))
    view = View(WholeDesk(desk), judged_at(desk.settings, "", None), Labels(("en",)))
    roster = view.get("roster", "live-operations-2026-11")
    nothing: Any = None
    assert roster
    fields = Fields(view, nothing, roster, "rosters/x.html")
    assert '<td class="nw">1<' in fields.value(("minimum",), roster.get("minimum"))
    assert '<td class="f nw">2025<' in fields.value(("x",), [{"year": 2025, "a": "b", "c": 3}])
    desk.close()


def test_a_figure_that_is_not_shown_has_no_unit() -> None:
    desk = open_desk(str(ROOT))
    view = View(WholeDesk(desk), judged_at(desk.settings, "", None), Labels(("en",)))
    monthly = view.get("report", "RPT-20261104-J4WN")
    nothing: Any = None
    assert monthly and "value" not in monthly.get("figures", 9)
    html = Fields(view, nothing, monthly, "tickets/reports/2026/11/x.html").blocks()
    assert "%" not in html.partition("CSAT")[2].partition("</tr>")[0] and "%" in html
    desk.close()


@pytest.mark.parametrize(
    ("text", "key", "params"),
    [
        ("tickets opened", "tickets opened", {}),
        ("新开工单", "tickets opened", {}),
        (OUTAGE.format(service="cms"), OUTAGE, {"service": "cms"}),
        ("cms 可用率", "availability of {service}", {"service": "cms"}),
        ("viewers at nine in the evening", None, {}),
    ],
)
def test_a_stored_text_is_read_back_in_either_language(text: str, key: str | None, params: dict[str, str]) -> None:
    assert counted(text) == ((key, params) if key else None)


def test_a_report_s_page_tells_its_figures_in_both_languages() -> None:
    desk = open_desk(str(ROOT))
    view = View(WholeDesk(desk), judged_at(desk.settings, "", None), Labels(("en", "zh")))
    report = next(one for one in view.of_kind("report") if one.get("report_type") == "availability")
    told = figures_told(view, report)
    outage = report.get("figures", 1)
    name, formula, unit = (told(("figures", 1, key), outage[key]) for key in ("name", "formula", "unit"))
    assert re.sub("<[^>]*>", "|", name) == "|Outage of live-streaming||live-streaming 中断时长|"
    assert "截取到期内" in formula and "分钟" in unit
    assert "<code>outage_start_at</code>" in formula and "<code>outage_end_at</code>" in formula
    assert "<code>reopened</code>" in told(("figures", 0, "formula"), "those with a `reopened` event in the period")
    assert told(("figures", 0, "name"), "calls by hour") == told(("title",), "tickets opened") == ""
    desk.close()
