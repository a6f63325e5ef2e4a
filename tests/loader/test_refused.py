"""What a model refuses is said in the desk's words, whatever the model calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicebook.diagnostics.wording import message_of
from servicebook.language.catalogue import load_area
from servicebook.loader import load_record
from servicebook.loader.findings import wrong_value
from servicebook.loader.refused import DUE
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile

RECORDS = Path(__file__).parents[2] / "tools" / "servicebook" / "records"


def errors_of_the_models() -> Iterator[str]:
    for path in sorted(RECORDS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotReadError":
                assert isinstance(node.args[0], ast.Constant)
                yield str(node.args[0].value)


def test_every_error_of_our_own_has_its_words() -> None:
    found = set(errors_of_the_models())
    assert {"instant", "zone", "within"} <= found
    assert found - {"naive_instant"} <= DUE.keys()  # a rule of its own


@pytest.mark.parametrize("due", [due for due in DUE.values() if "{" not in due])
def test_what_was_due_has_its_chinese(due: str) -> None:
    assert load_area("rules", "zh").get(due)


def test_a_zone_that_is_none_is_told_with_one() -> None:
    text = "---\nschema: site/1\nid: moon\ntitle: Moon\ncustomer: acme\ntimezone: Moon/Tranquility\n---\n"
    loaded = load_record(SourceFile("kb/sites/moon.md", text.encode()), Settings())
    (found,) = (item for item in loaded.diagnostics if item.code == "REC203")
    assert message_of(wrong_value, found, "en") == (
        "`timezone` is `Moon/Tranquility`, due was the name of a time zone, such as Asia/Shanghai"
    )
