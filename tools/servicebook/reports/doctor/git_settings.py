"""Is Git itself as a desk needs it: its version, and the settings that make it slow, wrong or hard to read?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.reports.doctor.answer import Answer, advise, demand, fine
from servicebook.reports.doctor.clone import Clone

OLDEST = (2, 30)
"""The oldest Git that the tests run with all commands used here."""

MANY_FILES = 20_000
"""From so many files on the settings for large work trees pay: below, `git status` takes a tenth of a second."""


def git_version(clone: Clone) -> Iterator[Answer]:
    """Whether Git knows the commands that are used."""
    version = ".".join(str(part) for part in clone.git_version)
    if clone.git_version < OLDEST:
        yield demand("Git is {version}; 2.30 was due", "install Git 2.30 or later", version=version)
    else:
        yield fine("Git {version}", version=version)


def untracked_cache(clone: Clone) -> Iterator[Answer]:
    """Whether `git status` reads every folder each time."""
    if clone.flag("core.untrackedcache", clone.flag("feature.manyfiles", default=False)):
        yield fine("core.untrackedCache is on: `git status` reads only folders that moved")
    elif len(clone.entries) < MANY_FILES:
        yield fine("core.untrackedCache is not needed for {count} files", count=len(clone.entries))
    else:
        yield advise(
            "`git status` reads every folder of {count} files each time",
            "git config core.untrackedCache true",
            settings=(("core.untrackedCache", "true"),),
            count=len(clone.entries),
        )


def index_version(clone: Clone) -> Iterator[Answer]:
    """How large Git's index is. Version 4 makes it smaller and, as measured, no command faster: no advice follows."""
    path = clone.path("index")
    try:
        with path.open("rb") as file:
            version = int.from_bytes(file.read(8)[4:], "big")
    except FileNotFoundError:
        yield fine("Git's index is not written yet")
        return
    size = f"{path.stat().st_size / 1e6:.1f}"
    yield fine(
        "Git's index has version {version}, {count} files and {size} MB",
        version=version,
        count=len(clone.entries),
        size=size,
    )


def file_monitor(clone: Clone) -> Iterator[Answer]:
    """Whether core.fsmonitor names something that runs, and whether it would help."""
    value = clone.setting("core.fsmonitor")
    built_in = "feature: fsmonitor--daemon" in clone.git("version", "--build-options")
    wanted = clone.flag("core.fsmonitor", default=False)
    if wanted and not built_in:
        yield demand(
            "core.fsmonitor is on, but this Git has no file monitor for this system",
            "git config --unset core.fsmonitor",
        )
    elif built_in and not value and len(clone.entries) >= MANY_FILES:
        yield advise(
            "`git status` looks at each of {count} files; this Git could watch them",
            "git config core.fsmonitor true",
            count=len(clone.entries),
        )
    else:
        yield fine("core.fsmonitor: `{value}`", value=value or "false")


def preload_index(clone: Clone) -> Iterator[Answer]:
    """Whether `git status` looks at files one by one."""
    if clone.flag("core.preloadindex", default=True):
        yield fine("core.preloadIndex is on")
    else:
        yield advise(
            "core.preloadIndex is off: `git status` looks at files one by one",
            "git config core.preloadIndex true",
            settings=(("core.preloadIndex", "true"),),
        )


def line_ends(clone: Clone) -> Iterator[Answer]:
    """Whether Git converts line ends that the desk's own .gitattributes settle."""
    path = "tickets/incidents/2026/01/INC-20260101-7F3K.md"
    settled = clone.git("check-attr", "eol", "--", path).endswith(": lf")
    value = clone.setting("core.autocrlf")
    if settled or value in ("", "false", "input"):
        yield fine("records keep their line ends (LF)")
    else:
        yield advise(
            "core.autocrlf is `{value}`: records get Windows line ends at checkout",
            "git config core.autocrlf input",
            settings=(("core.autocrlf", "input"),),
            value=value,
        )


def quoted_names(clone: Clone) -> Iterator[Answer]:
    """Whether Git prints Chinese file names as digits."""
    if clone.flag("core.quotepath", default=True) and any(not entry.path.isascii() for entry in clone.entries):
        yield advise(
            "core.quotePath is on: Git prints names like `{example}` as digits",
            "git config core.quotePath false",
            settings=(("core.quotePath", "false"),),
            example=next(entry.path for entry in clone.entries if not entry.path.isascii()),
        )
    else:
        yield fine("core.quotePath hides no file name")


def composed_names(clone: Clone) -> Iterator[Answer]:
    """Whether macOS may add file names in its own decomposed writing."""
    if clone.flag("core.precomposeunicode", default=True):
        yield fine("core.precomposeUnicode is not off")
    else:
        yield advise(
            "core.precomposeUnicode is off: on macOS accents in file names are written apart",
            "git config core.precomposeUnicode true",
            settings=(("core.precomposeUnicode", "true"),),
        )


def protected_names(clone: Clone) -> Iterator[Answer]:
    """Whether Git refuses file names that pass for its own folder on Windows and macOS."""
    off = [key for key in ("core.protectNTFS", "core.protectHFS") if clone.setting(key.lower()).lower() == "false"]
    if not off:
        yield fine("core.protectNTFS and core.protectHFS are not off")
    for key in off:
        yield demand(
            "{key} is off: a file name could pass for Git's own folder and run commands",
            "git config {key} true",
            settings=((key, "true"),),
            key=key,
        )
