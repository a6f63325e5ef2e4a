"""Is the store of commits and blobs in a shape that Git reads fast?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from servicebook.reports.doctor.answer import Answer, advise, fine
from servicebook.reports.doctor.clone import Clone

MANY_COMMITS = 5_000
"""From so many commits on `git log -- FILE` is felt without changed-path filters."""

_LOOSE_AT_MOST = 6_700
_PACKS_AT_MOST = 50
"""Git's own limits (gc.auto, gc.autoPackLimit), beyond which it would tidy up by itself."""

_FILTERS = b"BIDX"
"""The chunk of a commit-graph that says which commits have changed-path (Bloom) filters (gitformat-commit-graph)."""


def commit_graph(clone: Clone) -> Iterator[Answer]:
    """Whether Git finds a file's commits without opening every tree."""
    count = int(clone.git("rev-list", "--count", "--all") or 0)
    graphs = _graph_files(clone)
    if not clone.flag("core.commitgraph", default=True):
        yield advise(
            "core.commitGraph is off: the history of a file is searched commit by commit",
            "git config core.commitGraph true",
            settings=(("core.commitGraph", "true"),),
        )
    elif count < MANY_COMMITS:
        yield fine("no commit-graph is needed for {count} commits", count=count)
    elif not any(_has_filters(path) for path in graphs):
        yield advise(
            "`git log -- FILE` opens the trees of {count} commits",
            "git commit-graph write --reachable --changed-paths",
            count=count,
        )
    else:
        yield fine("the commit-graph knows which commits changed a file")


def _graph_files(clone: Clone) -> list[Path]:
    info = Path(clone.repository.common_dir) / "objects" / "info"
    return [info / "commit-graph", *info.glob("commit-graphs/*.graph")]


def _has_filters(path: Path) -> bool:
    """Whether a commit-graph file has the chunk of filters: after 8 bytes, a table of 12 bytes a chunk."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            table = file.read(12 * (head[6] + 1)) if len(head) == 8 else b""
    except OSError:
        return False
    return any(table[start : start + 4] == _FILTERS for start in range(0, len(table), 12))


def tidiness(clone: Clone) -> Iterator[Answer]:
    """Whether so many loose objects or packs lie about that reading gets slow."""
    counts = dict(line.split(": ", 1) for line in clone.git("count-objects", "-v").splitlines() if ": " in line)
    loose, packs, garbage = (int(counts.get(key, 0)) for key in ("count", "packs", "garbage"))
    if loose > _LOOSE_AT_MOST or packs > _PACKS_AT_MOST:
        yield advise("{loose} loose objects and {packs} packs: Git reads slowly", "git gc", loose=loose, packs=packs)
    elif garbage:
        yield advise("a crash left {count} half-written files among Git's objects", "git gc", count=garbage)
    else:
        yield fine("{loose} loose objects, {packs} packs", loose=loose, packs=packs)
    if clone.setting("gc.auto") == "0" and not clone.setting("maintenance.auto"):
        yield advise("gc.auto is 0: nothing tidies up by itself", "git maintenance start | git config --unset gc.auto")


def borrowed_objects(clone: Clone) -> Iterator[Answer]:
    """Whether another repository, which may go away, holds a part of this one."""
    if (Path(clone.repository.common_dir) / "objects" / "info" / "alternates").exists():
        yield advise("objects are borrowed from another repository; were it deleted, this one breaks", "git repack -ad")
    else:
        yield fine("all objects are the clone's own")
