"""`servicebook receipts`: what the server received when, and who signed for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.terminal import Cell, Column, render_table
from servicebook.store.repository import find_repository

if TYPE_CHECKING:
    from servicebook.evidence.receipts import Receipt

FAULTS = {
    "number": "receipt {number}: one before it is missing",
    "previous": "receipt {number}: it does not follow the one before",
    "time": "receipt {number}: it is older than the one before",
    "gap": "receipt {number}: {refs} moved without a receipt before it",
}
"""How receipts can fail to hang together, in words."""


def run(argv: list[str]) -> int:
    """List the receipts that are here; 1 when they do not hang together."""
    from servicebook.evidence.receipts import RECEIPTS, faults_of, read_receipts

    parser = make_parser("receipts")
    parser.add_argument("--json", action="store_true", help=speak("answer as JSON"))
    given = parser.parse_args(argv)
    receipts = read_receipts(find_repository(".", bare=True))
    faults = list(faults_of(receipts))
    if given.json:
        print(json.dumps([_as_json(receipt) for receipt in receipts], ensure_ascii=False, indent=1))
    elif receipts:
        print(_table(receipts))
        keys = sorted({receipt.server_key.fingerprint if receipt.server_key else "-" for receipt in receipts})
        print(speak("written by the server with the key {keys}", keys=", ".join(keys)))
    else:
        print(speak("there is no receipt here: git fetch origin {ref}:{ref}", ref=RECEIPTS))
    for receipt, why in faults:
        print(speak(FAULTS[why], number=receipt.number, refs=", ".join(receipt.gap)))
    return int(bool(faults))


def _table(receipts: Sequence[Receipt]) -> str:
    heads = [speak("received"), speak("signed by"), speak("moved")]
    columns = [Column(speak("number"), right=True), *(Column(head) for head in heads)]
    return render_table(columns, [[str(r.number), r.at, _signed(r), _moved(r)] for r in receipts])


def _signed(receipt: Receipt) -> Cell:
    if receipt.status == "unsigned":
        return Cell(speak("nobody"))
    who = receipt.person or receipt.key or "-"
    return Cell(who) if receipt.status == "valid" else Cell(f"{who} ({receipt.status})", "red")


def _moved(receipt: Receipt) -> str:
    names = (f"{update.ref.removeprefix('refs/heads/')} {update.new[:10]}" for update in receipt.updates)
    return ", ".join(names)


def _as_json(receipt: Receipt) -> dict[str, object]:
    return {
        **receipt._asdict(),
        "updates": [update._asdict() for update in receipt.updates],
        "server_key": receipt.server_key.line if receipt.server_key else None,
    }
