"""Control characters in fields and in the history: a sign stands for each, in pages, feeds, calendars and data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.conftest import Repo
from tests.publish.conftest import example_files

from servicebook.publish.controls import shown_controls
from servicebook.publish.site import build_site

INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K"
CHANGE = "tickets/changes/2026/03/CHG-20260325-7RBN"
TITLE = r'title: "a\0b\x01c\bd\x1be\x7ff\x85g\uFFFEh"'
SHOWN = "a␀b␁c␈d␛e␡f\ufffdg\ufffdh"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    files: dict[str, Any] = example_files()
    for path in (INCIDENT, CHANGE):
        text = re.sub("(?m)^title: .*", lambda _: TITLE, files[f"{path}.md"])
        files[f"{path}.md"] = re.sub("(?m)^audience: .*\n", "", text).replace(
            "\ntitle:", '\naudience: [internal, "customer:harbour-tv"]\ntitle:', 1
        )
    repo = Repo(tmp_path_factory.mktemp("controls"))
    repo.git("init", "--quiet", "--initial-branch=main")
    repo.commit("a \x01 b \x1b[31m red", files)
    return repo


@pytest.mark.parametrize("audience", ["internal", "customer:harbour-tv"])
def test_no_control_character_is_published(repo: Repo, tmp_path: Path, audience: str) -> None:
    site = tmp_path / "site"
    build_site(str(repo.root), str(site), audience=audience)
    held = []
    for path in site.rglob("*.*"):
        text = path.read_text("utf-8")
        escaped = re.search(r"(?<!\\)\\(?:u00[01]|u007f|[bf])", text) if path.suffix == ".json" else None
        if escaped or _CONTROLS.search(text):
            held.append(path.relative_to(site).as_posix())
        if path.suffix == ".xml":
            ElementTree.fromstring(text)
    assert not held
    assert f"<h1>{SHOWN}</h1>" in re.sub("</?span[^>]*>", "", (site / f"{INCIDENT}.html").read_text("utf-8"))
    assert SHOWN in (site / "feeds/news.xml").read_text("utf-8")
    rows = json.loads((site / "api/v1/incident-2026-03.json").read_text("utf-8"))["records"]
    assert [row["title"] for row in rows] == [SHOWN]
    assert SHOWN in (site / "calendar/schedule.ics").read_text("utf-8").replace("\r\n ", "")


def test_lines_and_tabs_stay() -> None:
    assert shown_controls("a\tb\r\nc 频道\u200b") == "a\tb\r\nc 频道\u200b"
