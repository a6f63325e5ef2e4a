"""What a commit would do to each record: its state before and after."""

from __future__ import annotations

from typing import NamedTuple

from servicebook.records.facts import Facts


class Edit(NamedTuple):
    """A before/after pair of one file.

    before, after: None where the file is new, or gone, or no record that can be told.
    before_path: where it lay before; the same as `path` unless it was renamed, empty for a new file.
    """

    path: str
    before: Facts | None
    after: Facts | None
    before_path: str
