"""What there is room for is seen at once: lines of code on a desktop, tables of fields on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import reset

pytestmark = pytest.mark.browser
Site = tuple[Path, Path]
CUT = "return [...document.querySelectorAll(arguments[0])].map((one) => one.scrollWidth - one.clientWidth)"


@pytest.fixture(autouse=True)
def _as_new(browser: Any, site: Site) -> Iterator[None]:
    yield
    reset(browser, site)


def _hidden(browser: Any, page: Path, width: int, what: str) -> list[int]:
    """Return how many pixels of each element lie beyond its edge."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page.as_uri())
    return list(browser.execute_script(CUT, what))


def test_a_line_of_a_log_is_read_whole_on_a_desktop(browser: Any, site: Site) -> None:
    [page] = site[1].rglob("INC-20260420-RVN1.html")
    assert _hidden(browser, page, 1200, "main pre") == [0]


def test_tables_of_fields_are_read_whole_on_a_telephone(browser: Any, site: Site) -> None:
    for folder in ("communication-plans", "inspection-plans", "rosters"):
        page = next((site[1] / folder).glob("*.html"))
        found = _hidden(browser, page, 390, "main .tw")
        assert found and not any(found), page
