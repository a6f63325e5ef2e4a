"""Record bodies: the two renderers agree on what both know, links find pages, nothing unsafe comes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown

from servicebook.publish.bodies import Bodies, is_safe_link, split_body
from servicebook.publish.plain_bodies import render_plain
from servicebook.publish.safe_markdown import SafeMarkdown

HERE = "tickets/incidents/2026/03/INC-20260312-7F3K.md"
OTHER = "tickets/problems/2026/03/PRB-20260313-Q2RT.md"


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    known = {HERE, OTHER, "kb/services/live-streaming.md"}
    address = {"PRB-20260313-Q2RT": "tickets/problems/2026/03/PRB-20260313-Q2RT.html"}
    return Bodies(known.__contains__, address.get)


def articles(text: str) -> str:
    extensions = ["tables", "fenced_code", "sane_lists", SafeMarkdown()]
    settings = {"tables": {"use_align_attribute": True}}
    return Markdown(extensions=extensions, extension_configs=settings).convert(text)


def bare(html: str) -> str:
    """Return HTML without what the renderers may do differently: space, classes, alignment."""
    html = re.sub(r"\s(?:class|align)=\"[^\"]*\"|\s*/(?=>)", "", html).replace("&quot;", '"')
    return re.sub(r"\s+", "", html)


@pytest.mark.parametrize(
    "text",
    [
        "## Symptom\n\nBlack *picture*, **no** `sound`.",
        "现象：**黑屏**，声音正常。\n\n第二段。",
        "- one\n- two\n- three",
        "1. first\n2. second",
        "> said so",
        "[site](https://example.org) and <https://example.org>",
        "```\necho <hi>\n```",
        "| a | b |\n| --- | --: |\n| 1 | 2 |",
        "one\n\n---\n\ntwo",
        "[bad](javascript:alert(1))"[:0] + "a & b < c",
    ],
)
def test_both_renderers_agree(bodies: Bodies, text: str) -> None:
    assert bare(bodies.render(text, HERE)) == bare(articles(text))


def test_links_between_files_become_links_between_pages(bodies: Bodies) -> None:
    html = bodies.render(
        "[s](../../../../kb/services/live-streaming.md#scope) PRB-20260313-Q2RT PRB-20260313-ZZZZ", HERE
    )
    assert 'href="../../../../services/live-streaming.html#scope"' in html
    assert '<a href="../../../../tickets/problems/2026/03/PRB-20260313-Q2RT.html" class="id">' in html
    assert html.count("<a ") == 2


@pytest.mark.parametrize("mark", ["", "!"])
@pytest.mark.parametrize("target", ["../../../../../etc/passwd", "../../../..%2f../etc/passwd"])
def test_links_out_of_the_repository_lead_nowhere(mark: str, target: str, bodies: Bodies) -> None:
    for html in (bodies.render(f"{mark}[y]({target})", HERE), bodies.link(target, HERE)):
        assert "passwd" not in html


def test_ids_in_code_and_in_links_are_left_alone(bodies: Bodies) -> None:
    html = bodies.render("`PRB-20260313-Q2RT` [PRB-20260313-Q2RT](https://example.org)", HERE)
    assert html.count("<a ") == 1


def test_tasks_are_boxes_that_cannot_be_ticked(bodies: Bodies) -> None:
    html = bodies.render("- [x] done\n- [ ] open", HERE)
    assert html.count('role="img"') == 2
    assert html.count('aria-label="☑"') == 1 and "<input" not in html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "\x01javascript:alert(1)", "javascript\u200b:alert(1)",
    ],
)  # fmt: skip
def test_links_that_run_something_are_refused(target: str) -> None:
    assert not is_safe_link(target)


@pytest.mark.parametrize("target", ["https://example.org", "mailto:a@b.c", "x.md#y", "../a.html", "#top", "tel:123"])
def test_ordinary_links_may_stand(target: str) -> None:
    assert is_safe_link(target)


@given(st.text(max_size=80) | st.text(alphabet="<>[]()`*_!\"'&;:/ \njavscript=onclk", max_size=80))
def test_no_text_makes_an_element_that_runs(text: str) -> None:
    plain = Bodies(lambda path: False, lambda id: None)
    for html in (plain.render(text, HERE), articles(text)):
        tags = re.findall(r"<[a-z][^<>]*>", html)
        assert not [tag for tag in tags if re.match(r"<(script|iframe|object|style|svg|form)|<[^>]*\son\w+=", tag)]
        assert not [tag for tag in tags if re.search(r'(?:href|src)="\s*(?:javascript|data|vbscript):', tag, re.I)]


def test_the_body_is_what_follows_the_front_matter() -> None:
    assert split_body(b"---\nid: x\n---\n## A\n") == "## A\n"
    assert split_body(b"\xef\xbb\xbf---\r\nid: x\r\n---\r\nbody\r\n---\r\nmore") == "body\n---\nmore"
    assert split_body(b"plain") == "plain"
    assert split_body(b"---\nid: x\n") == ""


INTERNAL = """Before
::: internal
The supplier was **late**.

- again

```
:::
```
:::
After
"""


def test_internal_blocks_are_set_apart_and_not_shown_as_written(bodies: Bodies) -> None:
    page = Markdown(extensions=["fenced_code", SafeMarkdown()])
    for html in (bodies.render(INTERNAL, HERE), page.convert(INTERNAL)):
        head, _, rest = html.partition('<div class="adm internal">')
        inside, _, tail = rest.partition("</div>")
        assert "Before" in head and "After" in tail
        assert "<strong>late</strong>" in inside and "<li>again</li>" in inside
        assert ":::" not in re.sub(r"<pre>.*?</pre>", "", html, flags=re.S)
        assert html.count("<div") == html.count("</div>")


@pytest.mark.parametrize("text", ["::: internal\nopen", "::: intern\nopen\n:::", "- a\n::: internal\nopen\n:::", ":::"])
def test_a_block_in_doubt_is_internal(bodies: Bodies, text: str) -> None:
    page = Markdown(extensions=[SafeMarkdown()])
    for html in (bodies.render(text, HERE), page.convert(text)):
        assert ":::" not in html
        assert ("open" not in text) or "open" in html.partition('<div class="adm internal">')[2]
        assert html.count("<div") == html.count("</div>")


def test_lines_of_chinese_are_joined_without_a_blank_in_both_renderers(bodies: Bodies) -> None:
    text = "破折号……\n混排 text\n第二行，\n第三行 `码\n码`。\n\n    代码\n    一行\n"
    page = Markdown(extensions=[SafeMarkdown()])
    for html in (bodies.render(text, HERE), page.convert(text)):
        assert "破折号……混排 text\n第二行，第三行" in html
        assert "代码\n一行" in html


PLAIN = (
    "## 现象\n\n频道 3 自 08:41 起无画面；`PRB-20260313-Q2RT` 之后。\n第二行 (see PRB-20260313-Q2RT)\nand more.\n\n"
    "```text\n<a> & `b`\n\n- c\n```\n\n# Log\n- one `two  three`\n- 四 & **five**\n\n3 lines follow \n"
)
FRAGMENTS = (
    "a", "PRB-20260313-Q2RT", "中文", "，", " ", "  ", "`", "``", "```", "- ", "-", "#", "## ", "1. ", "12) ", "3",
    "\n", "\n\n", "*", "**b**", "_", "[x](y)", "]", "!", "<b>", "&amp;", "&", ">", "> ", "~~", "\\", ":",
    "::: internal\n", "|", "| - |", "===", "---", "+", '"', "`c`", "（", "```text\ncode\n```", "\t", "\u3000",
    "- [ ] ", "- i\n- k\n", "=", "x.",
)  # fmt: skip


def test_plain_bodies_need_no_parser(bodies: Bodies) -> None:
    asked: list[str] = []

    def inline(text: str) -> str:
        asked.append(text)
        return bodies.render_parsed(text, HERE).removeprefix("<p>").removesuffix("</p>\n")

    assert render_plain(PLAIN, lambda text: text, inline) is not None
    assert asked == ["四 & **five**"]
    assert bodies.render(PLAIN, HERE) == bodies.render_parsed(PLAIN, HERE)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=9).map("".join))
@example("a`\n]\n`b")
def test_plain_bodies_are_what_the_parser_makes_of_them(bodies: Bodies, text: str) -> None:
    assert bodies.render(text, HERE) == bodies.render_parsed(text, HERE)


def nested(levels: int, sign: str) -> str:
    """Return lists in lists, or quotes in quotes, with a word at each level and a paragraph behind them."""
    lines = [sign * level + "> " if sign == "> " else sign * level + "- " for level in range(levels)]
    return "\n".join(f"{line}word{number}" for number, line in enumerate(lines)) + "\n\nbehind\n"


@pytest.mark.parametrize("sign", ["> ", "  ", "    "])
@pytest.mark.parametrize("levels", [12, 30, 300])
def test_text_is_shown_however_deep_it_stands(bodies: Bodies, sign: str, levels: int) -> None:
    text = nested(levels, sign)
    for html in (bodies.render(text, HERE), articles(text)):
        shown = re.sub(r"<[^>]*>", " ", html)
        assert [number for number in range(levels) if f"word{number}" not in shown] == []
        assert "behind" in shown


def test_a_link_without_a_scheme_leads_to_no_file_of_the_reader(bodies: Bodies) -> None:
    html = bodies.render("[a](//host.example/share) [b]: no\n", HERE)
    assert 'href="https://host.example/share"' in html  # opened from file://, `//host` is a share of the network
