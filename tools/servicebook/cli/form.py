"""What a new record still needs, and asking for it field by field."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_choice, ask_line
from servicebook.cli.fields import Field
from servicebook.errors import UsageError
from servicebook.language.catalogue import terminal_language
from servicebook.records.facts import Facts
from servicebook.records.templates import SECTIONS
from servicebook.store.snapshot import Snapshot
from servicebook.typed import Any


def missing_fields(fields: Sequence[Field], values: dict[str, Any], only_required: bool = False) -> list[Field]:
    """Return the fields that a new record needs and does not have.

    Lists and blocks may come later; what is derived, and what the model can do without, is never demanded.
    """
    needed = [f for f in fields if f.required or (not only_required and f.asked and not f.many and is_simple(f))]
    return [field for field in needed if values.get(field.name) in (None, "", [])]


def is_simple(field: Field) -> bool:
    """Whether one word or line can say the field."""
    if field.form == "block":
        return any(inner.required for inner in field.inner)
    return field.form != "map"


def fill_form(desk: Snapshot, fields: Sequence[Field], values: dict[str, Any]) -> None:
    """Ask for every field marked so that has no value yet; what cannot be said in a line is left out."""
    open_fields = [field for field in fields if field.asked and field.name not in values and is_simple(field)]
    if open_fields:
        print(speak("Enter leaves a question open."), file=sys.stderr)
    for field in open_fields:
        answer = ask_field(desk, field, values)
        if answer:
            values[field.name] = answer


def fill_section(kind: str, body: str, language: str, said: str | None = None) -> str:
    """Ask for the first section that a record of `kind` cannot do without, and put the answer below its heading.

    said: the answer, where it was asked for already.
    """
    for heading in SECTIONS.get(kind, ()):
        if heading.required:
            title = heading.zh if language == "zh" else heading.en
            answer = ask_line(heading.zh if terminal_language() == "zh" else heading.en) if said is None else said
            return body.replace(f"## {title}\n", f"## {title}\n\n{answer}\n", 1) if answer else body
    return body


def ask_field(desk: Snapshot, field: Field, values: dict[str, Any]) -> Any:
    """Return the value of one field as somebody answers, None where they leave it open; `values` narrow records."""
    needed = field.required
    while True:
        try:
            if field.form == "ref":
                return _ask_record(desk, field, values, needed)
            if field.choices:
                answer = ask_choice(field.label, field.choices, None if needed else "", many=field.many)
            else:
                answer = ask_line(field.label, needed=needed)
            return field.read(answer) if answer else None
        except UsageError as error:
            print(f"{error.message}; {error.hint}", file=sys.stderr)


def _ask_record(desk: Snapshot, field: Field, values: dict[str, Any], needed: bool) -> Any:
    """Offer the records that the field may name, narrowed down by what is known already."""
    choices = [facts for facts in desk.of_kind(*field.kinds) if _fits(facts, values)]
    ids = [*field.choices, *(facts.id for facts in choices)]
    if not ids:
        print(speak("{label}: there is none on this desk yet", label=field.label), file=sys.stderr)
        return None
    titles = [*field.choices, *(facts.title for facts in choices)]
    default = None if needed else (ids[0] if len(ids) == 1 else "")
    answer = ask_choice(field.label, ids, default, titles, many=field.many)
    return field.read(answer) if answer else None


def _fits(facts: Facts, values: dict[str, Any]) -> bool:
    """Whether a site, asset, contract or service belongs to the customer named before."""
    if facts.status in ("retired", "expired"):
        return False
    customer = values.get("customer")
    theirs = facts.get("customer")
    if not customer or facts.kind not in ("site", "asset", "contract", "service"):
        return True
    return theirs in (None, customer) and customer in facts.get("customers", default=[customer])
