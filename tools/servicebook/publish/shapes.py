"""The shapes that stand before words (statuses, controls), drawn once: for the stylesheet and for drawings.

A status is told by shape, word and colour, in this order of importance; a shape is 16 by 16 and takes the
colour of its text.
"""

from __future__ import annotations

from urllib.parse import quote

_RING = '<circle cx="8" cy="8" r="6.4"/>'

LINES = {
    "met": _RING + '<path d="M4.9 8.2 7.2 10.4 11.2 6"/>',
    "run": _RING + '<path d="M8 4.2V8l2.6 1.8"/>',
    "pause": _RING + '<path d="M6.4 5.3v5.4M9.6 5.3v5.4"/>',
    "off": '<circle cx="8" cy="8" r="6.4" stroke-dasharray="2.6 1.9"/>',
    "gone": '<circle cx="8" cy="8" r="6.4" stroke-dasharray="2.6 1.9"/>'
    '<path d="M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.3M8 11v1.4"/>',
    "note": _RING + '<path d="M8 7.2v4.1M8 4.2v1.5"/>',
    "pen": '<path d="m2.5 13.5.7-3 7.8-7.8 2.3 2.3-7.8 7.8-3 .7Z"/>',
    "ring": '<circle cx="8" cy="8" r="3.5"/>',
    "up": '<path d="M8 13V3.5M4 7l4-4 4 4"/>',
    "copy": '<path d="M5.5 4.5v-3h8v9h-3M2.5 4.5h8v10h-8z"/>',
    "menu": '<path d="M2 4.5h12M2 8h12M2 11.5h12"/>',
    "search": '<circle cx="6.8" cy="6.8" r="4.6"/><path d="m10.2 10.2 4.3 4.3"/>',
    "x": '<path d="m3.5 3.5 9 9m0-9-9 9"/>',
    "box": '<rect x="2" y="2" width="12" height="12" rx="1.5"/>',
}
"""Shapes made of strokes."""

FILLS = {
    "ok": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.3 3.9L6.9 9.6 4.7 7.5 3.6 8.7l3.4 3.2 5.5-5.9-1.2-1.1Z",
    "warn": "M8 1.2 15.4 14.5H.6L8 1.2Zm-.9 4.6.3 4.4h1.2l.3-4.4H7.1ZM8 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2Z",
    "bad": "M5 1h6l4 4v6l-4 4H5l-4-4V5l4-4Zm.5 3.4L4.4 5.5 6.9 8l-2.5 2.5 1.1 1.1L8 9.1l2.5 2.5 1.1-1.1L9.1 8"
    "l2.5-2.5-1.1-1.1L8 6.9 5.5 4.4Z",
    "miss": "M2 2h12v12H2V2Zm3.4 2.3L4.3 5.4 6.9 8l-2.6 2.6 1.1 1.1L8 9.1l2.6 2.6 1.1-1.1L9.1 8l2.6-2.6-1.1-1.1"
    "L8 6.9 5.4 4.3Z",
    "plan": "M8 .8 15.2 8 8 15.2.8 8 8 .8ZM4.8 7.2v1.6h6.4V7.2H4.8Z",
    "seal": "M8 .9 14 3v5c0 3.4-2.5 5.9-6 7.1C4.5 13.9 2 11.4 2 8V3L8 .9Zm3.1 4.4L7.2 9.3 5 7.4 4 8.5l3.3 2.9"
    " 4.9-5.1-1.1-1Z",
    "lock": "M4 7V5a4 4 0 0 1 8 0v2h1v7.5H3V7h1Zm1.5 0h5V5a2.5 2.5 0 0 0-5 0v2Z",
    "dot": "M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Z",
    "theme": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.5a5.5 5.5 0 0 0 0 11v-11Z",
    "boxed": "M2 2h12v12H2V2Zm9.3 2.8L6.9 9.5 4.7 7.4 3.6 8.6 7 11.8l5.5-5.9-1.2-1.1Z",
    "stale": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM7.2 4h1.6v4.6H7.2V4Zm0"
    " 6h1.6v1.6H7.2V10Z",
}
"""Shapes made of one filled outline."""

COLOURS = {
    "ok": "ok", "met": "ok", "warn": "warn", "pause": "warn", "stale": "warn", "pen": "warn", "bad": "bad",
    "miss": "bad", "lock": "bad", "plan": "plan", "off": "off", "gone": "off", "run": "accent", "note": "accent",
    "seal": "ok", "dot": "ink2", "ring": "ink2", "up": "ink2",
}  # fmt: skip
"""Which colour role a status of this shape has; see the tokens in the stylesheet."""


def drawing(name: str, x: float, y: float, size: float = 16) -> str:
    """Return a shape for use inside an SVG drawing; it takes the drawing's current colour."""
    place = f'x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}" viewBox="0 0 16 16"'
    if name in FILLS:
        return f'<svg {place} class="i"><path fill="currentColor" fill-rule="evenodd" d="{FILLS[name]}"/></svg>'
    return f'<svg {place} class="i" fill="none" stroke="currentColor" stroke-width="1.5">{LINES[name]}</svg>'


def shapes_css() -> str:
    """Return the rules that put shapes before statuses (`.st-NAME`) and into controls (`.i-NAME`).

    All shapes lie side by side in one mask, and a class moves it to its own. The mask is a data: address, since a
    browser loads no shape from another file of a site opened from disk.
    """
    names = [*LINES, *FILLS]
    rules = [":root{--shapes:" + _strip(names) + "".join(f";--i-{one}:{names.index(one)}" for one in IN_SHEETS) + "}"]
    rules += (f".i-{name}{',.st-' + name if name in COLOURS else ''}{{--i:{n}}}" for n, name in enumerate(names))
    for colour in dict.fromkeys(COLOURS.values()):
        coloured = ",".join(f".st-{name}" for name, one in COLOURS.items() if one == colour)
        rules.append(f"{coloured}{{color:var(--{colour})}}")
    return "\n".join(rules) + "\n"


def _strip(names: list[str]) -> str:
    """Return all shapes side by side, as an address: a gap after each, or edges show at odd scales and on paper."""
    places = {name: STEP * place for place, name in enumerate(names)}
    lines = "".join(f'<g transform="translate({places[name]})">{drawn}</g>' for name, drawn in LINES.items())
    fills = "".join(f'<path transform="translate({places[name]})" d="{path}"/>' for name, path in FILLS.items())
    drawn = f'<g fill="none" stroke="red" stroke-width="1.5">{lines}</g><g fill-rule="evenodd">{fills}</g>'
    size = f"0 0 {STEP * len(names)} 16"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}">{drawn}</svg>'.replace('"', "'")
    return f'url("data:image/svg+xml,{quote(svg, safe=_MAY_STAND)}")'


STEP = 20
"""From one shape in the strip to the next; status.css and article.css move the strip by it."""
IN_SHEETS = ("note", "warn", "bad", "ok")
"""Shapes that parts of the stylesheet name."""
_MAY_STAND = " /:=,.;-+()'<>"
"""What need not be escaped in an address between double quotes."""
