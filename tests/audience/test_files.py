"""Attachments for readers outside: pictures that still show, and nothing beside the picture in them."""

from __future__ import annotations

import zlib

import pytest

from servicebook.audience.files import RefusedError, clean_picture
from servicebook.audience.looking import marks_of
from servicebook.text.shown_files import is_showable

MARK = b"cnryabcdefghij"


def png(*extra: tuple[bytes, bytes]) -> bytes:
    parts = [
        (b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"), *extra, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b""),
    ]  # fmt: skip
    chunks = (len(d).to_bytes(4, "big") + n + d + zlib.crc32(n + d).to_bytes(4, "big") for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg(*extra: tuple[int, bytes]) -> bytes:
    segments = b"".join(b"\xff" + bytes([mark]) + (len(data) + 2).to_bytes(2, "big") + data for mark, data in extra)
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + segments + b"\xff\xdb\x00\x04\x00\x01" + scan + b"\xff\xd9"


def gif(*extra: bytes) -> bytes:
    picture = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    return b"GIF89a\x01\0\x01\0\x80\0\0" + b"\0" * 6 + b"".join(extra) + picture + b"\x3b"


def webp(*extra: tuple[bytes, bytes]) -> bytes:
    parts = [(b"VP8X", b"\x2c" + b"\0" * 9), (b"VP8L", b"\x2f\0\0\0\0"), *extra]
    body = b"WEBP" + b"".join(n + len(d).to_bytes(4, "little") + d + b"\0" * (len(d) % 2) for n, d in parts)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def block(data: bytes) -> bytes:
    return bytes([len(data)]) + data + b"\0"


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        (png((b"tEXt", b"Author\0" + MARK), (b"eXIf", MARK), (b"iCCP", MARK), (b"prVt", MARK)), png()),
        (png((b"zTXt", b"c\0\0" + zlib.compress(MARK))), png()),
        (png() + MARK, png()),
        (jpeg((0xE1, b"Exif\0\0" + MARK), (0xFE, MARK), (0xED, MARK), (0xE2, MARK), (0xE0, MARK)), jpeg()),
        (jpeg() + MARK, jpeg()),
        (gif(b"\x21\xfe" + block(MARK), b"\x21\xff" + b"\x0bXMP DataXMP" + block(MARK)), gif()),
        (gif() + MARK, gif()),
        (webp((b"EXIF", MARK), (b"XMP ", MARK), (b"ICCP", MARK), (b"odd ", MARK)), webp()),
        (webp() + MARK, webp()),
    ],
)
def test_a_picture_is_shown_without_what_was_written_into_it(told: bytes, plain: bytes) -> None:
    assert MARK in told or list(marks_of(told))
    clean = clean_picture(told)
    assert not list(marks_of(clean))
    assert clean == clean_picture(plain)
    assert clean_picture(clean) == clean


def test_what_draws_a_picture_is_kept() -> None:
    assert clean_picture(png((b"tRNS", b"\0\0"))) == png((b"tRNS", b"\0\0"))
    assert b"\x12\xff\x00\x34\xff\xd0\x56" in clean_picture(jpeg())
    loop = b"\x21\xff" + b"\x0bNETSCAPE2.0" + b"\x03\x01\0\0\0"
    assert loop in clean_picture(gif(loop))
    assert clean_picture(webp())[20] == 0  # no profile, EXIF or XMP is announced any more


@pytest.mark.parametrize("whole", [png(), jpeg(), gif(), webp()])
def test_a_picture_that_breaks_off_is_refused(whole: bytes) -> None:
    for length in range(len(whole)):
        try:
            clean_picture(whole[:length])
        except RefusedError:
            continue
        assert length >= len(whole) - 4


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"<svg onload='x'/>", b"\x89PNG", b"MZ"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError):
        clean_picture(data)


def test_only_pictures_and_texts_are_shown() -> None:
    assert is_showable("a.PNG")
    assert is_showable("a.log")
    assert not any(is_showable(name) for name in ("a.svg", "a.pdf", "a.docx", "a.html", "a", "png"))
