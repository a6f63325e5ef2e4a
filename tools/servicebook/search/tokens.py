"""Which words a text is found by: one tokenizer for the command line and the site's script.

The semantics: Han text is found by substring, Latin words whole and by prefix (from two letters on), ids and
codes exactly, and what stands in quotation marks as it is written there. `search-index.js` in publish/ does the
same in the browser; both are held to `tests/search/vectors.json` and to a plain scan.
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
_JOINED = rf"(?:(?:[-_]|\.(?=\d)){_WORD})*"
# Most words are of ASCII; to try that first takes half the time.
RUN = re.compile(rf"[a-z0-9]+(?:{_WORD})?{_JOINED}|[{HAN}]+|{_WORD}{_JOINED}")
"""A stretch of text that tokens are made from: only Han, or words that are joined."""
_PART = re.compile(_WORD)
_DIGIT = re.compile(r"\d")
_IS_HAN = re.compile(f"[{HAN}]")
_BREAK_IN_HAN = re.compile(rf"(?<=[{HAN}，。；：、！？）」』”])[ \t]*\n[ \t]*(?=[{HAN}（「『“])")
_AFTER_BREAK = re.compile(rf"\n[ \t]*[{HAN}（「『“]")
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_QUOTED = re.compile('["“”„]([^"“”„]*)["“”„]')


class Term(NamedTuple):
    """One condition of a query. A text is found when all terms of the query hold.

    how: substring (a run of Han), prefix (a word of letters), exact (an id, a code, a number, one letter, a quoted
    word), phrase (several quoted words, as they are written, cut by no word of the text).
    """

    text: str
    how: Literal["substring", "prefix", "exact", "phrase"]


def normalise(text: str) -> str:
    """Return the text in the form that is compared: NFKC, lower case, no line break between Han characters."""
    if not unicodedata.is_normalized("NFKC", text):  # much sooner said than done
        text = unicodedata.normalize("NFKC", text)
    text = text.lower()
    return _BREAK_IN_HAN.sub("", text) if "\n" in text and _AFTER_BREAK.search(text) else text


def is_han(run: str) -> bool:
    """Whether a run or token is of Han; one that is not empty is of one sort only."""
    return bool(_IS_HAN.match(run))


def is_code(run: str) -> bool:
    """Whether a run of joined words is found as one piece: it has an underscore, or a joint and a digit."""
    return "_" in run or (("-" in run or "." in run) and bool(_DIGIT.search(run)))


def words_of_run(run: str) -> Iterator[str]:
    """Yield the tokens of a run that is not Han: the code that it is as a whole, and its words."""
    if run.isalnum():
        yield run
        return
    if is_code(run):
        yield run
    yield from _PART.findall(run)


def parse_query(query: str) -> tuple[Term, ...]:
    """Return the terms of a query as a person types it, each once; empty when nothing can be searched for."""
    text = normalise(query)
    terms: dict[Term, None] = {}
    end = 0
    for quoted in _QUOTED.finditer(text):
        terms |= dict.fromkeys(_plain_terms(text[end : quoted.start()]))
        terms |= dict.fromkeys(_quoted_terms(quoted[1]))
        end = quoted.end()
    terms |= dict.fromkeys(_plain_terms(text[end:]))
    return tuple(terms)


def _plain_terms(text: str) -> Iterator[Term]:
    for run in RUN.findall(text):
        if is_han(run):
            yield Term(run, "substring")
        elif is_code(run):
            yield Term(run, "exact")
        else:
            for part in _PART.findall(run):
                yield Term(part, "exact" if len(part) == 1 or _DIGIT.search(part) else "prefix")


def _quoted_terms(text: str) -> Iterator[Term]:
    runs = RUN.findall(text)
    if len(runs) > 1 or (runs and not is_han(runs[0]) and not is_code(runs[0]) and not runs[0].isalnum()):
        yield Term(_SPACE.sub(" ", text).strip(" "), "phrase")
    elif runs:
        yield Term(runs[0], "substring" if is_han(runs[0]) else "exact")


def is_found(terms: tuple[Term, ...], text: str) -> bool:
    """Whether a normalised text holds every term; no terms find nothing."""
    words: set[str] | None = None
    for term in terms:
        if term.how == "substring":
            if term.text not in text:
                return False
            continue
        if term.how == "phrase":
            if not _has_phrase(term.text, text):
                return False
            continue
        if words is None:
            words = {word for run in RUN.findall(text) if not is_han(run) for word in words_of_run(run)}
        if term.how == "exact" and term.text not in words:
            return False
        if term.how == "prefix" and not any(word.startswith(term.text) for word in words):
            return False
    return bool(terms)


def _has_phrase(phrase: str, text: str) -> bool:
    """Whether a text holds a phrase that neither begins nor ends inside one of its words."""
    before = rf"(?<!{_WORD[:-1]})" if _PART.match(phrase) else ""
    after = rf"(?!{_WORD[:-1]})" if _PART.match(phrase[-1]) else ""
    return bool(re.search(before + re.escape(phrase) + after, _SPACE.sub(" ", text)))
