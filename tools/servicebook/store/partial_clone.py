"""How a partial clone gets the file contents that it left on its server: all that are needed in one go.

Git fetches what is missing by itself, but `cat-file` asks for one object at a time: 100,000 calls to the server
where one does.
"""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.errors import CannotDecideError


def is_partial(common_dir: str) -> bool:
    """Whether a repository has a server that keeps contents for it; its own configuration tells, without Git."""
    try:
        with open(f"{common_dir}/config", "rb") as file:
            return b"promisor" in file.read()
    except OSError:
        return False


def fetch_missing(root: str, blobs: Iterable[str]) -> int:
    """Bring those of the blobs that are not here from the server, and return how many they were.

    Raises CannotDecideError where the server cannot be reached.
    """
    from servicebook.store.remotes import ask_server  # late: every lookup asks whether a clone is partial

    wanted = list(dict.fromkeys(blobs))
    # With --ignore-missing only what is here is listed, and nothing is fetched for it.
    listing = ("rev-list", "--objects", "--no-object-names", "--ignore-missing", "--missing=print", "--stdin")
    missing = sorted(set(wanted) - set(_printed(root, *listing, given=_lines(wanted)).split()))
    if not missing:
        return 0
    remote = _promisor(root)
    # The words by which Git itself asks for promised objects (promisor-remote.c), with all of them at once.
    call = ("fetch", "--stdin", remote, "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no")
    alone = ("-c", "fetch.negotiationAlgorithm=noop")
    done = ask_server(root, remote, *alone, *call, "--filter=blob:none", given=_lines(missing))
    if done.waited:
        raise CannotDecideError(
            "{count} files of this partial clone are not here, and {server} has said nothing for {seconds} s",
            "when it answers, run this again; `git fetch --refetch --no-filter` brings everything",
            count=len(missing), server=done.server, seconds=done.waited,
        )  # fmt: skip
    if done.status:
        raise CannotDecideError(
            "{count} files of this partial clone are not here, and {remote} does not give them: {words}",
            "connect to it and run this again; `git fetch --refetch --no-filter` brings everything",
            count=len(missing), remote=remote, words=done.complaint.strip(),
        )  # fmt: skip
    return len(missing)


def _promisor(root: str) -> str:
    """Return the name of the first remote that promised to keep contents."""
    told = _printed(root, "config", "--name-only", "--get-regexp", r"^remote\..*\.promisor$")
    return told.partition("\n")[0].removeprefix("remote.").removesuffix(".promisor") or "origin"


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _printed(root: str, *words: str, given: bytes = b"") -> str:
    """Return what git prints, of an input that may be longer than a pipe holds; what it complains of is dropped."""
    import subprocess

    done = subprocess.run(["git", "-C", root, *words], input=given, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")
