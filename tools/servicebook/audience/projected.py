"""A desk made anew for one outer audience: what it may read, and nothing that leads to the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from servicebook.audience.clocks import ShownClock
from servicebook.audience.cutting import Cutter
from servicebook.audience.desk import commit_of, history_of, is_as_judged, is_plain, read_records
from servicebook.audience.files import RefusedError, clean_picture
from servicebook.audience.pages import Page, read_page, render_page
from servicebook.audience.visible import Visible
from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.errors import ServicebookError
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts
from servicebook.records.shown_fields import shown_fields
from servicebook.settings import Settings
from servicebook.sla.status import ClockStatus, clocks_of
from servicebook.sla.targets import Lookup
from servicebook.store.file_history import Move
from servicebook.store.repository import Entry, Repository
from servicebook.store.snapshot import Snapshot
from servicebook.text.fences import split_fences
from servicebook.text.shown_files import is_text

REGULAR = "100644"
_FRONT = b"---\n---\n"
"""What stands before the body of a projected record: its fields are in its row, and nowhere else."""


class Refused(NamedTuple):
    """An attachment that a record shows and that is left out all the same, with the reason (a text of area `cli`)."""

    path: str
    reason: str


class ProjectedDesk:
    """See `Desk`; made by `project`. It has no repository, and nothing is found in it."""

    def __init__(self, audience: str, settings: Settings, tree: str, git_dir: str, commit: tuple[str, bool]) -> None:
        self.audience = audience
        self.settings = settings
        self.tree = tree
        self.git_dir = git_dir
        self.commit = commit
        self.repository: Repository | None = None
        self.moved: dict[str, datetime | None] = {}  # when a file moved tells of what was cut out of it
        self.last_moves: dict[str, Move] = {}
        self.history = ""
        self.refused: list[Refused] = []
        self._records: dict[str, Facts] = {}
        self._files: dict[str, bytes] = {}
        self._pages: set[str] = set()
        self._clocks: dict[str, list[ClockStatus]] = {}

    def all(self) -> Iterable[Facts]:
        """Return the records that the audience may see, cut down, sorted by path."""
        return self._records.values()

    def entries(self) -> Iterator[Entry]:
        """Yield every file of the projected desk, sorted by path."""
        return (Entry(path, REGULAR, "") for path in sorted(self._files))

    def entry_at(self, path: str) -> Entry | None:
        """Return the file at `path`."""
        return Entry(path, REGULAR, "") if path in self._files else None

    def has_path(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return path in self._files

    def is_page(self, path: str) -> bool:
        """Whether a file is an ordinary page."""
        return path in self._pages

    def pages(self) -> list[str]:
        """Return the paths of the ordinary pages."""
        return sorted(self._pages)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, projected."""
        if path not in self._files:
            raise FileNotFoundError(path)
        return self._files[path]

    def read_all(self, records: Sequence[Facts]) -> Iterator[bytes]:
        """Yield the files of records in their order."""
        return (self.read(facts.path) for facts in records)

    def is_as_judged(self, facts: Facts, data: bytes) -> bool:
        """Always: all was read when the desk was projected."""
        return True

    def naming(self, facts: Facts, folder: str | None = None) -> None:
        """Nothing is kept from which it could be told without reading all."""

    def count_naming(self, facts: Facts) -> None:
        """Nothing is kept from which it could be told without reading all."""

    def former(self, path: str, blob: str) -> None:
        """Nothing is kept of what was."""

    def clocks_of(self, facts: Facts, now: datetime, desk: Lookup) -> list[ClockStatus]:
        """Return the clocks of a ticket that were promised to the audience, as they stood at the projection."""
        return self._clocks.get(facts.path, [])

    def all_found(self) -> Iterator[Diagnostic]:
        """Yield nothing: findings name files and what is in them."""
        return iter(())

    def close(self) -> None:
        """Nothing is held open."""


def project(raw: Snapshot, audience: str, now: datetime) -> ProjectedDesk:
    """Return the desk `raw` as an outer audience may read it at the instant `now`.

    Raises ValueError for the house itself, which reads the whole desk.
    """
    if not is_outer(audience):
        raise ValueError("the house reads the whole desk")
    return _Projection(raw, audience, now).made()


class _Projection:
    """One projection: what is visible, and the desk that is filled with it."""

    def __init__(self, raw: Snapshot, audience: str, now: datetime) -> None:
        self._raw = raw
        self._now = now
        self._rows = list(raw.all())
        self._by_name = {(facts.kind, facts.id): facts for facts in self._rows}
        self._paths = {entry.path: entry for entry in raw.entries()}
        self._visible = Visible(self._rows, audience, raw.settings.shown_to_customers, self._paths)
        self._cutter = Cutter(self._visible, self)
        commit = commit_of(raw, history_of(raw))
        self._desk = ProjectedDesk(audience, raw.settings, raw.tree, raw.repository.git_dir, commit)

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of a kind by id or alias, of the whole desk: clocks are counted before anything is cut."""
        found = self._by_name.get((kind, id))
        return found if found is not None else self._raw.get(kind, id)

    def made(self) -> ProjectedDesk:
        """Return the projected desk."""
        pages = self._shown_pages()
        attached = dict(self._attached(pages))
        self._visible.show_paths([*pages, *attached])
        for path, page in pages.items():
            self._desk._pages.add(path)
            self._desk._files[path] = render_page(page, partial(self._cutter.text, path=path))
        for path, data in attached.items():
            self._desk._files[path] = self._cutter.text(_decoded(data), path).encode() if is_text(path) else data
        self._cut_records()
        return self._desk

    def _shown_pages(self) -> dict[str, Page]:
        """Return the ordinary pages that say they are for the audience."""
        records = {facts.path for facts in self._rows}
        wanted = [
            path
            for path, entry in self._paths.items()
            if path.startswith("kb/") and entry.mode.startswith("100") and is_plain(self._raw, path, records)
        ]
        self._raw.read_ahead(wanted)
        found = {}
        for path in wanted:
            data = self._raw.read(path)
            page = read_page(path, data) if b"audience" in data else None
            if page is not None and page.is_for(self._visible.audience):
                found[path] = page
        return found

    def _attached(self, pages: dict[str, Page]) -> Iterator[tuple[str, bytes]]:
        """Yield the attachments that visible records and pages show, without what their makers wrote into them."""
        owners = {path: facts.data.get("shown_files") or () for path, facts in self._visible.records.items()}
        owners |= {path: page.shown_files for path, page in pages.items()}
        for owner, names in owners.items():
            for name in names:
                path = owner.removesuffix(".md") + ".files/" + str(name)
                entry = self._paths.get(path)
                if entry is None or not entry.mode.startswith("100"):
                    continue  # a symlink may lead anywhere
                try:
                    data = self._raw.read(path)
                    yield path, data if is_text(path) else clean_picture(data)
                except RefusedError as error:
                    self._desk.refused.append(Refused(path, str(error)))

    def _cut_records(self) -> None:
        whole = list(self._visible.records.values())
        for facts, data in zip(whole, read_records(self._raw, whole), strict=True):
            if not is_as_judged(self._raw, facts, data):  # it may be for others now
                raise ServicebookError(
                    "{path} was changed by somebody else just now", "run the command again", path=facts.path
                )
            cut = self._cutter.cut(facts)
            body = self._cutter.body(_body(data), facts)
            cut.blob = hashlib.blake2b(f"{cut.blob}\n{body}".encode(), digest_size=20).hexdigest()
            self._desk._records[facts.path] = cut
            self._desk._files[facts.path] = _FRONT + body.encode()
            tree = shown_fields(facts.kind, self._visible.audience) or {}
            if "sla" in tree:
                self._desk._clocks[facts.path] = self._clocks_of(facts)
            facts.forget()

    def _clocks_of(self, facts: Facts) -> list[ClockStatus]:
        shown: list[ClockStatus] = []
        for clock in clocks_of(facts, self, self._now):
            if clock.promise == "contract" and not (clock.target.team or clock.target.supplier):
                shown.append(ShownClock(clock, self._is_shown_slug))
        return shown

    def _is_shown_slug(self, kind: str, slug: str) -> bool:
        found = self.get(kind, slug)
        return found is not None and found.path in self._visible.records


def _body(data: bytes) -> str:
    """Return the body of a record's file; where its fences cannot be told there is none."""
    try:
        return split_fences(_decoded(data))[1]
    except ValueError:
        return ""


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
