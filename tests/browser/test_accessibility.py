"""axe-core finds nothing to complain of on a page of any type, light or dark, in either language, wide or narrow."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from servicebook.publish.site import build_site

from .conftest import reset

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "axe/node_modules/axe-core/axe.min.js"
REQUIRED = os.environ.get("SERVICEBOOK_BROWSER") == "required"
"""Whether a missing axe-core is a failure. Read here, since each test starts without our settings."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TURNED = [
    "color-contrast", "target-size", "scrollable-region-focusable", "link-name", "button-name", "label",
    "empty-heading", "heading-order", "html-has-lang",
]  # fmt: skip
"""What other colours, another width and another language can change."""


class Look(NamedTuple):
    """How a page is looked at, and by which rules."""

    width: int
    scheme: str
    language: str
    rules: list[str]


LOOKS = (
    (Look(1280, "light", "en", RULES), Look(390, "dark", "zh", TURNED)),
    (Look(1280, "dark", "en", RULES), Look(390, "light", "zh", TURNED)),
)
"""A page is loaded once and then turned, and every other page is looked at the other way round: loading each page for
each look would take four times as long."""

RUN = """const [rules, done] = arguments;
axe.run(document, {resultTypes: ['violations'], runOnly: rules, preload: false})
  .then(found => done(found.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(
    node => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | '))))"""
TURN = """const [scheme, language] = arguments, root = document.documentElement;
root.dataset.theme = scheme;
if (root.dataset.lang !== language) document.querySelector('[data-language]').click();"""
FOUND = "return document.documentElement.dataset.searched"

NAMED = (
    "guide/clocks.html", "rules/REF544.html", "reference/clauses.html", "reference/incident.html",
    "search.html?q=packager",
)  # fmt: skip
"""More types: a page of the guide, of the rules, the clauses, a kind, the search with results and filters."""
MANY = ("guide", "rules", "reference")


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core's program, or skip with the reason; where CI requires it, fail."""
    if not AXE.is_file():
        leave_out = pytest.fail if REQUIRED else pytest.skip
        leave_out("axe-core is not here: tests/browser/ensure-axe brings it where npm can")
    return AXE.read_text("utf-8")


def pages(site: Path) -> Iterator[str]:
    """Yield the address of a page of each type: every list, a month of the calendar, a middling one of each kind."""
    months = sorted(site.glob("changes-*.html"))
    yield from sorted(page.name for page in site.glob("*.html") if page not in months[1:])
    kinds: dict[str, list[Path]] = {}
    for page in sorted(site.rglob("*.html"), key=lambda page: (page.stat().st_size, page)):
        kinds.setdefault(str(page.parent.relative_to(site)).rstrip("0123456789/"), []).append(page)
    for kind, found in kinds.items():
        if kind not in (".", *MANY):
            yield str(found[len(found) // 2].relative_to(site))
    yield from NAMED


def violations(browser: Any, axe: str, page: str, looks: Iterable[Look]) -> Iterator[str]:
    """Yield what axe-core finds on a page when it is looked at in these ways."""
    browser.get(page)
    browser.execute_script(axe)
    if "?" in page:
        from selenium.webdriver.support.wait import WebDriverWait

        WebDriverWait(browser, 60).until(lambda _: browser.execute_script(FOUND))
    for look in looks:
        size = {"width": look.width, "height": 844, "deviceScaleFactor": 1, "mobile": look.width < 700}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.execute_script(TURN, look.scheme, look.language)
        for one in browser.execute_async_script(RUN, look.rules):
            yield f"{page} {look.width} {look.scheme} {look.language}: {one}"


@pytest.mark.slow
def test_no_page_type_of_the_sample_desk_has_a_violation(
    browser: Any, site: tuple[Path, Path], axe: str, tmp_path: Path
) -> None:
    build_site(str(ROOT), str(tmp_path / "site"))
    made = (tmp_path / "site").as_uri()
    addresses = [*(f"{made}/{one}" for one in pages(tmp_path / "site")), f"{site[1].as_uri()}/constructs.html"]
    assert len(addresses) > 50
    try:
        found = [one for n, page in enumerate(addresses) for one in violations(browser, axe, page, LOOKS[n % 2])]
    finally:
        reset(browser, site)
    assert not found, "\n".join(found)
