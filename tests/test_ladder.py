"""The ladder of the house: imports go down only, every room has a rung, every package one home."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "tools" / "servicebook"
GUIDE = Path(__file__).parent.parent / "kb" / "guide"

RUNGS = {
    "__main__": 10,
    "cli": 9,
    "publish": 8, "lsp": 8, "watch": 8,
    "search": 7, "reports": 7, "audience": 7, "merge": 7, "exchange": 7, "notify": 7,
    "rules": 6, "actions": 6,
    "evidence": 5,
    "store": 4,
    "loader": 3,
    "text": 2, "sla": 2, "workflow": 2,
    "records": 1, "diagnostics": 1, "language": 1, "settings": 1, "errors": 1,
    "__init__": 0, "typed": 0, "patterns": 0, "compiled": 0, "packages": 0, "zones": 0, "kept_json": 0,
    "helpers": 0,
}  # fmt: skip
"""Rooms and single modules of the package, and how high they stand."""

LEAVES = ("errors", "language")
"""Rooms of the lowest rung that import nothing of ours, so that their neighbours may lean on them."""

HOMES: dict[str, tuple[str, ...]] = {
    "yaml": ("text",),
    "frontmatter": ("text",),
    "markdown_it": ("text", "publish"),
    "pydantic": ("records", "loader"),
    "pydantic_core": ("records", "loader"),
    "mkdocs": ("publish",),
    "jinja2": ("publish",),
    "markdown": ("publish",),
    "rjsmin": ("publish",),
    "pygit2": ("store",),
    "watchdog": ("watch", "publish"),
    "wcwidth": ("cli",),
    "holidays": ("exchange",),
    "icalendar": ("exchange",),
    "cryptography": ("evidence",),
    "rfc8785": ("workflow",),
    "dateutil": ("sla",),
}
"""Where each third-party package may be imported."""

OF_THE_PACKAGE = ("__version__", "digest_of_code")
"""What the package itself has, below all rooms."""

BY_NAME_ALONE = ("cli.main", "records.models", "rules.registry")
"""Modules that may import by a name from a table; their tables name modules of their own room or below."""

IMPORTERS = ("import_module", "importlib.import_module", "__import__")

CLOCK_READER = "cli/now.py"
"""The one module that may ask what time it is; everywhere else `now` is an argument."""

CLOCKS = ("time.time", "time.localtime", "time.gmtime", "now", "utcnow", "today", "date.today")


class Import(NamedTuple):
    """One import statement: the module that has it (`rules.check`), its line, the dotted name it asks for."""

    module: str
    line: int
    target: str


def imports_of(package: Path) -> Iterator[Import]:
    """Yield every import in every module of a package, wherever in the module it stands."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        module = ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)
        is_room = path.name == "__init__.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            if isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
                for target in _targets(node, package.name, module, is_room):
                    yield Import(module, node.lineno, target)


def _targets(node: ast.Import | ast.ImportFrom | ast.Call, package: str, module: str, is_room: bool) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = [package, *([] if module == "__init__" else module.split("."))]
            above = above[: len(above) - node.level + (1 if is_room else 0)]
            base = ".".join([*above, *([base] if base else [])])
        # `from servicebook import store` names a room; `from servicebook.store.index import Index` a module.
        return [f"{base}.{alias.name}" for alias in node.names] if base == package else [base]
    if isinstance(node, ast.Call) and ast.unparse(node.func) in IMPORTERS:
        name = node.args[0] if node.args else None
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return [name.value]
        return ["?"]
    return []


def room_of(module: str) -> str:
    """Return the room (or single module) that a module of the package belongs to."""
    return module.split(".")[0]


def faults_of(package: Path) -> list[str]:
    """Return what the ladder has against a package: one line a fault, empty when it stands."""
    faults = [
        f"{name} has no rung"
        for entry in sorted(package.iterdir())
        if (name := _room_name(entry)) is not None and name not in RUNGS
    ]
    for found in imports_of(package):
        fault = _fault(found, package.name)
        if fault:
            faults.append(f"{found.module}:{found.line}: {fault}")
    return faults


def _room_name(entry: Path) -> str | None:
    if entry.is_dir():
        return entry.name if any(entry.rglob("*.py")) else None
    return entry.stem if entry.suffix == ".py" else None


def _fault(found: Import, package: str) -> str:
    room = room_of(found.module)
    if found.target == "?":
        return "" if found.module in BY_NAME_ALONE else "imports by a name computed at run time"
    top, _, rest = found.target.partition(".")
    if top == package:
        return _fault_of_ours(room, room_of(rest) if rest else "__init__")
    if top in sys.stdlib_module_names:
        return ""
    if top not in HOMES:
        return f"`{top}` has no home"
    return "" if room in HOMES[top] else f"`{top}` lives in {', '.join(HOMES[top])}, not in {room}"


def _fault_of_ours(room: str, target: str) -> str:
    if target in OF_THE_PACKAGE:
        target = "__init__"
    if target not in RUNGS or room not in RUNGS:
        return f"{room} imports {target}: one of them has no rung"
    if target == room or (target in LEAVES and room not in LEAVES):
        return ""
    if RUNGS[target] == RUNGS[room]:
        return f"{room} imports its neighbour {target} (rung {RUNGS[room]})"
    if RUNGS[target] > RUNGS[room]:
        return f"{room} (rung {RUNGS[room]}) imports {target} (rung {RUNGS[target]}): imports go down only"
    return ""


def test_imports_go_down_only() -> None:
    assert faults_of(PACKAGE) == []


@pytest.mark.parametrize("page", ["house.md", "house.zh.md"])
def test_the_guide_shows_the_ladder_as_it_is(page: str) -> None:
    rows = re.findall(r"^\| (\d) \| (.*) \|$", (GUIDE / page).read_text("utf-8"), re.MULTILINE)
    told = {name: int(rung) for rung, rooms in rows for name in re.findall(r"`(\w+)(?:\.py)?`", rooms)}
    there = {name for entry in PACKAGE.iterdir() if (name := _room_name(entry))} - {"__init__", "__main__"}
    assert {name: told.get(name) for name in sorted(there)} == {name: RUNGS[name] for name in sorted(there)}


def test_only_the_command_line_reads_a_clock() -> None:
    readers = [
        f"{name}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if (name := path.relative_to(PACKAGE).as_posix()) != CLOCK_READER
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("datetime.") in CLOCKS
    ]
    assert readers == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Return a small package that stands on the ladder."""
    package = tmp_path / "servicebook"
    for path, text in {
        "__init__.py": "",
        "errors.py": "",
        "settings.py": "from servicebook.errors import SettingsError\n",
        "text/__init__.py": "",
        "text/front_matter.py": "import yaml\nfrom servicebook.settings import Settings\n",
        "store/__init__.py": "",
        "store/index.py": "def load():\n    from servicebook.loader import load_record\n",
        "loader.py": "from servicebook.text.front_matter import parse\n",
        "cli/__init__.py": "",
        "cli/main.py": "from servicebook import __version__\nfrom . import check\n",
        "cli/check.py": "from servicebook import store\n",
    }.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, "utf-8")
    return package


def test_a_package_in_order_has_no_fault(planted: Path) -> None:
    assert faults_of(planted) == []


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("text/up.py", "from servicebook.store.index import load\n", "imports go down only"),
        ("text/up.py", "import servicebook.cli.main\n", "imports go down only"),
        ("text/up.py", "from servicebook import cli\n", "imports go down only"),
        ("text/up.py", "def late():\n    from ..cli import main\n", "imports go down only"),
        ("text/__init__.py", "from ..cli import main\n", "imports go down only"),
        ("settings.py", "from .cli import main\n", "imports go down only"),
        ("text/up.py", "import importlib as i\n__import__('servicebook.cli')\n", "imports go down only"),
        ("text/up.py", "import importlib\nimportlib.import_module(input())\n", "computed at run time"),
        ("text/side.py", "from servicebook.sla.clock import Clock\n", "its neighbour sla"),
        ("errors.py", "from servicebook.settings import Settings\n", "its neighbour settings"),
        ("garage/__init__.py", "", "garage has no rung"),
        ("attic.py", "", "attic has no rung"),
        ("store/index.py", "import yaml\n", "`yaml` lives in text"),
        ("cli/main.py", "import rich\n", "`rich` has no home"),
    ],
)
def test_a_planted_fault_is_found(planted: Path, path: str, text: str, fault: str) -> None:
    (planted / path).parent.mkdir(exist_ok=True)
    (planted / path).write_text(text, "utf-8")
    assert any(fault in line for line in faults_of(planted)), faults_of(planted)
