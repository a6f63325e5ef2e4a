"""How a command writes: judged first, refused when broken, then atomically; committed and pushed when asked."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from servicebook.cli.arguments import Parser, speak
from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.errors import FindingsError, UsageError
from servicebook.language.catalogue import terminal_language
from servicebook.records.facts import Facts
from servicebook.store.git import run_git, try_git
from servicebook.store.near_ids import near_ids
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from servicebook.store.edits import Edit


class Landing(NamedTuple):
    """How far a written file goes: into a commit of its own, and with it to the others.

    held: why it was to be pushed and stays in the work tree; nothing where it does not.
    """

    commit: bool
    push: bool
    held: str = ""


def add_commit_option(parser: Parser) -> None:
    """Add `--commit`, `--no-commit` and `--push`; what the desk's settings say is the default."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--commit", action="store_true", default=None, help=speak("commit just this file"))
    group.add_argument("--no-commit", dest="commit", action="store_false", help=speak("leave the commit to you"))
    parser.add_argument(
        "--push", action="store_true", help=speak("commit just this file, merge what others pushed, and push")
    )


def landing_of(desk: Snapshot, given: Namespace) -> Landing:
    """Return how far the words of the call, or else the desk's settings, send a file."""
    if given.push and given.commit is False:
        raise UsageError("--push pushes the commit that --no-commit leaves out", "say one of them")
    push = given.push or (desk.settings.push and given.commit is None)
    return Landing(push or (desk.settings.commit if given.commit is None else given.commit), push)


def require_sound(
    desk: Snapshot, after: SourceFile, before: SourceFile | None = None, beside: Sequence[str] = ()
) -> Facts:
    """Return the facts of a file about to be written; `beside` are the ids of new records written in the same go.

    Raises FindingsError, with the findings on stderr, when it has an error that the file before did not have.
    """
    facts, found = desk.judged(after)
    known = {_sameness(item) for item in desk.judged(before)[1]} if before else set()
    fresh = [item for item in found if _stops(item) and _sameness(item) not in known]
    if fresh or facts is None:
        show_findings(fresh, after)
        raise FindingsError("nothing was written: {path} would be broken", "mend what is named above", path=after.path)
    _require_references(desk, facts, desk.at_path(after.path), beside)
    return facts


def require_agreement(desk: Snapshot, after: Facts, before: Facts, source: SourceFile) -> None:
    """Raise FindingsError, with the findings on stderr, when a step makes a record contradict its neighbours."""
    if after.status == before.status or after.kind not in CONTROLLED:
        return
    from servicebook.rules.check import neighbours_against

    known = {_sameness(item) for item in neighbours_against(desk, before)}
    found = [item for item in neighbours_against(desk, after) if _stops(item) and _sameness(item) not in known]
    if found:
        show_findings(found, source)
        raise FindingsError("nothing was written: {path} would be broken", "mend what is named above", path=source.path)


def require_lawful_step(desk: Snapshot, before: Facts, after: Facts, source: SourceFile) -> None:
    """Raise FindingsError, with the findings on stderr, when the step from one text to the next is not lawful."""
    from servicebook.rules.check import check_step
    from servicebook.store.edits import Edit

    edit = Edit(source.path, before, after, source.path)
    found = [item for item in check_step(desk, edit, desk.repository.head_tree) if _stops(item)]
    if found:
        show_findings(found, source)
        raise FindingsError("nothing was written: {path} would be broken", "mend what is named above", path=source.path)


def held_back(desk: Snapshot, landing: Landing, after: SourceFile) -> Landing:
    """Return how far a file goes that was to be pushed: no further than the disk where it lacks something.

    Where records land, what is incomplete is an error: committed, it would keep every later push waiting. What the
    others have that lacks the same already is no reason.
    """
    here = _unfinished(desk, after) if landing.push else []
    if not here:
        return landing
    tree = desk.repository.tree_if_any("@{upstream}")
    blob = desk.repository.blob_in(tree, after.path) if tree else ""
    known = set()
    if blob:
        theirs = SourceFile(after.path, dict(desk.repository.read_blobs([blob]))[blob])
        known = {_sameness(item) for item in _unfinished(desk, theirs)}
    fresh = [item for item in here if _sameness(item) not in known]
    return Landing(commit=False, push=False, held=_remedy_of(fresh[0])) if fresh else landing


def _remedy_of(item: Diagnostic) -> str:
    """Return the first remedy of a finding, without the marks around a command."""
    from servicebook.diagnostics.wording import hints_of
    from servicebook.rules.registry import rule_of

    return "".join(hints_of(rule_of(item.code), item, terminal_language())[:1]).strip("`")


def _unfinished(desk: Snapshot, source: SourceFile) -> list[Diagnostic]:
    from servicebook.rules.registry import rule_of

    return [item for item in desk.judged(source)[1] if rule_of(item.code).incomplete]


def require_readable(desk: Snapshot, after: SourceFile, id: str) -> None:
    """Raise FindingsError unless a file about to be written is read as the record `id`."""
    facts, found = desk.judged(after)
    if facts is None or facts.id != id or facts.get("$broken"):
        show_findings(found, after)
        raise FindingsError("nothing was written: {path} would be broken", "mend what is named above", path=after.path)


def _require_references(desk: Snapshot, facts: Facts, before: Facts | None, beside: Sequence[str]) -> None:
    """Raise UsageError for a reference to nothing that was not there before, with what is near."""
    old = {(ref.kinds, ref.target) for ref in before.refs} if before else set()
    for ref in facts.refs:
        known = (ref.kinds, ref.target) in old or ref.target in (facts.id, "provider", *beside)
        if not known and not any(desk.get(kind, ref.target) for kind in ref.kinds):
            near = near_ids(desk, ref.target, ref.kinds, 1)
            raise UsageError(
                "`{field}` is `{target}`, and there is no such {kind}",
                "did you mean `{near}`?" if near else "servicebook list {kind}",
                field=".".join(str(key) for key in ref.field),
                target=ref.target,
                kind=ref.kinds[0],
                near="".join(near),
            )


def show_findings(found: Sequence[Diagnostic], source: SourceFile) -> None:
    """Print findings in full on stderr; `source` is the file they are about, which may not be on disk."""
    from servicebook.diagnostics.render import Shown, render
    from servicebook.rules.registry import rule_of
    from servicebook.text.front_matter import locate, parse_front_matter

    front, _ = parse_front_matter(source)
    shown = []
    for item in found:
        span = item.where if isinstance(item.where, Span) else Span(1, 1, 1, 1)
        if front is not None and not isinstance(item.where, Span):
            span = locate(front, item.where)
        rule = rule_of(item.code)
        shown.append(Shown(item, rule, rule.severity, span))
    lines = source.data.decode("utf-8", "replace").splitlines()
    text = render(shown, "full", terminal_language(), lambda _, line: lines[line - 1] if line <= len(lines) else None)
    if text:
        print(text, file=sys.stderr)


def show_unfinished(desk: Snapshot, source: SourceFile) -> None:
    """Print what the record still lacks: no reason not to write it, but it will be asked for when it lands."""
    from servicebook.diagnostics.wording import hints_of, message_of
    from servicebook.rules.registry import rule_of

    language = terminal_language()
    for item in _unfinished(desk, source):
        rule = rule_of(item.code)
        print(f"{speak('still open')}: {message_of(rule, item, language)} ({item.code})")
        hints = hints_of(rule, item, language)
        for hint in hints[:-1] or hints:
            print(f"  {hint}")


CONTROLLED = ("known_error", "release")
"""Kinds whose next state is also held against the records they name: what it sets off is hard to take back."""


def _stops(item: Diagnostic) -> bool:
    from servicebook.rules.registry import rule_of

    rule = rule_of(item.code)
    return rule.severity == "error" and not rule.incomplete


def _sameness(item: Diagnostic) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Two findings are the same when code and values are: lines move as a file is edited."""
    return (item.code, item.params)


def write_record(desk: Snapshot, after: SourceFile, before: SourceFile | None, commit: bool, subject: str) -> None:
    """Write one file atomically and, when `commit` says so, commit just that file.

    Both happen under one lock: another process of this clone neither commits our lines nor finds them half done.
    Raises WriteError when the file is not as `before` any more: somebody else wrote in the meantime.
    """
    write_records(desk, [(after, before)], commit, subject)


def write_records(
    desk: Snapshot, files: Sequence[tuple[SourceFile, SourceFile | None]], commit: bool, subject: str
) -> None:
    """Write files that belong together, (after, before) each, and commit just them; as `write_record` does one."""
    from servicebook.store.write import write_files, writing

    left_out = [after.path for after, before in files if before and not os.path.isfile(f"{desk.root}/{after.path}")]
    with writing(desk.root):
        known = {after.path: before.data if before else None for after, before in files}
        write_files(desk.root, [after for after, _ in files], known)
        for path in left_out:
            tell_left_out(path)
        if commit:
            commit_files(desk.root, list(known), subject)


def tell_left_out(path: str) -> None:
    """Say that a file comes to lie on disk that the clone's sparse checkout leaves out."""
    note = speak("{path} is outside of this clone's sparse checkout and lies there now", path=path)
    later = speak("once it is committed, this puts it away again: git sparse-checkout reapply")
    print(f"{note}; {later}", file=sys.stderr)


def is_uncommitted(root: str, path: str) -> bool:
    """Whether a file differs from the last commit."""
    return bool(run_git(["--literal-pathspecs", "status", "--porcelain", "-z", "--", path], root))


def commit_files(root: str, paths: Sequence[str], subject: str) -> None:
    """Commit files, those that are gone and the first to be named in messages, and nothing else; hooks run."""
    import subprocess

    from servicebook.store.git import GitError
    from servicebook.store.write import await_index

    path = paths[0]
    if lock := await_index(root):
        raise FindingsError(
            "{path} is written, but not committed: another Git command is at work, {lock} is there",
            "when none runs, one was killed: rm {lock}, then git add {path}, git commit -- {path}",
            path=path, lock=lock,
        )  # fmt: skip
    try:
        known = run_git(["ls-files", "-z", "--cached", "--others", "--", *paths], root).split(b"\0")
        paths = [path for path in paths if any(name.startswith(os.fsencode(path)) for name in known)]
        if try_git(["add", "--all", "--", *paths], root)[0]:
            run_git(["add", "--all", "--sparse", "--", *paths], root)  # a sparse checkout that leaves a file out
    except GitError as error:
        raise FindingsError(
            "{path} is written, but not committed: {why}", "mend it, then git commit -- {path}", path=path, why=error
        ) from error
    done = subprocess.run(["git", "-C", root, "commit", "--quiet", "-m", subject, "--", *paths], check=False)
    if done.returncode:
        merging = try_git(["rev-parse", "--quiet", "--verify", "MERGE_HEAD"], root)[0] == 0
        raise FindingsError(
            "{path} is written, but the commit was refused",
            "a merge is not finished here: git status, then git commit takes this file along"
            if merging
            else "mend it, then git commit -- {path}",
            path=path,
        )


def push_record(desk: Snapshot, landing: Landing, written: SourceFile | None = None) -> None:
    """Bring what was committed to the others, when `landing` says so; last, since a network takes its time.

    written: the record as it was written; where others wrote to it too, it is said what became of it.
    Raises NotSharedError when it did not get there; the commit is kept in every case. FindingsError when the file was
    held back.
    """
    if landing.held and written:
        is_command = landing.held.startswith("servicebook ")
        raise FindingsError(
            "{path} is written, but neither committed nor pushed: unfinished, it would keep other pushes waiting",
            "{remedy} --push" if is_command else "{remedy}; then git commit -- {path}, git push",
            path=written.path, remedy=landing.held,
        )  # fmt: skip
    if not landing.push:
        return
    from servicebook.cli.driver import driver_options
    from servicebook.store.landing import share

    sys.stdout.flush()
    options = driver_options(desk.repository)
    shared = share(desk.root, options, lambda tree, theirs: _judged_merge(desk, tree, theirs), _tell_crowd)
    if shared.behind:
        why = shared.behind
        said = speak("pushed, merged with what others pushed; your own files stay as they are: {why}", why=why)
        print(said, speak("git pull, when they are committed or put away"), sep="\n", file=sys.stderr)
        return
    print()
    if not shared.merged:
        print(speak("pushed to {upstream}", upstream=shared.upstream))
        return
    print(speak("pushed to {upstream}, merged with what others pushed", upstream=shared.upstream))
    if written:
        _tell_changed(desk, written)


def _tell_changed(desk: Snapshot, written: SourceFile) -> None:
    """Say where a record stands that others wrote to as well."""
    from servicebook.cli.clocks import speak_value

    now = SourceFile(written.path, desk.read_in_work_tree(written.path))
    facts = desk.judged(now)[0] if now.data != written.data else None
    if facts:
        state = speak_value(facts.status, facts.kind)
        print(speak("others wrote to it too, it is {state} now: servicebook show {id}", state=state, id=facts.id))


def _tell_crowd(tries: int) -> None:
    said = speak("others are pushing at the same moment: tried {tries} times, going on", tries=tries)
    print(said, file=sys.stderr)


def _judged_merge(desk: Snapshot, tree: str, theirs: str) -> list[SourceFile]:
    """Return the closing blocks that a merge took out, written again.

    Raises FindingsError, with the findings on stderr, when what we bring to the others' tree breaks the merged one.
    """
    from servicebook.cli.merging import with_outcome
    from servicebook.store.edits import read_edits
    from servicebook.store.opening import read_snapshot
    from servicebook.store.repository import find_repository

    repository = find_repository(desk.root)
    repository.head_tree = theirs
    merged = read_snapshot(repository, tree, desk.judge)
    edits = read_edits(merged)
    files = []
    for edit in edits:
        if edit.after and edit.after.status == "closed" and not edit.after.get("sla"):
            before = SourceFile(edit.path, merged.read(edit.path))
            files += [after] if (after := with_outcome(merged, before)).data != before.data else []
    _refuse_broken(merged, edits)
    return files


def _refuse_broken(merged: Snapshot, edits: Sequence[Edit]) -> None:
    from servicebook.cli.now import read_now
    from servicebook.diagnostics.render import render
    from servicebook.rules.check import check_edits
    from servicebook.rules.showing import line_reader
    from servicebook.rules.showing import show_findings as placed

    found = check_edits(merged, edits, read_now(merged.settings, writes=True))
    shown = [item for item in placed(merged, found) if item.severity == "error"]
    if shown:
        print(render(shown, "full", terminal_language(), line_reader(merged)), file=sys.stderr)
        raise FindingsError(
            "the commit is kept, but not pushed: merged with what others pushed, {count} finding(s) would stand",
            "git pull --no-rebase, mend what is named above, git commit, git push",
            count=len(shown),
        )
