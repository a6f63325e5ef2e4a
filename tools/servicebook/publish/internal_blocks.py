"""How blocks that not everybody reads look on a site that may show them: set apart and named, in both renderers.

`::: internal` is for the house, `::: audience customer` for those it names.

A block that is never closed goes on to the end, and one of another name counts as internal: when in doubt,
text stays in the house. Both have a finding of their own (BOD307, BOD308).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from servicebook.publish.labels import Labels
from servicebook.text.audience_blocks import AUDIENCE, is_known_block

INTERNAL = "Internal: not for customers"
"""What stands above a block, a label of the site."""

_FENCE = re.compile(r" {0,3}:::+[ \t]*(?P<name>.*?)[ \t]*")
_CODE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NAME = "servicebook_internal"
_AFTER_FENCED_CODE = 20
"""Priority below that of fenced code (25), which is out of sight by then."""


BlockLabel = Callable[[str], str]
"""From the name of a block (`internal`, `audience customer`) to what stands above it, as HTML."""


def plain_label(name: str) -> str:
    """Return what stands above a block where nobody gave labels."""
    return "Internal" if not is_named(name) else escape(name)


def block_label(labels: Labels) -> BlockLabel:
    """Return the labels of blocks in the languages of a site."""

    def label(name: str) -> str:
        if not is_named(name):
            return labels.say(INTERNAL)
        readers = "".join(f' <span class="id">{escape(word)}</span>' for word in name.replace(",", " ").split()[1:])
        return labels.say("Shown to") + readers

    return label


def is_named(name: str) -> bool:
    """Whether a block names its readers; any other is for the house."""
    return name.startswith(AUDIENCE) and is_known_block(name)


def opening(label: str) -> str:
    """Return the HTML that begins a block; `label` is HTML."""
    return f'<div class="adm internal"><p class="st st-lock">{label}</p>'


CLOSING = "</div>"


def use_in_bodies(parser: MarkdownIt, label: BlockLabel) -> None:
    """Teach CommonMark our blocks; they may begin right below a paragraph."""
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", _NAME, _read_block, interrupts)

    def begin(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
        return opening(label(tokens[index].info)) + "\n"

    parser.add_render_rule(f"{_NAME}_open", begin)
    parser.add_render_rule(f"{_NAME}_close", lambda *_: CLOSING + "\n")


def _read_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = None if state.is_code_block(start) else _FENCE.fullmatch(_line(state, start))
    if match is None or silent:
        return match is not None
    if not match["name"]:
        state.line = start + 1  # it closes nothing
        return True
    last = _closing_line(state, start + 1, end)
    token = state.push(f"{_NAME}_open", "div", 1)
    token.map, token.info = [start, last], match["name"]
    state.md.block.tokenize(state, start + 1, last)
    state.push(f"{_NAME}_close", "div", -1)
    state.line = min(last + 1, end)
    return True


def _closing_line(state: StateBlock, line: int, end: int) -> int:
    """Return the line that closes a block, outside fenced code; the end when none does."""
    code = ""
    while line < end:
        text = _line(state, line)
        if mark := _CODE.match(text):
            code = mark[1][:3] if not code else "" if mark[1].startswith(code) else code
        match = _FENCE.fullmatch(text)
        if not code and match and not match["name"]:
            break
        line += 1
    return line


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


class InternalBlocks(Preprocessor):
    """The same for Python-Markdown: the two lines become paragraphs that hold the tags."""

    def __init__(self, md: Markdown, label: BlockLabel) -> None:
        super().__init__(md)
        self._label = label

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with tags in the place of `::: internal` and `:::`."""
        return list(self._replaced(lines))

    def _replaced(self, lines: list[str]) -> Iterator[str]:
        is_open = False
        for line in lines:
            match = _FENCE.fullmatch(line)
            if match is None:
                yield line
            elif match["name"] and not is_open:
                is_open = True
                yield from ("", self.md.htmlStash.store(opening(self._label(match["name"]))), "")
            elif not match["name"] and is_open:
                is_open = False
                yield from ("", self.md.htmlStash.store(CLOSING), "")
        if is_open:
            yield from ("", self.md.htmlStash.store(CLOSING))


def use_in_pages(md: Markdown, label: BlockLabel) -> None:
    """Teach Python-Markdown our blocks."""
    md.preprocessors.register(InternalBlocks(md, label), _NAME, _AFTER_FENCED_CODE)
