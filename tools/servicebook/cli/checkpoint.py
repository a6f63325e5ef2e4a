"""`servicebook checkpoint`: pin where a branch stands, so that an auditor can tell later whether it was rewritten."""

from __future__ import annotations

import os
from pathlib import Path

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.now import read_now
from servicebook.errors import UsageError
from servicebook.settings import Settings
from servicebook.store.repository import find_repository


def run(argv: list[str]) -> int:
    """Tag the tip of a branch, signed where Git knows a key, and add it to the auditor's file."""
    from servicebook.evidence.checkpoints import can_sign, current_branch, parse_checkpoints, pin, render_checkpoint

    parser = make_parser("checkpoint")
    parser.add_argument("--branch", default="", help=speak("which branch (default: the one you are on)"))
    parser.add_argument("-o", "--output", metavar="FILE", default="", help=speak("the auditor's file to add it to"))
    parser.add_argument("--no-sign", action="store_true", help=speak("an unsigned tag, though Git knows a key"))
    given = parser.parse_args(argv)
    repository = find_repository(".", bare=True)
    there = ""
    if given.output and Path(given.output).exists():
        try:
            there = Path(given.output).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                "{path} cannot be read: {why}", "name the auditor's file of checkpoints", path=given.output, why=error
            ) from error
        parse_checkpoints(there, given.output)
    branch = given.branch or current_branch(repository)
    now = read_now(Settings(), writes=True)
    point = pin(repository, branch, now, sign=can_sign(repository) and not given.no_sign)
    if given.output:
        _append(Path(given.output), render_checkpoint(point), there)
    tag = point.source.removeprefix("refs/tags/")
    print(speak("{branch} is pinned at {commit}: {tag}", branch=point.branch, commit=point.commit[:10], tag=tag))
    print(f"git push origin {tag}")
    return 0


def _append(path: Path, line: str, there: str) -> None:
    """Add a line to the auditor's file; it is on disk when this returns."""
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(line if not there or there.endswith("\n") else "\n" + line)
        file.flush()
        os.fsync(file.fileno())
