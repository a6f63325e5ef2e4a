"""Both renderers agree: on every construct that records know, and on real texts; where they differ is written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import Markdown
from tests.publish.side_by_side import both, corpora, differences

from servicebook.publish.bodies import Bodies

TEXTS = Path(__file__).parent / "texts"
DATA = Path(__file__).parents[3] / "shared/data"

CONSTRUCTS = {
    "emphasis": "Black *picture*, **no** `sound`, a_snake_case_word.",
    "struck": "Starting at ~~17:00~~ 13:00 UTC. A ~ alone, and ~~ open.",
    "headings": "# One\n\n## Two\n\n### Three ###\n\nSet\n---\n\ntext",
    "breaks": "one  \ntwo\\\nthree",
    "rule": "one\n\n---\n\ntwo\n\n* * *\n",
    "quote": "> said so\n> and so\n\nafter",
    "code": "    indented\n    code\n\nafter ``a ` b``",
    "fence": "```python\ndef f(a): return a < 2\n```\n\n~~~\n``` in it\n~~~",
    "fence below a paragraph": "Run this:\n```sh\nls\n```\n\nthen that.",
    "unclosed fence": "Look:\n\n```sql\nselect *\n\n# no heading\n- no item\n",
    "list": "- one\n- two\n\nafter",
    "list below a paragraph": "All of:\n- one\n- two\n\n1. first\n2. second\n",
    "numbers below a paragraph": "It began in\n2019. It ended\n1. day later",
    "loose list": "- one\n\n- two\n\n  more of two\n\nafter",
    "nested by two": "- a\n  - b\n    - c\n- d\n",
    "nested by three": "1. a\n   - b\n   - c\n2. d\n\n   more of d\n",
    "nested by four": "- a\n    - b\n        - c\n\n    more of a\n",
    "code in a list": "1. Run:\n\n   ```sh\n   ls -l\n   ```\n\n2. Read:\n\n       indented\n",
    "lazy lines": "- one\ngoes on\n- two\n",
    "start": "3. three\n4. four",
    "tasks": "- [ ] to do\n- [x] done\n",
    "table": "| a | b |\n| --- | --: |\n| 1 | `2` |\n| *x* | a\\|b |\n\nafter",
    "table with one column": "| a |\n| --- |\n| 1 |\n",
    "links": "[site](https://example.org/a?b=1&c=2) <https://example.org> [with title](https://example.org 'x')",
    "reference": "See [the site][s] and [s].\n\n[s]: https://example.org\n",
    "bad link in brackets": "<javascript:alert(1)>",
    "raw HTML": "<script>alert(1)</script>\n\nA <b onclick='x'>word</b>, &copy; &lt; <!-- no comment -->",
    "entities": 'AT&T, a < b, 5 > 4, "quoted", it\'s',
    "escapes": "\\*no emphasis\\* 1\\. \\# \\[x\\]",
    "Chinese": "现象：**黑屏**，声音正常。\n第二行接在后面。\n\n- 检查`编码器`；\n- 重启",
    "Chinese beside Latin": "频道 5 的\nHLS 断流，\n见 ORA-00060。",
    "own blocks": "before\n\n::: internal\nA **secret**.\n\n- one\n:::\n\nafter",
    "long line": "word " * 1000,
    "marks": "\u202eright to left\u202c and zero\u200bwidth \ufeff",
    "table below a paragraph": "Counts:\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
}

DIFFER = {
    "footnotes are for articles": ("One.[^1]\n\n[^1]: Note.", r"\[\^"),
    "attributes are for articles": ("# Head {: #here }\n", r"\{:"),
    "notes, tabs and folds are for articles": ('!!! note "N"\n    text\n', r"(?m)^(?:!!!|\?\?\?|===)"),
    "a record shows pictures of its own folder alone": ("![pic](/media/a.png)", r"!\[[^\]]*\]\("),
    "code in the name of a reference": ("[`a`]\n\n[`a`]: https://example.org", r"\[`[^`\]]*`\]"),
    "a reference in brackets": ("paper[[1]]\n\n[1]: https://example.org", r"\[\["),
    "bold and slanted, one in the other": ("***both***", r"\*\*\*"),
    "of a link that would run something, articles keep the words": ("[a](javascript:b)", "javascript:"),
    "another sign begins another list": (
        "- a\n\n* b\n",
        r"(?ms)^ *\* .*^ *[-+] |^ *[-+] .*^ *\* |^ *\+ .*^ *- |^ *- .*^ *\+ ",
    ),
    "an item without words": ("# a\n\n-\n\n# b\n", r"(?m)^ *[-*+] *$"),
    "text right below code": ("```\na\n```\nb\n", r"(?m)^ *(?:```|~~~) *\n *[^\s`~]"),
}
"""Where they differ: a text that shows it, and a pattern that texts with it match."""


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_is_rendered_the_same(bodies: Bodies, articles: Markdown, name: str) -> None:
    record, article = both(bodies, articles, CONSTRUCTS[name])
    assert record == article


@pytest.mark.parametrize("name", DIFFER)
def test_where_they_differ_is_known(bodies: Bodies, articles: Markdown, name: str) -> None:
    text, pattern = DIFFER[name]
    record, article = both(bodies, articles, text)
    assert record != article and re.search(pattern, text)


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_real_texts_are_rendered_the_same(bodies: Bodies, articles: Markdown, path: Path) -> None:
    record, article = both(bodies, articles, path.read_text("utf-8"))
    assert list(differences(record, article)) == []


def held(bodies: Bodies, articles: Markdown, every: int) -> None:
    texts = list(corpora(DATA))[::every]
    odd = []
    for name, text in texts:
        record, article = both(bodies, articles, text)
        if record != article:
            odd.append(name)
            known = any(re.search(pattern, text) for _, pattern in DIFFER.values())
            assert known, (name, next(differences(record, article)))
    assert len(odd) <= len(texts) * 0.03, odd


@pytest.mark.skipif(not DATA.is_dir(), reason="the real texts lie in ../shared/data, which is not there")
def test_a_tenth_of_the_real_texts(bodies: Bodies, articles: Markdown) -> None:
    held(bodies, articles, 10)


@pytest.mark.nightly
@pytest.mark.skipif(not DATA.is_dir(), reason="the real texts lie in ../shared/data, which is not there")
def test_all_real_texts(bodies: Bodies, articles: Markdown) -> None:
    held(bodies, articles, 1)
