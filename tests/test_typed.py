"""What stands in for `typing` and `re.compile` where a hook starts answers as the real ones do."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import typing

import pytest

from servicebook.patterns import late_pattern
from servicebook.typed import NamedTuple


class Row(NamedTuple):
    """A row."""

    name: str
    size: int = 3

    def double(self) -> int:
        return 2 * self.size


class Real(typing.NamedTuple):
    name: str
    size: int = 3


class Other(NamedTuple):
    name: str = "x"


def test_rows_are_what_typings_are() -> None:
    for made, real in (
        (Row("a"), Real("a")),
        (Row(name="a", size=4), Real(name="a", size=4)),
        (Row("a", 5), Real("a", 5)),
    ):
        assert made == real and hash(made) == hash(real)
        assert repr(made) == repr(real).replace("Real", "Row")
        assert made._asdict() == real._asdict()
        assert made._replace(name="b") == real._replace(name="b")
        assert (made.name, made.size, made.double()) == (real.name, real.size, 2 * real.size)
        assert pickle.loads(pickle.dumps(made)) == made and type(pickle.loads(pickle.dumps(made))) is Row
    assert (Row._fields, Row._field_defaults) == (Real._fields, Real._field_defaults)
    assert Row.__match_args__ == Real.__match_args__


def test_a_row_cannot_be_made_or_changed_otherwise_than_typings() -> None:
    for wrong in ((), ("a", 1, 2)):
        with pytest.raises(TypeError):
            Row(*wrong)
    with pytest.raises(TypeError):
        Row(named="a")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Row("a").name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Row("a").other = "b"  # type: ignore[attr-defined]


def test_the_first_row_may_come_from_a_sequence_or_a_heir() -> None:
    class First(NamedTuple):
        a: int
        b: int = 2

    class Heir(First):
        def sum(self) -> int:
            return self.a + self.b

    assert Heir(1).sum() == 3
    assert type(First._make([1, 2])) is First
    assert First._make([1, 2]) == First(1)
    assert Other._make(["y"]).name == "y" and Other().name == "x"


def test_a_pattern_is_compiled_when_it_is_asked() -> None:
    pattern = late_pattern(r"(a)b", re.IGNORECASE)
    assert "fullmatch" not in vars(pattern)
    for _ in range(2):
        assert pattern.fullmatch("AB") and not pattern.fullmatch("abc")
    assert pattern.pattern == "(a)b" and pattern.groups == 1


def test_an_import_of_libyaml_leaves_regular_expressions_as_they_are() -> None:
    code = (
        "import re; before = re.compile\n"
        "from servicebook.text.libyaml import CParser\n"
        "import yaml\n"
        "assert re.compile is before\n"
        "quick = yaml.CSafeLoader\n"
        "print(yaml.safe_load('{at: 2026-11-22, no: [1, yes]}'), yaml.load('a', quick), issubclass(quick, CParser))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "{'at': datetime.date(2026, 11, 22), False: [1, True]} a True\n", done.stderr
