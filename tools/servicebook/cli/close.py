"""`servicebook close`: the ticket is done with, and its clocks' outcome is written down once."""

from __future__ import annotations

from servicebook.actions.event import Stamp, record_event
from servicebook.actions.verbs import close
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.cli.writing import require_sound
from servicebook.records.facts import Facts
from servicebook.sla.status import closing_block
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Close a resolved ticket and write its `sla:` block."""
    given = verb_parser("close").parse_args(argv)

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        # Outcomes are those of the ticket as it will be: closing may end a clock that still ran.
        closed = require_sound(desk, record_event(source, facts, "closed", stamp), source)
        return close(source, facts, stamp, closing_block(closed, desk), note=given.note)

    return run_verb(given, "closed", act)
