"""Records full of marks that must not come out: made from the models, so that a field added today is tried today.

For each kind there is one record that nobody outside may see, and one for each outer audience that may see the kind.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from servicebook.audience.filled import FilledRecord
from servicebook.audience.marks import Mark, Planter
from servicebook.records.audiences import CUSTOMER
from servicebook.records.kinds import KINDS, Kind, path_of
from servicebook.records.shown_fields import shown_fields


class Planted(NamedTuple):
    """What was planted: files by path, the marks in them, texts that must come out (text, path, audience)."""

    files: dict[str, bytes]
    marks: list[Mark]
    signs: list[tuple[str, str, str]]
    unplanted: list[str]
    """Fields of texts that took no mark."""


def plant(audiences: Mapping[str, str], seed: int = 0) -> Planted:
    """Return records for each outer audience (`public`, one `customer:SLUG`), each with the id of its customer.

    audiences: outer audience to the customer its records belong to; a slug for which a customer is planted as well.
    """
    return _Planting(audiences, Planter(seed)).planted()


class _Planting:
    def __init__(self, audiences: Mapping[str, str], planter: Planter) -> None:
        self.audiences = audiences
        self.planter = planter
        self.hidden = {kind.name: planter.id_of(kind) for kind in KINDS}
        self.files: dict[str, bytes] = {}
        self.signs: list[tuple[str, str, str]] = []
        self.unplanted: set[str] = set()

    def planted(self) -> Planted:
        """Return everything that was planted."""
        for kind in KINDS:
            self._add(kind, self.hidden[kind.name], None, "")
            for audience, customer in self.audiences.items():
                if shown_fields(kind.name, audience) is not None:
                    own = kind.name == "customer" and customer == audience.removeprefix(CUSTOMER)
                    self._add(kind, customer if own else self.planter.id_of(kind), audience, customer)
        return Planted(self.files, self.planter.marks, self.signs, sorted(self.unplanted))

    def _add(self, kind: Kind, id: str, audience: str | None, customer: str) -> None:
        path = path_of(kind, id)
        record = FilledRecord(self.planter, self.hidden, tuple(self.audiences), kind, path, audience, customer)
        data = {"schema": kind.schema, "id": id, **record.data()}
        if audience is None:
            data.pop("audience", None)
            self.planter.marks.append(Mark(id, path, "id"))
            self.planter.text(path, "file name")
        self.unplanted |= record.unplanted
        if audience:
            self.signs.append((str(data["title"]), path, audience))
            folder = path.removesuffix(".md") + ".files/"
            self.files[folder + "shown.png"] = self._picture(path)
            name = f"{self.planter.text(path, 'name of an attachment that is not shown')}.txt"
            self.files[folder + name] = self.planter.text(path, "attachment that is not shown").encode()
        head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in data.items())
        comment = f"# {self.planter.text(path, 'comment')}\n"
        self.files[path] = f"---\n{comment}{head}---\n{record.body()}".encode()

    def _picture(self, path: str) -> bytes:
        """Return a picture of one point, with marks wherever a picture may hold a text."""
        text = self.planter.text
        parts = [
            (b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"),
            (b"tEXt", b"Author\0" + text(path, "text in a picture").encode()),
            (b"zTXt", b"Comment\0\0" + zlib.compress(text(path, "packed text in a picture").encode())),
            (b"eXIf", b"MM\0*" + text(path, "EXIF of a picture").encode()),
            (b"IDAT", zlib.compress(b"\0\0")),
            (b"IEND", b""),
        ]
        chunks = (
            len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
            for name, data in parts
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + text(path, "what follows a picture").encode()
