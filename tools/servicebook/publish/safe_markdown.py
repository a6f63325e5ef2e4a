"""Ordinary pages and articles through Python-Markdown, with nothing in them that could run or fetch.

Raw HTML is shown as text, links that run something lose their target, images come from the site alone,
and attributes that an author adds (`{: onclick=...}`) are kept only where they do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from string import punctuation
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.inlinepatterns import SimpleTagInlineProcessor, SubstituteTagInlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from servicebook.publish.bodies import is_safe_link, task_box
from servicebook.publish.common_lists import use_common_lists
from servicebook.publish.deep_text import survive_deep_text
from servicebook.publish.han_lines import joined
from servicebook.publish.internal_blocks import BlockLabel, plain_label, use_in_pages
from servicebook.publish.many_brackets import find_links_once

Rewrite = Callable[[str], str]
"""From the target of a link in a file to where it leads on the site."""

_AFTER_RAW_HTML = 1
_BREAK = 185  # before other escapes
_STRUCK = 60  # with emphasis
_LAST = -100  # after every other tree processor


class SafeMarkdown(Extension):
    """The extension to append after all others."""

    def __init__(self, rewrite: Rewrite | None = None, label: BlockLabel = plain_label) -> None:
        super().__init__()
        self._label = label
        self._rewrite = rewrite

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Take raw HTML out of the language, and look over every element that is left."""
        md.preprocessors.deregister("html_block", strict=False)
        md.inlinePatterns.deregister("html", strict=False)
        use_in_pages(md, self._label)
        use_common_lists(md)
        survive_deep_text(md)
        find_links_once(md)
        SaneListExtension().extendMarkdown(md)
        md.ESCAPED_CHARS = sorted({*md.ESCAPED_CHARS, *punctuation})
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "servicebook_break", _BREAK)
        struck = SimpleTagInlineProcessor(r"(~~)(?=\S)(.+?)(?<=\S)~~", "del")
        md.inlinePatterns.register(struck, "servicebook_struck", _STRUCK)
        md.postprocessors.register(_TaskBoxes(md), "servicebook_tasks", _AFTER_RAW_HTML)
        md.treeprocessors.register(_Cleaner(md, self._rewrite), "servicebook_safe", _LAST)


class _TaskBoxes(Postprocessor):
    """Turns the check boxes of task lists, which nobody can tick, into pictures of them."""

    def run(self, text: str) -> str:
        return _BOX.sub(lambda box: task_box("checked" in box[1]), text)


def _same_kind(text: str) -> str:
    """Return a text with its Chinese lines joined; the library marks code by a class of text, which is kept."""
    return text if isinstance(text, AtomicString) else joined(text)


_BOX = re.compile(r'<input type="checkbox" disabled([^>]*)>\s*')


class _Cleaner(Treeprocessor):
    def __init__(self, md: Markdown, rewrite: Rewrite | None) -> None:
        super().__init__(md)
        self._rewrite = rewrite

    def run(self, root: Element) -> None:
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            if element.text and element.tag not in ("code", "pre"):
                element.text = _same_kind(element.text)
            if element.tail:
                element.tail = _same_kind(element.tail)
            for name in list(element.attrib):
                if name.lower().startswith("on") or name.lower() in ("style", "srcdoc", "formaction", "srcset"):
                    del element.attrib[name]
            if element.tag == "img":
                self._clean_image(element)
            for name in ("href", "src", "action"):
                target = element.get(name)
                if target is not None and not is_safe_link(target):
                    del element.attrib[name]
            target = element.get("href")
            if self._rewrite and target is not None and element.tag == "a":
                element.set("href", self._rewrite(target))

    def _clean_image(self, element: Element) -> None:
        """Turn an image from elsewhere into a link to it."""
        source = element.get("src") or ""
        parts = urlsplit(source)
        if not parts.scheme and not parts.netloc:
            return
        text, tail = element.get("alt") or source, element.tail
        element.clear()
        element.tag, element.text, element.tail = "a", text, tail
        element.set("href", source)
