"""What the hooks after a checkout, a merge or a rebase do: bring the index up to date, out of everybody's way."""

from __future__ import annotations

import sqlite3

from servicebook.cli.hook import judge_late
from servicebook.errors import ServicebookError
from servicebook.store.warming import step_aside, warm
from servicebook.workflow.kept_landscape import KeptLandscape


def run() -> int:
    """Warm the index of this work tree; whatever comes in between, the next check finds out for itself."""
    step_aside()
    try:
        warm(".", judge_late, lambda desk: KeptLandscape(desk).prepare())
    except (ServicebookError, OSError, sqlite3.Error):
        return 0
    return 0
