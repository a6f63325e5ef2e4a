"""Reads a database of the index through, when something else than our own writes may have touched its files."""

from __future__ import annotations

import os
import sqlite3

from servicebook.store.sums import damaged, sum_of, sum_of_texts
from servicebook.store.tables import SUMS, statements

_SCHEMA = "SELECT type, name, tbl_name, sql FROM {name}.sqlite_schema ORDER BY type, name"


def prove(db: sqlite3.Connection, name: str, path: str) -> None:
    """Raise DatabaseError unless every page and every row of a database is as it was written.

    name: under which the connection has it. SQLite tells pages that are not, or hang together otherwise, and rows
    that an index has and a table has not; the sums tell rows that are other ones.
    """
    try:
        _require_whole_pages(db, name, path)
        _require_schema(db, name)
        if (said := db.execute(f"PRAGMA {name}.integrity_check(1)").fetchone()) != ("ok",):
            raise sqlite3.DatabaseError(str(said))
        _require_sums(db, name)
    except sqlite3.OperationalError as error:  # a text that is none, a schema that cannot be read
        raise sqlite3.DatabaseError(str(error)) from error


def _require_whole_pages(db: sqlite3.Connection, name: str, path: str) -> None:
    """Tell a file cut off within its last page: SQLite would read zeros."""
    (size,) = db.execute(f"PRAGMA {name}.page_size").fetchone()
    if os.stat(path).st_size % size:
        raise sqlite3.DatabaseError("the file is cut off")


def _require_schema(db: sqlite3.Connection, name: str) -> None:
    """Tell tables and indexes that are others than we made."""
    due = sqlite3.connect(":memory:")
    due.execute("ATTACH ':memory:' AS shared")
    for statement in statements(name):
        due.execute(statement)
    question = _SCHEMA.format(name=name)
    as_made = due.execute(question).fetchall()
    due.close()
    if db.execute(question).fetchall() != as_made:
        raise damaged("its tables")


def _require_sums(db: sqlite3.Connection, name: str) -> None:
    for table, columns, kept in SUMS[name]:
        sum_it = sum_of_texts if table == "verdict" else sum_of
        for *values, due in db.execute(f"SELECT {columns}, {kept} FROM {name}.{table}"):
            unknown = kept == "relation_sum" and values[1] is None  # not looked at yet, and so without a sum
            if due != (None if unknown else sum_it(*values)):
                raise damaged(f"{table} {values[0]}")
