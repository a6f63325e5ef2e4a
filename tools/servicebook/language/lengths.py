"""Lengths of time as records write them (`30m`, `2 working days`, `travel + 1h`), in the words of a language."""

from __future__ import annotations

import re

from servicebook.language.catalogue import say

UNITS = {
    "d": ("{n} day", "{n} days"), "h": ("{n} h", "{n} h"), "m": ("{n} min", "{n} min"), "s": ("{n} s", "{n} s"),
    "w": ("{n} week", "{n} weeks"), "week": ("{n} week", "{n} weeks"), "month": ("{n} month", "{n} months"),
    "year": ("{n} year", "{n} years"), "day": ("{n} day", "{n} days"),
    "working day": ("{n} working day", "{n} working days"), "business day": ("{n} working day", "{n} working days"),
}  # fmt: skip
"""What one and several of a unit are called in English; other languages are asked for the second."""

_WORDED = re.compile(r"(\d+) (working day|business day|day|week|month|year)s?")
_PART = re.compile(r"(\d+) ?(d|h|m|s|W)(?:in)?", re.IGNORECASE)
_SHORT = re.compile(r"(?:P(?=.))?(?:\d+W)?(?:\d+ ?d ?)?T?(?:\d+ ?h ?)?(?:\d+ ?m(?:in)? ?)?(?:\d+ ?s)?", re.IGNORECASE)


def said_length(text: str, language: str) -> str:
    """Return a length in words, with the units it is written in (24h stays hours); "" for what is none."""
    way, plus, rest = text.partition("+")
    if way.strip() == "travel":
        travel = say("values", "travel time", language)
        more = said_length(rest.strip(), language) if plus else ""
        return f"{travel} + {more}" if more else "" if plus else travel
    if worded := _WORDED.fullmatch(text):
        return _of(worded[1], worded[2], language)
    if not text or not _SHORT.fullmatch(text):
        return ""
    parts = [(number, unit) for number, unit in _PART.findall(text) if int(number)]
    if not parts:
        return say("values", "none", language) if _PART.search(text) else ""
    return " ".join(_of(number, unit.lower(), language) for number, unit in parts)


def _of(number: str, unit: str, language: str) -> str:
    one, many = UNITS[unit]
    words = one if language == "en" and int(number) == 1 else many
    return say("values", words, language, n=int(number))
