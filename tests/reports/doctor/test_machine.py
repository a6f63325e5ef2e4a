"""The machine and the person at it: each finding in a real repository."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.conftest import Repo
from tests.evidence.conftest import make_key

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


def test_a_key_that_signs_is_held_to_the_record(
    repo: Repo, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    now = "2026-11-20T09:00:00+08:00"
    assert told(ask(people.signing, now=now)) == []
    known, other = make_key(tmp_path / "known"), make_key(tmp_path / "other")
    entry = f"signing_keys:\n- public_key: {known.line}\n  valid_until: 2026-12-31T00:00:00+08:00\n---\n"
    text = FILES["kb/people/wang.fang.md"]
    repo.write({"kb/people/wang.fang.md": text.removesuffix("---\n") + entry})
    assert told(ask(people.signing, now=now))[0].startswith("advice: there is no key to sign with")
    repo.git("config", "gpg.format", "ssh")
    repo.git("config", "user.signingKey", str(other.file))
    assert f"the key {other.public.fingerprint} (user.signingKey) signs here" in told(ask(people.signing, now=now))[0]
    repo.git("config", "user.signingKey", str(known.file))
    assert told(ask(people.signing, now=now)) == [
        f"fine: wang.fang signs with {known.public.fingerprint} (user.signingKey) | "
    ]
    (soon,) = told(ask(people.signing, now="2026-12-20T09:00:00+08:00"))
    assert soon.startswith("advice:") and soon.endswith("ends on 2026-12-31 | servicebook key rotate FILE")
    assert "none that wang.fang may sign with" in told(ask(people.signing, now="2027-01-20T09:00:00+08:00"))[0]
    path = str(tmp_path / "bin")
    os.makedirs(path)
    os.symlink(str(shutil.which("git")), f"{path}/git")
    monkeypatch.setenv("PATH", path)
    assert told(ask(people.signing, now=now))[0].startswith("change: ssh-keygen is not there")
