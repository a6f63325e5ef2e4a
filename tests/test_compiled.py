"""Modules found by name are those that Python finds, and a text that was changed is compiled anew."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

import servicebook
from servicebook import compiled

PACKAGE = Path(servicebook.__path__[0])
TEXT = "number = {number}\n\n\ndef told():\n    return number\n"
SPEC = ("name", "origin", "cached", "has_location", "submodule_search_locations", "parent")


def test_every_module_lies_where_python_finds_it() -> None:
    names = [
        ".".join(["servicebook", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
        for path in sorted(PACKAGE.rglob("*.py"))
    ]
    for name in names[1:]:
        path = [str(PACKAGE.parent.joinpath(*name.split(".")[:-1]))]
        ours, pythons = compiled._Finder.find_spec(name, path), PathFinder.find_spec(name, path)
        assert ours and pythons and [getattr(ours, one) for one in SPEC] == [getattr(pythons, one) for one in SPEC]
        assert ours.loader.get_code(name) == pythons.loader.get_code(name)  # type: ignore[union-attr]


def test_what_is_not_ours_or_not_there_is_left_to_python() -> None:
    for name, path in (("servicebook", None), ("servicebook.nothing", [str(PACKAGE)]), ("json.tool", [str(PACKAGE)])):
        assert compiled._Finder.find_spec(name, path) is None


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a package of two modules beside a copy of the one under test."""
    package = tmp_path / "servicebook"
    (package / "room").mkdir(parents=True)
    (package / "compiled.py").write_bytes((PACKAGE / "compiled.py").read_bytes())
    for name, text in (("__init__", ""), ("room/__init__", "word = 1\n"), ("room/one", TEXT.format(number=1))):
        (package / f"{name}.py").write_text(text)
    return package


def told(package: Path, *flags: str, **environment: str) -> str:
    code = (
        f"import sys; sys.path.insert(0, {str(package.parent)!r})\n"
        "from servicebook.compiled import find_by_name\n"
        "find_by_name(); find_by_name()\n"
        "import servicebook.room.one as one\n"
        "homes = [getattr(finder, '__module__', '') for finder in sys.meta_path]\n"
        "assert one.told.__code__.co_filename == one.__file__\n"
        "print(homes.count('servicebook.compiled'), one.number, one.__file__)"
    )
    settings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment}
    done = subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, text=True, env=settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_changed_text_is_compiled_anew(small: Path) -> None:
    place = small / "room" / "one.py"
    for number in (1, 1, 22, 22, 333):
        place.write_text(TEXT.format(number=number))
        assert told(small) == f"1 {number} {place}\n"
    (kept,) = (small / "room" / "__pycache__").glob("one.*.pyc")
    kept.write_bytes(b"")
    assert told(small) == f"1 333 {place}\n"
    assert kept.stat().st_size


def test_a_moved_package_names_its_files_where_they_are(small: Path) -> None:
    told(small)
    moved = small.parent / "elsewhere" / "servicebook"
    moved.parent.mkdir()
    small.rename(moved)
    assert told(moved) == f"1 1 {moved / 'room' / 'one.py'}\n"


def test_where_compiled_files_lie_elsewhere_python_looks_for_modules(small: Path, tmp_path: Path) -> None:
    place = small / "room" / "one.py"
    assert told(small, "-O") == f"0 1 {place}\n"
    assert told(small, PYTHONPYCACHEPREFIX=str(tmp_path / "kept")) == f"0 1 {place}\n"
