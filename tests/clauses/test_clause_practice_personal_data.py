"""Beyond the plan: personal data is kept by reference outside of the history, so that it can be erased."""

from __future__ import annotations

import io
import os

import pytest
from tests.conftest import Call, Repo

NUMBER = "138 0013 8000"


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_clause_practice_a_number_is_kept_where_git_does_not_look(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, f'phone = "{NUMBER}"\nnote = "evenings \\"only\\""\n')
    assert call("contacts", "add", "li.wei").code == 0
    assert os.stat(sample.root / ".contacts").st_mode & 0o077 == 0
    assert sample.git("status", "--porcelain").strip() == ""
    shown = call("contacts", "show", "directory/li.wei").out
    assert NUMBER in shown
    assert 'evenings "only"' in shown


def test_clause_practice_no_other_command_tells_a_number(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, f'phone = "{NUMBER}"\n')
    call("contacts", "add", "li.wei")
    for words in (["contacts"], ["show", "li.wei"], ["who"], ["list", "person"], ["grep", "8000"], ["check"]):
        answer = call(*words)
        assert NUMBER not in answer.out + answer.err
    assert "directory/li.wei" in call("contacts").out


def test_clause_practice_what_is_erased_is_gone(sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, f'phone = "{NUMBER}"\n')
    call("contacts", "add", "li.wei")
    assert call("contacts", "erase", "li.wei").code == 0
    assert call("contacts", "show", "li.wei").code == 2
    assert call("contacts", "erase", "li.wei").code == 2
    assert not [name for _, _, names in os.walk(sample.root / ".contacts") for name in names if name != ".gitignore"]


def test_clause_practice_a_place_that_git_would_take_in_is_refused(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.write({".contacts/.gitignore": "nothing\n"})
    pipe(monkeypatch, f'phone = "{NUMBER}"\n')
    answer = call("contacts", "add", "li.wei")
    assert answer.code == 2
    assert ".gitignore" in answer.err
    assert not (sample.root / ".contacts/directory/li.wei.toml").exists()


@pytest.mark.parametrize("reference", ["../li.wei", "/etc/passwd", "a//b", "a/../../b", "", "a/b/c/d/e"])
def test_clause_practice_a_reference_leads_nowhere_else(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    pipe(monkeypatch, 'phone = "1"\n')
    assert call("contacts", "add", reference).code == 2


@pytest.mark.parametrize("text", ["phone 138", "mobile = '1'\n", "phone = 138\n", ""])
def test_clause_practice_what_is_no_contact_is_refused(
    sample: Repo, call: Call, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    pipe(monkeypatch, text)
    assert call("contacts", "add", "li.wei").code == 2
    assert not (sample.root / ".contacts").exists()
