"""Regular expressions that are compiled when they are first asked: all at once, they would take a cached check longer
than everything that it asks of them.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    import re


def late_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern for a module's constant: `re.compile` with the work put off."""
    return _Late(text, flags)  # type: ignore[return-value]


class _Late:
    """A pattern not compiled yet; what it is asked for the first time, it has from then on."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        import re

        found: object = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
