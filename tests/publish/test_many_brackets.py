"""Thousands of brackets in a text: shown as text, the same by both renderers, in time that grows with the text."""

from __future__ import annotations

import random

import pytest
from markdown import Markdown
from tests.publish.growth import SQUARED, growth
from tests.publish.side_by_side import both

from servicebook.publish.bodies import Bodies
from servicebook.publish.many_brackets import find_links_once

MANY = 20_000
SIGNS = ("[", "![", "[a", "[[", "[^", "[a](", "[](", "[a][", "![a](", "[[a](b)", "](", '[a]("', "\n[a", "\n\n[")


@pytest.mark.parametrize("text", ["[" * 3000, "![" * 1500, "[a" * 1500, "[" * 900 + "[a](b)" * 900, "[a](" * 800])
def test_brackets_that_are_no_link_are_text_to_both(bodies: Bodies, articles: Markdown, text: str) -> None:
    record, article = both(bodies, articles, text)
    assert record == article
    assert bodies.render(text, "tickets/a.md").count("[") + 900 * ("[a](b)" in text) == text.count("[")


@pytest.mark.parametrize("sign", SIGNS)
def test_time_grows_with_the_brackets(articles: Markdown, sign: str) -> None:
    assert growth(lambda text: articles.reset().convert(text), sign, MANY) < SQUARED


def test_links_are_those_that_the_library_finds() -> None:
    dice = random.Random(7)
    library, ours = Markdown(extensions=["footnotes"]), Markdown(extensions=["footnotes"])
    find_links_once(ours)
    # A quote alone is left out: behind one, the library takes texts for links that are never closed.
    parts = ["[", "]", "(", ")", "![", "](", "[a](b)", "a", " ", '[a](b "(")', "(c 'd')", "<", ">", "[x]", "*", "\n"]
    parts += ["`", "\\", "[^1]", "](<a b>)", "](a(b)"]
    end = '\n\n[x]: /there "T"\n[a]: /a\n\n[^1]: note\n'
    for _ in range(4000):
        text = "".join(dice.choices(parts, k=dice.randint(1, 24))) + end
        assert ours.reset().convert(text) == library.reset().convert(text), text
