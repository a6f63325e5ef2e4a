"""Where exactly, and how grave: findings get their place in the file and their severity just before they are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.render import Shown
from servicebook.diagnostics.rule import Severity
from servicebook.records.kinds import kind_of_path
from servicebook.rules.registry import rule_of
from servicebook.store.repository import GONE
from servicebook.store.snapshot import Snapshot

TOP = Span(1, 1, 1, 1)
_PLACES_KEPT = 1000  # of more findings nobody waits for the last millisecond
_READ_AHEAD = 200
"""Files with findings that are read together: more than a screen shows, little enough to hold."""


def show_findings(desk: Snapshot, found: Iterable[Diagnostic], *, landing: bool = False) -> list[Shown]:
    """Return findings sorted by place, each with its rule, severity and span.

    landing: where records land (a range, a server) what is incomplete is an error. Only files with findings
    that name a field are read again.
    """
    by_path: dict[str, list[Diagnostic]] = {}
    for item in found:
        by_path.setdefault(item.path, []).append(item)
    shown = []
    places = _Places(desk, by_path)
    leaving = _Leaving(desk)
    for items in by_path.values():
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


class _Places:
    """Where fields lie in files: kept by blob, so that a finding that stands is not looked for at every check."""

    def __init__(self, desk: Snapshot, paths: Iterable[str]) -> None:
        self._desk = desk
        self._files = _Files(desk, paths)
        self._kept = desk.kept.places()
        self._used: dict[str, list[int]] = {}
        self._path = ""
        self._locate: Callable[[Diagnostic], Span] = lambda item: TOP

    def of(self, item: Diagnostic) -> Span:
        """Return the place of the field that a finding names; the top of a file that cannot be read."""
        entry = self._desk.entry_at(item.path)
        key = f"{entry.blob if entry else ''} {json.dumps(item.where)}"
        if key in self._kept:
            span = Span(*self._kept[key])
        else:
            if item.path != self._path:
                self._path, self._locate = item.path, _locator(item.path, self._files.read(item.path))
            span = self._locate(item)
        if entry and entry.blob:
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
    """The bytes of some files of a desk, read in their order, many at a time: an import may have a finding in each."""

    def __init__(self, desk: Snapshot, paths: Iterable[str]) -> None:
        self._desk = desk
        self._paths = list(dict.fromkeys(paths))
        self._place = {path: place for place, path in enumerate(self._paths)}
        self._ahead: set[str] = set()

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file; None where it cannot be read."""
        if path not in self._ahead and path in self._place:
            some = self._paths[self._place[path] :][:_READ_AHEAD]
            self._desk.read_ahead(some)  # both for the places and, where they are few, for the lines shown
            self._ahead = set(some)
        try:
            return self._desk.read(path)
        except OSError:
            return None


def line_reader(desk: Snapshot, shown: Iterable[Shown] = ()) -> Callable[[str, int], str | None]:
    """Return a function that gives a line (from 1) of a file of the desk, for excerpts.

    shown: the findings it will be asked about, in order.
    """
    files = _Files(desk, (item.finding.path for item in shown))
    kept: dict[str, list[str]] = {}

    def line_of(path: str, line: int) -> str | None:
        if path not in kept:
            kept.clear()
            kept[path] = (files.read(path) or b"").decode("utf-8", "replace").split("\n")
        return kept[path][line - 1] if 0 < line <= len(kept[path]) else None

    return line_of
