"""A whole build: which pages there are, what they say, what is never published, what is not written again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servicebook.publish.site import Built, build_site

Build = Callable[..., tuple[Path, Built]]
INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K"
HOSTILE = """\
---
schema: incident/1
id: INC-20260401-EV1K
title: "<script>alert(1)</script> & <img src=x onerror=alert(2)>"
status: new
customer: harbour-tv
reported_at: 2026-04-19T08:00:00+08:00
timeline:
- {at: 2026-04-19T08:01:00+08:00, id: k3f9, event: opened, by: li.wei, note: "<b onclick=alert(3)>note</b>"}
---
## Symptom

<script>alert(4)</script> [press](javascript:alert(5)) [data](data:text/html,<b>6) <a href="javascript:7">x</a>
[tab](java\tscript:alert(8)) ![far](https://evil.example/pixel.png) ![own](INC-20260401-EV1K.files/own.png)

## Log

nothing
"""


def run_mkdocs(repo: Any, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "mkdocs", *words], cwd=repo.root, capture_output=True, text=True)


def inode_of(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def test_mkdocs_itself_builds_the_desk_without_a_warning(desk: Any) -> None:
    done = run_mkdocs(desk, "build", "--strict", "--site-dir", "site")
    assert done.returncode == 0, done.stderr
    assert "WARNING -" not in done.stderr
    site = desk.root / "site"
    for page in ("index", "services", "known-errors", "articles", "tickets", "archive", "records", "search", "404"):
        assert (site / f"{page}.html").is_file(), page
    assert (site / f"{INCIDENT}.html").is_file()
    assert (site / "services/live-streaming.html").is_file()
    assert (site / "tickets/2026-03.html").is_file()
    assert not list(site.rglob("*shell*"))


def test_an_incident_shows_facts_life_and_links_from_both_ends(desk: Any, build: Build) -> None:
    site, built = build(desk)
    page = (site / f"{INCIDENT}.html").read_text("utf-8")
    assert built.records > 10
    assert '<h1><span lang="zh-Hans">直播频道 3 黑屏，声音正常</span></h1>' in page
    assert '<span class="l" lang="en">Closed</span><span class="l" lang="zh-Hans">已关闭</span>' in page
    assert "2026-03-12 08:52</time>" in page
    assert 'href="../../../../services/live-streaming.html"' in page
    assert 'href="../../../../known-errors/KE-20260320-9XW4.html"' in page
    # The clocks lead to the agreement they rest on.
    assert re.search(r'href="../../../../agreements/[a-z-]+\.html">[a-z-]+@20', page)
    known = (site / "known-errors/KE-20260320-9XW4.html").read_text("utf-8")
    problem = (site / "tickets/problems/2026/03/PRB-20260313-Q2RT.html").read_text("utf-8")
    assert "INC-20260312-7F3K.html" in known
    assert "INC-20260312-7F3K.html" in problem


def test_a_known_error_has_its_workaround_before_everything_else(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    page = (site / "known-errors/KE-20260320-9XW4.html").read_text("utf-8")
    assert page.index('id="workaround"') < page.index('id="symptoms"') < page.index('id="links"')


def test_a_person_s_keys_are_told_by_their_fingerprints(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    page = (site / "people/li.wei.html").read_text("utf-8")
    assert "ed25519 SHA256:" in page and "li.wei@laptop</code>" in page
    assert "AAAAC3NzaC1lZDI1NTE5" not in page
    assert '<time datetime="2026-02-10T09:00:00+08:00">2026-02-10 09:00</time>' in page


def test_every_link_of_the_site_leads_somewhere(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    broken = []
    # MkDocs serves 404.html for any address, so its links alone begin at the server's root.
    for page in (page for page in site.rglob("*.html") if page.name != "404.html"):
        for target in re.findall(r'(?:href|src|action)="([^"#?]+)', page.read_text("utf-8")):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                broken.append((str(page.relative_to(site)), target))
    assert not broken


def test_headings_in_chinese_can_be_linked_to(desk: Any, build: Build) -> None:
    page = desk.root / "kb/keys.md"
    page.write_text("# 钥匙\n\n[谁为密钥担保](#谁为密钥担保)\n\n## 谁为密钥担保\n\nText\n\n## Who vouches\n", "utf-8")
    site, _ = build(desk)
    html = next(site.rglob("keys.html")).read_text("utf-8")
    assert re.search('<h2 id="谁为密钥担保"', html) and '<h2 id="who-vouches"' in html
    assert 'href="#谁为密钥担保"' in html


def test_our_records_are_guests_in_material(desk: Any, build: Build) -> None:
    path = desk.root / "mkdocs.yml"
    material = path.read_text("utf-8").replace("theme: servicebook", "theme: {name: material, font: false}")
    path.write_text(material, "utf-8")
    site, _ = build(desk)
    page = (site / f"{INCIDENT}.html").read_text("utf-8")
    assert 'class="md-content"' in page and 'class="railed"' in page
    assert "@@" not in page
    assert "assets/servicebook/guest.css" in page and "assets/servicebook/portal.js" in page
    assert (site / "assets/servicebook/guest.css").is_file()
    search = (site / "search.html").read_text("utf-8")
    assert "assets/servicebook/search.js" in search


def test_nothing_is_asked_of_other_servers_and_nothing_runs_inline(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        assert policy and "default-src 'none'" in policy[1] and "unsafe" not in policy[1], page
        assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|woff2?)', text)
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", text), page


def test_pages_and_what_they_load_stay_small(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert len(text.encode()) <= 60_000, page
        loaded = set(re.findall(r'<(?:script src|link rel="stylesheet" href)="([^"]+)"', text))
        # The page of what is not found is shown at any address: it names all from the root, and for the disk once more.
        near = {one for one in loaded if not one.startswith("/")}
        assert {one.removeprefix("/") for one in loaded - near} <= near, page
        assert 0 < sum((page.parent / one).stat().st_size for one in near) <= 45 * 1024, page


def test_hostile_text_is_shown_and_does_nothing(desk: Any, build: Build) -> None:
    path = "tickets/incidents/2026/04/INC-20260401-EV1K"
    desk.commit(
        "hostile", {f"{path}.md": HOSTILE, f"{path}.files/own.png": b"png", "kb/guide.md": HOSTILE.split("---\n")[2]}
    )
    site, _ = build(desk)
    texts = [(site / f"{path}.html").read_text("utf-8"), (site / "guide.html").read_text("utf-8")]
    texts.append((site / "index.html").read_text("utf-8"))
    for text in texts:
        assert not re.search(r"<script>|<script[^>]*alert|<img[^>]*onerror|<b onclick", text)
        assert not re.search(r'<[a-z][^<>]*(?:href|src)="\s*(?:javascript|data|java\s*script):', text, re.I)
        assert not re.search(r"<img[^>]*evil\.example", text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in texts[0]
    assert 'src="INC-20260401-EV1K.files/own.png"' in texts[0]


def test_an_unreadable_record_has_no_page_and_is_listed(desk: Any, build: Build) -> None:
    desk.commit("bad", {"tickets/incidents/2026/04/INC-20260402-BADX.md": "---\nschema: incident/1\nid: [\n"})
    site, built = build(desk)
    home = (site / "index.html").read_text("utf-8")
    assert built.unreadable == 1
    assert not (site / "tickets/incidents/2026/04/INC-20260402-BADX.html").exists()
    assert "INC-20260402-BADX.md" in home


def test_only_a_records_own_files_are_published(desk: Any, build: Build, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("outside the desk")
    files = {
        f"{INCIDENT}.files/log.txt": "log",
        f"{INCIDENT}.files/page.html": "<script>1</script>",
        "kb/stray.txt": "no record's file",
        "kb/nobody.files/x.txt": "owner is missing",
        "tickets/incidents/2026/03/notes.txt": "no attachment",
    }
    desk.write(files)
    for link in (f"{INCIDENT}.files/link.txt", "kb/link.md", "kb/folder"):
        os.symlink(secret if "." in Path(link).name else tmp_path, desk.root / link)
    desk.commit("files")
    site, _ = build(desk)
    assert (site / f"{INCIDENT}.files/log.txt").read_text() == "log"
    assert (site / f"{INCIDENT}.files/page.html.txt").is_file()
    assert not (site / f"{INCIDENT}.files/page.html").exists()
    published = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    assert not {name for name in published if "stray" in name or "nobody" in name or "notes" in name or "link" in name}
    assert not any(
        "outside the desk" in path.read_text("utf-8", "replace") for path in site.rglob("*") if path.is_file()
    )


def test_what_did_not_move_is_not_written_again(desk: Any, build: Build) -> None:
    site, first = build(desk)
    before = {path: inode_of(path) for path in site.rglob("*.html")}
    asset = site / "assets/servicebook/as-of.js"
    assert first.rendered == first.records
    _, second = build(desk)
    assert second.rendered == 0
    kept = [path for path in before if "tickets/" in str(path.relative_to(site)) and path.is_file()]
    assert kept
    assert all(inode_of(path) == before[path] for path in kept)
    assert asset.is_file()


def test_one_changed_title_reaches_its_neighbours_and_no_others(desk: Any, build: Build) -> None:
    site, first = build(desk)
    path = desk.root / "kb/known-errors/KE-20260320-9XW4.md"
    path.write_text(path.read_text("utf-8").replace("title: ", "title: Anew, ", 1), "utf-8")
    _, second = build(desk)
    assert 0 < second.rendered < first.records
    assert "Anew, " in (site / f"{INCIDENT}.html").read_text("utf-8")


def test_a_deleted_record_leaves_the_site(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    path = "tickets/requests/2026/04/REQ-20260402-3MTD"
    assert (site / f"{path}.html").is_file()
    desk.git("rm", "-q", f"{path}.md")
    build(desk)
    assert not (site / f"{path}.html").exists()
    assert "REQ-20260402-3MTD" not in (site / "archive.html").read_text("utf-8")


def test_a_page_that_somebody_spoiled_is_made_anew(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    page = site / f"{INCIDENT}.html"
    page.write_text("spoiled")
    _, second = build(desk)
    assert second.rendered == 1
    assert "spoiled" not in page.read_text("utf-8")


def test_a_revision_is_published_as_it_was(desk: Any, build: Build) -> None:
    desk.commit("later", {"kb/later.md": "# Later\n"})
    site, _ = build(desk, rev="HEAD~1")
    assert not (site / "later.html").exists()
    assert (site / f"{INCIDENT}.html").is_file()
    site, _ = build(desk)
    assert (site / "later.html").is_file()


def test_the_home_page_says_what_was_judged(desk: Any, build: Build) -> None:
    desk.commit("elsewhere", {"kb/later.md": "# Later\n"})
    site, _ = build(desk)
    commit = desk.git("rev-parse", "--short", "HEAD").strip()
    home = (site / "index.html").read_text("utf-8")
    assert f"2026-04-20 09:00 +08:00, commit {commit}" in home
    assert f"2026-04-20 09:00 +08:00，提交 {commit}" in home
    assert commit not in (site / f"{INCIDENT}.html").read_text("utf-8")
    assert commit in (site / "assets/servicebook/as-of.js").read_text("utf-8")


def test_a_record_s_page_names_the_commit_that_last_moved_it(desk: Any, build: Build) -> None:
    path = desk.root / f"{INCIDENT}.md"
    path.write_text(path.read_text("utf-8") + "\nMore was found.\n", "utf-8")
    site, _ = build(desk)
    page = (site / f"{INCIDENT}.html").read_text("utf-8")
    assert "Edited since, not committed yet" in page
    desk.git("commit", "-q", "-a", "-m", "What was <found>")
    _, built = build(desk)
    page = (site / f"{INCIDENT}.html").read_text("utf-8")
    assert desk.git("rev-parse", "HEAD")[:9] in page and "What was &lt;found&gt;" in page
    assert "Edited since" not in page
    assert 0 < built.rendered < built.records


def test_the_page_of_a_record_that_is_not_in_order_says_so(desk: Any, build: Build) -> None:
    path = desk.root / f"{INCIDENT}.md"
    path.write_text(path.read_text("utf-8").replace("status: ", "status: no-such-", 1), "utf-8")
    site, _ = build(desk)
    page = (site / f"{INCIDENT}.html").read_text("utf-8")
    assert "The file of this record is not in order" in page and "此记录的文件有误" in page and "$broken" not in page


def test_an_open_incident_shows_what_may_help(desk: Any, build: Build) -> None:
    text = (desk.root / f"{INCIDENT}.md").read_text("utf-8")
    head = text.split("timeline:")[0].replace("INC-20260312-7F3K", "INC-20260419-HE1P").replace("closed", "new", 1)
    timeline = "timeline:\n- {at: 2026-04-19T08:01:00+08:00, id: k3f9, event: opened, by: li.wei}\n"
    desk.write({"tickets/incidents/2026/04/INC-20260419-HE1P.md": head + timeline + "---\n## Symptom\n\nBlack.\n"})
    site, _ = build(desk)
    page = (site / "tickets/incidents/2026/04/INC-20260419-HE1P.html").read_text("utf-8")
    assert 'id="workaround"' in page and "Restart the transcoding process" in page
    similar = page.partition('id="similar-past-incidents"')[2]
    assert f"{INCIDENT.rpartition('/')[2]}.html" in similar
    home = (site / "index.html").read_text("utf-8")
    assert "Severe fault: 1 of 1 services" in home or "Degraded: 1 of 1 services" in home


def test_a_desk_without_records_builds(make_repo: Callable[..., Any], tmp_path: Path) -> None:
    mkdocs = "site_name: Empty\ndocs_dir: kb\ntheme: servicebook\nplugins: [servicebook]\n"
    repo = make_repo("empty", {"mkdocs.yml": mkdocs, "kb/index.md": "# Empty\n"})
    built = build_site(str(repo.root), str(tmp_path / "site"))
    assert built.records == 0
    assert (tmp_path / "site/search.html").is_file()


@pytest.mark.parametrize("missing", ["mkdocs.yml", "plugin"])
def test_what_is_missing_is_said_with_a_remedy(make_repo: Callable[..., Any], tmp_path: Path, missing: str) -> None:
    from servicebook.errors import ServicebookError

    files = {"kb/index.md": "# x\n"}
    if missing == "plugin":
        files["mkdocs.yml"] = "site_name: x\ndocs_dir: kb\n"
    repo = make_repo("bare", files)
    with pytest.raises(ServicebookError) as caught:
        build_site(str(repo.root), str(tmp_path / "site"))
    assert caught.value.hint


def test_pages_of_tickets_are_new_when_a_service_names_another_agreement(desk: Any, build: Build) -> None:
    site, _ = build(desk)
    before = inode_of(site / f"{INCIDENT}.html")
    path = desk.root / "kb/services/live-streaming.md"
    path.write_text(re.sub(r"^agreements: .*$", "agreements: []", path.read_text("utf-8"), flags=re.M), "utf-8")
    build(desk)
    assert inode_of(site / f"{INCIDENT}.html") != before
