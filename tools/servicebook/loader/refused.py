"""What a model refuses, in the desk's words, at the nearest place in the file that exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath, Span
from servicebook.loader.findings import (
    missing_field,
    naive_instant,
    undeclared_custom,
    unknown_field,
    unknown_value,
    wrong_value,
)
from servicebook.records.readings import NotReadError, read_date, read_instant
from servicebook.settings import Settings
from servicebook.text.front_matter import FrontMatter, locate
from servicebook.typed import Any

Fields = Mapping[str, Any]
"""The names that a block takes, each with the names of the block that stands there, or None."""


def say_refused(path: str, front: FrontMatter, fields: Fields, item: Any) -> Diagnostic:
    """Say one pydantic error in the desk's words, at the nearest place in the file that exists."""
    where: KeyPath = tuple(item["loc"])
    kind, context = item["type"], item.get("ctx", {})
    if kind == "value_error":
        kind = context["error"].due  # refused by one of our own readings
    field = ".".join(str(key) for key in where)
    value = _shown(item.get("input"))
    if kind == "extra_forbidden":
        near = near_word(str(where[-1]), _known_fields(fields, where[:-1]))
        return unknown_field.at(path, _key_span(front, where), field=field, near=near)
    if kind == "missing":
        return missing_field.at(path, where, field=field)
    if kind == "naive_instant":
        return naive_instant.at(path, where, field=field, value=value)
    if kind == "literal_error":
        choices = [word.strip("' ") for part in context["expected"].split(",") for word in part.split(" or ")]
        expected = ", ".join(f"`{choice}`" for choice in choices)
        return unknown_value.at(path, where, field=field, value=value, due=expected, near=near_word(value, choices))
    due = DUE.get(kind, item["msg"]).format_map(context)
    return wrong_value.at(path, where, field=field, value=value, due=due)


DUE = {
    "instant": "an instant with offset, such as 2026-03-12T08:41:00+08:00",
    "date": "a date YYYY-MM-DD",
    "duration": "a duration such as 30m or 1h30m",
    "zone": "the name of a time zone, such as Asia/Shanghai",
    "within": "a target such as 30m, travel + 1h or 2 working days",
    "range": "a range of some length",
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map of fields",
    "model_attributes_type": "a map of fields",
    "string_too_short": "at least {min_length} character(s)",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "text of the form {pattern}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "at least {min_length} item(s)",
    "too_long": "at most {max_length} items",
}
"""What was due, by pydantic's error type; templates take the error's context."""


def find_undeclared_custom(path: str, custom: Any, settings: Settings) -> Iterator[Diagnostic]:
    """Yield what is wrong with the organisation's own fields: undeclared, or of another type than declared."""
    if not isinstance(custom, dict):
        return
    for name, value in custom.items():
        declared = settings.custom.get(name)
        if declared is None:
            near = near_word(str(name), list(settings.custom))
            yield undeclared_custom.at(path, ("custom", name), field=name, near=near)
        elif not _CUSTOM_CHECKS[declared](value):
            yield wrong_value.at(path, ("custom", name), field=f"custom.{name}", value=_shown(value), due=declared)


_CUSTOM_CHECKS = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str) and _is_read(read_date, value),
    "instant": lambda value: isinstance(value, str) and _is_read(read_instant, value),
    "list": lambda value: isinstance(value, list),
}


def _is_read(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except NotReadError:
        return False
    return True


def _known_fields(fields: Fields, where: KeyPath) -> list[str]:
    """Return the names a block takes at a place, following the blocks down the path."""
    for key in where:
        if not isinstance(key, int):
            fields = fields.get(key) or {}
    return list(fields)


def _key_span(front: FrontMatter, where: KeyPath) -> Span:
    return front.key_spans.get(where) or locate(front, where)


def near_word(word: str, known: list[str]) -> str:
    """Return the known word that was probably meant, or an empty text."""
    import difflib

    near = difflib.get_close_matches(word, known, 1)
    return near[0] if near else ""


def _shown(value: Any) -> str:
    import json  # seldom asked

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
