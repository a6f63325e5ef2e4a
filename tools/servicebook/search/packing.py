"""How the index is packed: lists of numbers as steps, and a file's contents deflated inside of a small script.

A browser at file:// loads nothing but scripts, so each file is one call with its contents as base64. Inside: JSON, a
zero byte, and bytes.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from itertools import chain
from operator import sub
from typing import Any

_LEVEL = 6


def pack(name: str, header: object, blob: bytes = b"") -> str:
    """Return the script that brings `header` (plain JSON values) and `blob` to the search page."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    data = squeeze.compress(text.encode("utf-8", "surrogatepass") + b"\0" + blob) + squeeze.flush()
    return f'sbIndex("{name}","{b64encode(data).decode()}")\n'


def unpack(script: str) -> tuple[Any, bytes]:
    """Return header and blob of a script that `pack` made; ValueError or zlib.error when it is none."""
    data = zlib.decompress(b64decode(script.split('"')[3]), -15)
    text, _, blob = data.partition(b"\0")
    return json.loads(text), blob


def encode_steps(numbers: Iterable[int]) -> bytes:
    """Return rising numbers (0 or more) as the steps between them, in bytes of seven bits, the lowest first."""
    numbers = list(numbers)
    steps = list(map(sub, numbers, chain((-1,), numbers)))
    if not steps or max(steps) < 128:
        return bytes(steps)
    found = bytearray()
    for step in steps:
        while step > 127:
            found.append(step & 127 | 128)
            step >>= 7
        found.append(step)
    return bytes(found)


def decode_steps(data: bytes) -> list[int]:
    """Return the numbers that `encode_steps` was given."""
    numbers, number, step, shift = [], -1, 0, 0
    for byte in data:
        step |= (byte & 127) << shift
        if byte & 128:
            shift += 7
        else:
            number += step
            numbers.append(number)
            step = shift = 0
    return numbers
