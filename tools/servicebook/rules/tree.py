"""Does every file lie where its id says, under a name that every machine can hold?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.patterns import late_pattern
from servicebook.records.kinds import ID_PATTERN, is_id_of, kind_of_path, path_of
from servicebook.rules.reading import opened_at
from servicebook.store.repository import BAD_NAME, UNREADABLE
from servicebook.store.verdicts import folded
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.store.repository import Entry
    from servicebook.store.snapshot import Snapshot

FOLDERS = ("kb/", "tickets/")
SYMLINK, SUBMODULE = "120000", "160000"
"""Git's modes of what is no file."""
_UNFIT = late_pattern(
    r"(?i)(?P<hidden>[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff])"
    r'|(?P<sign>[\\:*?"<>|])'
    r"|(?P<end>[ .](?:/|$))"
    r"|(?P<device>(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?:/|$))"
)
"""What a file name must not have: characters that nobody sees, and what Windows refuses (Naming Files, MSDN)."""
_LEFT_OUT = str.maketrans("", "", "/.-_")
_DEVICES = ("con", "prn", "aux", "nul", "com", "lpt")
"""How names begin that may be those of devices."""


def stem_of(path: str) -> str:
    """Return the name of a record's file without folder and ending."""
    return path.rpartition("/")[2].removesuffix(".md")


@rule(
    "TRE701",
    "id-beside-file-name",
    scope="file",
    message="`id` is `{id}`, the file is named `{stem}.md`",
    hint="git mv {path} {due} | or write `id: {stem}`",
)
def id_beside_file_name(loaded: Loaded) -> Iterator[Diagnostic]:
    """A record whose id is not its file's name.

    Why: people and programs open a record by its id without searching; two names are two records to them. It
    happens when a file is copied to start a new one.

    Example:
        tickets/incidents/2026/03/INC-20260312-7F3K.md with `id: INC-20260312-9ABC`

    Instead:
        tickets/incidents/2026/03/INC-20260312-9ABC.md with `id: INC-20260312-9ABC`
    """
    facts, kind = loaded.facts, loaded.kind
    if facts is None or kind is None or facts.id == stem_of(facts.path) or not is_id_of(kind, facts.id):
        return
    due = path_of(kind, facts.id)
    params = {"id": facts.id, "stem": stem_of(facts.path), "path": facts.path, "due": due}
    yield id_beside_file_name.at(facts.path, ("id",), **params)


@rule(
    "TRE702",
    "id-of-another-form",
    scope="file",
    message="`{id}` has not the form of an id of kind `{kind}`; due was such as {due}",
    hint="the file's name has it: write `id: {stem}` | `servicebook new {kind}` gives an id of the right form",
)
def id_of_another_form(loaded: Loaded) -> Iterator[Diagnostic]:
    """An id that does not have the form its kind asks for.

    Why: the prefix tells what is meant over the telephone, the date where the file lies, the four characters
    which one it is. Things with a lasting name have a slug: lower case, digits, dots, hyphens.

    Example:
        id: INC-2026-0042

    Instead:
        id: INC-20260312-7F3K
    """
    facts, kind = loaded.facts, loaded.kind
    if facts and kind and not is_id_of(kind, facts.id):
        due = f"`{kind.prefix}-20260312-7F3K`" if kind.prefix else "`live-streaming`"
        stem = stem_of(facts.path) if is_id_of(kind, stem_of(facts.path)) else ""
        yield id_of_another_form.at(facts.path, ("id",), id=facts.id, kind=kind.name, due=due, stem=stem)


@rule(
    "TRE703",
    "file-in-another-folder",
    scope="file",
    message="the file lies in `{folder}/`; by its id it belongs in `{due}/`",
    hint="git mv {path} {due}/",
)
def file_in_another_folder(loaded: Loaded) -> Iterator[Diagnostic]:
    """A record of the right kind in the wrong year, month or subfolder.

    Why: the folder follows from the id, so that nobody has to search; links between records rely on it.

    Example:
        tickets/incidents/2026/04/INC-20260312-7F3K.md

    Instead:
        tickets/incidents/2026/03/INC-20260312-7F3K.md
    """
    facts, kind = loaded.facts, loaded.kind
    if facts is None or kind is None or not is_id_of(kind, facts.id):
        return
    folder, due = facts.path.rpartition("/")[0], path_of(kind, facts.id).rpartition("/")[0]
    if folder != due and kind_of_path(facts.path) == kind:
        yield file_in_another_folder.at(facts.path, ("id",), folder=folder, due=due, path=facts.path)


@rule(
    "TRE704",
    "id-dated-otherwise",
    scope="file",
    severity="warning",
    message="the id says {dated}, the ticket was opened on {opened}",
    hint="correct the event `opened` | before it lands, `id` and file name may still change",
)
def id_dated_otherwise(loaded: Loaded) -> Iterator[Diagnostic]:
    """A ticket whose id carries another date than the day it was opened.

    Why: the date in the id is what people sort and search by. A day's difference is the zone's; more is a
    slip in one of the two.

    Example:
        id: INC-20260312-7F3K
        timeline:
        - {at: 2026-05-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}

    Instead:
        - {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
    """
    facts = loaded.facts
    match = ID_PATTERN.fullmatch(facts.id) if facts else None
    opened = opened_at(facts) if facts and loaded.sound else None
    if facts is None or match is None or opened is None:
        return
    try:
        dated = date.fromisoformat(match[2])
    except ValueError:
        params = {"dated": match[2], "opened": opened.date()}
        yield id_dated_otherwise.at(facts.path, ("id",), **params)
        return
    if abs((opened.date() - dated).days) > 1:
        params = {"dated": dated, "opened": opened.date()}
        yield id_dated_otherwise.at(facts.path, ("id",), **params)


@rule(
    "TRE705",
    "file-names-that-clash",
    scope="desk",
    message="`{path}` and `{other}` are one file on machines that do not tell case or accents apart",
    hint="git mv one of them to another name",
)
def file_names_that_clash(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two files whose names differ in upper and lower case only, or in how accents are written.

    Why: on macOS and Windows one overwrites the other at checkout, and the next commit loses it.

    Example:
        kb/articles/Restart.md and kb/articles/restart.md

    Instead:
        kb/articles/restart.md and kb/articles/restart-by-hand.md
    """
    for path, other in clashing_names(desk.paths()):
        yield file_names_that_clash.at(path, (), path=path, other=other)


def clashing_names(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (a path, the earlier one that it cannot be told from) on machines blind to case and accents."""
    first: dict[str, str] = {}
    for path in paths:
        other = first.setdefault(folded(path), path)
        if other != path:
            yield path, other


@rule(
    "TRE706",
    "file-name-not-composed",
    scope="desk",
    message="the name `{path}` is written with separate accents (Unicode NFD)",
    hint="git mv it to the composed form; `git config core.precomposeunicode true` on macOS",
)
def file_name_not_composed(desk: Snapshot) -> Iterator[Diagnostic]:
    """A file name in the decomposed form that old macOS writes.

    Why: it looks the same on the screen and is another name to Git, to links and to search.

    Example:
        kb/articles/cafe\u0301.md

    Instead:
        kb/articles/caf\u00e9.md
    """
    for path in desk.paths():
        if not is_composed(path):
            yield file_name_not_composed.at(path, (), path=path)


def is_composed(path: str) -> bool:
    """Whether a name has its accents in one with their letters (Unicode NFC)."""
    if path.isascii():
        return True
    from unicodedata import is_normalized

    return is_normalized("NFC", path)


@rule(
    "TRE707",
    "symlink-in-the-desk",
    scope="desk",
    message="`{path}` is a {what}, not a file",
    hint="git rm {path}, and put the file itself there",
)
def symlink_in_the_desk(desk: Snapshot) -> Iterator[Diagnostic]:
    """A symbolic link or a submodule among the records.

    Why: a link may point anywhere on the machine that checks or publishes the desk; it is never followed, so
    what it stands for is neither checked nor shown.

    Example:
        kb/articles/restart.md -> ../../../etc/passwd

    Instead:
        a file of its own, or a link in the text
    """
    for entry in desk.entries():
        if entry.mode in (SYMLINK, SUBMODULE) and entry.path.startswith(FOLDERS):
            what = "symlink" if entry.mode == SYMLINK else "submodule"
            yield symlink_in_the_desk.at(entry.path, (), path=entry.path, what=what)


@rule(
    "TRE708",
    "attachments-without-a-record",
    scope="desk",
    severity="warning",
    message="`{folder}/` holds attachments of a record that is not there",
    hint="move them to their record's folder, or delete them | `servicebook list` shows the ids",
)
def attachments_without_a_record(desk: Snapshot) -> Iterator[Diagnostic]:
    """A folder `<ID>.files/` without the record `<ID>.md` beside it.

    Why: attachments are found through their record only; left over, they are published or kept for nobody.

    Example:
        tickets/incidents/2026/03/INC-20260312-7F3K.files/log.txt   (and no INC-20260312-7F3K.md)

    Instead:
        tickets/incidents/2026/03/INC-20260312-7F3K.md beside it
    """
    told = ""
    for path in desk.paths():
        folder, mark, _ = path.partition(".files/")
        if mark and path.startswith(FOLDERS) and folder != told:
            told = folder
            if not desk.has_path(f"{folder}.md"):
                yield attachments_without_a_record.at(path, (), folder=f"{folder}.files")


@rule(
    "TRE709",
    "file-name-unfit",
    scope="desk",
    message="the name `{path}` has {what}",
    hint="git mv it to a name of letters, digits, dots and hyphens",
)
def file_name_unfit(desk: Snapshot) -> Iterator[Diagnostic]:
    r"""A file name that not every machine can hold, or that shows otherwise than it is.

    Why: Windows cannot check out a repository with such a name in it, all files after it are missing there; a
    hidden character or one that turns the direction of writing makes a name pass for another.

    Example:
        kb/notes/14:30 restart.md

    Instead:
        kb/notes/1430-restart.md
    """
    for entry in desk.entries():
        if entry.path.startswith(FOLDERS) and (what := unfitness(entry)):
            yield file_name_unfit.at(entry.path, (), path=entry.path, what=what)


def _is_plain(path: str) -> bool:
    """Whether a path is so plain that nothing can be wrong with its names: `kb/people/li.wei.md`, ids of tickets."""
    if not path.isascii() or not path.translate(_LEFT_OUT).isalnum():
        return False
    names = [(name, name.partition(".")[0]) for name in path.split("/")]
    return not any(name.endswith(".") or (len(stem) < 5 and stem[:3].lower() in _DEVICES) for name, stem in names)


def unfitness(entry: Entry) -> str:
    """Return what is wrong with a file's name, in words that the catalogue knows; empty when nothing is."""
    if entry.mode == BAD_NAME:
        return "bytes that are not UTF-8"
    match = None if _is_plain(entry.path) else _UNFIT.search(entry.path)
    if match is None:
        return ""
    return {
        "hidden": "a character that nobody sees",
        "sign": 'one of the signs \\ : * ? " < > |',
        "end": "a blank or dot at the end",
        "device": "a word that Windows keeps for devices",
    }[match.lastgroup or ""]


@rule(
    "TRE710",
    "file-not-readable",
    scope="desk",
    message="`{path}` cannot be read on this machine",
    hint="chmod u+r {path} | a pipe or a device is no record: put the file itself there",
)
def file_not_readable(desk: Snapshot) -> Iterator[Diagnostic]:
    """A file of the work tree that its rights or the disk keep from being read, or that is no file but a pipe.

    Why: what it holds is neither checked nor counted; to say that the desk is in order would be untrue.

    Example:
        ---------- tickets/incidents/2026/03/INC-20260312-7F3K.md

    Instead:
        -rw-r--r-- tickets/incidents/2026/03/INC-20260312-7F3K.md
    """
    for entry in desk.entries():
        if entry.mode == UNREADABLE and entry.path.startswith(FOLDERS):
            yield file_not_readable.at(entry.path, (), path=entry.path)


RULES: tuple[Rule, ...] = (
    id_beside_file_name,
    id_of_another_form,
    file_in_another_folder,
    id_dated_otherwise,
    file_names_that_clash,
    file_name_not_composed,
    symlink_in_the_desk,
    attachments_without_a_record,
    file_name_unfit,
    file_not_readable,
)
