"""One set of examples holds the tokenizer of the command line and the script of the site to one meaning."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from tests.search.scripts import ask, needs_node

from servicebook.search.tokens import Term, is_found, normalise, parse_query

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))


def test_queries_mean_the_same_terms() -> None:
    for query, terms in VECTORS["terms"]:
        assert parse_query(query) == tuple(Term(text, how) for text, how in terms), query


def test_texts_are_found_or_not() -> None:
    for query, text, found in VECTORS["found"]:
        assert is_found(parse_query(query), normalise(text)) is found, (query, text)


@needs_node
def test_the_script_agrees() -> None:
    asked = [query for query, _ in VECTORS["terms"]]
    answer = ask(parse=asked, found=[[query, text] for query, text, _ in VECTORS["found"]])
    assert dict(zip(asked, answer["parse"], strict=True)) == dict(VECTORS["terms"])
    wrong = [one for one, found in zip(VECTORS["found"], answer["found"], strict=True) if found is not one[2]]
    assert wrong == []


@needs_node
def test_the_script_agrees_on_every_sort_of_character() -> None:
    known = [chr(code) for code in range(0, 0x20000, 3) if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs")]
    asked = [f"a{character}b" for character in known]
    answer = ask(parse=asked)["parse"]
    terms = [[list(term) for term in parse_query(query)] for query in asked]
    assert [query for query, one, other in zip(asked, terms, answer, strict=True) if one != other] == []


@needs_node
def test_what_is_marked_is_what_is_found() -> None:
    marks = {
        ("直播 db", "网络直播，ＤＢ 与 dbms，adb"): ["直播", "ＤＢ", "dbms"],
        ("转码进程", "转码\n  进程重启"): ["转码\n  进程"],
        ("ORA-00060 lock", "ORA-00060: locks; unlock ORA-000601"): ["ORA-00060", "locks"],
        ('"disk full"', "Disk\nfull, diskfull, disk fully"): ["Disk\nfull"],
        ("file", "a ﬁle, Files"): ["ﬁle", "Files"],
        ("7f3k", "INC-20260312-7F3K"): ["7F3K"],
        ("播", "直播播放"): ["播", "播"],
        ("a.b", "<b>a.b</b> [a.b](c)"): ["b", "a", "b", "b", "a", "b"],
    }
    answer = ask(marks=[list(one) for one in marks])["marks"]
    assert dict(zip(marks, answer, strict=True)) == marks
