"""A Chromium whose `get` comes back with the page that was asked for, whole."""

from __future__ import annotations

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 60
"""How long, in seconds, a page may take: many times what it takes on a machine with much else to do."""
_ARRIVED = "return !window.isLeft && document.readyState === 'complete'"


class Chromium(webdriver.Chrome):
    """Chrome's own driver comes back too early now and then: in 10 of 248 visits on a busy machine (load 14).

    The new document has begun by then, and lacks elements that its file has: found where a page was left for another
    just after its own load. So each visit waits until another document than the one before is there as a whole.
    """

    def get(self, url: str) -> None:
        """Open a page, and wait until it is there with all that it loads. (A place on the same page is no page.)"""
        self.execute_script("window.isLeft = true")
        super().get(url)
        WebDriverWait(self, PATIENCE, 0.02, (WebDriverException,)).until(lambda _: self.execute_script(_ARRIVED), url)
