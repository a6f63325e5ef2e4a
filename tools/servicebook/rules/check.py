"""Is the desk in order? Judges files, then what they mean to each other, then the desk as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime

from servicebook.diagnostics.diagnostic import Diagnostic, Span, done_in
from servicebook.diagnostics.rule import Rule
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, is_of_votes
from servicebook.rules.altered_votes import altered_votes
from servicebook.rules.nearby import Nearby
from servicebook.rules.registry import beyond_one_file, file_checks, needed_words, rule_of
from servicebook.rules.relations import relation_findings
from servicebook.rules.running import MANY_EDITS, rules_on_records, run_rule, with_scope
from servicebook.rules.waived import excused
from servicebook.rules.whole_desk import desk_findings
from servicebook.store.edits import Edit, edits_from
from servicebook.store.moves import STAGED, WORK_TREE
from servicebook.store.snapshot import Snapshot
from servicebook.store.verdicts import Judged
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.loader import Loaded
    from servicebook.settings import Settings
    from servicebook.store.history import CommitEdits
    from servicebook.store.repository import Moved
    from servicebook.text.source_file import SourceFile

FAR_REACHING = ("agreement", "support_hours")
"""Kinds whose change moves promises two steps away: their referrers' open tickets are looked at again."""


def judge(source: SourceFile, settings: Settings, kept_body: str = "") -> Judged:
    """Return a file's fact row, its file-scope findings, and what is kept of its body.

    The one place where a cached check reaches the loader, and only on a miss. kept_body: of an earlier judgement of
    the file at the same path.
    """
    from servicebook.diagnostics.collected import without_the_rest
    from servicebook.loader import load_record

    loaded = load_record(source, settings, kept_body)
    found = list(loaded.diagnostics)
    for check in file_checks(loaded.kind.name if loaded.kind else "", _words_of(loaded)):
        found += check(loaded)
    found = without_the_rest(found)
    if loaded.front is None or not found:
        return Judged(loaded.facts, tuple(found), loaded.kept_body)
    from servicebook.text.front_matter import locate

    # Located now, while the text is at hand: a kept finding is then shown without reading the file again.
    front = loaded.front
    placed = (i if isinstance(i.where, Span) else i._replace(where=locate(front, i.where)) for i in found)
    return Judged(loaded.facts, tuple(placed), loaded.kept_body)


def _words_of(loaded: Loaded) -> frozenset[str] | None:
    """Return the fields and events of a sound record that rules ask for; None where all rules are to be run."""
    facts = loaded.facts
    return needed_words().intersection([*facts.data, *facts.events]) if facts is not None and loaded.sound else None


def check_desk(
    desk: Snapshot,
    now: datetime,
    edits: Sequence[Edit] = (),
    latest: datetime | None = None,
    steps: Iterable[Diagnostic] = (),
) -> list[Diagnostic]:
    """Return every finding on the desk, and those on the steps of `edits`; places may still be key paths.

    now: tells which waivers hold; in the desk's zone. latest: no event of `edits` may lie later than this (the
    real clock, where `now` may be a sample desk's own); `now` when None. steps: what is known already of the
    steps that led here (`steps_of`).
    """
    unlawful = [*steps, *_unlawful(desk, edits), *ahead_of(edits, latest or now)]
    whole: list[Diagnostic] = []
    related = relation_findings(desk, lambda: whole.extend(desk_findings(desk)))
    by_path = _grouped([*desk.all_found(), *whole, *related, *unlawful])
    for path in desk.quirky_paths():
        by_path.setdefault(path, [])
    return list(_heard(desk, by_path, now, by_path.keys(), "relation", "desk"))


def check_edits(desk: Snapshot, edits: Sequence[Edit], now: datetime) -> list[Diagnostic]:
    """Return what is wrong with the changed records, and what their change breaks elsewhere.

    Elsewhere only what was in order before the edits counts: nobody is stopped by another's old mistake.
    """
    return check_landing(desk, edits, _unlawful(desk, edits), now)


def check_landing(
    desk: Snapshot, edits: Sequence[Edit], steps: Iterable[Diagnostic], now: datetime
) -> list[Diagnostic]:
    """Return the findings of `check_edits` on edits that lead here from HEAD's tree by several steps.

    steps: what is known of the steps (`steps_of`); the edits themselves are judged where they end only.
    """
    by_path: dict[str, list[Diagnostic]] = defaultdict(list)
    changed = {edit.path for edit in edits}
    for path in changed:
        by_path[path] += desk.found_at(path)
    for item in [*steps, *ahead_of(edits, now)]:
        by_path[item.path].append(item)
    before = _Before(desk)
    elsewhere: list[Diagnostic] = []
    for rule, item in _desk_findings(desk, edits):
        if item.path in changed:
            by_path[item.path].append(item)
        elif item not in before.of_desk(rule, edits):
            elsewhere.append(item)
    rules = rules_on_records("relation")
    for facts in _touched(desk, edits):
        for rule in rules(facts):
            for item in run_rule(rule, facts, desk):
                if facts.path in changed:
                    by_path[item.path].append(item)
                elif item not in before.of_record(rule, facts.path):
                    elsewhere.append(item)
    return [*_heard(desk, by_path, now, changed, "relation"), *_heard(desk, _grouped(elsewhere), now, ())]


def neighbours_against(desk: Snapshot, facts: Facts) -> list[Diagnostic]:
    """Return what the records around it have against a record as it is, or as it would be."""
    return [item for rule in rules_on_records("relation")(facts) for item in run_rule(rule, facts, desk)]


def check_past(
    desk: Snapshot, now: datetime, tip: str = "HEAD", progress: Callable[[int, int], object] | None = None
) -> list[Diagnostic]:
    """Return what Git's commits up to `tip` have against the timelines, after waivers and quirks."""
    from servicebook.rules.history import check_history

    return list(_heard(desk, _grouped(check_history(desk, tip, progress)), now, ()))


def _heard(
    desk: Snapshot, by_path: dict[str, list[Diagnostic]], now: datetime, whole: Collection[str], *scopes: str
) -> Iterator[Diagnostic]:
    """Yield findings after waivers and quirks.

    whole: the paths on which a quirk can be told to be gone, of rules on one file and of these `scopes`.
    """

    def is_judged(code: str) -> bool:  # asked for a record's quirks alone: few have any, and all rules are imported
        return any(rule.code == code and rule.scope in scopes for rule in beyond_one_file()) or _is_of_file(code)

    for path, found in by_path.items():
        facts = desk.at_path(path)
        if facts is None:
            yield from found
        elif path in whole:
            yield from excused(facts, found, now.date(), is_judged)
        elif found:
            yield from excused(facts, found, now.date(), lambda code: False)


def _grouped(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    by_path: dict[str, list[Diagnostic]] = defaultdict(list)
    for item in found:
        by_path[item.path].append(item)
    return by_path


def _is_of_file(code: str) -> bool:
    """Whether a code belongs to a rule on one file; called for a record's quirks only, so it may import."""
    try:
        return rule_of(code).scope == "file"
    except KeyError:
        return True  # a quirk that names no rule is gone for good


def _touched(desk: Snapshot, edits: Sequence[Edit]) -> list[Facts]:
    """Return the changed records and those that name one of them, as it was or as it is, sorted by path."""
    rows = {edit.after.path: edit.after for edit in edits if edit.after}
    names = {edit.path for edit in edits if not edit.before or not edit.after}
    for edit in edits:
        for facts in (edit.before, edit.after):
            if facts:
                names.update((facts.id, *facts.get("aliases", default=())))
        if edit.before_path != edit.path:
            names.add(edit.before_path)
    for facts in desk.naming(*names - {""}):
        rows.setdefault(facts.path, facts)
    for edit in edits:
        if edit.after and edit.after.kind in FAR_REACHING:
            for facts, _ in desk.referrers(edit.after.kind, edit.after.id):
                for far, _ in desk.referrers(facts.kind, facts.id):
                    if far.status not in ("closed", "cancelled", "rejected"):
                        rows.setdefault(far.path, far)
    return [rows[path] for path in sorted(rows)]


def _desk_findings(desk: Snapshot, edits: Sequence[Edit]) -> Iterator[tuple[Rule, Diagnostic]]:
    """Yield what desk rules find: those of certain kinds on the whole desk, the others around the edits."""
    kinds = {facts.kind for edit in edits for facts in (edit.before, edit.after) if facts}
    nearby: Nearby | Snapshot = desk
    if len(edits) < MANY_EDITS:
        nearby = Nearby(desk, edits, [item.path for item in desk.moved_since(desk.repository.head_tree)])
    for rule in with_scope("desk", kinds):
        for item in run_rule(rule, desk if rule.kinds else nearby):
            yield rule, item


class _Before:
    """What rules said of HEAD's tree; opened only when something is found away from the edited files."""

    def __init__(self, desk: Snapshot) -> None:
        self._desk = desk
        self._old: Snapshot | None = None
        self._said: dict[str, set[Diagnostic]] = {}

    def _old_desk(self) -> Snapshot:
        if self._old is None:
            self._old = self._desk.as_tree(self._desk.repository.head_tree)
        return self._old

    def of_record(self, rule: Rule, path: str) -> set[Diagnostic]:
        """Return what a relation rule found on the record at `path`."""
        facts = self._old_desk().at_path(path)
        return set(run_rule(rule, facts, self._old_desk())) if facts else set()

    def of_desk(self, rule: Rule, edits: Sequence[Edit]) -> set[Diagnostic]:
        """Return what a desk rule found."""
        if rule.code not in self._said:
            old = self._old_desk()
            paths = [path for edit in edits for path in (edit.path, edit.before_path) if path]
            whole = rule.kinds or len(edits) >= MANY_EDITS
            self._said[rule.code] = set(run_rule(rule, old if whole else Nearby(old, edits, paths)))
        return self._said[rule.code]


def _unlawful(desk: Snapshot, edits: Sequence[Edit]) -> list[Diagnostic]:
    """Return the findings of edit rules: a step is lawful when it is so from HEAD, or else from HEAD's parent
    (a hook cannot tell an amended commit from a new one) or from the other side of a merge.
    """
    repository = desk.repository
    found = [item for edit in _in_turn(edits) for item in check_step(desk, edit, repository.head_tree)]
    for other in ("HEAD^", "MERGE_HEAD") if found else ():
        paths = {item.path for item in found}
        suspects = [edit for edit in edits if paths & {edit.path, edit.before_path}]
        if tree := repository.tree_if_any(other):
            again = [item for edit in edits_from(desk, suspects, tree) for item in check_step(desk, edit, tree)]
            found = [item for item in found if any(item.path == other.path for other in again)]
    return [*found, *_altered_votes(desk)]


def _altered_votes(desk: Snapshot) -> list[Diagnostic]:
    """Return what the desk does to votes against HEAD's tree; an amended commit may still alter its own.

    Unlike a record's step this one is not lawful because the other side of a merge did it.
    """
    repository = desk.repository
    found = altered_votes(_moved_votes(desk, repository.head_tree)) if desk.tree in (STAGED, WORK_TREE) else []
    if found and (parent := repository.tree_if_any("HEAD^")):
        before = {item.path for item in altered_votes(_moved_votes(desk, parent))}
        found = [item for item in found if item.path in before]
    return found


def _moved_votes(desk: Snapshot, tree: str) -> list[Moved]:
    """Return how votes differ from a tree; Git has no id yet of a file that was never added, so it is worked out."""
    votes = [item for item in desk.moved_since(tree) if is_of_votes(item.path)]
    if not votes:
        return []
    from servicebook.text.source_file import blob_id

    return [
        item._replace(blob=blob_id(desk.read(item.path), desk.repository.algorithm))
        if item.mode.startswith("100") and not item.blob
        else item
        for item in votes
    ]


def _in_turn(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield edits, letting go of what was read out of each before the next: an import edits thousands."""
    for edit in edits:
        yield edit
        for facts in (edit.before, edit.after):
            if facts is not None:
                facts.forget()


def ahead_of(edits: Sequence[Edit], now: datetime) -> Iterator[Diagnostic]:
    """Yield events and movements of the edited records that lie in the future."""
    from servicebook.rules.outcomes import events_ahead

    for edit in _in_turn(edits):
        if edit.after and (BY_NAME[edit.after.kind].ticket or edit.after.kind == "part"):
            yield from events_ahead(edit.after, now)


def steps_of(desk: Snapshot, steps: Iterable[CommitEdits]) -> list[Diagnostic]:
    """Return what is unlawful about the commits of a range, each told once, with the commit that did it first."""
    found: dict[Diagnostic, tuple[str, str]] = {}
    for commit, tree, edits, votes in steps:
        for edit in edits:
            for item in check_step(desk, edit, tree):
                found.setdefault(item, (commit, edit.after.blob if edit.after else ""))
        blobs = {item.path: item.blob for item in votes}
        for item in altered_votes(votes):
            found.setdefault(item, (commit, blobs[item.path]))
    return [done_in(item, *place) for item, place in found.items()]


def check_step(desk: Snapshot, edit: Edit, tree: str) -> list[Diagnostic]:
    """Return what is unlawful about one step from `tree`: for itself, and for what cited the record there."""
    found = check_edit(edit)
    if edit.before is not None and edit.before.kind in FAR_REACHING:
        from servicebook.rules.frozen import versions_rewritten

        found += versions_rewritten(edit, desk, tree)
    return found


def check_edit(edit: Edit) -> list[Diagnostic]:
    """Return what edit rules find on one step."""
    kind = edit.after.kind if edit.after else edit.before.kind if edit.before else ""
    return [item for rule in with_scope("edit", (kind,)) for item in run_rule(rule, edit)]
