"""Which words a text is found by: one tokenizer for the command line and the site's script.

The semantics: Han text is found by substring, Latin words whole and by prefix (from two letters on), ids and
codes exactly. `search.js` in publish/ does the same in the browser; a test compares both with a plain scan.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

HAN = "々〇\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters that are written without spaces: Han, kana, hangul (as the inside of a character class)."""

_WORD = rf"[^\W_{HAN}]+"
# A hyphen or underscore joins; a dot only before a digit, so that `4.18.2` is one code and `a.md` is not.
_RUN = re.compile(rf"([{HAN}]+)|({_WORD}(?:(?:[-_]|\.(?=\d)){_WORD})*)")
_PART = re.compile(_WORD)
_DIGIT = re.compile(r"\d")
_BREAK_IN_HAN = re.compile(rf"(?<=[{HAN}，。；：、！？）」』”])[ \t]*\n[ \t]*(?=[{HAN}（「『“])")


class Token(NamedTuple):
    """One entry of a text: `han` tokens are bigrams (or the last character of a run) with their position."""

    text: str
    position: int
    han: bool


class Term(NamedTuple):
    """One condition of a query. A text is found when all terms of the query hold.

    how: substring (a run of Han), prefix (a word of letters), exact (an id, a code, a number, one letter).
    """

    text: str
    how: Literal["substring", "prefix", "exact"]


def normalise(text: str) -> str:
    """Return the text in the form that is compared: NFKC, lower case, no line break between Han characters."""
    return _BREAK_IN_HAN.sub("", unicodedata.normalize("NFKC", text).lower())


def is_code(run: str) -> bool:
    """Whether a run of joined words is found as one piece: it has an underscore, or a joint and a digit."""
    return "_" in run or (("-" in run or "." in run) and bool(_DIGIT.search(run)))


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of a normalised text, in order.

    A Han run of n characters gives n-1 bigrams and its last character alone, so that each of its characters
    begins exactly one token: a query of one character is then a prefix of tokens.
    """
    for match in _RUN.finditer(text):
        start = match.start()
        if match[1]:
            run = match[1]
            for offset in range(len(run)):
                yield Token(run[offset : offset + 2], start + offset, True)
            continue
        run = match[2]
        if is_code(run):
            yield Token(run, start, False)
        for part in _PART.finditer(run):
            yield Token(part[0], start + part.start(), False)


def entries_of(text: str) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Return the tokens of a normalised text gathered: Han tokens with all positions, others with the first.

    The same as `tokens_of`, without an object a token: an index of 10,000 records has millions of them.
    """
    han: dict[str, list[int]] = {}
    latin: dict[str, int] = {}
    for match in _RUN.finditer(text):
        start = match.start()
        run = match[0]
        if match[1]:
            for offset in range(len(run)):
                pair = run[offset : offset + 2]
                if pair in han:
                    han[pair].append(start + offset)
                else:
                    han[pair] = [start + offset]
        elif run not in latin:
            if run.isalnum():
                latin[run] = start
            else:
                if is_code(run):
                    latin[run] = start
                for part in _PART.finditer(run):
                    latin.setdefault(part[0], start + part.start())
    return han, latin


def parse_query(query: str) -> tuple[Term, ...]:
    """Return the terms of a query as a person types it, each once; empty when nothing can be searched for."""
    terms: dict[Term, None] = {}
    for match in _RUN.finditer(normalise(query)):
        if match[1]:
            terms[Term(match[1], "substring")] = None
        elif is_code(match[2]):
            terms[Term(match[2], "exact")] = None
        else:
            for part in _PART.findall(match[2]):
                whole = len(part) == 1 or _DIGIT.search(part)
                terms[Term(part, "exact" if whole else "prefix")] = None
    return tuple(terms)


def is_found(terms: tuple[Term, ...], text: str) -> bool:
    """Whether a normalised text holds every term; no terms find nothing."""
    words: set[str] | None = None
    for term in terms:
        if term.how == "substring":
            if term.text not in text:
                return False
            continue
        if words is None:
            words = {token.text for token in tokens_of(text) if not token.han}
        if term.how == "exact" and term.text not in words:
            return False
        if term.how == "prefix" and not any(word.startswith(term.text) for word in words):
            return False
    return bool(terms)
