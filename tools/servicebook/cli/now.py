"""What time it is for this command: `--at`, else SERVICEBOOK_NOW, else the desk's `as_of`, else the clock."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from servicebook.cli.words import narrowed, speak
from servicebook.errors import UsageError
from servicebook.patterns import late_pattern
from servicebook.records.instants import CLOCKS_DIFFER
from servicebook.settings import Settings, read_zone

_LENGTH = late_pattern(r"([-+]?)(?:(\d+)h)?(?:(\d+)m)?")
_CLOCK_TIME = late_pattern(r"\d{1,2}:\d{2}(?::\d{2})?")


def read_now(settings: Settings, at: str | None = None, writes: bool = False) -> datetime:
    """Return the instant to judge at, to the second, in the desk's zone.

    Commands that write ignore `as_of`: a sample desk stands still for readers only.
    Raises UsageError for a time that cannot be read.
    """
    zone = read_zone(settings)
    fixed = os.environ.get("SERVICEBOOK_NOW")
    base = _instant(fixed, "SERVICEBOOK_NOW") if fixed else None
    if base is None:
        base = settings.as_of if settings.as_of and not writes else datetime.now(zone)
    base = base.astimezone(zone).replace(microsecond=0)
    if not at:
        return base
    # Readers see the desk's zone, whatever offset an asker or a commit has; what is written stands as it was said.
    return parse_at(at, base) if writes else parse_at(at, base).astimezone(zone)


def the_clock() -> datetime:
    """Return what the clock says, in UTC, for those who hear only later whether the desk stands still."""
    return datetime.now(UTC)


def print_as_of(settings: Settings, said: object) -> None:
    """Say on standard output that the desk is judged at its own fixed instant, where nobody said another one."""
    if settings.as_of and not said and "SERVICEBOOK_NOW" not in os.environ:
        at = settings.as_of.astimezone(read_zone(settings))
        print(
            speak(
                "judged as of {at}: the desk's settings say `as_of`; --at for another time",
                at=f"{at:%Y-%m-%d %H:%M %z}",
            )
        )


def parse_at(text: str, base: datetime, ahead: bool = False, source: str = "--at") -> datetime:
    """Return the instant that a person means by `text`, seen from `base`.

    `2026-03-12T08:41:00+08:00` as it stands; `2026-03-12T08:41` in the zone of `base`; `08:41` the last time
    the clock there said so (the next, when `ahead`); `-10m`, `-1h30m` so long ago, `+30m` in so long (`30m` will do,
    when `ahead`). source: the option it came from.
    """
    text = narrowed(text)
    length = _LENGTH.fullmatch(text)
    if length and any(length.groups()[1:]) and (length[1] or ahead):
        hours, minutes = (int(part or 0) for part in length.groups()[1:])
        try:
            away = timedelta(hours=hours, minutes=minutes)
            return base - away if length[1] == "-" else base + away
        except OverflowError:
            raise _no_time(text, source) from None
    if _CLOCK_TIME.fullmatch(text):
        at = _instant(f"{base.date().isoformat()}T{text.zfill(5) if len(text) < 6 else text.zfill(8)}", source, base)
        if ahead:
            return at if at > base else at + timedelta(days=1)
        return at if at <= base + CLOCKS_DIFFER else at - timedelta(days=1)
    return _instant(text, source, base)


def _instant(text: str, source: str, base: datetime | None = None) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is not None and at.tzinfo is None and base is not None:
        at = at.replace(tzinfo=base.tzinfo)
    if at is None or at.tzinfo is None:
        raise _no_time(text, source)
    return at


def _no_time(text: str, source: str) -> UsageError:
    hint = "write 08:41, -10m, +30m, 2026-03-12T08:41 or 2026-03-12T08:41:00+08:00"
    return UsageError("{source}: `{text}` is not a time", hint, source=source, text=text)
