"""`servicebook handover`: the hand-over pack of a contract in one document, and a checklist of what is missing."""

from __future__ import annotations

import sys

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.errors import FindingsError
from servicebook.language.catalogue import terminal_language
from servicebook.reports.handover import pack_of, pack_text
from servicebook.store.write import write_product


def run(argv: list[str]) -> int:
    """Print the pack, or write it to a file; 1 while something is missing, which is named on stderr."""
    parser = make_parser("handover")
    parser.add_argument("contract", metavar="CONTRACT", help=speak("whose project is handed over"))
    parser.add_argument("-o", "--output", metavar="FILE", help=speak("where to write it (default: print it)"))
    given = parser.parse_args(argv)
    desk = open_here(whole=True)
    contract = find_record(desk, given.contract, ("contract",))
    pack = pack_of(desk, contract)
    text = pack_text(desk, pack, terminal_language(), read_now(desk.settings).date().isoformat())
    if given.output:
        write_product(given.output, text.encode())
        print(given.output)
    else:
        print(text, end="")
    if not pack.missing:
        return 0
    if given.output:
        for words, values in pack.missing:
            print(f"☐ {speak(words, **values)}", file=sys.stderr)
    raise FindingsError(
        "{count} things are missing to the hand-over of `{id}`",
        "documents that were given go to `handed_over` in {path}",
        count=len(pack.missing), id=contract.id, path=contract.path,
    )  # fmt: skip
