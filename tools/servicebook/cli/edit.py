"""servicebook edit: a record in your editor, judged when it is saved, and opened again where it must be."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.desk import find_path, open_here
from servicebook.cli.now import read_now
from servicebook.cli.verb import tell
from servicebook.cli.writing import (
    Landing,
    add_commit_option,
    commit_files,
    held_back,
    is_uncommitted,
    landing_of,
    push_record,
    show_unfinished,
    tell_left_out,
)
from servicebook.diagnostics.render import Shown, count_by_severity, render
from servicebook.errors import FindingsError, UsageError
from servicebook.language.catalogue import terminal_language
from servicebook.store.git import try_git
from servicebook.store.snapshot import Snapshot
from servicebook.store.write import WriteError, write_files, writing
from servicebook.text.source_file import SourceFile

_NO = ("n", "no", "否", "不")


def run(argv: list[str]) -> int:
    """Open the editor until the record is in order or the person leaves it so; 1 when it is broken then."""
    parser = make_parser("edit")
    parser.add_argument("id", metavar="ID", help=speak("a record: its id, its last four characters, or kind/slug"))
    add_commit_option(parser)
    given = parser.parse_args(argv)
    desk = open_here()
    landing = landing_of(desk, given)
    path = find_path(desk, given.id)
    facts = desk.at_path(path)
    status, before = facts.status if facts else "", desk.read_in_work_tree(path)
    _bring_to_disk(desk.root, SourceFile(path, before))
    while True:
        _open_editor(desk.root, path)
        after = _read_back(desk.root, path)
        desk.close()
        desk = open_here()
        shown = _found(desk, path)
        if not shown or not may_ask() or ask_line(speak("open it again"), speak("yes")).lower() in _NO:
            break
    if errors := count_by_severity(shown)["error"]:
        if landing.commit:
            message = "{path} is saved, but not committed: {count} finding(s)"
            raise FindingsError(message, "servicebook edit {id}", path=path, count=errors, id=given.id)
        return 1
    if after.data == before and not (landing.commit and is_uncommitted(desk.root, path)):
        print(speak("{path} was not changed", path=path))
        print(speak("an editor that does not wait needs an option for that, such as EDITOR='code --wait'"))
        return 0
    _land(desk, after, landing, status)
    return 0


def _bring_to_disk(root: str, source: SourceFile) -> None:
    """Write a file that a sparse checkout leaves out, so that an editor finds it."""
    if not (Path(root) / source.path).is_file():
        write_files(root, [source])
        tell_left_out(source.path)


def _open_editor(root: str, path: str) -> None:
    """Wait for the person's editor: Git's, which is $VISUAL or $EDITOR where Git was told no other."""
    status, out = try_git(["var", "GIT_EDITOR"], root)
    editor = out.decode("utf-8", "surrogateescape").strip()
    if status or not editor:
        raise UsageError("there is no editor", "export EDITOR=nano, or git config core.editor nano")
    # By a shell, as Git does: the setting may have options, quotes and variables.
    child = subprocess.Popen(["sh", "-c", f'{editor} "$@"', editor, path], cwd=root)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the editor's to hear
    try:
        code = child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    if code:
        raise FindingsError(
            "the editor ended with {code}; {path} is as it left it", "git diff -- {path}", code=code, path=path
        )


def _read_back(root: str, path: str) -> SourceFile:
    try:
        return SourceFile(path, (Path(root) / path).read_bytes())
    except FileNotFoundError as error:
        raise FindingsError("{path} is gone", "git checkout HEAD -- {path}", path=path) from error


def _found(desk: Snapshot, path: str) -> list[Shown]:
    """Print and return what the edit breaks, here and in records that hang on it, as the hook would tell it."""
    from servicebook.rules.check import check_edits
    from servicebook.rules.showing import line_reader, show_findings, without_quirks
    from servicebook.store.edits import read_edits

    edits = [edit for edit in read_edits(desk) if path in (edit.path, edit.before_path)]
    shown = without_quirks(show_findings(desk, check_edits(desk, edits, read_now(desk.settings, writes=True))))
    if shown:
        print(render(shown, "full", terminal_language(), line_reader(desk, shown)) + "\n", file=sys.stderr)
    return shown


def _land(desk: Snapshot, after: SourceFile, landing: Landing, status_before: str) -> None:
    """Commit and push as far as it was asked for, and say where the record stands."""
    facts = desk.at_path(after.path)
    landing = held_back(desk, landing, after)
    if landing.commit and is_uncommitted(desk.root, after.path):
        with writing(desk.root):
            if _read_back(desk.root, after.path).data != after.data:  # what was not judged is not committed
                raise WriteError(
                    "{path} was changed by somebody else just now", "run the command again", path=after.path
                )
            subject = f"{facts.id} edited: {facts.title}" if facts else f"{after.path} edited"
            commit_files(desk.root, [after.path], subject)
    if facts:
        tell(facts, status_before or facts.status, desk, read_now(desk.settings, writes=True))
        show_unfinished(desk, after)
    push_record(desk, landing, after)
