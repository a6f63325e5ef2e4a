"""Which rules are run on what, and the running of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule
from servicebook.rules.registry import beyond_one_file

MANY_EDITS = 500
"""From so many edits on, walking over the whole desk is cheaper than asking for the surroundings of each."""


def with_scope(scope: str, kinds: Iterable[str] | None = None) -> list[Rule]:
    """Return the rules of a scope beyond one file: `edit`, `relation` or `desk`.

    kinds: those that apply to one of these kinds, or to every kind; all when None.
    """
    some = None if kinds is None else frozenset(kinds)
    return [rule for rule in beyond_one_file(some) if rule.scope == scope]


def rules_by_kind(scope: str) -> Callable[[str], list[Rule]]:
    """Return a function that gives the rules of a scope that apply to a kind."""
    known: dict[str, list[Rule]] = {}

    def of_kind(kind: str) -> list[Rule]:
        if kind not in known:
            known[kind] = with_scope(scope, (kind,))
        return known[kind]

    return of_kind


def run_rule(rule: Rule, *given: object) -> Iterable[Diagnostic]:
    """Return what a rule finds on what its scope gives it."""
    return rule.check(*given) if rule.check else ()
