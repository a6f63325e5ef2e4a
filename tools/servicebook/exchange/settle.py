"""From drafts to files: ids, places, declared quirks; what is there already stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.exchange.draft import Draft, ticket_id
from servicebook.records.facts import Facts
from servicebook.records.kinds import path_of
from servicebook.rules.check import judge
from servicebook.rules.registry import BY_CODE
from servicebook.settings import Settings
from servicebook.sla.status import closing_block
from servicebook.store.snapshot import Snapshot
from servicebook.text.compose import compose_record
from servicebook.text.source_file import SourceFile, blob_id

NEVER_A_QUIRK = ("FMT", "TRE", "SET")
"""Families whose findings say that a file is broken, whoever wrote it."""

NEVER_SAFE = ("BOD302", "BOD303")
"""Links that run code or lead out of the repository: not taken in, whatever the source says."""


class Settled(NamedTuple):
    """What is to be written, and what was found on the way.

    kept: paths of records that are there already and differ from what the source says now; left alone.
    quirks: rule code to how many records carry it as a declared quirk.
    refused: findings of records that cannot be taken in as they are.
    """

    files: list[SourceFile]
    unchanged: int
    kept: list[str]
    quirks: Counter[str]
    refused: list[Diagnostic]


def settle(
    drafts: Iterable[Draft],
    desk: Snapshot,
    settings: Settings,
    *,
    update: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Settled:
    """Give each draft its id and place, judge it, and declare what its source got wrong.

    A record that was imported before (same system and id) keeps its id; it is written again only when the
    source says something else now and `update` is set, because people may have gone on editing it. A closed
    ticket gets the outcome of its clocks (`sla:`), as closing it here would have written it.
    """
    settled = Settled([], 0, [], Counter(), [])
    known = imported_before(desk)
    taken = {id for _, id in known.values()} | {facts.id for facts in desk.all()}
    arriving = _Arriving(desk, settings)
    unchanged = 0
    for draft in sorted(drafts, key=lambda draft: draft.kind.ticket):  # what tickets refer to comes first
        step()
        before = known.get((draft.kind.name, draft.system, draft.source_id))
        id = before[1] if before else (draft.slug or ticket_id(draft, taken))
        taken.add(id)
        source, quirks, refused = arriving.judged(draft, id)
        path = before[0] if before else source.path
        old = _standing(desk, path)
        if old == source.data:
            unchanged += 1
        elif old is not None and not update:
            settled.kept.append(path)
        elif refused:
            settled.refused.extend(refused)
        else:
            settled.quirks.update(quirks)
            settled.files.append(source._replace(path=path))
    return settled._replace(unchanged=unchanged)


class _Arriving:
    """The desk with the records that are on their way in: what clocks are computed by."""

    def __init__(self, desk: Snapshot, settings: Settings) -> None:
        self.desk = desk
        self.settings = settings
        self.standing: dict[tuple[str, str], Facts] = {}

    def get(self, kind: str, id: str) -> Facts | None:
        """Return a record that is arriving, or one of the desk."""
        return self.standing.get((kind, id)) or self.desk.get(kind, id)

    def judged(self, draft: Draft, id: str) -> tuple[SourceFile, list[str], list[Diagnostic]]:
        """Return the file of a draft, the quirks it declares, and the findings that stand in its way."""
        source = _composed(draft, id, [], {})
        facts, found, _ = judge(source, self.settings)
        outcome: Mapping[str, Any] = {}
        if facts and not draft.kind.ticket:
            self.standing[facts.kind, facts.id] = facts
        elif facts and facts.status == "closed":
            outcome = closing_block(facts, self)
        quirks = sorted({diagnostic.code for diagnostic in found if _may_be_quirk(diagnostic)})
        refused = [diagnostic for diagnostic in found if not _may_be_quirk(diagnostic)]
        if quirks or outcome:
            source = _composed(draft, id, quirks, outcome)
        return source, quirks, refused


def _standing(desk: Snapshot, path: str) -> bytes | None:
    """Return what the desk has at a path, on disk or left out by a sparse checkout; None for nothing."""
    try:
        return desk.read_in_work_tree(path)
    except FileNotFoundError:
        return None


def imported_before(desk: Snapshot) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return (kind, system, source id) to (path, id) of every imported record of the desk."""
    known = {}
    for facts in desk.all():
        external = facts.get("external")
        if external:
            known[facts.kind, str(external.get("system")), str(external.get("id"))] = (facts.path, facts.id)
    return known


def _may_be_quirk(found: Diagnostic) -> bool:
    rule = BY_CODE[found.code]
    if found.code.startswith(NEVER_A_QUIRK) or (found.code.startswith("REC") and not rule.incomplete):
        return False
    return found.code not in NEVER_SAFE


def _composed(draft: Draft, id: str, quirks: list[str], outcome: Mapping[str, Any]) -> SourceFile:
    external: dict[str, Any] = {"system": draft.system, "id": draft.source_id}
    if draft.url:
        external["url"] = draft.url
    if quirks:
        external["quirks"] = quirks
    fields: dict[str, Any] = {"schema": draft.kind.schema, "id": id, **_set(draft.fields), "external": external}
    if outcome:
        fields["sla"] = dict(outcome)
    if "timeline" in fields:
        fields["timeline"] = fields.pop("timeline")  # last, where people and merges append
    data = compose_record(fields, draft.body).encode()
    return SourceFile(path_of(draft.kind, id), data, blob_id(data))


def _set(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}
