"""The front door: dispatch, help, errors as two lines, and every ending as an exit code."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Call
from tests.conftest import Repo

from servicebook import __version__
from servicebook.cli import main as front
from servicebook.errors import CannotDecideError, FindingsError, SettingsError


def test_version(call: Call) -> None:
    assert call("version") == call("--version") == (0, f"servicebook {__version__}\n", "")


def test_version_imports_next_to_nothing() -> None:
    code = "import sys; sys.argv = ['servicebook', 'version']; before = set(sys.modules)\n"
    code += "from servicebook.cli.main import main; main([*sys.argv[1:]])\n"
    code += "print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1].split() == ["servicebook", "servicebook.cli", "servicebook.cli.main"]


def test_first_page_teaches_three_commands(call: Call) -> None:
    for words in ((), ("--lang", "zh")):
        answer = call(*words)
        assert answer.code == 0
        for command in ("servicebook new", "servicebook next", "servicebook resolve"):
            assert command in answer.out
    assert "现在该做什么" in call("--lang", "zh").out


def test_help_names_every_command(call: Call) -> None:
    for words in (("help",), ("--help",), ("-h",)):
        answer = call(*words)
        assert answer.code == 0
        assert all(f"  {name}" in answer.out for name in front.COMMANDS)


@pytest.mark.parametrize("name", front.COMMANDS)
def test_every_command_is_there_and_has_help(name: str, call: Call) -> None:
    assert importlib.util.find_spec(f"servicebook.cli.{front.COMMANDS[name][0]}")
    for words in ((name, "--help"), ("help", name), ("--lang", "zh", name, "--help")):
        answer = call(*words)
        assert answer.code == 0, answer.err
        assert name in answer.out


def test_unknown_command_says_what_is_near(call: Call) -> None:
    answer = call("resovle")
    assert answer.code == 2
    assert answer.err == "servicebook: there is no command `resovle`\nhint: did you mean `servicebook resolve`?\n"
    assert "是不是想用" in call("--lang", "zh", "resovle").err


def test_lang_must_be_known(call: Call) -> None:
    assert call("--lang", "fr").code == 2
    assert call("--lang").code == 2
    assert call("version", "--lang", "zh").code == 0


def test_lang_does_not_outlive_the_call(call: Call) -> None:
    call("--lang", "zh", "help")
    assert os.environ["SERVICEBOOK_LANG"] == "en"


def test_wrong_option_is_two_lines(call: Call, desk: Repo) -> None:
    answer = call("list", "--frmat", "json")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 2


def test_outside_a_repository(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("list",), ("next",), ("sla",), ("show", "7F3K"), ("grep", "x"), ("fix",), ("new", "incident")):
        answer = call(*words)
        assert answer.code == 2, words
        assert "servicebook init" in answer.err


def test_empty_desk(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", tmp_path / "d"], check=True)
    monkeypatch.chdir(tmp_path / "d")
    assert call("next").code == 0
    assert call("sla").out == "no clock is running\n"
    assert call("list").code == 1
    for words in (("list",), ("next",), ("sla",), ("grep", "x")):
        assert "servicebook init" in call(*words).err, words
    (tmp_path / "d" / "pyproject.toml").write_text('[tool.servicebook]\nname = "x"\n')
    for words in (("list",), ("next",), ("sla",), ("grep", "x")):
        assert "servicebook new incident opens the first ticket" in call(*words).err, words
    assert "servicebook new incident" in call("--lang", "zh", "list").err


def test_broken_settings_are_told(call: Call, desk: Repo) -> None:
    (desk.root / "pyproject.toml").write_text('[tool.servicebook]\nnaem = "x"\n')
    answer = call("list")
    assert answer.code == 2
    assert "did you mean `name`?" in answer.err


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (FindingsError("a", "b"), 1),
        (SettingsError("a", "b"), 2),
        (CannotDecideError("a", "b"), 4),
        (KeyboardInterrupt(), 130),
        (SystemExit(2), 2),
        (PermissionError(13, "Permission denied", "pyproject.toml"), 2),
        (OSError(28, "No space left on device"), 2),
        (OSError(22, "Invalid argument"), 3),
        (RuntimeError("boom"), 3),
    ],
)
def test_endings(raised: BaseException, code: int, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(argv: list[str]) -> int:
        raise raised

    monkeypatch.setattr("servicebook.cli.list.run", run)
    answer = call("list")
    assert answer.code == code
    assert "Traceback" not in answer.err


def test_our_bug_leaves_a_log(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("servicebook.cli.list.run", lambda argv: 1 // 0)
    answer = call("list")
    log = Path(answer.err.split()[-1])
    assert answer.code == 3
    assert "ZeroDivisionError" in log.read_text("utf-8")


def test_a_closed_pipe_is_quiet(desk: Repo) -> None:
    command = f"{sys.executable} -m servicebook.cli.main list --format tsv | head -1; echo $?"
    done = subprocess.run(["bash", "-c", command], cwd=desk.root, capture_output=True, text=True)
    assert done.stderr == ""
