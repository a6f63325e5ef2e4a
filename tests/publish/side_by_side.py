"""The two renderers of Markdown side by side: records by markdown-it, articles and pages by Python-Markdown.

What they make is compared as a stream of tags and words, without what only looks different: space, classes, anchors of
headings, the spans of highlighted code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from markdown import Markdown

from servicebook.publish.bodies import Bodies
from servicebook.publish.safe_markdown import SafeMarkdown

STARTER = Path(__file__).parents[2] / "tools/servicebook/cli/starter/mkdocs.yml.tmpl"
HERE = "tickets/incidents/2026/03/INC-20260312-7F3K.md"
KEPT = ("href", "src", "alt", "start")
"""Attributes that say something."""
VOID = ("img", "br", "hr")
SAME = {"h1": "h2", "del": "s"}
"""Tags that mean another: a record's title is its only first heading."""


def record_renderer() -> Bodies:
    """Return the renderer of records, in a desk with nothing to link to."""
    return Bodies(lambda path: False, lambda id: None)


def article_renderer() -> Markdown:
    """Return the renderer of ordinary pages, with the extensions that `servicebook init` writes."""
    extensions = re.search(r"(?ms)^markdown_extensions:\n(?:[ -].*\n?)+", STARTER.read_text("utf-8"))
    assert extensions
    names, settings = [], {}
    for one in yaml.safe_load(extensions[0])["markdown_extensions"]:
        name, given = next(iter(one.items())) if isinstance(one, dict) else (one, {})
        names.append(name)
        settings[name] = given or {}
    settings["toc"] = {"permalink": False}
    return Markdown(extensions=[*names, SafeMarkdown()], extension_configs=settings)


class Stream(HTMLParser):
    """HTML as a list of tags and words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._text = ""
        self._skipped: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        plain = tag in ("span", "div") and given.get("role") != "img"
        if tag not in VOID:
            self._skipped.append(plain)
        if plain:
            return
        self._flush()
        tag = SAME.get(tag, tag)
        if tag == "p" and self.words[-1:] == ["<li>"]:  # a list with more or less air
            return
        said = "".join(f" {name}={unquote(str(given[name]))}" for name in KEPT if given.get(name))
        self.words.append(f"<{tag}{said}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or (self._skipped and self._skipped.pop()) or tag == "p":  # browsers close paragraphs
            return
        self._flush()
        self.words.append(f"</{SAME.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        self._text += data

    def _flush(self) -> None:
        self.words += [unquote(word) if "://" in word else word for word in self._text.split()]
        self._text = ""

    def close(self) -> None:
        super().close()
        self._flush()


def stream(html: str) -> list[str]:
    """Return HTML as a list of tags and words."""
    found = Stream()
    found.feed(html)
    found.close()
    return found.words


def differences(one: list[str], other: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands in the first and what stands there in the second, with a few words around it."""
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield " ".join(one[max(a - 3, 0) : b + 3]), " ".join(other[max(c - 3, 0) : d + 3])


def both(bodies: Bodies, articles: Markdown, text: str) -> tuple[list[str], list[str]]:
    """Return a text as both render it."""
    articles.reset()
    return stream(bodies.render(text, HERE)), stream(articles.convert(text))


def corpora(data: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the body of every Markdown file in a folder of real texts."""
    for path in sorted(data.rglob("*.md")):
        text = path.read_text("utf-8", "replace")
        text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
        yield str(path.relative_to(data)), re.sub(r"\A```toml\n.*?\n```\n", "", text, flags=re.S)


__all__: list[Any] = ["article_renderer", "both", "corpora", "differences", "record_renderer", "stream"]
