"""Where forms are kept between processes: beside the compiled modules, remade when the models or pydantic change."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from typing import Any

from servicebook import __version__, digest_of_code
from servicebook.loader.form import Form, pydantic_core

_SOURCES = ("records", "loader")
"""The rooms whose code a form hangs on."""
_MONTH = 30 * 24 * 3600


@cache
def form_of(kind: str) -> Form:
    """Return the form of a kind: read where it is kept, else made of its model and kept for the next process."""
    name = f"form-{kind}-{_digest_of_models()}.json"
    data = _read(name)
    if data is None:
        from servicebook.loader.form_of_model import form_data

        data = form_data(kind)
        _keep(name, data)
    return Form(data)


def _read(name: str) -> dict[str, Any] | None:
    for folder in _folders():
        try:
            with open(f"{folder}/{name}", "rb") as file:
                data: dict[str, Any] = json.loads(file.read())
        except (OSError, ValueError):
            continue
        if isinstance(data, dict) and data.keys() == {"core", "refs", "fields"}:
            return data
    return None


def _keep(name: str, data: dict[str, Any]) -> None:
    """Keep a form in the first place that can be written; where none can, the next process makes it again."""
    for folder in _folders():
        new = f"{folder}/.{name}.{os.getpid()}"
        try:
            os.makedirs(folder, exist_ok=True)
            with open(new, "w", encoding="utf-8") as file:
                json.dump(data, file, separators=(",", ":"))
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
    from importlib.util import cache_from_source

    compiled = os.path.dirname(cache_from_source(__file__))
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return [*([] if sys.dont_write_bytecode else [compiled]), f"{caches}/servicebook"]


@cache
def _digest_of_models() -> str:
    """Return a word that changes with pydantic and with the code of the models."""
    return digest_of_code(_SOURCES, also=f"{__version__} {pydantic_core().__version__}")
