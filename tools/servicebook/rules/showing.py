"""Where exactly, and how grave: findings get their place in the file and their severity just before they are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from servicebook.diagnostics.diagnostic import DONE_IN, FILE_THEN, Diagnostic, Span
from servicebook.diagnostics.render import LineOf, Shown
from servicebook.diagnostics.rule import Severity
from servicebook.records.kinds import kind_of_path
from servicebook.rules.registry import rule_of
from servicebook.store.repository import GONE
from servicebook.store.snapshot import Snapshot
from servicebook.typed import NamedTuple

TOP = Span(1, 1, 1, 1)
_PLACES_KEPT = 1000  # of more findings nobody waits for the last millisecond
_READ_AHEAD = 200
"""Files with findings that are read together: more than a screen shows, little enough to hold."""


def show_findings(desk: Snapshot, found: Iterable[Diagnostic], *, landing: bool = False) -> list[Shown]:
    """Return findings sorted by place, each with its rule, severity and span.

    landing: where records land (a range, a server) what is incomplete is an error. Only files with findings
    that name a field are read again. What a commit of a range did is placed in the file as that commit has it.
    """
    by_version: dict[_Version, list[Diagnostic]] = {}
    for item in found:
        by_version.setdefault(_version_of(item), []).append(item)
    shown = []
    places = _Places(desk, by_version)
    leaving = _Leaving(desk)
    for items in by_version.values():
        for item in items:
            span = item.where if isinstance(item.where, Span) else places.of(item)
            rule = rule_of(item.code)
            told = leaving.told(_without_severity(item))
            shown.append(Shown(told, rule, severity_of(item, landing=landing), span))
    places.keep()
    return sorted(shown, key=lambda item: (item.finding.path, item.span, item.finding.code, item.finding.params))


def severity_of(item: Diagnostic, *, landing: bool = False) -> Severity:
    """Return how grave a finding is: a quirk informs, what is incomplete warns until it lands."""
    if item.param("severity") == "info":
        return "info"
    rule = rule_of(item.code)
    if rule.incomplete:
        return "error" if landing else "warning"
    return rule.severity


def without_quirks(shown: Iterable[Shown]) -> list[Shown]:
    """Return the findings that ask for something: a quirk that its record declares is known and accepted."""
    return [item for item in shown if item.severity != "info"]


def _without_severity(item: Diagnostic) -> Diagnostic:
    return item._replace(params=tuple(pair for pair in item.params if pair[0] != "severity"))


class _Leaving:
    """Which records this change takes away: what names one is told how to keep it (REF501).

    Only when it is shown: a finding that is kept must not hang on where HEAD stands.
    """

    def __init__(self, desk: Snapshot) -> None:
        self._desk = desk
        self._gone: dict[str, str] | None = None

    def told(self, item: Diagnostic) -> Diagnostic:
        """Return a finding with `gone` and `gone_kind` where it names a record that the change deletes."""
        if item.code != "REF501":
            return item
        if self._gone is None:
            moved = self._desk.moved_since(self._desk.repository.head_tree)
            deleted = (one.path for one in moved if one.mode == GONE and one.path.endswith(".md"))
            self._gone = {path.rpartition("/")[2].removesuffix(".md"): path for path in deleted}
        path = self._gone.get(item.param("target") or "", "")
        kind = kind_of_path(path) if path else None
        if kind is None:
            return item
        more = [("gone", path), *([("gone_kind", kind.name)] if not kind.prefix else [])]
        return item._replace(params=tuple(sorted([*item.params, *more])))


class _Version(NamedTuple):
    """A file as a finding means it. blob: None as the desk has it; empty where the commit in question has none."""

    path: str
    blob: str | None


def _version_of(item: Diagnostic) -> _Version:
    return _Version(item.path, item.param(FILE_THEN) if item.param(DONE_IN) else None)


class _Places:
    """Where fields lie in files: kept by blob, so that a finding that stands is not looked for at every check."""

    def __init__(self, desk: Snapshot, versions: Iterable[_Version]) -> None:
        self._desk = desk
        self._files = _Files(desk, versions)
        self._kept = desk.kept.places()
        self._used: dict[str, list[int]] = {}
        self._version: _Version | None = None
        self._locate: Callable[[Diagnostic], Span] = lambda item: TOP

    def of(self, item: Diagnostic) -> Span:
        """Return the place of the field that a finding names; the top of a file that cannot be read."""
        version = _version_of(item)
        blob = version.blob
        if blob is None:
            entry = self._desk.entry_at(item.path)
            blob = entry.blob if entry else ""
        key = f"{blob} {json.dumps(item.where)}"
        if key in self._kept:
            span = Span(*self._kept[key])
        else:
            if version != self._version:
                self._version, self._locate = version, _locator(item.path, self._files.read(version))
            span = self._locate(item)
        if blob:
            self._used[key] = list(span)
        return span

    def keep(self) -> None:
        """Keep the places that were asked for, unless they are those that were kept, or too many."""
        if self._used != self._kept and len(self._used) <= _PLACES_KEPT:
            self._desk.kept.keep_places(self._used)


def _locator(path: str, data: bytes | None) -> Callable[[Diagnostic], Span]:
    """Return a function that finds a key path's place in a file."""
    from servicebook.text.front_matter import locate, parse_front_matter
    from servicebook.text.source_file import SourceFile

    front = parse_front_matter(SourceFile(path, data))[0] if data is not None else None
    if front is None:
        return lambda item: TOP
    kept = front
    return lambda item: locate(kept, item.where) if not isinstance(item.where, Span) else item.where


class _Files:
    """The bytes of some files, read in their order, many at a time: an import may have a finding in each."""

    def __init__(self, desk: Snapshot, versions: Iterable[_Version]) -> None:
        self._desk = desk
        self._versions = list(dict.fromkeys(versions))
        self._place = {version: place for place, version in enumerate(self._versions)}
        self._ahead: set[_Version] = set()
        self._then: dict[str, bytes] = {}

    def read(self, version: _Version) -> bytes | None:
        """Return the bytes of a file; None where it cannot be read."""
        if version not in self._ahead and version in self._place:
            some = self._versions[self._place[version] :][:_READ_AHEAD]
            # Both for the places and, where they are few, for the lines shown.
            self._desk.read_ahead(one.path for one in some if one.blob is None)
            self._then = dict(self._desk.repository.read_blobs({one.blob for one in some if one.blob}))
            self._ahead = set(some)
        if version.blob is not None:
            return self._then.get(version.blob)
        try:
            return self._desk.read(version.path)
        except OSError:
            return None


def line_reader(desk: Snapshot, shown: Iterable[Shown] = ()) -> LineOf:
    """Return a function that gives a line (from 1) of the file that a finding is about, for excerpts.

    shown: the findings it will be asked about, in order.
    """
    files = _Files(desk, (_version_of(item.finding) for item in shown))
    kept: dict[_Version, list[str]] = {}

    def line_of(item: Diagnostic, line: int) -> str | None:
        version = _version_of(item)
        if version not in kept:
            kept.clear()
            kept[version] = (files.read(version) or b"").decode("utf-8", "replace").split("\n")
        return kept[version][line - 1] if 0 < line <= len(kept[version]) else None

    return line_of
