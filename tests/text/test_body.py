"""What is kept of a body is what reading it again would give, wherever in its file the same text now stands."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.loader.load import load_record
from servicebook.settings import Settings
from servicebook.text.body import pack_body, unpack_body
from servicebook.text.markdown import parse_body
from servicebook.text.source_file import SourceFile

PATH = "tickets/incidents/2026/03/INC-20260312-7F3K.md"
PIECES = [
    "## 日志\n", "## Symptom\n", "\n", "    ", "- [x] done\n", "- [v] near\n", "[a](b.md)", "[x](javascript:1)",
    "![图](a.png)", "<b>", "<!-- -->", "```", "::: internal\n", ":::\n", "**故障：**已恢复", "INC-20260312-7F3K",
    "|a|\n|-|\n", "\ud800", "[a]: x\n", "\x00", "text",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
LINES = st.integers(2, 90)


@settings(max_examples=300, deadline=None)
@given(TEXTS, LINES, LINES)
def test_a_kept_body_is_the_body_read_again(text: str, before: int, now: int) -> None:
    packed = pack_body(text, before, *parse_body(PATH, text, before))
    body, found = parse_body(PATH, text, now)
    if found and before != now:
        assert unpack_body(packed, PATH, text, now) is None
    else:
        assert unpack_body(packed, PATH, text, now) == (body, found)


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_another_text_is_not_known_by_it(text: str, other: str) -> None:
    packed = pack_body(text, 9, *parse_body(PATH, text, 9))
    assert (unpack_body(packed, PATH, other, 9) is not None) == (text == other)


def test_nothing_kept_is_nothing_known() -> None:
    assert unpack_body("", PATH, "", 9) is None
    assert json.loads(pack_body("", 9, *parse_body(PATH, "", 9)))[1] == 9


def source(title: str, more: str = "") -> SourceFile:
    front = f"---\nschema: incident/1\nid: INC-20260312-7F3K\ntitle: {title}\ncustomer: acme\n{more}---\n"
    return SourceFile(PATH, f"{front}\n## Symptom\n\nBlack, see [x](javascript:1).\n\n<b>raw</b>\n".encode())


def test_a_record_loads_the_same_with_what_was_kept_of_its_body() -> None:
    kept = load_record(source("Black"), Settings()).kept_body
    changed = source("White", "tags: [one]\n")
    fresh, warm = load_record(changed, Settings()), load_record(changed, Settings(), kept)
    assert (warm.body, warm.facts, warm.diagnostics) == (fresh.body, fresh.facts, fresh.diagnostics)
    assert any(item.code.startswith("BOD") for item in warm.diagnostics)
    assert load_record(source("Third"), Settings(), warm.kept_body).body == load_record(source("x"), Settings()).body
