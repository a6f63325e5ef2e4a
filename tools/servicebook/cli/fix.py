"""`servicebook fix`: mend what can be mended without asking; exit code 1 when something was."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from servicebook.actions.event import Stamp
from servicebook.actions.mending import (
    is_same_record,
    mend_form,
    mend_outcome,
    mend_priority,
    mend_status,
    missing_events,
    why_unsafe,
)
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import open_here
from servicebook.cli.now import read_now
from servicebook.cli.verb import edited
from servicebook.cli.who import who_acts
from servicebook.errors import UsageError
from servicebook.records.facts import Facts
from servicebook.sla.status import closing_block
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Mend the files named, or all records that need it."""
    parser = make_parser("fix")
    parser.add_argument("paths", metavar="PATH", nargs="*", help=speak("files and folders (default: the whole desk)"))
    parser.add_argument("--diff", action="store_true", help=speak("print what would change and write nothing"))
    parser.add_argument("--by", metavar="PERSON", help=speak("who did it (default: whom your Git e-mail belongs to)"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    now = read_now(desk.settings, writes=True)
    changed: list[SourceFile] = []
    read: dict[str, bytes | None] = {}
    refused = 0
    for path in sorted(_paths(desk, given.paths)):
        before, why = _read(desk, path)
        if why:
            refused += 1
            print(speak("left alone {path}: {why}", path=path, why=speak(why)), file=sys.stderr)
            continue
        after = mended(desk, before, now, given.by)
        if after.data == before.data:
            if given.paths and _is_unreadable(desk, before):
                refused += 1
                why = speak("its fields cannot be read, servicebook check says where")
                print(speak("left alone {path}: {why}", path=path, why=why), file=sys.stderr)
            continue
        changed.append(after)
        read[path] = before.data
        print(diff_of(before, after), end="") if given.diff else print(speak("mended {path}", path=path))
    if changed and not given.diff:
        from servicebook.store.write import write_files

        write_files(desk.root, changed, read)
    return 1 if changed or refused else 0


def _read(desk: Snapshot, path: str) -> tuple[SourceFile, str]:
    """Return a file as it lies on disk, and why it must be left alone: a text of ours in English, or nothing."""
    if (Path(desk.root) / path).is_symlink():
        return SourceFile(path, b""), "it is a symlink"
    try:
        source = SourceFile(path, desk.read_in_work_tree(path))
    except OSError:
        return SourceFile(path, b""), "it cannot be read on this machine"
    return source, why_unsafe(source.data)


def _is_unreadable(desk: Snapshot, source: SourceFile) -> bool:
    """Whether a file is due to be a record and its front matter cannot be read: nothing in it can be mended."""
    facts, found = desk.judged(source)
    return facts is None and any(item.code.startswith("FMT") for item in found)


def mended(desk: Snapshot, source: SourceFile, now: datetime, by: str | None = None) -> SourceFile:
    """Return a file as it is after all that can be mended in it; itself when nothing can."""
    formed = SourceFile(source.path, mend_form(source.data))
    if not is_same_record(source, formed):
        formed = source
    facts = desk.judged(formed)[0]
    if facts is None or facts.get("$broken"):
        return formed
    return edited(source.path, lambda: _with_facts(desk, formed, facts, now, by))


def _with_facts(desk: Snapshot, source: SourceFile, facts: Facts, now: datetime, by: str | None) -> SourceFile:
    """Mend what needs the record's meaning: its priority, an event for a typed status, its closing block."""
    after = mend_priority(source, facts, desk.settings.priority_matrix)
    if missing_events(facts):
        after = mend_status(after, facts, Stamp(who_acts(desk, by), now, now))
        facts = desk.judged(after)[0] or facts
    return mend_outcome(after, facts, closing_block(facts, desk) if facts.status == "closed" else {})


def _paths(desk: Snapshot, words: Sequence[str]) -> Iterator[str]:
    """Yield the files to look at: those named, or every file with a finding that can be mended."""
    if not words:
        yield from set(_with_findings(desk))
        return
    root = os.path.realpath(desk.root)
    for word in words:
        # The word itself is not followed where it is a symlink: what it leads to was not named.
        folder, name = os.path.split(word.rstrip("/") or word)
        path = os.path.relpath(f"{os.path.realpath(folder)}/{name}", root).replace(os.sep, "/")
        if path.startswith(".."):
            raise UsageError("{path} lies outside the desk", "name files of this desk", path=word)
        # Asked of the desk, not of the disk: a sparse checkout leaves files and folders out.
        if not (desk.has_path(path) or Path(word).is_file()):
            if path != "." and not Path(word).exists() and not any(p.startswith(path + "/") for p in desk.paths()):
                raise UsageError("the desk has no file or folder `{path}`", "git ls-files", path=word)
            yield from (facts.path for facts in desk.all() if path == "." or facts.path.startswith(path + "/"))
        elif path.endswith(".md"):
            yield path


def _with_findings(desk: Snapshot) -> Iterator[str]:
    """Yield the files with a finding, their own or between records, of a rule that `fix` mends."""
    from servicebook.rules.registry import rule_of
    from servicebook.rules.relations import relation_findings

    found = [*desk.all_found(), *relation_findings(desk)]
    yield from (item.path for item in found if rule_of(item.code).fixable)


def diff_of(before: SourceFile, after: SourceFile) -> str:
    """Return a unified diff of two states of a file, for people to read."""
    old = before.data.decode("utf-8", "replace").splitlines(keepends=True)
    new = after.data.decode("utf-8", "replace").splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new, f"a/{before.path}", f"b/{after.path}"))
