"""Which rules there are: gathered from every room that finds something, written out, codes never reused.

A hook that only has kept verdicts must not import what parses or validates, so the families that look
beyond one file (`beyond_one_file`) come apart from those that need the loader; `RULES` and `BY_CODE`
gather them all when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from servicebook.diagnostics.rule import Check, Rule
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    RULES: tuple[Rule, ...]
    BY_CODE: dict[str, Rule]

RETIRED: dict[str, str] = {}
"""Codes that were given once and are not used any more, with what became of them."""


# Each family stands in the one list whose readers need it; both lists where it has rules of both sorts.


@cache
def _families_beyond_one_file() -> tuple[ModuleType, ...]:
    """Import the families that a hook runs on what it has kept: none of them parses or validates."""
    from servicebook.rules import (
        altered_votes,
        audiences,
        circles,
        communication,
        conditions,
        consenting,
        control,
        customers,
        desk,
        dispatch_relations,
        edits,
        inspections,
        intake,
        keys,
        minutes,
        money,
        neighbours,
        outcomes,
        references,
        rosters,
        standard_changes,
        stock,
        surveys,
        tree,
        underpinning,
        votes,
        vouching,
        waived,
        windows,
    )

    return (
        audiences,
        edits,
        inspections,
        intake,
        keys,
        references,
        customers,
        money,
        neighbours,
        dispatch_relations,
        rosters,
        standard_changes,
        stock,
        surveys,
        communication,
        circles,
        outcomes,
        desk,
        windows,
        tree,
        altered_votes,
        votes,
        conditions,
        vouching,
        waived,
        control,
        consenting,
        underpinning,
        minutes,
    )


@cache
def _families_of_files() -> tuple[ModuleType, ...]:
    """Import the families with rules that are run on one loaded file."""
    from servicebook.rules import (
        audiences,
        clocks,
        communication,
        completeness,
        continuity,
        dispatch,
        fields,
        finishing,
        frozen,
        handover,
        hours,
        inspections,
        intake,
        keys,
        life,
        money,
        personal_data,
        promises,
        stock,
        surveys,
        travel,
        tree,
        underpinning,
    )

    return (
        audiences,
        clocks,
        communication,
        completeness,
        continuity,
        dispatch,
        fields,
        frozen,
        handover,
        hours,
        inspections,
        intake,
        keys,
        life,
        money,
        personal_data,
        promises,
        stock,
        surveys,
        travel,
        tree,
        underpinning,
        finishing,
    )


@cache
def _families_of_reading() -> tuple[ModuleType, ...]:
    """Import the families of what is found on the way, where text is parsed and held against its model."""
    from servicebook import loader
    from servicebook.text import findings

    return (findings, loader)


@cache
def _families_of_the_past() -> tuple[ModuleType, ...]:
    """Import the families of what commits and receipts show."""
    from servicebook.evidence import audit, begun_changes, commit_times, key_history
    from servicebook.rules import history

    return (history, audit, commit_times, key_history, begun_changes)


@cache
def beyond_one_file() -> tuple[Rule, ...]:
    """Return the rules that look at edits, at neighbours or at the whole desk, and those on waivers and quirks."""
    from servicebook.rules import waived

    families = _families_beyond_one_file()
    return tuple(rule for family in families for rule in family.RULES if rule.scope != "file" or family is waived)


@cache
def file_rules() -> tuple[Rule, ...]:
    """Return the rules that are run on one loaded file, sorted by code; only their families are imported."""
    return _sorted(rule for rule in _rules_of(_families_of_files()) if rule.scope == "file" and rule.check is not None)


@cache
def file_checks(kind: str) -> tuple[Check, ...]:
    """Return the checks of the rules on one loaded file that apply to a kind; "" for a page that is no record."""
    return tuple(rule.check for rule in file_rules() if rule.check and (not rule.kinds or kind in rule.kinds))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of the program, sorted by code. Imports the loader."""
    families = (
        *_families_of_reading(), *_families_of_files(), *_families_beyond_one_file(), *_families_of_the_past(),
    )  # fmt: skip
    return _sorted(_rules_of(dict.fromkeys(families)))


def _rules_of(families: Iterable[ModuleType]) -> Iterator[Rule]:
    return (rule for family in families for rule in family.RULES)


def _sorted(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: rule.code))


@cache
def rule_of(code: str) -> Rule:
    """Return the rule with this code, importing no more than its family; KeyError when there is none."""
    for rule in _nearest_first(code[:3]):
        if rule.code == code:
            return rule
    raise KeyError(code)


def _nearest_first(letters: str) -> Iterator[Rule]:
    """Yield every rule, first those among which a code that begins so most likely is and that are cheap to import."""
    if letters in ("FMT", "BOD"):
        from servicebook.text import findings

        yield from findings.RULES
    elif letters == "HIS":
        yield from _rules_of(_families_of_the_past())
    else:
        yield from beyond_one_file()
        yield from file_rules()
    yield from all_rules()


def __getattr__(name: str) -> object:
    """Give `RULES` and `BY_CODE` when they are asked for, so that importing this module stays cheap."""
    if name == "RULES":
        return all_rules()
    if name == "BY_CODE":
        return {rule.code: rule for rule in all_rules()}
    raise AttributeError(name)
