"""How a record gets another id or name: what every file becomes, shown or written, and what is left to people."""

from __future__ import annotations

import difflib
import sys
from argparse import Namespace
from pathlib import Path

from servicebook.actions.renaming import (
    Renaming,
    attachments_of,
    rename_mentions,
    rename_record,
    renaming_of,
)
from servicebook.cli.arguments import Parser, speak
from servicebook.cli.verb import edited
from servicebook.cli.writing import add_commit_option, commit_files, landing_of, push_record, require_readable
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.records.kinds import votes_of
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.typed import NamedTuple


class Plan(NamedTuple):
    """What a renaming does: its way, files before by path (None: not there yet), files after, the record first.

    keeper: the other record that has the id and keeps it, and so whatever names it; empty where there is none.
    """

    way: Renaming
    before: dict[str, bytes | None]
    after: list[SourceFile]
    keeper: str = ""


def add_options(parser: Parser) -> None:
    """Add what both commands take."""
    parser.add_argument("--diff", action="store_true", help=speak("print what would change and write nothing"))
    add_commit_option(parser)


def plan_of(desk: Snapshot, facts: Facts, new: str, keeper: str = "") -> Plan:
    """Return what every file becomes when `facts` is called `new`.

    Raises FindingsError when another record has the name, or its file is not checked out.
    """
    way = renaming_of(facts, new)
    if not (Path(desk.root) / facts.path).is_file():
        folder = facts.path.rpartition("/")[0]
        raise FindingsError(
            "{path} is not checked out here", "git sparse-checkout add {folder}", path=facts.path, folder=folder
        )
    source = SourceFile(facts.path, desk.read_in_work_tree(facts.path))
    own = edited(facts.path, lambda: rename_record(source, facts, way))
    require_readable(desk, own, new)
    there = Path(desk.root) / way.new_path
    found = there.read_bytes() if there.exists() and way.new_path != facts.path else None
    # What a killed call has left is this record under its new name already: the same call again does the rest.
    others = [other for other in desk.named(new) if other.kind == facts.kind and other.path != facts.path]
    if found not in (None, own.data) or any(other.path != way.new_path for other in others):
        raise FindingsError("another {kind} is called `{slug}`", "say another name", kind=facts.kind, slug=new)
    plan = Plan(way, {facts.path: source.data, way.new_path: found}, [own], keeper)
    if way.new_path == facts.path:
        plan.before[facts.path] = source.data
    for path in [] if keeper else _namers(desk, way):
        page = SourceFile(path, desk.read_in_work_tree(path))
        after = rename_mentions(page, way)
        if after.data != page.data:
            plan.before[path] = page.data
            plan.after.append(after)
    return plan


def _namers(desk: Snapshot, way: Renaming) -> list[str]:
    """Return the pages that name the record, other than itself: on disk or beyond a sparse checkout."""
    words = [way.old] if way.is_number else [f"{way.old}.md", f"{way.old}.files/"]
    paths = {path for path in desk.repository.pages_with(*words) if ".files/" not in path and ".votes/" not in path}
    known = desk.naming(way.old, way.old_path) if way.is_number else desk.naming(way.old_path)
    paths.update(facts.path for facts in known)
    return sorted(paths - {way.old_path, way.new_path})


def carry_out(desk: Snapshot, plan: Plan, given: Namespace) -> int:
    """Show or write what a plan says, tell it, and commit and push when asked."""
    if given.diff:
        for after in plan.after:
            print(_diff(plan, after), end="")
        return 0
    landing = landing_of(desk, given)
    _write(desk, plan, commit=landing.commit)
    way = plan.way
    print(f"{way.old} → {way.new}")
    for after in plan.after:
        print(after.path)
    _tell_left(desk, plan)
    push_record(desk, landing)
    return 0


def _write(desk: Snapshot, plan: Plan, *, commit: bool) -> None:
    from servicebook.store.write import move_record, write_files, writing

    way, folders = plan.way, {}
    if way.new_path != way.old_path:
        folders = {attachments_of(way.old_path): attachments_of(way.new_path)}
    with writing(desk.root):
        if folders:
            move_record(desk.root, plan.after, plan.before, folders, way.old_path)
        else:
            write_files(desk.root, plan.after, plan.before)
        if commit:
            paths = [way.old_path, *(file.path for file in plan.after), *folders, *folders.values()]
            commit_files(desk.root, paths, f"{way.new}: {way.kind} renamed, was {way.old}")


def _tell_left(desk: Snapshot, plan: Plan) -> None:
    """Say on stderr what was left as it is, for somebody to decide."""
    way = plan.way
    folder = votes_of(way.old_path)
    if (Path(desk.root) / folder).is_dir():
        said = speak("{folder} stays: votes cast on `{id}` do not count for another", folder=folder, id=way.old)
        print(said, file=sys.stderr)
    if plan.keeper:
        namers = [facts.path for facts in desk.naming(way.old) if facts.path != way.old_path]
        for path in namers:
            said = speak("{path} names `{id}`, which is now {keeper} alone", path=path, id=way.old, keeper=plan.keeper)
            print(said, file=sys.stderr)


def _diff(plan: Plan, after: SourceFile) -> str:
    """Return the change of one file as a patch; the record's own as a move."""
    way = plan.way
    path = way.old_path if after.path == way.new_path else after.path
    old = (plan.before[path] or b"").decode("utf-8", "replace").splitlines(keepends=True)
    new = after.data.decode("utf-8", "replace").splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new, f"a/{path}", f"b/{after.path}"))
