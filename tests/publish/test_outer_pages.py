"""What a customer reads on the pages of their site: nothing that only says that it is not for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.publish.conftest import example_files

from servicebook.publish.site import build_site

INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K"
AUDIENCE = "customer:harbour-tv"


def words(page: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.read_text("utf-8").partition("<main")[2]))


def test_a_fact_that_is_hidden_leaves_no_label_behind(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    repo = make_repo("desk", example_files())
    build_site(str(repo.root), str(tmp_path / "house"))
    build_site(str(repo.root), str(tmp_path / "customer"), audience=AUDIENCE)
    house, theirs = (words(tmp_path / name / f"{INCIDENT}.html") for name in ("house", "customer"))
    assert "Assigned to" in house and "Assigned to" not in theirs
    house_s_ask, ask = (words(tmp_path / name / "ask.html") for name in ("house", "customer"))
    assert "No roster" in house_s_ask and "No roster" not in ask and "Draft, not started" in ask
    assert "Fault grade" in theirs and "不公开" not in theirs.partition("Clocks")[0]


def test_the_name_of_the_desk_stays_whole_although_a_hidden_record_is_called_alike(
    make_repo: Callable[..., Any], tmp_path: Path
) -> None:
    files = example_files()
    hidden = {"kb/customers/test-tv.md": "---\nschema: customer/1\nid: test-tv\ntitle: Test TV\nstatus: active\n---\n"}
    repo = make_repo("desk", {**files, **hidden})
    build_site(str(repo.root), str(tmp_path / "customer"), audience=AUDIENCE)
    assert "Test desk</title>" in (tmp_path / "customer/services.html").read_text("utf-8")
