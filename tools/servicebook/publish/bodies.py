"""A record's Markdown as HTML that can do no harm: no raw HTML, no script links, nothing fetched from elsewhere.

CommonMark with tables, strikethrough and task lists. Links between record files become links between their
pages; a bare id of a record becomes a link as well.
"""

from __future__ import annotations

import posixpath
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from servicebook.publish.addresses import address_of, href
from servicebook.publish.deep_text import keep_deep_text
from servicebook.publish.han_lines import is_joined
from servicebook.publish.internal_blocks import BlockLabel, plain_label, use_in_bodies
from servicebook.publish.plain_bodies import render_plain
from servicebook.records.kinds import ID_PATTERN
from servicebook.text.targets import fault_of_target

SAFE_SCHEMES = ("http", "https", "mailto", "tel", "")
_ID = re.compile(rf"(?<![\w/.-]){ID_PATTERN.pattern}(?![\w-])")
_TASK = re.compile(r"\[([ xX])\][ \t]+")

Resolve = Callable[[str], str | None]
"""From a bare record id to the address of its page; None where there is no such record."""


class Bodies:
    """A renderer for record bodies; one for a whole build, because making it costs more than using it.

    label: what stands above blocks such as `::: internal`.
    """

    def __init__(self, has_path: Callable[[str], bool], resolve: Resolve, label: BlockLabel = plain_label) -> None:
        self._has_path = has_path
        self._resolve = resolve
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
        # The library's own seam for this: its JavaScript original is changed the same way.
        setattr(self._markdown, "validateLink", is_safe_link)  # noqa: B010
        self._markdown.core.ruler.push("servicebook", self._adapt)
        for name in ("th_open", "td_open"):
            self._markdown.add_render_rule(name, _cell)
        self._markdown.add_render_rule("task_box", _task_box)
        use_in_bodies(self._markdown, label)
        keep_deep_text(self._markdown)

    def render(self, text: str, path: str) -> str:
        """Return the HTML of a body; `path` is its record file, from which relative links are meant."""

        def ids(plain: str) -> str:
            if "-" not in plain:
                return escapeHtml(plain)
            tokens = self._ids(Token("text", "", 0, content=plain), path)
            return str(self._markdown.renderer.render(tokens, self._markdown.options, {}))

        def inline(marked: str) -> str:
            return str(self._markdown.renderInline(marked, {"path": path}))

        html = render_plain(text, ids, inline)
        return self.render_parsed(text, path) if html is None else html

    def render_parsed(self, text: str, path: str) -> str:
        """Return the same by way of the whole parser, whatever the body holds."""
        return str(self._markdown.render(text, {"path": path}))

    def _adapt(self, state: StateCore) -> None:
        path = state.env["path"]
        for token in state.tokens:
            if token.tag == "h1" and token.type.startswith("heading"):
                token.tag = "h2"  # the page's title is its only first heading
            elif token.type == "inline":
                token.children = self._inline(token.children or [], path)
        _mark_tasks(state.tokens)

    def _inline(self, children: Sequence[Token], path: str) -> list[Token]:
        result: list[Token] = []
        depth = 0
        for place, token in enumerate(children):
            if token.type == "link_open":
                depth += 1
                token.attrSet("href", self.link(str(token.attrGet("href") or ""), path))
            elif token.type == "link_close":
                depth -= 1
            elif token.type == "image":
                result += self._image(token, path)
                continue
            elif token.type == "softbreak" and _is_joined(children, place):
                continue
            elif token.type == "text" and not depth and "-" in token.content:
                result += self._ids(token, path)
                continue
            result.append(token)
        return result

    def link(self, target: str, path: str) -> str:
        """Return where a link leads on the site: to the page of a record file, else where it says.

        What climbs out of the repository or names a reader's own disk leads nowhere, `#`: opened from file://, such a
        link would reach the reader's files; so would one without a scheme, which gets one.
        """
        if fault_of_target(path, target):
            return "#"
        parts = urlsplit(target)
        if parts.netloc and not parts.scheme:
            return f"https:{target}"
        if parts.scheme or not parts.path or target.startswith("/"):
            return target
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
        if not self._has_path(file):
            return "#" if ".files/" in file else target
        return href(address_of(path), address_of(file)) + (f"#{parts.fragment}" if parts.fragment else "")

    def _image(self, token: Token, path: str) -> list[Token]:
        """Return an image of the record's own folder as it is, any other as a plain link; one that is gone as words."""
        source = str(token.attrGet("src") or "")
        if self._is_gone(source, path):
            return [Token("text", "", 0, content=token.content or source)]
        folder = posixpath.basename(path)[: -len(".md")] + ".files/"
        if not urlsplit(source).scheme and posixpath.normpath(source).startswith(folder):
            return [token]
        opening = Token("link_open", "a", 1, attrs={"href": self.link(source, path)})
        text = Token("text", "", 0, content=token.content or source)
        return [opening, text, Token("link_close", "a", -1)]

    def _is_gone(self, target: str, path: str) -> bool:
        """Whether a link leads to an attachment that is not there."""
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or ".files/" not in parts.path:
            return False
        return not self._has_path(posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))))

    def _ids(self, token: Token, path: str) -> list[Token]:
        """Return a text with the ids of records in it as links."""
        result, end = [], 0
        for match in _ID.finditer(token.content):
            address = self._resolve(match[0])
            if address is None:
                continue
            result.append(Token("text", "", 0, content=token.content[end : match.start()]))
            attributes: dict[str, str | int | float] = {"href": href(address_of(path), address), "class": "id"}
            result.append(Token("link_open", "a", 1, attrs=attributes))
            result.append(Token("text", "", 0, content=match[0]))
            result.append(Token("link_close", "a", -1))
            end = match.end()
        return [*result, Token("text", "", 0, content=token.content[end:])]


def _is_joined(children: Sequence[Token], place: int) -> bool:
    """Whether a line break lies between Chinese signs."""
    if not 0 < place < len(children) - 1:
        return False
    before, after = children[place - 1], children[place + 1]
    return before.type == after.type == "text" and is_joined(before.content, after.content)


def is_safe_link(target: str) -> bool:
    """Whether a link may stand: relative, or of a scheme that runs nothing."""
    # Browsers drop control characters and blanks from a scheme, so `java\tscript:` is one.
    cleaned = re.sub(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\ufeff]", "", target)
    try:
        return urlsplit(cleaned).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False


def split_body(data: bytes) -> str:
    """Return the Markdown body of a record file: what follows its front matter."""
    data = data.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")
    if not data.startswith(b"---\n"):
        return data.decode("utf-8", "replace")
    end = data.find(b"\n---\n", 3)
    return data[end + 5 :].decode("utf-8", "replace") if end >= 0 else ""


def _mark_tasks(tokens: Sequence[Token]) -> None:
    """Turn `[ ]` and `[x]` at the head of list items into boxes that cannot be ticked."""
    for opening, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        first = inline.children[0] if inline.children else None
        match = _TASK.match(first.content) if first and first.type == "text" else None
        if first is None or match is None or inline.children is None:
            continue
        first.content = first.content[match.end() :]
        box = Token("task_box", "", 0, meta={"done": match[1] != " "})
        opening.attrSet("class", "task-list-item")
        inline.children.insert(0, box)


def _cell(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Render a table cell with its alignment as a class: the page's content policy refuses styles."""
    style = str(tokens[index].attrGet("style") or "")
    align = style.removeprefix("text-align:")
    return f'<{tokens[index].tag} class="{align}">' if align else f"<{tokens[index].tag}>"


def _task_box(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return task_box(tokens[index].meta["done"])


def task_box(done: bool) -> str:
    """Return the box before a task: a picture, since nothing can be ticked on a page."""
    shape, sign = ("boxed", "☑") if done else ("box", "☐")
    return f'<span class="i i-{shape}" role="img" aria-label="{sign}"></span> '
