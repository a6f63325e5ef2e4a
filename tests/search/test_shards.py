"""The index as the browser reads it finds what a scan of the texts finds."""

from __future__ import annotations

import json
import random

from servicebook.search.documents import Document, plain_text
from servicebook.search.shards import build_shards, indexed_text, shard_key, shard_of
from servicebook.search.tokens import Term, is_found, normalise, parse_query

WORDS = ["直播", "直播频道", "播放", "死锁", "数据库死锁", "锁", "deadlock", "dead", "stream", "streaming", "h264"]
CODES = ["INC-20260312-7F3K", "INC-20260312-9XW4", "ORA-00060", "4.18.2", "4.18", "ERR_PKG_417", "transcoder-03"]


def documents(count: int, seed: int = 7) -> list[Document]:
    chance = random.Random(seed)
    made = []
    for number in range(count):
        words = chance.choices(WORDS + CODES, k=chance.randint(1, 12))
        text = chance.choice(["", " ", "，", "\n"]).join(words)
        title = " ".join(chance.choices(WORDS, k=2))
        made.append(Document(f"p/{number}.html", f"REQ-20260101-{number:04}", "incident", "new", "2026", title, text))
    return made


class Index:
    """Reads the files as search.js does."""

    def __init__(self, files: dict[str, str]) -> None:
        self.meta = json.loads(files["meta.js"][len("sbMeta(") : -2])
        self.files = files

    def shard(self, token: str, han: bool) -> dict[str, list[int]]:
        number = shard_of(shard_key(token, han), self.meta["shards"])
        return json.loads(self.files[f"w{number}.js"].partition(",")[2][:-2])

    def find(self, query: str) -> set[int]:
        terms = parse_query(query)
        return set.intersection(*(self.find_term(term) for term in terms)) if terms else set()

    def find_term(self, term: Term) -> set[int]:
        if term.how == "substring":
            return self.find_han(term.text)
        found: set[int] = set()
        for token, posting in self.shard(term.text, False).items():
            hit = token == term.text or (term.how == "prefix" and token.isascii() and token.startswith(term.text))
            if hit:
                number = -1
                for entry in posting:
                    number += entry >> 1
                    found.add(number)
        return found

    def find_han(self, text: str) -> set[int]:
        if len(text) == 1:
            table = self.shard(text, True)
            return {number for token in table if token.startswith(text) for number in read_han(table[token])}
        pairs = [text[i : i + 2] for i in range(len(text) - 1)]
        places = [read_han(self.shard(pair, True).get(pair, [])) for pair in pairs]
        return {
            number
            for number, starts in places[0].items()
            if any(all(start + i in one.get(number, ()) for i, one in enumerate(places)) for start in starts)
        }


def read_han(posting: list[int]) -> dict[int, list[int]]:
    found, number, place = {}, -1, 0
    while place < len(posting):
        number += posting[place] >> 1
        count = posting[place + 1]
        steps = posting[place + 2 : place + 2 + count]
        found[number] = [sum(steps[: n + 1]) for n in range(count)]
        place += 2 + count
    return found


def test_the_index_finds_what_a_scan_finds() -> None:
    made = documents(120)
    index = Index(dict(build_shards(made)))
    queries = [
        *WORDS,
        *CODES,
        "播",
        "频道直播",
        "de",
        "d",
        "直播 deadlock",
        "INC-20260312",
        "7F3K",
        "REQ-20260101-0042",
        "nothing",
    ]
    for query in queries:
        terms = parse_query(query)
        scan = {number for number, one in enumerate(made) if is_found(terms, indexed_text(one))}
        assert index.find(query) == scan, query


def test_an_unused_number_is_found_by_nothing() -> None:
    made: list[Document | None] = [*documents(20)]
    made[3] = None
    index = Index(dict(build_shards(made)))
    assert 3 not in index.find("直") | index.find("de")
    assert index.meta["kindOf"][3] == -1


def test_every_file_stays_small() -> None:
    files = dict(build_shards(documents(2000)))
    assert max(len(text) for text in files.values()) < 100_000


def test_scripts_hold_no_line_separator_that_ends_a_script() -> None:
    made = [Document("a.html", "a", "page", "", "", "t", "one\u2028two </script>")]
    assert "\u2028" not in "".join(text for _, text in build_shards(made))


def test_list_items_and_headings_do_not_join_their_han_text() -> None:
    text = plain_text("# 直\n\n- 播放\n- 死\n- 锁住\n\n**死**锁和[转码](x.md)")
    plain = normalise(text)
    assert "直播" not in plain
    assert "死锁住" not in plain
    assert "死锁和转码" in plain
