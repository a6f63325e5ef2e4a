"""The portal in a real Chromium: language, colours, keyboard, time left, paper; nothing asked of other servers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .conftest import reset, speaks

pytestmark = pytest.mark.browser

INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K.html"
AS_OF = "2026-04-20T09:00:00+08:00"
Site = tuple[Path, Path]


@pytest.fixture(autouse=True)
def _as_new(browser: Any, site: Site) -> Iterator[None]:
    """Leave the browser as it came after each of these, which change what it remembers and how it looks."""
    yield
    reset(browser, site)


def _narrow(browser: Any) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _text(browser: Any, selector: str) -> str:
    return str(browser.find_element("css selector", selector).text)


def test_a_reader_gets_the_language_of_the_browser_and_the_one_they_chose(browser: Any, site: Site) -> None:
    speaks(browser, "zh-CN")
    browser.get((site[1] / INCIDENT).as_uri())
    assert _text(browser, "#links") == "关联"
    assert browser.execute_script("return document.documentElement.lang") == "zh-Hans"
    assert "2026" not in _text(browser, ".tl .day") and "月" in _text(browser, ".tl .day")
    browser.find_element("css selector", "[data-language]").click()
    assert _text(browser, "#links") == "Links"
    assert "March" in _text(browser, ".tl .day")
    browser.get((site[1] / "services.html").as_uri())
    assert _text(browser, "main h1") == "Services"


def test_without_a_script_both_languages_stand_side_by_side(browser: Any, site: Site) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get((site[1] / INCIDENT).as_uri())
    heading = browser.find_element("css selector", "#clocks, #links")
    assert [one.is_displayed() for one in heading.find_elements("css selector", ".l")] == [True, True]
    assert _text(browser, ".tl .day") == "2026-03-13"
    before = "return getComputedStyle(arguments[0], '::before').content"
    parted = [browser.execute_script(before, one) for one in browser.find_elements("css selector", ".ck .l")[:8]]
    assert parted == ["none", '" / "'] * 4  # also where one label follows upon another


def test_the_menu_of_a_telephone_needs_no_script(browser: Any, site: Site) -> None:
    _narrow(browser)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get((site[1] / INCIDENT).as_uri())
    first = browser.find_element("css selector", "#nav li a")
    assert not first.is_displayed()
    browser.find_element("css selector", ".tools [popovertarget=nav]").click()
    assert first.is_displayed()


def test_paper_has_both_languages_all_folds_open_and_no_controls(browser: Any, site: Site) -> None:
    browser.get((site[1] / INCIDENT).as_uri())
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "return [...document.querySelectorAll(arguments[0])].map(one => getComputedStyle(one).display !== 'none')"
    assert browser.execute_script(shown, "#links .l") == [True, True]
    assert not any(browser.execute_script(shown, ".tools, .find, #nav, .btn"))
    sheet = {"width": 700, "height": 990, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", sheet)
    cut = "return [...document.querySelectorAll('.tw')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert browser.execute_script(cut) == 0
    height = "return document.querySelector('.rail dd').getBoundingClientRect().height"
    assert browser.execute_script(height) > 0
    browser.get((site[1] / "search.html").as_uri() + "?q=packager")  # which has a stylesheet less
    assert not any(browser.execute_script(shown, ".tools, .nav, .facets, .btn"))


@pytest.mark.parametrize(
    ("page", "place", "drawn"),
    [
        (INCIDENT, ".seg .due", "stroke"), (INCIDENT, ".seg .met", "fill"), ("dashboard.html", ".ch .ln", "stroke"),
        ("dashboard.html", ".ch text:not(.hv, .hv *)", "fill"), ("services/live-streaming.html", ".graph .lab", "fill"),
    ],
)  # fmt: skip
def test_drawings_can_be_seen_in_the_colours_of_a_reader_s_own(
    browser: Any, site: Site, page: str, place: str, drawn: str
) -> None:
    own = (("forced-colors", "active"), ("prefers-color-scheme", "dark"))
    features = [{"name": name, "value": value} for name, value in own]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get((site[1] / page).as_uri())
    colour = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    assert browser.execute_script(colour, place, drawn) == "rgb(255, 255, 255)"


def test_colours_follow_the_system_until_the_reader_says_otherwise(browser: Any, site: Site) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    browser.get((site[1] / INCIDENT).as_uri())
    assert browser.execute_script(ground) == "rgb(17, 20, 23)"
    button = browser.find_element("css selector", "[data-scheme]")
    button.click()
    assert browser.execute_script(ground) == "rgb(255, 255, 255)"
    browser.get((site[1] / "index.html").as_uri())
    assert browser.execute_script(ground) == "rgb(255, 255, 255)"
    assert "Light" in _text(browser, "[data-scheme]")


def test_time_left_is_counted_from_where_the_desk_stands_still(browser: Any, site: Site) -> None:
    browser.get((site[1] / "index.html").as_uri())
    places = browser.find_elements("css selector", "time.due")
    assert places
    for place in places:
        script = "return (Date.parse(arguments[0].getAttribute('datetime')) - Date.parse(arguments[1])) / 60000"
        minutes = int(browser.execute_script(script, place, AS_OF) // 1)
        said = browser.execute_script("return arguments[0].nextElementSibling.textContent", place)
        assert said.endswith("late" if minutes < 0 else "left")
        if abs(minutes) < 2880:
            hours, rest = divmod(abs(minutes), 60)
            assert said.startswith(f"{hours}:{rest:02d}")


def test_everything_is_reached_by_keyboard_and_seen(browser: Any, site: Site) -> None:
    from selenium.webdriver import ActionChains, Keys

    browser.get((site[1] / INCIDENT).as_uri())
    tab = ActionChains(browser).send_keys(Keys.TAB)
    where = """const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
        return [one.outerHTML.slice(0, 80), box.width > 0 && box.bottom > 0, style.outlineStyle !== 'none']"""
    tab.perform()
    assert "#main" in browser.execute_script(where)[0]
    reached = []
    for _ in range(400):
        what, in_sight, marked = browser.execute_script(where)
        if what.startswith("<body"):
            break
        assert in_sight and marked, what
        reached.append(what)
        tab.perform()
    wanted = """return [...document.querySelectorAll('a[href], button, input, summary')]
        .filter(one => one.checkVisibility()).length"""
    assert len(reached) >= browser.execute_script(wanted)


def test_the_first_key_skips_to_the_content(browser: Any, site: Site) -> None:
    from selenium.webdriver import ActionChains, Keys
    from selenium.webdriver.support.wait import WebDriverWait

    browser.get((site[1] / INCIDENT).as_uri())
    ActionChains(browser).send_keys(Keys.TAB, Keys.ENTER).perform()
    # Chromium goes to a place on the page a little after the key.
    WebDriverWait(browser, 15).until(lambda _: browser.execute_script("return document.activeElement.id") == "main")


def test_a_slash_leads_to_the_search_box(browser: Any, site: Site) -> None:
    browser.get((site[1] / "index.html").as_uri())
    browser.find_element("css selector", "body").send_keys("/")
    assert browser.switch_to.active_element.get_attribute("id") == "sb-q"


def test_a_workaround_is_copied(browser: Any, site: Site) -> None:
    browser.get((site[1] / "constructs.html").as_uri())
    button = browser.find_element("css selector", ".do .copy")
    button.click()
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(browser, 15).until(lambda _: button.text == "Copied")
    box = browser.find_element("css selector", "#sb-q")
    box.click()
    from selenium.webdriver import ActionChains, Keys

    ActionChains(browser).key_down(Keys.CONTROL).send_keys("v").key_up(Keys.CONTROL).perform()
    assert box.get_attribute("value") == "key: value  # a comment"


def test_what_is_not_found_leads_back_from_the_disk_as_well(browser: Any, site: Site) -> None:
    browser.get((site[1] / "404.html").as_uri())
    ways = browser.execute_script("return [...document.querySelectorAll('a[href]')].map((one) => one.href)")
    ways.append(browser.execute_script("return document.querySelector('form').action"))
    assert len(ways) > 5
    assert [way for way in ways if not way.startswith(site[1].as_uri() + "/")] == []
    lost = [way for way in ways if not Path(way.removeprefix("file://").partition("#")[0]).is_file()]
    assert lost == []


def test_no_request_leaves_the_site(browser: Any, site: Site) -> None:
    browser.get("about:blank")
    browser.get_log("performance")
    with served(site[1]) as root:
        for page in ("index.html", INCIDENT, "constructs.html", "search.html?q=ORA-00060"):
            browser.get(root + page)
        browser.get("about:blank")
    asked = set()
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.add(message["params"]["request"]["url"])
    assert root + INCIDENT in asked and any(url.endswith("portal.js") for url in asked)
    assert not {url for url in asked if not url.startswith((root, "data:", "about:"))}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine and yield its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
