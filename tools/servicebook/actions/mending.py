"""What can be mended in a file without asking anybody: its form, an event that was only typed as a status."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from servicebook.actions.event import Stamp, event_of
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts
from servicebook.records.instants import is_same_value
from servicebook.settings import priority_by
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.set_field import append_item, set_field
from servicebook.text.source_file import SourceFile, has_conflict_markers, looks_like_gb18030, unreadable
from servicebook.workflow.lifecycles import ASKS_A_PERSON, LIFECYCLES
from servicebook.workflow.transitions import events_between, status_of

_BOM = b"\xef\xbb\xbf"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_STRAY = re.compile(r"(?<=\S)[ \t]$")


def mend_form(data: bytes) -> bytes:
    """Return the bytes as UTF-8 without byte order mark, with LF ends, a last newline and no stray blanks.

    GB18030 is taken for what it is only where it reads as Chinese text. Two blanks at the end of a line are
    Markdown's line break and stay, as does everything in code. What is not a text, or an unfinished merge, stays
    as it is to the last byte.
    """
    if why_unsafe(data):
        return data
    text = (_decoded(data.removeprefix(_BOM)) or "").replace("\r\n", "\n")
    if text and not text.endswith("\n"):
        text += "\n"
    return _without_stray_blanks(text).encode()


def why_unsafe(data: bytes) -> str:
    """Return why a file's bytes must not be touched (English, for the catalogue area `cli`); empty when they may."""
    if unreadable("", data):
        return "it is no text of a record"
    text = _decoded(data.removeprefix(_BOM))
    if text is None:
        return "it is neither UTF-8 nor GB18030"
    return "an unfinished merge stands in it" if has_conflict_markers(text.replace("\r\n", "\n")) else ""


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030") if looks_like_gb18030(data) else None


def _without_stray_blanks(text: str) -> str:
    """Take single blanks off the ends of the body's lines; front matter and code stay as they are."""
    head, fence, body = text.partition("\n---\n")
    if not text.startswith("---\n") or not fence:
        return text
    lines = body.split("\n")
    opened = ""
    for position, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not opened or mark[1].startswith(opened)):
            opened = "" if opened else mark[1]
        elif not opened:
            lines[position] = _STRAY.sub("", line)
    return head + fence + "\n".join(lines)


def missing_events(facts: Facts) -> tuple[str, ...]:
    """Return the events that lead from what the timeline says to the status somebody typed; empty for none.

    Also empty where no road leads there, one of them needs a person's word, or the record is let off WFL401.
    """
    life, written = LIFECYCLES.get(facts.kind), facts.get("status")
    told = status_of(facts.kind, facts.timeline)
    if life is None or told is None or written in (None, told) or _is_excused(facts, "WFL401"):
        return ()
    road = events_between(life, told, (written,)) or ()
    return () if any(event in ASKS_A_PERSON for event in road) else road


def mend_status(source: SourceFile, facts: Facts, stamp: Stamp) -> SourceFile:
    """Return the file with the events that the typed status stands for; its status stays as it is."""
    events = missing_events(facts)
    data = source.data
    if events and not facts.timeline:
        raise FindingsError("{path}: there is no timeline to add to", "servicebook check {path}", path=source.path)
    for name in events:
        entry = event_of(facts, name, stamp, {"note": "status was set by hand"})
        data = append_item(data, ("timeline",), entry)
    return SourceFile(source.path, data)


def mend_priority(source: SourceFile, facts: Facts, matrix: Mapping[str, Mapping[str, str]]) -> SourceFile:
    """Return the file with the priority that impact and urgency give, where another one stands.

    What the record declares as a quirk of its source, or waives, is left as it is.
    """
    due = priority_by(matrix, facts.get("impact"), facts.get("urgency"))
    if not due or facts.get("priority") in (None, due) or _is_excused(facts, "REC261"):
        return source
    return SourceFile(source.path, set_field(source.data, ("priority",), due))


def mend_outcome(source: SourceFile, facts: Facts, outcome: Mapping[str, Any]) -> SourceFile:
    """Return the file of a closed ticket with the `sla:` block that its clocks come to, where another stands.

    What the record declares as a quirk of its source, or waives, is left as it is.
    """
    if not is_outcome_off(facts, outcome):
        return source
    return SourceFile(source.path, _with_outcome(source.data, facts.get("sla"), outcome))


def _with_outcome(data: bytes, written: Any, outcome: Mapping[str, Any]) -> bytes:
    """Return a file with the values set in which the block written differs; the whole block where it has others."""
    if not _has_same_fields(written, outcome):
        return set_field(data, ("sla",), dict(outcome))
    for clock, values in outcome.items():
        if not isinstance(values, Mapping):
            if not is_same_value(written[clock], values):
                data = set_field(data, ("sla", clock), values)
            continue
        for field, value in values.items():
            if not is_same_value(written[clock][field], value):
                data = set_field(data, ("sla", clock, field), value)
    return data


def _has_same_fields(written: Any, outcome: Any) -> bool:
    if not isinstance(outcome, Mapping):
        return not isinstance(written, Mapping)
    if not isinstance(written, Mapping) or set(written) != set(outcome):
        return False
    return all(_has_same_fields(written[name], outcome[name]) for name in outcome)


def is_outcome_off(facts: Facts, outcome: Mapping[str, Any]) -> bool:
    """Whether a closed ticket's block is absent or says something else than `outcome`, and nobody excused it."""
    if facts.status != "closed" or not outcome or _is_excused(facts, "SLA631", "SLA632"):
        return False
    return not is_same_value(facts.get("sla"), outcome)


def _is_excused(facts: Facts, *rules: str) -> bool:
    """Whether the record is let off one of these rules, for a time or for good."""
    codes = [*facts.get("external", "quirks", default=[])]
    codes += [waiver.get("rule") for waiver in facts.get("waivers", default=[])]
    return not set(codes).isdisjoint(rules)


def is_same_record(before: SourceFile, after: SourceFile) -> bool:
    """Whether two files say the same in their front matter, as a mended form must."""
    old, new = parse_front_matter(before)[0], parse_front_matter(after)[0]
    return old is None or (new is not None and old.data == new.data)
