"""The neighbourhood of an asset or a service as a drawing (SVG), and the same as a table.

Drawn by our own rules (layered.py) on every machine: were Graphviz asked where it is there, the same commit would give
other pages on another machine or after an upgrade, and every one of them would be published anew.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

from servicebook.publish.addresses import href, page_of
from servicebook.publish.elements import Column, fold
from servicebook.publish.labels import TAGS, language_of, written
from servicebook.publish.layered import BOX, place
from servicebook.publish.neighbourhood import USES, Neighbourhood, Tie
from servicebook.publish.view import View
from servicebook.records.facts import Facts

WIDE = 132
"""Of a box, in pixels."""
GAPS = {2: 110, 3: 100, 4: 81, 5: 28}
"""Between two columns, by how many there are: arrows want room."""
HEAD = 26
"""Height of the words above the columns."""
A_LINE, LINES = 17, 2
"""So many half-width columns a line of a box holds, and so many lines."""
ROUND = 2
"""So many columns fewer fit between round ends."""

LOOKS = {USES: "", "runs-on": "", "depends-on": "", "part-of": "po", "connects-to": "ct", "backed-up-by": "bu"}
"""The class of the arrows of each relation: what a record cannot do without is drawn through."""

_EAST = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
_WIDE = re.compile(f"[{_EAST}\U0001f300-\U0003fffd]")
_OPENING, _CLOSING = "（《〈「『【〔“‘([", "、，。；：！？）》〉」』】〕”’)],.;:!?"
_PIECE = re.compile(rf"[{re.escape(_OPENING)}]*(?:[^\s{_EAST}]+|.)[{re.escape(_CLOSING)}]*\s*", re.S)


def neighbourhood_html(view: View, address: str, around: Neighbourhood) -> str:
    """Return what depends on what around an asset or a service; nothing where it stands alone."""
    if len(around.steps) < 2:
        return ""
    table = fold(view.labels.say("The same as a table"), _table(view, address, around))
    rest = view.count(around.left_out) if around.left_out else ""
    more = f'<p class="meta">{view.labels.say("and {count} more within two steps", count=rest)}</p>\n' if rest else ""
    return f"{_drawing(view, address, around)}{_key(view, around)}{more}{table}"


# --- the drawing


class _Grid(NamedTuple):
    """Where the boxes of a drawing lie: the gap between columns, the left edge and the middle of each box."""

    gap: int
    lefts: dict[str, int]
    middles: dict[str, int]


def _drawing(view: View, address: str, around: Neighbourhood) -> str:
    """Return the drawing. Who cannot see it and who types have the table: the drawing is left out for them."""
    places = place(around.steps, [(tie.source, tie.target) for tie in around.ties])
    first = min(around.steps.values())
    columns = max(around.steps.values()) - first + 1
    gap = GAPS[columns]
    grid = _Grid(
        gap,
        {path: (step - first) * (WIDE + gap) for path, step in around.steps.items()},
        {path: middle + HEAD for path, middle in places.middles.items()},
    )
    width, height = columns * (WIDE + gap) - gap, places.height + HEAD
    own = next(iter(around.steps))
    parts = [_heads(view, grid.lefts[own], gap, width), _arrows(around, grid)]
    parts += [_box(view, address, path, grid.lefts[path], grid.middles[path], path == own) for path in around.steps]
    words = escape(view.labels.text("Drawing: what depends on what; the table below says the same"))
    return (
        f'<div class="tw" role="region" tabindex="0" aria-label="{words}"><svg class="graph n{columns}" '
        f'viewBox="-1 -1 {width + 2} {height + 2}" width="{width + 2}" height="{height + 2}" aria-hidden="true">\n'
        + "".join(parts)
        + "</svg></div>\n"
    )


def _heads(view: View, left: int, gap: int, width: int) -> str:
    """Return what the two sides are."""
    above = _words(view, "Depends on it →", "lab r", left - gap // 2) if left else ""
    below = _words(view, "It depends on →", "lab", left + WIDE + gap // 2) if left + WIDE < width else ""
    return above + below + "\n"


def _words(view: View, text: str, name: str, x: int) -> str:
    """Return words above the columns in each language."""
    spoken = zip(view.labels.languages, view.labels.list_of(text), strict=False)
    return "".join(
        f'<text class="l {name}" lang="{TAGS[one]}" x="{x}" y="12">{escape(words)}</text>' for one, words in spoken
    )


def _box(view: View, address: str, path: str, left: int, middle: int, is_own: bool) -> str:
    facts = view.records[path]
    title, other = facts.title or facts.id, str(facts.data.get("title_zh") or "")
    spoken = [(language_of(title), title)]
    if other and other != title and len(view.labels.languages) > 1:
        spoken = [("en", title), (TAGS["zh"], other)]
    columns = A_LINE - ROUND if facts.kind == "service" else A_LINE
    titles = "".join(_title(lines_of(text, columns), left, middle, lang, len(spoken) > 1) for lang, text in spoken)
    name = " ".join(filter(None, ("me" if is_own else "", "sv" if facts.kind == "service" else "", _rest(facts))))
    attributes = f' class="{name}"' if name else ""
    round_ = f' rx="{BOX // 2}"' if facts.kind == "service" else ' rx="2"'
    box = f'<rect x="{left}" y="{middle - BOX // 2}" width="{WIDE}" height="{BOX}"{round_}/>'
    hint = f"<title>{escape(' / '.join(text for _, text in spoken))}</title>" if "…" in titles else ""
    inside = f"{hint}{box}{titles}"
    if not is_own:
        inside = f'<a href="{href(address, page_of(facts))}" tabindex="-1">{inside}</a>'
    return f"<g{attributes}>{inside}</g>\n"


def _rest(facts: Facts) -> str:
    """Return the class of what is not in use."""
    return "" if facts.status in ("active", "") else "out"


def _title(lines: list[str], left: int, middle: int, lang: str, is_spoken: bool) -> str:
    x, y = left + WIDE // 2, middle + 5 - 8 * (len(lines) - 1)
    name = ' class="l"' if is_spoken else ""
    if len(lines) == 1:
        return f'<text{name} lang="{lang}" x="{x}" y="{y}">{escape(lines[0])}</text>'
    spans = "".join(f'<tspan x="{x}" y="{y + 16 * n}">{escape(line)}</tspan>' for n, line in enumerate(lines))
    return f'<text{name} lang="{lang}">{spans}</text>'


def lines_of(text: str, columns: int = A_LINE) -> list[str]:
    """Return a title in as many lines as a box has, broken at blanks and between Han; what is too long ends in …."""
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split())):
        fits = _columns(lines[-1] + piece.rstrip()) <= columns
        if not fits and lines[-1] and len(lines) < LINES:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece
    return [_cut(line.strip(), columns) for line in lines]


def _cut(line: str, columns: int) -> str:
    if _columns(line) <= columns:
        return line
    while line and _columns(line) > columns - 1:
        line = line[:-1]
    return line.rstrip() + "…"


def _columns(text: str) -> int:
    """Return the width in half-width columns; by a list of our own, for Unicode's own moves with Python's version."""
    return len(text) + len(_WIDE.findall(text))


def _arrows(around: Neighbourhood, grid: _Grid) -> str:
    """Return all arrows, a path for each look."""
    drawn: dict[str, list[str]] = {}
    points = []
    for tie in around.ties:
        line, point = _arrow(tie, grid)
        drawn.setdefault(LOOKS.get(tie.relation, ""), []).append(line)
        points.append(point)
    lines = "".join(
        f'<path class="e{f" {look}" if look else ""}" d="{"".join(dict.fromkeys(paths))}"/>\n'
        for look, paths in sorted(drawn.items())
    )
    return f'{lines}<path class="p" d="{"".join(dict.fromkeys(points))}"/>\n' if points else ""


def _arrow(tie: Tie, grid: _Grid) -> tuple[str, str]:
    """Return the line of an arrow, between facing sides, and its point."""
    source, target = grid.lefts[tie.source], grid.lefts[tie.target]
    start, end = grid.middles[tie.source], grid.middles[tie.target]
    way = 1 if target > source else -1
    x, tip = (source + WIDE, target) if way > 0 else (source, target + WIDE)
    last, middle = tip - way * 5, (x + tip) // 2
    line = f"H{last}" if start == end else f"C{middle} {start} {middle} {end} {last} {end}"
    return f"M{x} {start}{line}", f"M{tip} {end}l{-7 * way} -4v8z"


def _key(view: View, around: Neighbourhood) -> str:
    """Return what the lines and frames mean: those that are there."""
    looks: dict[str, list[str]] = {}
    for relation, look in LOOKS.items():
        if any(tie.relation == relation for tie in around.ties):
            looks.setdefault(look, []).append(_relation(view, relation))
    told = [
        f'<svg class="graph" viewBox="0 0 34 12" width="34" height="12" aria-hidden="true">'
        f'<path class="e{f" {look}" if look else ""}" d="M0 6H34"/></svg><bdi>{" / ".join(words)}</bdi>'
        for look, words in looks.items()
    ]
    records = [view.records[path] for path in around.steps]
    boxes = (
        ("sv", 6, view.labels.kind("service"), any(one.kind == "service" for one in records)),
        ("", 1, view.labels.kind("asset"), any(one.kind == "asset" for one in records)),
        ("out", 1, view.labels.say("Not in use"), any(_rest(one) for one in records)),
    )
    told += [
        f'<svg class="graph" viewBox="-1 -1 36 14" width="36" height="14" aria-hidden="true"><g class="{name}">'
        f'<rect width="34" height="12" rx="{corner}"/></g></svg>{words}'
        for name, corner, words, is_there in boxes
        if is_there
    ]
    return f'<p class="key">{"".join(f"<span>{one}</span>" for one in told)}</p>\n'


# --- the table


def _table(view: View, address: str, around: Neighbourhood) -> str:
    """Return the records with their steps and ties, those that depend on it first."""
    rows = []
    for path, step in sorted(around.steps.items(), key=lambda item: item[1]):
        facts = view.records[path]
        ties: dict[str, list[str]] = {}
        for tie in around.ties:
            if tie.source == path:
                ties.setdefault(tie.relation, []).append(written(view.records[tie.target].title))
        told = "<br>".join(f"{_relation(view, one)}: {' · '.join(names)}" for one, names in ties.items())
        state = f" {view.state_of(facts)}" if _rest(facts) else ""
        rows.append((view.link(address, facts) + state, f"{step:+d}".replace("-", "−") if step else "0", told))
    heads = (Column("Record", "f"), Column("Steps (− depends on it, + it depends on)", "n"), Column("Stands on"))
    return view.table(heads, rows)


def _relation(view: View, relation: str) -> str:
    return view.labels.say("Uses") if relation == USES else view.labels.value(relation)
