"""A record's front matter as people read it: labels, values, references as links, blocks as small tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from servicebook.language.labels import label_of
from servicebook.language.recurrences import said_recurrence
from servicebook.publish.bodies import Bodies
from servicebook.publish.checked_html import results_told
from servicebook.publish.elements import day, facts, figure, named, section_of, table_of
from servicebook.publish.history_html import SHORT
from servicebook.publish.labels import main_language
from servicebook.publish.report_html import figures_told
from servicebook.publish.view import View
from servicebook.records.audiences import RESTRICTED, is_outer
from servicebook.records.facts import Facts, Ref

NOT_SHOWN = {
    "schema", "id", "title", "title_zh", "status", "timeline", "links", "sla", "$body", "$broken", "aliases", "waivers",
    "description", "corrects", "promise",
}  # fmt: skip
"""Fields that have their own place on the page, or say nothing to readers."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"\d\d:\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)")

LENGTHS = frozenset({
    "rto", "rpo", "lead_time", "expected_duration", "expected_outage", "grace", "vote_within", "later_quorum_within",
    "every", "within", "term", "review_every", "rma_target",
})  # fmt: skip
"""Fields that hold a length of time, which is told in words."""

NAMES = ("name", "legal_name", "short_name", "users_representative")
"""Fields that name a person or a house: what they say does not break."""
LONG_NAME = 24
MEANT = ("to", "attendees", "present", "absent", "distributed_to")
"""Fields that hold any name; a handle among them is told as the name of its person."""
MOST_KNOWN = 20_000
"""So many short values are rendered once for all pages, where they hang on nothing else."""

IN_PLACE = {
    ("figures", "due"): "Due figure", ("training", "audience"): "Who was trained", ("results", "key"): "Item checked",
    ("person", "name"): "Person's name", ("contacts", "name"): "Person's name", ("caller", "name"): "Person's name",
    ("improvement", "target"): "Aim", ("inspection", "plan"): "Inspection plan",
}  # fmt: skip
"""What a field is called where its name means another thing than elsewhere, by the field or kind that holds it."""

TOLD = {"inspection": results_told, "report": figures_told}
"""Kinds of which some values are told in other words than stand there, and what tells them."""

WIDEST = 8
"""So many columns a table of a list of fields may have."""

STACKED = 3
"""From so many columns on, a table of a list of fields becomes a list of rows on a telephone."""

LONG = 90
"""Texts longer than this stand in the page, not in the narrow column of facts."""


class Fields:
    """Renders the fields of one record; `address` is that of the page they stand on."""

    def __init__(self, view: View, bodies: Bodies, record: Facts, address: str) -> None:
        self._view = view
        self._bodies = bodies
        self._facts = record
        self._address = address
        self._depth, self._known = address.count("/"), view.known_values
        self._refs = {ref.field: ref for ref in record.refs}
        told = TOLD.get(record.kind)
        self._told = told(view, record) if told else None
        self._short: list[tuple[str, Any]] = []
        self._long: list[tuple[str, Any]] = []
        for key, value in self._shown():
            (self._long if _is_long(value) else self._short).append((key, value))

    def facts_list(self, skip: tuple[str, ...] = ()) -> str:
        """Return the short fields as a list of terms."""
        rows = [(key, self.value((key,), value)) for key, value in self._short if key not in skip]
        return self._terms(rows, self._facts.kind)

    def blocks(self, skip: tuple[str, ...] = ()) -> str:
        """Return the long fields and groups of fields, a section each."""
        parts = [
            section_of(self._view.labels.field(key), self.value((key,), value), key)
            for key, value in self._long
            if key not in skip
        ]
        return "".join(parts)

    def text(self, key: str) -> str:
        """Return a text field rendered as Markdown, or nothing."""
        value = self._facts.data.get(key)
        return self.value((key,), value) if value and not self._is_hidden(value) else ""

    def _is_hidden(self, value: Any) -> bool:
        """Whether all that a field holds is nothing for these readers: a label alone would tell them no more."""
        return value in (RESTRICTED, [RESTRICTED]) and is_outer(self._view.desk.audience)

    def value(self, where: tuple[str | int, ...], value: Any) -> str:
        """Return a value of the front matter as HTML."""
        if self._told and (told := self._told(where, value)):
            return told
        ref = self._refs.get(where)
        if isinstance(value, str):
            name = where[-1]
            if not isinstance(name, str):
                name = next((part for part in reversed(where) if isinstance(part, str)), "")
            if len(value) > LONG_NAME or "\n" in value or _is_instant(name):
                return self._linked(ref, value) or self._text(name, value)
            # Thousands of pages name the same people, services and states; what they are depends on nothing else.
            key = (self._depth, name, value, ref and ref.kinds, ref and ref.target)
            html = self._known.get(key)
            if html is None:
                html = self._linked(ref, value) or self._text(name, value)
                if len(self._known) < MOST_KNOWN:
                    self._known[key] = html
            return html
        if html := self._linked(ref, value):
            return html
        if _is_money(value):
            return figure(f"{value['amount']:,}", str(value["currency"]))
        if isinstance(value, dict):
            rows = [(str(key), self.value((*where, key), inner)) for key, inner in value.items()]
            return self._terms(rows, str(where[-1]))
        if isinstance(value, list):
            return self._list(where, value)
        if isinstance(value, bool):
            return self._view.labels.value("yes" if value else "no")
        if where == ("csat",):
            return figure(round(value), "%")
        return escape(str(value))

    def _linked(self, ref: Ref | None, value: Any) -> str:
        """Return a value that names a record as a link; "" for any other."""
        target = self._view.target(ref) if ref else None
        if target is None:
            return ""
        link, cited = self._view.link(self._address, target), str(value).partition("@")[2]
        return f'{link} <span class="id">@{escape(cited)}</span>' if cited else link

    def _text(self, name: str, value: str) -> str:
        if _is_instant(name):
            return self._view.instant(value)
        if name in MEANT and (person := self._view.get("person", value)):
            return self._view.link(self._address, person)
        if name == "key":  # a word of the plan's own, whatever it means elsewhere
            return f'<span class="id">{escape(value)}</span>'
        if said := self._view.labels.known(value, name):
            return said
        if _INSTANT.fullmatch(value):
            return self._view.instant(value)
        if name in LENGTHS and (told := self._view.labels.length(value)):
            return told
        if name == "recurrence" and said_recurrence(value, "en"):
            return self._view.labels.each(lambda language: said_recurrence(value, language))
        if name == "source_revision":
            return f'<span class="id">{escape(value[:SHORT])}</span>'
        if name == "public_key":
            from servicebook.evidence.public_keys import describe_key

            return f"<code>{escape(describe_key(value))}</code>"
        if _DAY.fullmatch(value):
            return day(value)
        if "\n" in value or len(value) > LONG:
            return (
                f'<div class="text" lang="{main_language(value)}">{self._bodies.render(value, self._facts.path)}</div>'
            )
        return self._view.labels.own(value, "nw" if name in NAMES and len(value) <= LONG_NAME else "")

    def _list(self, where: tuple[str | int, ...], values: list[Any]) -> str:
        if values and all(isinstance(value, dict) for value in values):
            columns = list(dict.fromkeys(key for value in sorted(values, key=len, reverse=True) for key in value))
            if len(columns) <= WIDEST and not any(_is_nested(v) for value in values for v in value.values()):
                return self._small_table(where, columns, values)
        if len(values) == 2 and all(isinstance(one, str) and _CLOCK.fullmatch(one) for one in values):
            return f'<span class="nw">{values[0]}–{values[1]}</span>'
        items = [self.value((*where, place), value) for place, value in enumerate(values)]
        if all(isinstance(value, str) and len(value) <= 24 for value in values) and not any("<a " in i for i in items):
            return '<span class="words">' + "".join(f"<span>{item}</span>" for item in items) + "</span>"
        return '<ul class="plain">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>"

    def _small_table(self, where: tuple[str | int, ...], columns: list[str], values: list[dict[str, Any]]) -> str:
        said = {key: IN_PLACE.get((str(where[-1]), key)) for key in columns}
        titles = [self._label(str(where[-1]), key) for key in columns]
        looks = ["n" if all(key not in row or _is_figure(row[key]) for row in values) else "" for key in columns]
        looks[0] = "nw" if looks[0] else ""  # a table begins at its edge, with a figure too
        rows = (
            [self.value((*where, n, key), row[key]) if _is_told(row, key, columns) else "" for key in columns]
            for n, row in enumerate(values)
        )
        if len(columns) < STACKED:
            return table_of(titles, looks, rows)
        told = [(own, "site") if (own := said[key]) else (label_of(key), "fields") for key in columns[1:]]
        names = ["", *(named(self._view.labels, title, area) for title, area in told)]
        return table_of(titles, [f"f {looks[0]}".rstrip(), *looks[1:]], rows, ["stack"], names)

    def _terms(self, rows: list[tuple[str, str]], holder: str) -> str:
        return facts([(self._label(holder, key), html) for key, html in rows])

    def _label(self, holder: str, key: str) -> str:
        """Return what a field is called within the field, or the kind of record, that holds it."""
        own = IN_PLACE.get((holder, key))
        return self._view.labels.say(own) if own else self._view.labels.field(key)

    def _shown(self) -> Iterator[tuple[str, Any]]:
        for key, value in self._facts.data.items():
            if key in NOT_SHOWN or key == "audience" or value in (None, [], {}, ""):
                continue
            if not self._is_hidden(value):
                yield key, value
        if audience := self._facts.data.get("audience"):  # who may see it matters least to whoever sees it
            yield "audience", audience


def workaround_html(view: View, fields: Fields) -> str:
    """Return a known error's workaround, to be copied; or that there is none yet."""
    text = fields.text("workaround")
    if text:
        return f'<div class="copied">{text}</div>\n'
    return f"<p>{view.labels.say('There is no workaround yet.')}</p>\n"


def _is_told(row: dict[str, Any], key: str, columns: list[str]) -> bool:
    """Whether a cell says anything: the unit of a value that is not there says nothing."""
    return key in row and (key != "unit" or "value" in row or "value" not in columns)


def _is_instant(name: str) -> bool:
    """Whether a field of this name holds an instant."""
    return name.endswith("_at") or name in ("at", "until")


def _is_nested(value: Any) -> bool:
    """Whether a value has no room in a cell: anything but a number, a text, or a list of short texts."""
    if isinstance(value, list):
        return not all(isinstance(one, str) and len(one) <= LONG_NAME for one in value)
    return isinstance(value, dict) and not _is_money(value)


def _is_money(value: Any) -> bool:
    """Whether a value is an amount with its currency, which is shown as one figure."""
    return isinstance(value, dict) and value.keys() == {"amount", "currency"} and _is_number(value["amount"])


def _is_figure(value: Any) -> bool:
    return _is_number(value) or _is_money(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_long(value: Any) -> bool:
    """Whether a value needs the width of the page."""
    if isinstance(value, str):
        return len(value) > LONG or "\n" in value
    if isinstance(value, dict):
        return not _is_money(value)
    if isinstance(value, list):
        return any(isinstance(item, dict | list) or _is_long(item) for item in value)
    return False
