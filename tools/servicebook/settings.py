"""What a desk has set for itself: `[tool.servicebook]` in pyproject.toml, read strictly.

The zone names are not proven here (that needs tzdata); `doctor` and the clocks do.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from servicebook.errors import SettingsError

SETTINGS_FILE = "pyproject.toml"

MATRIX = {
    "high": {"high": "P1", "medium": "P2", "low": "P3"},
    "medium": {"high": "P2", "medium": "P3", "low": "P4"},
    "low": {"high": "P3", "medium": "P4", "low": "P4"},
}
"""Priority by impact, then urgency, where a desk sets none (ITIL 4, incident management practice guide)."""

CUSTOM_TYPES = ("text", "number", "boolean", "date", "instant", "list")


class Settings(NamedTuple):
    """The settings of one desk; every field has a value that works.

    as_of: the instant a read-only command judges the desk at (a sample desk stands still); None is now.
    custom: organisation's own fields, name to one of CUSTOM_TYPES, allowed under `custom:`.
    priority_matrix: impact to urgency to priority.
    digest: changes when any setting does; part of the key of cached verdicts.
    """

    name: str = "Service desk"
    name_zh: str = ""
    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    as_of: datetime | None = None
    repository: str = ""
    site_url: str = ""
    commit: bool = False
    custom: dict[str, str] = {}  # noqa: RUF012 - a NamedTuple default, never changed
    priority_matrix: dict[str, dict[str, str]] = MATRIX
    digest: str = ""


def parse_settings(text: str, path: str = SETTINGS_FILE) -> Settings:
    """Return the settings that the text of a pyproject.toml holds; defaults where it has no table for us.

    Raises SettingsError for TOML that does not parse, an unknown key, or a value of the wrong type.
    """
    import tomllib

    try:
        table = tomllib.loads(text).get("tool", {}).get("servicebook", {})
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path} is not TOML: {error}", "mend the line it names, then run the command again"
        ) from error
    if not isinstance(table, dict):
        raise SettingsError(
            f"{path}: `tool.servicebook` is {type(table).__name__}, a table was due", "write [tool.servicebook]"
        )
    values = {key: _checked(path, key, value) for key, value in table.items()}
    return Settings(**values, digest=digest_of(table))


def digest_of(table: dict[str, Any]) -> str:
    """Return a short digest of a settings table, equal for equal settings."""
    import hashlib

    return hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _checked(path: str, key: str, value: Any) -> Any:
    if key not in _CHECKS:
        import difflib

        near = difflib.get_close_matches(key, _CHECKS, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(sorted(_CHECKS))}"
        raise SettingsError(f"{path}: unknown setting `{key}` in [tool.servicebook]", hint)
    checked = _CHECKS[key](value)
    if checked is None:
        raise SettingsError(f"{path}: setting `{key}` is `{value}`, due was {_DUE[key]}", f"correct `{key}` in {path}")
    return checked


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _languages(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value or not set(value) <= {"en", "zh"}:
        return None
    return tuple(value)


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo else None


def _custom(value: Any) -> dict[str, str] | None:
    return value if isinstance(value, dict) and set(value.values()) <= set(CUSTOM_TYPES) else None


def _matrix(value: Any) -> dict[str, dict[str, str]] | None:
    rows = set(MATRIX)
    if not isinstance(value, dict) or set(value) != rows:
        return None
    complete = all(isinstance(row, dict) and set(row) == rows for row in value.values())
    return (
        value if complete and {p for row in value.values() for p in row.values()} <= {"P1", "P2", "P3", "P4"} else None
    )


_CHECKS = {
    "name": _text,
    "name_zh": _text,
    "timezone": _text,
    "languages": _languages,
    "as_of": _instant,
    "repository": _text,
    "site_url": _text,
    "commit": _flag,
    "custom": _custom,
    "priority_matrix": _matrix,
}

_DUE = {
    "name": "text",
    "name_zh": "text",
    "timezone": "the name of a zone, such as `Asia/Shanghai`",
    "languages": "a list of `en`, `zh`",
    "as_of": "an instant with offset, such as `2026-11-20T09:00:00+08:00`",
    "repository": "text",
    "site_url": "text",
    "commit": "true or false",
    "custom": f"a table of names to one of {', '.join(CUSTOM_TYPES)}",
    "priority_matrix": "impact to urgency (high, medium, low) to P1-P4",
}
