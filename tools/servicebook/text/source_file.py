"""What a file of the desk is: its path, its bytes and its Git blob id, and whether it is readable text."""

from __future__ import annotations

import re

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.text import file_rules as rules
from servicebook.text.digests import sha1
from servicebook.typed import Any, NamedTuple

MAX_BYTES = 1024 * 1024
"""A record of more bytes than this is not read: one finding, and the rest of the desk goes on."""

_BOM = b"\xef\xbb\xbf"
_LFS = b"version https://git-lfs.github.com/spec/"
_CONFLICT = [re.compile(line, re.MULTILINE) for line in (r"^<{7} ", r"^={7}$", r"^>{7}(?: |$)")]
"""The lines of an unfinished merge in their order, looked for one after the other: one pattern for all of them would
take hours for a file of nothing but such lines."""


class SourceFile(NamedTuple):
    """One file: `path` posix and relative to the desk's root, `blob` its Git object id, "" when unknown."""

    path: str
    data: bytes
    blob: str = ""


def blob_id(data: bytes, algorithm: str = "sha1") -> str:
    """Return the id that Git gives a blob of these bytes, in a repository of `sha1` or `sha256` objects."""
    digest = sha1(usedforsecurity=False) if algorithm == "sha1" else _begin_digest(algorithm)
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest()


def _begin_digest(algorithm: str) -> Any:
    import hashlib

    return hashlib.new(algorithm, usedforsecurity=False)


def decode_source(source: SourceFile) -> tuple[str | None, list[Diagnostic]]:
    """Return the file as text with LF line ends, and what is wrong with its form.

    None in place of the text: it is not text that could be read further, and a finding says why.
    """
    path, data = source.path, source.data
    if stop := unreadable(path, data):
        return None, [stop]
    found: list[Diagnostic] = []
    if data.startswith(_BOM):
        found.append(rules.byte_order_mark.at(path, Span(1, 1, 1, 2)))
        data = data[len(_BOM) :]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(path, data, error.start)]
    if "\r\n" in text:
        line = text.count("\n", 0, text.index("\r\n")) + 1
        found.append(rules.crlf_line_ends.at(path, Span(line, 1, line, 1), lines=text.count("\r\n")))
        text = text.replace("\r\n", "\n")
    if has_conflict_markers(text) and (mark := _CONFLICT[0].search(text)):
        line = text.count("\n", 0, mark.start()) + 1
        found.append(rules.conflict_markers.at(path, Span(line, 1, line, 8), path=path))
        return None, found
    return text, found


def has_conflict_markers(text: str) -> bool:
    """Whether an unfinished merge stands in a text, its lines ended by LF."""
    at = 0
    for line in _CONFLICT if "<<<<<<< " in text else ():
        mark = line.search(text, at)
        if mark is None:
            return False
        at = mark.end()
    return at > 0


def unreadable(path: str, data: bytes) -> Diagnostic | None:
    """Return why these bytes are no record at all, seen without decoding them."""
    start = Span(1, 1, 1, 1)
    if len(data) > MAX_BYTES:
        return rules.file_too_large.at(path, start, size=f"{len(data) / MAX_BYTES:.1f}", limit=1)
    if not data.strip():
        return rules.empty_file.at(path, start)
    if data.startswith(_LFS):
        return rules.lfs_pointer.at(path, start)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        return rules.binary_file.at(path, Span(line, 1, line, 1))
    return None


def _not_utf8(path: str, data: bytes, offset: int) -> Diagnostic:
    """Return the finding for bytes that are not UTF-8, naming GB18030 when they decode as such."""
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode("utf-8", "replace")) + 1
    where = Span(line, column, line, column + 1)
    byte = f"0x{data[offset]:02X}"
    if looks_like_gb18030(data):
        return rules.gb18030_file.at(path, where, byte=byte)
    return rules.not_utf8.at(path, where, byte=byte)


def looks_like_gb18030(data: bytes) -> bool:
    """Whether bytes that are not UTF-8 read as Chinese text in GB18030 (most of what is not ASCII is Han)."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    other = [sign for sign in text if sign > "\x7f"]
    common = sum("\u4e00" <= sign <= "\u9fff" or "\u3000" <= sign <= "\uffef" for sign in other)
    return bool(other) and common * 10 >= len(other) * 8 and "\ue000" not in text
