"""`servicebook renumber`: two records have one id, and one of them gets another."""

from __future__ import annotations

from pathlib import PurePosixPath

from servicebook.actions.renaming import rename_record, renaming_of
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.moving import add_options, carry_out, plan_of
from servicebook.cli.now import read_now
from servicebook.cli.verb import edited
from servicebook.errors import FindingsError, UsageError
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, is_id_of
from servicebook.store.git import try_git
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def run(argv: list[str]) -> int:
    """Give a record another id, and write it wherever the old one stands: fields, texts, links, attachments."""
    parser = make_parser("renumber")
    parser.add_argument("id", metavar="ID", help=speak("the record: its id, or its path where two have one id"))
    parser.add_argument("new", metavar="NEW", nargs="?", default="", help=speak("its new id (default: a fresh one)"))
    add_options(parser)
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    facts = find_record(desk, given.id)
    kind = BY_NAME[facts.kind]
    if not kind.prefix:
        raise UsageError(
            "a {kind} has a name, not a number", "servicebook rename {kind}/{id} NEW", kind=facts.kind, id=facts.id
        )
    if given.new and not is_id_of(kind, given.new):
        raise UsageError(
            "`{id}` is no id of kind `{kind}`", "such as {due}", id=given.new, kind=kind.name, due=facts.id
        )
    keeper = next((other.path for other in desk.with_id(facts.id) if other.path != facts.path), "")
    if not keeper:
        _refuse_landed(desk, facts)
    return carry_out(desk, plan_of(desk, facts, given.new or _fresh(desk, facts), keeper), given)


def _refuse_landed(desk: Snapshot, facts: Facts) -> None:
    """Raise for a record that the others have under its id; where they have another one, that is the clash."""
    status, out = try_git(["merge-base", "HEAD", "@{upstream}"], desk.root)
    if status or not desk.repository.blob_in(out.decode().strip(), facts.path):
        return
    raise FindingsError(
        "`{id}` has landed: people have it in mails and notes, and it does not change any more",
        "what was a mistake is an event: servicebook note {id} TEXT",
        id=facts.id,
    )


def _fresh(desk: Snapshot, facts: Facts) -> str:
    """Return the id that a killed call has begun to write, else the file's own name, else a new one of the day."""
    kind = BY_NAME[facts.kind]
    stem = PurePosixPath(facts.path).stem
    if begun := _begun(desk, facts):
        return begun
    if stem != facts.id and is_id_of(kind, stem) and not desk.with_id(stem):
        return stem
    from servicebook.store.write import new_id

    return new_id(kind, read_now(desk.settings, writes=True), desk, day=facts.id.split("-")[1])


def _begun(desk: Snapshot, facts: Facts) -> str:
    """Return the id of the record in the same folder that is this one, already written anew by a killed call."""
    source = SourceFile(facts.path, desk.read_in_work_tree(facts.path))
    folder = facts.path.rpartition("/")[0] + "/"
    for other in desk.all(folder, folder + "\U0010ffff"):
        same = other.kind == facts.kind and other.title == facts.title and other.timeline == facts.timeline
        if same and other.id != facts.id and desk.read_in_work_tree(other.path) == _anew(source, facts, other.id):
            return other.id
    return ""


def _anew(source: SourceFile, facts: Facts, id: str) -> bytes:
    return edited(facts.path, lambda: rename_record(source, facts, renaming_of(facts, id))).data
