"""Attachments as an outer audience may have them: pictures rebuilt without what their makers wrote beside the picture.

Of a picture only the parts that draw it are copied, by a list of them: no EXIF, no text, no thumbnail, no comment, no
colour profile with a name in it, nothing behind its end. Plain text is read like any text of the desk. A file of any
other kind is refused: what cannot be looked into is not shown.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
    | {b"acTL", b"fcTL", b"fdAT"}
)
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_JPEG_DRAWS = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xCC})
_JPEG_DRAWS |= {0xDB, 0xDD}
_WEBP_DRAWS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH"})
_WEBP_SAID = 0x20 | 0x08 | 0x04
"""The flags of VP8X that announce a colour profile, EXIF and XMP."""


class RefusedError(ValueError):
    """An attachment that cannot be shown to an outer audience: of no kind that is looked into, or damaged."""


def clean_picture(data: bytes) -> bytes:
    """Return a picture without anything but what draws it; RefusedError where it is none, or not whole."""
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data[:6] in (b"GIF87a", b"GIF89a"):
            return _gif(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except IndexError as error:
        raise RefusedError("it breaks off or is damaged") from error
    raise RefusedError("only pictures (PNG, JPEG, GIF, WebP) and plain text can be looked into and shown")


def _take(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise IndexError
    return data[at : at + length]


def _png(data: bytes) -> bytes:
    parts, at = [_PNG], len(_PNG)
    while True:
        length, name = int.from_bytes(_take(data, at, 4), "big"), _take(data, at + 4, 4)
        content = _take(data, at + 8, length)
        at += 12 + length
        if name in _PNG_PARTS:
            content = content[:13] if name == b"IHDR" else b"" if name == b"IEND" else content
            crc = zlib.crc32(name + content).to_bytes(4, "big")
            parts.append(len(content).to_bytes(4, "big") + name + content + crc)
        if name == b"IEND":
            return b"".join(parts)


def _jpeg(data: bytes) -> bytes:
    parts, at = [b"\xff\xd8", _JFIF], 2
    while True:
        if data[at] != 0xFF:
            raise IndexError
        while data[at + 1] == 0xFF:
            at += 1
        mark = data[at + 1]
        if mark == 0xD9:
            return b"".join([*parts, b"\xff\xd9"])
        length = int.from_bytes(_take(data, at + 2, 2), "big")
        segment = _take(data, at, length + 2)
        at += length + 2
        if mark in _JPEG_DRAWS:
            parts.append(segment)
        elif mark == 0xEE and segment[4:9] == b"Adobe" and length == 14:
            parts[1] = segment  # it says how the colours are written, which JFIF would contradict
        elif mark == 0xDA:
            end = _end_of_scan(data, at)
            parts += [segment, data[at:end]]
            at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Return where the coded picture ends: at a mark that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


def _gif(data: bytes) -> bytes:
    at = 13 + _table(data[10])
    parts = [_take(data, 0, at)]
    while True:
        kind = data[at]
        if kind == 0x3B:
            return b"".join([*parts, b";"])
        if kind == 0x21:
            end = _after_blocks(data, at + 2)
            # What else such a part may hold is not looked at by anything that draws.
            if data[at + 1] == 0xF9 and data[at + 2] == 4:
                parts.append(_take(data, at, 7) + b"\0")
            elif data[at + 2 : at + 16] == b"\x0bNETSCAPE2.0\x03\x01":
                parts.append(_take(data, at, 18) + b"\0")
        elif kind == 0x2C:
            end = _after_blocks(data, at + 10 + _table(data[at + 9]) + 1)
            parts.append(data[at:end])
        else:
            raise IndexError
        at = end


def _table(flags: int) -> int:
    """Return how many bytes a colour table takes."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _webp(data: bytes) -> bytes:
    parts = list(_webp_parts(data))
    if not parts:
        raise IndexError
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _webp_parts(data: bytes) -> Iterator[bytes]:
    at, end = 12, 8 + int.from_bytes(_take(data, 4, 4), "little")
    _take(data, 0, end)
    while at + 8 <= end:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        content = _take(data, at + 8, length)
        at += 8 + length + length % 2
        if name == b"VP8X":
            content = bytes([content[0] & ~_WEBP_SAID & 0xFF]) + content[1:10]
        if name in _WEBP_DRAWS:
            yield name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
