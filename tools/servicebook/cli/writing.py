"""How a command writes: judged first, refused when broken, then atomically; committed when asked."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence

from servicebook.cli.arguments import Parser, speak
from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.errors import FindingsError, UsageError
from servicebook.language.catalogue import terminal_language
from servicebook.records.facts import Facts
from servicebook.store.repository import run_git
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile


def add_commit_option(parser: Parser) -> None:
    """Add `--commit` and `--no-commit`; what the desk's settings say is the default."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--commit", action="store_true", default=None, help=speak("commit just this file"))
    group.add_argument("--no-commit", dest="commit", action="store_false", help=speak("leave the commit to you"))


def require_sound(desk: Snapshot, after: SourceFile, before: SourceFile | None = None) -> Facts:
    """Return the facts of a file about to be written.

    Raises FindingsError, with the findings on stderr, when it has an error that the file before did not have.
    """
    from servicebook.rules.check import judge

    facts, found = judge(after, desk.settings)
    known = {_sameness(item) for item in judge(before, desk.settings)[1]} if before else set()
    fresh = [item for item in found if _stops(item) and _sameness(item) not in known]
    if fresh or facts is None:
        show_findings(fresh, after)
        raise FindingsError("nothing was written: {path} would be broken", "mend what is named above", path=after.path)
    _require_references(desk, facts, desk.at_path(after.path))
    return facts


def _require_references(desk: Snapshot, facts: Facts, before: Facts | None) -> None:
    """Raise UsageError for a reference to nothing that was not there before, with what is near."""
    old = {(ref.kinds, ref.target) for ref in before.refs} if before else set()
    for ref in facts.refs:
        known = (ref.kinds, ref.target) in old or ref.target in (facts.id, "provider")
        if not known and not any(desk.get(kind, ref.target) for kind in ref.kinds):
            near = difflib.get_close_matches(ref.target, [record.id for record in desk.of_kind(*ref.kinds)], 1)
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
    from servicebook.diagnostics.wording import message_of
    from servicebook.rules.check import judge
    from servicebook.rules.registry import rule_of

    for item in judge(source, desk.settings)[1]:
        rule = rule_of(item.code)
        if rule.incomplete:
            print(f"{speak('still open')}: {message_of(rule, item, terminal_language())} ({item.code})")


def _stops(item: Diagnostic) -> bool:
    from servicebook.rules.registry import rule_of

    rule = rule_of(item.code)
    return rule.severity == "error" and not rule.incomplete


def _sameness(item: Diagnostic) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Two findings are the same when code and values are: lines move as a file is edited."""
    return (item.code, item.params)


def write_record(
    desk: Snapshot, after: SourceFile, before: SourceFile | None, commit: bool | None, subject: str
) -> None:
    """Write one file atomically; commit just that file when `commit` (or, left open, the settings) say so.

    Raises WriteError when the file is not as `before` any more: somebody else wrote in the meantime.
    """
    from servicebook.store.write import write_files

    write_files(desk.root, [after], {after.path: before.data if before else None})
    if desk.settings.commit if commit is None else commit:
        commit_file(desk.root, after.path, subject)


def commit_file(root: str, path: str, subject: str) -> None:
    """Commit one file as it lies in the work tree, and nothing else that may be staged; hooks run."""
    import subprocess

    run_git(["add", "--", path], root)
    done = subprocess.run(["git", "-C", root, "commit", "--quiet", "-m", subject, "--", path], check=False)
    if done.returncode:
        raise FindingsError(
            "{path} is written, but the commit was refused", "mend it, then git commit -- {path}", path=path
        )
