"""Days of an RRULE: those of RFC 5545's own examples, whatever is asked of them, and refusals that end soon."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.sla.recurrence import RecurrenceError, days_of, require_recurrence


def days(recurrence: str, start: str, last: str) -> list[str]:
    begin = date.fromisoformat(start)
    return [day.isoformat() for day in days_of(recurrence, begin, begin, date.fromisoformat(last))]


@pytest.mark.parametrize(
    ("recurrence", "start", "last", "due"),
    [  # RFC 5545, 3.8.5.3
        ("FREQ=DAILY;COUNT=3", "1997-09-02", "1997-12-31", ["1997-09-02", "1997-09-03", "1997-09-04"]),
        ("FREQ=WEEKLY;COUNT=3", "1997-09-02", "1997-12-31", ["1997-09-02", "1997-09-09", "1997-09-16"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH", "1997-09-02", "1997-12-31",
         ["1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"]),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05", "1998-12-31", ["1997-09-05", "1997-10-03", "1997-11-07"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=2", "1997-09-28", "1998-12-31", ["1997-09-28", "1997-10-29"]),
        ("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=2TU", "2026-09-01", "2027-03-31",
         ["2026-09-08", "2026-12-08", "2027-03-09"]),
    ],
)  # fmt: skip
def test_days_as_the_standard_has_them(recurrence: str, start: str, last: str, due: list[str]) -> None:
    assert days(recurrence, start, last) == due


@given(
    st.sampled_from(("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=1,15")),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 200),
    st.integers(0, 200),
)
def test_a_part_of_the_time_has_the_days_of_the_whole_in_it(recurrence: str, start: date, one: int, more: int) -> None:
    first, last = start + timedelta(days=one), start + timedelta(days=one + more)
    whole = days_of(recurrence, start, start, last)
    assert days_of(recurrence, start, first, last) == [day for day in whole if day >= first]
    assert all(days_of(recurrence, start, day, day) == [day] for day in whole[:5])


@pytest.mark.parametrize(
    "recurrence",
    ["", "every Monday", "FREQ=HOURLY", "FREQ=SECONDLY;COUNT=1000000", "FREQ=WEEKLY;BYDAY=XX", "BYDAY=MO", "FREQ=",
     "FREQ=WEEKLY;FREQ=DAILY", "FREQ=DAILY;DTSTART=20260101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=DAILY",
     "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999999999", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=²",
     "FREQ=DAILY;BYHOUR=3", "freq=daily", "FREQ=DAILY\nFREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=99",
     "FREQ=DAILY;COUNT=x"],
)  # fmt: skip
def test_what_is_no_recurrence_by_days_is_refused(recurrence: str) -> None:
    with pytest.raises(RecurrenceError):
        require_recurrence(recurrence, date(2026, 1, 1))


@given(st.text("FREQ=DAILYWKMONTH;BYSP0123456789-,:ñ周\n ", max_size=60))
def test_no_text_brings_more_than_a_refusal(text: str) -> None:
    first = date(2026, 1, 1)
    try:
        found = days_of(text, first, first, date(2026, 3, 1))
    except RecurrenceError:
        return
    assert found == sorted(set(found))
