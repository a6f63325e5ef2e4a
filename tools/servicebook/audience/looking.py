"""Marks in what was built: in every byte of every file, however it is packed or written."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from servicebook.audience.marks import SIGN, Mark, secrets_of

_MARKS = re.compile(
    rf"{SIGN}[a-z2-7]{{10}}|739\d{{6}}|20[4-9]\d-\d\d-\d\d|[A-Z]{{2,3}}-20[4-9]\d{{5}}-[0-9A-Z]{{4}}".encode(), re.I
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){12,}")
_ESCAPED = re.compile(rb"\\(?:u00|x)([0-9A-Fa-f]{2})")
_GROUPED = re.compile(rb"(?<=\d)[,_' ](?=\d{3})")
_DEEP = 3
"""So many packings inside one another are undone."""
_LARGEST = 64 * 1024 * 1024
"""Nothing is unpacked to more bytes than this: a picture of nothing may unpack to gigabytes."""


class Leak(NamedTuple):
    """A mark where it must not be: the file it was found in, how it was written there, and the mark."""

    file: str
    form: str
    mark: Mark


class Looked(NamedTuple):
    """What was found in one tree: how many files there are, every mark in them, and those that must not be there."""

    files: int
    seen: set[str]
    leaks: list[Leak]


def look_through(folder: str, audience: str, marks: Iterable[Mark]) -> Looked:
    """Look through all files below a folder, and their names, for marks that an audience may not read."""
    secret = secrets_of(marks, audience)
    looked = Looked(0, set(), [])
    for path in sorted(Path(folder).rglob("*")):
        shown = path.relative_to(folder).as_posix()
        seen = {(text, "file name") for text in marks_in(shown.encode("utf-8", "surrogateescape"))}
        if path.is_file():
            looked = looked._replace(files=looked.files + 1)
            seen |= {(text, form) for form, text in marks_of(path.read_bytes())}
        looked.seen.update(text for text, _ in seen)
        looked.leaks.extend(Leak(shown, form, secret[text]) for text, form in sorted(seen) if text in secret)
    return looked


def marks_of(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (form, mark) for all that looks like a mark in some bytes, in lower case."""
    told: set[str] = set()
    for form, plain in _forms(data, 0):
        for text in marks_in(plain) - told:
            told.add(text)
            yield form, text


def marks_in(data: bytes) -> set[str]:
    """Return what looks like a mark in bytes as they are, in lower case."""
    return {match.decode("ascii").lower() for match in _MARKS.findall(data)}


def _forms(data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """Yield some bytes in every form they may have been written from, each with its name."""
    yield "plain text", data
    if b"\0" in data:
        yield "UTF-16", data.replace(b"\0", b"")
    if b"%" in data:
        yield "percent signs", unquote_to_bytes(data)
    if b"\\" in data:
        yield "escapes", _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), data)
    if b"&#" in data:
        yield "entities", html.unescape(data.decode("latin-1")).encode("utf-8", "replace")
    if _GROUPED.search(data):
        yield "grouped digits", _GROUPED.sub(b"", data)
    for match in _BASE64.finditer(data):
        decoded = list(_decoded64(match[0]))
        yield "base64", b" ".join(decoded)
        # The search index is packed so: a stream without a head, in base64.
        yield from (("base64, deflated", part) for part in map(_inflated, decoded) if part)
    for match in _HEX.finditer(data):
        yield "hexadecimal", binascii.unhexlify(match[0])
    if depth < _DEEP:
        for form, inner in _unpacked(data):
            yield from ((form, plain) for _, plain in _forms(inner, depth + 1))


def _decoded64(text: bytes) -> Iterator[bytes]:
    """Yield what base64 may mean, wherever in it the text began."""
    text = text.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    for start in range(4):
        part = text[start:]
        if len(part) % 4 != 1:
            yield base64.b64decode(part + b"=" * (-len(part) % 4))
        else:
            yield base64.b64decode(part[:-1])


def _inflated(data: bytes) -> bytes:
    """Return what unpacks of some bytes as a deflate stream, with or without a head; nothing where they are none."""
    for form in (-zlib.MAX_WBITS, zlib.MAX_WBITS | 32):
        try:
            if found := zlib.decompressobj(form).decompress(data, _LARGEST):
                return found
        except zlib.error:
            continue
    return b""


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(data)) as file:
                yield "gzip", file.read(_LARGEST)
        except (OSError, EOFError, zlib.error):
            return
    elif data[:4] == b"PK\x03\x04":
        yield from _of_zip(data)
    elif data[:8] == b"\x89PNG\r\n\x1a\n" or data[:4] in (b"wOFF", b"%PDF"):
        yield from (("a packed part", part) for part in _deflated(data))


def _of_zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield "a name in a zip file", member.filename.encode("utf-8", "replace") + member.comment
                with archive.open(member) as file:
                    yield "zip", file.read(_LARGEST)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, OSError):
        return


def _deflated(data: bytes) -> Iterator[bytes]:
    """Yield what unpacks of all that looks like the head of a zlib stream."""
    for head in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            yield zlib.decompressobj().decompress(data[head.start() :], _LARGEST)
        except zlib.error:
            continue
