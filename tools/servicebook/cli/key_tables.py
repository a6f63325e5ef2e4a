"""`servicebook key list`, `key history`: whose keys there are, how they stand, and which commits brought them."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime

from servicebook.cli.arguments import speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.errors import CannotDecideError
from servicebook.evidence.held_keys import DEFAULT_PURPOSES, PURPOSES, HeldKey, held_keys, holders_of, key_standing
from servicebook.evidence.key_history import key_events
from servicebook.evidence.roster import read_roster
from servicebook.language.display import plain
from servicebook.settings import read_zone
from servicebook.store.mainline import commit_if_any, commit_of
from servicebook.store.snapshot import Snapshot

STANDINGS = {
    "valid": ("may sign", "green"),
    "not_yet": ("not yet", "yellow"),
    "expired": ("ended", "grey"),
    "revoked": ("withdrawn", "yellow"),
    "compromised": ("lost", "red"),
    "other_purpose": ("may sign", "green"),
    "shared": ("two people's", "red"),
}
"""How a key stands, in a table's words and colour."""

HEADS = ("person", "key", "kind", "may sign from", "until", "stands", "fingerprint")
"""The columns of the table."""
LEAST = {"key": 12, "fingerprint": 15}
"""How narrow a column may get."""

PAST_HEADS = ("when", "person", "what", "key", "by", "commit")
"""The columns of the table of `history`."""

PAST = ("at", "person", "what", "comment", "fingerprint", "by", "by_holder", "commit")
"""The fields of a line of `tsv` and of an entry of `json` of `history`."""

FIELDS = (
    "person", "comment", "kind", "fingerprint", "valid_from", "valid_until", "revoked_at", "compromised_since",
    "purpose", "standing",
)  # fmt: skip
"""The fields of a line of `tsv` and of an entry of `json`."""


def list_keys(given: Namespace) -> int:
    """Print all keys, or one person's, and how each stands now."""
    desk = open_here()
    now = read_now(desk.settings)
    everybody = all_keys(desk)
    keys = held_keys(find_record(desk, given.key, ("person",))) if given.key else everybody
    rows = [_row(held, everybody, now) for held in _ended(desk, keys, now)]
    if given.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif given.format == "tsv":
        print("\n".join(["\t".join(FIELDS), *("\t".join(plain(row[name]) for name in FIELDS) for row in rows)]))
    elif rows:
        print(_table(rows))
    else:
        print(speak("no key yet: servicebook key add"))
    return 0


def _ended(desk: Snapshot, keys: Sequence[HeldKey], now: datetime) -> list[HeldKey]:
    """Return keys with the ends that their records once gave them, which hold though they were taken out again."""
    tip = commit_if_any(desk.repository, "HEAD")
    try:
        roster = read_roster(desk.repository, tip, now) if tip else None
    except CannotDecideError:  # a shallow clone has but the records as they are
        roster = None
    return [roster.ended(held.person, (held,), now)[0] if roster else held for held in keys]


def _row(held: HeldKey, everybody: Sequence[HeldKey], now: datetime) -> dict[str, str]:
    names = ("valid_from", "valid_until", "revoked_at", "compromised_since")
    namespace = next((PURPOSES[name][0] for name in held.purposes if name in PURPOSES), "")
    shared = len(holders_of(everybody, held.key)) > 1
    return {
        "person": held.person,
        "comment": held.comment,
        "kind": held.key.kind,
        "fingerprint": held.key.fingerprint,
        **{name: at.isoformat() if (at := getattr(held, name)) else "" for name in names},
        "purpose": ",".join(held.purposes),
        "standing": "shared" if shared else key_standing([held], held.key, now, namespace),
    }


def _table(rows: Sequence[dict[str, str]]) -> str:
    columns = [Column(speak(head), least=LEAST.get(head, 0), keep=head == "key") for head in HEADS]
    return render_table(columns, [_cells(row) for row in rows])


def _cells(row: dict[str, str]) -> list[str | Cell]:
    ends = [row[name] for name in ("valid_until", "revoked_at", "compromised_since") if row[name]]
    word, colour = STANDINGS[row["standing"]]
    purposes = tuple(row["purpose"].split(","))
    stands = speak(word) if purposes == DEFAULT_PURPOSES else f"{speak(word)}: {row['purpose']}"
    kind = row["kind"].removeprefix("ssh-").removeprefix("ecdsa-sha2-")
    start, end = row["valid_from"][:10], min(ends, key=datetime.fromisoformat)[:10] if ends else ""
    return [row["person"], row["comment"], kind, start, end, Cell(stands, colour), row["fingerprint"]]


def list_key_history(given: Namespace) -> int:
    """Print which commits brought, ended or withdrew keys; those of somebody else than the holder stand out."""
    desk = open_here()
    zone = read_zone(desk.settings)
    person = find_record(desk, given.key, ("person",)).id if given.key else ""
    rows = [
        {
            "at": event.step.at.astimezone(zone).isoformat(),
            "person": event.held.person,
            "what": event.what,
            "comment": event.held.comment,
            "fingerprint": event.held.key.fingerprint,
            "by": event.step.email,
            "by_holder": "yes" if event.by_holder else "no",
            "commit": event.step.id,
        }
        for event in key_events(desk.repository, commit_of(desk.repository, "HEAD"), person)
    ]
    if given.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif given.format == "tsv":
        print("\n".join(["\t".join(PAST), *("\t".join(plain(row[name]) for name in PAST) for row in rows)]))
    elif rows:
        columns = [Column(speak(head), least=LEAST.get(head, 0), keep=head == "by") for head in PAST_HEADS]
        print(render_table(columns, [_past_cells(row) for row in rows]))
    else:
        print(speak("no key yet: servicebook key add"))
    return 0


def _past_cells(row: dict[str, str]) -> list[str | Cell]:
    by = Cell(row["by"]) if row["by_holder"] == "yes" else Cell(speak("{email}, another", email=row["by"]), "yellow")
    return [row["at"][:10], row["person"], speak(row["what"]), row["comment"], by, row["commit"][:10]]


def all_keys(desk: Snapshot) -> tuple[HeldKey, ...]:
    """Return the keys of all people, by their names."""
    people = sorted(desk.of_kind("person"), key=lambda person: person.id)
    return tuple(held for person in people for held in held_keys(person))
