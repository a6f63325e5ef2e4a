"""`servicebook evidence`: the evidence for one change in one file; and what `verify` says of such a file."""

from __future__ import annotations

import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.verified import explained
from servicebook.cli.verify import find_change, open_verifier
from servicebook.store.mainline import commit_of
from servicebook.store.repository import find_repository
from servicebook.store.write import write_product

if TYPE_CHECKING:
    from servicebook.exchange.evidence_file import Checked


def run(argv: list[str]) -> int:
    """Write the evidence for a change; whether that proves anything, `verify --bundle` says."""
    from servicebook.exchange.evidence_file import make_evidence

    parser = make_parser("evidence")
    parser.add_argument("id", metavar="CHANGE", help=speak("the change: its id or the last four characters"))
    parser.add_argument("-o", "--output", metavar="FILE", help=speak("where to write it (default: evidence-CHG.tar)"))
    parser.add_argument("--at", metavar="REV", default="HEAD", help=speak("the branch, or where it stood at some time"))
    given = parser.parse_args(argv)
    repository = find_repository(".", bare=True)
    tip = commit_of(repository, given.at)
    id = find_change(repository, tip, given.id)
    path = Path(given.output or f"evidence-{id}.tar")
    data = make_evidence(repository, tip, id, open_verifier)
    write_product(str(path), data)
    print(speak("{path}: {size} kB; anybody can check it: servicebook verify --bundle {path}",
                path=path, size=-(-len(data) // 1024)))  # fmt: skip
    return 0


def check_file(path: Path, *, with_keygen: bool = False) -> Checked:
    """Return what a file of evidence comes to; with_keygen: let ssh-keygen verify every signature too.

    Raises UsageError for one that is none.
    """
    from servicebook.exchange.evidence_file import check_evidence

    with tempfile.TemporaryDirectory(prefix="servicebook-evidence-") as folder:
        return check_evidence(path, Path(folder), partial(open_verifier, with_keygen=with_keygen))


def print_checked(told: Checked, path: Path, *, as_json: bool) -> int:
    """Print what a file of evidence comes to; 1 when the change is not proven by it."""
    from servicebook.evidence.verification import as_data

    one = told.verification
    if as_json:
        print(json.dumps({**as_data(one), "differing": list(told.differing)}, ensure_ascii=False, indent=1))
    else:
        print(explained(one))
    for name in told.differing:
        print(speak("{path}: the copy {name} is not what the history in it has", path=path, name=name), file=sys.stderr)
    return int(one.outcome != "pass" or bool(told.differing))
