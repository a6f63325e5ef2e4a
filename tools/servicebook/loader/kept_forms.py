"""Where forms are kept between processes: beside the compiled modules, remade when the models or pydantic change."""

from __future__ import annotations

import os
import sys
from functools import cache

from servicebook import __version__, digest_of_code
from servicebook.kept_json import dumps, loads
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader.form import Form

PARTS = {"core", "core_version", "refs", "fields", "words"}
"""What is kept of a kind: the core's schema and its version, where references lie, the names of all blocks, the
words that its fields take."""

_SOURCES = ("records", "loader")
"""The rooms whose code a form hangs on."""
_MONTH = 30 * 24 * 3600


@cache
def form_of(kind: str) -> Form:
    """Return the form of a kind, ready to be held against front matter."""
    from servicebook.loader.form import Form, pydantic_core

    data = _data_of(kind)
    if data["core_version"] != pydantic_core().__version__:  # pydantic was upgraded since
        data = _made(kind)
    return Form(data)


def words_of(kind: str) -> dict[str, list[str]]:
    """Return the fields of a kind, each with the words it takes; no words where it takes any value."""
    words: dict[str, list[str]] = _data_of(kind)["words"]
    return words


@cache
def _data_of(kind: str) -> dict[str, Any]:
    """Return what is kept of a kind, or was just made of its model."""
    return _read(_name_of(kind)) or _made(kind)


def _made(kind: str) -> dict[str, Any]:
    """Make what is kept of a kind, and keep it for the next process."""
    from servicebook.loader.form_of_model import form_data

    data = form_data(kind)
    _keep(_name_of(kind), data)
    return data


def _name_of(kind: str) -> str:
    """Return the name of the file that holds a kind's form: another one when the code of the models changes."""
    return f"form-{kind}-{digest_of_code(_SOURCES, also=__version__)}.json"


def _read(name: str) -> dict[str, Any] | None:
    for folder in _folders():
        try:
            with open(f"{folder}/{name}", encoding="utf-8") as file:
                data: dict[str, Any] = loads(file.read())
        except (OSError, ValueError):
            continue
        if isinstance(data, dict) and data.keys() == PARTS:
            return data
    return None


def _keep(name: str, data: dict[str, Any]) -> None:
    """Keep a form in the first place that can be written; where none can, the next process makes it again."""
    for folder in _folders():
        new = f"{folder}/.{name}.{os.getpid()}"
        try:
            os.makedirs(folder, exist_ok=True)
            with open(new, "w", encoding="utf-8") as file:
                file.write(dumps(data))
            os.replace(new, f"{folder}/{name}")
            _drop_older(folder, name)
            return
        except OSError:
            continue


def _drop_older(folder: str, name: str) -> None:
    """Drop forms of the same kind that are a month older: another checkout may still use younger ones."""
    kind = name.rpartition("-")[0]
    written = os.stat(f"{folder}/{name}").st_mtime
    for other in os.listdir(folder):
        path = f"{folder}/{other}"
        if other.rpartition("-")[0] == kind and written - os.stat(path).st_mtime > _MONTH:
            os.unlink(path)


def _folders() -> list[str]:
    """Return where forms may be kept: where Python keeps this package's compiled modules, else the user's caches."""
    from _frozen_importlib_external import cache_from_source

    compiled = os.path.dirname(cache_from_source(__file__))
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return [*([] if sys.dont_write_bytecode else [compiled]), f"{caches}/servicebook"]
