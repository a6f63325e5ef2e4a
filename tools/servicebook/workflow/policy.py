"""What a board's record says about voting: who sits, how many must agree to what, and who is left out.

Read from plain data without pydantic, so that ten thousand changes can be judged quickly; what the model
(records/board.py) would refuse is refused here too, as far as voting hangs on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from servicebook.records.instants import parse_instant
from servicebook.workflow.plan_digest import canonical_bytes, digest_of

FORM = "servicebook-policy/1"
TEMPLATE_FORM = "servicebook-template/1"

POLICY_FIELDS = (
    "id", "status", "board_type", "chair", "members", "quorum", "version", "previous_digest", "exclusions",
    "freeze_windows", "waivers_asked_for", "emergency_rules", "vote_within", "secretaries", "attestors",
    "effective_from", "keys_vouched_by",
)  # fmt: skip
"""The fields that a policy's digest covers: all that voting hangs on. Titles and prose are outside."""

TEMPLATE_FIELDS = ("id", "status", "services", "assets", "preconditions", "valid_to", "standard_change")

CHANGE_TYPES = ("standard", "normal", "major", "emergency", "policy", "template")
RISKS = ("high", "medium", "low")
BASES = ("technical", "business")
WAIVERS = ("freeze", "overlap")
"""What a policy can ask to be waived by name: its freezes, and pending changes in the same hours on the same assets."""
LEVELS = ("template", "forge_attested", "recorded", "signed")
"""What an approval is proven with, the weakest first; only `signed` is always enough."""

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


class PolicyError(ValueError):
    """A board's record cannot be read as a policy; the message says which field."""


class Seat(NamedTuple):
    """A seat: who holds it, in which role, for which customer (empty is all), and when; who stands in, and when."""

    person: str
    role: str = ""
    basis: str = ""
    customer: str = ""
    first_on: date | None = None
    last_on: date | None = None
    deputy: str = ""
    deputy_first_on: date | None = None
    deputy_last_on: date | None = None

    def is_held_on(self, day: date) -> bool:
        """Whether the seat is held on a day."""
        return is_within(day, self.first_on, self.last_on)

    def may_stand_in_on(self, day: date) -> bool:
        """Whether the deputy may stand in on a day."""
        return bool(self.deputy) and self.is_held_on(day) and is_within(day, self.deputy_first_on, self.deputy_last_on)


class Demand(NamedTuple):
    """How many persons must approve which changes; empty types, risks and of_customer None are all."""

    votes: int
    types: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    of_customer: bool | None = None
    role: str = ""
    basis: str = ""
    levels: tuple[str, ...] = ("signed",)

    def fits(self, change_type: str, risk: str, customer: str) -> bool:
        """Whether it asks anything of such a change. A risk that is not said counts as high."""
        return (
            (not self.types or change_type in self.types)
            and (not self.risks or (risk or "high") in self.risks)
            and (self.of_customer is None or self.of_customer == bool(customer))
        )


class Excluded(NamedTuple):
    """Somebody who has no vote for a while."""

    person: str
    reason: str
    first_on: date | None = None
    last_on: date | None = None


class Freeze(NamedTuple):
    """A time in which nothing is changed without a vote that waives it by name."""

    name: str
    reason: str
    start_at: datetime
    end_at: datetime
    services: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()


class Policy(NamedTuple):
    """The rules of one board in one version.

    emergency_board: who decides beforehand on emergency changes. waivers_asked_for: what must not be run into unless a
    counted vote waives it by name (WAIVERS). keys_vouched_by: the roles of those who answer for keys that came later
    than the rules; without any, every key counts that stands in a record.
    """

    id: str
    version: int
    digest: str
    previous_digest: str = ""
    chair: str = ""
    seats: tuple[Seat, ...] = ()
    demands: tuple[Demand, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    emergency_board: str = ""
    later_quorum_within: timedelta | None = None
    vote_within: timedelta | None = None
    secretaries: tuple[str, ...] = ()
    attestors: tuple[str, ...] = ()
    waivers_asked_for: tuple[str, ...] = ()
    keys_vouched_by: tuple[str, ...] = ()

    def vouchers_on(self, day: date) -> frozenset[str]:
        """Return who may vouch for others' keys on a day: who holds a seat of such a role then, or stands in."""
        seats = [seat for seat in self.seats if seat.role in self.keys_vouched_by]
        held = {seat.person for seat in seats if seat.is_held_on(day)}
        return frozenset(held | {seat.deputy for seat in seats if seat.may_stand_in_on(day)})

    def demands_on(self, change_type: str, risk: str, customer: str) -> tuple[Demand, ...]:
        """Return what is asked of such a change, in the record's order."""
        return tuple(demand for demand in self.demands if demand.fits(change_type, risk, customer))


def policy_digest(fields: Mapping[str, Any]) -> str:
    """Return the digest of a board's rules, from its front matter. Raises NoDigestError."""
    return digest_of(canonical_bytes(FORM, {name: fields[name] for name in POLICY_FIELDS if name in fields}))


def template_digest(fields: Mapping[str, Any], body: str) -> str:
    """Return the digest of a template of standard changes: what a change keeps to, and its text."""
    told = {name: fields[name] for name in TEMPLATE_FIELDS if name in fields}
    return digest_of(canonical_bytes(TEMPLATE_FORM, told, body.strip()))


def is_policy(fields: Mapping[str, Any]) -> bool:
    """Whether a board's record sets rules for voting at all; an older one may only name the board."""
    return bool(fields.get("quorum"))


def parse_policy(fields: Mapping[str, Any]) -> Policy:
    """Return the policy that a board's front matter sets. Raises PolicyError, NoDigestError."""
    rules = fields.get("emergency_rules") or {}
    _require(isinstance(rules, Mapping), "emergency_rules")
    version = fields.get("version")
    _require(type(version) is int and version >= 1, "version")
    assert isinstance(version, int)
    return Policy(
        id=_text(fields, "id", "id"),
        version=version,
        digest=policy_digest(fields),
        previous_digest=_text(fields, "previous_digest", "previous_digest", needed=False),
        chair=_text(fields, "chair", "chair", needed=False),
        seats=tuple(_seat(entry) for entry in _entries(fields, "members")),
        demands=tuple(_demand(entry) for entry in _entries(fields, "quorum")),
        excluded=tuple(_excluded(entry) for entry in _entries(fields, "exclusions")),
        freezes=tuple(_freeze(entry) for entry in _entries(fields, "freeze_windows")),
        emergency_board=_text(rules, "board", "emergency_rules.board", needed=False),
        later_quorum_within=_duration(rules, "later_quorum_within"),
        vote_within=_duration(fields, "vote_within"),
        secretaries=_texts(fields, "secretaries"),
        attestors=_texts(fields, "attestors"),
        waivers_asked_for=_waivers(fields),
        keys_vouched_by=_texts(fields, "keys_vouched_by"),
    )


def is_within(day: date, first_on: date | None, last_on: date | None) -> bool:
    """Whether a day lies within dates, both included; None is open."""
    return (first_on is None or first_on <= day) and (last_on is None or day <= last_on)


def _seat(entry: Mapping[str, Any]) -> Seat:
    basis = _text(entry, "basis", "members.basis", needed=False)
    _require(basis in ("", *BASES), "members.basis")
    return Seat(
        _text(entry, "person", "members.person"),
        _text(entry, "role", "members.role", needed=False),
        basis,
        _text(entry, "customer", "members.customer", needed=False),
        _day(entry, "from"),
        _day(entry, "to"),
        _text(entry, "deputy", "members.deputy", needed=False),
        _day(entry, "deputy_from"),
        _day(entry, "deputy_to"),
    )


def _demand(entry: Mapping[str, Any]) -> Demand:
    types, risks, levels = (_texts(entry, name) for name in ("change_type", "risk", "levels"))
    _require(set(types) <= set(CHANGE_TYPES), "quorum.change_type")
    _require(set(risks) <= set(RISKS), "quorum.risk")
    _require(set(levels) <= set(LEVELS), "quorum.levels")
    votes, of_customer = entry.get("votes"), entry.get("of_customer")
    _require(type(votes) is int and votes >= 0, "quorum.votes")
    _require(of_customer is None or type(of_customer) is bool, "quorum.of_customer")
    basis = _text(entry, "basis", "quorum.basis", needed=False)
    _require(basis in ("", *BASES), "quorum.basis")
    known = {"change_type", "risk", "of_customer", "votes", "role", "basis", "levels"}
    _require(set(entry) <= known, "quorum")  # a condition that is not understood must not be passed over
    assert isinstance(votes, int)
    role = _text(entry, "role", "quorum.role", needed=False)
    return Demand(votes, types, risks, of_customer, role, basis, levels or ("signed",))


def _excluded(entry: Mapping[str, Any]) -> Excluded:
    return Excluded(
        _text(entry, "person", "exclusions.person"),
        _text(entry, "reason", "exclusions.reason", needed=False),
        _day(entry, "from"),
        _day(entry, "to"),
    )


def _waivers(fields: Mapping[str, Any]) -> tuple[str, ...]:
    asked = _texts(fields, "waivers_asked_for")
    _require(set(asked) <= set(WAIVERS), "waivers_asked_for")
    return asked


def _freeze(entry: Mapping[str, Any]) -> Freeze:
    start, end = parse_instant(entry.get("start_at")), parse_instant(entry.get("end_at"))
    if start is None or end is None:
        raise PolicyError("freeze_windows")
    name, reason = (_text(entry, key, f"freeze_windows.{key}") for key in ("name", "reason"))
    return Freeze(name, reason, start, end, _texts(entry, "services"), _texts(entry, "assets"))


def _require(fits: bool, field: str) -> None:
    if not fits:
        raise PolicyError(field)


def _text(fields: Mapping[str, Any], key: str, field: str, needed: bool = True) -> str:
    value = fields.get(key)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or not value:
        raise PolicyError(field)
    return value


def _texts(fields: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = fields.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise PolicyError(key)
    return tuple(value)


def _entries(fields: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    value = fields.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise PolicyError(key)
    return value


def _day(fields: Mapping[str, Any], key: str) -> date | None:
    value = fields.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise PolicyError(key) from error


def _duration(fields: Mapping[str, Any], key: str) -> timedelta | None:
    value = fields.get(key)
    if value is None:
        return None
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value else None
    if not match:
        raise PolicyError(key)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
