"""Time the clocks: many closed tickets with five clocks each, and due times over spans of a day to ten years.

`bench_sla.py [--tickets 100000]` prints absolute times and their ratio to a yardstick of the same run: parsing one
ISO 8601 instant with `datetime.fromisoformat` and taking its difference from another, the least that any clock does.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from servicebook.records.facts import Facts
from servicebook.sla.status import clocks_of
from servicebook.sla.versions import compile_hours
from servicebook.sla.working_time import add_working_time, working_time_between

START = datetime.fromisoformat("2024-01-02T00:00:00+08:00")
NOW = datetime.fromisoformat("2027-03-01T09:00:00+08:00")
OFFICE = {day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
YEARS = range(2015, 2041)


def hours_data() -> dict[str, Any]:
    """Return office hours with seven holidays and two make-up days a year."""
    lists = [
        {
            "year": year,
            "source": "bench",
            "days": [f"{year}-10-0{day}" for day in range(1, 8)],
            "working_days": [f"{year}-09-26", f"{year}-10-10"],
        }
        for year in YEARS
    ]
    return {"effective_from": "2015-01-01", "timezone": "Asia/Shanghai", "week": OFFICE, "holidays": lists}


def agreement_data() -> dict[str, Any]:
    """Return an agreement of five clocks: lengths and working days, pauses, steps, one that starts at `resolved`."""
    office = {"start": "reported_at", "pauses_on": ["waiting_customer", "waiting_supplier"]}
    clocks = [
        {"name": "response", "start": "reported_at", "stop": ["acknowledged"], "within": "30m"},
        {"name": "remote", **office, "stop": ["remote_session", "arrived"], "within": "1h"},
        {"name": "restore", **office, "stop": ["resolved"], "within": "8h", "steps": [{"at": "50%", "tell": ["a"]}]},
        {"name": "finish", **office, "stop": ["closed"], "within": "5 working days"},
        {"name": "report", "start": "resolved", "stop": ["report_submitted"], "within": "16h"},
    ]
    version = {"version": 1, "effective_from": "2015-01-01", "support_hours": "office", "clocks": clocks}
    return {"agreement_type": "sla", "versions": [version]}


def facts_of(kind: str, id: str, **data: Any) -> Facts:
    """Return the fact row of a record."""
    return Facts(f"{kind}/{id}.md", f"{kind}{id}", kind, id, id, "", json.dumps(data), ())


class Desk:
    """Records by kind and id."""

    def __init__(self, *records: Facts) -> None:
        self.records = {(record.kind, record.id): record for record in records}

    def get(self, kind: str, id: str) -> Facts | None:
        return self.records.get((kind, id))


def desk() -> Desk:
    """Return a desk of one customer, one agreement and its hours."""
    return Desk(
        facts_of("customer", "acme", agreements=["gold"]),
        facts_of("agreement", "gold", **agreement_data()),
        facts_of("support_hours", "office", versions=[hours_data()]),
    )


def ticket(number: int, dice: random.Random) -> Facts:
    """Return a closed incident of eight to ten events, paused once in three cases."""
    at = START + timedelta(seconds=dice.randint(0, 3 * 365 * 86_400))
    reported = at
    timeline = []

    def then(name: str, most: int, **more: Any) -> None:
        nonlocal at
        at += timedelta(seconds=dice.randint(60, most))
        entry = {"at": at.isoformat(), "id": "k3f9", "event": name, "by": "li.wei", **more}
        timeline.append(entry)

    then("opened", 300)
    then("acknowledged", 3_600)
    then("assigned", 3_600)
    then("remote_session", 7_200)
    if not number % 3:
        then("paused", 7_200, reason="waiting_customer")
        then("resumed", 200_000)
    then("note", 3_600)
    then("resolved", 60_000)
    then("report_submitted", 100_000)
    then("closed", 400_000)
    data = {"customer": "acme", "fault_grade": "severe", "reported_at": reported.isoformat(), "timeline": timeline}
    return facts_of("incident", f"INC-{number}", **data)


def yardstick() -> float:
    """Return the processor seconds that one instant takes to be read and compared, on the machine as busy as it is."""
    text, other = "2026-03-12T08:43:05+08:00", datetime.fromisoformat("2026-03-12T08:41:00+08:00")
    began = time.process_time()
    for _ in range(300_000):
        datetime.fromisoformat(text) - other
    return (time.process_time() - began) / 300_000


def time_tickets(count: int) -> tuple[float, float, int]:
    """Return the processor seconds that the clocks of `count` loaded tickets take, and how many clocks there were.

    First alone (their states), then with what a report reads: due, stopped, elapsed and worked.
    """
    dice = random.Random(7)
    tickets = [ticket(number, dice) for number in range(count)]
    for one in tickets:
        assert one.data
    records = desk()
    gc.collect()
    began = time.process_time()
    clocks = sum(len(clocks_of(one, records, NOW)) for one in tickets)
    bare = time.process_time() - began
    began = time.process_time()
    for one in tickets:
        for clock in clocks_of(one, records, NOW):
            _ = (clock.state, clock.due_at, clock.stopped_at, clock.elapsed, clock.worked)
    return bare, time.process_time() - began, clocks


SPANS = {"a day": 1, "a week": 5, "a month": 21, "a quarter": 63, "a year": 250, "three years": 750, "ten years": 2500}


def time_spans() -> list[tuple[str, float, float]]:
    """Return by span the seconds of a due time and of the working time back, the years compiled once before."""
    hours = compile_hours({"versions": [hours_data()]})
    start = datetime.fromisoformat("2026-03-12T10:00:00+08:00")
    found = []
    for name, days in SPANS.items():
        amount = timedelta(hours=7.5) * days
        due = add_working_time(hours, start, amount)
        assert due is not None and working_time_between(hours, start, due) == amount
        times = []
        back = partial(working_time_between, hours, start, due)
        for action in (partial(add_working_time, hours, start, amount), back):
            best = 1e9
            for _ in range(5):
                began = time.process_time()
                for _ in range(2_000):
                    action()
                best = min(best, (time.process_time() - began) / 2_000)
            times.append(best)
        found.append((name, times[0], times[1]))
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    given = parser.parse_args()
    unit = yardstick()
    bare, read, clocks = time_tickets(given.tickets)
    unit = (unit + yardstick()) / 2  # before and after: other programs come and go
    print(f"yardstick: one instant read and compared {unit * 1e9:.0f} ns")
    print(f"{given.tickets} closed tickets, {clocks} clocks; of one core:")
    for what, seconds in (("state, due and stop", bare), ("and every figure of a report read", read)):
        each = seconds / clocks
        print(f"{what:34} {seconds:8.2f} s  {each * 1e6:8.2f} us a clock  {each / unit:7.1f} x yardstick")
    for name, due, between in time_spans():
        print(
            f"{name:12} due time {due * 1e6:7.2f} us {due / unit:6.1f} x   "
            f"time between {between * 1e6:7.2f} us {between / unit:6.1f} x"
        )


if __name__ == "__main__":
    main()
