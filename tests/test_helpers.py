"""Work that is shared between processes is done whatever becomes of the helpers."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event

import pytest

from servicebook.helpers import Begun, processes, share, spread

pytestmark = pytest.mark.skipif(processes() < 2 and not hasattr(os, "fork"), reason="no processes can be forked here")
JOBS = list(range(40))


def nothing() -> None:
    """Do nothing meanwhile."""


def test_what_is_begun_in_a_helper_is_there_when_it_is_waited_for() -> None:
    helper, found = Begun(lambda: (os.getpid(), "found" * 100_000)).result()
    assert (helper != os.getpid()) == (processes() > 1)
    assert found == "found" * 100_000


def test_what_is_begun_in_a_helper_that_is_killed_is_done_here() -> None:
    here = os.getpid()

    def do() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    assert Begun(do).result() == here


def test_what_fails_in_a_helper_fails_here() -> None:
    def do() -> int:
        raise FileNotFoundError("gone")

    with pytest.raises(FileNotFoundError, match="gone"):
        Begun(do).result()


def test_what_nobody_waits_for_lets_go_of_what_is_open(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begun = Begun(lambda: "found" * 100_000)  # more than a pipe holds: the helper waits until somebody hears it
    begun.stop()
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


PARENT = """
import fcntl, sys, time
from servicebook.helpers import Begun, share

lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
large = "found" * 100_000  # more than a pipe holds
if sys.argv[2] == "begun":
    begun = Begun(lambda: large)
    print("ready", flush=True)
    time.sleep(600)
else:
    meanwhile = lambda: (print("ready", flush=True), time.sleep(600))
    share(lambda job: large, range(9), 3, meanwhile, lambda _: time.sleep(9))
"""


@pytest.mark.parametrize("way", ["begun", "shared"])
def test_helpers_of_a_killed_process_hold_nothing(tmp_path: Path, way: str) -> None:
    place = tmp_path / "lock"
    with Popen([sys.executable, "-c", PARENT, place, way], stdout=PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"ready\n"
        time.sleep(0.3)
        parent.kill()
    until = time.monotonic() + 60
    with place.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < until, "a helper of a process that is dead holds the lock"
                time.sleep(0.1)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_jobs_are_answered_in_their_order(count: int) -> None:
    told: list[int] = []
    assert share(lambda job: job * job, JOBS, count, nothing, told.append) == [job * job for job in JOBS]
    assert sorted(told) == [job * job for job in JOBS]


def test_helpers_work_while_this_process_does_something_else() -> None:
    heard = Event()
    done = share(lambda _: os.getpid(), JOBS, 2, lambda: heard.wait(60), lambda _: heard.set())
    assert set(done) - {os.getpid()}


def test_what_a_killed_helper_leaves_is_done_here() -> None:
    here = os.getpid()

    def do(job: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return job

    assert share(do, JOBS, 3, nothing, lambda _: None) == JOBS


def test_a_helper_that_is_killed_while_it_takes_a_job_keeps_nobody_waiting() -> None:
    here, moments = os.getpid(), random.Random(1)
    jobs = range(2000)  # so little to do that a helper does nothing but take jobs

    def do(job: int) -> int:
        if os.getpid() != here and not any(signal.getitimer(signal.ITIMER_REAL)):
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, moment)
        return job

    def too_long(*_: object) -> None:
        raise TimeoutError("waits for a helper that is dead")

    before = signal.signal(signal.SIGALRM, too_long)
    try:
        for _ in range(20):
            moment = moments.uniform(1e-5, 3e-3)
            signal.alarm(60)
            assert share(do, jobs, 3, nothing, lambda _: None) == [*jobs]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_what_goes_wrong_in_a_helper_is_raised_here() -> None:
    here = os.getpid()

    def do(job: int) -> int:
        if job == 0:
            raise OSError(28, f"No space left on device ({'here' if os.getpid() == here else 'there'})")
        return job

    with pytest.raises(OSError, match="here"):
        share(do, JOBS, 2, nothing, lambda _: None)


SPREAD = """
import os, signal, sys
from servicebook.helpers import spread

here, way = os.getpid(), sys.argv[1]

def do(job):
    if os.getpid() != here and (way == "killed" or way == "once" and job == 3):
        os.kill(os.getpid(), signal.SIGKILL)
    if way == "raises" and job == 5:
        raise LookupError("here" if os.getpid() == here else "there")
    return job, "found" * 50_000, os.getpid()  # more than a pipe holds

found = list(spread(do, range(40), 2))
assert sorted(job for job, *_ in found) == list(range(40))
print(len({pid for *_, pid in found} - {here}))
"""


@pytest.mark.parametrize(("way", "helpers"), [("well", {1, 2}), ("killed", {0}), ("once", {1, 2}), ("raises", {0})])
def test_what_is_spread_is_done_whoever_is_killed(way: str, helpers: set[int]) -> None:
    with Popen([sys.executable, "-c", SPREAD, way], stdout=PIPE, stderr=PIPE, text=True) as process:
        out, err = process.communicate(timeout=60)
    if way == "raises":
        assert process.returncode == 1 and err.strip().endswith("LookupError: here") and "there" not in err
    else:
        assert process.returncode == 0, err
        assert int(out) in helpers or (processes() < 2 and int(out) == 0)


def test_what_is_spread_may_be_left_and_where_nothing_can_be_forked_is_done_here() -> None:
    some = spread(lambda job: job, JOBS, 2)
    assert next(some) in JOBS
    some.close()  # type: ignore[attr-defined] # it is a generator
    assert sorted(spread(lambda job: job, JOBS, 2)) == JOBS
