"""What verdicts are made by: our code, the libraries that it judges with, and the settings it reads.

To ask for the version of a library takes as long as to judge forty records, so the versions are kept in the index
beside the times of the folders that hold those libraries: whatever installs, upgrades or removes one changes them.
"""

from __future__ import annotations

import os
import sys
import zlib
from functools import cache

from servicebook import digest_of_code
from servicebook.kept_json import dumps, loads
from servicebook.packages import find_packages
from servicebook.store.verdicts import ROOMS
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.settings import Settings
    from servicebook.store.index import Index

LIBRARIES = (
    "annotated-types", "cryptography", "markdown-it-py", "mdurl", "pydantic", "pydantic_core", "python-dateutil",
    "python-frontmatter", "PyYAML", "rfc8785", "six", "typing-inspection", "typing_extensions", "tzdata",
)  # fmt: skip
"""The distributions that the rooms import on which a verdict depends, and what those lean on."""


def engine_of(index: Index, settings: Settings) -> str:
    """Return a word that changes with all that a verdict depends on beside the file itself."""
    return f"{digest_of_code(ROOMS)} {libraries_of(index)} {settings.digest}"


def libraries_of(index: Index) -> str:
    """Return a word that changes with the interpreter and the versions of the libraries that it judges with."""
    name = f"libraries {_interpreter()}"
    kept = index.meta(name, "shared")
    if kept:
        word, times = loads(kept)
        if all(_time_of(folder) == time for folder, time in times.items()):
            return str(word)
    word, times = _look()
    index.note({name: dumps([word, times])}, "shared")
    return word


def installed_versions() -> str:
    """Return what `libraries_of` does, looked up anew: for what is kept elsewhere than in an index."""
    return _look()[0]


def _interpreter() -> str:
    """Return a word for the interpreter that runs and where it was told to look for packages."""
    path = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    return f"{zlib.crc32(f'{sys.executable} {sys.hexversion:x} {path}'.encode()):08x}"


@cache  # what a process has imported stays what it is, and a library installed since is told by its folder's time
def _look() -> tuple[str, dict[str, int]]:
    """Return a word for the versions that are installed, and the folders that hold the libraries with their times."""
    find_packages()
    from importlib.metadata import PackageNotFoundError, distribution

    versions, folders = [f"{sys.hexversion:x}", _libyaml()], set()
    for name in LIBRARIES:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            versions.append("-")
            continue
        versions.append(found.version)
        folders.add(str(found.locate_file("")))
    return f"{zlib.crc32(' '.join(versions).encode()):08x}", {folder: _time_of(folder) for folder in sorted(folders)}


def _libyaml() -> str:
    """Return the version of libyaml, which some systems share between programs."""
    from servicebook.text.yaml_events import libyaml_version

    return libyaml_version()


def _time_of(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0
