"""A desk in memory for the tests of clocks: records as plain dictionaries behind `get`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from servicebook.records.facts import Facts

OFFICE = [["09:00", "18:00"]]
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def facts(kind: str, id: str, **data: Any) -> Facts:
    """Return the fact row of a record with these fields."""
    return Facts(f"{kind}/{id}.md", "", kind, id, id, data.get("status", ""), json.dumps(data), ())


def office(timezone: str = "Asia/Shanghai", **more: Any) -> dict[str, Any]:
    """Return office hours, 09:00 to 18:00 on Monday to Friday, in the inline form."""
    return {"timezone": timezone, "week": dict.fromkeys(WORKDAYS, OFFICE), **more}


ALWAYS = {"timezone": "Asia/Shanghai", "week": {d: [["00:00", "24:00"]] for d in (*WORKDAYS, "sat", "sun")}}


class Desk:
    """Records by kind and id."""

    def __init__(self, *records: Facts) -> None:
        self.records = {(record.kind, record.id): record for record in records}

    def get(self, kind: str, id: str) -> Facts | None:
        return self.records.get((kind, id))


def agreement(*clocks: dict[str, Any], slug: str = "gold", **more: Any) -> Facts:
    """Return an agreement of one version from 2026 on, around the clock unless said."""
    version = {"version": 1, "effective_from": "2026-01-01", "support_hours": "always", "clocks": list(clocks), **more}
    return facts("agreement", slug, agreement_type="sla", versions=[version])


def desk_of(*clocks: dict[str, Any], **more: Any) -> Desk:
    """Return a desk whose customer acme has an agreement with these clocks."""
    return Desk(
        facts("customer", "acme", agreements=["gold"]),
        agreement(*clocks, **more),
        hours("always", ALWAYS),
        hours("cn-office", office()),
    )


def hours(slug: str, *versions: dict[str, Any]) -> Facts:
    """Return a support-hours record; versions without a date hold from 2026 on."""
    return facts("support_hours", slug, versions=[{"effective_from": "2026-01-01", **v} for v in versions])


def event(at: str, name: str, **more: Any) -> dict[str, Any]:
    """Return a line of a timeline on 2026-03-12 (a Thursday) when only a time of day is given."""
    return {"at": instant(at).isoformat(), "id": "k3f9", "event": name, "by": "li.wei", **more}


def instant(text: str) -> datetime:
    """Return an instant: in full, or a time of day on 2026-03-12 at +08:00."""
    return datetime.fromisoformat(text if "T" in text else f"2026-03-12T{text}:00+08:00")


def incident(*timeline: dict[str, Any], **more: Any) -> Facts:
    """Return an incident of customer acme, reported at 08:00 and severe unless said."""
    data = {"customer": "acme", "fault_grade": "severe", "reported_at": "2026-03-12T08:00:00+08:00", **more}
    return facts("incident", "INC-20260312-7F3K", timeline=list(timeline), **data)


RESPONSE = {"name": "response", "clause": "1.1-2", "start": "reported_at", "stop": ["acknowledged"], "within": "30m"}
RESTORE = {
    "name": "restore",
    "promise": "internal",
    "start": "reported_at",
    "stop": ["resolved"],
    "within": "8h",
    "hours": "cn-office",
    "pauses_on": ["waiting_customer"],
    "steps": [{"at": "50%", "tell": "lead"}, {"at": "-10m", "tell": ["manager"]}],
}
