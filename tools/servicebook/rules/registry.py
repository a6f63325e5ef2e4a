"""Which rules there are: gathered from every room that finds something, written out, codes never reused.

A hook that only has kept verdicts must not import what parses or validates, so the families that look
beyond one file (`beyond_one_file`) come apart from those that need the loader; `RULES` and `BY_CODE`
gather them all when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from servicebook.diagnostics.rule import Check, Rule
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    RULES: tuple[Rule, ...]
    BY_CODE: dict[str, Rule]

RETIRED: dict[str, str] = {}
"""Codes that were given once and are not used any more, with what became of them."""


@cache
def beyond_one_file() -> tuple[Rule, ...]:
    """Return the rules that look at edits, at neighbours or at the whole desk."""
    from servicebook.rules import (
        circles,
        customers,
        desk,
        edits,
        keys,
        neighbours,
        outcomes,
        references,
        tree,
        waived,
    )

    families = (edits, keys, references, customers, neighbours, circles, outcomes, desk, tree, waived)
    return tuple(rule for family in families for rule in family.RULES if rule.scope != "file" or family is waived)


@cache
def file_rules() -> tuple[Rule, ...]:
    """Return the rules that are run on one loaded file, sorted by code; only their families are imported."""
    from servicebook.rules import clocks, completeness, fields, frozen, hours, keys, life, promises, travel, tree

    families = (clocks, completeness, fields, frozen, hours, keys, life, promises, travel, tree)
    rules = (rule for family in families for rule in family.RULES if rule.scope == "file" and rule.check is not None)
    return tuple(sorted(rules, key=lambda rule: rule.code))


@cache
def file_checks(kind: str) -> tuple[Check, ...]:
    """Return the checks of the rules on one loaded file that apply to a kind; "" for a page that is no record."""
    return tuple(rule.check for rule in file_rules() if rule.check and (not rule.kinds or kind in rule.kinds))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of the program, sorted by code. Imports the loader."""
    from servicebook import loader
    from servicebook.evidence import audit, key_history
    from servicebook.rules import (
        circles,
        clocks,
        completeness,
        customers,
        desk,
        edits,
        fields,
        frozen,
        history,
        hours,
        keys,
        life,
        neighbours,
        outcomes,
        promises,
        references,
        travel,
        tree,
        waived,
    )
    from servicebook.text import findings

    families = (
        findings, loader, life, fields, completeness, edits, keys, references, customers, neighbours, circles, clocks,
        hours, promises, travel, outcomes, frozen, desk, tree, waived, history, audit,
        key_history,
    )  # fmt: skip
    return tuple(sorted((rule for family in families for rule in family.RULES), key=lambda rule: rule.code))


@cache
def rule_of(code: str) -> Rule:
    """Return the rule with this code, importing no more than its family; KeyError when there is none."""
    for rule in _nearest(code[:3]):
        if rule.code == code:
            return rule
    return next((rule for rule in all_rules() if rule.code == code), None) or _missing(code)


def _nearest(family: str) -> Iterator[Rule]:
    """Yield the rules among which a code of this family most likely is, those first that are imported anyway."""
    if family in ("FMT", "BOD"):
        from servicebook.text import findings

        yield from findings.RULES
    elif family == "HIS":
        from servicebook.evidence import audit
        from servicebook.rules import history

        yield from (*history.RULES, *audit.RULES)
    else:
        yield from beyond_one_file()
        yield from file_rules()


def _missing(code: str) -> Rule:
    raise KeyError(code)


def __getattr__(name: str) -> object:
    """Give `RULES` and `BY_CODE` when they are asked for, so that importing this module stays cheap."""
    if name == "RULES":
        return all_rules()
    if name == "BY_CODE":
        return {rule.code: rule for rule in all_rules()}
    raise AttributeError(name)
