"""A process that judges is killed while thousands of files are judged: the others go on, and all are judged."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest

MANY = 700
ARTICLE = "---\nschema: article/1\nid: a{0}\ntitle: About {0}\nstatus: active\narticle_type: how_to\n---\n"
COMMAND = [sys.executable, "-m", "servicebook", "check"]


def _children(process: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir() or (os.cpu_count() or 1) < 2, reason="no helpers to kill")
def test_a_judging_helper_that_is_killed_keeps_nobody_waiting(make_repo: Callable[..., Any]) -> None:
    repo = make_repo("many", {f"kb/articles/a{number}.md": ARTICLE.format(number) for number in range(MANY)})
    chance, killed = random.Random(3), 0
    for turn in range(12):
        for kept in (repo.root / ".git/servicebook").glob("*.sqlite*"):
            kept.unlink()
        with Popen(COMMAND, cwd=repo.root, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True) as check:
            until = time.monotonic() + 20
            while check.poll() is None and time.monotonic() < until:
                if len(helpers := [one for one in _children(check.pid) if _is_ours(one)]) == 2:
                    time.sleep(chance.uniform(0, 0.1))
                    with suppress(ProcessLookupError):
                        os.kill(chance.choice(helpers), signal.SIGKILL)
                        killed += 1
                    break
                time.sleep(0.001)
            out, err = check.communicate(timeout=60)
        assert check.returncode == 0 and f"{MANY} records: 0 broken, {MANY} warnings" in out + err, (turn, out, err)
    assert killed > 3


def _is_ours(process: int) -> bool:
    try:
        return b"servicebook" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
