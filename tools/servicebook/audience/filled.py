"""One record with every field filled: with a mark where its audience may not read, else with an ordinary value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from servicebook.audience.marks import SIGN, Mark, Planter
from servicebook.records.audiences import CUSTOMER, PUBLIC
from servicebook.records.kinds import KINDS, Kind, path_of
from servicebook.records.models import model_of
from servicebook.records.shown_fields import (
    SAID_BY_THEMSELVES,
    Tree,
    event_fields,
    shown_events,
    shown_fields,
    shown_sections,
)
from servicebook.records.templates import SECTIONS

Where = tuple[str, ...]


class FilledRecord:
    """The filling of one record for the audience that may see it; None for nobody.

    hidden: by kind the id of a record that nobody may see, which references name. audiences: all that are tried.
    unplanted: fields of texts that took no mark.
    """

    def __init__(
        self,
        planter: Planter,
        hidden: Mapping[str, str],
        audiences: Sequence[str],
        kind: Kind,
        path: str,
        audience: str | None,
        customer: str,
    ) -> None:
        self.unplanted: set[str] = set()
        self._planter = planter
        self._hidden = hidden
        self._kind = kind
        self._path = path
        self._audience = audience
        self._customer = customer
        self._schema: dict[str, Any] = model_of(kind.name).model_json_schema(by_alias=True)
        self._trees = {reader: shown_fields(kind.name, reader) for reader in audiences}
        self._tries: dict[Where, int] = {}
        self._left_out: set[Where] = set()
        self._timeline: list[dict[str, Any]] = []
        self._names: dict[Where, str] = {}
        self._known: dict[Where, list[tuple[Any, str]]] = {}
        self._made: dict[Where, tuple[Any, Mark | None, bool]] = {}

    def data(self) -> dict[str, Any]:
        """Return the fields, as far as the model takes them; marks that are left are put down."""
        wrong: set[Where] | None = None
        while wrong is None or wrong:
            for where in wrong or ():
                self._try_next(where)
            self._made.clear()
            data = self._block(self._schema, ())
            wrong = _refused(self._kind.name, {"schema": self._kind.schema, "id": "x", **data})
        planter = self._planter
        for where, (value, mark, is_text) in self._made.items():
            if mark is not None:
                planter.marks.append(mark)
            elif value is None and is_text:
                self.unplanted.add(f"{self._kind.name}.{'.'.join(where)}")
        return data

    def _try_next(self, where: Where) -> None:
        """Take the next value for a field that was refused; where there is none left, leave it or its block out."""
        tried = self._tries.get(where, 0) + 1
        self._tries[where] = tried
        if where in self._made and tried <= len(self._known[where]):
            return
        place = where
        while place in self._left_out and place:
            place = place[:-1]
        self._left_out.add(place)

    def _block(self, schema: Mapping[str, Any], where: Where) -> dict[str, Any]:
        found = {}
        for name, field in schema.get("properties", {}).items():
            if not where and name in ("schema", "id", "waivers", "aliases"):
                continue
            value = self._field(name, field, (*where, name))
            if value is not None:
                found[name] = value
        return found

    def _field(self, name: str, field: Mapping[str, Any], where: Where) -> Any:
        if where in self._left_out:
            self.unplanted.add(f"{self._kind.name}.{'.'.join(where)}")
            return None
        if where == ("audience",):
            return [self._audience] if self._audience else None
        if where == ("timeline",):
            self._timeline = self._timeline or list(self._events(field))
            return self._timeline
        if where == ("customer",):
            return self._customer or self._hidden["customer"]
        if where == ("shown_files",):
            return ["shown.png"]
        return self._value(field, where)

    def _value(self, field: Mapping[str, Any], where: Where) -> Any:
        for part in [one for one in field.get("anyOf", [field]) if one.get("type") != "null"][:1]:
            if "$ref" in part:
                return self._block(self._schema["$defs"][part["$ref"].rpartition("/")[2]], where)
            if part.get("type") == "array":
                value = self._value(part["items"], where)
                return None if value is None else [value] * part.get("minItems", 1)
            if part.get("type") == "object":
                inner = part.get("additionalProperties")
                name = self._names.setdefault(where, self._planter.word())
                value = self._value(inner, (*where, "*")) if isinstance(inner, dict) else self._leaf({}, where)
                return None if value is None else {name: value}
            return self._leaf(part, where)
        return None

    def _leaf(self, part: Mapping[str, Any], where: Where) -> Any:
        """Return a value: the next of those that may suit."""
        readers = self._readers(reader for reader in self._trees if self._is_read_by(where, reader))
        if where not in self._known:
            self._known[where] = list(self._choices(part, bool(self._audience) and self._audience in readers))
        choices = self._known[where]
        tried = self._tries.get(where, 0)
        is_text = part.get("type") == "string" and not {"enum", "const", "pattern"} & part.keys()
        value, text = choices[tried] if tried < len(choices) else (None, "")
        mark = Mark(text, self._path, ".".join(where), readers) if text else None
        self._made[where] = (value, mark, is_text)
        return value

    def _readers(self, readers: Iterable[str]) -> frozenset[str]:
        """Return audiences, with every customer among them where one reads what is public."""
        found = frozenset(readers)
        customers = {CUSTOMER} if self._audience == PUBLIC and any(one.startswith(CUSTOMER) for one in found) else set()
        return found | customers

    def _is_read_by(self, where: Where, reader: str) -> bool:
        """Whether an audience may read a field of this record."""
        if self._audience not in (reader, PUBLIC):
            return False
        if where[0] == "timeline":
            return where[-1] in event_fields(reader)
        if any(where[: len(place)] == place for place in SAID_BY_THEMSELVES):
            return False
        tree: Tree | None = self._trees[reader]
        for name in where:
            if tree is None:
                return False
            if name not in tree and "*" not in tree:
                return False
            tree = tree[name] if name in tree else tree["*"]
        return True

    def _choices(self, part: Mapping[str, Any], is_read: bool) -> Iterator[tuple[Any, str]]:
        """Yield (value, mark in it) for what a schema describes; the mark is empty where the value tells nothing."""
        planter = self._planter
        if "const" in part or "enum" in part:
            yield from ((one, "") for one in part.get("enum", [part.get("const")]))
            return
        if refers := part.get("x-refers-to"):
            for kind in refers:
                yield self._hidden[kind], self._hidden[kind]
            return
        kind, form = part.get("type"), part.get("format")
        if kind == "boolean":
            yield True, ""
        elif kind in ("integer", "number"):
            number = planter.number()
            yield number, "" if is_read else str(number)
            yield from ((one, "") for one in (1, 3, 50, 2041))
        elif form in ("date", "date-time"):
            day = "2026-03-02" if is_read else planter.day()
            yield day if form == "date" else f"{day}T04:00:00+00:00", "" if is_read else day
        else:
            word = planter.word()
            days, digits = f"{planter.number()} days", f"{planter.number():064x}"
            telling = (word, f"{word}@example.org", f"x-{word}", days, digits, f"sha256:{digits}")
            for text in telling:
                yield text, "" if is_read else word if word in text else text.removeprefix("sha256:")
            yield from ((text, "") for text in (*part.get("examples", ()), *_LIKELY))

    def _events(self, field: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield one event of each name, every other field filled, and a note that says that it may be read."""
        event = self._schema["$defs"][field["items"]["$ref"].rpartition("/")[2]]
        names = event["properties"]["event"]["enum"]
        for number, name in enumerate(names):
            yield self._event(number, name)

    def _event(self, number: int, name: str) -> dict[str, Any]:
        path, planter = self._path, self._planter
        readers = frozenset(one for one in self._trees if name in shown_events(one) and self._audience in (one, PUBLIC))
        event = {
            "at": f"2026-03-02T04:{number % 60:02}:00+00:00",
            "id": f"{number:04}",
            "event": name,
            "by": self._hidden["person"],
        }
        for field in ("to", "reason", "note", "old", "new", "evidence", "serial_number", "step"):
            said = self._readers(one for one in readers if field in event_fields(one) and field != "reason")
            event[field] = planter.text(path, f"timeline.{name}.{field}", said)
        return event

    def body(self) -> str:
        """Return a body with each of the kind's sections, and with all that may stand in one."""
        planter, path = self._planter, self._path
        readers = self._readers_of_section("")
        parts = [planter.text(path, "body before all sections", readers)]
        mentioned = bool(readers)
        if mentioned or not self._audience:
            parts += self._mentions()
        for heading in SECTIONS.get(self._kind.name, ()):
            readers = self._readers_of_section(heading.key)
            parts += [f"## {heading.en}", planter.text(path, f"section {heading.key}", readers)]
            if readers and not mentioned:
                mentioned = True
                parts += self._mentions()
        parts.append(f"::: internal\n{planter.text(path, 'block never closed')}")
        return "\n\n".join(parts) + "\n"

    def _mentions(self) -> Iterator[str]:
        """Yield what a text may hold that is not for its readers: links and ids of hidden records, blocks, comments."""
        planter, path = self._planter, self._path
        for kind in KINDS:
            hidden = self._hidden[kind.name]
            title = planter.text(path, f"title of a link to a hidden {kind.name}")
            alternative = planter.text(path, f"text of a picture of a hidden {kind.name}")
            target = path_of(kind, hidden)
            picture = target.removesuffix(".md") + ".files/plan.png"
            yield f"[{title}](/{target}) `{hidden}` ![{alternative}](/{picture}) {target}"
        yield f"::: internal\n{planter.text(path, 'block internal')}\n:::"
        yield f"::: audience customer:nobody\n{planter.text(path, 'block of another customer')}\n:::"
        yield f"<!-- {planter.text(path, 'comment in the text')} -->"

    def _readers_of_section(self, key: str) -> frozenset[str]:
        return self._readers(
            reader
            for reader in self._trees
            if self._audience in (reader, PUBLIC)
            and self._trees[reader] is not None
            and ((sections := shown_sections(self._kind.name, reader)) is None or key in sections)
        )


_LIKELY = (
    "Asia/Shanghai", "5 days", "1h", "30m", "FREQ=DAILY", "word", "1.0", "08:00-18:00", "2026-03-02T04:00:00+00:00",
    "2026-03-02", "2026", "k3f9", "internal", "REC251", "CNY", "incident/1", "x",
)  # fmt: skip
"""Values of texts that have a form of their own."""


def _refused(kind: str, data: dict[str, Any]) -> set[Where]:
    """Return the fields that the model refuses, lists left out of their places."""
    try:
        model_of(kind).model_validate(data)
    except ValueError as error:
        errors = error.errors() if hasattr(error, "errors") else []
        return {_place(one["loc"]) for one in errors}
    return set()


def _place(loc: tuple[str | int, ...]) -> Where:
    """Return where an error is, as the schema has it: without places in lists, `*` for the key of a map."""
    names = (key for key in loc if isinstance(key, str) and not key.startswith("["))
    return tuple("*" if name.startswith(SIGN) else name for name in names)
