"""What the main branch did, commit by commit, to changes, votes, boards, people and templates.

Positions count the commits that touched any of these, oldest first: the state *before* position p is what the
first parent of that commit holds. Nothing is checked out, and Git is asked a handful of times in all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from servicebook.errors import CannotDecideError
from servicebook.records.kinds import BY_NAME, VOTES, path_of, votes_of
from servicebook.store.git import GitError, try_git
from servicebook.store.mainline import Step, commit_of, read_all_commits, read_line, read_mainline
from servicebook.store.repository import Repository
from servicebook.text.front_matter import FrontMatter, parse_front_matter
from servicebook.text.source_file import SourceFile

CHANGES = BY_NAME["change"].folder
BOARDS = BY_NAME["board"].folder
PEOPLE = BY_NAME["person"].folder
ARTICLES = BY_NAME["article"].folder
ALL = (CHANGES, BOARDS, PEOPLE, ARTICLES)


class State(NamedTuple):
    """What a file became at a position; `blob` is empty where it went away."""

    position: int
    blob: str


class Lost(NamedTuple):
    """A vote that a merge took away or changed: its path, the blob that one parent of the merge has, the merge."""

    path: str
    old: str
    step: Step


class Ledger:
    """The history of one branch, as far as approvals hang on it.

    tip: the commit it ends with. repository_id: its first commit. steps: the commits that touched what is looked at.
    """

    def __init__(self, repository: Repository, tip: str, steps: Sequence[Step], until: datetime) -> None:
        self.repository = repository
        self.tip = tip
        line = read_line(repository, tip)
        self.repository_id = line[0][0]
        self.steps = steps
        self.end = len(steps)
        self.landed: list[datetime] = []
        """When each commit landed: the committer's time, never earlier than that of the commits before it (a clock
        set back gains nothing), nor later than `until`."""
        self.places: list[int] = []
        """Where each commit stands on the whole first-parent line, whatever else is looked at."""
        self._states: dict[str, list[State]] = {}
        self._folders: dict[str, list[str]] = {}
        self._named: dict[str, list[str]] = {}
        self._data: dict[str, bytes] = {}
        times = _never_earlier(line, int(until.timestamp()))
        self.is_ahead = any(committed > int(until.timestamp()) for _, committed in line)
        """Whether a commit says a later time than `until`: how long ago it landed will be told otherwise then."""
        place = {commit: number for number, (commit, _) in enumerate(line)}
        for position, step in enumerate(steps):
            self.places.append(place[step.id])
            self.landed.append(datetime.fromtimestamp(times[step.id], UTC))
            for file in step.touched:
                self._add(file.path, State(position, file.new))

    def _add(self, path: str, state: State) -> None:
        states = self._states.get(path)
        if states is None:
            states = self._states[path] = []
            folder, _, name = path.rpartition("/")
            self._folders.setdefault(folder, []).append(path)
            self._named.setdefault(name.lower(), []).append(path)
        states.append(state)

    def states(self, path: str) -> Sequence[State]:
        """Return what a path became, oldest first."""
        return self._states.get(path, ())

    def states_of_name(self, name: str) -> list[State]:
        """Return what the files of one name in any folder became, oldest first: a record keeps its name when moved.

        Capitals make no other name: on many disks they make no other file.
        """
        found: dict[int, State] = {}
        for path in self._named.get(name.lower(), ()):
            for state in self._states[path]:
                if state.blob or state.position not in found:
                    found[state.position] = state
        return [found[position] for position in sorted(found)]

    def blob(self, path: str, position: int) -> str:
        """Return the blob of a path before `position`; empty where there was none."""
        states = self._states.get(path, ())
        place = bisect_left(states, position, key=lambda state: state.position)
        return states[place - 1].blob if place else ""

    def files(self, folder: str, position: int) -> dict[str, str]:
        """Return the files right in a folder before `position`, path to blob."""
        found = ((path, self.blob(path, position)) for path in self._folders.get(folder, ()))
        return {path: blob for path, blob in found if blob}

    def paths(self, folder: str) -> Iterator[str]:
        """Yield every path that ever was below a folder."""
        for known, paths in self._folders.items():
            if known == folder or known.startswith(folder + "/"):
                yield from paths

    def base(self, position: int) -> str:
        """Return the commit whose tree is the state before `position`."""
        return self.steps[position].parents[0] if position < self.end and self.steps[position].parents else self.tip

    def read_ahead(self, blobs: Iterable[str], *, may_lack: bool = False) -> None:
        """Bring blobs into memory in one go.

        may_lack: whether one that is not here is read as empty, which is for records that are told as unreadable then.
        Else CannotDecideError is raised for it: a reject whose bytes are missing must not be passed over.
        """
        wanted = sorted({blob for blob in blobs if blob and blob not in self._data})
        try:
            self._data.update(self.repository.read_blobs(wanted))
        except GitError as error:
            if not may_lack:
                raise CannotDecideError(
                    "a part of this repository is missing or damaged: {why}",
                    "git fsck --full | git fetch --refetch, or another clone", why=error,
                ) from error  # fmt: skip
            for blob in wanted:
                status, out = try_git(["cat-file", "blob", blob], self.repository.root)
                self._data[blob] = b"" if status else out

    def read(self, blob: str) -> bytes:
        """Return the bytes of a blob."""
        if blob not in self._data:
            self.read_ahead([blob])
        return self._data[blob]

    def forget(self) -> None:
        """Drop the bytes read so far: of ten thousand changes not all fit into memory at once."""
        self._data.clear()

    def front(self, path: str, blob: str) -> FrontMatter | None:
        """Return the front matter of a record's blob; None where it cannot be read."""
        return parse_front_matter(SourceFile(path, self.read(blob), blob))[0] if blob else None

    def altered(self, folder: str, position: int) -> list[tuple[str, Step, bool]]:
        """Return the files of a folder of votes that are not what they were when they landed: (path, commit, gone).

        Looked at before `position` and at the end. A file that was altered and put back, to the byte, is in order.
        """
        found = []
        for path in self._folders.get(folder, ()):
            states = self._states[path]
            first = states[0]
            moments = (position, self.end) if first.position < position else (self.end,)
            if any(self.blob(path, moment) != first.blob for moment in moments):
                after = next(state for state in states[1:] if state.blob != first.blob)
                found.append((path, self.steps[after.position], not after.blob))
        return found


def _never_earlier(line: Sequence[tuple[str, int]], until: int) -> dict[str, int]:
    """Return when each commit landed, in seconds since 1970: not before any commit below it, and not after `until`."""
    latest, found = 0, {}
    for commit, committed in line:
        latest = max(latest, min(committed, until))
        found[commit] = latest
    return found


def read_ledger(repository: Repository, tip: str, until: datetime, ids: Sequence[str] = ()) -> Ledger:
    """Return the ledger of the branch that ends at `tip`; with `ids` only of these changes, and all that is shared.

    until: no commit is taken to have landed later. Raises CannotDecideError in a shallow clone.
    """
    commit = commit_of(repository, tip)
    return Ledger(repository, commit, read_mainline(repository, commit, pathspecs(ids)), until)


def pathspecs(ids: Sequence[str]) -> list[str]:
    """Return Git's words for the files of some changes, or of all, and for boards, people and templates.

    Whole paths, where each change lies by its id: Git finds their commits by its commit graph, patterns it does not.
    """
    if not ids:
        return list(ALL)
    paths = [path_of(BY_NAME["change"], id) for id in ids]
    return [*paths, *map(votes_of, paths), BOARDS, PEOPLE, ARTICLES]


def lost_in_merges(ledger: Ledger, ids: Sequence[str] = ()) -> list[Lost]:
    """Return the votes that a merge took away or changed against one of its parents.

    The first-parent line alone does not show them where somebody merged the main branch into his own and pushed that.
    """
    paths = [votes_of(path_of(BY_NAME["change"], id)) for id in ids]
    paths += sorted({path.rpartition("/")[0] for path in ledger.paths(PEOPLE) if f"{VOTES}/" in path}) if ids else []
    paths = paths or [f":(glob){folder}/**/*{VOTES}/**" for folder in ALL]
    steps = read_all_commits(ledger.repository, ledger.tip, paths, merges=True)
    return [Lost(file.path, file.old, step) for step in steps for file in step.touched if file.old]
