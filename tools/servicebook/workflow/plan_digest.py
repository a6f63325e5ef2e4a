"""What exactly a vote on a change is about: one digest over the frozen fields and the body above the log.

Pure and made to be written again elsewhere; kb/guide/approvals.md describes it, tests/workflow/vectors prove it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC

import rfc8785

from servicebook.records.instants import parse_instant
from servicebook.typed import Any

FORM = "servicebook-plan/1"
"""The first line of what is digested: another form of the plan never gives the same digest."""

FROZEN = (
    "change_type", "reason", "customer", "site", "service", "assets", "risk", "impact", "requested_by", "assigned_to",
    "planned_start_at", "planned_end_at", "expected_outage", "plan", "board", "template", "parameters",
)  # fmt: skip
"""The fields of a change that a vote is about. Status, actual times, title and review are outside."""

_INSTANTS = ("planned_start_at", "planned_end_at", "point_of_no_return_at")
_DURATIONS = ("expected_outage",)
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_PREFIX = "sha256:"


class NoDigestError(ValueError):
    """A field holds a value that has no canonical form, such as a number beyond 2^53."""


def plan_digest(fields: Mapping[str, Any], body: str) -> str:
    """Return `sha256:` and 64 hex digits over the plan. See `canonical_plan`."""
    return digest_of(canonical_plan(fields, body))


def canonical_plan(fields: Mapping[str, Any], body: str) -> bytes:
    """Return the bytes that are digested: the form's line, the frozen fields as RFC 8785 JSON, then the body.

    fields: the front matter as YAML 1.2 core data. body: what `text.frozen_body.body_before_log` gives.
    Raises NoDigestError.
    """
    return canonical_bytes(FORM, {name: fields[name] for name in FROZEN if name in fields}, body)


def canonical_bytes(form: str, fields: Mapping[str, Any], body: str = "") -> bytes:
    """Return a form's line, fields as RFC 8785 JSON with absent values left out, and a body, as UTF-8 with LF."""
    try:
        told = rfc8785.dumps(_plain(fields, ""))
        return form.encode() + b"\n" + told + b"\n" + body.replace("\r\n", "\n").encode()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise NoDigestError(str(error)) from error


def digest_of(data: bytes) -> str:
    """Return `sha256:` and 64 hex digits over bytes."""
    return _PREFIX + hashlib.sha256(data).hexdigest()


def _plain(value: Any, name: str) -> Any:
    """Return a value in its one form: no nulls and empty collections, instants in UTC, lengths in seconds."""
    if isinstance(value, Mapping):
        return {key: plain for key in value if (plain := _plain(value[key], key)) not in (None, "", [], {})}
    if isinstance(value, list):
        return [_plain(item, name) for item in value]
    if isinstance(value, str):
        return _text(value, name)
    return value


def _text(value: str, name: str) -> str | int:
    if name in _INSTANTS and (instant := parse_instant(value)) and 1 < instant.year < 9999:
        return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if name in _DURATIONS and (match := _DURATION.fullmatch(value)) and value:
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return value.strip()
