"""Personal data by reference: one TOML file each in a private folder that Git never sees, so that it can be erased."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping

from servicebook.errors import ServicebookError
from servicebook.store.git import try_git
from servicebook.store.write import sync_folder, write_product

FIELDS = ("name", "phone", "email", "address", "note")
"""What a contact holds, each in one line of text."""

REFERENCE = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*){0,3}")
"""A reference: words set off by slashes, such as `harbour-tv/duty-desk`; none of them can lead out of the folder."""

_IGNORE_ALL = b"# Personal data: nothing in this folder goes into Git.\n*\n"


class Contacts:
    """The private folder of a desk; `place` is the setting `contacts`, from the desk's folder on or absolute."""

    def __init__(self, root: str, place: str) -> None:
        self.root = root
        self.folder = os.path.normpath(os.path.join(root, os.path.expanduser(place)))

    def references(self) -> list[str]:
        """Return the references that are kept, by name."""
        found = [
            os.path.relpath(os.path.join(folder, name), self.folder).removesuffix(".toml")
            for folder, _, names in os.walk(self.folder)
            for name in names
            if name.endswith(".toml")
        ]
        return sorted(reference.replace(os.sep, "/") for reference in found)

    def read(self, reference: str) -> dict[str, str] | None:
        """Return what is kept under a reference, None for nothing; ServicebookError for a file that is not TOML."""
        path = self._path(reference)
        try:
            with open(path, "rb") as file:
                data = tomllib.load(file)
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ServicebookError(
                "{path} cannot be read: {why}", "mend the file, or erase it: servicebook contacts erase {reference}",
                path=path, why=error, reference=reference,
            ) from error  # fmt: skip
        return {key: str(value) for key, value in data.items()}

    def write(self, reference: str, contact: Mapping[str, str]) -> str:
        """Keep a contact under a reference and return its path. Refuses a place that Git would take in."""
        path = self._path(reference)
        for folder in (self.folder, os.path.dirname(path)):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        if self._is_within():
            ignore = os.path.join(self.folder, ".gitignore")
            if not os.path.exists(ignore):
                write_product(ignore, _IGNORE_ALL)
            self._require_ignored(path)
        lines = [f"{key} = {json.dumps(contact[key], ensure_ascii=False)}\n" for key in FIELDS if contact.get(key)]
        write_product(path, "".join(lines).encode())
        return path

    def erase(self, reference: str) -> bool:
        """Take away what is kept under a reference; False where nothing was."""
        path = self._path(reference)
        try:
            os.unlink(path)
        except FileNotFoundError:
            return False
        sync_folder(os.path.dirname(path))
        return True

    def _path(self, reference: str) -> str:
        if not REFERENCE.fullmatch(reference):
            raise ServicebookError(
                "`{reference}` is no reference", "write words set off by slashes, such as harbour-tv/duty-desk",
                reference=reference,
            )  # fmt: skip
        return os.path.join(self.folder, *reference.split("/")) + ".toml"

    def _is_within(self) -> bool:
        root, folder = os.path.realpath(self.root), os.path.realpath(self.folder)
        return folder == root or folder.startswith(root + os.sep)

    def _require_ignored(self, path: str) -> None:
        status, _ = try_git(["check-ignore", "-q", "--", os.path.relpath(path, self.root)], self.root)
        if status:
            raise ServicebookError(
                "Git does not ignore {path}: it could be committed, and the history keeps it for ever",
                "write the folder into .gitignore, or set `contacts` in pyproject.toml to one outside of the desk",
                path=path,
            )
