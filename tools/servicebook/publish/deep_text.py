"""Text nested deeper than anybody follows is shown as it was written, where the libraries would drop it or give up."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

MOST_LEVELS = 60
"""So many quotes in one another are read, or half as many lists: e-mail that was answered to and fro has some."""


def keep_deep_text(parser: MarkdownIt) -> None:
    """Let CommonMark show what it drops: all that stands deeper, and all behind that."""
    parser.options["maxNesting"] = MOST_LEVELS
    tokenize = parser.block.tokenize

    def tokenize_all(state: StateBlock, start: int, end: int) -> None:
        if state.level < MOST_LEVELS:
            tokenize(state, start, end)
            return
        line = start
        while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
            line += 1
        token = state.push("code_block", "code", 0)
        token.content, token.map = state.getLines(start, line, state.blkIndent, False), [start, line]
        state.line = line

    setattr(parser.block, "tokenize", tokenize_all)  # noqa: B010 # rules call it by the parser


def survive_deep_text(md: Markdown) -> None:
    """Let Python-Markdown show a text as it was written where it comes to the end of its stack."""
    parse = md.parser.parseDocument

    def parse_any(lines: Sequence[str]) -> ElementTree:
        try:
            return parse(lines)
        except RecursionError:
            md.parser.state.clear()
            root = Element("div")
            code = SubElement(SubElement(root, "pre"), "code")
            code.text = AtomicString("\n".join(lines))
            return ElementTree(root)

    setattr(md.parser, "parseDocument", parse_any)  # noqa: B010 # the library calls it by the parser
