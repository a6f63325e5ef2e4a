"""The site in a real Chromium, from file://: search finds what it must, language and keys work, nothing is refused."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from servicebook.publish.site import build_site
from servicebook.records.kinds import BY_NAME, path_of
from servicebook.rules.opening import open_desk
from servicebook.search.documents import document_of
from servicebook.search.shards import indexed_text
from servicebook.search.tokens import is_found, parse_query

pytestmark = pytest.mark.browser

REQUIRED = os.environ.get("SERVICEBOOK_BROWSER") == "required"
"""Whether a missing browser is a failure; .ci/run says so. Read here, since each test starts without our settings."""

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
EXAMPLES = Path(__file__).parent.parent / "records" / "examples"
INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K"
MKDOCS = "site_name: Test desk\ndocs_dir: kb\ntheme: servicebook\nplugins: [servicebook]\n"
SETTINGS = (
    '[tool.servicebook]\ntimezone = "Asia/Shanghai"\nlanguages = ["en", "zh"]\nas_of = "2026-04-20T09:00:00+08:00"\n'
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a desk with the worked examples and its site."""
    import subprocess

    root, folder = tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("site") / "html"
    files = {"mkdocs.yml": MKDOCS, "pyproject.toml": SETTINGS}
    deadlock = (
        "# 数据库死锁\n\n保存稿件时数据库死锁，见 ORA-00060。Deadlocks are retried.\n\n```bash\nservicebook next\n```\n"
    )
    files |= {"kb/index.md": "# Test desk\n", "kb/deadlock.md": deadlock}
    for path in EXAMPLES.glob("*.md"):
        text = path.read_text("utf-8")
        found = re.search(r"^id: (\S+)$", text, re.M)
        assert found
        files[path_of(BY_NAME[path.stem], found[1])] = text
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    build_site(str(root), str(folder))
    return root, folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a Chromium of its own, or skip with the reason; where CI requires a browser, fail."""
    for program in (CHROMIUM, DRIVER):
        if not shutil.which(program):
            leave_out = pytest.fail if REQUIRED else pytest.skip
            leave_out(f"{program} is not here: tests/browser/ensure-chromium installs it where it may")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


def search(browser: Any, folder: Path, query: str) -> list[str]:
    """Search as the header's box does and return where the results lead."""
    browser.get(f"{(folder / 'search.html').as_uri()}?q={quote(query)}")
    wait_for(lambda: browser.execute_script("return document.documentElement.dataset.searched") == query)
    found = browser.find_elements("css selector", "#sb-results > li > a")
    return [link.get_attribute("href").removeprefix(folder.as_uri() + "/") for link in found]


def wait_for(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_chinese_words_and_ids_find_their_pages(browser: Any, site: tuple[Path, Path]) -> None:
    folder = site[1]
    assert f"{INCIDENT}.html" in search(browser, folder, "直播")
    assert search(browser, folder, "死锁") == ["deadlock.html"]
    assert search(browser, folder, "INC-20260312-7F3K")[0] == f"{INCIDENT}.html"
    assert search(browser, folder, "7f3k")[0] == f"{INCIDENT}.html"
    assert search(browser, folder, "INC-20260312-ZZZZ") == []
    assert search(browser, folder, "ORA-00060") == ["deadlock.html"]
    marks = [mark.text for mark in browser.find_elements("css selector", "#sb-results mark")]
    assert "ORA-00060" in marks


def test_the_browser_finds_what_a_scan_finds(browser: Any, site: tuple[Path, Path]) -> None:
    root, folder = site
    desk = open_desk(str(root))
    from servicebook.publish.addresses import page_of
    from servicebook.publish.bodies import split_body

    texts = {}
    for facts in desk.all():
        one = document_of(facts, split_body(desk.read(facts.path)), page_of(facts))
        texts[one.url] = indexed_text(one)
    browser.get((folder / "search.html").as_uri())
    script = "const done = arguments[1]; sbFind(arguments[0]).then(found => done(found.length))"
    wait_for(lambda: browser.execute_script("return !!document.querySelector('select[name=kind] option:nth-child(2)')"))
    deadlock = (root / "kb/deadlock.md").read_text("utf-8").lower()
    for query in (
        "直播",
        "播",
        "频道 3",
        "转码",
        "stream",
        "streaming",
        "str",
        "transcoder-03",
        "ENC-4102",
        "陈工",
        "l",
        "黑屏声音",
    ):
        terms = parse_query(query)
        scan = sum(is_found(terms, text) for text in [*texts.values(), deadlock])
        assert browser.execute_async_script(script, query) == scan, query


def test_filters_narrow_and_stand_in_the_address(browser: Any, site: tuple[Path, Path]) -> None:
    found = search(browser, site[1], "直播")
    choose = "const s = document.querySelector('select[name=kind]'); s.value = 'incident';"
    browser.execute_script(f"{choose} s.dispatchEvent(new Event('change'))")
    rows = "return document.querySelectorAll('#sb-results > li').length"
    wait_for(lambda: 0 < browser.execute_script(rows) < len(found))
    assert "kind=incident" in browser.current_url


def test_the_switch_changes_language_and_stays(browser: Any, site: tuple[Path, Path]) -> None:
    browser.get((site[1] / f"{INCIDENT}.html").as_uri())
    browser.execute_script("localStorage.clear()")
    browser.refresh()
    heading = "#clocks, #links"
    assert browser.find_element("css selector", heading).text in ("Clocks", "Links")
    browser.find_element("css selector", "[data-language]").click()
    assert browser.find_element("css selector", heading).text in ("时限", "关联")
    assert browser.execute_script("return document.documentElement.lang") == "zh-Hans"
    browser.get((site[1] / "services.html").as_uri())
    assert browser.find_element("css selector", "main h1").text == "服务目录"


def test_without_a_script_both_languages_stand_side_by_side(browser: Any, site: tuple[Path, Path]) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((site[1] / f"{INCIDENT}.html").as_uri())
        heading = browser.find_element("css selector", "#clocks")
        assert [one.is_displayed() for one in heading.find_elements("css selector", ".l")] == [True, True]
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_slash_leads_to_the_search_box(browser: Any, site: tuple[Path, Path]) -> None:
    browser.get((site[1] / "index.html").as_uri())
    browser.find_element("css selector", "body").send_keys("/")
    assert browser.switch_to.active_element.get_attribute("id") == "sb-q"


def test_no_page_complains_or_is_wider_than_a_telephone(browser: Any, site: tuple[Path, Path]) -> None:
    browser.get_log("browser")
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    # MkDocs serves 404.html for any address, so its links begin at a server's root.
    for page in sorted(page for page in site[1].rglob("*.html") if page.name != "404.html"):
        browser.get(page.as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390, page
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert [entry["message"] for entry in browser.get_log("browser")] == []
