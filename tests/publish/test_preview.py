"""While a desk is written: a saved ticket is rendered again, and pages that are open are told."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

TICKET = "tickets/incidents/2026/03/INC-20260312-7F3K"


def get(address: str | Request) -> str:
    with urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def test_a_saved_ticket_reaches_an_open_page(desk: Any) -> None:
    command = [sys.executable, "-m", "servicebook", "site", "--watch", "--port", "0"]
    with subprocess.Popen(command, cwd=desk.root, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout
        first = watching.stdout.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+/) shows \d+ records", first)
        assert found, first
        site = found[1]
        try:
            page = f"{site}{TICKET}.html"
            assert "Seen again" not in get(page)
            assert 'data-own="1" data-whole="1"' in get(page)
            assert "servicebook-preview" in get(site + "assets/servicebook/portal.js")
            news = f"{site}servicebook-preview/{{}}-{{}}.js?/{TICKET}.html"
            assert get(news.format(0, 0)).endswith("dataset.own=1;document.documentElement.dataset.whole=1")
            path: Path = desk.root / f"{TICKET}.md"
            text = path.read_text("utf-8").replace("\ntitle: ", "\ntitle: Once more, ", 1)  # which lists show
            path.write_text(text + "\nSeen again.\n", "utf-8")
            assert "dataset.own=2" in get(news.format(1, 1))  # held back until then
            assert "Seen again" in get(page)
            told = get(news.format(2, 2))  # the rest of the site: this page does not move again
            assert told.endswith("dataset.own=2;document.documentElement.dataset.whole=3")
            assert "dataset.own=3" in get(f"{site}servicebook-preview/1-3.js?/tickets/2026-03.html")
            with pytest.raises(HTTPError) as missing:
                get(site + "tickets/none.html")
            assert "servicebook-preview" in missing.value.read().decode()
            for host, is_own in (("localhost:1", True), ("a.localhost", True), ("rebound.example:8000", False)):
                with ExitStack() as due:
                    if not is_own:  # a name of the Internet that leads to this machine
                        due.enter_context(pytest.raises(HTTPError, match="403"))
                    get(Request(page, headers={"Host": host}))
            for outside in ("../mkdocs.yml", "..%2fmkdocs.yml", "%2e%2e/mkdocs.yml"):
                with pytest.raises(HTTPError):
                    get(site + outside)
        finally:
            watching.send_signal(signal.SIGINT)
            watching.wait(60)
    assert watching.returncode == 130
