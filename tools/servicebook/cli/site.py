"""servicebook site: the desk as a site of plain files."""

from __future__ import annotations

import gc
import os
import shlex
import sys
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.main import tell_error
from servicebook.cli.now import parse_at, read_now, the_clock
from servicebook.cli.terminal import Progress
from servicebook.errors import ServicebookError, UsageError
from servicebook.records.audiences import INTERNAL, folder_of
from servicebook.store.repository import find_repository

if TYPE_CHECKING:
    from servicebook.publish.built import Built
    from servicebook.publish.early import Early

ALL = "all"
_TURN = 0.0005
"""Seconds after which the build lets a browser have its turn, which waits for the page that it was told of."""


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
    again = speak("serve it to this machine, and build it again when something is saved")
    parser.add_argument("--watch", action="store_true", help=again)
    parser.add_argument("--port", type=int, default=8000, help=speak("where --watch serves it (default: 8000)"))
    options = parser.parse_args(argv)
    if options.watch and (options.audience or options.rev):
        raise UsageError("--watch shows the files as they are, to the house", "servicebook site --watch")
    if options.watch:
        gc.set_threshold(2_000_000, 20, 50)  # pages make no circles; looking for them costs a tenth
    else:
        gc.disable()  # nor does a process that ends with its build need to look for any others
    at = _instant(options.at, options.rev) if options.at else ""
    if options.audience:
        return _build_for(options.audience, options.output, at, options.rev)
    if options.watch:
        return _watch(options.output, at, options.port)
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


def _watch(output: str, at: str, port: int) -> int:
    """Serve the site and build it again whenever something was saved, until Ctrl-C; open pages load again.

    The pages of saved records are shown first, then everything that tells of them.
    """
    from servicebook.publish.early import Early
    from servicebook.publish.preview import Preview
    from servicebook.watch import Watch

    repository = find_repository(".")
    built = _build(output, at, "", INTERNAL)
    try:
        preview = Preview(built.folder, port)
    except OSError as error:
        raise UsageError("port {port} cannot be had: {why}", "--port", port=port, why=error.strerror) from error
    with Watch(repository.root, repository.git_dir) as watch, preview:
        Thread(target=preview.serve_forever, daemon=True).start()
        address, records = preview.address, built.records
        print(speak("{address} shows {records} records; Ctrl-C ends it", address=address, records=records), flush=True)
        sys.setswitchinterval(_TURN)
        while True:
            touched = watch.touched()
            begin = time.monotonic()
            try:
                built = _build(output, at, "", INTERNAL, Early(touched, preview.renew))
            except ServicebookError as error:  # something half written
                tell_error(error)
                continue
            if touched or built.rendered:
                preview.renew(built.moved)
                seconds = f"{time.monotonic() - begin:.2f}"
                told = speak("{rendered} pages rendered anew ({seconds} s)", rendered=built.rendered, seconds=seconds)
                print(told, flush=True)


def _build(output: str, at: str, rev: str, audience: str, early: Early | None = None) -> Built:
    from servicebook.publish.site import build_site

    with Progress(speak("pages")) as shown:

        def step(done: int, total: int) -> None:
            shown.total = total
            shown.step(done - shown.done)

        return build_site(".", output, at, rev, step, audience, the_clock(), early)


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
