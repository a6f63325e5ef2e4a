"""May these commits land: does every change that they begin, or touch, still pass, and do rules follow from rules?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from servicebook.evidence.ledger import BOARDS, CHANGES
from servicebook.evidence.pulled import OpenVerifier, takes_the_place
from servicebook.evidence.verification import Verification
from servicebook.evidence.verify import verify_all
from servicebook.records.kinds import BY_NAME, path_of
from servicebook.store.mainline import commits_since, is_ancestor
from servicebook.store.repository import EMPTY_TREE, Repository
from servicebook.workflow.tally import Why, why

_CHANGE = re.compile(rf"{CHANGES}/(?:[^/]+/)*(CHG-\d{{8}}-[0-9A-Z]{{4}})(?:\.md|\.votes/.*)")


class Judged(NamedTuple):
    """What a range comes to. found: the changes it touches. failing: those that fail now and did not before it.

    reasons: what else speaks against it: the branch was replaced, or rules do not follow from rules.
    """

    found: tuple[Verification, ...]
    failing: tuple[Verification, ...]
    reasons: tuple[Why, ...]


def judge_range(repository: Repository, base: str, tip: str, open_verifier: OpenVerifier) -> Judged:
    """Judge the commits from `base` (empty: from the beginning) to `tip`, as if `tip` were the main branch.

    A change that failed before already stops nobody: it is told, and others go on with their work.
    """
    start = base or EMPTY_TREE[repository.algorithm]
    moved = repository.moved_between(start, tip)
    ids = sorted({match[1] for item in moved if (match := _CHANGE.fullmatch(item.path))})
    has_rules = any(item.path.startswith(BOARDS + "/") for item in moved)
    reasons = _replaced(repository, base, tip, open_verifier) if base else []
    reasons += _misplaced(item.path for item in moved if item.mode)
    if not ids and not has_rules:
        return Judged((), (), tuple(reasons))
    verifier = open_verifier(tip, ids)
    fresh = commits_since(repository, base, tip) if base else None
    for links in verifier.chain.links.values():
        reasons += [link.fault for link in links if link.fault and (fresh is None or link.commit in fresh)]
    found = tuple(verify_all(verifier, ids)) if ids else ()
    failing = [one for one in found if one.outcome == "fail"]
    if failing and base:
        # One that had not begun before (`commit` is empty), or was not there at all, has not failed before.
        old = verify_all(open_verifier(base, ids), ids)
        before = {one.id for one in old if one.outcome == "fail" and one.commit}
        failing = [one for one in failing if one.id not in before]
    return Judged(found, tuple(failing), tuple(dict.fromkeys(reasons)))


def _misplaced(paths: Iterable[str]) -> list[Why]:
    """Tell which files of changes lie elsewhere than their ids say, where nobody looks for what was begun."""
    found = []
    for path in paths:
        match = _CHANGE.fullmatch(path)
        due = path_of(BY_NAME["change"], match[1]) if match else path
        if match and not path.startswith(due.removesuffix(".md") + "."):
            found.append(why("{path} lies elsewhere than {due}", path=path, due=due))
    return found


def _replaced(repository: Repository, base: str, tip: str, open_verifier: OpenVerifier) -> list[Why]:
    """Tell when the branch's own line does not go on: it is gone, or another one takes its place."""
    if not is_ancestor(repository, base, tip):
        return [why("the commit {commit} would no more be in the branch's history", commit=base[:10])]
    reason = takes_the_place(repository, base, tip, open_verifier)
    return [reason] if reason else []
