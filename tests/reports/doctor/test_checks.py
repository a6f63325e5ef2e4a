"""What is written to be looked at is looked at."""

from __future__ import annotations

from importlib import import_module
from inspect import isfunction
from pathlib import Path

from servicebook.reports import doctor
from servicebook.reports.doctor.checks import CHECKS

FOLDER = Path(doctor.__path__[0])


def test_no_check_that_is_written_down_is_left_out() -> None:
    written = {
        value
        for path in FOLDER.glob("*.py")
        for value in vars(import_module(f"servicebook.reports.doctor.{path.stem}")).values()
        if isfunction(value) and list(value.__annotations__.values()) == ["Clone", "Iterator[Answer]"]
        if not value.__name__.startswith("_")
    }
    told = [check for _, checks in CHECKS for check in checks]
    assert len(told) == len(set(told)) > 20
    assert {check.__name__ for check in written} == {check.__name__ for check in told}
