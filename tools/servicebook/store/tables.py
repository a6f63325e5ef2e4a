"""The tables of an index, and which columns the sum of each row is taken over (store/sums.py)."""

from __future__ import annotations

import zlib

from servicebook.store.verdicts import Verdict

SHARED = """
CREATE TABLE shared.meta (name TEXT PRIMARY KEY, value TEXT, sum INTEGER) WITHOUT ROWID;
CREATE TABLE shared.setting (blob TEXT PRIMARY KEY, value TEXT, sum INTEGER) WITHOUT ROWID;
CREATE TABLE shared.verdict (
  number INTEGER PRIMARY KEY, blob TEXT, path TEXT, engine TEXT,
  kind TEXT, id TEXT, title TEXT, status TEXT, raw TEXT, refs TEXT, found TEXT, names TEXT, targets TEXT,
  body TEXT, facts_sum INTEGER, rest_sum INTEGER, UNIQUE (blob, path, engine)
);
"""
"""What serves all work trees of a clone: meta, settings by the blob they were read from, verdicts."""

ANCHOR = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT, sum INTEGER) WITHOUT ROWID;
CREATE TABLE file (
  path TEXT PRIMARY KEY, mode TEXT, blob TEXT, verdict INTEGER, kind TEXT, id TEXT, tail TEXT, found INTEGER,
  folded TEXT, quirks INTEGER, status TEXT, live INTEGER, sum INTEGER,
  relation TEXT, seen INTEGER, relation_sum INTEGER
) WITHOUT ROWID;
CREATE INDEX file_id ON file (id) WHERE id != '';
CREATE INDEX file_tail ON file (tail) WHERE tail != '';
CREATE INDEX file_kind ON file (kind, path) WHERE kind != '';
CREATE INDEX file_found ON file (path) WHERE found;
CREATE INDEX file_folded ON file (folded);
CREATE INDEX file_status ON file (status, kind, path) WHERE kind != '';
CREATE INDEX file_live ON file (path) WHERE live;
CREATE INDEX file_quirks ON file (path) WHERE quirks;
CREATE INDEX file_unknown ON file (path) WHERE relation IS NULL AND kind != '';
CREATE INDEX file_relation ON file (path) WHERE relation != '';
CREATE INDEX file_seen ON file (seen) WHERE seen IS NOT NULL;
CREATE TABLE folder (path TEXT PRIMARY KEY, time INTEGER, others TEXT, sum INTEGER) WITHOUT ROWID;
CREATE TABLE seen (number INTEGER PRIMARY KEY, names TEXT UNIQUE, sum INTEGER);
CREATE TABLE seen_name (name TEXT, number INTEGER, sum INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID;
CREATE TABLE alias (name TEXT, path TEXT, sum INTEGER, PRIMARY KEY (name, path)) WITHOUT ROWID;
CREATE TABLE target (target TEXT, path TEXT, sum INTEGER, PRIMARY KEY (target, path)) WITHOUT ROWID;
CREATE TABLE history (
  path TEXT, id TEXT, place INTEGER, entry TEXT, born TEXT, at INTEGER, moved_by TEXT, moved_at INTEGER,
  branch INTEGER, sum INTEGER, PRIMARY KEY (path, id)
) WITHOUT ROWID;
"""
"""What belongs to one work tree: the files, names and references of one tree, and what was found between them."""

TABLES = {"main": ANCHOR, "shared": SHARED}
"""The statements that make each database, by the name under which a connection has it."""

VERSION = f"{zlib.crc32((SHARED + ANCHOR).encode()):08x}"
"""Changes with the tables above; an index of another version is made anew."""

SUMS = {
    "main": (
        ("meta", "name, value", "sum"),
        ("file", "path, mode, blob, verdict, kind, id, tail, found, folded, quirks, status, live", "sum"),
        ("file", "path, relation, seen", "relation_sum"),
        ("folder", "path, time, others", "sum"),
        ("seen", "number, names", "sum"),
        ("seen_name", "name, number", "sum"),
        ("alias", "name, path", "sum"),
        ("target", "target, path", "sum"),
        ("history", "path, id, place, entry, born, at, moved_by, moved_at, branch", "sum"),
    ),
    "shared": (
        ("meta", "name, value", "sum"),
        ("setting", "blob, value", "sum"),
        ("verdict", "blob, path, kind, id, title, status, raw, refs", "facts_sum"),
        ("verdict", "blob, path, engine, found, names, targets, body", "rest_sum"),
    ),
}
"""(Table, columns, the column with their sum) of each database; together the sums cover every column but themselves."""

COLUMNS = ", ".join(f"v.{name}" for name in Verdict._fields)
"""The columns of a verdict in the order of `Verdict`."""

FACTS = 6
"""So many columns of a verdict, from its first, make a fact row."""

FACT_COLUMNS = ", ".join(f"v.{name}" for name in Verdict._fields[:FACTS])
"""The columns of a verdict that a fact row is made of."""


def statements(name: str) -> list[str]:
    """Return the statements that make the database that a connection has under `name`."""
    return TABLES[name].split(";\n")[:-1]


INDEXES = tuple((words.split()[2], words) for words in statements("main") if words.startswith("CREATE INDEX"))
"""The indexes of the anchor by name, each with the statement that makes it."""
