"""How a dispatch gets onto an incident: its plan, consent and approval, the way there, the word to the customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servicebook.actions.event import Stamp, record_event, render_at, said_verbs
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.text.set_field import remove_field, set_field
from servicebook.text.source_file import SourceFile
from servicebook.typed import Any
from servicebook.workflow.dispatching import approval_of, confirmed_at, gaps_before, lacking_sections, reached
from servicebook.workflow.money import money_of

TOLD_FIELDS = {"phone": "told_by_phone_at", "sms": "told_by_sms_at"}
"""Channel to the field of `dispatch` that says when the customer heard of the departure by it."""


CONSENT_FIELDS = {"incident": ("emergency_plan", "consent"), "service_request": ("consent",), "visit": ("consent",)}
"""Kind to where the customer's consent stands."""


REFUSALS = {
    "planned": "nobody leaves for `{id}` yet: it has no emergency plan",
    "consented": "nobody leaves for `{id}` yet: the customer has not agreed to the plan",
    "approved": "nobody leaves for `{id}` yet: nobody has approved the plan as it is",
}
"""Why nobody leaves, by the stage that is not reached."""


def write_plan(source: SourceFile, facts: Facts, stamp: Stamp, said: Mapping[str, Any], note: str = "") -> SourceFile:
    """Write the emergency plan, or what is new about it; an approval of what it said before goes.

    So does the customer's consent where the plan costs more than what they said yes to (service plan, 1.1-5).
    Who released the parts is no part of what is approved: that is said on an approved plan, and on no other.
    Raises FindingsError once a team has left: what it left on stays as it was.
    """
    _require_open(facts)
    if set(said) == {"parts_released_by"}:
        if not approval_of(facts):
            hint = "first: servicebook approve {id} --via phone"
            raise FindingsError("parts are released on an approved plan only", hint, id=facts.id)
        return SourceFile(source.path, set_block(source.data, facts, "emergency_plan", said))
    if "departed" in reached(facts):
        raise FindingsError(
            "a team has left on the plan of `{id}` already", "what came up since: servicebook note {id} TEXT",
            id=facts.id,
        )  # fmt: skip
    after = record_event(source, facts, "plan_written", stamp, note=note)
    data = after.data
    if approval_of(facts):
        data = remove_field(data, ("emergency_plan", "approval"))
    if facts.get("emergency_plan", "consent") and _costs_more(said, facts):
        data = remove_field(data, ("emergency_plan", "consent"))
    return SourceFile(after.path, set_block(data, facts, "emergency_plan", said))


def consent(
    source: SourceFile, facts: Facts, stamp: Stamp, name: str, *, via: str, evidence: str = "", note: str = ""
) -> SourceFile:
    """Write down that `name` at the customer's said yes: by which channel, and where the proof is.

    Of an incident it is the emergency plan that they agree to, else the ticket and its estimate.
    Raises FindingsError where there is no plan to say yes to.
    """
    if facts.kind == "incident":
        _require_open(facts)
        _require_plan(facts)
    after = record_event(source, facts, "consented", stamp, via=via, to=name, evidence=evidence, note=note)
    said = {"by": name, "at": render_at(stamp.at), "via": via, "evidence": evidence}
    block = {key: value for key, value in said.items() if value}
    return SourceFile(after.path, set_field(after.data, CONSENT_FIELDS[facts.kind], block))


def approve_plan(
    source: SourceFile, facts: Facts, stamp: Stamp, *, via: str, taken_by: str = "", note: str = ""
) -> SourceFile:
    """Write down that `stamp.by` approved the plan, by `signature` or by `phone`; `taken_by` took the call.

    Raises FindingsError for a plan that does not say yet what is approved.
    """
    _require_open(facts)
    _require_plan(facts)
    _require_sections(facts)
    event = "approved_by_phone" if via == "phone" else "plan_approved"
    after = record_event(source, facts, event, stamp, via="phone" if via == "phone" else "", to=taken_by, note=note)
    block = {"by": stamp.by, "at": render_at(stamp.at), "via": via}
    return SourceFile(after.path, set_field(after.data, ("emergency_plan", "approval"), block))


def confirm_approval(source: SourceFile, facts: Facts, stamp: Stamp, *, via: str, note: str = "") -> SourceFile:
    """Confirm in writing what was approved by telephone.

    Raises FindingsError where nothing was approved by telephone, or it is confirmed already.
    """
    if approval_of(facts).get("via") != "phone":
        template, hint = "nothing on `{id}` was approved by telephone", "servicebook approve {id} --via phone"
        raise FindingsError(template, hint, id=facts.id)
    if confirmed := confirmed_at(facts):
        raise FindingsError(
            "`{id}` was confirmed at {at} already", "servicebook show {id}", id=facts.id, at=render_at(confirmed)
        )
    after = record_event(source, facts, "approval_confirmed", stamp, via=via, note=note)
    where = ("emergency_plan", "approval", "confirmed_at")
    return SourceFile(after.path, set_field(after.data, where, render_at(stamp.at)))


def depart(source: SourceFile, facts: Facts, stamp: Stamp, said: Mapping[str, Any], note: str = "") -> SourceFile:
    """A team leaves for the site; `said` are fields of `dispatch`: eta_at, transport, pass.

    Raises FindingsError without plan, consent or approval, with the first that is missing and how to get it.
    """
    _require_open(facts)
    if gaps := gaps_before(facts, stamp.at):
        if gaps[0].name == "planned" and facts.get("emergency_plan"):
            _require_sections(facts)
        command = gaps[0].command.format(id=facts.id)
        raise FindingsError(REFUSALS[gaps[0].name], "first: {command}", id=facts.id, command=command)
    return _move(source, facts, stamp, "departed", said, note)


def arrive(source: SourceFile, facts: Facts, stamp: Stamp, note: str = "") -> SourceFile:
    """A team is there. Who is there all the time needs no departure for it."""
    _require_open(facts)
    return _move(source, facts, stamp, "arrived", {}, note)


def leave(source: SourceFile, facts: Facts, stamp: Stamp, note: str = "") -> SourceFile:
    """A team leaves the site again. Raises FindingsError where none has arrived."""
    if "arrived" not in reached(facts):
        raise FindingsError("nobody has arrived for `{id}`", "servicebook arrive {id}", id=facts.id)
    return _move(source, facts, stamp, "left", {}, note)


def tell_customer(
    source: SourceFile, facts: Facts, stamp: Stamp, channels: Sequence[str], *, to: str, until: str = "", note: str = ""
) -> SourceFile:
    """The customer has heard: by each of `channels`, whom, and until when they hear again."""
    for channel in channels:
        source = record_event(source, facts, "customer_told", stamp, via=channel, to=to, until=until, note=note)
    data = source.data
    if "departed" in reached(facts) and "arrived" not in reached(facts):
        for channel in channels:
            field = TOLD_FIELDS.get(channel)
            if field and not facts.get("dispatch", field):
                data = set_field(data, ("dispatch", field), render_at(stamp.at))
    return SourceFile(source.path, data)


def _move(source: SourceFile, facts: Facts, stamp: Stamp, name: str, said: Mapping[str, Any], note: str) -> SourceFile:
    if facts.get("dispatch", f"{name}_at"):
        raise FindingsError(
            "`{id}` says `{event}` at {at} already", "a second way: servicebook note {id} --event {event}",
            id=facts.id, event=name, at=facts.get("dispatch", f"{name}_at"),
        )  # fmt: skip
    after = record_event(source, facts, name, stamp, note=note)
    return SourceFile(after.path, set_block(after.data, facts, "dispatch", {f"{name}_at": render_at(stamp.at), **said}))


def set_block(data: bytes, facts: Facts, block: str, said: Mapping[str, Any]) -> bytes:
    """Return the file with the fields of a block set; a block that is new is written as one, a field a line."""
    told = {key: value for key, value in said.items() if value not in (None, "", [])}
    if told and not facts.get(block):
        return set_field(data, (block,), told)
    for key, value in told.items():
        data = set_field(data, (block, key), value)
    return data


def _require_open(facts: Facts) -> None:
    if facts.status in ("closed", "cancelled", "resolved"):
        raise FindingsError(
            "`{id}` is `{state}`: nobody is sent any more", "possible now: {verbs}",
            id=facts.id, state=facts.status, verbs=said_verbs(facts),
        )  # fmt: skip


def _require_plan(facts: Facts) -> None:
    if "planned" in reached(facts):
        return
    if facts.get("emergency_plan"):
        _require_sections(facts)
    raise FindingsError("`{id}` has no emergency plan", "first: servicebook emergency {id}", id=facts.id)


def _require_sections(facts: Facts) -> None:
    if missing := lacking_sections(facts):
        raise FindingsError(
            "the emergency plan of `{id}` does not say {missing}",
            "servicebook emergency {id} {flags}",
            id=facts.id, missing=", ".join(missing),
            flags=" ".join(f"--{name.replace('_', '-')} …" for name in missing),
        )  # fmt: skip


def _costs_more(said: Mapping[str, Any], facts: Facts) -> bool:
    """Whether a plan costs more by what is said now than before; more of another currency is more."""
    before, now = money_of(facts.get("emergency_plan", "estimate")), money_of(said.get("estimate"))
    return now is not None and (before is None or now.currency != before.currency or now.amount > before.amount)
