"""No page of the site, opened from the disk, complains or is wider than a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


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
