"""Figures of a desk: counted by hand on a small one, and sums that hold for any."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicebook.records.facts import Facts
from servicebook.reports import figures
from servicebook.reports.ticket_outcomes import Ending, Outcome, month_of, outcome_of

ZONE = ZoneInfo("Asia/Shanghai")
MONTHS = ["2026-02", "2026-03"]


def ticket(id: str, *events: tuple[str, str], kind: str = "incident", **data: Any) -> Facts:
    folder = {"incident": "incidents", "change": "changes"}[kind]
    path = f"tickets/{folder}/{id[4:8]}/{id[8:10]}/{id}.md"
    timeline = [{"at": f"{at}+08:00", "event": event} for at, event in events]
    return Facts(path, "", kind, id, id, "closed", "", (), {"timeline": timeline, **data})


def block(*outcomes: str) -> dict[str, Any]:
    """Return a written clock that ended so in turn; the last is how it stands."""
    ends = [{"due_at": "2026-03-02T12:00:00+08:00", "outcome": one} for one in outcomes]
    return {**ends[-1], **({"cycles": ends[:-1]} if len(ends) > 1 else {})}


DESK = [
    ticket("INC-20260201-AAAA", ("2026-02-01T10:10:00", "acknowledged"), ("2026-02-01T12:00:00", "resolved"),
           reported_at="2026-02-01T10:00:00+08:00", sla={"response": block("met"), "restore": block("met")}),
    ticket("INC-20260302-BBBB", ("2026-03-02T10:20:00", "acknowledged"), ("2026-03-02T11:00:00", "resolved"),
           ("2026-03-02T12:00:00", "reopened"), ("2026-03-02T16:00:00", "resolved"),
           reported_at="2026-03-02T02:00:00+00:00", resolution={"cause_code": "hardware"},
           sla={"response": block("met"), "restore": block("missed", "met")}),
    ticket("INC-20260303-CCCC", ("2026-03-03T23:30:00", "acknowledged"), ("2026-03-03T23:50:00", "resolved"),
           reported_at="2026-03-03T23:00:00+08:00", sla={"response": block("missed"), "restore": block("cancelled")}),
    ticket("CHG-20260301-DDDD", ("2026-03-01T01:00:00", "implemented"), kind="change"),
    ticket("CHG-20260301-EEEE", ("2026-03-01T01:00:00", "implemented"), kind="change",
           review={"closure_code": "unsuccessful"}),
    ticket("CHG-20260301-FFFF", ("2026-03-01T01:00:00", "backed_out"), kind="change"),
    ticket("CHG-20260301-GGGG", ("2026-03-01T01:00:00", "approved"), kind="change"),
]  # fmt: skip
OUTCOMES = [outcome_of(one, (), ZONE) for one in DESK]


def test_the_month_is_that_of_the_file() -> None:
    assert month_of("tickets/incidents/2026/03/INC-20260302-BBBB.md") == "2026-03"
    assert month_of("kb/services/cms.md") == ""


def test_attainment_counts_each_cycle_of_a_clock_by_the_month_of_its_ticket() -> None:
    found = figures.attainment(OUTCOMES, MONTHS)
    assert {clock: [(len(one.part), len(one.whole)) for one in line] for clock, line in found.items()} == {
        "response": [(1, 1), (1, 2)], "restore": [(1, 1), (1, 2)],
    }  # fmt: skip
    assert [one.percent for one in found["response"]] == [100, 50]
    assert found["restore"][1].whole == ("INC-20260302-BBBB", "INC-20260302-BBBB")


def test_times_are_counted_from_notice_across_zones() -> None:
    ack = figures.spreads(OUTCOMES, MONTHS, lambda one: one.acknowledged)
    assert [(one.median, one.ninth, len(one.ids)) for one in ack] == [(10, 10, 1), (25, 30, 2)]
    restore = figures.spreads(OUTCOMES, MONTHS, lambda one: one.restored)
    assert restore[0].median == 2
    assert restore[1].ninth == 6  # until it was resolved for good
    assert figures.spreads([], ["2026-01"], lambda one: one.restored) == [figures.Spread("2026-01", None, None, ())]


def test_changes_that_held_and_tickets_reopened() -> None:
    held = figures.changes_held(OUTCOMES, MONTHS)[1]
    assert (held.part, len(held.whole)) == (("CHG-20260301-DDDD",), 3)  # one was not carried out
    again = figures.reopened(OUTCOMES, MONTHS)[1]
    assert (again.part, len(again.whole)) == (("INC-20260302-BBBB",), 2)


def test_the_week_is_that_of_the_desk() -> None:
    counts = figures.rhythm(OUTCOMES)
    assert (counts[6][10], counts[0][10], counts[1][23]) == (1, 1, 1)
    assert sum(map(sum, counts)) == 3


def test_a_missed_clock_tells_its_cause_and_stays_missed_when_a_later_cycle_is_met() -> None:
    told = [(one.id, one.clock, one.cause) for one in figures.breaches(OUTCOMES)]
    assert told == [("INC-20260302-BBBB", "restore", "hardware"), ("INC-20260303-CCCC", "response", "")]


def test_the_backlog_by_full_days() -> None:
    now = datetime(2026, 4, 1, 10, tzinfo=ZONE)
    aged = [
        ticket(f"INC-20260101-{days:04d}", reported_at=(now - timedelta(days=days)).isoformat())
        for days in (0, 1, 2, 7, 8, 30, 31, 90, 91, 400)
    ]
    found = figures.backlog(aged, now, lambda one: "P1" if one.id.endswith("0") else "P9")
    assert {band: (len(row["P1"]), len(row[""])) for band, row in found.items()} == {
        "0–1": (1, 1), "2–7": (0, 2), "8–30": (1, 1), "31–90": (1, 1), "> 90": (1, 1),
    }  # fmt: skip


endings = st.builds(Ending, st.sampled_from(["a", "b"]), st.sampled_from(["met", "missed"]), st.just(""), st.just(""))
outcomes = st.lists(
    st.builds(
        Outcome, st.sampled_from(["x", "y"]), st.just("incident"), st.sampled_from(MONTHS),
        st.lists(endings, max_size=3).map(tuple),
        st.none() | st.floats(0, 1e6), st.none(), st.none() | st.integers(0, 167), st.booleans(), st.booleans(),
        st.none() | st.booleans(), st.just(""),
    ),
    max_size=8,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # the machine may be busy
@given(outcomes)
def test_parts_add_up_to_the_whole(found: list[Outcome]) -> None:
    shares = [one for line in figures.attainment(found, MONTHS).values() for one in line]
    assert sum(len(one.whole) for one in shares) == sum(len(one.endings) for one in found)
    assert sum(len(one.whole) - len(one.part) for one in shares) == len(figures.breaches(found))
    spreads = figures.spreads(found, MONTHS, lambda one: one.acknowledged)
    assert sum(len(one.ids) for one in spreads) == sum(one.acknowledged is not None for one in found)
    assert all(
        one.median is None or one.ninth is None or one.median <= one.ninth for one in spreads if len(one.ids) > 1
    )
    assert sum(map(sum, figures.rhythm(found))) == sum(one.slot is not None for one in found)


def test_a_month_as_a_whole() -> None:
    month = figures.month_figures("2026-03", [one for one in OUTCOMES if one.month == "2026-03"])
    assert month.clocks == {"response": (1, 2), "restore": (1, 2)}
    assert (month.acknowledged, month.restored.n) == ((25, 30, 2), 2)
    assert (month.held, month.reopened) == ((1, 3), (1, 2))
    assert month.failed == ["CHG-20260301-FFFF", "CHG-20260301-EEEE"]
    assert month.again == ["INC-20260302-BBBB"]
    assert figures.added([month.held, month.reopened]).percent == 40
    assert sum(month.rhythm) == 2
