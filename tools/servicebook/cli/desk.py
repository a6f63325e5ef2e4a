"""Which desk and which record a command is about."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from servicebook.cli.words import narrowed, speak
from servicebook.errors import FindingsError, UsageError
from servicebook.kept_json import dumps
from servicebook.records.facts import Facts
from servicebook.store.near_ids import near_ids
from servicebook.store.snapshot import Snapshot

_NAMES = ("name", "name_zh", "title_zh")


def open_here(tree: str = "worktree", *, whole: bool = False) -> Snapshot:
    """Return the desk of the folder the command was called in: its work tree, `staged`, or a revision.

    whole: whether every file of a large desk is looked at; a lookup does not wait for that.
    """
    from servicebook.rules.opening import open_desk

    return open_desk(".", tree=tree, whole=whole)


def tell_if_empty(desk: Snapshot) -> None:
    """Say on stderr what to do first where nothing was found because the desk has no record at all.

    Raises NotADeskError where it is seen to lie in a folder of its repository.
    """
    if next(desk.record_paths(), None) is not None:
        return
    look_elsewhere(desk)
    if any(True for _ in desk.paths()):
        print(speak("no record yet: servicebook new incident opens the first ticket"), file=sys.stderr)
    else:
        print(speak("this repository is empty: servicebook init DIR makes a desk"), file=sys.stderr)


def look_elsewhere(desk: Snapshot) -> None:
    """Raise NotADeskError where a desk without any record is seen to lie in a folder of its repository."""
    from servicebook.publish.misplaced import elsewhere

    if error := elsewhere(desk.root, "."):
        raise error


def find_record(desk: Snapshot, word: str, kinds: Sequence[str] = ()) -> Facts:
    """Return the one record that `word` names: an id, its last four characters, a slug, `kind/slug`, a path,
    or the number that the system it was imported from gave it.

    Raises UsageError with what it could have meant when there is none or more than one.
    """
    there, saying = _candidates(desk, word)
    if not there and not word.isascii():
        there, _ = _candidates(desk, narrowed(word))
    found = [facts for facts in there if not kinds or facts.kind in kinds]
    if len(found) == 1:
        return found[0]
    if not found:
        _refuse_unreadable(desk, word)
        near = "`, `".join(_near(desk, word, kinds, saying))
        raise UsageError(
            "there is no {what} `{word}` on this desk",
            "did you mean `{near}`?" if near else "servicebook list {kinds}" if kinds else "servicebook list",
            what=" / ".join(kinds) or "record",
            word=word,
            near=near,
            kinds=" ".join(kinds),
        )
    choices = ", ".join(f"{facts.kind}/{facts.id}" for facts in found[:6])
    raise UsageError(
        "`{word}` could be {count} records", "say which: {choices}", word=word, count=len(found), choices=choices
    )


def find_path(desk: Snapshot, word: str) -> str:
    """Return the path of the record that `word` names, also of one that is there and cannot be read.

    Raises as `find_record` does.
    """
    try:
        return find_record(desk, word).path
    except FindingsError:
        return _unreadable_path(desk, word)


def _refuse_unreadable(desk: Snapshot, word: str) -> None:
    """Raise where the file that `word` names is there, and cannot be read as a record: half edited, half merged."""
    from servicebook.text.source_file import has_conflict_markers

    path = _unreadable_path(desk, word)
    if not path:
        return
    try:
        merging = has_conflict_markers(desk.read(path).decode("utf-8", "replace"))
    except OSError:
        merging = False
    hint = "servicebook mend {path}" if merging else "servicebook check {path}"
    raise FindingsError("{path} is there, but cannot be read as a record", hint, path=path)


def _unreadable_path(desk: Snapshot, word: str) -> str:
    """Return the path of the file that `word` names and that cannot be read as a record; empty where there is none."""
    tail = narrowed(word).removesuffix(".md").rpartition("/")[2].upper()
    for path in (entry.path for entry in desk.loose_entries()) if tail else ():
        name = path.rpartition("/")[2].upper()
        if name != f"{tail}.MD" and not (len(tail) == 4 and name.endswith(f"-{tail}.MD")):
            continue
        return path
    return ""


def _candidates(desk: Snapshot, word: str) -> tuple[list[Facts], list[Facts] | None]:
    """Return the records that a word names, and those that have it as a value where they had to be looked for."""
    if word.endswith(".md"):
        path = os.path.relpath(os.path.realpath(word), os.path.realpath(desk.root))
        at_path = desk.at_path(path.replace(os.sep, "/"))
        return [at_path] if at_path else [], None
    if found := desk.find(word):
        return found, None
    saying = list(_saying(desk, word))
    return [facts for facts in saying if facts.get("external", "id") == word], saying


def _saying(desk: Snapshot, word: str) -> Iterator[Facts]:
    """Yield the records that have a word as a whole value: of a large desk few are read for a word nobody knows."""
    return desk.saying(dumps(word))


def _near(desk: Snapshot, word: str, kinds: Sequence[str], saying: Iterable[Facts] | None) -> list[str]:
    """Return up to three ids that are like the word, or whose records are called so.

    saying: the records that have the word as a value, where they are known.
    """
    saying = _saying(desk, word) if saying is None else saying
    known = (facts for facts in saying if not kinds or facts.kind in kinds)
    called = [facts.id for facts in known if word in (facts.title, *(facts.get(name) for name in _NAMES))]
    return called[:3] or near_ids(desk, word, kinds)
