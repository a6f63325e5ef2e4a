"""`servicebook mend`: settle what a merge left in conflict, field by field."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.asking import ask_choice, may_ask
from servicebook.cli.desk import open_here
from servicebook.cli.driver import notes_of
from servicebook.cli.merging import clashes_in, with_outcome
from servicebook.cli.terminal import colour
from servicebook.errors import FindingsError, UsageError
from servicebook.language.display import plain
from servicebook.merge import mending
from servicebook.merge.lines import PLAIN, mark_clash
from servicebook.merge.markers import Region, Section, UnfinishedMarkersError, decide
from servicebook.store.git import run_git
from servicebook.store.repository import Repository, find_repository
from servicebook.store.write import write_files
from servicebook.text.source_file import SourceFile
from servicebook.typed import TextIO

ALL = "all"

_HELP = {
    mending.OURS: "take our side of a field, or of `all` that no other option names",
    mending.THEIRS: "take their side of a field, or of `all` that no other option names",
}


def run(argv: list[str]) -> int:
    """Show or settle the conflicts of a file; 1 while something is left."""
    parser = make_parser("mend")
    parser.add_argument("file", metavar="FILE", help=speak("the file that is in conflict"))
    parser.add_argument("--list", action="store_true", help=speak("show what is in conflict and write nothing"))
    for side in (mending.OURS, mending.THEIRS):
        parser.add_argument(f"--{side}", metavar="FIELD", action="append", default=[], help=speak(_HELP[side]))
    parser.add_argument(
        "--redo", action="store_true", help=speak("merge again from the start; what you changed in the file is lost")
    )
    given = parser.parse_args(argv)
    repository = find_repository(".")
    path = _path_in(repository, given.file)
    data = _read(repository, path)
    sections = _sections(repository, path, data, redo=given.redo)
    clashes = mending.clashes_of(sections)
    if given.list:
        return _list(path, clashes)
    texts = _choose(clashes, given, _event_ids(sections))
    if not clashes and not _read_stages(repository, path):
        print(speak("{path} is in no conflict: there is nothing to do", path=plain(path)))
        return 0
    return _write(repository, path, data, sections, texts)


def _path_in(repository: Repository, word: str) -> str:
    path = os.path.relpath(os.path.realpath(word), os.path.realpath(repository.root)).replace(os.sep, "/")
    if path.startswith(".."):
        raise UsageError("{path} lies outside the desk", "name files of this desk", path=word)
    return path


def _read(repository: Repository, path: str) -> bytes:
    try:
        return repository.read_on_disk(path)
    except FileNotFoundError as error:
        raise UsageError("there is no file {path}", "git status", path=path) from error


def _sections(repository: Repository, path: str, data: bytes, *, redo: bool) -> list[Section]:
    """Return the file's conflicts: merged again from Git's index where nobody worked on it, else as they stand."""
    stages = _read_stages(repository, path)
    if stages:
        merged = mending.redo(stages, data, anyway=redo)
        if merged is not None:
            for note in notes_of(merged, path):
                print(note, file=sys.stderr)
            data = merged.data
    elif redo:
        raise UsageError("Git's index holds no conflict of {path}", "git status", path=path)
    try:
        return mending.sections_of(data)
    except UnfinishedMarkersError as error:
        raise FindingsError(
            "{path}: the conflict markers do not belong together",
            "servicebook mend {path} --redo merges again | mend it by hand",
            path=path,
        ) from error


def _read_stages(repository: Repository, path: str) -> mending.Stages | None:
    """Return the three texts of a file in conflict; None where it is in none. Raises where one side deleted it."""
    out = repository.git("ls-files", "--unmerged", "-z", "--", f":(literal,top){path}")
    blobs: dict[str, str] = {}
    for entry in out.split(b"\0")[:-1]:
        _, blob, stage = entry.split(b"\t")[0].decode().split(" ")
        blobs[stage] = blob
    if not blobs:
        return None
    if not {"2", "3"} <= blobs.keys():
        raise FindingsError(
            "{path} was deleted on one side and changed on the other",
            "git add {path} keeps it | git rm {path} deletes it",
            path=path,
        )
    texts = dict(repository.read_blobs(blobs.values()))
    return mending.Stages(*(texts[blobs[stage]] if stage in blobs else b"" for stage in "123"))


def _list(path: str, clashes: Mapping[str, Region]) -> int:
    for region in clashes.values():
        _show(region, sys.stdout)
    if not clashes:
        print(speak("{path}: nothing is left to choose", path=plain(path)))
    return int(bool(clashes))


def _show(region: Region, stream: TextIO) -> None:
    """Print a conflict: its name, and what each side says."""
    print(colour(region.name, "bold", stream), file=stream)
    sides = ((mending.OURS, region.ours_label, region.ours), (mending.THEIRS, region.theirs_label, region.theirs))
    for side, label, text in sides:
        print(f"  {side}{f' ({plain(label)})' if label not in ('', side) else ''}:", file=stream)
        for line in text.splitlines() or [speak("(nothing)")]:
            print(f"    {plain(line)}", file=stream)


def _choose(clashes: Mapping[str, Region], given: Namespace, taken: Sequence[str]) -> dict[str, str]:
    """Return the text for every conflict: as the options say, else as somebody at the terminal answers."""
    choices: dict[str, str] = {}
    for side in (mending.OURS, mending.THEIRS):
        for word in getattr(given, side):
            names = [name for name in clashes if word in (ALL, name)]
            if not names and word != ALL:
                known = ", ".join(clashes) or "-"
                raise UsageError("`{field}` is not in conflict", "in conflict: {known}", field=word, known=known)
            choices.update((name, side) for name in names if word == name or name not in choices)
    left = [name for name in clashes if name not in choices]
    if left and not may_ask():
        for name in left:
            _show(clashes[name], sys.stderr)
        raise FindingsError(
            "nothing was written: {names} is left to choose",
            "servicebook mend {file} --ours FIELD --theirs FIELD, or run it on a terminal",
            names=", ".join(left), file=given.file,
        )  # fmt: skip
    return {name: _text_for(region, choices.get(name), taken) for name, region in clashes.items()}


def _text_for(region: Region, choice: str | None, taken: Sequence[str]) -> str:
    if choice is None:
        _show(region, sys.stderr)
        choices = [mending.OURS, mending.THEIRS, mending.EDIT]
        if mending.may_have_both(region):
            choices.insert(2, mending.BOTH)
        titles = [speak(_TITLES[one]) for one in choices]
        choice = ask_choice(speak("which of them"), choices, titles=titles)
    return _edit(region) if choice == mending.EDIT else mending.text_for(region, choice, taken)


_TITLES = {
    mending.OURS: "what this branch says",
    mending.THEIRS: "what the other one says",
    mending.BOTH: "both, ours first",
    mending.EDIT: "write it in your editor",
}


def _edit(region: Region) -> str:
    """Return what somebody makes of both sides in the editor that Git would open."""
    import subprocess
    import tempfile

    editor = run_git(["var", "GIT_EDITOR"]).decode().strip()
    while True:
        with tempfile.NamedTemporaryFile("w+", suffix=".md", encoding="utf-8", errors="surrogateescape") as file:
            file.write(mark_clash(region.ours.encode(), region.theirs.encode(), PLAIN).decode())
            file.flush()
            done = subprocess.run(["sh", "-c", f'{editor} "$@"', editor, file.name], check=False)
            text = Path(file.name).read_text("utf-8", "surrogateescape")  # an editor may have put another file there
        if done.returncode:
            raise FindingsError("nothing was written: the editor ended with an error", "git var GIT_EDITOR names it")
        if not clashes_in(text.encode("utf-8", "surrogateescape")) and not text.startswith("<<<<<<< "):
            return text + "\n" if text and not text.endswith("\n") else text
        print(speak("the markers still stand in it"), file=sys.stderr)


def _event_ids(sections: Sequence[Section]) -> list[str]:
    return mending.event_ids(decide(sections, 0)) + mending.event_ids(decide(sections, 1))


def _write(
    repository: Repository, path: str, data: bytes, sections: Sequence[Section], texts: Mapping[str, str]
) -> int:
    """Write the file, whole or not at all, and say what comes next."""
    settled = mending.settle(sections, texts)
    sides = [decide(sections, side).encode("utf-8", "surrogateescape") for side in (0, 1)]
    if not mending.is_readable(settled) and any(map(mending.is_readable, sides)):
        raise FindingsError(
            "nothing was written: {path} could not be read with these choices", "choose again, or edit it", path=path
        )
    after = with_outcome(open_here(whole=True), SourceFile(path, settled))
    if after.data != data:
        write_files(repository.root, [after], {path: data})
        print(speak("mended {path}", path=plain(path)))
    elif not texts:
        print(speak("{path}: nothing is left to choose", path=plain(path)))
    print(f"{speak('next')}: git add {plain(path)}")
    return 0
