"""Screenshots of each page type of the sample desk, for the guide, or at every width to be looked at.

    python tests/browser/gallery.py                   small pictures for kb/guide/gallery.files
    python tests/browser/gallery.py --all DIR         each type at 390, 1024 and 1680 px, light and dark, en and zh
"""

from __future__ import annotations

import argparse
import base64
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from driver import Chromium
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from servicebook.publish.site import build_site

ROOT = Path(__file__).parent.parent.parent
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"

PAGES = {
    "home": "index.html",
    "search": "search.html?q=packager",
    "services": "services.html",
    "service": "services/live-streaming.html",
    "incident": "tickets/incidents/2026/11/INC-20261120-BT1Z.html",
    "known-error": "known-errors/KE-20261028-QWPH.html",
    "article": "articles/runbook-live-black-screen.html",
    "change": "tickets/changes/2026/11/CHG-20261112-FTBB.html",
    "changes": "changes.html",
    "tickets": "tickets.html",
    "archive": "tickets/2026-10.html",
    "customer": "customers/harbour-tv.html",
    "agreement": "agreements/standard-after-sales.html",
    "asset": "assets/packager-01.html",
    "dashboard": "dashboard.html",
    "cases": "cases.html",
    "on-call": "on-call.html",
    "inspections": "inspections.html",
    "ask": "ask.html",
    "subscriptions": "subscriptions.html",
    "graph": "assets/core-switch-01.html#what-depends-on-what",
    "guide": "guide/clocks.html",
}
"""A page of each type, by the name of its picture."""


class Look(NamedTuple):
    """How a page is looked at: width and height of the window in pixels, colours, language."""

    width: int
    height: int
    scheme: str
    language: str


SMALL = (Look(1280, 860, "light", "en"), Look(390, 844, "dark", "zh"))
"""The looks that the guide shows."""
ALL = tuple(
    Look(width, height, scheme, language)
    for width, height in ((390, 1700), (1024, 1500), (1680, 1500))
    for scheme in ("light", "dark")
    for language in ("en", "zh")
)


def main() -> None:
    """Build the site and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", metavar="DIR", help="every look, into DIR")
    parser.add_argument("--only", default="", help="names of pages, with commas between them")
    given = parser.parse_args()
    output = Path(given.all) if given.all else ROOT / "kb/guide/gallery.files"
    output.mkdir(parents=True, exist_ok=True)
    names = [name for name in given.only.split(",") if name] or list(PAGES)
    with tempfile.TemporaryDirectory(prefix="servicebook-gallery-") as folder:
        site = Path(folder) / "site"
        build_site(str(ROOT), str(site))
        browser = _browser(folder)
        for look in ALL if given.all else SMALL:
            _set(browser, site, look)
            for name in names:
                picture = _picture(browser, f"{site.as_uri()}/{PAGES[name]}", 1 if given.all else 640 / 1280)
                (output / f"{name}-{look.width}-{look.scheme}-{look.language}.webp").write_bytes(picture)
        browser.quit()


def _browser(folder: str) -> Any:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/chr"):
        options.add_argument(flag)
    return Chromium(options=options, service=Service(DRIVER))


def _set(browser: Any, site: Path, look: Look) -> None:
    size = {"width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": look.width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get((site / "404.html").as_uri())
    script = "localStorage['servicebook.language'] = arguments[0]; localStorage['servicebook.scheme'] = arguments[1]"
    browser.execute_script(script, look.language, look.scheme)


def _picture(browser: Any, address: str, scale: float) -> bytes:
    browser.get(address)
    if "search.html" in address:
        done = "return document.documentElement.dataset.searched"
        for _ in range(100):
            if re.search("packager", browser.execute_script(done) or ""):
                break
    if "#" in address:  # pages scroll smoothly there
        browser.execute_script("document.querySelector(location.hash).scrollIntoView({behavior: 'instant'})")
    width, height, top = browser.execute_script("return [innerWidth, innerHeight, scrollY]")
    clip = {"x": 0, "y": top, "width": width, "height": height, "scale": scale if width > 700 else min(1, scale * 1.5)}
    asked = {"format": "webp", "quality": 70, "clip": clip}
    return base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", asked)["data"])


if __name__ == "__main__":
    main()
