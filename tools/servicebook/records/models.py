"""Where the model of a kind is: imported on demand, one kind at a time."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from servicebook.records.kinds import BY_NAME
from servicebook.records.record import Record


@cache
def model_of(kind: str) -> type[Record]:
    """Return the model class of a kind by its name; importing it imports no other kind's."""
    module, _, name = BY_NAME[kind].model.partition(":")
    found: type[Record] = getattr(import_module(f"servicebook.records.{module}"), name)
    return found
