"""What a new id or name does to files: the record's own, and every page that names it."""

from __future__ import annotations

import re
from typing import NamedTuple

from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, path_of
from servicebook.text.relink import relink
from servicebook.text.set_field import append_item, remove_field, set_field
from servicebook.text.source_file import SourceFile


class Renaming(NamedTuple):
    """One record's way from an id (or slug) and path to another."""

    kind: str
    old: str
    new: str
    old_path: str
    new_path: str

    @property
    def is_number(self) -> bool:
        """Whether it is an id such as INC-20260312-7F3K: unmistakable wherever it stands in a text."""
        return bool(BY_NAME[self.kind].prefix)

    def moved(self, path: str) -> str:
        """Return where a file lies afterwards: the record and its attachments move, all else stays."""
        if path == self.old_path:
            return self.new_path
        folder = attachments_of(self.old_path)
        return attachments_of(self.new_path) + path[len(folder) :] if path.startswith(folder + "/") else path


def renaming_of(facts: Facts, new: str) -> Renaming:
    """Return the way of a record to the id `new`."""
    return Renaming(facts.kind, facts.id, new, facts.path, path_of(BY_NAME[facts.kind], new))


def attachments_of(path: str) -> str:
    """Return the folder of a record's attachments."""
    return path.removesuffix(".md") + ".files"


def rename_record(source: SourceFile, facts: Facts, way: Renaming) -> SourceFile:
    """Return the record's own file under its new id and path.

    A slug's old form stays as an alias, by which references still lead here. A number leaves none: it belongs
    to the other record.
    """
    data = relink(source, way.new_path, way.moved)
    data = set_field(data, ("id",), way.new)
    if way.is_number:
        return SourceFile(way.new_path, _renumbered(data, way))
    aliases = list(facts.get("aliases", default=()))
    if way.new in aliases:
        data = remove_field(data, ("aliases", aliases.index(way.new)))
    return SourceFile(way.new_path, append_item(data, ("aliases",), way.old))


def rename_mentions(source: SourceFile, way: Renaming) -> SourceFile:
    """Return another page with its links following the record, and with the new number wherever the old one stood."""
    data = relink(source, source.path, way.moved)
    return SourceFile(source.path, _renumbered(data, way) if way.is_number else data)


def _renumbered(data: bytes, way: Renaming) -> bytes:
    return re.sub(rb"(?<![0-9A-Za-z])" + re.escape(way.old.encode()) + rb"(?![0-9A-Za-z])", way.new.encode(), data)
