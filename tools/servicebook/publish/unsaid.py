"""What an outer audience may not be told, looked for in texts as they will be read, however it is written there.

The projection takes out ids and names that are written plainly, or with signs that stand for plain ones. Emphasis,
blanks in place of dashes, letters of other alphabets leave them as readable as before: this is the second look, at what
the projection lets through, and all that the site is made of passes it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from servicebook.audience.projected import ProjectedDesk, Refused
from servicebook.audience.visible import NAMED_IN_TEXT, SPOKEN
from servicebook.publish.as_read import is_plain, reading_of, readings_of
from servicebook.publish.controls import shown_controls
from servicebook.records.audiences import RESTRICTED_IN_TEXT
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_PREFIX
from servicebook.sla.status import ClockStatus
from servicebook.sla.targets import Lookup
from servicebook.store.repository import Entry
from servicebook.text.redaction import name_pattern, names_of

_APART = r"[\W_]{0,8}"
"""What may stand between two signs of an id that is still read as one: blanks, dots, the end of a line or cell."""
_ALIKE = {"I": "[I1L]", "O": "[O0]"}
_PREFIX = "|".join(_APART.join(_ALIKE.get(letter, letter) for letter in prefix) for prefix in BY_PREFIX)
_DAY, _TAIL = (rf"{sign}(?:{_APART}{sign}){{{times}}}" for sign, times in (("[0-9OIL]", 7), ("[0-9A-Z]", 3)))
_ID = re.compile(f"(?:{_PREFIX}){_APART}{_DAY}{_APART}{_TAIL}", re.I)
_BESIDE = re.compile(r"[\W_]+")
_SAME = str.maketrans("ILO", "110")  # as people confuse them, and commands take them
_DIGITS = re.compile(r"(?:[0-9OIL][\W_]{0,8}){8}", re.I)
_SLUG = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:[-.][a-z0-9]+)+", re.I)
_ENDING = re.compile(r"\.(?:md|html|files)$")
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff]")
_SHORT = 60
_NEVER = ("id", "schema")
_IN_NAME = "its name holds an id or a name that may not be said there"


class Unsaid:
    """What an audience may not be told: ids and slugs of what it does not see, names of other customers."""

    def __init__(self, records: Iterable[Facts], shown: Collection[str]) -> None:
        """Take the records of the whole desk, and the paths of those that the audience sees."""
        hidden: set[str] = set()
        told: set[str] = set()
        slugs: set[str] = set()
        names: tuple[list[str], list[str]] = ([], [])
        for facts in records:
            is_shown = facts.path in shown
            ids = {facts.id, *facts.aliases}
            (told if is_shown else hidden).update(ids)
            if not is_shown and facts.kind in NAMED_IN_TEXT:
                slugs.update(id.lower() for id in ids)
            if facts.kind == "customer":
                names[is_shown].extend(names_of(facts.data, SPOKEN))
        self._ids = {folded(id) for id in hidden} - {folded(id) for id in told}
        self._slugs = slugs - {id.lower() for id in told}
        self._names = name_pattern(*([readings_of(name)[0] for name in some] for some in names))
        self._short = lru_cache(maxsize=65536)(self._text)

    def text(self, text: str) -> str:
        """Return a text that was projected without what must not be said; one plain word stands for it."""
        return self._short(text) if len(text) <= _SHORT else self._text(text)

    def unprojected(self, text: str) -> str:
        """Return the same of a text that nobody looked at before, such as a title in mkdocs.yml."""
        return self._text(text, is_new=True)

    def _text(self, text: str, is_new: bool = False) -> str:
        spans: list[tuple[int, int]] = []
        plain = is_plain(text) and not is_new
        for which, read in enumerate((text,) if plain else readings_of(text)):
            if next(self._found(read, plain), None) is None:
                continue
            reading = reading_of(text, which)
            spans += [(reading.starts[a], reading.ends[z - 1]) for a, z in self._found(reading.text, plain)]
        word = RESTRICTED_IN_TEXT["zh" if _HAN.search(text) else "en"]
        for start, end in _joined(spans):
            start, end = _with_partner(text, start, end)
            text = text[:start] + word + text[end:]
        return text

    def _found(self, read: str, plain: bool) -> Iterator[tuple[int, int]]:
        """Yield where something stands in a reading; in a plain text, names and slugs were looked for already."""
        yield from (match.span() for match in _ids_in(read) if folded(match[0]) in self._ids)
        if plain:
            return
        if self._names:
            yield from (match.span() for match in self._names.finditer(read) if match[1])
        for match in _SLUG.finditer(read):
            if {slug := match[0].lower(), _ENDING.sub("", slug)} & self._slugs:
                yield match.span()


def ids_read_in(text: str) -> set[str]:
    """Return all that may be read as ids in a text, each as `folded` has it."""
    return {folded(match[0]) for read in readings_of(text) for match in _ids_in(read)}


def _ids_in(read: str) -> Iterator[re.Match[str]]:
    """Yield all that may be an id in a reading; they may overlap, since only one of them need be one."""
    match = _ID.search(read) if _DIGITS.search(read) else None
    while match:
        yield match
        match = _ID.search(read, match.start() + 1)


def folded(id: str) -> str:
    """Return an id as all of its forms have it: without what stands between, letters and digits not confused."""
    return _BESIDE.sub("", id).upper().translate(_SAME)


def _with_partner(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span with the mark beside it whose partner stands in it, which would be shown as written."""
    for mark in ("**", "__", "~~", "==", "*", "_", "`"):
        if text.count(mark, start, end) % 2:
            if text.startswith(mark, end):
                return start, end + len(mark)
            if text.endswith(mark, 0, start):
                return start - len(mark), end
    return start, end


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans that touch as one, the last first."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined[::-1]


class ReadDesk(ProjectedDesk):
    """A projected desk of which every text was read a second time, and its control characters shown; see `Desk`."""

    def __init__(self, desk: ProjectedDesk, unsaid: Unsaid) -> None:
        super().__init__(desk.audience, desk.settings, desk.tree, desk.git_dir, desk.commit)
        self._given = desk
        self._unsaid = unsaid
        self._unnamed = {entry.path for entry in desk.entries() if self._tells(entry.path)}
        self.refused = [*desk.refused, *(Refused(path, _IN_NAME) for path in sorted(self._unnamed))]
        self._otherwise: dict[str, bytes] = {}
        for entry in desk.entries():
            data = desk.read(entry.path)
            if (read := self._file(data)) != data:
                self._otherwise[entry.path] = read
        self._rows = [self._row(facts) for facts in desk.all()]

    def _tells(self, path: str) -> bool:
        """Whether the name of an attachment says what must not be said: it would be an address of the site."""
        _, mark, name = path.partition(".files/")
        return bool(mark) and self._unsaid.unprojected(name) != name

    def _file(self, data: bytes) -> bytes:
        """Return a file as it may be read: a page's head apart from its text, pictures as they are."""
        try:
            parts = data.decode().split("\n---\n", 1)
        except UnicodeDecodeError:
            return data
        return "\n---\n".join(self._unsaid.text(part) for part in parts).encode()

    def _row(self, facts: Facts) -> Facts:
        """Return a record's row; its `blob` moves with all that was taken out, also of its text."""
        data = {key: value if key in _NEVER else self._value(value) for key, value in facts.data.items()}
        if data == facts.data and facts.path not in self._otherwise:
            return facts
        raw = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        blob = hashlib.blake2b(f"{facts.blob}\n{raw}\n".encode("utf-8", "surrogatepass"), digest_size=20)
        blob.update(self._otherwise.get(facts.path, b""))
        title = str(data.get("title") or "")
        return Facts(facts.path, blob.hexdigest(), facts.kind, facts.id, title, facts.status, raw, facts.refs, data)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return shown_controls(self._unsaid.text(value))
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return {key: self._value(one) for key, one in value.items()} if isinstance(value, dict) else value

    def all(self) -> Iterable[Facts]:
        """Return the records, sorted by path."""
        return self._rows

    def entries(self) -> Iterator[Entry]:
        """Yield every file, sorted by path."""
        return (entry for entry in self._given.entries() if entry.path not in self._unnamed)

    def entry_at(self, path: str) -> Entry | None:
        """Return the file at `path`."""
        return self._given.entry_at(path) if path not in self._unnamed else None

    def has_path(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return path not in self._unnamed and self._given.has_path(path)

    def is_page(self, path: str) -> bool:
        """Whether a file is an ordinary page."""
        return self._given.is_page(path)

    def pages(self) -> list[str]:
        """Return the paths of the ordinary pages."""
        return self._given.pages()

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; FileNotFoundError where there is none."""
        if path in self._unnamed:
            raise FileNotFoundError(path)
        return self._otherwise.get(path) or self._given.read(path)

    def clocks_of(self, facts: Facts, now: datetime, desk: Lookup) -> list[ClockStatus]:
        """Return the clocks of a ticket that were promised to the audience."""
        return self._given.clocks_of(facts, now, desk)


def read_again(desk: ProjectedDesk, records: Iterable[Facts]) -> tuple[ReadDesk, Unsaid]:
    """Return a projected desk read a second time, and what was looked for; `records` are those of the whole desk."""
    unsaid = Unsaid(records, {facts.path for facts in desk.all()})
    return ReadDesk(desk, unsaid), unsaid
