"""A text as people read it: without the marks, unseen signs, entities and look-alike letters that hide a word in it.

Each sign that is read knows where it stands in the text, so that what is found in the reading can be taken out there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

_SIGNS = r"&(?:#[xX]?[0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});|(?:%[0-9A-Fa-f]{2})+"
_MARKS = r"[*_~`\[\]\\^=+]"
_TARGETS = (
    r"\]\([^()\n]{0,2000}(?:\([^()\n]{0,300}\)[^()\n]{0,300})?\)|\]\[[^\[\]\n]{0,300}\]"
    r"|</?[A-Za-z][^<>]{0,500}>|\{:?[^{}\n]{0,300}\}"
)
_SHOWN = re.compile(f"{_SIGNS}|{_MARKS}")
_WITHOUT_TARGETS = re.compile(f"{_TARGETS}|{_SIGNS}|{_MARKS}")
"""Where links lead, tags and attributes are read by nobody on a page; where one only looks so, they are."""
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff"
_HAN_BREAK = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_PLAIN = re.compile(r"[\w\s.,:;!?()/'\"-]*", re.ASCII)

_LOOK_ALIKE = dict(
    zip(
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχАВЕЅІЈКМНОРСТУХаеорсухіјѕԁһӏԛԝкмтвıȷɑɡɩᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
        "ABEZHIKMNOPTYXaikvoptuxABESIJKMHOPCTYXaeopcyxijsdhlqwkmtbijagiabcdefghijklmnoprstuvwyz",
        strict=True,
    )
)
"""Greek, Cyrillic and small capital letters that nobody tells from Latin ones."""
_UNSEEN = re.compile("[\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")


class Reading(NamedTuple):
    """What is read of a text; each sign of it comes from the text's signs `starts[n]` to `ends[n]`."""

    text: str
    starts: list[int]
    ends: list[int]


def is_plain(text: str) -> bool:
    """Whether a text reads as it stands: it holds nothing that could hide a word."""
    return _PLAIN.fullmatch(text) is not None and "_" not in text


def readings_of(text: str) -> list[str]:
    """Return how a text may be read, with and without what stands in targets and tags: `reading_of` says where."""
    found = [_read(text, _SHOWN)]
    if "](" in text or "][" in text or "<" in text or "{" in text:
        found.append(_read(text, _WITHOUT_TARGETS))
    return found


def reading_of(text: str, which: int) -> Reading:
    """Return one of `readings_of` with the place of each sign."""
    signs = list(_signs_of(text, (_SHOWN, _WITHOUT_TARGETS)[which]))
    read = "".join(sign for sign, _, _ in signs)
    for gap in reversed(list(_HAN_BREAK.finditer(read))):
        del signs[gap.start() : gap.end()]
    return Reading("".join(sign for sign, _, _ in signs), [one[1] for one in signs], [one[2] for one in signs])


def _read(text: str, left_out: re.Pattern[str]) -> str:
    return _HAN_BREAK.sub("", left_out.sub(_meant, text).translate(_TABLE))


def _signs_of(text: str, left_out: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each sign that is read, with where it begins and ends in the text."""
    end = 0
    for match in left_out.finditer(text):
        yield from ((sign, at, at + 1) for at in range(end, match.start()) for sign in _TABLE[ord(text[at])])
        yield from ((sign, *match.span()) for one in _meant(match) for sign in _TABLE[ord(one)])
        end = match.end()
    yield from ((sign, at, at + 1) for at in range(end, len(text)) for sign in _TABLE[ord(text[at])])


def _meant(match: re.Match[str]) -> str:
    """Return the signs that an entity or an escape of an address stands for; marks and targets stand for none."""
    said = match[0]
    if said[0] == "&":
        return unescape(said)
    return unquote(said) if said[0] == "%" else ""


class _Table(dict[int, str]):
    """From each sign to the one that it is read as, found when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _as_read(chr(code))
        return found


def _as_read(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() or sign.isspace() else ""
    if _UNSEEN.match(sign) or unicodedata.category(sign) in ("Cc", "Cf", "Mn", "Me"):
        return ""
    if _DASHES.match(sign):
        return "-"
    if sign in _LOOK_ALIKE:
        return _LOOK_ALIKE[sign]
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", sign)
    base = "".join(_LOOK_ALIKE.get(one, one) for one in parts if unicodedata.category(one) != "Mn")
    return base if base.isascii() and base else " " if sign.isspace() else sign


_TABLE = _Table()
