"""The machine and the person at it: each finding in a real repository."""

from __future__ import annotations

import os

import pytest
from tests.conftest import Repo

from servicebook.reports.doctor import machine, people
from servicebook.reports.doctor.machine import fits

from .conftest import FILES, Ask, told


def test_a_machine_in_order_is_fine(repo: Repo, ask: Ask) -> None:
    for check in (machine.python_version, machine.packages, machine.time_zones, machine.disk_space, machine.clock):
        assert [answer.level for answer in ask(check)] == ["fine"]


@pytest.mark.parametrize(
    ("version", "limits", "good"),
    [
        ("2.12.0", ">=2.12,<3", True),
        ("2.9", ">=2.12,<3", False),
        ("3.0", ">=2.12,<3", False),
        ("6.0.3", ">=6.0.2", True),
        ("1", "", True),
    ],
)
def test_versions_are_compared_as_numbers(version: str, limits: str, good: bool) -> None:
    assert fits(version, limits) is good


def test_a_zone_that_is_none_and_settings_that_cannot_be_read_are_told(repo: Repo, ask: Ask) -> None:
    repo.write({"pyproject.toml": '[tool.servicebook]\ntimezone = "Asia/Shangai"\n'})
    assert told(ask(machine.time_zones))[0].startswith("change: `Asia/Shangai` is not a time zone")
    repo.write({"pyproject.toml": "[tool.servicebook]\ntimezon = 1\n"})
    assert told(ask(machine.time_zones))[0].startswith("change: pyproject.toml: unknown setting `timezon`")


def test_zones_of_long_ago_are_told(repo: Repo, ask: Ask) -> None:
    (answer,) = ask(machine.time_zones, now="2099-01-01T00:00:00+00:00")
    assert answer.remedy == "pip install --upgrade tzdata"


def test_a_full_disk_is_told(repo: Repo, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LITTLE", 10**18)
    assert ask(machine.disk_space)[0].level == "advice"
    monkeypatch.setattr(machine, "TOO_LITTLE", 10**18)
    assert ask(machine.disk_space)[0].level == "change"


def test_a_clock_behind_the_commits_is_told(repo: Repo, ask: Ask) -> None:
    repo.git("commit", "-q", "--allow-empty", "-m", "x", GIT_COMMITTER_DATE="2026-03-12T10:00:00+08:00")
    assert ask(machine.clock, now="2026-03-12T09:57:00+08:00")[0].level == "fine"
    (answer,) = ask(machine.clock, now="2026-03-12T09:00:00+08:00")
    assert answer.level == "change" and "2026-03-12T09:00:00+08:00" in told([answer])[0]


def test_who_commits_is_known_by_e_mail(repo: Repo, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(ask(people.identity)) == ["fine: Wang Fang <wang.fang@example.org> is wang.fang | "]
    person = FILES["kb/people/wang.fang.md"].replace("employer", "status: retired\nemployer")
    repo.write({"kb/people/wang.fang.md": person})
    assert "wang.fang commits here, but is retired" in told(ask(people.identity))[0]
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "somebody@example.org")
    assert told(ask(people.identity))[0].startswith("advice: nobody on this desk has the e-mail `somebody@")


def test_a_person_whom_a_sparse_checkout_leaves_out_is_known(repo: Repo, ask: Ask) -> None:
    repo.git("sparse-checkout", "set", "--cone", "tickets")
    assert not os.path.exists("kb/people/wang.fang.md")
    assert ask(people.identity)[0].level == "fine"


def test_git_without_an_identity_is_told(repo: Repo, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.git("config", "user.useConfigOnly", "true")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name)
    (answer,) = ask(people.identity)
    assert answer.level == "change" and "git config user.email" in answer.remedy
