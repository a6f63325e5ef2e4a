"""`servicebook codeowners`: whom a forge asks to review what, written from boards and services."""

from __future__ import annotations

import sys
from pathlib import Path

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import open_here
from servicebook.cli.now import read_now


def run(argv: list[str]) -> int:
    """Write the forge's file; with --check only say whether it is stale (1)."""
    from servicebook.reports.codeowners import FORGES, accounts_on, owned_files, render_codeowners
    from servicebook.store.write import write_files
    from servicebook.text.source_file import SourceFile

    parser = make_parser("codeowners")
    parser.add_argument("--forge", choices=tuple(FORGES), required=True, help=speak("for which forge"))
    parser.add_argument(
        "-o", "--output", metavar="FILE", help=speak("where to write it (default: where it is looked for)")
    )
    parser.add_argument("--stdout", action="store_true", help=speak("print it and write nothing"))
    parser.add_argument("--check", action="store_true", help=speak("write nothing; say whether the file is stale"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    owned = owned_files(desk, read_now(desk.settings).date())
    text = render_codeowners(owned, given.forge, accounts_on(desk, given.forge))
    if given.stdout:
        print(text, end="")
        return 0
    path = given.output or FORGES[given.forge]
    there = Path(desk.root, path)
    old = there.read_bytes() if there.is_file() else None
    if given.check:
        return _tell(path, stale=old != text.encode(), forge=given.forge)
    if old != text.encode():
        write_files(desk.root, [SourceFile(path, text.encode())], {path: old})
    if not owned:
        print(speak("no board with rules and no service with an owner: nobody is asked"), file=sys.stderr)
    print(speak("{path} is as boards and services say", path=path))
    return 0


def _tell(path: str, *, stale: bool, forge: str) -> int:
    if stale:
        print(speak("{path} is not as the program would write it", path=path), file=sys.stderr)
        print(f"{speak('hint')}: servicebook codeowners --forge {forge}", file=sys.stderr)
    return int(stale)
