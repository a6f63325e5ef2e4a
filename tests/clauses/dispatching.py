"""An incident on a hill, taken down on the sample desk, and what is done to it, call by call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.clauses.conftest import ticket_of
from tests.conftest import Answer, Call, Repo

HILL = (
    "--title", "The switch on the hill is down", "--customer", "harbour-tv", "--set", "caller.name=郑师傅",
    "--contact-type", "hotline", "--site", "signal-hill", "--category", "network_link_down", "--fault-grade", "severe",
    "--assets", "signal-hill-switch",
)  # fmt: skip

PLAN = (
    "--suspected-cause", "power module", "--expected-start-at", "11:00", "--expected-duration", "3h",
    "--lead", "zhao.lei", "--engineers", "zhao.lei,he.jun", "--tools", "console cable",
    "--work-items", "swap the module,check the config", "--role", "operations_engineer=1.5", "--travel", "200",
)  # fmt: skip

At = Callable[..., Answer]
"""Calls a command at a time of 20 November 2026, as somebody: at("09:05", "ack", ..., by="li.wei")."""


def clock_of(call: Call, monkeypatch: pytest.MonkeyPatch) -> At:
    """Return a caller of commands at a time, as a person of the desk."""

    def at(time: str, *words: str, by: str = "gao.feng") -> Answer:
        day, _, clock = time.rpartition(" ")
        monkeypatch.setenv("SERVICEBOOK_NOW", f"2026-11-{day or '20'}T{clock}:00+08:00")
        monkeypatch.setenv("GIT_AUTHOR_EMAIL", f"{by}@harbour-systems.example.org")
        return call(*words)

    return at


def hill(sample: Repo, at: At, *more: str) -> Path:
    """Return the file of the incident, taken down at 09:00 and answered at 09:05."""
    opened = at("09:00", "new", "incident", *HILL, *more, by="wang.fang")
    assert opened.code == 0, opened.err
    path = ticket_of(sample, opened.out)
    assert at("09:05", "ack", path.stem, "--to", "郑师傅", by="zhao.lei").code == 0
    return path


def done(answer: Answer) -> str:
    """Return what a command printed; the test fails with its words when it did not do what it was asked."""
    assert answer.code == 0, answer.err
    return answer.out
