"""All checks of the doctor, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from servicebook.reports.doctor.answer import Answer, demand
from servicebook.reports.doctor.clone import Clone
from servicebook.reports.doctor.clone_kind import history_depth, left_out_files, missing_blobs, neighbours, under_way
from servicebook.reports.doctor.git_settings import (
    composed_names,
    file_monitor,
    git_version,
    index_version,
    line_ends,
    preload_index,
    protected_names,
    quoted_names,
    untracked_cache,
)
from servicebook.reports.doctor.history import borrowed_objects, commit_graph, tidiness
from servicebook.reports.doctor.hooks import hook_files, hooks_connected, hooks_python, merge_driver
from servicebook.reports.doctor.index import index_state
from servicebook.reports.doctor.leftovers import half_written, locks
from servicebook.reports.doctor.machine import clock, disk_space, packages, python_version, time_zones
from servicebook.reports.doctor.names import clashes, length, unfit
from servicebook.reports.doctor.people import identity, signing

Check = Callable[[Clone], Iterator[Answer]]

CHECKS: tuple[tuple[str, tuple[Check, ...]], ...] = (
    ("Git", (git_version, line_ends, quoted_names, composed_names, protected_names)),
    ("large desks", (untracked_cache, index_version, file_monitor, preload_index, commit_graph, tidiness)),
    ("hooks and merging", (hooks_connected, hooks_python, hook_files, merge_driver)),
    ("this clone", (left_out_files, history_depth, missing_blobs, borrowed_objects, neighbours, under_way)),
    ("index of servicebook", (index_state,)),
    ("file names", (clashes, unfit, length)),
    ("left behind", (locks, half_written)),
    ("this machine", (python_version, packages, time_zones, disk_space, clock)),
    ("you", (identity, signing)),
)
"""Every check under the heading it is told below; headings are of the catalogue area `cli`."""


class Told(NamedTuple):
    """One answer with its heading and the name of its check, such as `merge-driver`."""

    heading: str
    check: str
    answer: Answer


def examine(clone: Clone) -> Iterator[Told]:
    """Yield what every check says; one that the machine's rights stop says so and does not stop the others."""
    for heading, checks in CHECKS:
        for check in checks:
            name = check.__name__.replace("_", "-")
            try:
                for answer in check(clone):
                    yield Told(heading, name, answer)
            except OSError as error:
                remedy = "make room on the disk or get the right to read and write there, then run it again"
                said = demand("{path}: {why}", remedy, path=error.filename or "-", why=error.strerror)
                yield Told(heading, name, said)
