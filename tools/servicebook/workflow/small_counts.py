"""Figures that are so small that they tell of single cases: not shown to others than the house, nor what tells them.

Hiding a cell of a table is not enough where a total stands beside it: what is left over is the hidden cell. So a second
one is hidden with it (complementary suppression; Hundepool and others, Statistical Disclosure Control, 2012, ch. 4).
"""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.records.audiences import is_outer

FEWEST = 3
"""Counts below this are not shown to other audiences."""

Row = list[int | None]


def shown_count(count: int, audience: str) -> int | None:
    """Return a count as an audience may read it; None where it is too small."""
    return count if count >= FEWEST or not is_outer(audience) else None


def shown_share(part: int, whole: int, audience: str) -> tuple[int, int] | None:
    """Return (part, whole) of a share that may be shown; None where the part or the rest are a few cases.

    All and none single nobody out where the whole is large enough.
    """
    few = any(0 < one < FEWEST for one in (part, whole - part))
    return None if is_outer(audience) and (whole < FEWEST or few) else (part, whole)


def shown_parts(parts: Sequence[int], audience: str) -> Row:
    """Return the parts of a sum that is shown beside them, each as it may be read."""
    return shown_table([parts], audience)[0]


def shown_table(rows: Sequence[Sequence[int]], audience: str) -> list[Row]:
    """Return a table whose rows and columns have totals beside them, each cell as it may be read.

    In every row and column that hides a cell the hidden ones add up to no less than FEWEST and are two at least, as
    far as there are cells to hide.
    """
    shown: list[Row] = [[shown_count(cell, audience) for cell in row] for row in rows]
    if not is_outer(audience):
        return shown
    lines = [[(y, x) for x in range(len(row))] for y, row in enumerate(rows)]
    if len(rows) > 1:
        lines += [[(y, x) for y in range(len(rows)) if x < len(rows[y])] for x in range(max(map(len, rows)))]
    moved = True
    while moved:
        moved = any(_hide_another(line, rows, shown) for line in lines)
    return shown


def _hide_another(line: list[tuple[int, int]], rows: Sequence[Sequence[int]], shown: list[Row]) -> bool:
    """Hide the smallest cell that is left in a row or column whose total would tell what is hidden."""
    hidden = [rows[y][x] for y, x in line if shown[y][x] is None]
    left = [(rows[y][x], y, x) for y, x in line if shown[y][x] is not None]
    if not hidden or not left or (len(hidden) > 1 and sum(hidden) >= FEWEST):
        return False
    _, y, x = min(left)
    shown[y][x] = None
    return True
