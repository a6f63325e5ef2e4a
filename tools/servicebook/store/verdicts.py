"""What a file was judged to be: its fact row and its file-scope findings, as plain values that can be kept.

A verdict is text and nothing else, so that it goes through a pipe between processes and into the index as
it is. It never holds prose: language and format stay free.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.packed import pack_found
from servicebook.kept_json import dumps
from servicebook.records.facts import Facts
from servicebook.records.kinds import ID_PATTERN
from servicebook.store.repository import Repository
from servicebook.text.links import path_of_link
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servicebook.settings import Settings
    from servicebook.text.source_file import SourceFile

    Judge = Callable[[SourceFile, Settings, str], "Judged"]
    Done = list[tuple[str, str, tuple[str, ...]]]

Progress = Callable[[int, int], object]
"""Called with (files done, files in all) while files are judged."""

ROOMS = (
    "records", "text", "rules", "workflow", "sla", "loader", "evidence", "diagnostics", "language", "language/zh",
    "store",
)  # fmt: skip
"""The rooms whose code a verdict depends on."""

_HELPERS = 2
_HELPED_FROM = 300  # below this many files, starting a second process costs more than it saves
_CHUNKS = (50, 800)
_SHARES = 16
"""Files go to the two processes in this many shares of what is left, of so many files at least and at most: large
ones first, because Git is started for each, small ones last, so that neither process waits long for the other."""


class Judged(NamedTuple):
    """What a judge says of one file: its fact row (None for what is no record), findings, and what its body holds.

    body: a text (text/body.py) that spares the next judge of this file reading the same body again; empty for none.
    """

    facts: Facts | None
    found: tuple[Diagnostic, ...]
    body: str = ""


class Verdict(NamedTuple):
    """The kept form of one judged file; `kind` is empty for a page that is no record.

    raw, refs, found: JSON texts. names: what else it is called (aliases), targets: what it names (ids that it
    refers to or mentions, paths that it links to); one a line. body: what the body holds, as `Judged` has it.
    """

    kind: str
    id: str
    title: str
    status: str
    raw: str
    refs: str
    found: str
    names: str
    targets: str
    body: str


def pack_verdict(judged: Judged) -> Verdict:
    """Return the kept form of what a judge said."""
    facts, packed = judged.facts, pack_found(judged.found)
    if facts is None:
        return Verdict("", "", "", "", "", "", packed, "", "", judged.body)
    refs = dumps(facts.refs) if facts.refs else ""
    names, targets = "\n".join(facts.aliases), "\n".join(sorted(targets_of(facts)))
    return Verdict(
        facts.kind, facts.id, facts.title, facts.status, facts.raw, refs, packed, names, targets, judged.body
    )


def targets_of(facts: Facts) -> set[str]:
    """Return what a record names: ids it refers to or mentions, paths it links to, its id in another system."""
    targets = {ref.target for ref in facts.refs}
    targets.update(facts.get("$body", "ids", default=()))
    targets.update(found[0] for found in ID_PATTERN.finditer(facts.raw) if found[0] != facts.id)  # in its long fields
    if facts.get("external"):
        targets.add(f"{facts.get('external', 'system')}:{facts.get('external', 'id')}")
    links = (path_of_link(facts.path, link) for link, _ in facts.get("$body", "links", default=()))
    return targets | {path for path in links if path is not None}


def unpack_facts(path: str, blob: str, verdict: Sequence[str]) -> Facts | None:
    """Return the fact row of a kept verdict; None for a page that is no record."""
    kind, id, title, status, raw, refs = verdict[:6]
    return Facts(path, blob, kind, id, title, status, raw, refs) if kind else None


def is_judged(path: str) -> bool:
    """Whether a path is judged at all: Markdown below kb/ or tickets/, but nothing in a folder of attachments."""
    return path.endswith(".md") and path.startswith(("kb/", "tickets/")) and ".files/" not in path


def folded(path: str) -> str:
    """Return a path as machines see it that do not tell case or the writing of accents apart."""
    if path.isascii():
        return path.lower()
    from unicodedata import normalize

    return normalize("NFC", path).casefold()


def judge_blobs(
    repository: Repository,
    wanted: Sequence[tuple[str, str]],
    settings: Settings,
    judge: Judge,
    progress: Progress | None = None,
    contents: Mapping[str, bytes] | None = None,
    bodies: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, str, Verdict]]:
    """Yield (path, blob, verdict) for each wanted (path, blob), in no certain order when many.

    contents: bytes by path of files that only lie on disk; the others are read from Git. bodies: what is known by
    path of the bodies that files had before (`Judged.body`).
    Many files are judged by two processes.
    """
    given = contents or {}
    repository.fetch_missing([blob for path, blob in wanted if path not in given])
    known = bodies or {}
    chunks = _chunks_of(wanted)
    done = 0
    work = (
        _Work(
            _place(repository),
            chunk,
            [given.get(path) for path, _ in chunk],
            [known.get(path, "") for path, _ in chunk],
            settings,
            judge,
        )
        for chunk in chunks
    )
    for judged in _map_chunks(work, many=len(wanted) >= _HELPED_FROM):
        yield from judged
        done += len(judged)
        if progress:
            progress(done, len(wanted))


def _chunks_of(wanted: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    start = 0
    while start < len(wanted):
        size = min(max((len(wanted) - start) // _SHARES, _CHUNKS[0]), _CHUNKS[1])
        yield wanted[start : start + size]
        start += size


class _Work(NamedTuple):
    """A chunk of files to judge, in values that go through a pipe; `contents` are None for files in Git."""

    place: tuple[str, str, str, str, str]
    chunk: Sequence[tuple[str, str]]
    contents: Sequence[bytes | None]
    bodies: Sequence[str]
    settings: Settings
    judge: Judge


def _place(repository: Repository) -> tuple[str, str, str, str, str]:
    """Return what makes the same `Repository` in another process."""
    head = repository.head_tree if repository.has_head else ""
    return (repository.root, repository.git_dir, repository.common_dir, repository.algorithm, head)


def _map_chunks(chunks: Iterator[_Work], *, many: bool) -> Iterator[list[tuple[str, str, Verdict]]]:
    results: Iterator[Done] = map(_judge_chunk, chunks)
    if many and (os.cpu_count() or 1) > 1:
        from servicebook.helpers import spread

        first = next(chunks)
        first.judge(_warming_file(), first.settings, "")  # what each helper would import, this process imports once
        results = spread(_judge_chunk, [first, *chunks], _HELPERS)
    for judged in results:
        yield [(path, blob, Verdict._make(parts)) for path, blob, parts in judged]


def _warming_file() -> SourceFile:
    from servicebook.text.source_file import SourceFile

    # Without a body: the Markdown parser takes two children no longer to import than one parent, and plain desks none.
    return SourceFile("tickets/incidents/none.md", b"---\nschema: incident/1\n---\n")


def _judge_chunk(work: _Work) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (path, blob, parts of the verdict) for each file; plain tuples go through a pipe in half the time."""
    from servicebook.text.source_file import SourceFile

    in_git = [blob for (_, blob), data in zip(work.chunk, work.contents, strict=True) if data is None]
    read = Repository(*work.place).read_blobs(in_git)
    judged = []
    gc.disable()  # a hundred records make little garbage that counting references does not find
    try:
        for (path, blob), given, body in zip(work.chunk, work.contents, work.bodies, strict=True):
            data = next(read)[1] if given is None else given
            verdict = pack_verdict(work.judge(SourceFile(path, data, blob), work.settings, body))
            judged.append((path, blob, tuple(verdict)))
    finally:
        gc.enable()
    return judged
