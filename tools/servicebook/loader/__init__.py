"""What a file says as a record: text to model and fact row, and every finding on the way."""

from __future__ import annotations

from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.loader.findings import RULES as RULES
    from servicebook.loader.load import Loaded as Loaded
    from servicebook.loader.load import load_record as load_record


def __getattr__(name: str) -> object:
    """Import what is asked for: who only wants to know which words a field takes needs no reader of files."""
    if name == "RULES":
        from servicebook.loader.findings import RULES

        return RULES
    if name in ("Loaded", "load_record"):
        import servicebook.loader.load as module

        return getattr(module, name)
    raise AttributeError(name)
