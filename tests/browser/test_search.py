"""The search page in a real Chromium: what is found, filters, keys, the address, and what is said when nothing is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest

from servicebook.publish.addresses import page_of
from servicebook.publish.bodies import split_body
from servicebook.rules.opening import open_desk
from servicebook.search.documents import document_of
from servicebook.search.tokens import is_found, parse_query

pytestmark = pytest.mark.browser

INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K"
ENTER, ESCAPE, DOWN, UP = "\ue007", "\ue00c", "\ue015", "\ue013"


def search(browser: Any, base: str, query: str, also: str = "") -> list[str]:
    """Open the search page as the header's box does and return where the results lead."""
    browser.get(f"{base}/search.html?q={quote(query)}{also}")
    wait_for(lambda: searched(browser) == query)
    return results(browser, base)


def searched(browser: Any) -> Any:
    return browser.execute_script("return document.documentElement.dataset.searched")


def results(browser: Any, base: str) -> list[str]:
    links = browser.execute_script("return [...document.querySelectorAll('#sb-results h2 a')].map(a => a.href)")
    return [link.removeprefix(base + "/") for link in links]


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def base(site: tuple[Path, Path]) -> str:
    return site[1].as_uri()


@pytest.fixture
def served(site: tuple[Path, Path]) -> Iterator[str]:
    """Return the address of a web server that serves the site."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site[1])))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_chinese_words_ids_and_quotations_find_their_pages(browser: Any, base: str) -> None:
    assert f"{INCIDENT}.html" in search(browser, base, "直播")
    assert search(browser, base, "死锁") == ["deadlock.html"]
    assert search(browser, base, "INC-20260312-7F3K")[0] == f"{INCIDENT}.html"
    assert search(browser, base, "7f3k")[0] == f"{INCIDENT}.html"
    assert search(browser, base, "INC-20260312-ZZZZ") == []
    assert search(browser, base, '"are retried"') == ["deadlock.html"]
    assert search(browser, base, "ORA-00060") == ["deadlock.html"]
    marks = [mark.text for mark in browser.find_elements("css selector", "#sb-results mark")]
    assert "ORA-00060" in marks


def test_a_server_serves_it_as_well_and_nothing_leaves_the_site(browser: Any, served: str) -> None:
    browser.get_log("browser")
    assert search(browser, served, "死锁") == ["deadlock.html"]
    asked = browser.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(served + "/")] == []
    assert [entry["message"] for entry in browser.get_log("browser") if "favicon" not in entry["message"]] == []


def test_the_browser_finds_what_a_scan_finds(browser: Any, site: tuple[Path, Path], base: str) -> None:
    desk = open_desk(str(site[0]))
    made = [document_of(facts, split_body(desk.read(facts.path)), page_of(facts)) for facts in desk.all()]
    texts = [one.indexed_text for one in made]
    texts += [(site[0] / f"kb/{name}.md").read_text("utf-8").lower() for name in ("deadlock", "hostile")]
    search(browser, base, "")
    script = "const done = arguments[1]; sbFind(arguments[0]).then(found => done(found.numbers.length))"
    for query in ("直播", "播", "频道 3", "stream", "str", "transcoder-03", "ENC-4102", "陈工", "l", "黑屏声音"):
        terms = parse_query(query)
        assert browser.execute_async_script(script, query) == sum(is_found(terms, text) for text in texts), query


def test_filters_narrow_count_and_stand_in_the_address(browser: Any, base: str) -> None:
    found = search(browser, base, "直播")
    box = browser.find_element("css selector", "#filters input[name=kind][value=incident]")
    number = int(box.find_element("xpath", "..").find_element("css selector", ".n").text)
    assert 0 < number < len(found)
    box.click()
    wait_for(lambda: len(results(browser, base)) == number)
    assert "kind=incident" in browser.current_url
    assert str(number) in browser.find_element("id", "sb-count").text
    browser.back()
    wait_for(lambda: len(results(browser, base)) == len(found))
    assert not browser.find_element("css selector", "#filters input[value=incident]").is_selected()
    browser.forward()
    wait_for(lambda: len(results(browser, base)) == number)
    browser.find_element("css selector", "#sb-chosen button").click()
    wait_for(lambda: len(results(browser, base)) == len(found))


def test_all_of_it_can_be_done_by_keys(browser: Any, base: str) -> None:
    def active() -> str:
        return str(browser.execute_script("return document.activeElement.id || document.activeElement.href"))

    search(browser, base, "")
    browser.execute_script("document.activeElement.blur()")
    browser.find_element("css selector", "body").send_keys("/")
    assert active() == "sb-query"
    browser.switch_to.active_element.send_keys("直播")
    wait_for(lambda: searched(browser) == "直播")
    first, second = results(browser, base)[:2]
    browser.switch_to.active_element.send_keys(DOWN)
    browser.switch_to.active_element.send_keys(DOWN)
    assert active() == f"{base}/{second}"
    browser.switch_to.active_element.send_keys(UP)
    assert active() == f"{base}/{first}"
    browser.switch_to.active_element.send_keys(ESCAPE)
    assert active() == "sb-query"
    browser.switch_to.active_element.send_keys(ENTER)
    wait_for(lambda: active() == f"{base}/{first}")
    browser.switch_to.active_element.send_keys(ENTER)
    wait_for(lambda: browser.current_url == f"{base}/{first}")
    browser.back()
    wait_for(lambda: searched(browser) == "直播")
    assert results(browser, base)[0] == first


def test_who_comes_back_finds_the_results_as_they_were_left(browser: Any, base: str) -> None:
    assert len(search(browser, base, "in")) == 10
    browser.find_element("id", "sb-more").send_keys(ENTER)
    wait_for(lambda: len(results(browser, base)) > 10)
    left = results(browser, base)
    wait_for(lambda: browser.execute_script("return document.activeElement.href") == f"{base}/{left[10]}")
    browser.switch_to.active_element.send_keys(ENTER)
    wait_for(lambda: browser.current_url == f"{base}/{left[10]}")
    browser.back()
    wait_for(lambda: results(browser, base) == left)
    wait_for(lambda: browser.execute_script("return scrollY") > 100)


def test_hostile_text_is_shown_as_text(browser: Any, base: str) -> None:
    browser.get_log("browser")
    assert "hostile.html" in search(browser, base, "encoder onclick")
    item = browser.find_element("css selector", "#sb-results")
    assert item.find_elements("css selector", "img, b, script") == []
    assert "<img src=x onerror=alert(1)>" in item.text
    assert "<b onclick=alert(2)>" in item.text
    assert browser.get_log("browser") == []


def test_where_nothing_is_found_it_says_which_word_stands_in_the_way(browser: Any, base: str) -> None:
    browser.get(base + "/index.html")
    browser.execute_script("localStorage.setItem('servicebook.language', 'en')")
    assert search(browser, base, "死锁 xyzzy") == []
    assert browser.find_element("id", "sb-count").text == "Nothing is found."
    advice = browser.find_element("id", "sb-told").text
    assert "“死锁” alone: 1" in advice
    assert "“xyzzy” stands nowhere" in advice
    assert search(browser, base, "死锁", "&kind=incident") == []
    browser.find_element("css selector", "#sb-told button").click()
    wait_for(lambda: results(browser, base) == ["deadlock.html"])


def test_both_languages_speak(browser: Any, base: str) -> None:
    search(browser, base, "死锁")
    for language, word, kind in (("zh", "找到 1 个页面。", "页面"), ("en", "1 page is found.", "Page")):
        if browser.execute_script("return document.documentElement.dataset.lang") != language:
            browser.find_element("css selector", "[data-language]").click()
        wait_for(lambda word=word: browser.find_element("id", "sb-count").text == word)  # type: ignore[misc]
        assert browser.find_element("css selector", "#sb-results .over").text.startswith(kind)


def test_fields_are_told_by_name_where_a_text_is_shown(browser: Any, base: str) -> None:
    script = "return document.querySelector('#sb-results li p:not(.over)').innerText"
    search(browser, base, "fan-module-fm-44")
    said = browser.execute_script(script)
    assert "Harbour TV, headquarters · " in said and "Serial" in said and "harbour-tv-hq" not in said
    search(browser, base, "F44-0017", "&kind=part")
    said = browser.execute_script(script)
    assert "Received · F44-0017" in said and "CNY" not in said
    search(browser, base, "Chen signed", "&kind=inspection")
    said = browser.execute_script(script)
    assert "Li Wei · Chen signed" in said and "li.wei" not in said
    search(browser, base, "li.wei", "&kind=inspection")  # what was asked for stands there as it is written
    assert "li.wei" in browser.execute_script(script)


def test_a_state_is_called_as_on_the_record_s_own_page(browser: Any, base: str) -> None:
    browser.get(f"{base}/search.html")
    browser.execute_script("localStorage['servicebook.language'] = 'zh'")
    search(browser, base, "KE-20260320-9XW4")
    state = "#sb-results .over .st"
    assert browser.find_element("css selector", state).text == "未根除"
    browser.find_element("css selector", "[data-language]").click()
    wait_for(lambda: browser.find_element("css selector", state).text == "Not fixed")


def test_a_site_without_its_index_says_so(browser: Any, site: tuple[Path, Path], base: str) -> None:
    folder = site[1] / "search-index"
    folder.rename(site[1] / "away")
    try:
        search(browser, base, "死锁")
        assert "build the site again" in browser.find_element("id", "sb-count").get_attribute("textContent")
    finally:
        (site[1] / "away").rename(folder)
    browser.get_log("browser")
    browser.find_element("id", "sb-query").send_keys(ENTER)
    wait_for(lambda: results(browser, base) == ["deadlock.html"])
