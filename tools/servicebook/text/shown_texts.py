"""What readers outside the house find in a record's own texts, and what of them is kept from them."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.records.facts import Facts
from servicebook.records.shown_fields import Tree, shown_fields, shown_sections
from servicebook.text.audience_blocks import hidden_lines, shown_text
from servicebook.typed import Any


def readable_text(facts: Facts, body: str, audience: str) -> str:
    """Return all texts of a record that an outer audience reads: fields and body, runs of blanks as one."""
    tree = shown_fields(facts.kind, audience) or {}
    texts = [text for _, text in _texts(facts.data, tree, shown=True)]
    texts.append(shown_text(body, audience, shown_sections(facts.kind, audience)))
    return _plain("\n".join(texts))


def hidden_texts(facts: Facts, body: str, audience: str) -> Iterator[tuple[str, str]]:
    """Yield the texts that are hidden from it, with the field each stands in: empty for a line of a hidden block."""
    tree = shown_fields(facts.kind, audience) or {}
    yield from ((where, _plain(text)) for where, text in _texts(facts.data, tree, shown=False))
    if ":::" in body:
        yield from (("", text) for line in hidden_lines(body, audience) if (text := _plain(line)))


def _texts(value: Any, tree: Tree | None, *, shown: bool, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield (place, text) of the texts that the tree lists, or of those that it does not list."""
    if isinstance(value, str):
        if shown == (tree is None):
            yield where, value
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, tree, shown=shown, where=where)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in ("timeline", "$body", "id", "title"):
                continue
            below: Tree | None = {}
            if tree is not None and (key in tree or "*" in tree):
                below = tree[key] if key in tree else tree["*"]
            yield from _texts(inner, below, shown=shown, where=f"{where}.{key}" if where else key)


def _plain(text: str) -> str:
    return " ".join(text.split())
