"""What one check of the doctor says: that all is well, what would be better, or what must be changed."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from servicebook.errors import ServicebookError

Level = Literal["fine", "advice", "change"]


class Answer(NamedTuple):
    """What one check says.

    level: "fine", "advice" (works as it is) or "change" (something does not work). says, remedy: English templates
    of the catalogue area `cli`; the remedy is a command wherever one helps. params: what fills both in.
    settings: local Git settings (key, value) that mend it and hurt nobody; `--fix` writes just these.
    """

    level: Level
    says: str
    remedy: str
    params: dict[str, Any]
    settings: tuple[tuple[str, str], ...] = ()


def fine(says: str, /, **params: object) -> Answer:
    """Return that all is well."""
    return Answer("fine", says, "", params)


def from_error(error: ServicebookError) -> Answer:
    """Return an error's own two lines as what must be changed."""
    return Answer("change", *error.templates, error.params)


def advise(says: str, remedy: str, /, *, settings: tuple[tuple[str, str], ...] = (), **params: object) -> Answer:
    """Return what would be better, and how to get there."""
    return Answer("advice", says, remedy, params, settings)


def demand(says: str, remedy: str, /, *, settings: tuple[tuple[str, str], ...] = (), **params: object) -> Answer:
    """Return what does not work as it is, and how to mend it."""
    return Answer("change", says, remedy, params, settings)
