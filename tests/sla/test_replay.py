"""Real desks' logs through the clocks: every incident gets them or a reason, and ServiceNow's own verdict comes out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from replay_logs import DATA, END, LOGS, read_cases
from sla_desk import Desk, agreement, facts

from servicebook.loader import load_record
from servicebook.records.facts import Facts
from servicebook.settings import Settings
from servicebook.sla.status import absence_of, clocks_of, closing_block
from servicebook.text.source_file import SourceFile

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the three public logs are not beside this repository"),
]

HERE = Path(__file__).parent


def record(path: str, name: str) -> Facts:
    """Return a record of this folder, accepted by its model without a finding."""
    loaded = load_record(SourceFile(path, (HERE / name).read_bytes()), Settings())
    assert loaded.facts is not None and loaded.sound and not loaded.diagnostics, loaded.diagnostics
    return loaded.facts


def desk_of_log(log: str) -> Desk:
    """Return the desk that a log is judged on: the agreement read from ServiceNow's flag, or one of teams too."""
    shelf = [
        record("kb/support-hours/eight-to-five.md", "servicenow-hours.md"),
        record("kb/agreements/servicenow.md", "servicenow-agreement.md"),
    ]
    if log == "ServiceNow":
        return Desk(facts("customer", "log", agreements=["servicenow"]), *shelf)
    clocks = [
        {"name": "response", "start": "reported_at", "stop": ["acknowledged"], "within": "4h"},
        {"name": "restore", "start": "opened", "stop": ["resolved", "closed"], "within": "5 working days",
         "pauses_on": ["waiting_customer", "waiting_supplier", "agreed_appointment"], "steps": [
             {"at": "50%", "tell": ["lead"]}, {"at": "-1h", "tell": ["lead"], "then": ["manager"], "rounds": 3}]},
        {"name": "with-g97", "team": "g97", "start": "assigned", "stop": ["resolved", "closed"], "within": "8h"},
        {"name": "with-eight", "team": "team0008", "start": "assigned", "stop": ["resolved", "closed"], "within": "8h"},
    ]  # fmt: skip
    held = agreement(*clocks, slug="log", effective_from="2000-01-01", support_hours="eight-to-five")
    return Desk(facts("customer", "log", agreements=["log"]), held, *shelf)


@pytest.mark.parametrize("log", LOGS)
def test_every_incident_gets_clocks_or_a_reason(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    path, key, read, count = LOGS[log]
    desk = desk_of_log(log)
    tally: Counter[str] = Counter()
    for rows in read_cases(path, key):
        ticket = read(rows)
        clocks = clocks_of(ticket, desk, END)
        reason = absence_of(ticket, desk)
        assert bool(clocks) != bool(reason), ticket.id
        tally["incidents"] += 1
        tally[f"without clocks: {reason}" if reason else "with clocks"] += 1
        for clock in clocks:
            tally[f"{clock.name} {clock.state}"] += 1
            assert clock.trouble == "", (ticket.id, clock.name, clock.trouble)
            assert sum((s.elapsed for s in clock.segments), timedelta()) == clock.elapsed, (ticket.id, clock.name)
            assert sum((s.worked for s in clock.segments), timedelta()) == clock.worked, (ticket.id, clock.name)
        block = closing_block(ticket, desk)
        assert all(outcome["outcome"] in ("met", "missed", "cancelled") for outcome in block.values())
    with capsys.disabled():
        print(f"\n{log}: " + ", ".join(f"{name} {number}" for name, number in sorted(tally.items())))
    assert tally["incidents"] == count


LEAST = {("finish", "P3"): 0.995, ("finish", "P4"): 0.995, ("working-days", "P3"): 0.985, ("working-days", "P4"): 0.99}
"""The least share of incidents on which a clock agrees with ServiceNow's flag; `finish` is the agreement's promise."""


def test_the_agreement_gives_service_nows_own_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    """`made_sla` as it stood at closure, of every incident that was closed as P3 or P4."""
    path, key, read, _ = LOGS["ServiceNow"]
    desk = desk_of_log("ServiceNow")
    right: Counter[tuple[str, str]] = Counter()
    judged: Counter[tuple[str, str]] = Counter()
    for rows in read_cases(path, key):
        ticket = read(rows)
        block = closing_block(ticket, desk)
        if ticket.data["priority"] not in ("P3", "P4"):
            continue
        for name in ("finish", "working-days"):
            judged[name, ticket.data["priority"]] += 1
            outcome = block.get(name, {}).get("outcome")
            right[name, ticket.data["priority"]] += outcome == ("met" if ticket.data["$made"] else "missed")
    with capsys.disabled():
        for name, priority in sorted(judged):
            share = right[name, priority] / judged[name, priority]
            print(f"\n{name} {priority}: {right[name, priority]} of {judged[name, priority]}, {share:.2%}", end="")
    for case, least in LEAST.items():
        assert right[case] >= least * judged[case], case
