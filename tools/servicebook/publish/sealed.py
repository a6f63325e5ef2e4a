"""What is kept between builds as JSON behind a sum, so that damage to any byte of it is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_SUM = 24


def seal(value: object) -> bytes:
    """Return a value that JSON holds as bytes, for `unseal`."""
    return _sealed(_bytes(value))


def unseal(data: bytes) -> Any:
    """Return the value of what `seal` returned. Raises ValueError for anything else."""
    return _value(_opened(data))


class Parts:
    """Values kept in one file by name: the bytes of each are read as JSON only when it is asked for."""

    def __init__(self, file: Path, form: str) -> None:
        """Read what `seal_parts` made in this form; where any byte of it is another, or there is none, all is gone."""
        self._places: dict[str, tuple[int, int]] = {}
        self._data = b""
        try:
            data = _opened(file.read_bytes())
            end = data.index(b"\n") + 1
            written_in, lengths = _value(data[:end])
        except (OSError, ValueError, TypeError):
            return
        if written_in == form:
            self._data = data
            for name, length in lengths:
                self._places[name] = (end, end + length)
                end += length

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the parts."""
        return iter(self._places)

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name in self._places

    def get(self, name: str) -> Any:
        """Return a part; None where there is none of the name."""
        return _value(self.bytes_of(name)) if name in self._places else None

    def bytes_of(self, name: str) -> bytes:
        """Return a part as it is kept, for `seal_parts`."""
        start, end = self._places[name]
        return self._data[start:end]


def seal_parts(form: str, parts: Mapping[str, object]) -> bytes:
    """Return values by name as `Parts` reads them; one that is bytes is that of `bytes_of`, of a part that stays.

    form: a word for what the values say and how, which changes when either does.
    """
    kept = {name: value if isinstance(value, bytes) else _bytes(value) for name, value in parts.items()}
    head = _bytes([form, [(name, len(data)) for name, data in kept.items()]])
    return _sealed(b"".join((head, b"\n", *kept.values())))


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _value(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))


def _sealed(data: bytes) -> bytes:
    return _sum(data) + data


def _opened(data: bytes) -> bytes:
    if data[:_SUM] != _sum(data[_SUM:]):
        raise ValueError("not as it was written")
    return data[_SUM:]


def _sum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SUM // 2).hexdigest().encode()
