"""How things look on a terminal: tables that fit, colours, and progress that is silent in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from servicebook.language.display import plain
from servicebook.typed import Any, NamedTuple, TextIO

COLOURS = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "grey": "90", "bold": "1"}
ELLIPSIS = "…"
GAP = "  "
PIPE_WIDTH = 10_000
USUAL_WIDTH = 80
"""Where the output is no terminal nothing is cut: the reader is a program or a file."""


_WIDTHS = (
    (1, " ", "~"), (1, "\u00b0", "\u00b0"), (1, "\u00b7", "\u00b7"), (1, "\u2013", "\u2014"), (1, "\u2018", "\u2019"),
    (1, "\u201c", "\u201d"), (1, "\u2026", "\u2026"), (1, "\u2190", "\u2193"), (2, "\u3001", "\u3029"),
    (2, "\u3041", "\u3096"), (2, "\u30a1", "\u30fa"), (2, "\u3400", "\u4dbf"), (2, "\u4e00", "\u9fff"),
    (2, "\uff01", "\uff60"),
)  # fmt: skip
"""Han characters, kana, full-width signs and what is one column wide beside them: columns, first and last."""
_UNKNOWN = 1 << 40  # wider than any text


class _Widths(dict[str, int]):
    """The columns that characters take, found when first asked for."""

    def __missing__(self, character: str) -> int:
        width = next((width for width, first, last in _WIDTHS if first <= character <= last), _UNKNOWN)
        self[character] = width
        return width


_width_of = _Widths().__getitem__


class Column(NamedTuple):
    """A column of a table. `right` aligns figures; `least` is how narrow it may get; 0 keeps it whole.

    `keep`: it gives way last and is never left out, for what the table is read for.
    """

    title: str
    right: bool = False
    least: int = 0
    keep: bool = False


class Cell(NamedTuple):
    """A coloured cell."""

    text: str
    colour: str = ""


def text_width(text: str) -> int:
    """Return how many terminal columns a text takes: Han characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    width = sum(map(_width_of, text))
    if width < _UNKNOWN:
        return width
    from wcwidth import wcswidth  # knows all of Unicode, and takes as long to import as a list takes to print

    return max(0, wcswidth(text))


def cut(text: str, width: int) -> str:
    """Return a text no wider than `width` columns, with an ellipsis where something was left out."""
    if text_width(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = [], 0
    for character in text:
        step = text_width(character)
        if used + step > width - 1:
            break
        kept.append(character)
        used += step
    return "".join(kept).rstrip() + ELLIPSIS


def pad(text: str, width: int, right: bool = False) -> str:
    """Return a text filled with blanks to `width` columns."""
    blanks = " " * max(0, width - text_width(text))
    return blanks + text if right else text + blanks


def terminal_width(stream: TextIO | None = None) -> int:
    """Return the columns of the terminal; COLUMNS overrides; without a terminal there is no limit.

    A terminal that does not know its size (`script`, `docker run -t`, some CI) says 0: it gets the usual 80.
    """
    wish = os.environ.get("COLUMNS", "")
    if wish.isdigit() and int(wish) > 0:
        return int(wish)
    try:
        return os.get_terminal_size((stream or sys.stdout).fileno()).columns or USUAL_WIDTH
    except (OSError, ValueError):
        return PIPE_WIDTH


def has_colour(stream: TextIO | None = None) -> bool:
    """Whether to colour: on a terminal that can, unless NO_COLOR is set (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def colour(text: str, name: str, stream: TextIO | None = None) -> str:
    """Return a text in a colour of COLOURS, or as it is where colours are off."""
    if not name or not has_colour(stream):
        return text
    return f"\033[{COLOURS[name]}m{text}\033[0m"


def render_table(
    columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]], width: int | None = None, head: bool = True
) -> str:
    """Return a table that fits `width` columns (the terminal's when None), one row a line.

    `head` sets the titles above it. Columns with a `least` give way, the widest first; the others stay whole.
    """
    table = [[_cell(value) for value in row] for row in rows]
    widths = _widths(columns, table, terminal_width() if width is None else width)
    titles = [[Cell(column.title, "bold") for column in columns]] if head else []
    return "\n".join(_line(columns, widths, row) for row in [*titles, *table])


def _cell(value: str | Cell) -> Cell:
    return Cell(plain(value.text), value.colour) if isinstance(value, Cell) else Cell(plain(value))


def _widths(columns: Sequence[Column], table: Sequence[Sequence[Cell]], limit: int) -> list[int]:
    """Return the width of each column; -1 leaves one out, where even the least of each would not fit."""
    widths = [
        max([text_width(column.title), *(text_width(row[i].text) for row in table)]) for i, column in enumerate(columns)
    ]
    least = [min(width, column.least or width) for width, column in zip(widths, columns, strict=True)]
    # What the table is read for is cut only when leaving out the others makes no room for it.
    kept = {i: least[i] for i, column in enumerate(columns) if column.keep}
    least = [widths[i] if i in kept else width for i, width in enumerate(least)]
    for place in reversed(range(1, len(columns) - 1)):
        if _taken(least) <= limit:
            break
        if columns[place].least and not columns[place].keep:
            least[place] = widths[place] = -1
    if _taken(least) > limit:
        least = [kept.get(i, width) for i, width in enumerate(least)]
    while (over := _taken(widths) - limit) > 0:
        giving = [i for i, width in enumerate(widths) if width > least[i]]
        if not giving:
            break
        giving = [i for i in giving if not columns[i].keep] or giving
        widest = max(giving, key=lambda i: widths[i])
        others = [widths[i] for i in giving if i != widest]
        floor = max([least[widest], *others]) if others else least[widest]
        widths[widest] -= max(1, min(over, widths[widest] - floor))
    return widths


def _taken(widths: Sequence[int]) -> int:
    shown = [width for width in widths if width >= 0]
    return sum(shown) + len(GAP) * (len(shown) - 1)


def _line(columns: Sequence[Column], widths: Sequence[int], row: Sequence[Cell]) -> str:
    cells = []
    for column, width, cell in zip(columns, widths, row, strict=True):
        if width < 0:
            continue
        text = cut(cell.text, width)
        blanks = " " * max(0, width - text_width(text))
        shown = colour(text, cell.colour)
        cells.append(blanks + shown if column.right else shown + blanks)
    return GAP.join(cells).rstrip()


class Progress:
    """A line on stderr that says how far a long work is; nothing at all where stderr is no terminal."""

    def __init__(self, title: str, total: int = 0) -> None:
        self.title = title
        self.total = total
        self.done = 0
        self._shown = -1
        self._terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: Any) -> None:
        if self._terminal:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def step(self, count: int = 1, note: str = "") -> None:
        """Say that `count` more are done."""
        self.done += count
        share = self.done * 100 // self.total if self.total else self.done
        if not self._terminal or share == self._shown:
            return
        self._shown = share
        figure = f"{share} %" if self.total else str(self.done)
        sys.stderr.write(
            "\r\033[K" + cut(f"{self.title} {figure} {plain(note)}".rstrip(), terminal_width(sys.stderr) - 1)
        )
        sys.stderr.flush()
