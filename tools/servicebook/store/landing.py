"""How a commit gets to the others: fetch, merge beside the work tree, push, and again while others push too.

A merge is made among Git's objects (`merge-tree`) and becomes the branch only after the push: a kill at any
point leaves no merge in progress, and a try that lost the race leaves no trace.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from servicebook.errors import ServicebookError
from servicebook.language.catalogue import say, terminal_language
from servicebook.store.git import GitError, run_git, try_git
from servicebook.store.remotes import ask_server
from servicebook.store.repository import GONE, find_repository
from servicebook.store.write import WriteError, await_index, writing
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from servicebook.text.source_file import SourceFile

PATIENCE = 120.0
"""Seconds in which a push is tried again while others are faster; after that the commit waits for the next one."""
_DOUBLINGS = 5  # the longest wait between two tries is so many times doubled from what a try takes
_LONGEST_WAIT = 20.0  # seconds
_TOLD_AFTER = 5  # tries after which the waiting is explained

_RACES = ("fetch first", "non-fast-forward", "stale info", "cannot lock ref", "failed to update ref", "incorrect old")
"""What Git calls it when somebody else pushed between our fetch and our push."""
_LOCKED = ".lock': File exists"
"""What Git says of a lock: a moment's in a race, and for ever where a Git was killed on the server."""
_FETCHED_AT_ONCE = ("cannot lock ref", "unable to update local ref", _LOCKED)
"""What Git says where another process of this clone fetched at the same moment."""

Judge = Callable[[str, str], "list[SourceFile]"]
"""From a merged tree and the others' tree to the files that are written anew in it, such as closing blocks.

Raises when the merged tree is broken by what our side brings.
"""


class NotSharedError(ServicebookError):
    """The commit is made and kept, but the others do not have it."""


class RefusedError(NotSharedError):
    """The others' side, or what came of both, does not allow it: somebody must decide."""

    exit_code = 1


class Upstream(NamedTuple):
    """Where a branch goes: its own name, the remote, the branch's full name there, the ref that follows it here."""

    branch: str
    remote: str
    ref: str
    tracking: str

    @property
    def name(self) -> str:
        """The short name that people use, such as `origin/main`."""
        return self.tracking.removeprefix("refs/remotes/").removeprefix("refs/heads/")


def read_upstream(root: str) -> Upstream:
    """Return where the current branch goes; NotSharedError when there is no branch or it goes nowhere."""
    status, out = try_git(["symbolic-ref", "--quiet", "HEAD"], root)
    full = out.decode().strip()
    if status and _is_rebasing(root):
        raise NotSharedError(
            "the commit is kept, but not pushed: a rebase is not finished here",
            "git rebase --continue takes it along, git rebase --abort would lose it; then git push",
        )
    if status:
        raise NotSharedError(
            "the commit is kept, but not pushed: HEAD is on no branch", "git switch --create BRANCH, then git push"
        )
    form = "--format=%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)"
    told = run_git(["for-each-ref", form, full], root).decode().strip().split("\0")
    branch = full.removeprefix("refs/heads/")
    if len(told) != 3 or not all(told):
        remotes = run_git(["remote"], root).decode().split()
        raise NotSharedError(
            "the commit is kept, but not pushed: branch `{branch}` has no upstream",
            "git push --set-upstream {remote} {branch}" if remotes else "git remote add origin URL, then git push "
            "--set-upstream origin {branch}",
            branch=branch, remote="origin" if "origin" in remotes else "".join(remotes[:1]),
        )  # fmt: skip
    return Upstream(branch, *told)


def _is_rebasing(root: str) -> bool:
    words = ["rev-parse", "--git-path", "rebase-merge", "--git-path", "rebase-apply"]
    return any(os.path.isdir(os.path.join(root, path)) for path in run_git(words, root).decode().splitlines())


class Shared(NamedTuple):
    """What came of a push: the upstream's short name, whether it took others' commits in, and git's word when the
    work tree stays behind (the push is done all the same), else nothing.
    """

    upstream: str
    merged: bool
    behind: str


def share(root: str, options: Sequence[str], judge: Judge, tell: Callable[[int], None]) -> Shared:
    """Bring the current branch to its upstream, merged with what is there.

    options: words for git before `merge-tree`, such as the merge driver. tell: called with the number of tries when
    it takes long. The clone's lock is held while branch and work tree move on, never while a server is waited for:
    what other processes of the clone commit meanwhile goes along with another try.
    Raises NotSharedError: no upstream, no connection; RefusedError: a conflict, a merge that `judge` refuses, a
    server that says no. Branch and work tree are then as they were.
    """
    upstream = read_upstream(root)
    end, number = time.monotonic() + PATIENCE, 0
    while True:
        begin = time.monotonic()
        tried = _Try(root, upstream, options, judge)
        words = tried.fetch() or tried.push()
        if not words:
            behind = tried.take_in()
            if not tried.moved_on or time.monotonic() > end:
                return Shared(upstream.name, tried.tip != tried.head, behind)
            continue
        number += 1
        if time.monotonic() > end:
            break
        if number % _TOLD_AFTER == 0:
            tell(number)
        time.sleep(_wait_after(number, time.monotonic() - begin))
    if _LOCKED in words:
        raise NotSharedError(
            "the commit is kept, but not pushed: a lock of Git's stays on {upstream}\n{words}",
            "when no Git runs there, delete the file that it names; the next --push takes the commit along",
            upstream=upstream.name, words=words,
        )  # fmt: skip
    raise NotSharedError(
        "the commit is kept, but not pushed: {tries} times somebody else was faster\n{words}",
        "the next --push takes it along; or, when it is calmer: git pull --no-rebase, git push",
        tries=number, words=words,
    )  # fmt: skip


def _wait_after(number: int, took: float) -> float:
    """Return how long to wait after so many tries, the last of which took `took` seconds.

    A server takes one push at a time. Waits that double spread any number of people until about one of them
    tries at once; measured in tries, they fit a fast server and a slow one.
    """
    return random.SystemRandom().uniform(0, min(_LONGEST_WAIT, took * 2 ** min(number, _DOUBLINGS)))


class _Try:
    """One try: what the branch and its upstream are now, and the commit that would be pushed.

    moved_on: whether another process of this clone has committed since.
    """

    def __init__(self, root: str, upstream: Upstream, options: Sequence[str], judge: Judge) -> None:
        self.root = root
        self.upstream = upstream
        self.options = options
        self.judge = judge
        self.head = self.theirs = self.tip = ""
        self.moved_on = False

    def push(self) -> str:
        """Push; return git's words when somebody else was faster, nothing when it is done."""
        self.head = _commit(self.root, "HEAD")
        self.theirs = _commit(self.root, self.upstream.tracking)
        self.tip = self._tip()
        if self.tip == self.theirs:
            return ""
        there = f"{self.tip}:{self.upstream.ref}"
        done = ask_server(self.root, self.upstream.remote, "push", "--porcelain", self.upstream.remote, there)
        if not done.status:
            return ""
        lines = [line for line in done.out.decode("utf-8", "replace").splitlines() if line.startswith("!")]
        words = _words_of(done.status, done.complaint)
        if any(race in line for line in lines for race in _RACES):
            return words
        if lines:
            raise RefusedError(
                "the commit is kept, but {upstream} refused it:\n{words}",
                "mend what it names: a command as it says, with --push; or an edit, git commit, git push",
                upstream=self.upstream.name, words=words,
            )  # fmt: skip
        if done.waited:
            raise NotSharedError(
                "the commit is kept; whether it is pushed is not known: {server} has said nothing for {seconds} s",
                "the next --push finds out and takes it along",
                server=done.server, seconds=done.waited,
            )  # fmt: skip
        raise _no_connection(words)

    def take_in(self) -> str:
        """Move the branch and the work tree on to what was pushed; return git's words where it cannot."""
        if self.tip == self.head:
            return ""
        try:
            with writing(self.root):
                return self._take_in()
        except WriteError as error:
            return str(error)

    def _take_in(self) -> str:
        status, out = try_git(["symbolic-ref", "--quiet", "HEAD"], self.root)
        here = _commit(self.root, "HEAD")
        switched = status or out.decode().strip() != f"refs/heads/{self.upstream.branch}"
        if switched or here != self.head:
            self.moved_on = not switched and self._holds(here, self.head)
            return say("cli", "the branch moved on meanwhile", terminal_language())
        if lock := await_index(self.root):
            return say("cli", "{lock} is there", terminal_language(), lock=lock)
        forward = ("merge", "--ff-only", "--quiet", "--no-autostash", self.tip)
        done = _git(self.root, *forward)
        if done.returncode and self._stage_what_is_there():
            done = _git(self.root, *forward)
        return _complaint(done) if done.returncode else ""

    def _stage_what_is_there(self) -> bool:
        """Stage the files that already are on disk what they are to become; return whether there were any.

        A Git that was killed while it moved the work tree on leaves them so, and would take them for edits.
        """
        lines, repository = [], find_repository(self.root)
        staged = {item.path for item in repository.moved_in_index(self.head)}  # somebody's own, left alone
        for item in repository.moved_between(self.head, self.tip):
            path = os.path.join(self.root, item.path)
            if item.path in staged:
                continue
            if item.mode == GONE and not os.path.lexists(path):
                lines.append(f"0 {'0' * len(self.head)}\t{item.path}\0")
            elif item.mode.startswith("100") and os.path.isfile(path) and not os.path.islink(path):
                there = _git(self.root, "hash-object", "--", item.path).stdout.decode().strip()
                lines += [f"{item.mode} {item.blob}\t{item.path}\0"] if there == item.blob else []
        _git(self.root, "update-index", "-z", "--index-info", given="".join(lines).encode())
        return bool(lines)

    def fetch(self) -> str:
        """Fetch; return git's words when another process of this clone did so just now, nothing when it is done."""
        done = ask_server(self.root, self.upstream.remote, "fetch", "--quiet", self.upstream.remote)
        if done.waited:
            raise NotSharedError(
                "the commit is kept, but not pushed: {server} has said nothing for {seconds} s",
                "the next --push takes it along; or, when it answers: git pull --no-rebase, git push",
                server=done.server, seconds=done.waited,
            )  # fmt: skip
        words = _words_of(done.status, done.complaint) if done.status else ""
        if words and not any(race in done.complaint for race in _FETCHED_AT_ONCE):
            raise _no_connection(words)
        return words

    def _tip(self) -> str:
        """Return the commit to push: HEAD, theirs when it holds HEAD already, or a merge of both."""
        if not self.theirs or self._holds(self.head, self.theirs):
            return self.head
        if self._holds(self.theirs, self.head):
            return self.theirs
        tree = self._merged_tree()
        if files := self.judge(tree, _tree(self.root, self.theirs)):
            tree = with_files(self.root, tree, files)
        sign = _git(self.root, "config", "--type=bool", "commit.gpgsign").stdout.strip() == b"true"
        # The others' side is the first parent: the main branch's own line goes on, and shows what was on it before.
        words = ["commit-tree", *(["-S"] if sign else []), "-p", self.theirs, "-p", self.head]
        done = _git(self.root, *words, "-m", f"Merge {self.upstream.name}", tree)
        if done.returncode:
            raise RefusedError(
                "the commit is kept, but not pushed: {words}",
                "git pull --no-rebase, then git push",
                words=_complaint(done),
            )
        return done.stdout.decode().strip()

    def _holds(self, commit: str, other: str) -> bool:
        """Whether `commit` has `other` in its history."""
        return try_git(["merge-base", "--is-ancestor", other, commit], self.root)[0] == 0

    def _merged_tree(self) -> str:
        """Return the tree that both sides make; RefusedError for a conflict."""
        words = ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", self.head, self.theirs]
        done = _git(self.root, *self.options, *words)
        told = done.stdout.decode("utf-8", "replace").split("\0")
        if done.returncode == 0:
            return told[0].strip()
        if done.returncode == 1:
            paths = [path for path in told[1:] if path]
            self._refuse_clash(paths)
            raise RefusedError(
                "the commit is kept, but not pushed: you and somebody else changed the same of {paths}",
                "servicebook merge {upstream}, servicebook mend FILE, git add, git commit, git push",
                paths=", ".join(paths),
                upstream=self.upstream.name,
            )
        raise NotSharedError(
            "the commit is kept, but not pushed: git cannot merge {upstream} here\n{words}",
            "git pull --no-rebase, then git push (Git 2.38 and later can do it for you)",
            upstream=self.upstream.name, words=_complaint(done),
        )  # fmt: skip

    def _refuse_clash(self, paths: list[str]) -> None:
        """Raise when both sides began a file of one name: two records have one id, and ours can get another."""
        _, out = try_git(["merge-base", self.head, self.theirs], self.root)
        base = out.decode().strip()
        for path in paths:
            sides = (base, self.head, self.theirs)
            there = [try_git(["cat-file", "-e", f"{side}:{path}"], self.root)[0] == 0 for side in sides]
            if path.endswith(".md") and there == [False, True, True]:
                raise RefusedError(
                    "the commit is kept, but not pushed: somebody else began another record {path}",
                    "servicebook renumber {path} --push",
                    path=path,
                )


def _no_connection(words: str) -> NotSharedError:
    return NotSharedError(
        "the commit is kept, but not pushed:\n{words}",
        "the next --push takes it along; or, when you are connected: git pull --no-rebase, git push",
        words=words,
    )


def with_files(root: str, tree: str, files: Iterable[SourceFile]) -> str:
    """Return a tree with some of its files replaced, made in an index of its own."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        lines = [f"100644 {_blob(root, file.data)}\t{file.path}\0" for file in files]
        _made(_git(root, "read-tree", tree, environment=index))
        _made(_git(root, "update-index", "-z", "--index-info", given="".join(lines).encode(), environment=index))
        return _made(_git(root, "write-tree", environment=index))


def _made(done: CompletedProcess[bytes]) -> str:
    """Return what git printed; GitError with its complaint when it failed."""
    if done.returncode:
        raise GitError(_complaint(done))
    return done.stdout.decode().strip()


def _blob(root: str, data: bytes) -> str:
    return _made(_git(root, "hash-object", "-w", "--stdin", given=data))


def _commit(root: str, name: str) -> str:
    status, out = try_git(["rev-parse", "--quiet", "--verify", "--end-of-options", name + "^{commit}"], root)
    return "" if status else out.decode().strip()


def _tree(root: str, commit: str) -> str:
    return run_git(["rev-parse", "--verify", commit + "^{tree}"], root).decode().strip()


def _git(
    root: str, *words: str, given: bytes = b"", environment: Mapping[str, str] | None = None
) -> CompletedProcess[bytes]:
    """Run git with its complaints kept, in English: its reasons for a refusal are compared."""
    import subprocess

    plain = {**os.environ, "LC_ALL": "C", **(environment or {})}
    return subprocess.run(["git", "-C", root, *words], input=given, capture_output=True, check=False, env=plain)


def _complaint(done: CompletedProcess[bytes]) -> str:
    return _words_of(done.returncode, done.stderr.decode("utf-8", "replace"))


def _words_of(status: int, complaint: str) -> str:
    """Return what the server said, where it said anything, else git's own complaint, without its advice."""
    lines = complaint.splitlines()
    server = [line.removeprefix("remote: ").rstrip() for line in lines if line.startswith("remote: ")]
    plain = [line for line in lines if line.strip() and not line.startswith("hint:")]
    return "\n".join([line for line in server if line] or plain) or f"git failed ({status})"
