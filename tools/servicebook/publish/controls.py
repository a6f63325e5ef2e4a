"""Control characters made visible: XML, and with it feeds, cannot hold them, and a page would hide that they are there.

YAML lets them be written (`"\\0"`), which the desk's check tells (FMT113); until somebody mends it, the site shows a
picture of each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.records.facts import Facts

_FOUND = "FMT113"
_PICTURES = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"}
_PICTURES |= {127: "\u2421"} | dict.fromkeys((*range(0x80, 0xA0), 0xFFFE, 0xFFFF), "\ufffd")
"""From each control character to the sign that stands for it."""


def shown_controls(text: str) -> str:
    """Return a text with a sign in place of each control character; lines and tabs stay."""
    return text if text.isprintable() else text.translate(_PICTURES)


def paths_with_controls(found: Iterable[Diagnostic]) -> set[str]:
    """Return the paths of the records in which the check met control characters."""
    return {one.path for one in found if one.code == _FOUND}


def without_controls(facts: Facts) -> Facts:
    """Return a record's row with its control characters made visible."""
    data = _shown(facts.data)
    raw = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    title = shown_controls(facts.title)
    return Facts(facts.path, facts.blob, facts.kind, facts.id, title, facts.status, raw, facts.refs, data)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return shown_controls(value)
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return {shown_controls(key): _shown(one) for key, one in value.items()} if isinstance(value, dict) else value
