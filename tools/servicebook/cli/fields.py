"""Which fields a kind of record has, as a form sees them: what to ask, which values it takes, how to read one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from servicebook.diagnostics.diagnostic import KeyPath
from servicebook.errors import UsageError
from servicebook.language.catalogue import say, terminal_language
from servicebook.records import readings, record
from servicebook.records.models import model_of
from servicebook.settings import Settings


class Field(NamedTuple):
    """A field of a kind.

    form: `text`, `choice`, `ref`, `instant`, `date`, `bool`, `int`, `number`, `block` or `map`.
    choices: the values of a choice. kinds: the kinds a reference may name. inner: the fields of a block, or the one
    unnamed field that stands for every value of a map.
    """

    name: str
    description: str
    form: str
    required: bool
    asked: bool
    derived: bool
    many: bool
    choices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    inner: tuple[Any, ...] = ()

    @property
    def label(self) -> str:
        """What the field is, in the reader's language."""
        return say("fields", self.description, terminal_language())

    def read(self, text: str) -> Any:
        """Return the value that `text`, as somebody typed it, has in front matter.

        A list or a block may also be typed as files have it, in brackets: `[{role: tester, days: 1}]`.
        Raises UsageError for a choice that is none, a number that is none, a block in one word.
        """
        if (self.many or self.form in ("block", "map")) and text[:1] + text[-1:] in ("[]", "{}"):
            return self._read_brackets(text)
        if self.many:
            return [self._read_one(part.strip()) for part in text.split(",") if part.strip()]
        return self._read_one(text)

    def _read_brackets(self, text: str) -> Any:
        from servicebook.text.front_matter import read_fields

        data, found = read_fields(f"value: {text}\n", "")
        if found or not data:
            raise UsageError(
                "`{field}` is `{value}`", "due: {due}", field=self.name, value=text, due="[a, b], [{name: value}, ...]"
            )
        value = data["value"]
        return [value] if self.many and isinstance(value, dict) else value

    def _read_one(self, text: str) -> Any:
        if self.form == "bool" and text.lower() in ("yes", "true", "no", "false"):
            return text.lower() in ("yes", "true")
        if self.form == "choice":
            plain = text.replace("-", "_") if text not in self.choices else text
            if plain in self.choices:
                return plain
            if not text.isascii() and (called := self._called(text)):
                return called
        elif self.form in ("int", "number"):
            try:
                number = float(text)
                return int(text) if self.form == "int" or text.isdecimal() else number
            except ValueError:
                pass
        elif self.form == "block":
            named = {field.name: field for field in self.inner}
            main = next((field for field in self.inner if field.required), None)
            if main and text:
                return {main.name: named[main.name].read(text)}
        elif self.form != "bool":
            return text
        due = ", ".join(self.choices) or self.form
        raise UsageError("`{field}` is `{value}`", "due: {due}", field=self.name, value=text, due=due)

    def _called(self, text: str) -> str:
        """Return the choice that the lists show by this name, empty where none or several are."""
        from servicebook.language.labels import value_label

        found = [choice for choice in self.choices if text == value_label(self.name, choice, "zh")]
        return found[0] if len(found) == 1 else ""


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """Return the fields of a kind, in the order of its model."""
    return _fields(model_of(kind))


_OWN_FORMS = {"number": "number", "boolean": "bool", "date": "date", "instant": "instant"}


def with_own(fields: tuple[Field, ...], settings: Settings) -> tuple[Field, ...]:
    """Return fields as the desk's settings extend them: with those below `custom`, its own categories and stages."""
    custom = settings.custom
    own = tuple(
        _unnamed({"form": _OWN_FORMS.get(type_, "text"), "many": type_ == "list"})._replace(name=name)
        for name, type_ in custom.items()
    )
    told: dict[str, dict[str, Any]] = {"custom": {"form": "block", "inner": own}}
    if settings.stages:
        told["stage"] = {"form": "choice", "choices": tuple(settings.stages)}
    extended = [field._replace(**told[field.name]) if field.name in told else field for field in fields]
    words = tuple(settings.categories)
    return tuple(
        field._replace(choices=(*field.choices, *words)) if field.name == "category" else field for field in extended
    )


def field_at(fields: tuple[Field, ...], path: str) -> Field:
    """Return the field that `a`, `a.b` or, of a list, `a.0` names among `fields`; UsageError when there is none."""
    here = _unnamed({"form": "block", "inner": fields})
    for name in path.split("."):
        known = {field.name: field for field in here.inner if field.name}
        if here.many and name.isdecimal():
            here = here._replace(many=False)
        elif here.form == "map" and name:
            here = here.inner[0]._replace(name=name)
        elif name in known and not here.many:
            here = known[name]
        else:
            raise UsageError("`{name}` is no field here", "known: {known}", name=path, known=", ".join(known) or "-")
    return here


def key_path(path: str) -> KeyPath:
    """Return where a field named with dots lies; an item of a list by its number."""
    return tuple(int(name) if name.isdecimal() else name for name in path.split("."))


def _fields(model: Any) -> tuple[Field, ...]:
    return tuple(_field(name, info) for name, info in model.model_fields.items())


def _field(name: str, info: Any) -> Field:
    extra = info.json_schema_extra or {}
    return _unnamed(_read_type(info.annotation, tuple(info.metadata)))._replace(
        name=info.alias or name,
        description=info.description or "",
        required=info.is_required(),
        asked=bool(extra.get("asked")),
        derived=bool(extra.get("derived")),
    )


def _unnamed(found: Mapping[str, Any]) -> Field:
    """Return a field of a form, of which nothing else is known."""
    return Field("", "", required=False, asked=False, derived=False, **{"many": False, **found})


_MARKS = {readings.read_instant: "instant", readings.read_date: "date", readings.read_duration: "text"}
_PLAIN = {str: "text", int: "int", float: "number", bool: "bool"}


def _read_type(annotation: Any, metadata: tuple[Any, ...] = ()) -> dict[str, Any]:
    """Return form, many, choices, kinds and inner fields that a type annotation says."""
    for mark in metadata:
        if isinstance(mark, record.RefTo) and not getattr(mark, "prefix", ""):
            return {"form": "ref", "kinds": mark.kinds}
        if getattr(mark, "func", None) in _MARKS:
            return {"form": _MARKS[mark.func]}
    origin, inner = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _read_type(inner[0], annotation.__metadata__)
    if origin is Literal:
        return {"form": "choice", "choices": tuple(str(value) for value in inner)}
    if origin is list:
        return {**_read_type(inner[0]), "many": True}
    if origin is dict:
        return {"form": "map", "inner": (_unnamed(_read_type(inner[1])),)}
    if origin is Union or type(annotation).__name__ == "UnionType":
        return _read_union([part for part in inner if part is not type(None)])
    if hasattr(annotation, "model_fields"):
        return {"form": "block", "inner": _fields(annotation)}
    return {"form": _PLAIN.get(annotation, "text")}


def _read_union(parts: list[Any]) -> dict[str, Any]:
    found = [_read_type(part) for part in parts]
    if len(found) == 1:
        return found[0]
    refs = [one for one in found if one["form"] == "ref"]
    # `provider` or a customer: the word is offered beside the records.
    words = tuple(choice for one in found for choice in one.get("choices", ()))
    return {**(refs or found)[0], "choices": words} if refs else found[0]
