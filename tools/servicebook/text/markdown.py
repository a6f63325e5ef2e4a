"""What stands in the body of a record: sections, links, images, tasks, ids; and what is wrong with it.

Blocks are parsed by markdown-it-py as CommonMark with tables, those of the plainest bodies without it
(text/plain_blocks.py); the insides of a line only where a line holds a bracket, an angle or asterisks, because a
whole desk is read at once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from servicebook.diagnostics.collected import Collected
from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule
from servicebook.records.kinds import ID_PATTERN
from servicebook.text import body_rules as rules
from servicebook.text import layout_rules as layout
from servicebook.text.body import Body, Link, Section, Task
from servicebook.text.headings import key_of_heading
from servicebook.text.plain_blocks import Block, plain_blocks
from servicebook.text.targets import fault_of_target, is_unsafe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_PARAGRAPH = 20_000
"""Links of a longer paragraph are not looked for: brackets without end take markdown-it minutes."""


def make_parser(*without: str) -> MarkdownIt:
    """Return CommonMark with tables, whose links stay as written, the unsafe ones too: they must be found."""
    from markdown_it import MarkdownIt  # 2.5 times the start of Python, and plain bodies do without it

    parser = MarkdownIt("commonmark").enable("table").disable(without)
    parser.inline.ruler.enableOnly(
        ["text", "newline", "escape", "backticks", "link", "image", "autolink", "html_inline", "entity"]
    )
    parser.inline.ruler2.enableOnly(["fragments_join"])
    vars(parser).update(validateLink=lambda url: True, normalizeLink=lambda url: url)
    return parser


_SIGNS = {"table": "|", "html_block": "<", "reference": "]:", "blockquote": ">"}
"""Blocks that cannot be where their sign is not; markdown-it asks every line for each of them."""


def parse_blocks(body: str, env: dict[str, Any]) -> list[Token]:
    """Return the block tokens of a body that ends in a line end; link definitions go into `env`."""
    without = [name for name, sign in _SIGNS.items() if sign not in body]
    if "```" not in body and "~~~" not in body:
        without.append("fence")
    if not _RULER.search(body):
        without += ("lheading", "hr")
    parser = _parser(tuple(without))
    tokens: list[Token] = []
    parser.block.parse(body, parser, env, tokens)
    return tokens


_parser = cache(lambda without: make_parser(*without))
_RULER = re.compile(r"(?:[-*_][ \t]*){3}|^[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE)
_MARKS = re.compile(r"[\[<*]|^ {0,3}#", re.MULTILINE)
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_BLOCK = re.compile(r"^ {0,3}:::+[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"\s*<!--(?!-?>)(?:(?!--).)*-->\s*", re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_TIGHT_HEADING = re.compile(r"^ {0,3}(#{1,6}[^#\s].*)$", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\\*])(\*{1,3})(?![\s*])((?:[^*\n]|(?<=\\)\*)*?[^\s*\\])\1(?!\*)")
_TASK = re.compile(r"\[([ xX])\](?=[ \t])[ \t]*(.*)")
_NEAR_TASK = re.compile(r"(\[(?:\s*|\s*[xXvV√✓✔]\s*|[×✗✘])\]|［.{0,2}］|【\s?】)(?![(\[:])")
_SCHEME = re.compile(r"(?:\]\(|\]:|<)\s*((?:javascript|vbscript|data)\s*:[^\s)>]*)", re.IGNORECASE)


def parse_body(path: str, body: str, first_line: int) -> tuple[Body, list[Diagnostic]]:
    """Return what the body of the record at `path` holds, and every finding; never raises.

    first_line: the line of the file that the body begins in, from 1.
    """
    reading = _Reading(path, body, first_line)
    if hidden := _HIDDEN.search(body):
        line = body.count("\n", 0, hidden.start())
        reading.find(rules.hidden_character_in_text, line, hidden[0], character=f"U+{ord(hidden[0]):04X}")
        body = _HIDDEN.sub(" ", body)
    if not body.endswith("\n"):
        body += "\n"
    plain = None if hidden or "\t" in body else plain_blocks(body.split("\n"))
    reading.read(parse_blocks(body, reading.env) if plain is None else plain)
    if ":::" in body:
        reading.read_blocks(body)
    ids = tuple(dict.fromkeys(match[0] for match in ID_PATTERN.finditer(body))) if "-" in body else ()
    found = Body(
        tuple(reading.sections),
        tuple(reading.links),
        tuple(reading.images),
        ids,
        tuple(reading.tasks),
        tuple(reading.internal),
    )
    return found, reading.found.all()


class _Reading:
    """One pass over the block tokens of a body."""

    def __init__(self, path: str, body: str, first_line: int) -> None:
        self.path = path
        self.body = body
        self.lines = body.split("\n")
        self.first_line = first_line
        self.env: dict[str, Any] = {}
        self.found = Collected()
        self.sections: list[Section] = []
        self.links: list[Link] = []
        self.images: list[Link] = []
        self.tasks: list[Task] = []
        self.internal: list[tuple[int, int]] = []
        self.code_lines: set[int] = set()
        self._starts: list[int] = []
        self._keyed: dict[str, Section] = {}

    def find(self, rule: Rule, line: int, text: str = "", last: int = -1, /, **params: object) -> None:
        """Keep a finding at `text` in the lines from `line` (of the body, from 0) to `last`, else at the line."""
        if self.found.wants(rule.code):
            self.found.add(rule.at(self.path, self.place(line, text, last), **params))

    def place(self, line: int, text: str = "", last: int = -1) -> Span:
        """Return where `text` first stands in the lines from `line` to `last`, else the whole line."""
        if text and "\n" not in text and line < len(self.lines):
            starts = self.line_starts()
            at = self.body.find(text, starts[line], starts[min(max(last, line + 1), len(self.lines))])
            if at >= 0:
                number = bisect_right(starts, at) - 1
                return self._span(number, at - starts[number], at - starts[number] + len(text))
        whole = self.lines[line] if line < len(self.lines) else ""
        indent = len(whole) - len(whole.lstrip())
        return self._span(line, indent, max(len(whole), indent))

    def line_starts(self) -> list[int]:
        """Return the offset in the body of each line, and of what would be the next."""
        if not self._starts:
            self._starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        return self._starts

    def _span(self, line: int, start: int, end: int) -> Span:
        number = line + self.first_line
        return Span(number, start + 1, number, end + 1)

    def read(self, tokens: Sequence[Token | Block]) -> None:
        """Read all blocks in order."""
        before: Token | Block | None = None
        depth = quotes = 0
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "inline":
                self._inline(token, tokens[index - 1].type, depth > 0)
            elif kind == "heading_open":
                self._heading(token, tokens[index + 1])
            elif kind == "fence":
                self._fence(token)
            elif kind == "code_block" and token.map:
                self.code_lines.update(range(*token.map))
                self.find(layout.indented_code, token.map[0])
            elif kind == "html_block" and token.map and not _COMMENT.fullmatch(token.content):
                text = token.content.strip().split("\n")[0][:60]
                self.find(rules.raw_html, token.map[0], text, text=text)
            elif kind.endswith("quote_open"):
                quotes += 1
            elif kind.endswith("quote_close"):
                quotes -= 1
            elif kind == "bullet_list_open" or kind == "ordered_list_open":
                depth += 1
                if not quotes:
                    self._list(token, depth, before)
            elif kind == "bullet_list_close" or kind == "ordered_list_close":
                depth -= 1
            elif kind == "table_open" and before and _touches(before, token) and token.map:
                self.find(layout.no_blank_line_before, token.map[0], block="table")
            if token.map and kind == "paragraph_open":
                before = token
        for reference in self.env.get("references", {}).values():
            first, end = reference.get("map", (0, len(self.lines)))
            self._target(reference["href"], "", first, end)

    def _heading(self, token: Token | Block, inline: Token | Block) -> None:
        assert token.map
        line, level, title = token.map[0], int(token.tag[1]), inline.content.strip()
        section = Section(key_of_heading(title), title, level, line + self.first_line)
        before = self.sections[-1].level if self.sections else 1
        if level == 1:
            self.find(layout.title_in_text, line)
        elif level > before + 1:
            marks = "#" * (before + 1)
            self.find(layout.heading_level_jump, line, level=level, before=before, due=before + 1, marks=marks)
        if section.key and (twin := self._twin(section)):
            self.find(layout.section_twice, line, title=title, line=twin.line)
        self.sections.append(section)

    def _twin(self, section: Section) -> Section | None:
        """Return an earlier section of the same key and level 2, which is where programs look."""
        first = self._keyed.setdefault(section.key, section) if section.level == 2 else section
        return None if first is section else first

    def _fence(self, token: Token | Block) -> None:
        assert token.map
        first, end = token.map
        self.code_lines.update(range(first, end))
        inside = token.content.count("\n") + (token.content[-1:] not in ("", "\n"))
        if end - first < inside + 2:
            self.find(rules.unclosed_code_fence, first, fence=token.markup)

    def _list(self, token: Token | Block, depth: int, before: Token | Block | None) -> None:
        """Check what Python-Markdown needs of a list: four spaces a level, a blank line above."""
        assert token.map
        line = token.map[0]
        if depth == 1 and before and _touches(before, token):
            self.find(layout.no_blank_line_before, line, block="list")
        source = self.lines[line]
        indent = len(source) - len(source.lstrip())
        if depth > 1 and 0 < indent < 4 * (depth - 1):
            self.find(layout.nested_list_indent, line, indent=indent, due=4 * (depth - 1))

    def _inline(self, token: Token | Block, parent: str, in_list: bool) -> None:
        """Read one paragraph, heading or cell."""
        text = token.content
        assert token.map
        line, end = token.map
        if in_list and parent == "paragraph_open":
            if task := _TASK.match(text):
                rest = task[2]
                self.tasks.append(Task(task[1] != " ", rest, line + self.first_line))
                text = text[task.end(1) + 1 :]
            elif near := _NEAR_TASK.match(text):
                self.find(layout.malformed_checkbox, line, near[1], text=near[1])
        if not _MARKS.search(text):
            return
        if len(text) > MAX_PARAGRAPH:
            self.find(layout.paragraph_too_long, line, length=len(text), limit=MAX_PARAGRAPH)
            return
        if "#" in text and parent == "paragraph_open":
            for tight in _TIGHT_HEADING.finditer(text):
                self.find(layout.heading_without_space, line + text.count("\n", 0, tight.start()), text=tight[1])
        if "*" in text:
            self._emphasis(text, line, end)
        if "[" in text or "<" in text:
            self._links(text, line, end)

    def _emphasis(self, text: str, line: int, end: int) -> None:
        """Find asterisks that Python-Markdown takes for emphasis and CommonMark's flanking rules refuse."""
        plain = _CODE.sub(lambda code: "x" * len(code[0]), text)
        for match in _EMPHASIS.finditer(plain):
            outer_left, outer_right = plain[match.start() - 1 : match.start()], plain[match.end() : match.end() + 1]
            inner = match[2]
            opens = not _is_punctuation(inner[0]) or _is_edge(outer_left)
            closes = not _is_punctuation(inner[-1]) or _is_edge(outer_right)
            if not (opens and closes):
                shown = text[match.start() : match.end()]
                self.find(layout.emphasis_not_recognised, line, shown, end, text=shown)

    def _links(self, text: str, line: int, end: int) -> None:
        """Find links, images and raw HTML in one paragraph."""
        children: list[Token] = []
        parser = _parser(())
        parser.inline.parse(text, parser, self.env, children)
        seen: set[str] = set()
        for index, child in enumerate(children):
            if child.type == "link_open":
                label = children[index + 1].content if children[index + 1].type != "link_close" else ""
                seen.add(str(child.attrs["href"]))
                self._link(str(child.attrs["href"]), label, line, end, self.links)
            elif child.type == "image":
                seen.add(str(child.attrs["src"]))
                self._link(str(child.attrs["src"]), child.content, line, end, self.images)
            elif child.type == "html_inline":
                self._html(child.content, line, end)
        # A parser other than ours may see a link where ours sees text, so its scheme is looked for there too.
        for match in _SCHEME.finditer(_CODE.sub("", text)):
            if not any(target.startswith(match[1][:6]) for target in seen):
                self._target(match[1], "", line, end)

    def _html(self, content: str, line: int, end: int) -> None:
        """Report an HTML tag inside a paragraph; comments and the second half of a pair pass."""
        if not content.startswith("</") and not _COMMENT.fullmatch(content):
            shown = content.split("\n")[0][:60]
            self.find(rules.raw_html, line, shown, end, text=shown)

    def _link(self, target: str, text: str, line: int, end: int, into: list[Link]) -> None:
        span = self.place(line, target, end)
        column = span.column if target else 1
        into.append(Link(target, text, span.line, column))
        self._target(target, text, line, end)

    def _target(self, target: str, text: str, line: int, end: int) -> None:
        """Check where a link leads."""
        if not target.strip() or target.strip() == "#":
            self.find(rules.empty_link, line, f"[{text}]", end, text=f"[{text}]")
        elif is_unsafe(target):
            self.find(rules.unsafe_link, line, target, end, target=target[:60])
        elif fault := fault_of_target(self.path, target):
            self.find(fault, line, target, end, target=target[:100])

    def read_blocks(self, body: str) -> None:
        """Read the blocks `::: internal` and `::: audience NAMES` to `:::` that stand outside code."""
        from servicebook.text.audience_blocks import is_known_block

        opened, starts, named = -1, self.line_starts(), ""
        for match in _BLOCK.finditer(body):
            line, name = bisect_right(starts, match.start()) - 1, match[1]
            if line in self.code_lines:
                continue
            if opened < 0 and is_known_block(name):
                opened, named = line, name
            elif not name and opened >= 0:
                if named == "internal":
                    self.internal.append((opened + self.first_line, line + self.first_line))
                opened = -1
            else:
                self.find(rules.unknown_block, line, name=name)
        if opened >= 0:
            self.find(rules.unclosed_internal_block, opened)
            self.internal.append((opened + self.first_line, len(self.lines) - 1 + self.first_line))


def _touches(before: Token | Block, token: Token | Block) -> bool:
    """Whether a block begins in the line right below a paragraph of the same level."""
    if not before.map or not token.map:
        return False
    return before.level == token.level and before.map[1] == token.map[0]


def _is_punctuation(character: str) -> bool:
    """Whether CommonMark counts a character as punctuation: ASCII's, and Unicode's P and S classes."""
    import unicodedata

    return unicodedata.category(character)[0] in "PS"


def _is_edge(character: str) -> bool:
    """Whether emphasis may open after, or close before, this neighbour of punctuation ("" is a line's end)."""
    return not character or character.isspace() or _is_punctuation(character)
