"""The ids that somebody may have meant who named a record that is not there."""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.store.index import tail_of
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.lookups import Lookups

_ALIKE = 0.75
"""From here on two words look alike (difflib's ratio, 0 to 1)."""


def near_ids(desk: Lookups, word: str, kinds: Sequence[str] = (), most: int = 3) -> list[str]:
    """Return up to so many ids, of these kinds when any are given, that are like a word, the likest first.

    Of a ticket's id day or tail must be as written: who gets both wrong may have meant any of thousands.
    """
    from difflib import get_close_matches  # late: most names are right

    upper = word.upper()
    day, tail = upper[: -len("7F3K")], tail_of(upper)
    known = {id.upper(): id for _, kind, id in desk.names_like(day, tail) if not kinds or kind in kinds}
    return [known[one] for one in get_close_matches(upper, known, most, _ALIKE)]
