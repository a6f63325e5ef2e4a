"""The site in a real Chromium, from file://: language and keys work, nothing is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K"


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
