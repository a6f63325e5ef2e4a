"""Marks are found however they were packed or written."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from servicebook.audience.looking import look_through, marks_of
from servicebook.audience.marks import Mark

MARK = "cnryabcdefghij"
TEXT = f"before {MARK} after"


def deflated() -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(TEXT.encode()) + packer.flush()


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", gzip.compress(TEXT.encode()))
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.upper().encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        "".join(f"%{ord(sign):02x}" for sign in TEXT).encode(),
        "".join(f"\\u{ord(sign):04x}" for sign in TEXT).encode(),
        "".join(f"\\x{ord(sign):02x}" for sign in TEXT).encode(),
        "".join(f"&#{ord(sign)};" for sign in TEXT).encode(),
        "".join(f"&#x{ord(sign):x};" for sign in TEXT).encode(),
        base64.b64encode(TEXT.encode()),
        b"x='" + base64.b64encode(b"a" + TEXT.encode()) + b"'",
        base64.urlsafe_b64encode(b"ab" + TEXT.encode()),
        TEXT.encode().hex().encode(),
        b'index("w0","' + base64.b64encode(deflated()) + b'")',
        b'index("w0","' + base64.b64encode(zlib.compress(TEXT.encode())) + b'")',
        gzip.compress(TEXT.encode(), mtime=0),
        zipped(),
        b"\x89PNG\r\n\x1a\n" + zlib.compress(TEXT.encode()),
        json.dumps({"a": TEXT}).encode(),
        quote(TEXT).encode(),
    ],
)  # fmt: skip
def test_a_mark_is_found_in_every_form(data: bytes) -> None:
    assert {
        text for _, text in marks_of(b"head " + data if data[:2] not in (b"\x1f\x8b", b"PK", b"\x89P") else data)
    } == {MARK}


def test_numbers_days_and_ids_are_marks_too() -> None:
    data = b"739,000,017 2041-03-05 inc-20410305-ab12"
    assert {text for _, text in marks_of(data)} == {"739000017", "2041-03-05", "inc-20410305-ab12"}


def test_what_may_be_read_somewhere_is_no_leak_and_names_of_files_count(tmp_path: Path) -> None:
    (tmp_path / f"{MARK}.txt").write_text("")
    marks = [Mark(MARK, "kb/a.md", "tags"), Mark("cnrybbbbbbbbbb", "kb/a.md", "title", frozenset({"customer:"}))]
    (tmp_path / "index.html").write_text("cnrybbbbbbbbbb")
    assert [leak.form for leak in look_through(str(tmp_path), "customer:any", marks).leaks] == ["file name"]
    looked = look_through(str(tmp_path), "public", marks)
    assert {(leak.file, leak.mark.field) for leak in looked.leaks} == {(f"{MARK}.txt", "tags"), ("index.html", "title")}
    assert looked.files == 2
