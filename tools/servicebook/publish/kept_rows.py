"""Rows that single records add to a file, kept from one build to the next: only those that moved are made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from servicebook.publish.cache import write_fresh
from servicebook.publish.sealed import seal, unseal

FOLDER = "rows"
"""Where they lie, in the folder of kept pages."""
FEW = 500
"""So many rows are sooner made than read."""


def kept_rows(
    folder: Path,
    name: str,
    terms: str,
    wanted: Mapping[str, str],
    make: Callable[[str], Any],
    few: int | None = None,
) -> list[Any]:
    """Return the row of each key of `wanted`, in its order.

    folder, name: where the site's pages are kept, and what these rows are called there. terms: what all rows hang on
    beside their records. wanted: a digest of all that a row is made from, by key. make: returns the row of a key, as
    a value that JSON holds. few: so many rows are not kept (None: as usual).
    """
    if len(wanted) < (FEW if few is None else few):
        return [make(key) for key in wanted]
    file = folder / FOLDER / f"{name}.json"
    before = _recalled(file, terms)
    rows = []
    moved = before.keys() != wanted.keys()
    for key, stamp in wanted.items():
        kept = before.get(key)
        if kept is None or kept[0] != stamp:
            kept, moved = (stamp, make(key)), True
        rows.append(kept[1])
    if moved:
        columns = [terms, list(wanted), list(wanted.values()), rows]
        write_fresh(file, seal(columns))
    return rows


def _recalled(file: Path, terms: str) -> dict[str, tuple[str, Any]]:
    """Return what the last build kept, by key: the digest and the row; nothing where that cannot be believed."""
    try:
        before, keys, stamps, rows = unseal(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return dict(zip(keys, zip(stamps, rows, strict=True), strict=True)) if before == terms else {}
