"""How SSH packs values into bytes (RFC 4251, section 5), read strictly: whatever is left over or short is refused."""

from __future__ import annotations


class WireError(ValueError):
    """The bytes are not what they should be; its text says which part, in a few English words."""


class Reader:
    """Reads packed values one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int, what: str) -> bytes:
        """Return the next `count` bytes."""
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise WireError(f"cut off in {what}")
        self._at += count
        return piece

    def number(self, what: str) -> int:
        """Return a uint32."""
        return int.from_bytes(self.take(4, what), "big")

    def string(self, what: str) -> bytes:
        """Return a string: a uint32 length, then so many bytes."""
        return self.take(self.number(what), what)

    def text(self, what: str) -> str:
        """Return a string that must be printable ASCII, as names of algorithms and namespaces are."""
        data = self.string(what)
        if not data.isascii() or not data.decode("ascii").isprintable():
            raise WireError(f"strange characters in {what}")
        return data.decode("ascii")

    def integer(self, what: str) -> int:
        """Return an mpint that is not negative, in its one shortest form."""
        data = self.string(what)
        if data and (data[0] & 0x80 or (data[0] == 0 and (len(data) == 1 or not data[1] & 0x80))):
            raise WireError(f"{what} is not written in its shortest form")
        return int.from_bytes(data, "big")

    def end(self, what: str) -> None:
        """Refuse whatever follows."""
        if self._at != len(self._data):
            raise WireError(f"{len(self._data) - self._at} bytes too many behind {what}")


def pack_string(data: bytes) -> bytes:
    """Return bytes as an SSH string: their length as uint32, then they."""
    return len(data).to_bytes(4, "big") + data
