"""Marks: texts, numbers and days that nothing else has, and what is known of each that was put somewhere."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from servicebook.records.audiences import CUSTOMER
from servicebook.records.kinds import CROCKFORD, Kind

SIGN = "cnry"
"""How every mark of letters begins."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_FIRST_DAY = date(2041, 1, 1)
_FIRST_NUMBER = 739_000_000


class Mark(NamedTuple):
    """One mark: its text, where it was put, and the audiences that may read it there.

    Among `readers`, `customer:` stands for every customer: what is public has fields that only customers read.
    """

    text: str
    path: str
    field: str
    readers: frozenset[str] = frozenset()

    def is_for(self, audience: str) -> bool:
        """Whether an audience may read it."""
        return audience in self.readers or (CUSTOMER in self.readers and audience.startswith(CUSTOMER))


def secrets_of(marks: Iterable[Mark], audience: str) -> dict[str, Mark]:
    """Return the marks that an audience must not come to see, by their text in lower case.

    What it may read somewhere it may read: an id that a record shows is no leak in the next one.
    """
    marks = list(marks)
    readable = {mark.text.lower() for mark in marks if mark.is_for(audience)}
    return {text: mark for mark in marks if (text := mark.text.lower()) not in readable}


class Planter:
    """Makes marks, each once."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a test that can be repeated, not a secret
        self._count = self._days = 0
        self.marks: list[Mark] = []

    def text(self, path: str, field: str, readers: frozenset[str] = frozenset()) -> str:
        """Return a new mark of letters, put down as standing in a field of the file at `path`."""
        text = self.word()
        self.marks.append(Mark(text, path, field, readers))
        return text

    def word(self) -> str:
        """Return a word that nothing else has."""
        return SIGN + "".join(self._random.choices(_LETTERS, k=10))

    def number(self) -> int:
        """Return a number that nothing else has."""
        self._count += 1
        return _FIRST_NUMBER + self._count * 17

    def day(self) -> str:
        """Return a day that nothing else has."""
        self._days += 1
        return (_FIRST_DAY + timedelta(days=self._days)).isoformat()

    def id_of(self, kind: Kind) -> str:
        """Return a new id: with a mark in a slug, with a day that nothing else has in one with a prefix."""
        if not kind.prefix:
            return f"x-{self.word()}"
        return f"{kind.prefix}-{self.day().replace('-', '')}-{''.join(self._random.choices(CROCKFORD, k=4))}"
