"""On which days something comes again: the RRULE of RFC 5545, read by python-dateutil."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

DAILY_OR_RARER = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST = 4000
"""Days given at most for one question; a plan of every day has that many in ten years."""


class RecurrenceError(ValueError):
    """A recurrence that cannot be read; its text says why."""


def days_of(recurrence: str, starts_on: date, first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included, on which a recurrence that begins on `starts_on` falls.

    recurrence: the value of an RRULE, such as `FREQ=WEEKLY;BYDAY=MO`. Raises RecurrenceError when it is none, when
    it comes more often than daily, or when it names a start of its own.
    """
    from dateutil.rrule import rrulestr

    _require_plain(recurrence)
    try:
        rule = rrulestr(recurrence, dtstart=datetime.combine(starts_on, time()), ignoretz=True)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise RecurrenceError(str(error) or recurrence) from error
    found: list[date] = []
    for moment in rule.xafter(datetime.combine(max(first, starts_on), time()), inc=True):
        if moment.date() > last or len(found) == MOST:
            break
        found.append(moment.date())
    return found


def require_recurrence(recurrence: str, starts_on: date) -> None:
    """Raise RecurrenceError when a recurrence cannot be read, or falls on no day in eight years."""
    if not days_of(recurrence, starts_on, starts_on, starts_on + timedelta(days=8 * 366)):
        raise RecurrenceError("no day comes of it")


def _require_plain(recurrence: str) -> None:
    """Refuse what is more than the value of one RRULE, and what dateutil would take for ever to answer."""
    parts: dict[str, str] = {}
    for part in recurrence.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or not name.isalpha() or name != name.upper():
            raise RecurrenceError(part or ";")
        if name in parts:
            raise RecurrenceError(f"{name} twice")
        parts[name] = value
    if parts.get("FREQ") not in DAILY_OR_RARER:
        raise RecurrenceError(f"FREQ={parts.get('FREQ', '')}")
    if unfit := {"DTSTART", "BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys():
        raise RecurrenceError(min(unfit))
    if not parts.get("INTERVAL", "1").isascii() or not 0 < int(_digits(parts.get("INTERVAL", "1"))) < 1000:
        raise RecurrenceError(f"INTERVAL={parts['INTERVAL']}")


def _digits(text: str) -> str:
    if not text.isdigit() or len(text) > 6:
        raise RecurrenceError(text)
    return text
