"""`servicebook docs`: the reference pages of kinds, rules and commands, written or held against the program."""

from __future__ import annotations

import sys
from pathlib import Path

from servicebook.cli.arguments import make_parser, speak
from servicebook.store.repository import find_repository
from servicebook.store.write import write_files
from servicebook.text.source_file import SourceFile

EXAMPLES = "tests/records/examples"
"""Where the program's own repository keeps its worked examples; other desks have pages without them."""


def run(argv: list[str]) -> int:
    """Write the pages that are not as the program would write them; with --check only name them."""
    parser = make_parser("docs")
    parser.add_argument("--check", action="store_true", help=speak("write nothing; say which pages are stale"))
    given = parser.parse_args(argv)
    root = Path(find_repository(".").root)
    pages = made_pages(root)
    stale = [path for path, text in pages.items() if _read(root / path) != text]
    left = _left_over(root, pages)
    if given.check:
        return _tell_stale(sorted([*stale, *left]))
    write_files(str(root), [SourceFile(path, pages[path].encode()) for path in stale])
    for path in left:
        (root / path).unlink()
    print(speak("{n} pages, {written} written, {removed} removed", n=len(pages), written=len(stale), removed=len(left)))
    return 0


def made_pages(root: Path) -> dict[str, str]:
    """Return every page as the program writes it: path below the desk's root to text."""
    from servicebook.cli.main import COMMANDS
    from servicebook.reports.clause_page import clause_page
    from servicebook.reports.clauses import CLAUSES
    from servicebook.reports.reference import kind_pages
    from servicebook.reports.rule_pages import commands_page, rule_pages
    from servicebook.rules.registry import all_rules

    examples = {path.stem: path.read_text("utf-8") for path in sorted((root / EXAMPLES).glob("*.md"))}
    rules = all_rules()
    clauses = clause_page(CLAUSES, {rule.code: rule.name for rule in rules})
    return {**kind_pages(examples), **rule_pages(rules), **commands_page(COMMANDS), **clauses}


def _left_over(root: Path, pages: dict[str, str]) -> list[str]:
    """Return pages that the program made once and would not make now."""
    from servicebook.reports.reference import FOLDER, MADE
    from servicebook.reports.rule_pages import RULES_FOLDER

    files = [path for folder in (FOLDER, RULES_FOLDER) for path in sorted((root / folder).glob("*.md"))]
    names = [path.relative_to(root).as_posix() for path in files]
    return [name for name in names if name not in pages and (_read(root / name) or "").endswith(MADE)]


def _tell_stale(stale: list[str]) -> int:
    for path in stale:
        print(speak("{path} is not as the program would write it", path=path), file=sys.stderr)
    if stale:
        print(f"{speak('hint')}: servicebook docs", file=sys.stderr)
    return int(bool(stale))


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
