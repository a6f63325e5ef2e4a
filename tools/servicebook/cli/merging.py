"""What `merge` and `mend` share: the driver for one call, closing blocks put back, what is left in conflict."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.actions.mending import mend_outcome
from servicebook.cli.verb import edited
from servicebook.merge.driver import ATTRIBUTES, DRIVER_NAME, driver_line
from servicebook.merge.markers import Region, UnfinishedMarkersError, read_sections
from servicebook.sla.status import closing_block
from servicebook.store.repository import Repository, try_git

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot
    from servicebook.text.source_file import SourceFile

_RECORDS = ("tickets/any.md", "kb/any.md")


def own_driver_line() -> str:
    """Return the line that starts this program's merge driver."""
    return driver_line(sys.executable, str(Path(__file__).with_name("start_merge.py")))


def driver_options(repository: Repository) -> list[str]:
    """Return the `-c` options that make one call of git merge records with the driver, whatever is configured."""
    settings = {"merge.servicebook.name": DRIVER_NAME, "merge.servicebook.driver": own_driver_line()}
    _, out = try_git(["check-attr", "merge", "--", *_RECORDS], repository.root)
    if not all(line.endswith(": servicebook") for line in out.decode().splitlines()):
        settings["core.attributesFile"] = _write_attributes(repository)
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _write_attributes(repository: Repository) -> str:
    """Write the person's own attributes and, below them, our line to a file of Git's folder; return its path."""
    status, out = try_git(["config", "--type=path", "core.attributesFile"], repository.root)
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    own = Path(out.decode().strip() if status == 0 else f"{home}/git/attributes")
    text = own.read_text("utf-8", "surrogateescape").rstrip("\n") + "\n" if own.is_file() else ""
    target = Path(repository.common_dir) / "servicebook" / "attributes"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text + ATTRIBUTES + "\n", "utf-8", "surrogateescape")
    return str(target.resolve())


def with_outcome(desk: Snapshot, source: SourceFile) -> SourceFile:
    """Return the file of a closed ticket with its closing block, where a merge took it out; else as it is."""
    from servicebook.rules.check import judge

    facts = judge(source, desk.settings)[0]
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
