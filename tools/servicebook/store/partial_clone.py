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
    wanted = list(dict.fromkeys(blobs))
    # With --ignore-missing only what is here is listed, and nothing is fetched for it.
    listed = _run(root, wanted, "rev-list", "--objects", "--no-object-names", "--ignore-missing", "--missing=print")
    missing = sorted(set(wanted) - set(listed[1].split()))
    if not missing:
        return 0
    remote = _promisor(root)
    # The words by which Git itself asks for promised objects (promisor-remote.c), with all of them at once.
    quiet = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none")
    status, _, words = _run(root, missing, "-c", "fetch.negotiationAlgorithm=noop", "fetch", remote, *quiet)
    if status:
        raise CannotDecideError(
            "{count} files of this partial clone are not here, and {remote} does not give them: {words}",
            "connect to it and run this again; `git fetch --refetch --no-filter` brings everything",
            count=len(missing), remote=remote, words=words.strip(),
        )  # fmt: skip
    return len(missing)


def _promisor(root: str) -> str:
    """Return the name of the first remote that promised to keep contents."""
    told = _run(root, [], "config", "--name-only", "--get-regexp", r"^remote\..*\.promisor$")[1]
    return told.partition("\n")[0].removeprefix("remote.").removesuffix(".promisor") or "origin"


def _run(root: str, lines: list[str], *words: str) -> tuple[int, str, str]:
    """Run git with lines as its input; return its exit code, what it printed and what it complained of."""
    import subprocess

    stdin = ["--stdin"] if lines else []
    given = "".join(f"{line}\n" for line in lines).encode()
    done = subprocess.run(["git", "-C", root, *words, *stdin], input=given, capture_output=True, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
