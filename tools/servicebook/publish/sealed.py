"""What is kept between builds as JSON behind a sum, so that damage to any byte of it is noticed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_SUM = 24


def seal(value: object) -> bytes:
    """Return a value that JSON holds as bytes, for `unseal`."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _sum(data) + data


def unseal(data: bytes) -> Any:
    """Return the value of what `seal` returned. Raises ValueError for anything else."""
    if data[:_SUM] != _sum(data[_SUM:]):
        raise ValueError("not as it was written")
    return json.loads(data[_SUM:].decode("utf-8", "surrogatepass"))


def _sum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SUM // 2).hexdigest().encode()
