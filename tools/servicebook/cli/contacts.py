"""`servicebook contacts`: telephone numbers and addresses, kept by reference outside of Git, shown and erased."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.desk import open_here
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.errors import ServicebookError, UsageError
from servicebook.language.display import plain
from servicebook.store.contacts import FIELDS, Contacts
from servicebook.store.snapshot import Snapshot

DEEDS = ("list", "show", "add", "erase")


def run(argv: list[str]) -> int:
    """List the references, without what is behind them; show, add or erase one."""
    parser = make_parser("contacts")
    parser.add_argument("deed", metavar="list|show|add|erase", nargs="?", default="list", choices=DEEDS,
                        help=speak("what to do (default: list)"))  # fmt: skip
    parser.add_argument("ref", metavar="REFERENCE|PERSON", nargs="?", default="", help=speak("whose"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    contacts = Contacts(desk.root, desk.settings.contacts)
    if given.deed == "list":
        print(_table(desk, contacts))
        return 0
    if not given.ref:
        raise UsageError("the reference is missing", "servicebook contacts lists those that records name")
    person = desk.get("person", given.ref)
    reference = str((person.get("contact_ref") if person else None) or given.ref)
    if given.deed == "add":
        known = contacts.read(reference) or {}
        print(contacts.write(reference, {**known, **(_asked(known) if may_ask() else _piped())}))
        return 0
    if given.deed == "erase":
        if not contacts.erase(reference):
            raise _nothing(reference)
        print(speak("erased: {reference}; copies and backups of {folder} are erased where they lie",
                    reference=reference, folder=contacts.folder))  # fmt: skip
        return 0
    contact = contacts.read(reference)
    if contact is None:
        raise _nothing(reference)
    print("\n".join(f"{speak(key)}: {plain(value)}" for key, value in contact.items()))
    return 0


def _nothing(reference: str) -> ServicebookError:
    return ServicebookError(
        "nothing is kept under `{reference}`", "servicebook contacts add {reference}", reference=reference
    )


def _asked(known: dict[str, str]) -> dict[str, str]:
    return {field: ask_line(speak(field), known.get(field, "")) for field in FIELDS}


def _piped() -> dict[str, str]:
    """Return the lines `phone = "..."` of a pipe. Numbers are no arguments: a shell keeps those in its history."""
    try:
        data = tomllib.loads(sys.stdin.read())
    except tomllib.TOMLDecodeError as error:
        raise UsageError("what came in is not TOML: {why}", 'write lines such as phone = "..."', why=error) from error
    fields = {key: value for key, value in data.items() if key in FIELDS and isinstance(value, str)}
    if not data or len(fields) < len(data):
        wrong = next((key for key in data if key not in fields), "-")
        raise UsageError(
            "`{field}` is no line of a contact", 'write one or more of {known}, each as text: phone = "..."',
            field=wrong, known=", ".join(FIELDS),
        )  # fmt: skip
    return fields


def _table(desk: Snapshot, contacts: Contacts) -> str:
    kept, named = set(contacts.references()), dict(_named(desk))
    columns = [Column(speak("reference")), Column(speak("kept")), Column(speak("named by"), least=8)]
    rows: list[list[str | Cell]] = [
        [plain(one), Cell(speak("yes"), "green") if one in kept else speak("no"), named.get(one, "")]
        for one in sorted({*kept, *named})
    ]
    return render_table(columns, rows) if rows else speak("no record names a reference, and nothing is kept")


def _named(desk: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield the references that records name, each with one that does; people, who are asked for most, come last."""
    for incident in desk.of_kind("incident"):
        if '"phone_ref"' in incident.raw and (reference := incident.get("caller", "phone_ref")):
            yield str(reference), incident.id
    for supplier in desk.of_kind("supplier"):
        if reference := supplier.get("hotline"):
            yield str(reference), supplier.id
    for person in desk.of_kind("person"):
        if reference := person.get("contact_ref"):
            yield str(reference), person.id
