"""`servicebook fix` as pre-commit and xargs call it: with some of the files, in several calls."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import CUSTOMER, DESK, Desk

BINARIES = str(Path(sys.executable).parent)
CONFIG = f"""repos:
- repo: local
  hooks:
  - id: servicebook-fix
    name: fix
    language: system
    entry: {BINARIES}/servicebook fix
    files: ^(kb|tickets)/.*\\.md$
    require_serial: true
"""


def with_many(desk: Desk, count: int) -> list[str]:
    """Stage `count` customers whose lines end in CRLF, in a folder of a long name, and return their paths."""
    desk.git("config", "core.autocrlf", "false")
    paths = []
    for number in range(count):
        slug = f"{'a-customer-of-a-long-name-' * 3}{number:04}"
        paths.append(f"kb/customers/{slug}.md")
        desk.write(paths[-1], DESK[CUSTOMER].replace("harbour-tv", slug).replace("\n", "\r\n"))
    desk.git("add", "-A")
    return paths


@pytest.mark.parametrize("framework", ["pre-commit", "prek"])
def test_it_mends_and_fails_once_then_passes(desk: Desk, framework: str) -> None:
    desk.git("config", "--unset", "core.hooksPath")
    (path,) = with_many(desk, 1)
    desk.write(".pre-commit-config.yaml", CONFIG)
    desk.git("add", "-A")
    home = str(desk.root.parent / "home")
    environment = {"PRE_COMMIT_HOME": home, "PREK_HOME": home, "PATH": f"{BINARIES}:{os.environ['PATH']}"}
    done = desk.run(f"{BINARIES}/{framework}", "run", **environment)
    assert done.returncode == 1 and "mended" in done.stdout, done.stdout + done.stderr
    assert b"\r" not in (desk.root / path).read_bytes()
    assert "i/crlf" in desk.git("ls-files", "--eol", path), "what is staged is for a person to stage again"
    desk.git("add", "-A")
    done = desk.run(f"{BINARIES}/{framework}", "run", **environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_list_of_files_that_is_split(desk: Desk) -> None:
    """By xargs, seven files a call: each call mends its own, and the list as a whole has failed."""
    paths = with_many(desk, 30)
    names = "".join(f"{path}\0" for path in [*paths, CUSTOMER])
    words = ["xargs", "-0", "-n", "7", f"{BINARIES}/servicebook", "fix"]
    done = subprocess.run(words, cwd=desk.root, input=names, capture_output=True, text=True, check=False)
    assert done.returncode == 123, "xargs' word for: a call ended with 1"
    assert done.stdout.count("mended") == 30
    assert all(b"\r" not in (desk.root / path).read_bytes() for path in paths)
    done = subprocess.run(words, cwd=desk.root, input=names, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.slow
def test_a_list_longer_than_a_command_may_be(desk: Desk) -> None:
    """pre-commit itself splits what would not fit; 1,500 long names are two calls."""
    desk.git("config", "--unset", "core.hooksPath")
    paths = with_many(desk, 1500)
    assert sum(map(len, paths)) > 131_072
    desk.write(".pre-commit-config.yaml", CONFIG + "    verbose: true\n")
    desk.git("add", "-A")
    environment = {"PRE_COMMIT_HOME": str(desk.root.parent / "home"), "PATH": f"{BINARIES}:{os.environ['PATH']}"}
    done = desk.run(f"{BINARIES}/pre-commit", "run", **environment)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("mended") == 1500
    assert all(b"\r" not in (desk.root / path).read_bytes() for path in paths)
