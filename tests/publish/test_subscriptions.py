"""What programs read from a site: calendars, feeds, the API, robots and sitemap, of the sample desk and in its life."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import feedparser
import jsonschema
import pytest
from ical.calendar_stream import IcsCalendarStream

from servicebook.audience.desk import WholeDesk
from servicebook.publish.api_files import INDEX, SCHEMA, api_files, schema
from servicebook.publish.calendar_files import WHOLE, calendar_files
from servicebook.publish.crawler_files import crawler_files, public_files
from servicebook.publish.feed_files import EVERYTHING, feed_files
from servicebook.publish.labels import Labels
from servicebook.publish.moments import Moments
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parent.parent.parent
AT = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
SITE = "https://desk.example/"


def files_of(root: Path, at: datetime = AT, site_url: str = SITE) -> dict[str, bytes]:
    desk = open_desk(str(root))
    try:
        view = View(WholeDesk(desk), at, Labels(("en", "zh")))
        moments = Moments(view, site_url)
        with TemporaryDirectory() as kept:
            api = api_files(view, moments, {}, Path(kept))
            files = chain(calendar_files(view, moments), feed_files(view, moments), api)
            return {made.address: made.make() for made in files}
    finally:
        desk.close()


@pytest.fixture(scope="module")
def sample() -> dict[str, bytes]:
    return files_of(ROOT)


def events_of(data: bytes) -> dict[str, Any]:
    return {event.uid: event for event in IcsCalendarStream.calendar_from_ics(data.decode()).events}


def test_every_calendar_is_read_by_a_strict_parser(sample: dict[str, bytes]) -> None:
    calendars = {address: events_of(data) for address, data in sample.items() if address.endswith(".ics")}
    assert len(calendars) > 10
    whole = calendars[WHOLE]
    assert any("CHG-" in (event.summary or "") for event in whole.values())
    services = set(chain.from_iterable(set(found) for at, found in calendars.items() if "/service-" in at))
    assert services <= set(whole)
    duty = calendars["calendar/team-live-operations.ics"].values()
    assert any("On call: " in (event.summary or "") for event in duty)


def test_every_feed_is_valid(sample: dict[str, bytes]) -> None:
    feeds = {address: data for address, data in sample.items() if address.startswith("feeds/")}
    ids = set()
    for address, data in feeds.items():
        read = feedparser.parse(data)
        assert not read.bozo, address
        assert read.feed.links[-1].href == SITE + address
        ids.add(read.feed.id)
        updated = [entry.updated_parsed for entry in read.entries]
        assert updated == sorted(updated, reverse=True)
        assert len({entry.id for entry in read.entries}) == len(read.entries)
    assert len(ids) == len(feeds)


def test_the_api_keeps_to_its_schema(sample: dict[str, bytes]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    check = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
    index = json.loads(sample[INDEX])
    assert json.loads(sample[SCHEMA]) == schema()
    for kind in index["kinds"]:
        rows = []
        for name in kind["files"]:
            told = json.loads(sample[f"api/v1/{name}"])
            check.validate(told)
            rows += told["records"]
        assert len(rows) == kind["count"]
        assert {row["kind"] for row in rows} == {kind["kind"]}


CHANGE = """\
---
schema: change/1
id: CHG-20261120-AAAA
title: {title}
status: {status}
service: live
planned_start_at: {day}T02:00:00+08:00
planned_end_at: {day}T04:00:00+08:00
timeline:
- {{at: 2026-11-20T08:00:00+08:00, id: aaaa, event: opened, by: li.wei}}
{more}---
"""
SERVICE = "---\nschema: service/1\nid: live\ntitle: Live\ntitle_zh: 直播\n---\n"
SETTINGS = '[tool.servicebook]\nname = "Test desk"\ntimezone = "Asia/Shanghai"\nlanguages = ["en", "zh"]\n'
PATH = "tickets/changes/2026/11/CHG-20261120-AAAA.md"


def change(day: str = "2026-11-28", status: str = "draft", title: str = "Upgrade", more: str = "") -> str:
    return CHANGE.format(day=day, status=status, title=title, more=more)


@pytest.fixture
def repo(make_repo: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T08:00:00+08:00")
    return make_repo("desk", {"pyproject.toml": SETTINGS, "kb/services/live.md": SERVICE, PATH: change()})


def the_event(files: dict[str, bytes]) -> Any:
    (event,) = events_of(files["calendar/service-live.ics"]).values()
    return event


def test_a_moved_change_stays_one_event_with_a_higher_sequence(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = the_event(files_of(repo.root))
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T08:30:00+08:00")
    repo.commit("moved", {PATH: change(day="2026-11-29")})
    after = the_event(files_of(repo.root))
    assert before.uid == after.uid
    assert before.sequence < after.sequence
    assert (before.dtstart.day, after.dtstart.day) == (28, 29)
    assert before.status == "TENTATIVE"


def test_a_commit_of_a_slow_clock_is_not_older_news(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = the_event(files_of(repo.root))
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T07:00:00+08:00")  # an hour before the first commit
    repo.commit("moved", {PATH: change(day="2026-11-29")})
    after = the_event(files_of(repo.root))
    assert after.dtstart.day == 29
    assert after.sequence >= before.sequence
    assert after.last_modified >= before.last_modified


def test_a_cancelled_change_stays_as_cancelled(repo: Any) -> None:
    line = "- {at: 2026-11-20T08:10:00+08:00, id: bbbb, event: cancelled, by: li.wei, reason: no window}\n"
    repo.commit("cancelled", {PATH: change(status="cancelled", more=line)})
    event = the_event(files_of(repo.root))
    assert event.status == "CANCELLED"


def test_nothing_moves_while_no_record_does(repo: Any) -> None:
    before = files_of(repo.root)
    repo.commit("a page", {"kb/notes.md": "# Notes\n"})
    assert files_of(repo.root, at=AT.replace(hour=10)) == before


def test_an_edit_moves_the_entry_and_keeps_its_id(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = feedparser.parse(files_of(repo.root)[EVERYTHING]).entries
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T08:30:00+08:00")
    repo.commit("renamed", {PATH: change(title="Upgrade both")})
    after = feedparser.parse(files_of(repo.root)[EVERYTHING]).entries
    assert [entry.id for entry in before] == [entry.id for entry in after]
    assert before[0].updated < after[0].updated
    assert after[0].link == f"{SITE}{PATH.removesuffix('.md')}.html"


def test_what_is_not_committed_yet_changed_just_now(repo: Any) -> None:
    repo.write({PATH: change(title="Not yet")})
    (entry,) = feedparser.parse(files_of(repo.root)[EVERYTHING]).entries
    assert entry.updated == "2026-11-20T09:00:00+08:00"


def test_without_a_known_address_links_are_relative(repo: Any) -> None:
    files = files_of(repo.root, site_url="")
    (entry,) = feedparser.parse(files[EVERYTHING]).entries
    assert entry.link == f"../{PATH.removesuffix('.md')}.html"
    assert b"URL:" not in files[WHOLE]


def test_the_houses_own_site_asks_crawlers_to_stay_away(repo: Any) -> None:
    desk = open_desk(str(repo.root))
    view = View(WholeDesk(desk), AT, Labels(("en", "zh")))
    found = dict(crawler_files(view, Moments(view, SITE), ["index.html"]))
    desk.close()
    assert found == {"robots.txt": b"User-agent: *\nDisallow: /\n"}


def test_a_public_site_tells_crawlers_its_pages() -> None:
    pages = {"index.html": None, "a b/ü&.html": date(2026, 11, 20)}
    assert list(dict(public_files(pages, ""))) == ["robots.txt"]
    found = dict(public_files(pages, SITE))
    assert f"Sitemap: {SITE}sitemap.xml".encode() in found["robots.txt"]
    assert list(_places(found["sitemap.xml"])) == [f"{SITE}a%20b/%C3%BC%26.html", f"{SITE}index.html"]


def test_a_long_sitemap_is_split() -> None:
    pages: dict[str, date | None] = {f"p{number}.html": None for number in range(7)}
    found = dict(public_files(pages, SITE, most=3))
    parts = list(_places(found["sitemap.xml"]))
    assert parts == [f"{SITE}sitemap-{number}.xml" for number in (1, 2, 3)]
    listed = [place for part in parts for place in _places(found[part.removeprefix(SITE)])]
    assert sorted(listed) == sorted(SITE + page for page in pages)


def _places(data: bytes) -> Iterator[str]:
    for node in ElementTree.fromstring(data).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        yield node.text or ""


def test_each_list_leads_to_its_records_as_json(desk: Any, build: Any) -> None:
    site, _ = build(desk)
    for name, file in (("services", "service"), ("known-errors", "known_error"), ("archive", "index")):
        assert f'href="api/v1/{file}.json"' in (site / f"{name}.html").read_text("utf-8")
        assert (site / f"api/v1/{file}.json").is_file()


def test_a_list_of_nothing_leads_to_the_index(desk: Any, build: Any) -> None:
    site, _ = build(desk, audience="public")
    assert not (site / "api/v1/known_error.json").exists()
    assert 'href="api/v1/index.json"' in (site / "known-errors.html").read_text("utf-8")


@pytest.mark.parametrize("audience", ["internal", "customer:harbour-tv", "public"])
def test_each_month_of_the_archive_leads_to_its_records_as_json(desk: Any, build: Any, audience: str) -> None:
    site, _ = build(desk, audience=audience)
    files = {one.name for one in (site / "api/v1").glob("*-2026-*.json")}
    led = set()
    for page in (site / "tickets").glob("2026-??*.html"):
        text = page.read_text("utf-8")
        seen = set(re.findall(r'<a class="id" href="\.\./api/v1/([^"]+)"', text))
        heads = re.findall(r'<link rel="alternate" type="application/json"[^>]* href="\.\./api/v1/([^"]+)"', text)
        assert sorted(heads) == sorted(seen)
        assert text.index('<link rel="alternate" type="application/json"') < text.index("</head>")
        assert seen and all(name.endswith(f"-{page.stem[:7]}.json") for name in seen)
        led |= seen
    assert led == files


@pytest.mark.parametrize("theme", ["servicebook", "material"])
@pytest.mark.parametrize("audience", ["internal", "customer:harbour-tv", "public"])
@pytest.mark.parametrize("url", ["", "https://desk.example/"])
def test_a_site_has_a_sitemap_of_its_own_pages_where_it_is_public(
    desk: Any, build: Any, audience: str, url: str, theme: str
) -> None:
    plugin = f"plugins:\n- servicebook: {{site_urls: {{public: '{url}'}}}}\nsite_url: https://inside.example/"
    config = (desk.root / "mkdocs.yml").read_text().replace("theme: servicebook", f"theme: {theme}")
    (desk.root / "mkdocs.yml").write_text(config.replace("plugins: [servicebook]", plugin))
    (desk.root / "kb/open.md").write_text("---\naudience: [public]\n---\n# Open\n")
    (desk.root / "kb/closed.md").write_text("# Closed\n")
    desk.commit("pages")
    site, _ = build(desk, audience=audience)
    maps = [path.name for path in site.rglob("sitemap*")]
    assert maps == (["sitemap.xml"] if audience == "public" and url else [])
    if maps:
        places = list(_places((site / "sitemap.xml").read_bytes()))
        assert url + "open.html" in places and all((site / one.removeprefix(url)).is_file() for one in places)


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_an_edit_that_was_shown_and_taken_back_is_newer_than_what_was_shown(
    repo: Any, build: Any, monkeypatch: pytest.MonkeyPatch, audience: str
) -> None:
    def built(hour: int, text: str = "") -> Any:
        if text:
            (repo.root / PATH).write_text(text.replace("title:", "audience: [public]\ntitle:"))
        site, _ = build(repo, audience=audience, at=f"2026-11-20T{hour:02}:00:00+08:00")
        return the_event({WHOLE: b"", "calendar/service-live.ics": (site / "calendar/schedule.ics").read_bytes()})

    monkeypatch.setenv("SERVICEBOOK_NOW", "2026-11-20T07:00:00+08:00")
    repo.commit("site", {"mkdocs.yml": "site_name: Desk\ndocs_dir: kb\ntheme: servicebook\nplugins: [servicebook]\n"})
    (repo.root / PATH).write_text(change().replace("title:", "audience: [public]\ntitle:"))
    repo.commit("public")
    cancelled = "- {at: 2026-11-20T08:10:00+08:00, id: bbbb, event: cancelled, by: li.wei, reason: no window}\n"
    events = [built(9), built(10, change(status="cancelled", more=cancelled)), built(11)]
    events += [built(12, change()), built(13)]
    assert [one.status for one in events] == ["TENTATIVE", "CANCELLED", "CANCELLED", "TENTATIVE", "TENTATIVE"]
    first, *_ = numbers = [one.sequence for one in events]
    assert first < numbers[1] == numbers[2] < numbers[3] == numbers[4]
    if audience == "internal":  # a build as of a later day takes nothing of its time along
        built(20, change(day="2026-11-29"))
        assert built(14).sequence < 1 + numbers[0] + 6 * 60
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T15:00:00+08:00")
    repo.commit("another day", {PATH: change(day="2026-11-30").replace("title:", "audience: [public]\ntitle:")})
    assert built(16).sequence >= numbers[4] + 2 * 60
