"""servicebook site: the desk as a site of plain files."""

from __future__ import annotations

import gc
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.now import parse_at, read_now, the_clock
from servicebook.cli.terminal import Progress
from servicebook.errors import UsageError
from servicebook.records.audiences import INTERNAL, folder_of

if TYPE_CHECKING:
    from servicebook.publish.built import Built

ALL = "all"


def run(argv: list[str]) -> int:
    """Build the site and say where it is and how to look at it."""
    parser = make_parser("site")
    parser.add_argument("--output", metavar="DIR", default="", help=speak("where the site goes (default: site/)"))
    parser.add_argument("--at", metavar="TIME", default="", help=speak("the instant the desk is judged at"))
    parser.add_argument("--rev", default="", help=speak("a commit, branch or tag instead of the files as they are"))
    parser.add_argument(
        "--audience",
        metavar="AUDIENCE",
        default="",
        help=speak("whom it is for: internal, customer:SLUG, public, or all of them; each in a folder of its own"),
    )
    options = parser.parse_args(argv)
    gc.set_threshold(2_000_000, 20, 50)  # pages make no circles; looking for them costs a tenth
    at = _instant(options.at, options.rev) if options.at else ""
    if options.audience:
        return _build_for(options.audience, options.output, at, options.rev)
    built = _build(options.output, at, options.rev, INTERNAL)
    folder = os.path.relpath(built.folder)
    print(
        speak(
            "The site is in {folder}: {records} records, {rendered} pages rendered anew.",
            folder=folder,
            records=built.records,
            rendered=built.rendered,
        )
    )
    if built.unreadable:
        print(speak("{count} files hold no readable record; the home page lists them.", count=built.unreadable))
    _say_how_to_look(folder)
    return 0


def _build_for(audience: str, output: str, at: str, rev: str) -> int:
    """Build one audience's site, or everybody's, each in a folder of its own, and say what each holds."""
    from servicebook.publish.site import audiences_of

    known = audiences_of(".", rev)
    if audience not in (ALL, *known):
        raise UsageError(
            "`{audience}` is no audience of this desk", "one of: {known}",
            audience=audience, known=", ".join([ALL, *known]),
        )  # fmt: skip
    base = Path(output or "site")
    if (base / "index.html").exists():
        # The trees lie below; whoever publishes this folder as a whole would publish the house's own site.
        hint = "rm -r {folder} | or --output DIR"
        raise UsageError("{folder} holds a site of the house itself", hint, folder=os.path.relpath(base))
    folder = ""
    for one in known if audience == ALL else [audience]:
        built = _build(str(base / folder_of(one)), at, rev, one)
        folder = os.path.relpath(built.folder)
        print(speak("{audience}: {folder}, {records} records", audience=one, folder=folder, records=built.records))
        for path, reason in built.refused:
            print(speak("  left out: {path}: {reason}", path=path, reason=speak(reason)))
    _say_how_to_look(folder)
    return 0


def _build(output: str, at: str, rev: str, audience: str) -> Built:
    from servicebook.publish.site import build_site

    with Progress(speak("pages")) as shown:

        def step(done: int, total: int) -> None:
            shown.total = total
            shown.step(done - shown.done)

        return build_site(".", output, at, rev, step, audience, the_clock())


def _say_how_to_look(folder: str) -> None:
    command = f"python3 -m http.server --directory {shlex.quote(folder)} --bind 127.0.0.1 8000"
    print(speak("Open {page}, or: {command}", page=f"{folder}/index.html", command=command))


def _instant(text: str, rev: str) -> str:
    """Return a time as a person writes it as an instant with offset."""
    from servicebook.rules.opening import open_desk

    desk = open_desk(".", tree=rev or "worktree")
    at = parse_at(text, read_now(desk.settings))
    desk.close()
    return at.isoformat()
