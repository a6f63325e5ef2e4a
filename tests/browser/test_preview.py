"""A site that is shown while it is written: what an open page does when something was saved."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.support.wait import WebDriverWait
from tests.browser.driver import PATIENCE

TICKET = "tickets/incidents/2026/04/INC-20260420-RVN1"
HAS = "return document.body !== null && document.body.innerText.includes(arguments[0])"


@pytest.fixture
def address(site: tuple[Path, Path], tmp_path: Path) -> Iterator[str]:
    """Return where the site is shown."""
    words = ["site", "--watch", "--port", "0", "--output", str(tmp_path / "site")]
    command = [sys.executable, "-m", "servicebook", *words]
    with subprocess.Popen(command, cwd=site[0], stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout
        found = re.match(r"(http://\S+/) shows", watching.stdout.readline())
        assert found
        yield found[1]
        watching.send_signal(signal.SIGINT)


def test_a_page_loads_again_when_it_moved_and_only_then(browser: Any, site: tuple[Path, Path], address: str) -> None:
    path = site[0] / f"{TICKET}.md"
    before = path.read_text("utf-8")
    browser.get(f"{address}services.html")
    other = browser.current_window_handle
    browser.execute_script("window.isTheSame = true")
    browser.switch_to.new_window("tab")
    try:
        browser.get(f"{address}{TICKET}.html")
        browser.execute_script("window.isTheSame = true")
        path.write_text(before + "\nSeen again.\n", "utf-8")
        wait = WebDriverWait(browser, PATIENCE, 0.02)
        wait.until(lambda _: browser.execute_script(HAS, "Seen again."))
        assert not browser.execute_script("return window.isTheSame")
        wait.until(lambda _: browser.execute_script("return document.documentElement.dataset.whole === '3'"))
        browser.get(f"{address}tickets/none.html")
        assert "404" in browser.page_source
        browser.close()
        browser.switch_to.window(other)
        wait.until(lambda _: browser.execute_script("return document.documentElement.dataset.whole === '3'"))
        assert browser.execute_script("return window.isTheSame")
    finally:
        browser.switch_to.window(other)
        path.write_text(before, "utf-8")
