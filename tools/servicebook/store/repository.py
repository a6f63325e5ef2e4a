"""What Git says about a desk: where it lies, what its trees and its index hold, and the bytes of its files.

The git command line decides (store/git.py), because it honours the environment that Git gives its hooks (GIT_DIR,
GIT_INDEX_FILE, quarantine).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence

from servicebook.errors import NotADeskError, ServicebookError
from servicebook.store.git import GitError, begin_git, complaint_of, run_git, try_git
from servicebook.store.index_file import staged_tree
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servicebook.store.glance import Glance

SYMLINK = "120000"
GITLINK = "160000"
BAD_NAME = "bad-name"
"""The mode given here to a file whose name is not UTF-8; its path is shown escaped and it is never read."""
UNREADABLE = "unreadable"
"""The mode given here to a file of the work tree that its owner's rights, or the disk, keep from being read."""
GONE = ""
"""The mode of a file that is not there."""

EMPTY_TREE = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""The tree without files, which Git knows without storing it, by object format."""

_STEPS_PER_READ = 100  # of two ids each; as below
_IDS_PER_READ = 300  # keeps what is written to git's input below any pipe's buffer (16 KB on macOS)


class Entry(NamedTuple):
    """One file of a tree: `mode` as Git writes it, `blob` its object id (empty when only known on disk)."""

    path: str
    mode: str
    blob: str


class Moved(NamedTuple):
    """One file that two states give differently; `mode` is GONE on the side where it is absent."""

    path: str
    old_mode: str
    old_blob: str
    mode: str
    blob: str


_EDITED = ("diff-files", "--raw", "--no-abbrev", "--ignore-submodules", "-z")
# A file only intended for adding (`add -N`) is not part of the commit.
_STAGED = ("diff-index", "--cached", "--ita-invisible-in-index", "--raw", "--no-renames", "--no-abbrev", "-z")
_COMPARED = ("diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", "-z")


class Repository:
    """A Git repository: its folders, its object format and the tree of its HEAD.

    root: the work tree's top folder, where the desk lies; of a bare repository its own folder. head_tree: the
    empty tree before the first commit.
    """

    __slots__ = ("algorithm", "common_dir", "git_dir", "has_head", "head_tree", "root")

    def __init__(self, root: str, git_dir: str, common_dir: str, algorithm: str, head_tree: str) -> None:
        self.root = root
        self.git_dir = git_dir
        self.common_dir = common_dir
        self.algorithm = algorithm
        self.has_head = bool(head_tree)
        self.head_tree = head_tree or EMPTY_TREE[algorithm]

    def git(self, *words: str, given: bytes = b"") -> bytes:
        """Return what `git WORDS` prints here."""
        return run_git(words, self.root, given)

    def tree_of(self, rev: str) -> str:
        """Return the id of the tree that `rev` names; GitError when there is none."""
        if tree := self.tree_if_any(rev):
            return tree
        raise GitError("there is no revision `{rev}` here", "git log --oneline --all", rev=rev)

    def tree_if_any(self, rev: str) -> str:
        """Return the id of the tree that `rev` names, or an empty text."""
        status, out = try_git(["rev-parse", "--quiet", "--verify", "--end-of-options", rev + "^{tree}"], self.root)
        return "" if status else out.decode().strip()

    def entries_of(self, tree: str) -> list[Entry]:
        """Return every file of a tree, sorted by path."""
        if tree == EMPTY_TREE[self.algorithm]:
            return []
        found = []
        for line in _parts(self.git("ls-tree", "-r", "-z", "--full-tree", tree)):
            meta, _, name = line.partition(b"\t")
            mode, _, blob = meta.decode().split(" ")
            found.append(_entry(name, mode, blob))
        return found

    def entries_in_index(self) -> list[Entry]:
        """Return every file of the index, sorted by path, those that a sparse checkout leaves out too.

        An unmerged file comes once, as it was before the merge or as one side has it.
        """
        found: dict[str, Entry] = {}
        for line in _parts(self.git("ls-files", "--stage", "-z")):
            meta, _, name = line.partition(b"\t")
            mode, blob, _ = meta.decode().split(" ")
            entry = _entry(name, mode, blob)
            found.setdefault(entry.path, entry)
        return list(found.values())

    def has_tree(self, tree: str) -> bool:
        """Whether the tree `tree` can still be read."""
        return try_git(["cat-file", "-e", tree], self.root)[0] == 0

    def moved_in_index(self, tree: str) -> list[Moved]:
        """Return how the index (the one the environment names) differs from a tree."""
        return self.begin_moved_in_index(tree)()

    def begin_moved_in_index(self, tree: str) -> Callable[[], list[Moved]]:
        """Start to look how the index differs from a tree and return a function that waits for the answer."""
        staged = self.staged_tree()
        if staged == tree:
            return list
        if not staged:
            asked = self._begin(*_STAGED, tree)
            return lambda: _moved(asked())
        compared = begin_git([*_COMPARED, tree, staged], self.root)

        def wait() -> list[Moved]:
            status, out = compared()
            # A tree that only an index knows may have been collected.
            return _moved(out if not status else self.git(*_STAGED, tree))

        return wait

    def staged_tree(self) -> str:
        """Return the id of the tree that the index stands for; empty where that is not known without Git's help."""
        path = os.environ.get("GIT_INDEX_FILE") or f"{self.git_dir}/index"
        return staged_tree(os.path.join(self.root, path), self.algorithm)

    def moved_between(self, old: str, new: str) -> list[Moved]:
        """Return how two trees differ."""
        return self.begin_moved_between(old, new)()

    def begin_moved_between(self, old: str, new: str) -> Callable[[], list[Moved]]:
        """Start to look how two trees differ and return a function that waits for the answer."""
        if old == new:
            return list
        asked = self._begin(*_COMPARED, old, new)
        return lambda: _moved(asked())

    def moved_in_steps(self, steps: Sequence[tuple[str, str]]) -> Iterator[list[Moved]]:
        """Yield for each (tree before, tree after) how the two differ, asking Git once for many."""
        for start in range(0, len(steps), _STEPS_PER_READ):
            some = steps[start : start + _STEPS_PER_READ]
            given = "".join(f"{old} {new}\n" for old, new in some).encode()
            words = [*_COMPARED, "--stdin"]
            found: dict[bytes, list[bytes]] = {}
            parts = iter(self.git(*words, given=given).split(b"\0"))
            here: list[bytes] = []
            for part in parts:
                *heads, meta = part.split(b"\n")  # a step that moved nothing is a head alone
                for head in heads:
                    here = found[head] = []
                if meta:
                    here += (meta, next(parts))
            yield from (_moved_parts(found.get(f"{old} {new}".encode(), [])) for old, new in some)

    def moved_in_work_tree(
        self,
        staged: Callable[[], list[Moved]],
        known: Glance | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> list[Moved]:
        """Return how the work tree differs from a tree, untracked files that are not ignored included.

        `blob` is empty for files whose bytes must be read from disk. staged: waits for how the index differs from
        the tree. known: what is known of the work tree already. meanwhile: called while Git looks.
        """
        # Asked beside `staged`: `diff-index` alone would look at one file after the other.
        whole = None if known and known.is_enough() else self._begin(*_EDITED)
        if meanwhile:
            meanwhile()
        names = known.others() if known else self._others()
        moved = {item.path: item for item in staged()}
        if known:  # Git does not tell them as untracked while they are staged; unstaged, they lie there all the same
            known.doubt(path for path, item in moved.items() if item.old_mode == GONE)
        tracked = {path: item.mode for path, item in moved.items() if item.mode != GONE}
        gone = any(item.mode == GONE and os.path.lexists(f"{self.root}/{path}") for path, item in moved.items())
        edited = known.edited(tracked) if known and not whole else None
        if edited is None:
            edited = _moved((whole or self._begin(*_EDITED))())
            if known:
                known.remember({*moved, *(item.path for item in edited)})
        for item in edited:
            before = moved.get(item.path)
            moved[item.path] = item._replace(old_mode=before.old_mode, old_blob=before.old_blob) if before else item
        if known and gone:  # taken out of the index alone: the tree has them, so `others` may not
            names = self._others()
        for name in names:
            entry = _entry(name, "100644", "")
            if entry.path.endswith("/") or entry.path in tracked:
                continue
            before = moved.get(entry.path)
            mode = self._mode_on_disk(entry)
            old_mode, old_blob = (before.old_mode, before.old_blob) if before else (GONE, "")
            moved[entry.path] = Moved(entry.path, old_mode, old_blob, mode, "")
        return sorted(item for item in moved.values() if (item.mode, item.blob) != (item.old_mode, item.old_blob))

    def _others(self) -> list[bytes]:
        return _parts(self.git("ls-files", "--others", "--exclude-standard", "-z"))

    def _begin(self, *words: str) -> Callable[[], bytes]:
        """Start `git WORDS` here and return a function that waits for what it prints; GitError when it fails."""
        end = begin_git(words, self.root)

        def wait() -> bytes:
            status, out = end()
            if status:
                raise GitError(complaint_of(words, self.root) or f"git {words[0]} failed ({status})")
            return out

        return wait

    def _mode_on_disk(self, entry: Entry) -> str:
        if entry.mode == BAD_NAME:
            return BAD_NAME
        return SYMLINK if os.path.islink(f"{self.root}/{entry.path}") else "100644"

    def pages_with(self, *words: str) -> list[str]:
        """Return the paths of the Markdown files of the work tree, untracked ones too, that hold one of `words`."""
        asked = [part for word in words for part in ("-e", word)]
        status, out = try_git(
            ["grep", "--untracked", "--no-color", "-l", "-z", "-I", "-F", *asked, "--", "*.md"], self.root
        )
        if status > 1:
            raise GitError("git cannot search the work tree", "git status")
        return sorted(os.fsdecode(name) for name in _parts(out))

    def blob_in(self, tree: str, path: str) -> str:
        """Return the blob that a tree has at `path`; empty when it has none."""
        status, out = try_git(["rev-parse", "--quiet", "--verify", "--end-of-options", f"{tree}:{path}"], self.root)
        return "" if status else out.decode().strip()

    def read_blobs(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield (id, bytes) for each blob, in the order asked; GitError when one is missing."""
        wanted = list(blobs)
        self.fetch_missing(wanted)
        for start in range(0, len(wanted), _IDS_PER_READ):
            yield from self._read_some(wanted[start : start + _IDS_PER_READ])

    def fetch_missing(self, blobs: Sequence[str]) -> None:
        """Bring what a partial clone left on its server, all at once; CannotDecideError where it is out of reach."""
        if not blobs:
            return
        from servicebook.store.partial_clone import fetch_missing, is_partial

        if is_partial(self.common_dir):
            fetch_missing(self.root, blobs)

    def _read_some(self, blobs: list[str]) -> Iterator[tuple[str, bytes]]:
        out = self.git("cat-file", "--batch", "--buffer", given="".join(blob + "\n" for blob in blobs).encode())
        position = 0
        for blob in blobs:
            end = out.index(b"\n", position)
            header = out[position:end].decode().split(" ")
            if len(header) != 3:
                raise GitError("the object {blob} is missing", "git fsck", blob=blob)
            size = int(header[2])
            yield blob, out[end + 1 : end + 1 + size]
            position = end + size + 2

    def read_on_disk(self, path: str) -> bytes:
        """Return the bytes of a file of the work tree; of a symlink, where it points, which is never followed.

        Raises FileNotFoundError where no file is, OSError for one that cannot be read: a pipe would wait for ever.
        """
        target = f"{self.root}/{path}"
        mode = os.lstat(target).st_mode
        if stat.S_ISLNK(mode):
            return os.fsencode(os.readlink(target))
        if stat.S_ISDIR(mode):
            raise FileNotFoundError(path)
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        with open(target, "rb", buffering=0) as file:
            return file.read()


_ASKED = ("rev-parse", "--absolute-git-dir", "--git-common-dir", "--show-object-format")
_TREE_ASKED = ("--show-toplevel", "HEAD^{tree}")


def begin_finding(start: str = ".") -> Callable[[], Repository]:
    """Start to look for the repository that holds the folder `start` and return a function that waits for it.

    See find_repository.
    """
    asked = begin_git([*_ASKED, *_TREE_ASKED], start)
    return lambda: _found(start, *asked())


def find_repository(start: str = ".", *, bare: bool = False) -> Repository:
    """Return the repository that holds the folder `start`.

    bare: whether one without a work tree will do, such as a server's; only its revisions can be judged.
    Raises NotADeskError outside a repository, and without a work tree where one is needed.
    """
    status, out = try_git([*_ASKED, *_TREE_ASKED], start)
    if bare and out.count(b"\n") < 4:
        # Git has stopped where it was asked for the work tree; its own folder stands for that.
        status, out = try_git([*_ASKED, "--absolute-git-dir", "HEAD^{tree}"], start)
    return _found(start, status, out)


def _found(start: str, status: int, out: bytes) -> Repository:
    lines = out.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) < 5:
        raise _not_a_desk(start)
    git_dir, common, algorithm, root = lines[:4]
    return Repository(root, git_dir, os.path.join(start, common), algorithm, "" if status else lines[4])


def _not_a_desk(start: str) -> ServicebookError:
    """Say why `start` holds no desk, with Git's word for it where that is not the plain one."""
    complaint = complaint_of(["rev-parse", "--show-toplevel"], start)
    if "not a git repository" in complaint:
        return NotADeskError("this folder is not in a Git repository", "servicebook init DIR makes a desk")
    if "must be run in a work tree" in complaint:
        return NotADeskError(
            "this repository has no work tree", "go to a clone of the desk | or look at a revision: --rev HEAD"
        )
    return NotADeskError(complaint or f"git cannot read {start}", "git status")


def _parts(out: bytes) -> list[bytes]:
    return out.split(b"\0")[:-1]


def _entry(name: bytes, mode: str, blob: str) -> Entry:
    try:
        return Entry(name.decode(), mode, blob)
    except UnicodeDecodeError:
        return Entry(name.decode("utf-8", "backslashreplace"), BAD_NAME, blob)


def _moved(out: bytes) -> list[Moved]:
    """Return the lines of `--raw -z`: `:oldmode newmode oldid newid status NUL path NUL`."""
    return _moved_parts(_parts(out))


def _moved_parts(parts: Sequence[bytes]) -> list[Moved]:
    found: dict[str, Moved] = {}
    for meta, name in zip(parts[::2], parts[1::2], strict=True):
        old_mode, mode, old_blob, blob, _ = meta[1:].decode().split(" ")
        entry = _entry(name, mode, blob)
        gone = mode == "000000"
        moved = Moved(
            entry.path,
            GONE if old_mode == "000000" else old_mode,
            old_blob.strip("0") and old_blob,
            GONE if gone else entry.mode,
            "" if gone else blob.strip("0") and blob,
        )
        # An unmerged file comes twice: once as unmerged (gone), once as it lies in the work tree.
        if entry.path not in found or not gone:
            found[entry.path] = moved
    return list(found.values())
