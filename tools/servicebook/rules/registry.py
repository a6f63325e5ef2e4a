"""Which rules there are: gathered from every room that finds something, written out, codes never reused.

A hook that only has kept verdicts must not import what parses or validates, so the families that look
beyond one file (`beyond_one_file`) come apart from those that need the loader; `RULES` and `BY_CODE`
gather them all when somebody asks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache

from servicebook.diagnostics.rule import Check, Rule
from servicebook.records.kinds import TICKET_KINDS
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    RULES: tuple[Rule, ...]
    BY_CODE: dict[str, Rule]

RETIRED: dict[str, str] = {}
"""Codes that were given once and are not used any more, with what became of them."""


# Each family stands in the one list whose readers need it; both lists where it has rules of both sorts.


_BEYOND_ONE_FILE: dict[str, tuple[str, ...]] = {
    "audiences": (),
    "edits": (),
    "inspections": ("inspection",),
    "intake": ("incident",),
    "keys": ("person",),
    "references": (),
    "customers": (),
    "money": (*TICKET_KINDS, "contract"),
    "neighbours": (),
    "dispatch_relations": ("incident",),
    "rosters": ("person", "roster", "support_hours", "team", "visit"),
    "standard_changes": ("change",),
    "stock": ("asset", "contract", "incident", "part"),
    "surveys": ("survey",),
    "communication": (*TICKET_KINDS, "report", "communication_plan", "contract", "customer"),
    "circles": (),
    "outcomes": (),
    "desk": (),
    "windows": ("asset", "change"),
    "tree": (),
    "altered_votes": (),
    "votes": (),
    "conditions": (),
    "vouching": (),
    "waived": (),
    "control": ("change", "inspection", "known_error", "problem", "release"),
    "consenting": ("incident", "service_request", "visit"),
    "underpinning": (*TICKET_KINDS, "agreement"),
    "minutes": ("meeting",),
    "handover": ("acceptance", "contract"),
}
"""The families that a hook runs on what it has kept, none of which parses or validates, and the kinds of records that
all their rules are bound to; none where a rule looks at records of every kind.

A hook imports the families that what was edited can concern: half of its time goes into imports.
"""


@cache
def _families_beyond_one_file(kinds: frozenset[str] | None = None) -> tuple[ModuleType, ...]:
    """Import the families with a rule that applies to one of these kinds, or to every kind; all when None."""
    concerned = [name for name, some in _BEYOND_ONE_FILE.items() if not some or kinds is None or kinds & {*some}]
    for name in concerned:
        __import__(f"servicebook.rules.{name}")
    return tuple(sys.modules[f"servicebook.rules.{name}"] for name in concerned)


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
        lists,
        money,
        personal_data,
        promises,
        stock,
        succession,
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
        lists,
        money,
        personal_data,
        promises,
        stock,
        succession,
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
def beyond_one_file(kinds: frozenset[str] | None = None) -> tuple[Rule, ...]:
    """Return the rules that look at edits, at neighbours or at the whole desk, and those on waivers and quirks.

    kinds: only the rules that apply to one of these kinds of records, or to every kind; only their families are
    imported.
    """
    families = _families_beyond_one_file(kinds)
    waived = sys.modules["servicebook.rules.waived"]
    rules = (rule for family in families for rule in family.RULES if rule.scope != "file" or family is waived)
    return tuple(rule for rule in rules if kinds is None or not rule.kinds or kinds & {*rule.kinds})


@cache
def file_rules() -> tuple[Rule, ...]:
    """Return the rules that are run on one loaded file, sorted by code; only their families are imported."""
    return _sorted(rule for rule in _rules_of(_families_of_files()) if rule.scope == "file" and rule.check is not None)


@cache
def file_checks(kind: str, words: frozenset[str] | None = None) -> tuple[Check, ...]:
    """Return the checks of the rules on one loaded file that apply to a kind; "" for a page that is no record.

    words: those of `needed_words` that a sound record has; checks that need others are left out. All when None.
    """
    rules = (rule for rule in file_rules() if not rule.kinds or kind in rule.kinds)
    return tuple(rule.check for rule in rules if rule.check and (words is None or not rule.is_idle(words)))


@cache
def needed_words() -> frozenset[str]:
    """Return the fields and events without which some rules on one file find nothing."""
    return frozenset(word for rule in file_rules() for word in rule.needs)


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
