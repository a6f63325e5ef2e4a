"""What Git's commits show of each event: when its line was first recorded, and which commit moved or removed it.

Read once a commit along the first parents and kept in the work tree's index, so that a later check only reads the
commits since. The line of an event is compared as text; only where it differs is it parsed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from servicebook.patterns import late_pattern
from servicebook.store.git import try_git
from servicebook.store.kept_history import history_tip, keep_history, kept_history
from servicebook.store.mainline import require_whole_history
from servicebook.store.repository import Repository
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any, NamedTuple

TICKETS = "tickets/"
_LINE = late_pattern(r"^ *- (\{at: .*, id: ([0-9a-z]{4}), event: .*\})$")
_READ_AT_ONCE = 500  # commits whose files are held in memory at a time


class Commit(NamedTuple):
    """One commit of the first-parent line. at: seconds since 1970, the earlier of author's and committer's time."""

    id: str
    parents: tuple[str, ...]
    at: int


class RecordedEvent(NamedTuple):
    """An event as commits show it.

    path: where its ticket lies. place: its place among all events the ticket ever had, as they were recorded.
    entry: as first recorded, the line or, where that is not in one line, JSON. born: the commit that recorded
    it. at: when. moved_by: the last commit that changed it, took it away or put it elsewhere; empty for none.
    moved_at: when. branch: a merge brought it in, so that a branch recorded it earlier.
    """

    path: str
    id: str
    place: int
    entry: str
    born: str
    at: int
    moved_by: str
    moved_at: int
    branch: bool


Parse = Callable[[str, bytes], list[dict[str, Any]]]
"""How a ticket's timeline is read where its lines alone do not tell: path, bytes to events in JSON values."""


def recorded_events(
    desk: Snapshot, tip: str, parse: Parse, progress: Callable[[int, int], object] | None = None
) -> list[RecordedEvent]:
    """Return every event that a first-parent commit up to `tip` recorded, by path and place.

    Raises CannotDecideError in a shallow clone, whose first commit is not the first.
    """
    repository = desk.repository
    require_whole_history(repository)
    if not repository.has_head:
        return []
    tip_id = repository.git("rev-parse", "--verify", "--end-of-options", f"{tip}^{{commit}}").decode().strip()
    known = history_tip(desk.index)
    rows: dict[tuple[str, str], RecordedEvent] = {}
    if known and _is_behind(repository, known, tip_id):
        rows = {(row[0], row[1]): RecordedEvent._make(row) for row in kept_history(desk.index)}
    else:
        known = ""
    walk = _Walk(repository, parse, rows)
    commits = list(_commits(repository, known, tip_id))
    for begin in range(0, len(commits), _READ_AT_ONCE):
        walk.take(commits[begin : begin + _READ_AT_ONCE])
        if progress:
            progress(min(begin + _READ_AT_ONCE, len(commits)), len(commits))
    if tip == "HEAD" and known != tip_id:
        rows_kept = [row for row in walk.rows.values() if not known or row.path in walk.touched]
        keep_history(desk.index, known, tip_id, walk.touched, rows_kept)
    return sorted(walk.rows.values(), key=lambda row: (row.path, row.place))


def first_on_branch(repository: Repository, row: RecordedEvent) -> int:
    """Return when a branch recorded an event that a merge brought in; the merge's own time when it cannot be told."""
    words = ["log", "--format=%at %ct", "--reverse", f"-S{row.id}", f"{row.born}^1..{row.born}", "--", row.path]
    status, out = try_git(words, repository.root)
    times = [min(map(int, line.split())) for line in out.decode().splitlines()] if not status else []
    return min([row.at, *times])


def _is_behind(repository: Repository, old: str, tip: str) -> bool:
    """Whether `old` lies on the first-parent line of `tip`."""
    status, out = try_git(["rev-list", "--first-parent", "--parents", f"{old}..{tip}"], repository.root)
    if status:
        return False
    lines = out.decode().splitlines()
    if not lines:
        return repository.git("rev-parse", tip).decode().strip() == old
    return lines[-1].split()[1:2] == [old]


Change = tuple[str, str, str]
"""Path, blob before, blob after; a blob is empty where there is no file."""


def _commits(repository: Repository, old: str, tip: str) -> Iterator[tuple[Commit, list[Change]]]:
    """Yield the first-parent commits of `old..tip` that touched tickets, oldest first."""
    words = ["-c", "core.quotePath=false", "log", "--first-parent", "-m", "--reverse", "--raw", "--no-renames"]
    words += ["--no-abbrev", "--format=%x01%H %at %ct %P", f"{old}..{tip}" if old else tip, "--", TICKETS]
    out = repository.git(*words).decode("utf-8", "replace")
    for block in out.split("\x01")[1:]:
        head, *lines = block.split("\n")
        id, authored, committed, *parents = head.split()
        changes = [change for line in lines if (change := _change(line))]
        yield Commit(id, tuple(parents), min(int(authored), int(committed))), changes


def _change(line: str) -> Change | None:
    meta, tab, path = line.partition("\t")
    if not tab or not path.startswith(TICKETS) or not path.endswith(".md"):
        return None
    _, _, old, new, _ = meta.split(" ")
    return path, old.strip("0") and old, new.strip("0") and new


class _Walk:
    """The events known after the commits taken so far."""

    def __init__(self, repository: Repository, parse: Parse, rows: dict[tuple[str, str], RecordedEvent]) -> None:
        self.repository = repository
        self.parse = parse
        self.rows = rows
        self.touched: set[str] = set()
        self.places: dict[str, int] = {}
        for row in rows.values():
            self.places[row.path] = max(self.places.get(row.path, 0), row.place + 1)

    def take(self, commits: Iterable[tuple[Commit, list[Change]]]) -> None:
        """Take commits in order, the bytes of their files read at once."""
        commits = list(commits)
        wanted = {blob for _, changes in commits for _, old, new in changes for blob in (old, new) if blob}
        texts = dict(self.repository.read_blobs(sorted(wanted)))
        for commit, changes in commits:
            gone = [(path, old) for path, old, new in changes if not new]
            for path, old, new in changes:
                if new:
                    self._take(commit, path, texts.get(old, b""), texts[new], gone)
            for path, old in gone:
                self._compare(commit, path, lines_of(texts[old]), {})

    def _take(self, commit: Commit, path: str, old: bytes, new: bytes, gone: list[tuple[str, str]]) -> None:
        before, after = lines_of(old), lines_of(new)
        if before is None or after is None or list(after.items())[: len(before)] != list(before.items()):
            before, after = self._parsed(path, old), self._parsed(path, new)
        if not old:
            self._follow(path, after, gone)
        for id, line in after.items():
            if (path, id) not in self.rows:
                place = self.places.get(path, 0)
                merged = len(commit.parents) > 1
                self._put(RecordedEvent(path, id, place, line, commit.id, commit.at, "", 0, merged))
        self._compare(commit, path, before, after)

    def _follow(self, path: str, after: dict[str, str], gone: list[tuple[str, str]]) -> None:
        """Let the events of a ticket that went under another path in this commit go on under this one."""
        for other, _ in gone:
            moved = [row for (there, id), row in self.rows.items() if there == other and id in after]
            for row in moved:
                del self.rows[other, row.id]
                self.touched.add(other)
                self._put(row._replace(path=path))

    def _compare(self, commit: Commit, path: str, before: dict[str, str] | None, after: dict[str, str] | None) -> None:
        """Name the commit on the events that it changed, took away or put in another order."""
        if not before or (after and list(before.items()) == list(after.items())):
            return
        after = after or {}
        kept = [id for id in after if id in before]
        order = [id for id in before if id in after]
        for id, line in before.items():
            row = self.rows.get((path, id))
            moved = id not in after or after[id] != line or (order != kept and order.index(id) != kept.index(id))
            if row is not None and moved:
                self._put(row._replace(moved_by=commit.id, moved_at=commit.at))

    def _put(self, row: RecordedEvent) -> None:
        self.rows[row.path, row.id] = row
        self.places[row.path] = max(self.places.get(row.path, 0), row.place + 1)
        self.touched.add(row.path)

    def _parsed(self, path: str, data: bytes) -> dict[str, str]:
        events = self.parse(path, data) if data else []
        return {str(e.get("id")): json.dumps(e, ensure_ascii=False, sort_keys=True) for e in events if e.get("id")}


def lines_of(data: bytes) -> dict[str, str] | None:
    """Return the events of a timeline written one a line, by id; None where it is written otherwise."""
    text = data.decode("utf-8", "replace")
    _, fence, rest = text.partition("\ntimeline:\n")
    if not fence:
        return {} if "\ntimeline:" not in text else None
    found: dict[str, str] = {}
    for line in rest.split("\n"):
        if not line.lstrip(" ").startswith("- "):
            break
        match = _LINE.match(line)
        if match is None or match[2] in found:
            return None
        found[match[2]] = match[1]
    return found
