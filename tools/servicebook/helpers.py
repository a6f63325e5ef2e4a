"""Work shared between this process and helpers, which inherit by fork all that it has read.

No lock is shared: whichever process is killed, the others go on, and what it leaves undone is done all the same.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from tempfile import TemporaryFile
from threading import Lock, Thread, active_count
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

_TOKEN = 4
"""So many bytes number a job."""

Job = TypeVar("Job")
Done = TypeVar("Done")


def processes() -> int:
    """Return in how many processes a build may work, this one counted in: where others serve the site, in no other."""
    return min(4, os.cpu_count() or 1) if hasattr(os, "fork") and active_count() == 1 else 1


class Begun(Generic[Done]):
    """Some work that a helper process has begun, where there may be one; what it leaves undone is done here."""

    def __init__(self, do: Callable[[], Done]) -> None:
        self._do = do
        self._helper: ForkProcess | None = None
        if processes() > 1:
            context = get_context("fork")
            self._hears, says = context.Pipe(duplex=False)
            self._helper = context.Process(target=_do, args=(do, self._hears, says), daemon=True)
            _start(self._helper)
            says.close()  # so that a helper's end is heard

    def result(self) -> Done:
        """Return what came of it, which only this process may ask for, and once."""
        if self._helper is None:
            return self._do()
        try:
            found: Done = self._hears.recv()
        except (EOFError, OSError):
            found = self._do()
        self.stop()
        return found

    def stop(self) -> None:
        """End the helper: one that nobody hears would wait, and hold what this process has open, such as a lock."""
        if self._helper:
            self._helper.terminate()
            self._helper.join()
            self._hears.close()
            self._helper = None


def _do(do: Callable[[], object], hears: Connection[Any, Any], says: Connection[Any, Any]) -> None:
    """Do one piece of work in a helper process and say what came of it; where it fails, not a word."""
    hears.close()  # else it would wait for itself to listen, where this process's parent was killed
    with suppress(Exception):
        says.send(do())


def share(
    do: Callable[[Job], Done],
    jobs: Sequence[Job],
    count: int,
    meanwhile: Callable[[], object],
    told: Callable[[Done], object],
) -> list[Done]:
    """Return what `do` returns for the jobs, done in `count` processes; this one does `meanwhile` before it takes any.

    Whoever is free takes the next job, so the longest should come first. What a helper leaves undone is done here,
    where its exception is raised too.
    told: called with each result as soon as it is there, by one thread at a time.
    """
    found: dict[int, Done] = {}
    lock = Lock()

    def tell(number: int, done: Done) -> None:
        with lock:
            found[number] = done
            told(done)

    if count < 2:
        meanwhile()
        for number, job in enumerate(jobs):
            tell(number, do(job))
        return list(found.values())
    with _helping(do, jobs, count - 1) as (pipes, tokens):
        listeners = [Thread(target=_listen, args=(hears, tell), daemon=True) for hears in pipes]
        for listener in listeners:  # only now, for a process that has threads had better not fork
            listener.start()
        meanwhile()
        for number in _untaken(tokens):
            tell(number, do(jobs[number]))
        for listener in listeners:
            listener.join()
    for number, job in enumerate(jobs):
        if number not in found:
            tell(number, do(job))
    return [found[number] for number in range(len(jobs))]


def spread(do: Callable[[Job], Done], jobs: Sequence[Job], count: int) -> Iterator[Done]:
    """Yield what `do` returns for the jobs, in no certain order, done by `count` helpers while this one takes it in.

    They wait until it is taken, so that no more than a few answers lie in memory. What a helper leaves undone is done
    here, where its exception is raised too; where there may be no helpers, that is all of it.
    """
    left = dict(enumerate(jobs))
    if processes() > 1:
        with _helping(do, jobs, count) as (pipes, _):
            while pipes:
                for hears in wait(pipes):
                    assert isinstance(hears, Connection)
                    try:
                        number, done = hears.recv()
                    except (EOFError, OSError):
                        pipes.remove(hears)
                        hears.close()
                    else:
                        del left[number]
                        yield done
    for job in left.values():
        yield do(job)


@contextmanager
def _helping(
    do: Callable[[Job], Done], jobs: Sequence[Job], count: int
) -> Iterator[tuple[list[Connection[Any, Any]], int]]:
    """Start helpers that do jobs, and end them at last; gives the pipes by which they tell, and who has taken what."""
    context = get_context("fork")
    helpers: list[ForkProcess] = []
    pipes: list[Connection[Any, Any]] = []
    gc.freeze()  # what was read is no garbage, and helpers that looked for it would copy its memory
    try:
        with TemporaryFile(buffering=0) as tokens:
            tokens.write(b"".join(number.to_bytes(_TOKEN, "big") for number in range(len(jobs))))
            tokens.seek(0)
            for _ in range(count):
                hears, says = context.Pipe(duplex=False)
                pipes.append(hears)
                given = do, jobs, tokens.fileno(), tuple(pipes), says
                helper = context.Process(target=_help, args=given, daemon=True)
                _start(helper)
                says.close()  # so that a helper's end is heard, and the next one does not hold it open
                helpers.append(helper)
            yield pipes, tokens.fileno()
    finally:
        gc.unfreeze()
        for helper in helpers:
            helper.terminate()
            helper.join()


def _start(helper: ForkProcess) -> None:
    """Start a helper that does not hear Ctrl-C, from its first moment: who was asked to stop ends its helpers."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        helper.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _untaken(tokens: int) -> Iterator[int]:
    """Yield the numbers of jobs that no process has taken yet, each taken with that.

    tokens: a file with all numbers, opened once for all processes. They share the place where the next one is read, and
    the kernel lets one read at a time: a process that is killed leaves no lock behind that others would wait for.
    """
    while token := os.read(tokens, _TOKEN):
        yield int.from_bytes(token, "big")


def _help(
    do: Callable[[Job], Done],
    jobs: Sequence[Job],
    tokens: int,
    pipes: Sequence[Connection[Any, Any]],
    says: Connection[Any, Any],
) -> None:
    """Do jobs in a helper process and say what came of each; one that fails ends the helper without a word."""
    for hears in pipes:  # else helpers would wait for each other to listen, where their parent was killed
        hears.close()
    with suppress(Exception):
        for number in _untaken(tokens):
            says.send((number, do(jobs[number])))


def _listen(hears: Connection[Any, Any], tell: Callable[[int, Done], object]) -> None:
    """Pass on what a helper says until it has ended."""
    with suppress(EOFError, OSError):
        while True:
            tell(*hears.recv())
