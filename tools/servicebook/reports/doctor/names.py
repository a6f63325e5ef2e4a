"""Can every machine check this desk out: do its file names fit, and stay apart?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.reports.doctor.answer import Answer, advise, demand, fine
from servicebook.reports.doctor.clone import Clone
from servicebook.rules.tree import clashing_names, is_composed, unfitness

WINDOWS_PATH = 260
"""Characters of a whole path on Windows, its end included (MAX_PATH), unless core.longpaths is set there."""

USUAL_FOLDER = 60
"""What a clone's own folder takes there: C:\\Users\\first.last\\Documents\\repositories\\desk is 51."""


def clashes(clone: Clone) -> Iterator[Answer]:
    """Whether two names are one to machines that do not tell case or accents apart."""
    found = list(clashing_names(entry.path for entry in clone.entries))
    for path, other in found:
        yield demand(
            "`{path}` and `{other}` are one file on macOS and Windows", "git mv {path} OTHER", path=path, other=other
        )
    if not found:
        yield fine("no two file names are one on macOS or Windows")


def unfit(clone: Clone) -> Iterator[Answer]:
    """Whether a name has what Windows or Git on macOS cannot hold."""
    found = [(entry.path, what) for entry in clone.entries if (what := unfitness(entry))]
    for path, what in found:
        yield demand("the name `{path}` has {what}", "git mv {path} OTHER", path=path, what=what)
    apart = [entry.path for entry in clone.entries if not is_composed(entry.path)]
    for path in apart:
        yield demand(
            "the name `{path}` is written with separate accents (Unicode NFD)", "git mv {path} OTHER", path=path
        )
    if not found and not apart:
        yield fine("every machine can hold the file names")


def length(clone: Clone) -> Iterator[Answer]:
    """Whether a path is so long that a checkout on Windows leaves it out."""
    long = [entry.path for entry in clone.entries if len(entry.path) + USUAL_FOLDER >= WINDOWS_PATH]
    for path in long:
        yield advise(
            "{path} is {count} characters long: Windows may refuse it",
            "git mv {path} SHORTER | on Windows: git config core.longpaths true",
            path=path,
            count=len(path),
        )
    if not long:
        longest = max((len(entry.path) for entry in clone.entries), default=0)
        yield fine("the longest path has {count} characters", count=longest)
