"""Whole imports of real data, from the command to a desk that passes its own check.

The data lies beside the repository (../shared/data): the Jenkins status page (MIT) and the incident log of the UCI
repository, data set 498 (CC BY 4.0).
"""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from servicebook.cli.main import main

DATA = Path(__file__).parents[3] / "shared" / "data"
PAGE = DATA / "status-jenkins"
LOG = DATA / "uci-incident-log" / "incident_event_log.csv.gz"
ROWS = 6000
"""Rows of the log that are taken here; all 70,986 take a minute and are measured by hand."""

SETTINGS = '[tool.servicebook]\nname = "Imported"\ntimezone = "UTC"\ncustom = { made_sla = "boolean" }\n'

pytestmark = pytest.mark.slow


def statuses(desk: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(desk.rglob("*.md"))]


@pytest.mark.skipif(not PAGE.is_dir(), reason="the status page lies in ../shared/data, which is not there")
def test_a_real_status_page(make_repo, monkeypatch, capsys) -> None:
    desk = make_repo("jenkins", {"pyproject.toml": SETTINGS})
    monkeypatch.chdir(desk.root)
    assert main(["import", "cstate", str(PAGE)]) == 0
    assert "incidents: 297" in capsys.readouterr().out
    before = statuses(desk.root)
    assert main(["import", "cstate", str(PAGE)]) == 0
    assert capsys.readouterr().out.startswith("0 records written")
    assert statuses(desk.root) == before
    desk.commit("import")
    assert main(["check", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {item["severity"] for item in found} == {"info"}
    before_opening = {item["path"] for item in found if item["code"] == "WFL405"}
    assert len(before_opening) == 8  # issues that were resolved before they began


@pytest.mark.skipif(not LOG.is_file(), reason="the incident log lies in ../shared/data, which is not there")
def test_a_real_incident_log(make_repo, monkeypatch, capsys, tmp_path) -> None:
    table = tmp_path / "log.csv"
    with gzip.open(LOG, "rt", encoding="utf-8") as lines:
        table.write_text("".join(islice(lines, ROWS)), "utf-8")
    desk = make_repo("log", {"pyproject.toml": SETTINGS})
    monkeypatch.chdir(desk.root)
    words = ["import", "csv", str(table), "--map", "servicenow-audit-log"]
    assert main(words) == 0
    capsys.readouterr()
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("0 records written")
    desk.commit("import")
    assert main(["check"]) == 0
    assert main(["list", "incident", "--json"]) == 0
    out = capsys.readouterr().out
    incidents = json.loads(out[out.index("[\n") :])
    agreeing = []
    for path in sorted((desk.root / "tickets" / "incidents").rglob("*.md")):
        text = path.read_text("utf-8")
        if "\n  finish:" in text and "closed" in text:
            agreeing.append(("outcome: met" in text) == ("made_sla: true" in text))
    assert len(incidents) > 700
    assert len(agreeing) > 600
    assert sum(agreeing) / len(agreeing) > 0.99  # the source's own flag, computed by our clocks
