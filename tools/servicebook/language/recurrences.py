"""How often something comes again, as plans write it (`FREQ=WEEKLY;BYDAY=MO`), in the words of a language."""

from __future__ import annotations

import re

from servicebook.language.catalogue import say

EVERY = {
    "DAILY": ("every day", "every {n} days"),
    "WEEKLY": ("every week", "every {n} weeks"),
    "MONTHLY": ("every month", "every {n} months"),
    "YEARLY": ("every year", "every {n} years"),
}
DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
    "SU": "Sunday",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
_DAY = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_PARTS = re.compile(r"(FREQ|INTERVAL|BYDAY|BYMONTHDAY|BYMONTH)=([-A-Z0-9,]+)")


def said_recurrence(text: str, language: str) -> str:
    """Return a recurrence in words, such as `every week · Monday`; "" for one that has no words here."""
    found = [_PARTS.fullmatch(part) for part in text.split(";")]
    if None in found:
        return ""
    parts = {match[1]: match[2].split(",") for match in found if match}
    try:
        one, many = EVERY[parts["FREQ"][0]]
        every = int(parts.get("INTERVAL", ["1"])[0])
        said = [say("values", one, language) if every == 1 else say("values", many, language, n=every)]
        lists = (
            [_weekday(code, language) for code in parts.get("BYDAY", ())],
            [_day(int(number), language) for number in parts.get("BYMONTHDAY", ())],
            [_month(int(number), language) for number in parts.get("BYMONTH", ())],
        )
    except (KeyError, ValueError, IndexError, TypeError):
        return ""
    comma = "、" if language == "zh" else ", "
    return " · ".join([*said, *(comma.join(names) for names in lists if names)])


def _weekday(code: str, language: str) -> str:
    match = _DAY.fullmatch(code)
    if match is None:
        raise ValueError(code)
    day = say("fields", DAYS[match[2]], language)
    if not match[1]:
        return day
    place = int(match[1])
    if place == -1:
        return say("values", "last {day}", language, day=day)
    if place < 0:
        raise ValueError(code)
    return say("values", "{place} {day}", language, place=_ORDINALS.get(place, f"{place}th"), n=place, day=day)


def _day(number: int, language: str) -> str:
    return say("values", "last day", language) if number == -1 else say("values", "day {n}", language, n=number)


def _month(number: int, language: str) -> str:
    name = MONTHS[range(1, 13).index(number)]
    return name if language == "en" else say("values", "month {n}", language, n=number)
