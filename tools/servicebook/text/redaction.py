"""What a text says of records that its reader may not see, made unsaid: links, images, ids, paths and names.

Each becomes one plain word without id or title. The text is not parsed as Markdown, whose readers differ: whatever has
the look of a link is taken for one, in code as well, and what is left is searched for ids, paths and names by itself.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol
from urllib.parse import unquote

from servicebook.records.audiences import RESTRICTED_IN_TEXT
from servicebook.records.kinds import BY_PREFIX

_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
"""Characters that take no room, or turn the direction of writing: what they stand in is not what is read."""
_JOINERS = re.compile("(?<=[!-~])[\u200c\u200d]+|[\u200c\u200d]+(?=[!-~])")
_WIDE = {wide: wide - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for wide in range(ord(first), ord(last) + 1)}
_HYPHENS = re.compile("(?<=[A-Za-z0-9])[\u2010\u2011\uff0d\ufe63](?=[A-Za-z0-9])")
_JOINED = 8
"""A name of two words is taken out where it is written as one (`yunshanmedia.example`) if that is so long."""
_ENTITY = re.compile(r"&(?:#x?[0-9a-fA-F]{1,7}|[A-Za-z]{2,12});")
_ESCAPED = re.compile(r"\\([-_./:])")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)

_TEXT = r"(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,300}\]){0,600}"
_TARGET = r"(?:<[^<>\n]{0,2000}>|(?:[^\s()\\]|\\.|\([^()\s]{0,500}\)){0,2000})"
_TITLE = r"(?:\s+(?:\"[^\"]{0,500}\"|'[^']{0,500}'|\([^()]{0,500}\)))?"
_LINK = re.compile(rf"!?\[(?P<text>{_TEXT})\]\(\s{{0,9}}(?P<target>{_TARGET}){_TITLE}\s{{0,9}}\)")
_DEFINITION = re.compile(
    r"^[ \t>]{0,9}\[(?!\^)(?P<label>[^\[\]]{1,300})\]:[ \t]*\n?[ \t]*(?P<target><[^<>\n]*>|\S+)[^\n]*\n?"
    r"(?:[ \t]+[\"'(][^\n]*\n?)?",
    re.MULTILINE,
)
_BY_LABEL = re.compile(rf"!?\[(?P<text>{_TEXT})\](?:\[(?P<label>[^\[\]]{{0,300}})\])?")
_ANCHOR = re.compile(
    r"<(?P<tag>a|img|iframe|object|embed|source|video|audio|link)\b[^>]*>(?:.{0,500}?</(?P=tag)>)?", re.I | re.S
)
_AUTOLINK = re.compile(r"<(?P<target>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\s]*)>")
_DASH = r"(?:-|_|%2[Dd]|[\u2010-\u2015\u2212\uff0d\ufe63])"
_ID = re.compile(rf"({'|'.join(BY_PREFIX)}){_DASH}(\d{{8}}){_DASH}([0-9A-Za-z]{{4}})", re.I)
_PATH = re.compile(r"[\w%.-]*(?:/[\w%.-]+)*/?[\w%.-]+\.(?:md|html|files)(?:/[\w%./-]+)?", re.I)
_SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)+", re.I)
_SPAN = re.compile(r"`([a-z0-9][a-z0-9.-]*)`")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_OUTWARD = ("http", "https", "mailto", "tel")


class Seen(Protocol):
    """What is known of what an audience may see."""

    def is_hidden_name(self, name: str) -> bool:
        """Whether a word is the slug of something hidden, of a kind whose slugs are no plain words."""

    def is_hidden_slug(self, slug: str) -> bool:
        """Whether a text is the slug of something hidden, of any kind."""

    def is_shown_id(self, id: str) -> bool:
        """Whether there is a visible record with this id."""

    def is_shown_path(self, path: str) -> bool:
        """Whether a visible record, page or attachment lies at a path of the desk."""

    def is_hidden_path(self, path: str) -> bool:
        """Whether something of the desk lies at a path and is not visible."""

    names: re.Pattern[str] | None
    """The names that must not be said (group 1), among those that may; None where there are none."""


class Redactor(NamedTuple):
    """Takes out of texts what an audience may not see; texts come without their hidden blocks already."""

    seen: Seen

    def text(self, text: str, path: str) -> str:
        """Return a text as the audience may read it; `path` is the file that its relative links are meant from."""
        if text.isascii() and text.replace(" ", "").replace(",", "").isalnum():
            return self._slugs(self._names(text, _word(text)), _word(text))
        text = _plainly_written(text)
        word = _word(text)
        if "[" in text:
            text = self._links(text, path, word)
        if "<" in text:
            text = self._tags(text, path, word)
        return self._mentions(text, path, word)

    def is_shown_target(self, target: str, path: str) -> bool:
        """Whether a link may stand: to the outside, to a place of this page, or to what the audience may see."""
        target = _decoded(target)
        if self._mentions(target, path, "\0") != target:
            return False
        if scheme := _SCHEME.match(target):
            return scheme[1].lower() in _OUTWARD
        if target.startswith(("//", "\\")) or not target:
            return False
        file = re.split("[?#]", target, maxsplit=1)[0]
        if not file:
            return target.startswith("#")
        return self.seen.is_shown_path(_joined(path, file))

    def _links(self, text: str, path: str, word: str) -> str:
        hidden: set[str] = set()

        def defined(match: re.Match[str]) -> str:
            target = match["target"].strip("<>")
            # `[//]: # (text)` is how people write a comment: it leads nowhere, and search would find its text.
            if target not in ("", "#") and self.is_shown_target(target, path):
                return match[0]
            hidden.add(_label(match["label"]))
            return ""

        def linked(match: re.Match[str]) -> str:
            target = match["target"].strip("<>")
            if not self.is_shown_target(target, path):
                return word
            inner = _LINK.sub(linked, match["text"])
            start, end = match.span("text")
            return match[0][: start - match.start()] + inner + match[0][end - match.start() :]

        def by_label(match: re.Match[str]) -> str:
            return word if _label(match["label"] or match["text"]) in hidden else match[0]

        if "]:" in text:
            text = _DEFINITION.sub(defined, text)
        if "](" in text:
            text = _LINK.sub(linked, text)
        return _BY_LABEL.sub(by_label, text) if hidden else text

    def _tags(self, text: str, path: str, word: str) -> str:
        """Take out HTML that leads somewhere: it is shown as text, which would tell where."""

        def address(match: re.Match[str]) -> str:
            return match[0] if self.is_shown_target(match["target"], path) else word

        return _AUTOLINK.sub(address, _ANCHOR.sub(word, text))

    def _mentions(self, text: str, path: str, word: str) -> str:
        def of_id(match: re.Match[str]) -> str:
            return match[0] if self.seen.is_shown_id("-".join(match.groups()).upper()) else word

        def of_path(match: re.Match[str]) -> str:
            file = _decoded(match[0])
            steps = file.split("/")
            ends = ["/".join(steps[start:]) for start in range(len(steps))]  # an address has a host before it
            places = [_joined(path, file), *ends, *("kb/" + end for end in ends)]
            places += [place.removesuffix(".html") + ".md" for place in places if place.endswith(".html")]
            return word if any(self.seen.is_hidden_path(place) for place in places) else match[0]

        if "/" in text or ".md" in text or ".files" in text:
            text = _PATH.sub(of_path, text)
        text = _ID.sub(of_id, text)
        if "`" in text:
            text = _SPAN.sub(lambda match: f"`{word}`" if self.seen.is_hidden_slug(match[1]) else match[0], text)
        return self._slugs(self._names(text, word), word)

    def _names(self, text: str, word: str) -> str:
        if self.seen.names is None:
            return text
        return self.seen.names.sub(lambda match: word if match[1] else match[0], text)

    def _slugs(self, text: str, word: str) -> str:
        if "-" not in text and "." not in text:
            return text
        return _SLUG.sub(lambda match: word if self.seen.is_hidden_name(match[0].lower()) else match[0], text)


def name_pattern(hidden: Collection[str], shown: Collection[str]) -> re.Pattern[str] | None:
    """Return the pattern of names that must not be said: as whole words, and not as a part of a name that may be.

    People shorten a name to its first word (`Yunshan` of `Yunshan Media`): that is not said either, capitalised.
    """
    spoken = {" ".join(name.split()).casefold() for name in shown}
    wanted = {name for one in hidden if len(name := " ".join(one.split())) > 1 and name.casefold() not in spoken}
    if not wanted:
        return None
    words = {word for name in spoken for word in name.split()}
    first = {word for name in wanted if len(word := name.split()[0]) > 3 and word.casefold() not in words | spoken}
    kept = "|".join(_spelt(name) for name in sorted(spoken, key=len, reverse=True) if len(name) > 1)
    taken = "|".join(_spelt(name) for name in sorted(wanted, key=len, reverse=True))
    taken += "".join(f"|(?-i:{_spelt(word)})" for word in sorted(first) if word[0].isupper())
    return re.compile((f"(?:{kept})|" if kept else "") + f"({taken})", re.I)


def _spelt(name: str) -> str:
    """Return the pattern of one name; Latin letters around it would make it another word, Han would not."""
    edge = "A-Za-z0-9"
    start = f"(?<![{edge}])" if name[0].isascii() else ""
    end = f"(?![{edge}])" if name[-1].isascii() else ""
    parts = name.split()
    between = rf"[\s_\-]{{{'0' if len(''.join(parts)) >= _JOINED else '1'},3}}"
    return start + between.join(re.escape(part) for part in parts) + end


def _word(text: str) -> str:
    return RESTRICTED_IN_TEXT["zh" if _HAN.search(text) else "en"]


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _joined(path: str, target: str) -> str:
    """Return the path in the desk that a target leads to from the file at `path`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target)).lstrip("/")


def _decoded(target: str) -> str:
    """Return a target without escapes, however often they were put on one another."""
    target = _ESCAPED.sub(r"\1", _UNSEEN.sub("", target)).strip()
    for _ in range(3):
        target = unquote(html.unescape(target))
    return target


def _decode_entity(match: re.Match[str]) -> str:
    """Return the sign that an entity stands for where ids, paths or names may be written with it, else the entity."""
    sign = html.unescape(match[0])
    is_plain = len(sign) == 1 and sign.isascii() and (sign.isalnum() or sign in "-_./:")
    return sign if is_plain or sign == "\xa0" or _UNSEEN.fullmatch(sign) else match[0]


def _plainly_written(text: str) -> str:
    """Return a text without comments and without disguises of ids, paths, names: entities, escapes, odd signs."""
    if "<" in text:
        text = _COMMENT.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(_decode_entity, text)
    if not text.isascii():
        text = _HYPHENS.sub("-", _JOINERS.sub("", _UNSEEN.sub("", text)).translate(_WIDE))
    return re.sub(r"(?<=[A-Za-z0-9])\\(?=[-_./])", "", text) if "\\" in text else text


def names_of(values: Mapping[str, object], fields: Collection[str]) -> list[str]:
    """Return the names that a record's fields give it."""
    return [str(values[field]) for field in fields if isinstance(values.get(field), str)]
