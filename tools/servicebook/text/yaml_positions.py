"""Where every key and value of front matter stands, and every finding about its YAML."""

from __future__ import annotations

import re
from collections.abc import Callable

from servicebook.diagnostics.collected import and_more
from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath, Span
from servicebook.diagnostics.rule import Rule
from servicebook.patterns import late_pattern
from servicebook.text import data_rules
from servicebook.text import front_rules as rules
from servicebook.text.libyaml import (
    AliasEvent,
    CParser,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
)
from servicebook.text.limits import CONTROL, INVISIBLE, MAX_DEPTH, MAX_FIELD, MAX_VALUES
from servicebook.text.scalars import SPECIAL_STARTS, Trap, read_plain
from servicebook.text.word_rules import OF_TRAP
from servicebook.typed import Any

_MOST_SKIPPED = 200  # levels in one another

MAX_FINDINGS = 100
"""Beyond this many findings in one front matter the rest would only hide the first."""

_CONTROL = late_pattern(f"[{CONTROL}]")
_ODD = re.compile(f"[\t{CONTROL}{INVISIBLE}]")
_BARE_FIELD = late_pattern(r"([A-Za-z_][\w-]*)(?:[ \u3000]*[:：][ \u3000]*|[ \u3000]+)(.+)", re.ASCII)
"""A line meant as a field: a name, then a colon of any width or none at all."""

_MISPLACED = ("expected key", "mapping values", "indicator", "expected ':'", "<document start>")
"""Words of libyaml about lines that stand further in or out than they may."""

_STARTS = (MappingStartEvent, SequenceStartEvent)
_ENDS = (MappingEndEvent, SequenceEndEvent)
_FIRST_LINE = 2
"""The line of the file that front matter begins in."""


class Reading:
    """What one slow reading of front matter found: data, places, findings."""

    __slots__ = ("_dropped", "_next", "_path", "_values", "data", "found", "key_spans", "spans")

    def __init__(self, path: str) -> None:
        self.data: dict[str, Any] | None = None
        self.spans: dict[KeyPath, Span] = {}
        self.key_spans: dict[KeyPath, Span] = {}
        self.found: list[Diagnostic] = []
        self._dropped = 0
        self._path = path
        self._values = 0
        self._next: Callable[[], Any]

    def find(self, rule: Rule, where: Span, **params: object) -> None:
        """Keep a finding, unless there are too many already: those are counted."""
        if len(self.found) < MAX_FINDINGS:
            self.found.append(rule.at(self._path, where, **params))
        else:
            self._dropped += 1

    def told(self) -> list[Diagnostic]:
        """Return what was found; the last one tells how many more there are."""
        return [*self.found[:-1], and_more(self.found[-1], self._dropped)] if self._dropped else self.found

    def read(self, text: str) -> None:
        """Read one document from `text`, free of characters that YAML forbids."""
        self._next = CParser(text).get_event
        self._next()
        event = self._next()
        if isinstance(event, StreamEndEvent):
            self.find(data_rules.not_a_mapping, Span(1, 1, 1, 4), found="empty")
            return
        self._check_document(event)
        event = self._next()
        if not isinstance(event, MappingStartEvent):
            place = span_of(event)
            if ": " in text and (bare := _bare_line(text.split("\n"), place.line - _FIRST_LINE)):
                self.find(rules.field_without_colon, bare[0], remedy=bare[1])
                return
            found = "a list" if isinstance(event, SequenceStartEvent) else "text"
            self.find(data_rules.not_a_mapping, place, found=found)
            return
        data = self._value(event, ())
        end = self._next()
        self._check_document(end)
        if not self.found or self.found[-1].code != data_rules.several_documents.code:
            # What follows would be lost without a word; libyaml complains, or begins another document.
            self._check_document(self._next())
        self.data = data

    def _check_document(self, event: Event | None) -> None:
        """Refuse markers and directives at the edges of the document; what follows them is not read."""
        if isinstance(event, (DocumentStartEvent, DocumentEndEvent)) and event.explicit:
            self.find(data_rules.several_documents, span_of(event))

    def _value(self, event: Event, path: KeyPath) -> Any:
        """Return the value that begins with `event`, and keep its place."""
        self._values += 1
        if self._values > MAX_VALUES:
            self.find(data_rules.too_many_values, span_of(event), limit=MAX_VALUES)
            raise YAMLError
        if isinstance(event, AliasEvent):
            self.find(data_rules.anchor_or_alias, span_of(event), word=f"*{event.anchor}")
            value, end = None, span_of(event)
        elif isinstance(event, ScalarEvent):
            self._check_properties(event)
            value, end = self._scalar(event), span_of(event)
        else:
            self._check_properties(event)
            if len(path) >= MAX_DEPTH:
                self.find(data_rules.nested_too_deep, span_of(event), limit=MAX_DEPTH)
                self._skip()
                return None
            value, end = self._mapping(path) if isinstance(event, MappingStartEvent) else self._sequence(path)
        start = span_of(event)
        self.spans[path] = Span(start.line, start.column, end.end_line, end.end_column)
        return value

    def _mapping(self, path: KeyPath) -> tuple[dict[str, Any], Span]:
        data: dict[str, Any] = {}
        last: KeyPath | None = None
        while not isinstance(event := self._next(), MappingEndEvent):
            place = span_of(event)
            key = self._key(event)
            inner = (*path, key if key is not None else "")
            if key is not None and key in data:
                self.find(data_rules.duplicate_key, place, key=key, line=self.key_spans[inner].line)
                kept = self.spans, self.key_spans
                self.spans, self.key_spans = {}, {}
                self._value(self._next(), inner)
                self.spans, self.key_spans = kept
                continue
            if key is not None:
                self.key_spans[inner] = place
            value = self._value(self._next(), inner)
            last = inner
            if key is not None:
                data[key] = value
        return data, self._end(event, last)

    def _sequence(self, path: KeyPath) -> tuple[list[Any], Span]:
        data: list[Any] = []
        last: KeyPath | None = None
        while not isinstance(event := self._next(), SequenceEndEvent):
            last = (*path, len(data))
            data.append(self._value(event, last))
        return data, self._end(event, last)

    def _end(self, event: Event, last: KeyPath | None) -> Span:
        """Return where a collection ends: block collections end with their last value, not the next line."""
        end = span_of(event)
        if end.line == end.end_line and end.column == end.end_column and last in self.spans:
            return self.spans[last]
        return end

    def _key(self, event: Event) -> str | None:
        """Return the key that `event` begins, or None (told) when it is not text."""
        place = span_of(event)
        if isinstance(event, ScalarEvent):
            self._check_properties(event)
            word = event.value
            value = self._scalar(event)
            if isinstance(value, str):
                return None if word == "<<" and not event.style else value
            shown = "empty" if word == "" else f"`{word}`"
        elif isinstance(event, AliasEvent):
            self.find(data_rules.anchor_or_alias, place, word=f"*{event.anchor}")
            return None
        else:
            shown = "a list" if isinstance(event, SequenceStartEvent) else "a mapping"
        self.find(data_rules.key_not_text, place, found=shown)
        if not isinstance(event, ScalarEvent):
            self._skip()
        return None

    def _scalar(self, event: ScalarEvent) -> Any:
        word = event.value
        if event.style or (word and word[0] not in SPECIAL_STARTS):
            return self._scalar_text(event)
        try:
            return read_plain(word)
        except Trap as trap:
            params = {"word": word if len(word) < 40 else word[:40] + "…"}
            if trap.name == "time":
                params["number"] = sexagesimal(word)
            self.find(OF_TRAP[trap.name], span_of(event), **params)
            return word

    def _scalar_text(self, event: ScalarEvent) -> str:
        text: str = event.value
        if len(text) > MAX_FIELD:
            self.find(data_rules.field_too_long, span_of(event), length=len(text), limit=MAX_FIELD)
        if event.style and (odd := _CONTROL.search(text)):
            self.find(rules.control_character, span_of(event), character=name_of(odd[0]))
        return text

    def _check_properties(self, event: Event) -> None:
        """Refuse anchors and tags."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            self.find(data_rules.anchor_or_alias, span_of(event), word=f"&{anchor}")
        if tag is not None:
            self.find(data_rules.yaml_tag, span_of(event), word=tag.replace("tag:yaml.org,2002:", "!!"))

    def _skip(self) -> None:
        """Pass over the rest of a list or mapping that was just begun, and about which something was found.

        Raises YAMLError where libyaml would take hours for ever deeper brackets.
        """
        depth = 1
        while depth:
            if depth > _MOST_SKIPPED:
                raise YAMLError
            event = self._next()
            depth += isinstance(event, _STARTS) - isinstance(event, _ENDS)


def read_with_positions(text: str, path: str) -> Reading:
    """Read front matter with all places and findings; `data` is None where the YAML is broken."""
    reading = Reading(path)
    if _ODD.search(text):
        text = _report_odd(text, reading)
    spoilt = len(reading.found)
    try:
        reading.read(text)
    except MarkedYAMLError as error:
        if not spoilt:
            _report_broken(error, text.split("\n"), reading)
    except YAMLError:
        pass  # too many values: told already
    return reading


def _report_odd(text: str, reading: Reading) -> str:
    """Report tabs, control and invisible characters, the first of each line; return `text` with blanks."""
    for number, line in enumerate(text.split("\n"), _FIRST_LINE):
        if odd := _ODD.search(line):
            place = Span(number, odd.start() + 1, number, odd.end() + 1)
            if odd[0] == "\t":
                reading.find(rules.tab_in_front_matter, place)
            elif _CONTROL.match(odd[0]):
                reading.find(rules.control_character, place, character=name_of(odd[0]))
            else:
                reading.find(rules.invisible_character, place, character=name_of(odd[0]))
    return _ODD.sub(" ", text)


def _report_broken(error: MarkedYAMLError, lines: list[str], reading: Reading) -> None:
    """Say in our words what libyaml stumbled over."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark
    if opened and mark and "did not find expected ','" in problem and _is_closed(lines, opened, mark):
        return reading.find(rules.comma_missing, point(mark.line, mark.column))
    if bare := _bare_field(lines, problem, opened or mark):
        return reading.find(rules.field_without_colon, bare[0], remedy=bare[1])
    if opened and ("unexpected end of stream" in problem or "flow " in context or "quoted scalar" in context):
        return reading.find(rules.unclosed_quote_or_bracket, point(opened.line, opened.column))
    place = point(mark.line, mark.column) if mark else Span(1, 1, 1, 4)
    if "mapping values are not allowed" in problem and mark and lines[mark.line].count(": ") > 1:
        return reading.find(rules.colon_in_text, place)
    if any(words in problem for words in _MISPLACED):
        return reading.find(rules.wrong_indentation, place)
    return reading.find(rules.broken_yaml, place, problem=problem)


def _bare_field(lines: list[str], problem: str, mark: Any) -> tuple[Span, str] | None:
    """Return the line meant as a field that lacks its colon, and how it should read; None for other problems."""
    if mark is None or not ("expected ':'" in problem or "mapping values" in problem):
        return None
    # A name that is never followed by a colon is noticed in its own line, or at the colon of the next.
    return _bare_line(lines, mark.line if "expected ':'" in problem else mark.line - 1)


def _bare_line(lines: list[str], number: int) -> tuple[Span, str] | None:
    """Return the place of a line that was meant as a field, and how it should read."""
    meant = _BARE_FIELD.fullmatch(lines[number].strip()) if number >= 0 and ": " not in lines[number] else None
    return (_line(lines, number), f"{meant[1]}: {meant[2]}") if meant else None


def _line(lines: list[str], number: int) -> Span:
    """Return the place of what stands on a line, counted from 0 within the front matter."""
    text = lines[number]
    line, start = number + _FIRST_LINE, len(text) - len(text.lstrip()) + 1
    return Span(line, start, line, len(text.rstrip()) + 1)


def _is_closed(lines: list[str], opened: Any, mark: Any) -> bool:
    """Whether a `{` or `[` is closed on the line of the problem, its own, so that only a comma can be missing."""
    return bool(opened.line == mark.line and lines[mark.line].rstrip().endswith(("}", "]")))


def sexagesimal(word: str) -> str:
    """Return the number that YAML 1.1 reads in a word such as 17:00."""
    total = 0.0
    for part in word.replace("_", "").lstrip("+-").split(":"):
        total = total * 60 + float(part or 0)
    return f"{total:g}" if total < 1e6 else f"{total:.0f}"


def name_of(character: str) -> str:
    """Return the code point of an invisible character as people look it up."""
    return f"U+{ord(character):04X}"


def point(line: int, column: int) -> Span:
    """Return the place of one character, from libyaml's counts from 0 within the front matter."""
    return Span(line + _FIRST_LINE, column + 1, line + _FIRST_LINE, column + 2)


def span_of(event: Event | None) -> Span:
    """Return the place of an event in the file."""
    assert event is not None
    start, end = event.start_mark, event.end_mark
    assert start is not None and end is not None
    return Span(start.line + _FIRST_LINE, start.column + 1, end.line + _FIRST_LINE, end.column + 1)
