"""What the files in tests/cases hold, and the bench on which they are laid.

A case is one file in tests/cases, named by the rule's code: `WFL403.md` fires it, `WFL403.ok.md` does not;
a rule may have more (`WFL403.reopened.md`). A case is laid over a small desk, the worked examples of the kinds
and tests/cases/desk:

- What stands before the first line `-- name --` of a .md case is a record, at the place its id gives it;
  a .txt case holds files with their paths:
- `-- path --` begins a file; `[crlf]`, `[bom]`, `[gb18030]`, `[latin-1]`, `[utf-16]`, `[symlink]`, `[pipe]`,
  `[escaped]` (\\x09, \\u200b), `[filled]` (<<x*20001>>) and `[megabytes 10]` behind the path say how it is written.
- `-- before: path --` begins a file as the last commit has it; `-- gone: path --` takes a file away.
- `-- committed INSTANT --` says when the rest is committed, for the rules on the history (HIS): what stands before
  it was committed on 2026-03-13 at 09:00, `-- before: path --`, and the rest at 12:00 unless said.
- `-- authored INSTANT --` says another date of its author; `-- received INSTANT --` when a server received it.
- `-- receipts --` gives the branch two receipts of a server; `-- moved between --` lets it move between them.
- `-- pinned --` pins where the branch stood before the rest is committed; `-- rewritten --` commits the rest in place
  of what was before.
- `-- expected --` lists the findings: `path:line:column CODE`, the path left out for the leading record.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.render import Shown
from servicebook.evidence.audit import audit_checkpoints, audit_receipts, audit_steps
from servicebook.evidence.begun_changes import audit_changes
from servicebook.evidence.checkpoints import Checkpoint
from servicebook.evidence.commit_times import audit_times
from servicebook.evidence.key_history import audit_keys
from servicebook.evidence.receipts import Receipt, digest_of
from servicebook.evidence.received import Push
from servicebook.records.kinds import BY_NAME, is_id_of, path_of
from servicebook.rules.check import check_desk, check_past
from servicebook.rules.opening import open_desk
from servicebook.rules.showing import show_findings
from servicebook.store.edits import read_edits
from servicebook.store.mainline import read_mainline
from servicebook.store.snapshot import Snapshot

CASES = Path(__file__).parent.parent / "cases"
EXAMPLES = Path(__file__).parent.parent / "records" / "examples"
NOW = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
_INSTANTS = ("committed ", "authored ", "received ")
LEADING = "tickets/incidents/2026/03/INC-20260313-4DXQ.md"
_MARK = re.compile(r"^-- (before: |gone: )?(.+?)(?: \[(.+)\])? --$", re.MULTILINE)


class Part(NamedTuple):
    """One file of a case: when it is there (`before: `, `gone: ` or empty), where, how written, and its text."""

    when: str
    path: str
    form: str
    text: str


class Case(NamedTuple):
    """A small desk and the findings it marks."""

    name: str
    parts: tuple[Part, ...]
    expected: tuple[str, ...]
    committed: str = ""
    said: Mapping[str, str] = {}
    marks: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of the rule that the case is about."""
        return self.name.split(".")[0]

    @property
    def of_history(self) -> bool:
        """Whether the case is about what commits show."""
        return self.name.startswith("HIS")

    @property
    def is_twin(self) -> bool:
        """Whether the case is one that the rule must leave alone."""
        return ".ok" in self.name


def parse_case(path: Path) -> Case:
    """Return the case that a file holds."""
    text = path.read_text("utf-8")
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    parts = [
        Part(mark[1] or "", mark[2], mark[3] or "", text[mark.end() + 1 : end])
        for mark, end in zip(marks, ends, strict=True)
    ]
    expected = "".join(part.text for part in parts if part.path == "expected").split("\n")
    said = dict(part.path.split(" ") for part in parts if part.path.startswith(_INSTANTS))
    states = tuple(part.path for part in parts if part.path in ("pinned", "rewritten", "receipts", "moved between"))
    other = ("expected", *states)
    parts = [part for part in parts if part.path not in other and not part.path.startswith(_INSTANTS)]
    leading = text[: marks[0].start()] if marks else text
    if path.suffix == ".md":
        parts.insert(0, Part("", _own_place(leading), "", leading))
    lines = [f"{parts[0].path}:{line}" if line[0].isdigit() else line for line in expected if line]
    return Case(path.name, tuple(parts), tuple(sorted(lines)), said.get("committed", ""), said, states)


def _own_place(text: str) -> str:
    """Return where a record belongs by its schema and id; where the leading record lies when one is unreadable."""
    schema = re.search(r"^schema: (\w+)/1$", text, re.MULTILINE)
    named = re.search(r"^id: (\S+)$", text, re.MULTILINE)
    kind = BY_NAME.get(schema[1]) if schema else None
    return path_of(kind, named[1]) if named and kind and is_id_of(kind, named[1]) else LEADING


def written(part: Part) -> bytes:
    """Return the bytes of a part in the form it asks for."""
    text = part.text
    if part.form == "escaped":
        text = re.sub(r"\\x(..)|\\u(....)", lambda match: chr(int(match[1] or match[2], 16)), text)
    if part.form == "filled":
        text = re.sub(r"<<(.+?)\*(\d+)>>", lambda match: match[1] * int(match[2]), text)
    if part.form == "crlf":
        text = text.replace("\n", "\r\n")
    if part.form == "bom":
        text = "\ufeff" + text
    if part.form.startswith("megabytes "):
        text = text + "x" * 79 + "\n"
        text = text + ("x" * 79 + "\n") * (int(part.form.split()[1]) * 1024 * 1024 // 80)
    return text.encode(part.form if part.form in ("gb18030", "latin-1", "utf-16") else "utf-8")


class Bench:
    """One Git desk on which cases are laid one after the other, and what was found for each."""

    def __init__(self, repo) -> None:
        self.repo = repo
        self.base = {_own_place(path.read_text("utf-8")): path.read_bytes() for path in sorted(EXAMPLES.iterdir())}
        for path in sorted((CASES / "desk").rglob("*.md")):
            self.base[path.relative_to(CASES / "desk").as_posix()] = path.read_bytes()
        repo.commit("the desk of all cases", self.base)
        self.head = repo.git("rev-parse", "HEAD").strip()
        self.kept: dict[str, list[Shown]] = {}
        self.pinned: list[str] = []

    def found_in(self, case: Case) -> list[Shown]:
        """Return the findings on a case, as they land."""
        if case.name not in self.kept:
            try:
                self._lay(case)
                desk = open_desk(str(self.repo.root))
                found = check_desk(desk, NOW, read_edits(desk))
                if case.of_history:
                    own = {part.path for part in case.parts}
                    found += [item for item in [*check_past(desk, NOW), *self._audited(case, desk)] if item.path in own]
                self.kept[case.name] = show_findings(desk, found, landing=True)
                desk.close()
            finally:
                self._clear(case)
        return self.kept[case.name]

    def _audited(self, case: Case, desk: Snapshot) -> list[Diagnostic]:
        """Return what an audit has against the commits of a case."""
        tip = self.repo.git("rev-parse", "HEAD").strip()
        steps = [step for step in read_mainline(desk.repository, tip) if step.subject == "a step"]
        at = "2026-03-13T10:00:00+08:00"
        points = [Checkpoint(at, "refs/heads/main", id, case.parts[0].path) for id in self.pinned]
        deeds = [*audit_steps(desk.repository, steps, lambda id: bool(desk.named(id)))]
        if "receipts" in case.marks:
            gap = ("refs/heads/main",) if "moved between" in case.marks else ()
            first = Receipt(1, at, (), "unsigned")
            second = Receipt(2, at, (), "unsigned", gap=gap, previous=digest_of(first))
            own = case.parts[0].path
            deeds += [d._replace(finding=d.finding._replace(path=own)) for d in audit_receipts([first, second])]
        came = case.said.get("received")
        push = Push(1, datetime.fromisoformat(came)) if came else None
        found = [finding for _, finding in audit_times(steps, 86_400, lambda id: push if id == tip else None)]
        found += [finding for _, finding in audit_keys(desk.repository, tip, steps)]
        found += [finding for _, finding in audit_changes(desk.repository, tip, steps, NOW)]
        return [*found, *(deed.finding for deed in [*deeds, *audit_checkpoints(desk.repository, tip, points)])]

    def _lay(self, case: Case) -> None:
        if case.of_history:
            self._commit(case, "before: ", "2026-03-13T09:00:00+08:00")
            self.pinned = [self.repo.git("rev-parse", "HEAD").strip()] if "pinned" in case.marks else []
            if "rewritten" in case.marks:
                self.repo.git("reset", "--quiet", "--soft", "HEAD^")
            date = case.committed or "2026-03-13T12:00:00+08:00"
            self._commit(case, "", date, case.said.get("authored", date))
            return
        for part in case.parts:
            if part.when == "before: ":
                self.repo.write({part.path: written(part)})
        if any(part.when == "before: " for part in case.parts):
            # Amended, because a step counts as lawful when it is so from HEAD's parent.
            self.repo.git("add", "-A")
            self.repo.git("commit", "--quiet", "--no-verify", "--amend", "--no-edit")
        for part in case.parts:
            target = self.repo.root / part.path
            if part.when == "gone: ":
                target.unlink()
            elif part.form == "symlink":
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(part.text.strip())
            elif part.form == "pipe":
                target.unlink(missing_ok=True)
                os.mkfifo(target)
            elif not part.when:
                self.repo.write({part.path: written(part)})

    def _commit(self, case: Case, when: str, date: str, authored: str = "") -> None:
        """Commit the files of one moment, as if it had been done on a date."""
        for part in case.parts:
            if part.when == when and part.path.startswith(("kb/", "tickets/")):
                self.repo.write({part.path: written(part)})
            elif not when and part.when == "gone: ":
                (self.repo.root / part.path).unlink()
        self.repo.git("add", "-A")
        dates = {"GIT_AUTHOR_DATE": authored or date, "GIT_COMMITTER_DATE": date}
        self.repo.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", "a step", **dates)

    def _clear(self, case: Case) -> None:
        if case.of_history:
            self.repo.git("reset", "--quiet", "--hard", self.head)
            return
        for part in case.parts:
            (self.repo.root / part.path).unlink(missing_ok=True)
        self.repo.write({part.path: self.base[part.path] for part in case.parts if part.path in self.base})
        if any(part.when == "before: " for part in case.parts):
            self.repo.git("reset", "--quiet", self.head)


_BENCHES: list[Bench] = []


@pytest.fixture
def bench(make_repo) -> Bench:
    """Return the one bench of this process: 300 repositories would take a minute."""
    if not _BENCHES:
        _BENCHES.append(Bench(make_repo("cases")))
    return _BENCHES[0]


def all_cases() -> list[Case]:
    """Return every case, sorted by its file's name."""
    return [parse_case(path) for path in sorted(CASES.iterdir()) if path.is_file() and path.suffix in (".md", ".txt")]


def marks_of(found: list[Shown]) -> list[str]:
    """Return findings as a case marks them."""
    return sorted(f"{s.finding.path}:{s.span.line}:{s.span.column} {s.finding.code}" for s in found)
