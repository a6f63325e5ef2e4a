"""The page How to ask: letters and forms with title and lines filled in, in each language; where nobody said how."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.publish.conftest import gathering_of

from servicebook.audience.desk import WholeDesk
from servicebook.publish.ask_html import ERRANDS, ask, filled_in
from servicebook.publish.labels import Labels
from servicebook.publish.opening import judged_at
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parent.parent.parent


def page_of(ways: tuple[str, ...], audience: str = "internal", languages: tuple[str, ...] = ("en", "zh")) -> str:
    desk = open_desk(str(ROOT))
    view: Any = View(WholeDesk(desk), judged_at(desk.settings), Labels(languages))
    view.settings = view.settings._replace(ask_by=ways)
    view.desk.audience = audience
    try:
        return ask(gathering_of(view), "ask.html")
    finally:
        desk.close()


def test_a_letter_has_subject_and_lines() -> None:
    letter = urlsplit(filled_in("desk@example.org", "Report a fault", "What happens: \nSince when: "))
    assert (letter.scheme, letter.path) == ("mailto", "desk@example.org")
    asked = parse_qs(letter.query)
    assert asked == {"subject": ["Report a fault"], "body": ["What happens: \r\nSince when: "]}


def test_a_form_is_filled_in_as_its_forge_reads_it() -> None:
    github = urlsplit(filled_in("https://forge.example/a/b/issues/new?template=fault.md", "Fault & more", "x"))
    assert parse_qs(github.query) == {"template": ["fault.md"], "title": ["Fault & more"], "body": ["x"]}
    gitlab = urlsplit(filled_in("https://lab.example/a/b/-/issues/new", "Fault", "x"))
    assert parse_qs(gitlab.query) == {"issue[title]": ["Fault"], "issue[description]": ["x"]}


def test_every_errand_stands_there_in_both_languages() -> None:
    page = page_of(("desk@example.org", "24 h: 110"))
    links = [unescape(link) for link in re.findall(r'href="(mailto:[^"]*)"', page)]
    assert len(links) == 2 * len(ERRANDS)
    assert any(parse_qs(urlsplit(link).query)["subject"] == ["报告故障"] for link in links)
    assert page.count("24 h: 110") == len(ERRANDS)
    assert "services/live-streaming.html" in page and "st-pause" in page and "事件" in page


def test_where_nobody_said_how_the_house_is_told_where_to_say_it() -> None:
    assert "ask_by" in page_of(())
    outside = page_of((), "public")
    assert "has not said yet" in outside and "ask_by" not in outside


def test_a_way_is_shown_as_text() -> None:
    page = page_of(("<script>alert(1)</script>",), languages=("en",))
    assert "<script>" not in page and "&lt;script&gt;" in page


SERVICE = "kb/services/live-streaming.md"


def test_a_letter_about_a_service_holds_its_title_as_one_line_in_each_readers_language(desk: Any, build: Any) -> None:
    path = desk.root / SERVICE
    title = r'title: "Live \"A&B\"\u2028Bcc: thief@example.org \u202e <b> #1?x=y%0A"'
    text = re.sub("(?m)^title: .*", lambda _: title + "\ntitle_zh: '直播 “甲&乙”'", path.read_text("utf-8"))
    text = re.sub("(?m)^(title_zh|request_channels|request_items): (?!'直播).*\n", "", text)
    asked = 'request_channels: ["desk+live@example.org", 服务@例子.cn]\n'
    asked += 'request_items: ["a channel & more\\u2028Cc: x@example.org"]\n'
    path.write_text(text.replace("\n---\n", f"\n{asked}---\n", 1), "utf-8")
    desk.commit("hostile")
    site, _ = build(desk)
    page = (site / "services/live-streaming.html").read_text("utf-8")
    letters = [urlsplit(unescape(link)) for link in re.findall(r'href="(mailto:[^"]*)"', page)]
    assert len(letters) == 6
    subjects = set()
    for one in letters:
        asked_for = parse_qs(one.query, strict_parsing=True)
        assert list(asked_for) == ["subject"] and not one.fragment
        assert re.fullmatch(r"desk\+live@example\.org|(?:%[0-9A-F]{2}){6}@(?:%[0-9A-F]{2}){6}\.cn", one.path)
        subjects |= set(asked_for["subject"])
    english, chinese = 'Live "A&B" Bcc: thief@example.org <b> #1?x=y%0A', "直播 “甲&乙”"
    more = ": a channel & more Cc: x@example.org"
    assert subjects == {english, chinese, english + more, chinese + more}
    assert 'class="l" lang="zh-Hans" href="mailto:' in page
