"""Pages and files that are made from many records: where they go, what they hang on, and how they are made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.store.verdicts import ROOMS

MAKERS = (*ROOMS, "publish", "search", "audience")
"""The rooms whose code pages are made by: a new version renders them again."""

Content = TypeVar("Content")


class Made(NamedTuple, Generic[Content]):
    """One page or file: its address, a digest of all that it is made from, and the making.

    It is made when the digest is another than at the last build, so the digest may say too much but never too little.
    """

    address: str
    stamp: str
    make: Callable[[], Content]


def digest_of(*parts: object) -> str:
    """Return a digest of values whose `repr` says all of them."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def stamp_of(view: View, records: Iterable[Facts], *also: object) -> str:
    """Return a digest of some records (their files, and when these last moved) and of what else is given."""
    moved: Mapping[str, datetime | None] = view.desk.moved
    digest = hashlib.blake2b(repr((view.settings.name, view.settings.name_zh, view.labels.languages)).encode())
    said: dict[int, str] = {}  # an instant as text, and its hash, are dear, and a commit may have moved thousands
    told = []
    for facts in records:
        at = moved.get(facts.path, "")
        if at is None:
            at = view.now
        text = said.get(id(at))
        if text is None:
            text = said[id(at)] = str(at)
        told.append(f"{facts.path} {facts.blob} {text}\n")
    digest.update("".join(told).encode("utf-8", "surrogatepass"))
    digest.update(repr(also).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:24]
