"""How Git is told of the merge driver: by the settings of one call, or by those of the clone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from servicebook.cli.words import speak
from servicebook.language.display import plain
from servicebook.merge.driver import ATTRIBUTES, DRIVER_NAME, driver_line
from servicebook.merge.record import FILE, Merged
from servicebook.store.git import try_git
from servicebook.store.repository import Repository

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
    home = os.environ.get("XDG_CONFIG_HOME") or f"{os.environ.get('HOME', '')}/.config"
    own = Path(out.decode().strip() if status == 0 else f"{home}/git/attributes")
    text = own.read_text("utf-8", "surrogateescape").rstrip("\n") + "\n" if own.is_file() else ""
    target = Path(repository.common_dir) / "servicebook" / "attributes"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text + ATTRIBUTES + "\n", "utf-8", "surrogateescape")
    return str(target.resolve())


def notes_of(merged: Merged, path: str) -> list[str]:
    """Return what a merge did that somebody may not expect, in the reader's language."""
    notes = []
    if merged.kept:
        text = "{path}: one side deleted {names}; a timeline only grows, so it stays"
        notes.append(speak(text, path=plain(path), names=", ".join(merged.kept)))
    if FILE in merged.conflicts:
        notes.append(speak("{path}: its fields could not be told apart, Git merged its lines", path=plain(path)))
    return notes
