"""Running text on a page: a record's body cut into sections at its headings, the headings of an article as a list."""

from __future__ import annotations

import re

from servicebook.publish.elements import section_of
from servicebook.publish.view import View

_SECOND = re.compile(r"<h2(?P<rest>[^>]*)>(?P<title>.*?)</h2>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]*)"')
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_AFTER_CELL = re.compile(r"(?<=</t[dhr]>)\n")

ENOUGH = 3
"""Fewer headings need no list of them."""


def body_sections(view: View, html: str, language: str) -> str:
    """Return a rendered body as sections: each second-level heading hangs in the margin like those of the page.

    language: that of the text, for the headings and what stands below them.
    """
    if not html:
        return ""
    parts, end, title, number = [], 0, "", 0
    for found in [*_SECOND.finditer(html), None]:
        text = html[end : found.start() if found else len(html)].strip()
        if text:  # a heading of the template that nobody wrote below says nothing
            number += 1
            inner = f'<div class="text" lang="{language}">{text}</div>\n'
            heading = f'<span lang="{language}">{title}</span>' if title else view.labels.field("description")
            parts.append(section_of(heading, inner, f"text-{number}"))
        if found:
            end, title = found.end(), _PERMALINK.sub("", found["title"])
    return "".join(parts)


def contents_html(view: View, html: str, language: str) -> str:
    """Return the second-level headings of an article as links, where there are some."""
    found = [
        (place[1], _TAG.sub("", _PERMALINK.sub("", heading["title"])))
        for heading in _SECOND.finditer(html)
        if (place := _ID.search(heading["rest"]))
    ]
    if len(found) < ENOUGH:
        return ""
    links = "".join(f'<a href="#{anchor}" lang="{language}">{title}</a>\n' for anchor, title in found)
    label = view.labels.text("On this page")
    return (
        f'<details class="toc" data-wide="1240"><summary>{view.labels.say("On this page")}</summary>'
        f'<nav aria-label="{label}">{links}</nav></details>\n'
    )


def squeezed_tables(html: str) -> str:
    """Return HTML without the line ends after cells, which no reader sees: a kilobyte of a large reference page."""
    return _AFTER_CELL.sub("", html)
