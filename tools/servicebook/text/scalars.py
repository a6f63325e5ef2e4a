"""What an unquoted word of front matter means in YAML 1.2, and which words YAML 1.1 reads otherwise."""

from __future__ import annotations

import re

Scalar = str | int | float | bool | None

SPECIAL_STARTS = frozenset("0123456789+-.~nNtTfFyYoO<=")
"""A plain word that starts with none of these is text in every version of YAML."""

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_YES_NO = {word for low in ("yes", "no", "on", "off") for word in (low, low.capitalize(), low.upper())}
NOT_TEXT = frozenset(_WORDS) | _YES_NO
"""Words of letters that are no text, or not to every reader."""

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,20}")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|24:00")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_LONG_NUMBER = re.compile(r"[-+]?[0-9]{16,}")
_ODD_NUMBER = re.compile(
    r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*|"  # other bases, and underscores: 1_000
    r"(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9]+)(?:[eE][-+]?[0-9]+)?|"  # .5, 5., 1_0.5, 7e21, 1.5e3
    r"\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)


class Trap(Exception):  # noqa: N818 - it is the word's trap, not an error of the program
    """A plain word that two readers of YAML take for different things; `name` is the kind of trap."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def read_plain(word: str) -> Scalar:
    """Return what an unquoted word means in YAML 1.2's core schema; dates and times stay text.

    Raises Trap ("time", "yes-no", "leading-zero", "long-number", "number", "merge") where YAML 1.1 readers
    take the word for something else, or where its digits would not survive.
    """
    if word[4:5] == "-" and word[:4].isdigit():  # a day or an instant, as most such words are
        return word
    if word in _WORDS:
        return _WORDS[word]
    if _INT.fullmatch(word):
        return int(word)
    if _FLOAT.fullmatch(word):
        return float(word)
    if name := trap_of(word):
        raise Trap(name)
    return word


def trap_of(word: str) -> str:
    """Return the name of the trap that an unquoted word is, or an empty text."""
    if word in _YES_NO:
        return "yes-no"
    if word == "<<":
        return "merge"
    if _SEXAGESIMAL.fullmatch(word):
        return "time"
    if _LEADING_ZERO.fullmatch(word):
        return "leading-zero"
    if _LONG_NUMBER.fullmatch(word):
        return "long-number"
    if word == "=" or _ODD_NUMBER.fullmatch(word):
        return "number"
    return ""
