"""`servicebook verify`: was a change approved by its board, exactly this plan, before it was done?"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.now import read_now
from servicebook.cli.verified import explained, line_of
from servicebook.errors import UsageError
from servicebook.records.kinds import BY_NAME, is_id_of, kind_of_id
from servicebook.settings import SETTINGS_FILE, Settings, parse_settings
from servicebook.store.git import try_git
from servicebook.store.mainline import commit_of
from servicebook.store.repository import Repository, find_repository

if TYPE_CHECKING:
    from servicebook.evidence.verification import Verification
    from servicebook.evidence.verify import Verifier

EXAMPLES = """\
servicebook verify STA2 --explain          one change, with every vote and why it counts or not
servicebook verify --all                   every change of the branch
servicebook verify --range main..HEAD      in CI: no change may begin there that does not pass
servicebook verify STA2 --root sha256:...  by rules that follow from those an auditor has pinned
"""


def run(argv: list[str]) -> int:
    """Verify one change, all, or what a range did; 1 when one fails, 4 when it cannot be decided here."""
    given = _parsed(argv)
    if given.bundle:
        from servicebook.cli.evidence import check_file, print_checked

        told = check_file(Path(given.bundle), with_keygen=given.with_keygen)
        return print_checked(told, Path(given.bundle), as_json=given.json)
    repository = find_repository(".", bare=True)
    if given.range:
        return _verify_range(repository, given)
    tip = commit_of(repository, given.at)
    ids = [] if given.all else [find_change(repository, tip, given.id)]
    found = _answers(repository, tip, ids, given)
    _print(found, given)
    if given.all:
        return int(any(one.outcome == "fail" for one in found))
    return int(found[0].outcome == "fail" or (found[0].outcome == "open" and bool(found[0].reasons)))


def _parsed(argv: list[str]) -> Namespace:
    parser = make_parser("verify", EXAMPLES)
    parser.add_argument("id", nargs="?", metavar="CHANGE", help=speak("the change: its id or the last four characters"))
    parser.add_argument("--all", action="store_true", help=speak("every change of the branch"))
    parser.add_argument("--range", metavar="A..B", help=speak("what the commits from A to B began or altered"))
    parser.add_argument("--bundle", metavar="FILE", help=speak("a file of `servicebook evidence`; needs no desk"))
    parser.add_argument("--at", metavar="REV", default="HEAD", help=speak("the main branch, or where it stood once"))
    parser.add_argument(
        "--root", metavar="DIGEST", action="append", default=[], help=speak("rules that are taken as given; may repeat")
    )
    parser.add_argument(
        "--with-keygen", action="store_true", help=speak("let ssh-keygen verify every signature too; both must agree")
    )
    parser.add_argument(
        "--anew", action="store_true", help=speak("find all out again, without what earlier runs have kept")
    )
    parser.add_argument("--explain", action="store_true", help=speak("every vote, counted or not, and why"))
    parser.add_argument("--json", action="store_true", help=speak("answer as JSON"))
    given: Namespace = parser.parse_args(argv)
    if sum((bool(given.id), given.all, bool(given.range), bool(given.bundle))) != 1:
        raise UsageError("say which change, or --all, --range A..B, --bundle FILE", "servicebook verify --help")
    return given


def find_change(repository: Repository, tip: str, word: str) -> str:
    """Return the id of the change that `word` names: an id, or its last four characters, at a commit.

    Raises UsageError when there is none, or more than one.
    """
    kind = BY_NAME["change"]
    if is_id_of(kind, word.upper()):
        return word.upper()
    if other := kind_of_id(word.upper()):
        raise UsageError("`{word}` is a {kind}; changes are verified", "servicebook list change", word=word,
                         kind=other.name)  # fmt: skip
    out = repository.git("ls-tree", "-r", "--name-only", "-z", "--full-tree", tip, f"{kind.folder}/").decode()
    names = (path.rpartition("/")[2].removesuffix(".md") for path in out.split("\0") if path.endswith(".md"))
    found = sorted({name for name in names if is_id_of(kind, name) and name.endswith("-" + word.upper())})
    if len(found) != 1:
        hint = ", ".join(found) or "servicebook list change"
        raise UsageError("`{word}` names {count} changes of this branch", hint, word=word, count=len(found))
    return found[0]


def open_verifier(
    repository: Repository, tip: str, ids: Sequence[str], roots: Sequence[str] = (), *, with_keygen: bool = False
) -> Verifier:
    """Return a verifier of the branch that ends at the commit `tip`, with what the server's receipts say.

    with_keygen: every signature is verified by ssh-keygen too.
    """
    from servicebook.evidence.branch import open_branch

    now = now_at(repository, tip)
    if not with_keygen:
        return open_branch(repository, tip, now, ids, roots)
    from servicebook.evidence.ssh_keygen import verify_twice

    return open_branch(repository, tip, now, ids, roots, verify=verify_twice)


def now_at(repository: Repository, tip: str) -> datetime:
    """Return the time it is: evidence is about real time, whatever a sample desk stands still at."""
    status, out = try_git(["show", f"{tip}:{SETTINGS_FILE}"], repository.root)
    settings = Settings() if status else parse_settings(out.decode("utf-8", "replace"))
    return read_now(settings, writes=True)


def _answers(repository: Repository, tip: str, ids: Sequence[str], given: Namespace) -> Sequence[Verification]:
    """Return the answers for some changes, or for all (from what earlier runs have kept, unless it is not wanted)."""
    from servicebook.evidence.branch import verify_branch
    from servicebook.evidence.halved import verify_many

    if not ids and not given.with_keygen and not given.anew:
        return verify_branch(repository, tip, now_at(repository, tip), given.root)
    return verify_many(open_verifier(repository, tip, ids, given.root, with_keygen=given.with_keygen), ids)


def _print(found: Sequence[Verification], given: Namespace) -> None:
    from servicebook.evidence.verification import as_data

    if given.json:
        data = [as_data(one) for one in found]
        print(json.dumps(data if given.all or given.range else data[0], ensure_ascii=False, indent=1))
        return
    for number, one in enumerate(found):
        if given.explain:
            print(("\n" if number else "") + explained(one))
        else:
            print(line_of(one))
    if given.all:
        counts = {word: sum(one.outcome == word for one in found) for word in ("pass", "fail", "open", "unasked")}
        said = "{total} changes: {pass} pass, {fail} fail, {open} open, {unasked} before the rules"
        print(speak(said, total=len(found), **counts), file=sys.stderr)


def _verify_range(repository: Repository, given: Namespace) -> int:
    """Judge what a range did: nothing may begin, be altered or get new rules there that does not pass."""
    from servicebook.cli.verified import say_why
    from servicebook.evidence.range import judge_range

    old, dots, new = given.range.partition("..")
    if not dots:
        raise UsageError("`{range}` is no range", "A..B, such as main..HEAD", range=given.range)
    tip = commit_of(repository, new or "HEAD")
    base = commit_of(repository, old or "HEAD") if old.strip("0") or not old else ""

    def opened(at: str, ids: Sequence[str]) -> Verifier:
        return open_verifier(repository, at, ids, given.root, with_keygen=given.with_keygen)

    told = judge_range(repository, base, tip, opened)
    _print(told.found, given)
    if not given.json:
        for reason in told.reasons:
            print(f"✗ {say_why(reason)}")
    return int(bool(told.reasons or told.failing))
