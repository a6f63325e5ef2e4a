"""Which records answer to a person's filters, in which order, and with which columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from servicebook.errors import UsageError
from servicebook.patterns import late_pattern
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, BY_PREFIX, KINDS
from servicebook.typed import Any, NamedTuple
from servicebook.workflow.lifecycles import LIFECYCLES, RESTING

_FILTER = late_pattern(r"([A-Za-z_][\w.$-]*)(!=|>=|<=|!~|=|~|>|<)(.*)", re.DOTALL)

OWN = ("id", "kind", "title", "status", "path")
"""Columns that a fact row has of itself; every other name is a field of the front matter, dots going down."""


class Filter(NamedTuple):
    """One condition: a field's name, how to compare, and the value wanted."""

    field: str
    operator: str
    value: str


def parse_filter(text: str) -> Filter:
    """Return the condition that `status=closed`, `site!=x`, `title~black`, `due_on<2026-12-01` says."""
    match = _FILTER.fullmatch(text)
    if not match:
        raise UsageError(
            "`{text}` is not a filter",
            "field=value, field!=value, field~regex, field>value, field<value",
            text=text,
        )
    found = Filter(*match.groups())
    if "~" in found.operator:
        try:
            re.compile(found.value)
        except re.error as error:
            raise UsageError(
                "`{text}` is not a regular expression: {error}",
                "put a \\ before ( [ * + ?",
                text=found.value,
                error=error,
            ) from error
    return found


def kind_named(word: str) -> str | None:
    """Return the kind meant by `incident`, `incidents`, `known-errors` or `INC`; None for no kind."""
    plain = word.lower().replace("-", "_")
    if word.upper() in BY_PREFIX:
        return BY_PREFIX[word.upper()].name
    if plain in BY_NAME:
        return plain
    folders = {kind.folder.rpartition("/")[2].replace("-", "_"): kind.name for kind in KINDS}
    return folders.get(plain)


def is_open(facts: Facts) -> bool:
    """Whether work on the ticket is still due; a standing record is open until it is retired or expired."""
    life = LIFECYCLES.get(facts.kind)
    if life is None:
        return facts.status not in ("retired", "expired", "fixed")
    return facts.status not in life.final and facts.status not in RESTING


def value_of(facts: Facts, field: str) -> Any:
    """Return the value of a column; None where the record does not have it."""
    if field in OWN:
        return getattr(facts, field)
    if field == "open":
        return is_open(facts)
    return facts.get(*(int(key) if key.isdigit() else key for key in field.split(".")))


def render_value(value: Any) -> str:
    """Return a value as one line of text: lists with commas, maps as `key: value`, absent as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(render_value(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {render_value(item)}" for key, item in value.items())
    return str(value)


def matcher(filters: Sequence[Filter]) -> Callable[[Facts], bool]:
    """Return a test that a record passes when it meets every condition."""
    tests = [_test(condition) for condition in filters]
    return lambda facts: all(test(facts) for test in tests)


def _test(condition: Filter) -> Callable[[Facts], bool]:
    """A list meets `=` when one of its values does, and `!=` when none does; `=` alone asks for absence."""
    field, operator, wanted = condition
    negated = operator in ("!=", "!~")
    if "~" in operator:
        search = re.compile(wanted, re.IGNORECASE).search
        return lambda facts: any(search(text) for text in _texts(facts, field)) != negated
    if operator in ("=", "!="):
        return lambda facts: (wanted in (_texts(facts, field) or [""])) != negated
    return lambda facts: any(_holds(operator, _order(text, wanted)) for text in _texts(facts, field))


def _holds(operator: str, order: int) -> bool:
    """Whether an order (below zero: smaller) is what `<`, `<=`, `>` or `>=` asks for."""
    return (order == 0 and operator.endswith("=")) or (order > 0 if operator[0] == ">" else order < 0)


def _texts(facts: Facts, field: str) -> list[str]:
    value = value_of(facts, field)
    if value is None:
        return []
    return [render_value(item) for item in value] if isinstance(value, list) else [render_value(value)]


def _order(text: str, wanted: str) -> int:
    """Compare as numbers where both are, as instants where both are, else as text (dates sort so)."""
    left, right = _measure(text), _measure(wanted)
    if left is None or right is None:
        return (text > wanted) - (text < wanted)
    return (left > right) - (left < right)


def _measure(text: str) -> float | None:
    from datetime import datetime

    try:
        return float(text)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.timestamp() if instant.tzinfo else None


def list_records(records: Iterable[Facts], filters: Sequence[Filter], sort: str = "") -> list[Facts]:
    """Return the records that meet the filters; `sort` is a field, `-field` turns the order around.

    Records without the field come last either way; ties keep the order of ids.
    """
    passes = matcher(filters)
    found = sorted((facts for facts in records if passes(facts)), key=lambda facts: facts.id)
    if not sort:
        return found
    field, backwards = sort.lstrip("-"), sort.startswith("-")
    have = [facts for facts in found if value_of(facts, field) is not None]
    have.sort(key=lambda facts: _sort_key(value_of(facts, field)), reverse=backwards)
    return have + [facts for facts in found if value_of(facts, field) is None]


def _sort_key(value: Any) -> tuple[int, float, str]:
    text = render_value(value)
    measure = _measure(text)
    return (0, measure, "") if measure is not None else (1, 0.0, text)


COLUMNS = {
    "incident": ("id", "status", "priority", "fault_grade", "customer", "service", "assigned_to", "title"),
    "service_request": ("id", "status", "request_type", "customer", "service", "assigned_to", "title"),
    "problem": ("id", "status", "priority", "service", "problem_manager", "title"),
    "change": ("id", "status", "change_type", "planned_start_at", "service", "assigned_to", "title"),
    "release": ("id", "status", "release_type", "version", "service", "title"),
    "known_error": ("id", "status", "services", "review_on", "title"),
    "service": ("id", "status", "criticality", "support_group", "title"),
    "asset": ("id", "status", "asset_type", "customer", "site", "service", "title"),
    "contract": ("id", "status", "customer", "expires_on", "title"),
    "agreement": ("id", "status", "agreement_type", "title"),
    "person": ("id", "status", "employer", "teams", "title"),
    "article": ("id", "status", "article_type", "owner", "valid_to", "title"),
}
MIXED_COLUMNS = ("id", "kind", "status", "title")


def columns_of(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the columns worth showing for records of these kinds."""
    distinct = set(kinds)
    return COLUMNS.get(distinct.pop(), MIXED_COLUMNS) if len(distinct) == 1 else MIXED_COLUMNS
