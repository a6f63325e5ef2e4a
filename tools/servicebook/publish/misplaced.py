"""What stands in the way of a build because it lies at another place: what is there, what was due, what to do."""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path

from servicebook.errors import NotADeskError, ServicebookError, UsageError

CONFIG = "mkdocs.yml"


def no_config(top: str, start: str) -> ServicebookError:
    """Return what to tell where a desk has no mkdocs.yml at `top`: perhaps it lies in a folder of its repository."""
    missing = "there is no {file} in this desk"
    return elsewhere(top, start) or ServicebookError(missing, "servicebook init DIR shows one", file=CONFIG)


def elsewhere(top: str, start: str) -> NotADeskError | None:
    """Return what to tell where a desk lies in a folder of the repository at `top`; None where none is seen."""
    root = Path(top).resolve()
    place = _desk_below(root, Path(start).resolve())
    if not place:
        return None
    back = os.path.relpath(root)
    go = f"cd {shlex.quote(back)} && " if back != "." else ""
    return NotADeskError(
        "{file} lies in {place}; a desk begins where its repository does, in {root}",
        "{go}git subtree split --prefix {quoted} -b desk-alone && git clone --branch desk-alone . DIR",
        file=CONFIG, place=place, root=root, go=go, quoted=shlex.quote(place),
    )  # fmt: skip


def check_place(top: str, start: str) -> None:
    """Raise what there is to tell where MkDocs builds from a folder of the repository that alone looks like a desk."""
    if (Path(start) / "kb").is_dir() and not (Path(top) / "kb").is_dir():
        raise no_config(top, start)


def _desk_below(root: Path, start: Path) -> str:
    """Return the folder below `root` in which a desk lies: where somebody stands, or one of the first below."""
    above = [one for one in (start, *start.parents) if one.is_relative_to(root) and one != root]
    below = sorted(one.parent for one in root.glob(f"*/{CONFIG}"))
    found = [one for one in (*above, *below) if (one / CONFIG).is_file() and ((one / "kb").is_dir() or one in above)]
    return found[0].relative_to(root).as_posix() if found else ""


def place_of_bare(top: str, git_dir: str, output: str) -> None:
    """Take care that a site of a repository without a work tree does not go into the repository's own folder."""
    own = Path(git_dir).resolve()
    if Path(top).resolve() == own and Path(output or own).resolve().is_relative_to(own):
        raise UsageError(
            "this repository has no work tree, so that its site has no place",
            "say where it goes: --output DIR, outside {folder}",
            folder=own,
        )


def not_written(error: OSError) -> ServicebookError:
    """Return what to tell of a disk that takes no more, or of something that lies where the site is to be written."""
    path = Path(os.fsdecode(error.filename2 or error.filename or ""))
    if error.errno == errno.EISDIR and path.is_dir():
        return _in_the_way("{path} is a folder, where a file of the site is due", path)
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        for one in (*reversed(path.parents), path):
            if one.exists() and not one.is_dir():
                return _in_the_way("{path} is a file, where a folder of the site is due", one)
    return ServicebookError(
        "the site was not built: {error}",
        "make room on the disk or get the right to write there, then run it again",
        error=error,
    )


def _in_the_way(text: str, path: Path) -> ServicebookError:
    """Return how to make way: what lies among the kept pages is nobody's, anything else is put aside."""
    hint = "rm -r {quoted}" if ".git" in path.parts else "mv {quoted} {quoted}.old"
    shown = os.path.relpath(path)
    return ServicebookError(text, hint, path=shown, quoted=shlex.quote(shown))
