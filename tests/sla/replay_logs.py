"""Three public logs of real service desks as tickets: which of their events is which of ours, incident by incident."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sla_desk import facts

from servicebook.records.facts import Facts

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

Row = dict[str, str]


def read_cases(path: str, key: str) -> Iterator[list[Row]]:
    """Yield the rows of each case of a log, in the order of the file."""
    with gzip.open(DATA / path, "rt", encoding="utf-8", newline="") as lines:
        case: list[Row] = []
        for row in csv.DictReader(lines):
            if case and case[0][key] != row[key]:
                yield case
                case = []
            case.append(row)
        if case:
            yield case


def line(at: str, name: str, number: int, **more: Any) -> dict[str, Any]:
    """Return one event of a timeline."""
    return {"at": at, "id": f"{number:04x}"[-4:], "event": name, "by": "import", **more}


def incident(number: str, timeline: list[dict[str, Any]], **data: Any) -> Facts:
    """Return an incident of the customer `log`."""
    return facts("incident", number, customer="log", timeline=timeline, **data)


# ServiceNow (UCI 498): stamps without a zone, taken as UTC


def service_now_at(text: str) -> str:
    """Return 29/2/2016 06:38 as an instant."""
    day, clock = text.split(" ")
    date, month, year = day.split("/")
    return f"{year}-{int(month):02}-{int(date):02}T{clock}:00+00:00"


WAITING = {
    "Awaiting User Info": "waiting_customer",
    "Awaiting Vendor": "waiting_supplier",
    "Awaiting Problem": "waiting_supplier",
    "Awaiting Evidence": "waiting_customer",
}


def service_now(rows: list[Row]) -> Facts:
    """Return one incident of the ServiceNow log; `$made` in its data is the flag as it stood at closure."""
    last = rows[-1]
    timeline = [line(service_now_at(rows[0]["opened_at"]), "opened", 0)]
    state, priority, taken = "New", rows[0]["priority"][0], False
    for number, row in enumerate(rows, 1):
        at = service_now_at(row["sys_updated_at"])
        if row["priority"][0] != priority:
            change = {"field": "priority", "old": f"P{priority}", "new": f"P{row['priority'][0]}"}
            timeline.append(line(at, "regraded", number, **change))
            priority = row["priority"][0]
        if row["incident_state"] == state:
            continue
        before, state = state, row["incident_state"]
        if state in WAITING:
            timeline.append(line(at, "paused", number, reason=WAITING[state]))
        elif state == "Resolved":
            timeline.append(line(at, "resolved", number))
        elif state == "Active":
            name = "reopened" if before == "Resolved" else "resumed" if before in WAITING else "acknowledged"
            timeline.append(line(at, "acknowledged" if not taken and name == "resumed" else name, number))
            taken = True
    timeline.append(line(service_now_at(last["closed_at"]), "closed", len(rows) + 1))
    made = last["made_sla"] == "true"
    data = {"reported_at": service_now_at(last["opened_at"]), "priority": f"P{last['priority'][0]}", "$made": made}
    return incident(last["number"], timeline, **data)


# Volvo (BPI 2013): teams hand incidents on and take them back


VOLVO: dict[str, tuple[str, dict[str, Any]]] = {
    "In Progress": ("acknowledged", {}),
    "Assigned": ("note", {}),
    "Awaiting Assignment": ("note", {}),
    "In Call": ("resolved", {}),
    "Resolved": ("resolved", {}),
    "Closed": ("closed", {}),
    "Cancelled": ("cancelled", {}),
    "Wait": ("paused", {"reason": "waiting_customer"}),
    "Wait - User": ("paused", {"reason": "waiting_customer"}),
    "Wait - Customer": ("paused", {"reason": "waiting_customer"}),
    "Wait - Vendor": ("paused", {"reason": "waiting_supplier"}),
    "Wait - Implementation": ("paused", {"reason": "agreed_appointment"}),
    "Unmatched": ("note", {}),
}


def volvo(rows: list[Row]) -> Facts:
    """Return one incident of the Volvo log, every row with the team that has it."""
    timeline = [line(rows[0]["time:timestamp"], "opened", 0)]
    team, done = "", False
    for number, row in enumerate(rows, 1):
        at, group = row["time:timestamp"], row["org:group"].replace(" ", "-").lower()
        if group != team:
            timeline.append(line(at, "assigned", number, assignment_group=group))
            team = group
        name, more = VOLVO[row["lifecycle:transition"]]
        if done and name == "acknowledged":
            timeline.append(line(at, "reopened", number))
        elif name != "note":
            timeline.append(line(at, name, number, **more))
        done = name in ("resolved", "closed") or (done and name == "note")
    first = rows[0]
    return incident(f"VOLVO-{first['case']}", timeline, priority="P3", reported_at=first["time:timestamp"])


# Rabobank (BPI 2014): activities of an HP Service Manager


RABOBANK = {
    "Open": "opened", "Closed": "closed", "Resolved": "resolved", "Reopen": "reopened",
    "Communication with customer": "acknowledged", "Callback Request": "called_back",
    "Operator Update": "acknowledged", "Pending vendor": "paused", "Update from customer": "resumed",
}  # fmt: skip


def rabobank(rows: list[Row]) -> Facts:
    """Return one incident of the Rabobank log; its rows come in any order, and some have no opening."""
    timeline = []
    for number, row in enumerate(sorted(rows, key=lambda row: datetime.fromisoformat(row["timestamp"]))):
        name, group = RABOBANK.get(row["activity"], ""), row.get("Assignment Group", "")
        if row["activity"] in ("Assignment", "Reassignment") and group:
            timeline.append(line(row["timestamp"], "assigned", number, assignment_group=group.lower()))
        elif name:
            more = {"reason": "waiting_supplier"} if name == "paused" else {}
            timeline.append(line(row["timestamp"], name, number, **more))
    opened = next((event["at"] for event in timeline if event["event"] == "opened"), None)
    data = {} if opened is None else {"reported_at": opened}
    return incident(rows[0]["Incident ID"], timeline, priority="P3", **data)


LOGS: dict[str, tuple[str, str, Callable[[list[Row]], Facts], int]] = {
    "ServiceNow": ("uci-incident-log/incident_event_log.csv.gz", "number", service_now, 12_438),
    "Volvo": ("bpi2013-volvo/incidents.csv.gz", "case", volvo, 3_087),
    "Rabobank": ("bpi2014-rabobank/incident_activity.csv.gz", "Incident ID", rabobank, 8_405),
    "Rabobank, filtered": ("bpi2014-rabobank/incident_activity_filtered.csv.gz", "Incident ID", rabobank, 20_688),
}
"""By name: file, the field that tells cases apart, how a case is read, and how many incidents there are."""

END = datetime(2020, 1, 1, tzinfo=UTC)
"""Long after the last event of all logs."""
