"""How a command writes: judged first, refused when broken, then atomically; committed when asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from servicebook.cli.arguments import Parser, speak
from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.errors import FindingsError
from servicebook.language.catalogue import terminal_language
from servicebook.records.facts import Facts
from servicebook.store.repository import run_git
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def add_commit_option(parser: Parser) -> None:
    """Add `--commit` and `--no-commit`; what the desk's settings say is the default."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--commit", action="store_true", default=None, help=speak("commit just this file"))
    group.add_argument("--no-commit", dest="commit", action="store_false", help=speak("leave the commit to you"))


def require_sound(desk: Snapshot, after: SourceFile, before: SourceFile | None = None) -> Facts:
    """Return the facts of a file about to be written.

    Raises FindingsError, with the findings on stderr, when it has an error that the file before did not have.
    """
    from servicebook.rules.check import judge

    facts, found = judge(after, desk.settings)
    known = {_sameness(item) for item in judge(before, desk.settings)[1]} if before else set()
    fresh = [item for item in found if _stops(item) and _sameness(item) not in known]
    if fresh or facts is None:
        show_findings(fresh, {after.path: after.data})
        raise FindingsError("nothing was written: {path} would be broken", "mend what is named above", path=after.path)
    return facts


def show_findings(found: Sequence[Diagnostic], sources: dict[str, bytes]) -> None:
    """Print findings in full on stderr; `sources` are the bytes that are not on disk yet."""
    from servicebook.diagnostics.render import render_full
    from servicebook.rules.registry import BY_CODE

    if found:
        text = render_full(found, BY_CODE, terminal_language(), lambda path: sources.get(path, b""))
        print(text, file=sys.stderr)


def _stops(item: Diagnostic) -> bool:
    from servicebook.rules.registry import BY_CODE

    rule = BY_CODE[item.code]
    return rule.severity == "error" and not rule.incomplete


def _sameness(item: Diagnostic) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Two findings are the same when code and values are: lines move as a file is edited."""
    return (item.code, item.params)


def write_record(desk: Snapshot, after: SourceFile, commit: bool | None, subject: str) -> None:
    """Write one file atomically; commit just that file when `commit` (or, left open, the settings) say so."""
    from servicebook.store.write import write_files

    write_files(desk.root, [after])
    if desk.settings.commit if commit is None else commit:
        commit_file(desk.root, after.path, subject)


def commit_file(root: str, path: str, subject: str) -> None:
    """Commit one file as it lies in the work tree, and nothing else that may be staged; hooks run."""
    import subprocess

    run_git(["add", "--", path], root)
    done = subprocess.run(["git", "-C", root, "commit", "--quiet", "-m", subject, "--", path], check=False)
    if done.returncode:
        raise FindingsError("{path} is written, but the commit was refused", "mend it, then git commit -- {path}", path=path)
