"""Our pages as guests in Material: nothing is squeezed, cut or marked by what that theme says of bare elements."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicebook.publish.site import build_site

from .conftest import reset
from .test_accessibility import pages

pytestmark = pytest.mark.browser

ODD = """const odd = [], page = document.querySelector('.sb-page, .found');
const all = (what) => page.querySelectorAll(what), tell = (why, one) => odd.push(why + ': ' + one.outerHTML);
if (document.documentElement.scrollWidth > innerWidth) odd.push('wider than the window');
for (const one of all('figure, .sec, table.t')) if (one.checkVisibility() && one.clientWidth < 250)
  tell('squeezed', one);
for (const one of all('li:not(.text *, .prose *)')) {
  const style = getComputedStyle(one);
  if (style.listStyleType !== 'none' || parseFloat(style.marginLeft)) tell('marked', one);
}
for (const one of all('th a, td a')) if (getComputedStyle(one).wordBreak !== 'normal') tell('cut', one);
for (const one of all('.only-s')) if (one.checkVisibility()) tell('of our frame', one);
for (const one of all('summary')) if (getComputedStyle(one).display !== 'list-item') tell('mixed', one);
return odd"""


@pytest.fixture(scope="module")
def guest(site: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the same desk in Material."""
    root, folder = tmp_path_factory.mktemp("guest") / "desk", tmp_path_factory.mktemp("in-material") / "html"
    shutil.copytree(site[0], root)
    settings = root / "mkdocs.yml"
    own, material = "theme: servicebook", "theme: {name: material, font: false, palette: {scheme: slate}}"
    settings.write_text(settings.read_text("utf-8").replace(own, material), "utf-8")
    build_site(str(root), str(folder))
    return folder


@pytest.fixture(autouse=True)
def _as_new(browser: Any, site: tuple[Path, Path]) -> Iterator[None]:
    yield
    reset(browser, site)


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1024, 1680])
def test_our_pages_keep_their_looks_in_material(browser: Any, guest: Path, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    there = [page for page in pages(guest) if (guest / page.partition("?")[0]).is_file()]
    ours = [page for page in there if "?" in page or 'class="sb-page' in (guest / page).read_text("utf-8")]
    assert len(ours) > 20
    found = {}
    for page in ours:
        browser.get(f"{guest.as_uri()}/{page}")
        if odd := browser.execute_script(ODD):
            found[page] = [one[:150] for one in odd[:3]]
    assert not found
