"""Does every reference lead somewhere: to a record that exists, of the right kind, that is still in use?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts, Ref
from servicebook.records.kinds import BY_PREFIX, ID_PATTERN
from servicebook.rules.reading import GONE, is_at_rest, listed
from servicebook.text.links import path_of_link
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot

HISTORY = ("timeline", "sla", "waivers", "costs")
"""Fields that tell what was: a person who has left may well stand there."""


@lru_cache(maxsize=8)
def resolved(facts: Facts, desk: Snapshot) -> tuple[tuple[Ref, Facts | None], ...]:
    """Return each reference of a record with the record it names, of one of the kinds it may name.

    Kept for a few records, because several rules ask for the same one after the other.
    """
    known: dict[str, tuple[tuple[str, ...], Facts | None]] = {}  # one person does most of what a timeline tells
    found = []
    for ref in facts.refs:
        before = known.get(ref.target)
        if before is None or before[0] != ref.kinds:
            before = known[ref.target] = (ref.kinds, _target_of(ref, desk))
        found.append((ref, before[1]))
    return tuple(found)


def _target_of(ref: Ref, desk: Snapshot) -> Facts | None:
    for kind in ref.kinds:
        if (found := desk.get(kind, ref.target)) is not None:
            return found
    return None


def others_of(ref: Ref, desk: Snapshot) -> list[Facts]:
    """Return the records of other kinds that have exactly the id a reference names."""
    return [facts for facts in desk.with_id(ref.target) if facts.kind not in ref.kinds]


@rule(
    "REF501",
    "reference-to-nothing",
    scope="relation",
    message="`{field}` names `{target}`, and there is no such {kinds}",
    hint="keep it: git checkout HEAD -- {gone}"
    " | then servicebook rename {gone_kind}/{target} NEW: the old name leads to the new one"
    " | did you mean `{near}`? | add the record, or name one that `servicebook list` shows",
)
def reference_to_nothing(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A reference that leads nowhere.

    Why: promises, people to call and places to go to are found by following references; a broken one is
    noticed at three in the morning.

    Example:
        service: live-steaming

    Instead:
        service: live-streaming
    """
    for ref, target in resolved(facts, desk):
        if target is None and not others_of(ref, desk):
            params = {
                "field": field_of(ref),
                "target": ref.target,
                "kinds": listed(ref.kinds),
                "near": near_id(ref, desk),
            }
            yield reference_to_nothing.at(facts.path, ref.field, **params)


def field_of(ref: Ref) -> str:
    """Return a reference's field as people write it: `links.problem`, without positions in lists."""
    return ".".join(key for key in ref.field if isinstance(key, str))


def near_id(ref: Ref, desk: Snapshot) -> str:
    """Return the id most like the one a reference names, among the kinds it may name; empty when none is."""
    from servicebook.store.near_ids import near_ids

    return next(iter(near_ids(desk, ref.target, ref.kinds, 1)), "")


@rule(
    "REF502",
    "reference-to-another-kind",
    scope="relation",
    message="`{field}` names `{target}`, which is {found}; due was {kinds}",
    hint="name a record of kind {kinds} | `servicebook show {target}` shows what it is",
)
def reference_to_another_kind(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A reference to a record that exists, but is something else than the field asks for.

    Why: the field's meaning hangs on the kind: an incident under `links.problem` is counted as a problem that
    nobody works on.

    Example:
        links: {problem: [INC-20260312-7F3K]}

    Instead:
        links: {incident: [INC-20260312-7F3K]}
    """
    for ref, target in resolved(facts, desk):
        others = [] if target else others_of(ref, desk)
        if others:
            found, kinds = listed(sorted({other.kind for other in others})), listed(ref.kinds)
            params = {"field": field_of(ref), "target": ref.target, "found": found, "kinds": kinds}
            yield reference_to_another_kind.at(facts.path, ref.field, **params)


@rule(
    "REF503",
    "reference-to-retired",
    scope="relation",
    severity="warning",
    message="`{field}` names `{target}`, which is `{status}`",
    hint="name what took its place | `servicebook show {target}`",
)
def reference_to_retired(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A record in use that leans on one that is not.

    Why: an open ticket assigned to somebody who has left waits for ever; a service under an expired agreement
    has no promise. What is closed or retired itself may name whom it likes: that is history.

    Example:
        assigned_to: zhao.min     (status: retired)

    Instead:
        assigned_to: li.wei
    """
    if is_at_rest(facts):
        return
    for ref, target in resolved(facts, desk):
        if target and target.status in GONE and ref.field[0] not in HISTORY:
            params = {"field": field_of(ref), "target": target.id, "status": target.status}
            yield reference_to_retired.at(facts.path, ref.field, **params)


@rule(
    "REF504",
    "reference-to-itself",
    scope="relation",
    message="`{field}` names the record itself",
    hint="take `{target}` out of `{field}`",
)
def reference_to_itself(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A record that names itself as its parent, duplicate, dependency or neighbour.

    Why: whoever follows the chain never arrives.

    Example:
        id: INC-20260312-7F3K
        links: {duplicate_of: INC-20260312-7F3K}

    Instead:
        links: {duplicate_of: INC-20260312-9ABC}
    """
    for ref in facts.refs:
        if ref.target != facts.id or facts.kind not in ref.kinds:
            continue
        # A customer's own page may be shown to that customer: an audience is no chain to follow.
        if ref.field[0] not in HISTORY and ref.field[0] != "audience":
            yield reference_to_itself.at(facts.path, ref.field, field=field_of(ref), target=facts.id)


@rule(
    "REF505",
    "link-to-missing-file",
    scope="relation",
    message="the link `{target}` leads to no file of the desk",
    hint="did you mean `{near}`? | add the file, or mend the link",
)
def link_to_missing_file(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A link in the text to a file that is not there.

    Why: on the site it is a page that does not exist; at night it is the runbook that was renamed.

    Example:
        see [the runbook](../../kb/articles/restart-transcoder.md)

    Instead:
        see [the runbook](../../../../kb/articles/restart-transcoding.md)
    """
    for target, line in facts.get("$body", "links", default=()):
        path = path_of_link(facts.path, target)
        if path is not None and not path.startswith("../") and not desk.has_path(path):
            near = near_path(path, desk)
            yield link_to_missing_file.at(facts.path, line_span(line), target=target, near=near)


def line_span(line: int) -> Span:
    """Return the span that stands for a whole line."""
    return Span(line, 1, line, 1)


def near_path(path: str, desk: Snapshot) -> str:
    """Return a file of the same name elsewhere, or one named much like it beside it; empty if none."""
    from difflib import get_close_matches
    from posixpath import basename, dirname

    paths = list(desk.paths())
    same = [known for known in paths if basename(known) == basename(path)]
    beside = [known for known in paths if dirname(known) == dirname(path)]
    return next(iter(same or get_close_matches(path, beside, 1, 0.8)), "")


@rule(
    "REF506",
    "mention-of-nothing",
    scope="relation",
    severity="warning",
    message="the text mentions `{id}`, and there is no such record",
    hint="did you mean `{near}`? | `servicebook show {tail}` looks for its last four characters",
)
def mention_of_nothing(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """An id in the text that no record has.

    Why: ids in the text become links; one that was misheard on the telephone leads the reader to nothing.

    Example:
        The same as INC-20260312-7F3X.

    Instead:
        The same as INC-20260312-7F3K.
    """
    for mention in facts.get("$body", "ids", default=()):
        match = ID_PATTERN.fullmatch(mention)
        if match and desk.get(BY_PREFIX[match[1]].name, mention) is None:
            near = [found.id for found in desk.find(match[3])]
            params = {"id": mention, "near": near[0] if len(near) == 1 else "", "tail": match[3]}
            yield mention_of_nothing.at(facts.path, (), **params)


RULES: tuple[Rule, ...] = (
    reference_to_nothing,
    reference_to_another_kind,
    reference_to_retired,
    reference_to_itself,
    link_to_missing_file,
    mention_of_nothing,
)
