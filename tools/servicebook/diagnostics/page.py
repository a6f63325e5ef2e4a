"""A rule's page, which is the docstring of its function: its parts, and the page in the reader's language."""

from __future__ import annotations

import inspect
import re

from servicebook.language.catalogue import say

PARTS = {"Why": "原因", "Example": "错误示例", "Instead": "正确写法"}
_PART = re.compile(r"^(Why|Example|Instead): *", re.MULTILINE)


def page_in(docstring: str, language: str) -> str:
    """Return a rule's docstring as its page in a language; examples stand as they are."""
    if language == "en":
        return inspect.cleandoc(docstring)
    first, parts = parse_page(docstring)
    lines = [say("pages", first, language)]
    if "Why" in parts:
        lines += ["", f"{PARTS['Why']}：" + say("pages", " ".join(parts["Why"].split()), language)]
    for name in ("Example", "Instead"):
        if name in parts:
            lines += ["", f"{PARTS[name]}：", *(f"    {line}".rstrip() for line in parts[name].splitlines())]
    return "\n".join(lines)


def parse_page(docstring: str) -> tuple[str, dict[str, str]]:
    """Return the first paragraph of a rule's docstring and its parts by name (Why, Example, Instead)."""
    text = inspect.cleandoc(docstring)
    pieces = _PART.split(text)
    names, bodies = pieces[1::2], pieces[2::2]
    parts = {name: inspect.cleandoc("\n" + body).strip("\n") for name, body in zip(names, bodies, strict=True)}
    return " ".join(pieces[0].split()), parts
