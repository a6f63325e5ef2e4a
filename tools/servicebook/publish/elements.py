"""The small pieces that every page is set from: a status, an instant, a day, an id, a figure, a section, a table.

Each stands here once, so that a page of any kind looks like the others and a change of looks is made in one place.
All of them take values and return HTML; text is escaped here, labels come in all languages of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import compress, zip_longest
from typing import NamedTuple
from zoneinfo import ZoneInfo

from servicebook.publish.labels import Labels
from servicebook.sla.instants import iso_in, to_micros

NO_BREAK = "\u00a0"


class Column(NamedTuple):
    """A column of a table: its title (an English label) and how its cells behave.

    look: "" for a cell like others, "f" for the record itself (a line of its own on a telephone, and what the row is
    about for a screen reader), "n" for figures (to the right), "nw" for what must not break.
    named: whether its cells tell their title on a telephone, where the head of the table is not shown.
    """

    title: str
    look: str = ""
    named: bool = False


def status(tone: str, words: str, classes: str = "") -> str:
    """Return a status: the shape `tone` (a name in shapes.py), then `words`, which are HTML; never one without."""
    return f'<span class="st st-{tone}{f" {classes}" if classes else ""}">{words}</span>'


def badge(words: str, tone: str = "") -> str:
    """Return a small framed word, such as a priority; with a shape where it has a tone."""
    return f'<span class="badge {f"st-{tone}" if tone else "bare"}">{words}</span>'


def record_id(id: str, target: str = "") -> str:
    """Return an id as it looks everywhere, as a link where it leads somewhere (`target` is an escaped address)."""
    return f'<a class="id" href="{target}">{escape(id)}</a>' if target else f'<span class="id">{escape(id)}</span>'


def figure(number: object, unit: str) -> str:
    """Return a figure with its unit; the two never part."""
    return f"{escape(str(number))}{NO_BREAK}{escape(unit)}"


def instant(text: str | datetime, zone: ZoneInfo) -> str:
    """Return an instant in the desk's zone: 2026-03-12 08:41, which both languages read.

    The script writes it in the reader's language with the weekday; what is no instant is shown as it is.
    """
    micros = _micros_in(text)
    return escape(str(text)) if micros is None else moment(micros, zone)


@lru_cache(maxsize=4096)  # a page tells the same instant in its facts, at its clocks and in their segments
def moment(micros: int, zone: ZoneInfo) -> str:
    """Return the same of microseconds since 1970."""
    iso = iso_in(micros, zone)
    return f'<time datetime="{iso}">{iso[:10]} {iso[11:16]}</time>'


def local_iso(text: str | datetime, zone: ZoneInfo) -> str:
    """Return an instant in a zone as ISO 8601, to the second; "" for what is none."""
    micros = _micros_in(text)
    return "" if micros is None else iso_in(micros, zone)


def _micros_in(text: str | datetime) -> int | None:
    try:
        at = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    except ValueError:
        return None
    return to_micros(at) if at.tzinfo else None


def due(text: str | datetime, zone: ZoneInfo) -> str:
    """Return an instant that is waited for: the script counts down to it beside the printed time."""
    return instant(text, zone).replace("<time ", '<time class="due" ', 1)


def day(text: str) -> str:
    """Return a day (YYYY-MM-DD) for the script to write in the reader's language; anything else as it is."""
    return f'<time datetime="{text}">{text}</time>' if _DAY.fullmatch(text) else escape(text)


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def section(labels: Labels, title: str, html: str, anchor: str = "", note: str = "") -> str:
    """Return a section with a hanging title (an English label); nothing where there is nothing to show.

    note: a line of HTML below the title, such as what is counted.
    """
    return section_of(labels.say(title), html, anchor or title.lower().replace(" ", "-"), note) if html else ""


def section_of(title: str, html: str, anchor: str, note: str = "") -> str:
    """Return a section whose title is HTML already."""
    if not html:
        return ""
    below = f'<p class="meta">{note}</p>' if note else ""
    return (
        f'<section class="sec"><header class="sec-h"><h2 id="{escape(anchor)}">'
        f'{title}</h2>{below}</header>\n<div class="sec-b">\n{html}</div></section>\n'
    )


def table(labels: Labels, heads: Iterable[str | Column], rows: Iterable[Iterable[str]], classes: str = "") -> str:
    """Return a table that becomes a list of rows on a telephone; cells are HTML.

    heads: a title alone is a plain column; the one called Record says what its row is about. A column of which no row
    says anything is left out.
    """
    columns, lines = tuple(heads), [tuple(row) for row in rows]
    told = [any(cells) for cells in zip_longest(*lines, fillvalue="")]
    if lines and not all(told):
        columns, lines = tuple(compress(columns, told)), [tuple(compress(line, told)) for line in lines]
    return _filled(_frame_of_table(labels, columns, classes), lines)


@lru_cache(maxsize=256)  # a few tables stand on thousands of pages
def _frame_of_table(labels: Labels, heads: tuple[str | Column, ...], classes: str) -> _TableFrame:
    columns = [one if isinstance(one, Column) else Column(one, "f" if one == "Record" else "") for one in heads]
    titles = [labels.say(one.title) if one.title else "" for one in columns]
    names = [named(labels, one.title) if one.named else "" for one in columns]
    return _table_frame(titles, [one.look for one in columns], ["stack", classes], names)


def table_of(
    titles: Sequence[str],
    looks: Sequence[str],
    rows: Iterable[Iterable[str]],
    classes: Sequence[str] = (),
    names: Sequence[str] = (),
) -> str:
    """Return a table whose titles are HTML already; looks as in Column, names as `named` returns them."""
    return _filled(_table_frame(titles, looks, classes, names), rows)


class _TableFrame(NamedTuple):
    """A table without its rows: its beginning, and what stands around the cell of each column.

    cells: the opening tag, the rest of it where the cell tells its title (an empty one is not shown on a telephone),
    the closing tag.
    """

    head: str
    cells: list[tuple[str, str, str]]


def _table_frame(
    titles: Sequence[str], looks: Sequence[str], classes: Sequence[str], names: Sequence[str]
) -> _TableFrame:
    head = "".join(
        f'<th scope="col"{_class(look)}>{title}</th>' if title else "<td></td>"
        for title, look in zip(titles, looks, strict=True)
    )
    tags = ["th" if look == "f" else "td" for look in looks]
    opened = [
        (f"<{tag}{' scope=row' if tag == 'th' else ''}{_class(look)}", f"{name}>")
        for tag, look, name in zip(tags, looks, names or [""] * len(tags), strict=True)
    ]
    table = f'<div class="tw"><table class="{" ".join(filter(None, ["t", *classes]))}">'
    begins = f"{table}<thead><tr>{head}</tr></thead>\n<tbody>\n"
    return _TableFrame(begins, [(*start, f"</{tag}>") for start, tag in zip(opened, tags, strict=True)])


def _filled(frame: _TableFrame, rows: Iterable[Iterable[str]]) -> str:
    parts = [frame.head]
    for row in rows:
        parts.append("<tr>")
        for (start, name, end), cell in zip(frame.cells, row, strict=False):
            parts += (start, name if cell else ">", cell, end)
        parts.append("</tr>\n")
    parts.append("</tbody></table></div>\n")
    return "".join(parts)


def _class(look: str) -> str:
    return f' class="{look}"' if look else ""


def named(labels: Labels, title: str, area: str = "site") -> str:
    """Return the attributes by which a cell tells its title on a telephone, in each language."""
    spoken = labels.list_of(title, area)
    other = f' data-z="{escape(spoken[1])}"' if len(spoken) > 1 else ""
    return f' data-l="{escape(spoken[0])}"{other}'


def facts(rows: Sequence[tuple[str, str]], classes: str = "") -> str:
    """Return terms and what they are, both HTML, as a grid of facts; nothing for none."""
    items = "".join([f"<div><dt>{term}</dt><dd>{html}</dd></div>\n" for term, html in rows])
    return f'<dl class="facts{f" {classes}" if classes else ""}">\n{items}</dl>\n' if items else ""


def rows(items: Sequence[str]) -> str:
    """Return pieces of HTML as a list, a hairline between them; nothing for none."""
    return '<ul class="rows">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>\n" if items else ""


def fold(summary: str, html: str) -> str:
    """Return HTML that is folded away below a line of HTML, and opens without a script."""
    return f'<details class="fold"><summary>{summary}</summary>\n{html}</details>\n'


def link_list(items: Sequence[str]) -> str:
    """Return links in columns, as many as there is room for; nothing for none."""
    return '<ul class="links">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>\n" if items else ""
