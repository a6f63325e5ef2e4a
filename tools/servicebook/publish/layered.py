"""Where the boxes of a small graph go: columns from left to right, few crossings, arrows as straight as can be.

Layers after Sugiyama, Tagawa and Toda (1981): columns are ordered by barycentres, heights are the least squares that
the order allows. The graph is given in a fixed order and all is counted in whole numbers at the end, so that every
machine draws the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

BOX, APART = 38, 12
"""Height of a box, and what two boxes of a column keep between them at least, in pixels."""
_SWEEPS = 6
_SETTLED = 8


class Places(NamedTuple):
    """The height of the whole, and the middle of each box, from the top."""

    height: int
    middles: dict[str, int]


def place(columns: Mapping[str, int], arrows: Iterable[tuple[str, str]]) -> Places:
    """Return where everything goes; columns: the column of each box; arrows: between boxes of neighbouring columns."""
    rows: dict[int, list[str]] = {column: [] for column in range(min(columns.values()), max(columns.values()) + 1)}
    for box, column in columns.items():
        rows[column].append(box)
    links: dict[str, list[str]] = {box: [] for box in columns}
    for source, target in arrows:
        links[source].append(target)
        links[target].append(source)
    _order(rows, links)
    middles = _heights(rows, links)
    top = min(middles.values()) - BOX // 2
    found = {box: round(middles[box] - top) for box in columns}
    return Places(max(found.values()) + BOX // 2, found)


# --- the order in the columns


def _order(rows: dict[int, list[str]], links: Mapping[str, Sequence[str]]) -> None:
    """Order each column by the middle of its neighbours, to and fro, and keep what crosses least."""
    best, least = dict(rows), _crossings(rows, links)
    for sweep in range(_SWEEPS):
        if not least:
            break
        for before, column in pairwise(sorted(rows, reverse=bool(sweep % 2))):
            at = {box: number for number, box in enumerate(rows[before])}
            ends = {box: [at[one] for one in links[box] if one in at] for box in rows[column]}
            wanted = {box: _mean(ends[box], number) for number, box in enumerate(rows[column])}
            rows[column] = sorted(rows[column], key=wanted.__getitem__)
        crossings = _crossings(rows, links)
        if crossings < least:
            best, least = dict(rows), crossings
    rows.update(best)


def _mean(values: Sequence[float], without: float) -> float:
    return sum(values) / len(values) if values else without


def _crossings(rows: Mapping[int, Sequence[str]], links: Mapping[str, Sequence[str]]) -> int:
    """Return how often arrows cross between neighbouring columns."""
    count = 0
    for column, row in rows.items():
        after = {box: number for number, box in enumerate(rows.get(column + 1, ()))}
        passed: list[int] = []
        for box in row:
            ends = [after[one] for one in links[box] if one in after]
            count += sum(before > end for end in ends for before in passed)
            passed += ends
    return count


# --- heights


def _heights(rows: Mapping[int, Sequence[str]], links: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return the middle of each box: by turns each column goes as near to its neighbours as its order allows."""
    middles: dict[str, float] = {}
    for row in rows.values():
        middles.update(_stacked(row, [0.0] * len(row)))
    for turn in range(_SETTLED):
        for column in sorted(rows, reverse=not turn % 2):
            wanted = [_mean([middles[one] for one in links[box]], middles[box]) for box in rows[column]]
            middles.update(_stacked(rows[column], wanted))
    return middles


def _stacked(row: Sequence[str], wanted: Sequence[float]) -> dict[str, float]:
    """Return middles in the order of a column, none nearer than they may be, with the least squares to those wanted.

    What lies too near is taken together and moved to where all of it is wanted on average (pool adjacent violators).
    """
    step = BOX + APART
    pools: list[tuple[float, int]] = []  # the sum of what is wanted, less the places of the boxes; how many boxes
    for number, want in enumerate(wanted):
        total, count = want - number * step, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            more, of = pools.pop()
            total, count = total + more, count + of
        pools.append((total, count))
    levels = [total / count for total, count in pools for _ in range(count)]
    return {box: level + number * step for number, (box, level) in enumerate(zip(row, levels, strict=True))}
