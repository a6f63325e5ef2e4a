"""A site of a desk with hostile files: built all the same, and nothing of theirs runs or leaks."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from ical.calendar_stream import IcsCalendarStream
from tests.conftest import GIT_ENVIRONMENT
from tests.publish.conftest import example_files

from servicebook.errors import ServicebookError
from servicebook.publish.active_files import runs_something
from servicebook.publish.addresses import address_of
from servicebook.publish.site import build_site

Build = Callable[..., Any]

TICKET = "tickets/incidents/2026/04/INC-20260401-EV1K"
HEAD = """---
schema: incident/1
id: {id}
title: '{title}'
customer: harbour-tv
timeline:
- {{at: 2026-04-01T08:43:05+08:00, id: k3f9, event: opened, by: li.wei}}
---
"""


class Elements(HTMLParser):
    """The elements of a page that could run something or fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        drawn = tag == "svg" and (values.get("class") or "").split()[:1] in (["ch"], ["graph"])  # a drawing of ours
        if (tag in ("iframe", "object", "embed", "base", "svg", "math", "style") and not drawn) or (
            tag == "script" and "src" not in values
        ):
            self.bad.append(f"{tag} {attrs}")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.bad.append(f"{tag} {name}={value}")
            scheme = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name in ("href", "src", "action") and re.match(r"(javascript|data|vbscript):", scheme):
                self.bad.append(f"{tag} {name}={value}")
            if name == "src" and re.match(r"https?:|//", scheme):
                self.bad.append(f"{tag} {name}={value}")


def harm_in(site: Path) -> list[str]:
    """Return what could run or fetch in any page of a site."""
    found = []
    for page in site.rglob("*.html"):
        elements = Elements()
        elements.feed(page.read_text("utf-8"))
        found += [f"{page.relative_to(site)}: {bad}" for bad in elements.bad]
    return found


ODD_IDS = ("''", "x", "INC", "'<script>alert(1)</script>'", "'a b'", "'{0}'")
EVIL = "]]><script>alert(1)</script> \u202eltr\u200b; X,\\\\n & END:VEVENT"
BODY = f"""
<script>alert(1)</script> <svg onload=alert(2)><script>3</script></svg> <iframe src=//evil.example></iframe>

[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x) \u202ethgir ot tfel\u202c zero\u200bwidth

![gone](NAME.files/gone.png) and [gone too](NAME.files/gone.txt), but [drawing](NAME.files/evil.svg)

{"word " * 1000}END

{"x" * 5000}

| a | b |
| --- | --- |
| <b onclick=x>1</b> | [y](javascript:z) |
{chr(10).join(f"| {n} | row {n} |" for n in range(2000))}

```html
<script>never closed</script>
"""
CHANGE = """---
schema: change/1
id: CHG-20260401-EV1K
title: "{title}"
status: submitted
change_type: normal
service: live-streaming
planned_start_at: 2026-04-25T01:00:00+08:00
planned_end_at: 2026-04-25T02:00:00+08:00
timeline:
- {{at: 2026-04-01T08:43:05+08:00, id: k3f9, event: opened, by: li.wei}}
---
"""
SVG = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"

PAGE = "<!doctype html><script>alert(1)</script>"
GUESSED = {
    "bare": "bare.file.txt", "bare.txt": "bare.txt", "page.log.1": "page.log.1.file.txt", "dot.": "dot..file.txt",
    ".hidden": ".hidden.file.txt", "页面": "页面.file.txt", "page.html.old": "page.html.old.txt",
    "page.html.gz": "page.html.gz.txt", "page.html~": "page.html~.file.txt", "a.xml.png": "a.xml.png",
    "dump.pcapng": "dump.pcapng", "a.mp4": "a.mp4", "a.7z": "a.7z",
}  # fmt: skip
"""Names of attachments that hold a page: those that a server or browser may take for one are published as text."""

DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'><style>.a{}</style><path d='M0 0h9'/><use href='#b'/></svg>"


def hostile_files() -> dict[str, str]:
    """Return records with ids of other forms, and a ticket, a change and a page with all that could do harm."""
    files = {f"{TICKET[:-1]}{n}.md": HEAD.format(id=id, title="<script>0</script>") for n, id in enumerate(ODD_IDS)}
    name = TICKET.rpartition("/")[2]
    head = HEAD.format(id=name, title="x").replace("'x'", f'"{EVIL}"')
    files[f"{TICKET}.md"] = head + BODY.replace("NAME", name)
    files["tickets/changes/2026/04/CHG-20260401-EV1K.md"] = CHANGE.format(title=EVIL)
    files[f"{TICKET}.files/evil.svg"] = SVG
    files["kb/page.md"] = "# Page\n\n[bare](page.files/bare)\n" + BODY.replace("NAME", "page")
    files |= {f"{TICKET}.files/{one}": PAGE for one in GUESSED} | {f"kb/page.files/{one}": PAGE for one in GUESSED}
    files |= {"kb/page.files/evil.svg": SVG, "kb/page.files/drawing.svg": DRAWING, "kb/page.files/page.html": SVG}
    return files


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a desk with all of them, built once."""
    root, site = tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("site") / "html"
    for path, text in {**example_files(), **hostile_files()}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=root, check=True, env={**os.environ, **GIT_ENVIRONMENT})
    build_site(str(root), str(site))
    return site


def test_nothing_of_a_hostile_desk_runs_or_is_fetched(hostile: Path) -> None:
    assert harm_in(hostile) == []
    assert (hostile / "tickets/2026-04.html").is_file()  # ids of another form stop no site


def test_hostile_text_is_there_to_be_read(hostile: Path) -> None:
    for page in (f"{TICKET}.html", "page.html"):
        text = (hostile / page).read_text("utf-8")
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "&lt;svg onload" in text
        assert "x" * 5000 in text and "word END" in text
        assert text.count("<tr>") >= 2000 and "row 1999" in text
        assert re.search(r"<pre>.*never closed.*</pre>", re.sub(r"<(?!/?pre)[^>]*>", "", text), re.S)


def test_attachments_that_are_missing_are_words_and_drawings_are_text(hostile: Path) -> None:
    text = (hostile / f"{TICKET}.html").read_text("utf-8")
    assert "gone too" in text and "gone.png" not in text and "gone.txt" not in text
    assert (hostile / f"{TICKET}.files/evil.svg.txt").read_text() == SVG
    assert 'evil.svg.txt"' in text
    assert (hostile / "page.files/evil.svg.txt").is_file() and (hostile / "page.files/page.html.txt").is_file()
    assert not [*hostile.rglob("*evil.svg"), *hostile.rglob("*.files/page.html")]
    assert (hostile / "page.files/drawing.svg").read_text() == DRAWING
    assert "page.files/evil.svg.txt" in (hostile / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    "svg",
    [
        SVG, "<svg onload='x'/>", "<svg><A xlink:href='javascript:x'/></svg>", "<svg><a href=' https://evil.example'/>",
        "<svg><set attributeName=onload to=x></svg>", "<svg><x:script xmlns:x='http://www.w3.org/2000/svg'/></svg>",
        "<!DOCTYPE svg [<!ENTITY a 'x'>]><svg/>", "<svg><foreignObject/></svg>", "<svg>&#x3c;</svg>",
    ],
)  # fmt: skip
def test_a_drawing_that_is_more_than_one_is_text(svg: str) -> None:
    assert runs_something("kb/page.files/a.SVG", svg.encode)
    assert runs_something("kb/page.files/a.svg", lambda: svg.encode("utf-16"))
    assert not runs_something("kb/page.files/a.svg", DRAWING.encode)
    for name in ("a.rss", "a.KML", "a.php", ".htaccess", "web.config"):
        assert runs_something(f"kb/page.files/{name}", svg.encode)
        assert address_of(f"{TICKET}.files/{name}") == f"{TICKET}.files/{name}.txt"
    assert not runs_something("kb/page.files/a.png", svg.encode) and runs_something("a.htm", DRAWING.encode)


def test_an_attachment_whose_type_would_be_guessed_is_text(hostile: Path) -> None:
    for folder, page in ((f"{TICKET}.files", f"{TICKET}.html"), ("page.files", "page.html")):
        there = {one.name for one in (hostile / folder).iterdir()}
        assert set(GUESSED.values()) - there <= {".hidden.file.txt"}  # which MkDocs leaves out beside a page
        assert not there & (GUESSED.keys() - set(GUESSED.values()))
        assert f'{folder.rpartition("/")[2]}/bare.file.txt"' in (hostile / page).read_text("utf-8")


def test_hostile_titles_stay_words_in_calendars_feeds_and_json(hostile: Path) -> None:
    events = {}
    for path in (hostile / "calendar").rglob("*.ics"):
        events |= {one.uid: one.summary for one in IcsCalendarStream.calendar_from_ics(path.read_text("utf-8")).events}
    assert [one for one in events.values() if "<script>alert(1)</script>" in (one or "")]
    assert len([one for one in events.values() if "EV1K" in (one or "")]) == 1
    titles = []
    for path in (hostile / "feeds").rglob("*.xml"):
        assert not feedparser.parse(path.read_bytes()).bozo
        for title in ElementTree.parse(path).getroot().iter("{http://www.w3.org/2005/Atom}title"):
            assert not list(title)
            titles.append(title.text or "")
    assert [one for one in titles if "<script>alert(1)</script>" in one]
    told = [json.loads(path.read_text("utf-8")) for path in (hostile / "api").rglob("*.json")]
    assert "]]><script>alert(1)</script>" in json.dumps(told, ensure_ascii=False)


def test_pages_that_are_no_text_are_left_out_and_told(desk: Any, build: Build) -> None:
    desk.commit("bytes", {"kb/latin.md": b"caf\xe9\n", "kb/bytes.md": bytes(range(256)), "kb/fine.md": "# Fine\n"})
    with open(os.fsencode(desk.root / "kb") + b"/bad\xff.md", "wb") as file:
        file.write(b"x\n")
    site, built = build(desk)
    assert (site / "fine.html").is_file()
    assert not (site / "latin.html").exists() and not (site / "bytes.html").exists()
    assert built.unreadable == 2
    assert "kb/latin.md" in (site / "index.html").read_text("utf-8")


def test_symlinked_pages_and_folders_are_not_followed(desk: Any, build: Build, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "plan.md").write_text("# top secret\n")
    (desk.root / "kb" / "plan.md").symlink_to(tmp_path / "secret" / "plan.md")
    (desk.root / "kb" / "plans").symlink_to(tmp_path / "secret")
    (desk.root / "kb" / "self.md").symlink_to("self.md")
    site, _ = build(desk)
    for file in site.rglob("*"):
        assert not file.is_file() or b"top secret" not in file.read_bytes(), file


def test_words_of_the_frame_in_a_title_are_words(desk: Any, build: Build) -> None:
    title = '@@CONTENT@@ "@@ROOT@@" @@TITLE@@'
    desk.commit("frame", {f"{TICKET}.md": HEAD.format(id=TICKET[-17:], title=title)})
    site, _ = build(desk)
    page = (site / f"{TICKET}.html").read_text("utf-8")
    assert page.count("<main") == 1 and page.count('class="railed') == 1
    assert page.index("</title>") < page.index('class="railed')
    assert "@@CONTENT@@ &quot;@@ROOT@@&quot; @@TITLE@@" in page


def test_a_place_that_cannot_be_written_is_told(desk: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file\n")
    with pytest.raises(ServicebookError, match="taken is a file, where a folder of the site is due"):
        build_site(str(desk.root), str(tmp_path / "taken" / "site"))
    assert (tmp_path / "taken").read_text() == "a file\n"


def test_files_of_others_are_not_deleted_for_a_site(desk: Any, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "papers").mkdir(parents=True)
    (theirs / "papers" / "thesis.txt").write_text("three years\n")
    ticket = desk.root / f"{TICKET}.md"
    ticket.parent.mkdir(parents=True)
    ticket.write_text(HEAD.format(id=TICKET[-17:], title="Not committed yet"))
    for place in (theirs, desk.root / "tickets"):
        for audience in ("internal", "public"):
            with pytest.raises(ServicebookError, match="no site of ours"):
                build_site(str(desk.root), str(place), audience=audience)
    assert (theirs / "papers" / "thesis.txt").read_text() == "three years\n" and ticket.is_file()


def test_half_a_site_and_an_empty_folder_are_built_into(desk: Any, tmp_path: Path, monkeypatch: Any) -> None:
    site = tmp_path / "site"
    (site / ".git").mkdir(parents=True)  # a work tree that the site is published from
    with monkeypatch.context() as patch:
        patch.setattr("mkdocs.structure.files.Files.copy_static_files", partial(half_copied, site=site))
        with pytest.raises(ServicebookError, match="No space"):
            build_site(str(desk.root), str(site))
    build_site(str(desk.root), str(site))
    assert (site / "index.html").is_file() and (site / ".git").is_dir()
    build_site(str(desk.root), str(site), audience="public")


def half_copied(*_: Any, site: Path, **__: Any) -> None:
    """Break off as a disk does that is full."""
    (site / "first.txt").write_text("x")
    raise OSError(28, "No space left on device")
