"""One record of two: the front matter by its fields, the status by its timeline, the body by Git.

Whichever side is called ours, the result is the same but for the sides of its markers: the older side goes
first (see `weave.seniority`), and nothing else asks which side is whose.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from servicebook.errors import ServicebookError
from servicebook.merge.front import merge_fronts
from servicebook.merge.lines import PLAIN, Marks, mark_clash, merge_lines
from servicebook.merge.parts import Pieces, read_pieces
from servicebook.merge.pieces import Clash, Piece, show_path
from servicebook.merge.weave import seniority

BODY = "body"
FILE = "file"

_BOM = b"\xef\xbb\xbf"
_FENCE = re.compile(rb"---[ \t]*\r?\n")
_OPENED = re.compile(rb"^<{7,}", re.MULTILINE)
_CLOSED = re.compile(rb"^>{7,}[^\n]*\n", re.MULTILINE)


class Merged(NamedTuple):
    """What a merge came to.

    data: the file. conflicts: what stands between markers in it, such as `status`, `timeline.q6qh`, `body`;
    `file` where fields could not be told apart and Git merged lines. kept: what one side deleted from a
    timeline, and that stays. dropped: whether the closing block went, for `servicebook fix` to restore.
    """

    data: bytes
    conflicts: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    dropped: bool = False


def merge_record(base: bytes, ours: bytes, theirs: bytes, marks: Marks = PLAIN) -> Merged:
    """Return the merge of two edits of one file; never raises, and never loses a side.

    `base` is empty where there is none. What only one side did is taken as it stands, byte for byte.
    """
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    try:
        if not any(_FENCE.match(data.removeprefix(_BOM)) for data in (base, ours, theirs)):
            data, clean = merge_lines(base, ours, theirs, marks)
            return Merged(data, () if clean else (BODY,))
        return _merge_forms(base, ours, theirs, marks)
    except (ValueError, LookupError, RecursionError, ServicebookError, OSError):
        return _merge_whole(base, ours, theirs, marks)


def _merge_whole(base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> Merged:
    """Return Git's merge of the lines of a file whose fields cannot be told apart: a person has to look at it."""
    try:
        return Merged(merge_lines(base, ours, theirs, marks)[0], (FILE,))
    except (ServicebookError, OSError):
        return Merged(mark_clash(ours, theirs, marks), (FILE,))


class _Form(NamedTuple):
    """How a file is written: byte order mark, and `\\n`, `\\r\\n` or, where both stand, nothing."""

    mark: bytes
    newline: bytes


def _merge_forms(base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> Merged:
    """Merge files with one kind of line end each as if they had LF and no byte order mark."""
    forms = [_form_of(data) for data in (base, ours, theirs)]
    form = _Form(*(_pick(*values) for values in zip(*forms, strict=True)))
    texts = [data.removeprefix(_BOM) for data in (base, ours, theirs)]
    if all(one.newline for one in forms):
        texts = [text.replace(b"\r\n", b"\n") for text in texts]
    merged = _merge_texts(texts[0], texts[1], texts[2], marks)
    data = merged.data
    if all(one.newline for one in forms) and form.newline != b"\n":
        data = data.replace(b"\n", form.newline)
    return merged._replace(data=form.mark + data)


def _form_of(data: bytes) -> _Form:
    pairs = data.count(b"\r\n")
    newline = b"\n" if not pairs else b"\r\n" if pairs == data.count(b"\n") else b""
    return _Form(_BOM if data.startswith(_BOM) else b"", newline)


def _pick(base: Any, ours: Any, theirs: Any) -> Any:
    """Return the side that moved; where both did, differently, the smaller value."""
    if ours in (base, theirs):
        return theirs
    return ours if theirs == base else min(ours, theirs)


def _merge_texts(base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> Merged:
    left, right = read_pieces(ours), read_pieces(theirs)
    before = _read_base(base)
    known = [before.front.value] if before else []
    theirs_first = seniority(right.front.value, [*known, left.front.value], theirs) < seniority(
        left.front.value, [*known, right.front.value], ours
    )
    first, second = (right, left) if theirs_first else (left, right)
    front = merge_fronts(before.front if before else None, first.front, second.front)
    bodies = [side.body.encode() if side else b"" for side in (before, left, right)]
    body, clean = merge_lines(bodies[0], bodies[1], bodies[2], marks)
    head = _render(front.pieces, marks, theirs_first)
    if body and not head.endswith(b"\n"):
        head += b"\n"
    conflicts = [show_path(piece.path) for piece in front.pieces if isinstance(piece, Clash)]
    if not clean:
        conflicts.append(BODY)
    return Merged(head + body, tuple(conflicts), tuple(map(show_path, front.kept)), front.dropped)


def _read_base(data: bytes) -> Pieces | None:
    """Return the pieces of the common ancestor; None where there is none.

    One that Git made of two ancestors may hold conflict markers. What stands between them is nobody's, and
    goes: then what both sides say there must agree.
    """
    if not data:
        return None
    try:
        return read_pieces(data)
    except ValueError:
        bare = _without_conflicts(data)
        if bare == data:
            raise
        return read_pieces(bare)


def _without_conflicts(data: bytes) -> bytes:
    """Return a file without its conflicts, from each first marker to the next last one."""
    kept, at = [], 0
    while (opened := _OPENED.search(data, at)) and (closed := _CLOSED.search(data, opened.end())):
        kept.append(data[at : opened.start()])
        at = closed.end()
    return b"".join([*kept, data[at:]])


def _render(pieces: list[Piece], marks: Marks, turned: bool) -> bytes:
    found = []
    for piece in pieces:
        if isinstance(piece, Clash):
            ours, theirs = reversed(piece.sides) if turned else piece.sides
            found.append(mark_clash(ours.encode(), theirs.encode(), marks))
        else:
            found.append(piece.encode())
    return b"".join(found)
