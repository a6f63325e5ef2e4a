"""What `merge` and `mend` share: closing blocks put back, and what is left in conflict."""

from __future__ import annotations

from servicebook.actions.mending import mend_outcome
from servicebook.cli.verb import edited
from servicebook.merge.markers import Region, UnfinishedMarkersError, read_sections
from servicebook.sla.status import closing_block
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot
    from servicebook.text.source_file import SourceFile


def with_outcome(desk: Snapshot, source: SourceFile) -> SourceFile:
    """Return the file of a closed ticket with its closing block, where a merge took it out; else as it is."""
    facts = desk.judged(source)[0]
    if facts is None or facts.get("$broken") or facts.status != "closed" or facts.get("sla"):
        return source
    return edited(source.path, lambda: mend_outcome(source, facts, closing_block(facts, desk)))


def clashes_in(data: bytes) -> list[Region] | None:
    """Return the conflicts that are marked in a file; None where its markers do not belong together."""
    try:
        sections = read_sections(data.decode("utf-8", "surrogateescape"))
    except UnfinishedMarkersError:
        return None
    return [section for section in sections if isinstance(section, Region)]
