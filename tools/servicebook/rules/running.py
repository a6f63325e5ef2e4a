"""Which rules are run on what, and the running of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule
from servicebook.rules.registry import beyond_one_file
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.records.facts import Facts

MANY_EDITS = 500
"""From so many edits on, walking over the whole desk is cheaper than asking for the surroundings of each."""


def with_scope(scope: str, kinds: Iterable[str] | None = None) -> list[Rule]:
    """Return the rules of a scope beyond one file: `edit`, `relation` or `desk`.

    kinds: those that apply to one of these kinds, or to every kind; all when None.
    """
    some = None if kinds is None else frozenset(kinds)
    return [rule for rule in beyond_one_file(some) if rule.scope == scope]


def rules_on_records(scope: str) -> Callable[[Facts], list[Rule]]:
    """Return a function that gives the rules of a scope that may find something on a record."""
    of_kind: dict[str, tuple[list[Rule], frozenset[str]]] = {}
    known: dict[tuple[str, frozenset[str]], list[Rule]] = {}

    def of_record(facts: Facts) -> list[Rule]:
        if facts.kind not in of_kind:
            rules = with_scope(scope, (facts.kind,))
            of_kind[facts.kind] = rules, frozenset(word for rule in rules for word in rule.needs)
        rules, needed = of_kind[facts.kind]
        key = facts.kind, needed.intersection([*facts.data, *facts.events])
        if key not in known:
            known[key] = [rule for rule in rules if not rule.is_idle(key[1])]
        return known[key]

    return of_record


def run_rule(rule: Rule, *given: object) -> Iterable[Diagnostic]:
    """Return what a rule finds on what its scope gives it."""
    return rule.check(*given) if rule.check else ()
