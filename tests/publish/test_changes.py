"""The change calendar: months over their ends, what a day shows, what stands in a change's way, who is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.publish.conftest import example_files, gathering_of

from servicebook.audience.desk import WholeDesk
from servicebook.publish import changes_html
from servicebook.publish.changes_html import changes
from servicebook.publish.labels import Labels
from servicebook.publish.month_grid import by_day, days_of, month_after, weeks_of
from servicebook.publish.month_html import IN_A_DAY, IN_A_MONTH, _most_a_day, month_html
from servicebook.publish.month_pages import month_pages
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.reports.schedule import Planned, schedule_of
from servicebook.rules.opening import open_desk

ROOT = Path(__file__).parent.parent.parent
ZONE = ZoneInfo("Asia/Shanghai")
CHANGE = Facts(
    "tickets/changes/2026/12/CHG-20261231-AAAA.md", "", "change", "CHG-20261231-AAAA", "Swap", "draft", "{}", ()
)


def planned(start: datetime | date | str, end: datetime | date | str) -> Planned:
    moments = [datetime.fromisoformat(one) if isinstance(one, str) else one for one in (start, end)]
    return Planned("change", CHANGE, "", "Swap", "", *moments, "tentative", (), ())


@pytest.fixture(scope="module")
def sample() -> Iterator[View]:
    desk = open_desk(str(ROOT))
    yield View(WholeDesk(desk), datetime.fromisoformat("2026-11-20T09:00:00+08:00"), Labels(("en", "zh")))
    desk.close()


def page_of(view: Any) -> str:
    return changes(gathering_of(view), "changes.html")


def test_weeks_begin_on_monday_and_reach_over_the_ends_of_a_month() -> None:
    weeks = weeks_of(date(2026, 11, 1))
    assert weeks[0][0] == date(2026, 10, 26) and weeks[-1][-1] == date(2026, 12, 6)
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in weeks)
    assert [len(weeks_of(date(2027, 2, 1))), len(weeks_of(date(2026, 8, 1)))] == [4, 6]
    assert weeks_of(date(2026, 12, 1))[-1][-1] == date(2027, 1, 3)


def test_the_next_month_begins_after_any_day_and_any_year() -> None:
    days = {
        date(2026, 12, 31): date(2027, 1, 1),
        date(2028, 1, 31): date(2028, 2, 1),
        date(2026, 2, 1): date(2026, 3, 1),
    }
    assert {day: month_after(day) for day in days} == days


def test_an_entry_touches_days_of_the_desk_s_zone_and_midnight_ends_the_day_before() -> None:
    over_the_year = planned("2026-12-31T15:30:00+00:00", "2026-12-31T18:00:00+00:00")
    assert days_of(over_the_year, ZONE) == (date(2026, 12, 31), date(2027, 1, 1))
    until_midnight = planned("2026-12-31T22:00:00+08:00", "2027-01-01T00:00:00+08:00")
    assert days_of(until_midnight, ZONE) == (date(2026, 12, 31), date(2026, 12, 31))
    a_whole_day = planned(date(2028, 2, 29), date(2028, 3, 1))
    assert days_of(a_whole_day, ZONE) == (date(2028, 2, 29), date(2028, 2, 29))


def test_a_day_has_what_touches_it_and_nothing_beyond_the_grid() -> None:
    long = planned("2026-11-01T00:00:00+08:00", "2027-02-01T00:00:00+08:00")
    found = by_day(
        [long, planned("2027-03-01T00:00:00+08:00", "2027-03-02T00:00:00+08:00")], weeks_of(date(2026, 12, 1))[4], ZONE
    )
    assert [len(found[day]) for day in found] == [1] * 7


def test_a_full_month_shows_few_a_day_and_tells_how_many_it_leaves_out(sample: View) -> None:
    one = planned("2026-11-10T01:00:00+08:00", "2026-11-10T02:00:00+08:00")
    assert _most_a_day([[one] * 9] * 5) == IN_A_DAY
    assert _most_a_day([[one] * 9] * 30) * 30 <= IN_A_MONTH
    html = month_html(sample, "changes.html", date(2026, 11, 1), [one] * 9)
    assert html.count("CHG-20261231-AAAA.html") == IN_A_DAY and "and 5 more" in html


def test_the_sample_desk_s_months_show_state_freeze_and_today(sample: View) -> None:
    page = page_of(sample)
    assert 'id="month-2026-11"' in page and 'id="month-2026-12"' in page
    today = re.findall(r'<td class="today">.*?</td>', page)
    assert len(today) == 1 and '2026-11-</span>20<span class="vh"> (<span class="l" lang="en">today' in today[0]
    frozen = re.findall(r'<td class="(?:o )?fz"><span class="d"><span class="vh">(\d{4}-\d\d)-</span>(\d+)', page)
    assert frozen == [("2026-12", "31"), ("2027-01", "1")]
    cell = next(cell for cell in re.findall(r"<td.*?</td>", page) if "CHG-20261110-STA2" in cell)
    assert '<li class="st-ok">' in cell and "Approved" in cell and "已批准" in cell
    assert 'href="calendar/schedule.ics"' in page and len(page.encode()) < 45_000


def test_the_name_of_a_freeze_keeps_its_language_or_has_the_chinese_of_the_desk(sample: View) -> None:
    page = page_of(sample)
    english, chinese = "the gala of the year runs live", "年度晚会直播"
    assert f'封网：<span class="l" lang="en">{english}</span><span class="l" lang="zh-Hans">{chinese}</span>' in page
    assert 'Protected: <span lang="zh-Hans">跨年晚会直播</span>' in page


def test_other_months_have_a_page_each_and_lead_to_one_another(sample: View) -> None:
    page = page_of(sample)
    before = re.search(r'rel="prev" href="(changes-2026-\d\d\.html)"', page)
    assert before and 'rel="next"' not in page
    assert not [one for one in re.findall(r'rel="\w+" href="([^"]*)"', page) if "2026-11" in one or "2026-12" in one]
    made = {one.address: one.make().decode() for one in month_pages(gathering_of(sample), "changes.html", str.encode)}
    assert list(made) == sorted(made) and "changes-2026-03.html" in made
    march = made["changes-2026-03.html"]
    assert 'id="month-2026-03"' in march and "CHG-20260321-DM4F" in march
    assert 'rel="next" href="changes-2026-0' in march
    frame = '<title>Changes</title><ol><li><span aria-current="page">Changes</span></li></ol><h1>Changes</h1>'
    framed = next(month_pages(gathering_of(sample), "changes.html", lambda html: (frame + html).encode())).make()
    assert b"<title>February 2026 / 2026\xe5\xb9\xb42\xe6\x9c\x88 \xc2\xb7 Changes</title>" in framed
    assert b'<li><a href="changes.html">Changes</a></li>' in framed and b"<h1>Changes \xc2\xb7 <span" in framed
    assert 'rel="next" href="changes.html"' in made[before[1]]


def test_every_change_of_the_two_months_stands_in_the_list(sample: View) -> None:
    lists = page_of(sample).partition('id="to-come"')[2]
    ids = {
        one.record.id for one in schedule_of(sample) if one.what == "change" and "2026-11" <= str(one.start) < "2027"
    }
    assert len(ids) > 2 and all(id in lists for id in ids)


def test_a_desk_of_hundreds_of_changes_stays_a_small_page(sample: View, monkeypatch: pytest.MonkeyPatch) -> None:
    real = schedule_of(sample)
    quiet = [one for one in real if one.what in ("freeze", "broadcast")]
    change = next(one for one in reversed(real) if one.what == "change")
    starts = (datetime.fromisoformat("2026-11-01T01:00:00+08:00") + timedelta(hours=3 * n) for n in range(480))
    many = [change._replace(start=start, end=start + timedelta(hours=2)) for start in starts]
    monkeypatch.setattr(changes_html, "schedule_of", lambda _: [*many, *quiet, *quiet, *quiet])
    page = page_of(sample)
    assert len(page.encode()) < 50_000 and "8 planned" in page


@pytest.fixture
def clashing(make_repo: Callable[..., Any]) -> Iterator[View]:
    """Return a desk with two changes of one asset in one night, in a freeze."""
    files = example_files()
    path = next(path for path in files if path.startswith("tickets/changes/"))
    text = str(files.pop(path)).replace("status: closed", "status: submitted").replace("2026-03-28T0", "2026-02-17T0")
    text = re.sub(r"- \{at: (?:(?!opened|submitted).)*\n", "", text)  # its status follows from what happened
    text = text.replace("service: live", "board: change-board\nservice: live")
    old = Path(path).stem
    for id, hour in ((old, "0"), ("CHG-20260201-ZZZZ", "1")):
        files[f"tickets/changes/2026/02/{id}.md"] = text.replace(old, id).replace("T02:00", f"T0{hour}:00")
    desk = open_desk(str(make_repo("clash", files).root))
    yield View(WholeDesk(desk), datetime.fromisoformat("2026-02-10T09:00:00+08:00"), Labels(("en",)))
    desk.close()


def test_what_stands_in_a_change_s_way_is_told_to_the_house_alone(clashing: View) -> None:
    page = page_of(clashing)
    rows = [
        row
        for row in re.findall(r"<tr>.*?</tr>", page.partition('id="to-come"')[2], re.S)
        if "CHG-20260201-ZZZZ</a>" in row
    ]
    assert all(name in rows[0] for name in ("spring-gala", "春节联欢晚会", "CHG-20260325-7RBN.html"))
    clashing.desk.audience = "public"
    assert "spring-gala" not in page_of(clashing) and "In its way" not in page_of(clashing)
