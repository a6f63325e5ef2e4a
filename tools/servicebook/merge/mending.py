"""What is left in conflict in a file, and what becomes of it: one side, both, or a text of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from servicebook.merge.lines import PLAIN, merge_lines
from servicebook.merge.markers import Region, Section, read_sections, without_labels
from servicebook.merge.record import BODY, Merged, merge_record
from servicebook.records.ids import new_event_id
from servicebook.text.document import CannotEditError, Document

OURS, THEIRS, BOTH, EDIT = "ours", "theirs", "both", "edit"

_EVENT_ID = re.compile(r"\bid: *['\"]?([0-9a-z]{4})\b")


class Stages(NamedTuple):
    """The three texts that Git's index holds of a file in conflict; a base that is not there is empty."""

    base: bytes
    ours: bytes
    theirs: bytes


def redo(stages: Stages, data: bytes, *, anyway: bool = False) -> Merged | None:
    """Return the merge of a conflict done again, field by field; None where somebody worked on the file since.

    data: the file as it lies in the work tree. anyway: whatever somebody did to it.
    """
    merged = merge_record(*stages)
    if anyway:
        return merged
    plain = merge_lines(*stages, PLAIN)[0]
    return merged if _comparable(data) in (_comparable(merged.data), _comparable(plain)) else None


def _comparable(data: bytes) -> bytes:
    return without_labels(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def sections_of(data: bytes) -> list[Section]:
    """Return a file as what is settled and what is in conflict. Raises markers.UnfinishedMarkersError."""
    return read_sections(data.decode("utf-8", "surrogateescape"))


def clashes_of(sections: Sequence[Section]) -> dict[str, Region]:
    """Return the conflicts by their names, in the order of the file."""
    return {section.name: section for section in sections if isinstance(section, Region)}


def may_have_both(region: Region) -> bool:
    """Whether both sides may stand: in the text, and as two items of a list; a field has one value."""
    if not region.ours.strip() or not region.theirs.strip():
        return False
    items = all(side.lstrip(" ").startswith("- ") for side in (region.ours, region.theirs))
    return items or region.name.partition(".")[0] == BODY


def settle(sections: Sequence[Section], texts: Mapping[str, str]) -> bytes:
    """Return the file with the text given for each conflict in its place."""
    settled = "".join(texts[section.name] if isinstance(section, Region) else section for section in sections)
    return settled.encode("utf-8", "surrogateescape")


def text_for(region: Region, choice: str, taken: Sequence[str] = ()) -> str:
    """Return what OURS, THEIRS or BOTH makes of a conflict.

    taken: ids of events. Two events that got one id on two branches stay two: the second gets another.
    """
    if choice == OURS:
        return region.ours
    if choice == THEIRS:
        return region.theirs
    ours, theirs = _EVENT_ID.search(region.ours), _EVENT_ID.search(region.theirs)
    if not ours or not theirs or ours[1] != theirs[1]:
        return region.ours + region.theirs
    begin, end = theirs.span(1)
    return region.ours + region.theirs[:begin] + new_event_id([*taken, ours[1]]) + region.theirs[end:]


def event_ids(text: str) -> list[str]:
    """Return what looks like an event's id in a text."""
    return _EVENT_ID.findall(text)


def is_readable(data: bytes) -> bool:
    """Whether a file's front matter can be read, each field once."""
    try:
        Document(data)
    except CannotEditError:
        return False
    return True
