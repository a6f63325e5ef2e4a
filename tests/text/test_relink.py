"""Links that follow files which move, and every other byte as it was."""

from __future__ import annotations

import pytest

from servicebook.text.relink import relink
from servicebook.text.source_file import SourceFile

PAGE = "kb/articles/restart.md"


def moved(path: str) -> str:
    if path == "kb/services/old.md":
        return "kb/services/new.md"
    return path.replace("kb/services/old.files/", "kb/services/new.files/")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[s](../services/old.md)", "[s](../services/new.md)"),
        ("[s](../services/old.md#hours)", "[s](../services/new.md#hours)"),
        ("[s](/kb/services/old.md?x=1)", "[s](/kb/services/new.md?x=1)"),
        ("[s](<../services/old.md>)", "[s](<../services/new.md>)"),
        ('[s](../services/old.md "the service")', '[s](../services/new.md "the service")'),
        ("![p](../services/old.files/rack.png)", "![p](../services/new.files/rack.png)"),
        ("see [s][1]\n\n[1]: ../services/old.md\n", "see [s][1]\n\n[1]: ../services/new.md\n"),
        ("[s](../services/older.md) and [t](../../README.md)", "[s](../services/older.md) and [t](../../README.md)"),
        ("[x](https://example.org/kb/services/old.md)", "[x](https://example.org/kb/services/old.md)"),
        ("[up](../../../../services/old.md)", "[up](../../../../services/old.md)"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_links_follow(before: str, after: str, ends: str) -> None:
    head = "---\ntitle: 'a: b'   # kept\n---\n"
    old, new = (f"{head}{text}\n".replace("\n", ends).encode() for text in (before, after))
    assert relink(SourceFile(PAGE, old), PAGE, moved) == new
    assert relink(SourceFile(PAGE, old[len(head) + head.count("\n") * (len(ends) - 1) :]), PAGE, moved) == (
        new[len(head) + head.count("\n") * (len(ends) - 1) :]
    )


def test_a_page_that_moves_keeps_leading_where_it_did() -> None:
    source = SourceFile("tickets/a/2026/03/X.md", b"[a](Y.md) [b](/kb/z.md) [c](../04/Z.md)\n")
    here = relink(source, "tickets/a/2026/04/X.md", lambda path: path)
    assert here == b"[a](../03/Y.md) [b](/kb/z.md) [c](Z.md)\n"


def test_what_is_no_text_stays() -> None:
    assert relink(SourceFile(PAGE, b"\xff\xfe[s](../services/old.md)"), PAGE, moved).endswith(b"old.md)")
