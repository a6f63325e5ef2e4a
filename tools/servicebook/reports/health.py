"""The health record of a customer or a service: how it went, month by month (service plan, 1.3.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from servicebook.records.facts import Facts
from servicebook.sla.cover import day_written
from servicebook.typed import Any, NamedTuple

COUNTED = ("incident", "change", "inspection", "visit", "survey", "problem", "service_request")
"""Kinds whose records make the health of what they name."""

SATISFIED = 4
"""A score from here on (of 5) counts as satisfied."""


class Month(NamedTuple):
    """What happened in a month.

    met, missed: clocks of the tickets reported in it, as they were written down when they closed.
    answers, satisfied: scores given in surveys, and those of 4 or 5 among them.
    """

    month: str
    incidents: int = 0
    severe: int = 0
    met: int = 0
    missed: int = 0
    requests: int = 0
    problems: int = 0
    changes: int = 0
    parts: int = 0
    visits: int = 0
    inspections: int = 0
    failed_items: int = 0
    answers: int = 0
    satisfied: int = 0

    @property
    def csat(self) -> int | None:
        """Share of satisfied answers in percent, None without an answer."""
        return round(100 * self.satisfied / self.answers) if self.answers else None


FIGURES = tuple(name for name in Month._fields if name not in ("month", "answers", "satisfied"))
"""What is shown of a month, satisfaction beside it."""


Added = tuple[str, tuple[tuple[str, int], ...]]
"""What a record adds: to which month (YYYY-MM, "" for none), and how much to which figures."""


def added_by(record: Facts) -> Added:
    """Return what one record adds to the health of all that it names."""
    day = _day_of(record) if record.kind in COUNTED and record.status != "cancelled" else None
    return _once(day.isoformat()[:7], tuple(_figures(record).items())) if day else ("", ())


@lru_cache(maxsize=4096)  # who remembers what 100,000 records add keeps it once
def _once(month: str, figures: tuple[tuple[str, int], ...]) -> Added:
    return month, figures


Sums = Mapping[str, Mapping[str, int]]
"""What some records add together, by month: to each figure."""


def added_up(records: Iterable[Facts], added: Callable[[Facts], Added] = added_by) -> dict[str, dict[str, int]]:
    """Return what records add together. added: what is asked for a record's share, by those who know some already."""
    sums: dict[str, dict[str, int]] = {}
    for record in {one.path: one for one in records if one.kind in COUNTED}.values():
        month, figures = added(record)
        if month:
            counts = sums.setdefault(month, {})
            for figure, number in figures:
                counts[figure] = counts.get(figure, 0) + number
    return sums


def health_of(records: Iterable[Facts], end: date, months: int = 12) -> list[Month]:
    """Return the last `months` months up to that of `end`, the oldest first, of records that name one thing."""
    return health_from([added_up(records)], end, months)


def health_from(sums: Iterable[Sums], end: date, months: int = 12) -> list[Month]:
    """Return the same of what those records add, which may be summed up in parts."""
    found: dict[str, dict[str, int]] = {name: {} for name in months_until(end, months)}
    for part in sums:
        for month in part.keys() & found.keys():
            for figure, number in part[month].items():
                found[month][figure] = found[month].get(figure, 0) + number
    return [Month(name, **counts) for name, counts in found.items()]


def months_until(end: date, count: int) -> list[str]:
    """Return the last `count` months (YYYY-MM) up to that of `end`, the oldest first."""
    last = end.year * 12 + end.month - 1
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(last - count + 1, last + 1)]


def _day_of(record: Facts) -> date | None:
    data = record.data
    said = next((data[field] for field in _DATED if data.get(field)), None)
    if said is None and (timeline := record.timeline):
        said = timeline[0].get("at")
    return day_written(said)


_DATED = ("reported_at", "detected_at", "planned_start_at", "responded_on", "sent_on", "due_on")


def _figures(record: Facts) -> dict[str, int]:
    """Return what one record adds to its month."""
    if record.kind == "survey":
        scores = [line.get("score") for line in record.get("scores", default=())]
        good = sum(1 for score in scores if isinstance(score, int) and score >= SATISFIED)
        return {"answers": len(scores), "satisfied": good}
    if record.kind == "inspection":
        failed = record.get("failed_items") or [r for r in record.get("results", default=()) if r.get("ok") is False]
        return {"inspections": int(record.status == "done"), "failed_items": len(failed)}
    if record.kind == "change":
        return {"changes": int(record.status in ("implemented", "closed"))}
    names = {"visit": "visits", "problem": "problems", "service_request": "requests"}
    outcomes = [outcome.get("outcome") for outcome in (record.get("sla", default={})).values()]
    counts = {"met": outcomes.count("met"), "missed": outcomes.count("missed")}
    if record.kind == "incident":
        replaced = record.get("resolution", "parts_replaced", default=())
        severe = record.get("fault_grade") == "severe"
        return {"incidents": 1, "severe": int(severe), "parts": len(replaced), **counts}
    return {names[record.kind]: 1, **counts}


def health_data(months: Sequence[Month]) -> list[dict[str, Any]]:
    """Return months in JSON values."""
    return [{**month._asdict(), "csat": month.csat} for month in months]
