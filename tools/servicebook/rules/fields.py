"""Do a record's own fields contradict each other, or say what must not stand in Git?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath, Span
from servicebook.diagnostics.rule import Rule, rule
from servicebook.patterns import late_pattern
from servicebook.records.instants import parse_instant
from servicebook.rules.reading import is_ticket, linked, sound_facts
from servicebook.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicebook.loader import Loaded

PERIODS = (
    ("planned_start_at", "planned_end_at"),
    ("planned_departure_at", "planned_start_at"),
    ("outage_start_at", "outage_end_at"),
    ("departed_at", "arrived_at"),
    ("arrived_at", "left_at"),
    ("started_at", "ended_at"),
    ("start_at", "end_at"),
    ("held_at", "ends_at"),
    ("departed_at", "eta_at"),
    ("starts_on", "ends_on"),
    ("period_start", "period_end"),
    ("signed_on", "expires_on"),
    ("valid_from", "valid_until"),
    ("start", "end"),
    ("from", "to"),
)
"""Fields of one block of which the second cannot come before the first."""

_SECRET_WORDS = (
    b"akia", b"ghp_", b"gho_", b"ghs_", b"glpat", b"xox", b"passw", b"pwd", b"secret",
)  # fmt: skip
_SECRET_WORDS_IN_HAN = ("密码".encode(), "口令".encode())
_SECRET_KEYS = (b"private key", b"apikey", b"api_key", b"api-key")
"""What must stand in a file's bytes, in lower case, before its text is worth searching: nearly no file has it."""

SECRET = late_pattern(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\b(?:ghp|gho|ghs|glpat|xox[bp])[-_][A-Za-z0-9_-]{16,}"
    r"|(?i:\b(?:password|passwd|pwd|secret|api[_-]?key)|密码|口令)\s*[:=：]\s*"
    r"(?!https?:|[A-Z]{2,3}-\d{8}-)(?=[^\s,;}]*\d)(?=[^\s,;}]*[A-Za-z])[^\s,;}<>$*]{6,}"
)
"""Private keys, access keys of well-known makers, and a password (letters and digits) written after its name."""


@rule(
    "REC251",
    "ends-before-it-starts",
    scope="file",
    message="`{end}` is {ended}, before `{start}` at {started}",
    hint="correct one of the two",
)
def ends_before_it_starts(loaded: Loaded) -> Iterator[Diagnostic]:
    """A period whose end comes before its start.

    Why: outages, changes, contracts and cover are counted from these two; backwards they count as nothing, or
    as less.

    Example:
        planned_start_at: 2026-04-02T03:00:00+08:00
        planned_end_at: 2026-04-02T01:00:00+08:00

    Instead:
        planned_start_at: 2026-04-02T01:00:00+08:00
        planned_end_at: 2026-04-02T03:00:00+08:00
    """
    facts = sound_facts(loaded)
    if facts is None:
        return
    blocks: list[tuple[KeyPath, dict[str, Any]]] = []
    _find_periods((), facts.data, blocks)
    for where, block in blocks:
        for start, end in PERIODS:
            if start in block and end in block and is_before(block[end], block[start]):
                prefix = "".join(f"{key}." for key in where if isinstance(key, str))
                params = {"start": prefix + start, "started": block[start], "end": prefix + end, "ended": block[end]}
                yield ends_before_it_starts.at(facts.path, (*where, end), **params)


_ENDS = frozenset(end for _, end in PERIODS)
_NESTED = (dict, list)


def _find_periods(where: KeyPath, value: Any, found: list[tuple[KeyPath, dict[str, Any]]]) -> None:
    """Find the blocks of a record that have an end, each with its place, outer ones first; events are no periods."""
    if isinstance(value, dict):
        if not _ENDS.isdisjoint(value):
            found.append((where, value))
        items: Any = value.items()
    else:
        items = enumerate(value)
    for key, inner in items:
        if isinstance(inner, _NESTED) and key not in ("timeline", "$body", "custom"):
            _find_periods((*where, key), inner, found)


def is_before(one: Any, other: Any) -> bool:
    """Whether one moment as it is written lies before another; a day and an instant are compared by their days."""
    first, second = _moment(one), _moment(other)
    if first is None or second is None:
        return False
    if isinstance(first, datetime) and isinstance(second, datetime):
        return first < second
    return _day(first) < _day(second)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(value: Any) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else parse_instant(value)
    except ValueError:
        return None


@rule(
    "REC252",
    "audience-of-another-customer",
    scope="file",
    needs=("audience",),
    message="`audience` lets `{audience}` read a record of `{customer}`",
    hint="take `customer:{audience}` out of `audience`",
)
def audience_of_another_customer(loaded: Loaded) -> Iterator[Diagnostic]:
    """A customer's record that another customer may read.

    Why: the site is published by audience; one wrong word there shows one customer the other's outages.

    Example:
        customer: harbour-tv
        audience: [internal, "customer:river-radio"]

    Instead:
        customer: harbour-tv
        audience: [internal, "customer:harbour-tv"]
    """
    facts = sound_facts(loaded)
    customer = facts.get("customer") if facts else None
    for position, audience in enumerate(facts.get("audience", default=()) if facts and customer else ()):
        name = audience.removeprefix("customer:")
        if facts and name != audience and name != customer:
            where = ("audience", position)
            yield audience_of_another_customer.at(facts.path, where, audience=name, customer=customer)


@rule(
    "REC253",
    "ticket-for-everybody",
    scope="file",
    needs=("audience",),
    severity="warning",
    message="`audience` is `public` on a ticket of `{customer}`",
    hint='write `audience: [internal, "customer:{customer}"]` | write an article for the public instead',
)
def ticket_for_everybody(loaded: Loaded) -> Iterator[Diagnostic]:
    """A customer's ticket that anybody may read.

    Why: tickets name people, machines and weaknesses. What the public should know belongs in an article or on
    the status page.

    Example:
        customer: harbour-tv
        audience: [public]

    Instead:
        customer: harbour-tv
        audience: [internal, "customer:harbour-tv"]
    """
    facts = sound_facts(loaded)
    if facts and is_ticket(facts) and facts.get("customer") and "public" in facts.get("audience", default=()):
        yield ticket_for_everybody.at(facts.path, ("audience",), customer=facts.get("customer"))


@rule(
    "REC254",
    "linked-review-without-problem",
    scope="file",
    message="`problem_review` says `linked`, and `links.problem` names none",
    hint="`servicebook link {id} PRB-...` | or `problem_review: {{result: not_needed, reason: ...}}`",
    kinds=("incident",),
    incomplete=True,
)
def linked_review_without_problem(loaded: Loaded) -> Iterator[Diagnostic]:
    """An incident whose review claims a problem that it does not name.

    Why: every incident is asked once whether something lies at its root; an answer that leads nowhere is an
    incident that comes again.

    Example:
        resolution: {problem_review: {result: linked}}

    Instead:
        links: {problem: [PRB-20260313-Q2RT]}
        resolution: {problem_review: {result: linked}}
    """
    facts = sound_facts(loaded)
    result = facts.get("resolution", "problem_review", "result") if facts else None
    if facts and result == "linked" and not linked(facts, "problem"):
        where = ("resolution", "problem_review", "result")
        yield linked_review_without_problem.at(facts.path, where, id=facts.id)


@rule(
    "REC267",
    "problem-ruled-out-unexplained",
    scope="file",
    message="`problem_review` says `not_needed`, and not why",
    hint="servicebook set {id} resolution.problem_review.reason=…"
    " | `servicebook link {id} PRB-...`, and `result: linked`",
    kinds=("incident",),
    needs=("resolution",),
    incomplete=True,
)
def problem_ruled_out_unexplained(loaded: Loaded) -> Iterator[Diagnostic]:
    """An incident said to need no problem, without a word why.

    Why: every closed incident is looked at for its root (clause 1.5.6): a problem is linked, or somebody says why none
    is needed. A bare no is the answer of who did not look.

    Example:
        resolution: {problem_review: {result: not_needed}}

    Instead:
        resolution: {problem_review: {result: not_needed, by: xu.jing, reason: lightning; protection is being built}}
    """
    facts = sound_facts(loaded)
    if facts is None or facts.get("external"):
        return
    review = facts.get("resolution", "problem_review", default={})
    if review.get("result") == "not_needed" and not review.get("reason"):
        where = ("resolution", "problem_review", "result")
        yield problem_ruled_out_unexplained.at(facts.path, where, id=facts.id)


@rule(
    "REC255",
    "request-taken-as-incident",
    scope="file",
    severity="warning",
    message="the category `user_request` stands on an incident",
    hint="`servicebook new service_request`, then cancel this incident | or choose the category of the fault",
    kinds=("incident",),
)
def request_taken_as_incident(loaded: Loaded) -> Iterator[Diagnostic]:
    """A wish of a user that is kept as an incident.

    Why: requests have other clocks and another life, and every one of them counts as an outage here.

    Example:
        schema: incident/1
        category: user_request

    Instead:
        schema: service_request/1
    """
    facts = sound_facts(loaded)
    if facts and facts.get("category") == "user_request":
        yield request_taken_as_incident.at(facts.path, ("category",))


@rule(
    "REC257",
    "secret-in-record",
    scope="file",
    message="a secret stands in the record: `{start}…`",
    hint="change it where it is used: Git and every clone keep it | name the place it is kept at instead",
)
def secret_in_record(loaded: Loaded) -> Iterator[Diagnostic]:
    """A password, a private key or an access key in a record.

    Why: every clone and every backup has it from now on. Deleting the line does not help; the secret must be
    changed.

    Example:
        Log in to the encoder with password: Summer2026

    Instead:
        Log in to the encoder; the password is in the safe under harbour-tv/encoder-3.
    """
    if loaded.kind is not None and _may_hold_secret(loaded.source.data.lower()):
        for span, secret in matches_of(SECRET, loaded):
            yield secret_in_record.at(loaded.source.path, span, start=re.split("[:=：]", secret)[0][:8])


def _may_hold_secret(lowered: bytes) -> bool:
    for word in _SECRET_WORDS if lowered.isascii() else (*_SECRET_WORDS, *_SECRET_WORDS_IN_HAN):
        if word in lowered:
            return True
    return b"key" in lowered and any(word in lowered for word in _SECRET_KEYS)


def matches_of(pattern: re.Pattern[str], loaded: Loaded) -> Iterator[tuple[Span, str]]:
    """Yield where a pattern stands in a file's text."""
    text = loaded.source.data.decode("utf-8", "replace")
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        yield Span(line, column, line, column + len(match[0].split("\n")[0])), match[0]


RULES: tuple[Rule, ...] = (
    ends_before_it_starts,
    audience_of_another_customer,
    ticket_for_everybody,
    linked_review_without_problem,
    problem_ruled_out_unexplained,
    request_taken_as_incident,
    secret_in_record,
)
