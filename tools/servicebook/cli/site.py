"""servicebook site: the desk as a site of plain files."""

from __future__ import annotations

import os
import shlex

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.terminal import Progress


def run(argv: list[str]) -> int:
    """Build the site and say where it is and how to look at it."""
    from servicebook.publish.site import build_site

    parser = make_parser("site")
    parser.add_argument("--output", metavar="DIR", default="", help=speak("where the site goes (default: site/)"))
    parser.add_argument("--at", metavar="TIME", default="", help=speak("the instant the desk is judged at"))
    parser.add_argument("--rev", default="", help=speak("a commit, branch or tag instead of the files as they are"))
    options = parser.parse_args(argv)
    at = _instant(options.at, options.rev) if options.at else ""
    with Progress(speak("pages")) as shown:

        def step(done: int, total: int) -> None:
            shown.total = total
            shown.step(done - shown.done)

        built = build_site(".", options.output, at, options.rev, step)
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
    command = f"python3 -m http.server --directory {shlex.quote(folder)} --bind 127.0.0.1 8000"
    print(speak("Open {page}, or: {command}", page=f"{folder}/index.html", command=command))
    return 0


def _instant(text: str, rev: str) -> str:
    """Return a time as a person writes it as an instant with offset."""
    from servicebook.rules.opening import open_desk

    desk = open_desk(".", tree=rev or "worktree")
    at = parse_at(text, read_now(desk.settings))
    desk.close()
    return at.isoformat()
