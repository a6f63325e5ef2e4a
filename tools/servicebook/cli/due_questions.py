"""What a question to `servicebook due` answers: a due time, or the working time between two instants."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from servicebook.cli.arguments import speak
from servicebook.errors import ServicebookError, UsageError
from servicebook.sla.hours_form import HoursError
from servicebook.sla.instants import SECOND, YEAR_STARTS, instant_in, to_micros
from servicebook.sla.support_hours import SupportHours
from servicebook.sla.versions import HoursBook, compile_hours
from servicebook.sla.within import parse_length, parse_within
from servicebook.sla.working_time import Counting, Cut, Due, due_after, due_in_days, merged_cuts, worked
from servicebook.typed import Any

KNOWN_FIELDS = ("id", "hours", "from", "within", "until", "pauses", "due", "counting", "step")

HELP = "servicebook due --help"

FAULTS = {
    "unknown-zone": "there is no time zone of that name",
    "unread": "that cannot be read",
    "start-is-end": "a range starts and ends at the same time",
    "ranges-overlap": "two ranges of one day overlap",
    "no-hours": "no day has any hours",
}
"""What is wrong with hours, by the name of the fault."""


class QuestionError(UsageError):
    """A question that has no answer; the text says why."""

    def __init__(self, message: str, /, **params: object) -> None:
        super().__init__(message, HELP, **params)


def answer_lines(lines: Iterable[bytes], write: Callable[[str], object], shelf: HoursShelf) -> None:
    """Answer JSON questions one a line, in order; a line that cannot be answered gets an `error`."""
    for line in lines:
        if not line.strip():
            continue
        identity: Any = None
        try:
            question = json.loads(line)
            if not isinstance(question, dict):
                raise QuestionError("a JSON object was due")
            identity = question.get("id")
            answer = answer_question(question, shelf)
        except ServicebookError as error:
            answer = {"error": speak(error.templates[0], **error.params) if error.params else error.message}
        except (ValueError, RecursionError) as error:
            answer = {"error": speak("not JSON: {why}", why=error)}
        write(_line_of(identity, answer) + "\n")


def _line_of(identity: Any, answer: Mapping[str, Any]) -> str:
    """Return one line of JSON that can be written out; an id that JSON has no word for, such as NaN, is null."""
    try:
        text = json.dumps({"id": identity, **answer}, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps({"id": None, **answer}, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can escape and UTF-8 cannot hold
        text = json.dumps(json.loads(text))
    return text


def answer_question(question: Mapping[str, Any], shelf: HoursShelf) -> dict[str, Any]:
    """Return {due_at, step_at} or {working_seconds, elapsed_seconds} for a question.

    Raises QuestionError for one that has no answer.
    """
    unknown = [name for name in question if name not in KNOWN_FIELDS]
    if unknown:
        raise QuestionError(
            "`{field}` is not a field of a question; known: {known}", field=unknown[0], known=", ".join(KNOWN_FIELDS)
        )
    start = _instant(question, "from")
    cuts = _cuts(question.get("pauses"))
    spanning = question.get("until") is not None
    if spanning and question.get("within") is not None:
        raise QuestionError("`within` and `until` are two questions: ask one")
    hours = shelf.hours(question.get("hours"), None if spanning else start)
    if spanning:
        return _time_between(hours, start, _instant(question, "until"), cuts)
    return _due(question, hours, start, cuts)


def _time_between(hours: SupportHours, start: int, end: int, cuts: list[Cut]) -> dict[str, Any]:
    time = worked(hours, start, end, cuts) if end >= start else -worked(hours, end, start, cuts)
    answer: dict[str, Any] = {"working_seconds": _seconds(time), "elapsed_seconds": _seconds(end - start)}
    return _with_warning(answer, hours, min(start, end), max(start, end))


def _due(question: Mapping[str, Any], hours: SupportHours, start: int, cuts: list[Cut]) -> dict[str, Any]:
    if question.get("within") is None:
        raise QuestionError("`within` or `until` is missing")
    within = parse_within(question["within"])
    if within is None or within.travel or within.by_class:
        raise QuestionError("`within` is `{value}`, due was 8h, PT90M or 2 working days", value=question["within"])
    day_end: Due = _choice(question, "due", "closing", "same-time")
    counting: Counting = _choice(question, "counting", "from-event-date", "from-next-opening")
    due = (
        due_after(hours, start, within.time, cuts)
        if within.days is None
        else due_in_days(hours, start, within.days, day_end, counting, cuts)
    )
    answer: dict[str, Any] = {"due_at": _shown(due, hours)}
    if question.get("step") is not None:
        answer["step_at"] = _shown(_step(str(question["step"]), hours, due, cuts), hours)
    return answer if due is None else _with_warning(answer, hours, min(start, due), max(start, due))


def _choice(question: Mapping[str, Any], name: str, usual: Any, other: Any) -> Any:
    value = question.get(name) or usual
    if value not in (usual, other):
        raise QuestionError(
            "`{name}` is `{value}`, due was {usual} or {other}", name=name, value=value, usual=usual, other=other
        )
    return value


def _step(text: str, hours: SupportHours, due: int | None, cuts: list[Cut]) -> int | None:
    within = parse_within(text)
    length = parse_length(text)
    if within is None or (length is None and within.days is None):
        raise QuestionError("`step` is `{value}`, due was an offset such as -10m or -1 working days", value=text)
    if due is None:
        return None
    if within.days is not None:
        # From a closing time, days back or on lead to closing times.
        closing = hours.is_working_date(ordinal := hours.ordinal_of(due)) and hours.closing_of(ordinal) == due
        return due_in_days(hours, due, within.days, "closing" if closing else "same-time", cuts=cuts)
    return due_after(hours, due, length or 0, cuts) if length else due


def _with_warning(answer: dict[str, Any], hours: SupportHours, start: int, end: int) -> dict[str, Any]:
    years = hours.unlisted_years(start, end) if hours.listed else ()
    return {**answer, "unlisted_years": list(years)} if years else answer


def _shown(micros: int | None, hours: SupportHours) -> str | None:
    if micros is None:
        return None
    return instant_in(micros, hours.zone).isoformat(timespec="auto")


def _seconds(micros: int) -> int | float:
    return micros // SECOND if micros % SECOND == 0 else micros / SECOND


def _instant(question: Mapping[str, Any], name: str) -> int:
    if question.get(name) is None:
        raise QuestionError("`{option}` is missing", option=name)
    return _parse_instant(question[name], name)


def _parse_instant(text: Any, name: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise QuestionError("`{name}` is `{value}`, an instant with offset was due", name=name, value=text) from None
    if at.tzinfo is None:
        raise QuestionError("`{name}` is `{value}`, without offset: add one, such as +08:00", name=name, value=text)
    micros = to_micros(at)
    if not YEAR_STARTS[0] <= micros < YEAR_STARTS[-1]:
        raise QuestionError("`{name}` is `{value}`, outside the years 1900 to 2200", name=name, value=text)
    return micros


def _cuts(pauses: Any) -> list[Cut]:
    cuts: list[Cut] = []
    if pauses is not None and not isinstance(pauses, list):
        raise QuestionError("`{name}` is `{value}`, a list was due", name="pauses", value=pauses)
    for pause in pauses or []:
        if not isinstance(pause, list) or not 1 <= len(pause) <= 2:
            raise QuestionError("a pause is `{value}`, a start and an end were due", value=pause)
        start = _parse_instant(pause[0], "pauses")
        end = _parse_instant(pause[1], "pauses") if len(pause) == 2 and pause[1] else None
        if end is not None and end < start:
            raise QuestionError("a pause ends at `{value}`, before it starts", value=pause[1])
        cuts.append((start, end))
    return merged_cuts(cuts)


class HoursShelf:
    """The support hours that questions name, compiled once each; the desk is opened when a name is asked for."""

    def __init__(self) -> None:
        self._inline: dict[str, SupportHours] = {}
        self._books: dict[str, tuple[HoursBook, SupportHours]] = {}
        self._desk: Any = None

    def hours(self, asked: Any, start: int | None) -> SupportHours:
        """Return hours by name or inline; those in force at `start`, or each version on its own dates (None).

        Raises QuestionError for hours that are not there or cannot be computed with.
        """
        try:
            if isinstance(asked, str):
                book, whole = self._named(asked)
                return whole if start is None else book.at(start)
            if isinstance(asked, dict):
                return self._given(asked, start)
        except HoursError as error:
            where = ".".join(map(str, error.fault.where))
            why = speak(FAULTS.get(error.fault.name, error.fault.name))
            raise QuestionError(
                "`{where}` is `{value}`: {why}", where=f"hours.{where}", value=error.fault.value, why=why
            ) from error
        raise QuestionError("`hours` is missing: a name on the desk, or an object")

    def _given(self, asked: dict[str, Any], start: int | None) -> SupportHours:
        key = json.dumps(asked, sort_keys=True)
        if isinstance(asked.get("versions"), list) and start is not None:
            return HoursBook(asked, "").at(start)
        hours = self._inline.get(key)
        if hours is None:
            hours = self._inline[key] = compile_hours(asked)
        return hours

    def _named(self, slug: str) -> tuple[HoursBook, SupportHours]:
        if slug not in self._books:
            if self._desk is None:
                from servicebook.cli.desk import open_here

                self._desk = open_here()
            facts = self._desk.get("support_hours", slug)
            if facts is None:
                raise QuestionError("there are no support hours `{name}` on this desk", name=slug)
            self._books[slug] = (HoursBook(facts.data, slug), compile_hours(facts.data))
        return self._books[slug]
