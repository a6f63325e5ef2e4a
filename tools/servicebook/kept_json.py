"""JSON of what is kept in our own databases, without `json`: its import, with that of regular expressions, takes as
long as every question a hook asks.

What reads and writes is the C code of `json`; whatever it refuses is handed to `json` itself, to say what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any


def loads(text: str) -> Any:
    """Return the value of a JSON text. Raises ValueError, as `json.loads` does, for a text that is none."""
    try:
        value, end = _scan(text, 0)
    except (StopIteration, SystemError):  # the second where `json`, whose error it would raise, is not imported yet
        end = -1
    if end == len(text):
        return value
    import json

    return json.loads(text)


def dumps(value: object) -> str:
    """Return a value as JSON without blanks, every letter as it is. Raises TypeError for what JSON cannot say.

    Where a file's name is no text (a lone surrogate in Python), all letters beyond ASCII are escaped: no database takes
    such a one.
    """
    text = "".join(_encode(value, 0))
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            import json

            return json.dumps(value, separators=(",", ":"))
    return text


class _Ways:
    """How the scanner makes what it reads, as `json.JSONDecoder` has it."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = parse_constant = float
    parse_int = int


def _refuse(value: object) -> object:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _made() -> tuple[Callable[[str, int], tuple[Any, int]], Callable[[object, int], tuple[str, ...]]]:
    """Return the scanner and the encoder in C; those of `json` on a Python that has no such ones, or other ones."""
    try:
        inner = __import__("_json")
        encode = inner.make_encoder(None, _refuse, inner.encode_basestring, None, ":", ",", False, False, True)
        encode([{"": 0.5}], 0)
        return inner.make_scanner(_Ways), encode
    except (ImportError, AttributeError, TypeError):
        import json

        compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
        return json.JSONDecoder().raw_decode, lambda value, _: (compact.encode(value),)


_scan, _encode = _made()
