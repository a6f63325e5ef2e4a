"""The page of a change tells of its approval what the verifier says: how surely, and each vote with why it counts."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.approvals.desk import CHG, OTHER, Desk, path_of_change
from tests.publish.conftest import MKDOCS

from servicebook.publish.site import build_site

SETTINGS = """\
[tool.servicebook]
name = "Test desk"
timezone = "Asia/Shanghai"
languages = ["en", "zh"]
"""


def built(desk: Desk, site: Path) -> Path:
    at = (desk.at + timedelta(hours=1)).isoformat()
    build_site(str(desk.root), str(site), at=at)
    return site


def page(site: Path, id: str = CHG) -> str:
    return (site / path_of_change(id)).with_suffix(".html").read_text("utf-8")


def approval(site: Path, id: str = CHG) -> str:
    """Return the words of the section, English and Chinese apart by nothing."""
    found = re.search(r'<h2 id="approval">.*?(?=<h2|</section>|</article>)', page(site, id), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[0])) if found else ""


def ready(desk: Desk) -> Desk:
    service = "---\nschema: service/1\nid: live-streaming\ntitle: Live\n---\n"
    files = {"pyproject.toml": SETTINGS, "mkdocs.yml": MKDOCS, "kb/services/live-streaming.md": service}
    desk.land("settings", files | {"kb/index.md": "# Desk\n"})
    return desk


def test_a_proven_change_shows_its_votes(desk: Desk, tmp_path: Path) -> None:
    ready(desk).propose()
    desk.votes(comment="Looks <b>safe</b> & sound")
    desk.start()
    said = approval(built(desk, tmp_path / "site"))
    assert "Approved before it was done" in said and "实施前已批准" in said
    assert "none of them wrote, asked for or did it" in said
    assert "chen.hao" in said and "zhao.min" in said
    of_service = (tmp_path / "site/services/live-streaming.html").read_text("utf-8")
    assert "A quorum signed this very plan before the work" in of_service  # among its changes
    assert "it counts, as engineer" in said and "计入，角色为工程师" in said
    assert f"servicebook verify {CHG} --explain" in said
    assert "<b>safe</b>" not in page(tmp_path / "site")
    assert "&lt;b&gt;safe&lt;/b&gt; &amp; sound" in page(tmp_path / "site")


def test_a_key_that_nobody_vouched_for_is_told(desk: Desk, tmp_path: Path) -> None:
    ready(desk).propose()
    desk.new_key("chen.hao", "stranger", "li.wei")
    desk.votes()
    desk.vote("chen.hao", key="stranger")
    desk.land("vote", by="chen.hao")
    desk.start()
    said = approval(built(desk, tmp_path / "site"))
    assert "nobody vouched for the keys of chen.hao" in said and "chen.hao 的密钥无人担保" in said


def test_a_change_that_is_not_proven_says_why(desk: Desk, tmp_path: Path) -> None:
    ready(desk).propose()
    desk.votes(["zhao.min"])
    desk.start()
    said = approval(built(desk, tmp_path / "site"))
    assert "Not proven to be approved" in said and "不能证明已批准" in said
    assert "1 of 2 approvals that the board Change board asks for" in said


def test_a_vote_makes_the_page_new_and_no_other_page(desk: Desk, tmp_path: Path) -> None:
    ready(desk).propose()
    desk.propose(OTHER)
    site = built(desk, tmp_path / "site")
    assert "Not begun yet" in approval(site)
    other = page(site, OTHER)
    desk.votes()
    site = built(desk, tmp_path / "site")
    assert "All that the rules ask for is there" in approval(site)
    assert page(site, OTHER) == other


def test_a_copy_without_history_says_that_it_cannot_tell(desk: Desk, tmp_path: Path) -> None:
    ready(desk).propose()
    desk.votes()
    desk.start()
    words = ["git", "clone", "--quiet", "--depth", "1", f"file://{desk.root}", str(tmp_path / "shallow")]
    subprocess.run(words, check=True)
    build_site(str(tmp_path / "shallow"), str(tmp_path / "site"), at=desk.at.isoformat())
    assert "this copy of the repository has no full history" in approval(tmp_path / "site")


def test_a_desk_without_rules_for_voting_says_nothing(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk()
    desk.git("init", "--quiet", "--initial-branch=main")
    ready(desk).propose()
    assert approval(built(desk, tmp_path / "site")) == ""
