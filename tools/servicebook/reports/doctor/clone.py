"""What the checks look at: one clone (or a server's bare repository), read once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from servicebook.errors import NotADeskError
from servicebook.settings import SETTINGS_FILE, Settings, parse_settings
from servicebook.store.git import try_git
from servicebook.store.repository import Entry, Repository, find_repository
from servicebook.store.verdicts import is_judged

_NUMBER = re.compile(r"\d+(?:\.\d+)*")


class Program(NamedTuple):
    """The running program: its version, the Python it runs in, and the text of each hook it would write."""

    version: str
    python: str
    hooks: Mapping[str, str]


class Clone:
    """One clone of a desk. now: the instant ages are counted from.

    is_bare: a server's repository, without work tree and index; its files are those of HEAD.
    """

    def __init__(self, repository: Repository, program: Program, now: datetime, *, is_bare: bool = False) -> None:
        self.repository = repository
        self.program = program
        self.now = now
        self.is_bare = is_bare

    @property
    def root(self) -> str:
        """The folder that Git is asked in: the work tree's top folder, or the bare repository."""
        return self.repository.root

    def git(self, *words: str) -> str:
        """Return what `git WORDS` prints here, without blanks around it; empty where it fails."""
        status, out = try_git(words, self.root)
        return "" if status else os.fsdecode(out).strip()

    @cached_property
    def git_version(self) -> tuple[int, ...]:
        """Git's version as numbers, such as (2, 39, 5)."""
        match = _NUMBER.search(self.git("version"))
        return tuple(int(part) for part in match[0].split(".")) if match else (0,)

    @cached_property
    def _config(self) -> dict[str, str]:
        """Every setting of Git that holds here, the last one where a key comes twice."""
        found = {}
        for item in os.fsdecode(try_git(["config", "--list", "-z"], self.root)[1]).split("\0")[:-1]:
            key, line_end, value = item.partition("\n")
            found[key] = value if line_end else "true"
        return found

    def setting(self, key: str) -> str:
        """Return Git's setting `key` (section and name in lower case), or nothing."""
        return self._config.get(key, "")

    def settings_like(self, pattern: str) -> dict[str, str]:
        """Return Git's settings whose whole key matches a regular expression."""
        return {key: value for key, value in self._config.items() if re.fullmatch(pattern, key)}

    def flag(self, key: str, default: bool) -> bool:
        """Return a setting that is true or false; `default` where it is not set."""
        value = self._config.get(key)
        return default if value is None else value.lower() in ("true", "yes", "on", "1")

    @cached_property
    def entries(self) -> list[Entry]:
        """Every file that the clone tracks, sorted by path; those that a sparse checkout leaves out too."""
        if self.is_bare:
            return self.repository.entries_of(self.repository.head_tree)
        return self.repository.entries_in_index()

    def path(self, name: str) -> Path:
        """Return where Git keeps `name` for this work tree, such as `index`."""
        return Path(self.root) / self.git("rev-parse", "--git-path", name)

    @cached_property
    def desk_settings(self) -> Settings:
        """The desk's settings as the clone has them; SettingsError where they cannot be read."""
        data = self.read(SETTINGS_FILE)
        return Settings() if data is None else parse_settings(data.decode("utf-8", "replace"))

    def read(self, path: str) -> bytes | None:
        """Return the bytes of one of the desk's files: from disk, else as it is tracked; None where there is none."""
        if not self.is_bare:
            try:
                return self.repository.read_on_disk(path)
            except OSError:
                pass
        blob = next((entry.blob for entry in self.entries if entry.path == path), "")
        return next(self.repository.read_blobs([blob]))[1] if blob else None


def find_clone(program: Program, now: datetime) -> Clone:
    """Return the clone around the current folder.

    Raises NotADeskError where there is no repository, or one that holds no desk.
    """
    repository = find_repository(".", bare=True)
    clone = Clone(repository, program, now, is_bare=repository.root == repository.git_dir)
    if not _holds_a_desk(clone):
        raise NotADeskError("this repository holds no desk", "servicebook init DIR makes a desk")
    return clone


def _holds_a_desk(clone: Clone) -> bool:
    """Whether there are records, or settings of ours; a server's repository may still wait for its first push."""
    if clone.is_bare and not clone.repository.has_head:
        return True
    if any(is_judged(entry.path) for entry in clone.entries):
        return True
    return b"[tool.servicebook" in (clone.read(SETTINGS_FILE) or b"")
