"""Work of a build spread over helper processes, which inherit by fork all that this one has read."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from typing import Any, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")


def processes() -> int:
    """Return how many helper processes may work."""
    return min(4, os.cpu_count() or 1) if hasattr(os, "fork") else 1


def spread(
    do: Callable[[Job], Done],
    jobs: Sequence[Job],
    count: int,
    meanwhile: Callable[[], object],
    told: Callable[[Done], object],
) -> Iterator[Done]:
    """Yield what `do` returns for the jobs, done by `count` helper processes while this one does `meanwhile`.

    told: called with each result as soon as it is there, from another thread.
    """
    global _inherited
    _inherited = do
    gc.freeze()  # what was read is no garbage, and helpers that looked for it would copy its memory
    try:
        with get_context("fork").Pool(count) as pool:
            begun = [pool.apply_async(_do, (job,), callback=told) for job in jobs]
            meanwhile()
            for one in begun:
                yield one.get()
    finally:
        gc.unfreeze()
        _inherited = None


_inherited: Callable[[Any], Any] | None = None
"""What the jobs are done by; set just before helper processes are forked, and nowhere else."""


def _do(job: Any) -> Any:
    assert _inherited is not None
    return _inherited(job)
