"""What commits show of each event (store/recorded.py), kept up to one commit: the next check reads only newer ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servicebook.store.sums import damaged, sum_of, with_sum
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.store.index import Index


def history_tip(index: Index) -> str:
    """Return the commit up to which the history is known; empty when none is."""
    return index.meta("history")


def kept_history(index: Index) -> Iterator[tuple[Any, ...]]:
    """Yield the events that the history up to `history_tip` recorded, as they were kept."""
    for *row, kept in index.db.execute("SELECT * FROM main.history"):
        if sum_of(*row) != kept:
            raise damaged(f"history {row[0]}")
        yield tuple(row)


def keep_history(index: Index, old: str, tip: str, touched: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Keep the events of the touched paths as the history up to `tip` shows them; of all, when `old` is empty.

    old: the tip they were read from. Nothing is kept when another process moved it, or writes for long: the
    next check reads those commits again.
    """
    with index.while_reading() as writer:
        if not writer or (old and history_tip(writer) != old):
            return
        if old:
            writer.db.executemany("DELETE FROM main.history WHERE path = ?", ((path,) for path in touched))
        else:
            writer.db.execute("DELETE FROM main.history")
        summed = (with_sum(*row[:-1], int(row[-1])) for row in rows)
        writer.db.executemany("INSERT INTO main.history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", summed)
        writer.set_meta("history", tip)
