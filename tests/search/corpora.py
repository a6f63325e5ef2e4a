"""Documents to search in, and queries that are likely to find something in them, or just not."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from servicebook.search.documents import Document
from servicebook.search.tokens import HAN, is_found, normalise, parse_query

WORDS = [
    "直播",
    "直播频道",
    "播放",
    "死锁",
    "数据库死锁",
    "锁",
    "deadlock",
    "dead",
    "stream",
    "streaming",
    "h264",
    "ﬁle",
]
CODES = [
    "INC-20260312-7F3K",
    "INC-20260312-9XW4",
    "ORA-00060",
    "4.18.2",
    "4.18",
    "ERR_PKG_417",
    "transcoder-03",
    "𠮷野",
]
JOINTS = ["", "", " ", "，", "\n", "\n\n", "-", "_", ". ", "“", '"', "é", "\u3000", "\x00", "</script>", "\u2028"]


def random_documents(count: int, seed: int) -> list[Document]:
    """Return documents of few words, much repeated and oddly joined, so that almost-hits are many."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        parts = [chance.choice(WORDS + CODES) + chance.choice(JOINTS) for _ in range(chance.randint(1, 14))]
        parts += chance.choices("直播死锁频道数据库", k=chance.randint(0, 12))
        title = " ".join(chance.choices(WORDS, k=2))
        id = f"REQ-2026{chance.randint(1, 12):02}01-{number:04}"
        made.append(document(f"p/{number}.html", id, title, "".join(parts), date=id[4:12]))
    return made


def document(url: str, id: str, title: str, text: str, date: str = "0") -> Document:
    """Return a document with some values for the filters."""
    return Document(url, id, "incident", "new", date[:4], title, text, ("live",), (), date)


def queries_for(documents: Sequence[Document], count: int, seed: int) -> list[str]:
    """Return queries cut out of the texts: parts of Han, words and their beginnings, codes, quotations, pairs."""
    chance = random.Random(seed)
    asked = ["播", "频道直播", "de", "d", "nothing", "INC-20260312", "7F3K", "死锁锁死", "0042", "…", '"直播 dead"']
    while len(asked) < count:
        one = chance.choice(documents)
        text = f"{one.title}\n\n{one.id}\n\n{one.text}"
        asked.append(
            _query(text, chance) if chance.random() < 0.8 else f"{_query(text, chance)} {_query(text, chance)}"
        )
    return asked


def _query(text: str, chance: random.Random) -> str:
    runs = re.findall(f"[{HAN}]+", text)
    words = re.findall(r"[\w.-]+", text)
    if runs and chance.random() < 0.5:
        run = chance.choice(runs)
        start = chance.randrange(len(run))
        cut = run[start : start + chance.randint(1, 9)]
        return cut if chance.random() < 0.9 else cut[::-1]
    word = chance.choice(words) if words else "none"
    if chance.random() < 0.3:
        start = chance.randrange(len(text))
        return '"' + text[start : start + chance.randint(2, 25)].replace('"', "") + '"'
    return word if chance.random() < 0.6 else word[: chance.randint(1, len(word))]


def texts_of(documents: Sequence[Document]) -> dict[str, str]:
    """Return the normalised text of each document, put together here and not by the index."""
    return {one.url: normalise(f"{one.title}\n\n{one.id}\n\n{one.text}") for one in documents}


def scan(texts: dict[str, str], query: str) -> set[str]:
    """Return the addresses of the texts that a look at every one finds."""
    terms = parse_query(query)
    return {url for url, text in texts.items() if is_found(terms, text)}
