"""When each record last changed, and by which name the world outside knows it for good."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from servicebook.publish.addresses import page_of
from servicebook.publish.sealed import seal, unseal
from servicebook.publish.view import View
from servicebook.records.audiences import INTERNAL
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant

TOLD = "told.json"
"""Where it lies, in the folder of kept pages: by path, a digest of what may be read of a record, and since when.

For the house there are only those whose last change was, or is, in no commit; the history tells of the others.
"""
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://servicebook.invalid/")
"""The root of all names: a UUID of names (RFC 9562, version 5), the same on every machine."""


class Moments:
    """What subscribers must be told of each record: its lasting name, its last change, its address.

    site_url: where the site will be served, or "" where nobody said; then addresses are relative to the site's root.
    folder: where the last build wrote down what was told that no history tells; None where nothing is known of it.
    """

    def __init__(self, view: View, site_url: str = "", folder: Path | None = None) -> None:
        self._view = view
        self._kept = _recall(folder / TOLD) if folder else {}
        self._told: dict[str, tuple[str, str]] = {}
        self._here: dict[datetime, datetime] = {}
        self.site_url = site_url if not site_url or site_url.endswith("/") else site_url + "/"

    def changed_at(self, facts: Facts) -> datetime:
        """Return when a record last changed: its last commit; what is not committed yet changed just now.

        Where the history was cut off, the last event on its timeline tells, and its year where it has none. For outer
        audiences it changed when what they may read of it was first seen to be another: a commit's time would tell of
        edits that are not for them. Of what no build has seen before, the record's own dates tell.
        """
        if self._view.desk.audience != INTERNAL:
            return self._seen_at(facts)
        zone, moved = self._view.zone, self._view.desk.moved
        if facts.path in moved:
            at = moved[facts.path] or self._view.now
            if facts.path in self._kept:
                at = self._since_told(facts, at)
            here = self._here.get(at)  # a commit may have moved thousands
            if here is None:
                here = self._here[at] = at.astimezone(zone)
            return here
        if told := [at for at in facts.instants if at]:
            return max(told).astimezone(zone)
        return datetime(self._view.now.year, 1, 1, tzinfo=zone)

    def by_instant(self, records: Iterable[Facts]) -> dict[datetime, list[Facts]]:
        """Return records by the instants of their last change."""
        found: dict[datetime, list[Facts]] = {}
        moved, kept, zone = self._view.desk.moved, self._kept, self._view.zone
        committed: dict[datetime, list[Facts]] = {}
        for one in records:  # most of thousands: a commit moved them, and nothing else is told of them
            at = moved.get(one.path)
            if at is None or one.path in kept:
                found.setdefault(self.changed_at(one), []).append(one)
            else:
                committed.setdefault(at, []).append(one)
        for at, some in committed.items():
            found.setdefault(at.astimezone(zone), []).extend(some)
        return found

    def _since_told(self, facts: Facts, at: datetime) -> datetime:
        """Return when a record changed whose edits were shown before they were committed, or were taken back.

        Who was shown an edit takes nothing older for news, so that taking it back is a change of its own.
        """
        blob, told = self._kept[facts.path]
        before = datetime.fromisoformat(told)
        if before > self._view.now:  # it was shown as it will be then
            return at
        if blob == facts.blob:
            return before if self._view.desk.moved[facts.path] is None else max(at, before)
        return at if at > before else self._view.now

    def _told_of_edits(self) -> dict[str, tuple[str, str]]:
        """Return what is told of records whose last change is in no commit."""
        records, moved = self._view.records, self._view.desk.moved
        edited = [path for path, at in moved.items() if at is None and path in records]
        told = {path: self.changed_at(records[path]) for path in {*edited, *self._kept} if path in records}
        return {
            path: (records[path].blob, at.isoformat())
            for path, at in sorted(told.items())
            if (committed := moved.get(path)) is None or at > committed
        }

    def _seen_at(self, facts: Facts) -> datetime:
        zone, now = self._view.zone, self._view.now
        blob, at = self._kept.get(facts.path, ("", ""))
        if blob:
            found = datetime.fromisoformat(at) if blob == facts.blob else max(now, datetime.fromisoformat(at))
        else:
            known = [one for one in _instants(facts.data, zone) if one <= now]
            found = max(known, default=datetime(now.year, 1, 1, tzinfo=zone))
        self._told[facts.path] = (facts.blob, found.isoformat())
        return found.astimezone(zone)

    def told(self) -> bytes:
        """Return what was told, for the next build to know."""
        if self._view.desk.audience == INTERNAL:
            return seal(self._told_of_edits())
        known = {path: told for path, told in {**self._kept, **self._told}.items() if path in self._view.records}
        return seal(known)

    def name(self, *parts: str) -> str:
        """Return the UUID of a thing of this desk; it moves with the desk's name, and with nothing else."""
        return str(uuid.uuid5(_NAMES, "\n".join((self._view.settings.name, *parts))))

    def address(self, facts: Facts, root: str = "") -> str:
        """Return the address of a record's page: absolute where the site's own is known, else below `root`."""
        return (self.site_url or root) + page_of(facts)


def _recall(file: Path) -> dict[str, tuple[str, str]]:
    """Return what was told before; nothing where that cannot be read."""
    try:
        kept = {str(path): (str(blob), str(at)) for path, (blob, at) in unseal(file.read_bytes()).items()}
        return kept if all(datetime.fromisoformat(at).tzinfo for _, at in kept.values()) else {}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _instants(value: Any, zone: Any) -> Iterator[datetime]:
    """Yield every instant and every day in a record's data."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _instants(one, zone)
    elif isinstance(value, str) and (at := parse_instant(value)):
        yield at
    elif isinstance(value, str) and len(value) == len("2026-11-20"):
        try:
            yield datetime.combine(datetime.fromisoformat(value), time(), zone)
        except ValueError:
            return
