"""Charts as small drawings (SVG): lines that differ in dash and end mark, stacked bars, a map of shades.

Drawings carry classes and no styles (charts.css), so that they follow the theme and keep to a strict content policy.
Each has a title and a description for who cannot see it; the page sets the same figures in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from typing import NamedTuple

STEPS = 5
"""Shades of the map, from few to many; none is a ground of its own."""
MOST_LINES = 3
"""So many lines can be told apart by dash and mark."""
_LEAST = 0.1
"""Figures are printed with one decimal: an axis is not finer."""
_EACH = 3
"""Every so many months have a label below the axis, counted from the last."""


class Axis(NamedTuple):
    """The upright axis: from low to high, with a hairline at each step."""

    low: float
    high: float
    step: float


class Words(NamedTuple):
    """What a drawing says to who cannot see it. key: part of its ids, one of its kind on the page; plain text."""

    key: str
    title: str
    text: str


class _Frame(NamedTuple):
    """Where a drawing of lines has its edges."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


_SMALL = _Frame(360, 176, 40, 312, 18, 150)
_WIDE = _Frame(720, 316, 50, 640, 14, 280)


def axis_from_zero(values: Sequence[float | None]) -> Axis:
    """Return an axis from 0 that holds all values, with round steps and no more than six of them."""
    most = max(max([one for one in values if one is not None], default=0) or 1, _LEAST)
    rough = most / 4
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    return Axis(0, step * ceil(most / step), step)


def axis_of_percent(values: Sequence[float | None]) -> Axis:
    """Return an axis that ends at 100 and begins at 75, at 50 or at 0, as low as the values need it."""
    least = min([one for one in values if one is not None], default=100)
    low = next(low for low in (75, 50, 0) if low == 0 or least >= low)
    return Axis(low, 100, {75: 5, 50: 10, 0: 20}[low])


def short(value: float) -> str:
    """Return a figure as charts and their tables print it: one decimal, none where it is whole."""
    return f"{value:.1f}".removesuffix(".0")


def lines(words: Words, months: Sequence[str], series: Sequence[Sequence[float | None]], axis: Axis, wide: bool) -> str:
    """Return up to three lines over months; a month without a figure leaves a gap, the last figure is printed."""
    at = _WIDE if wide else _SMALL
    wide_step = (at.right - at.left) / max(len(months) - 1, 1)

    def x(place: int) -> float:
        return at.left + place * wide_step

    def y(value: float) -> float:
        return at.bottom - (value - axis.low) / (axis.high - axis.low) * (at.bottom - at.top)

    parts = [_grid(at, axis, y)]
    last = len(months) - 1
    parts += [
        f'<text class="m" x="{x(place):.1f}" y="{at.height - 6}">{months[place]}</text>'
        for place in range(len(months))
        if (last - place) % _EACH == 0
    ]
    ends = []
    for number, values in enumerate(series, 1):
        points = [(x(place), y(value)) if value is not None else None for place, value in enumerate(values)]
        parts.append(_line(number, points))
        shown = [(point, value) for point, value in zip(points, values, strict=True) if point and value is not None]
        if shown:
            (right, height), value = shown[-1]
            ends.append((height, right, short(value)))
    parts += _end_labels(ends, 20 if wide else 14)
    return _drawing(words, "ch w" if wide else "ch", at.width, at.height, "\n".join(parts))


def _grid(at: _Frame, axis: Axis, y: object) -> str:
    count = round((axis.high - axis.low) / axis.step)
    marks = [axis.low + number * axis.step for number in range(count + 1)]
    assert callable(y)
    return "".join(
        f'<path class="gr" d="M{at.left} {y(mark):.1f}H{at.right}"/>'
        f'<text class="e{" thin" if number % 2 else ""}" x="{at.left - 8}" y="{y(mark) + 4:.1f}">{mark:g}</text>'
        for number, mark in enumerate(marks)
    )


def _line(number: int, points: Sequence[tuple[float, float] | None]) -> str:
    """Return one line with its mark at the end, and at points that have no neighbour to be joined to."""
    path, before = "", None
    for point in points:
        if point:
            path += f"{'L' if before else 'M'}{point[0]:.1f} {point[1]:.1f}"
        before = point
    neighbours = list(pairwise([None, *points, None]))
    alone = [
        right
        for (left, right), (_, after) in pairwise(neighbours)
        if right is not None and left is None and after is None
    ]
    ends = [point for point in points if point][-1:]
    marks = "".join(_mark(number, *point) for point in dict.fromkeys([*alone, *ends]))
    return f'<path class="ln c{number}" d="{path}"/>{marks}' if path else ""


def _mark(number: int, x: float, y: float) -> str:
    if number == 1:
        return f'<circle class="p1" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    if number == 2:
        return f'<rect class="p2" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
    return f'<path class="p3" d="M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6Z"/>'


def _end_labels(ends: list[tuple[float, float, str]], apart: int) -> list[str]:
    """Return the last figure beside each line; those that would lie on one another are moved apart."""
    found: list[str] = []
    above = float("inf")
    for height, right, text in sorted(ends, reverse=True):
        above = min(height, above - apart)
        found.append(f'<text class="v" x="{right + 12:.1f}" y="{above + 4.5:.1f}">{text}</text>')
    return found


def bars(words: Words, rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Return lying bars, each of parts in shades (the first is the darkest), its sum beside it."""
    most = max([sum(parts) for _, parts in rows], default=0) or 1
    found = []
    for number, (label, parts) in enumerate(rows):
        top, x = 6 + 34 * number, 66.0
        found.append(f'<text class="e" x="58" y="{top + 17}">{escape(label)}</text>')
        for shade, count in enumerate(parts, 1):
            if count:
                width = count / most * 250
                found.append(
                    f'<rect class="s{shade}" x="{x:.1f}" y="{top}" width="{max(width - 1.5, 1):.1f}" height="24"/>'
                )
                x += width
        found.append(f'<text class="v" x="{x + 8:.1f}" y="{top + 17}">{sum(parts)}</text>')
    return _drawing(words, "ch", 360, 6 + 34 * len(rows), "\n".join(found))


def shade_of(count: int, most: int) -> int:
    """Return the shade of a count: 0 for none, else 1 to 5 in equal steps up to the most."""
    return ceil(count * STEPS / most) if count else 0


def steps_of(most: int) -> list[tuple[int, int]]:
    """Return the least and the greatest count of each shade that occurs up to the most, the lightest first."""
    counts: dict[int, list[int]] = {}
    for count in range(1, most + 1):
        counts.setdefault(shade_of(count, most), []).append(count)
    return [(shade, found[0]) for shade, found in sorted(counts.items())]


def heat(words: Words, rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Return a map of shades, a row of 24 hours each; labels of rows are SVG already."""
    most = max([count for _, counts in rows for count in counts], default=0)
    found: list[str] = []
    squares: dict[int, str] = {}
    for number, (label, counts) in enumerate(rows):
        top = 4 + 31 * number
        found.append(f'<text class="e" x="70" y="{top + 19}">{label}</text>')
        told = ""
        for hour, count in enumerate(counts):
            x, shade = 78 + 26.75 * hour, shade_of(count, most)
            squares[shade] = squares.get(shade, "") + f"M{x:.1f} {top}h25v29h-25z"
            if count:
                bright = " class=x" if shade >= STEPS - 1 else ""
                told += f'<tspan{bright} x="{x + 12.6:.1f}">{count}</tspan>'
        if told:
            found.append(f'<text class="hv" y="{top + 19}">{told}</text>')
    found[:0] = [f'<path class="h{shade}" d="{path}"/>' for shade, path in sorted(squares.items())]
    bottom = 4 + 31 * len(rows)
    found += [
        f'<text{" class=thin" if hour % 6 else ""} x="{78 + 26.75 * hour:.1f}" y="{bottom + 21}">{hour:02d}:00</text>'
        for hour in range(0, 24, 3)
    ]
    return _drawing(words, "ch w", 720, bottom + 31, "\n".join(found))


def key(marks: Sequence[tuple[str, str]]) -> str:
    """Return what the marks of a chart mean: pairs of a class (c1 to c3, or a shade) and words in HTML."""
    items = "".join(
        f'<span><svg class="ch" viewBox="0 0 34 12" width="34" height="12" aria-hidden="true">{_sample(name)}</svg>'
        f"{words}</span>"
        for name, words in marks
    )
    return f'<p class="key">{items}</p>\n'


def _sample(name: str) -> str:
    if name.startswith("c"):
        return f'<path class="ln {name}" d="M0 6H34"/>{_mark(int(name[1:]), 17, 6)}'
    return f'<rect class="{name}" width="34" height="12"/>'


def _drawing(words: Words, classes: str, width: int, height: int, inside: str) -> str:
    name = words.key
    return (
        f'<svg class="{classes}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(words.title)}</title><desc id="{name}-d">{escape(words.text)}</desc>\n'
        f"{inside}\n</svg>\n"
    )
