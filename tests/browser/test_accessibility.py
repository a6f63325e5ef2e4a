"""axe-core finds nothing to complain of on a page of any type, light or dark, in either language, wide or narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "axe/node_modules/axe-core/axe.min.js"
REQUIRED = os.environ.get("SERVICEBOOK_BROWSER") == "required"
"""Whether a missing axe-core is a failure. Read here, since each test starts without our settings."""

LISTS = (
    "index", "services", "known-errors", "articles", "tickets", "archive", "changes", "on-call", "inspections", "ask",
    "records", "dashboard", "cases", "search", "constructs",
)  # fmt: skip
RUN = """const done = arguments[0];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
axe.run(document, {resultTypes: ['violations'], runOnly: rules})
  .then(found => done(found.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(
    node => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | '))))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core's program, or skip with the reason; where CI requires it, fail."""
    if not AXE.is_file():
        leave_out = pytest.fail if REQUIRED else pytest.skip
        leave_out("axe-core is not here: tests/browser/ensure-axe brings it where npm can")
    return AXE.read_text("utf-8")


def pages(site: Path) -> Iterator[Path]:
    """Yield one page of each type: every list, every kind of record, a month of the archive."""
    yield from (site / f"{name}.html" for name in LISTS)
    seen = set()
    for page in sorted(site.rglob("*.html")):
        kind = str(page.parent.relative_to(site)).rstrip("0123456789/")
        if page.parent != site and kind not in seen:
            seen.add(kind)
            yield page


def violations(browser: Any, axe: str, page: Path) -> list[str]:
    """Return what axe-core finds on a page."""
    browser.get(page.as_uri())
    browser.execute_script(axe)
    return [f"{page.name}: {one}" for one in browser.execute_async_script(RUN)]


@pytest.mark.slow
def test_no_page_type_has_a_violation(browser: Any, site: tuple[Path, Path], axe: str) -> None:
    found = [one for page in pages(site[1]) for one in violations(browser, axe, page)]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_nor_in_the_dark_in_chinese_on_a_telephone(browser: Any, site: tuple[Path, Path], axe: str) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get((site[1] / "index.html").as_uri())
    browser.execute_script("localStorage['servicebook.language'] = 'zh'; localStorage['servicebook.scheme'] = 'dark'")
    try:
        found = [one for page in pages(site[1]) for one in violations(browser, axe, page)]
    finally:
        browser.execute_script("localStorage.clear()")
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert not found, "\n".join(found)
