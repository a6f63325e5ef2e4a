"""`servicebook attest`: the reviews of a pull request become votes that the forge's account signs for."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import open_here
from servicebook.cli.now import read_now
from servicebook.errors import FindingsError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from servicebook.evidence.signing_keys import SignWith
    from servicebook.store.snapshot import Snapshot
    from servicebook.text.source_file import SourceFile
    from servicebook.workflow.statement import Statement

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest answer of a forge that is read."""


def run(argv: list[str]) -> int:
    """Sign what the reviews say and write it as votes; what a review that says nothing lacks is told."""
    from servicebook.cli.writing import commit_files
    from servicebook.exchange.attestation import UNHEARD, Request, attest, changed_changes
    from servicebook.exchange.forge_reviews import parse_reviews
    from servicebook.store.mainline import commit_of
    from servicebook.store.write import write_files

    given = _options(argv)
    desk = open_here(given.base, whole=True)
    head = commit_of(desk.repository, given.head)
    now = read_now(desk.settings, writes=True)
    versions = _read(given.versions) if given.versions else ""
    reviews = parse_reviews(given.forge, _read(given.reviews), given.reviews, versions, head)
    request = Request(given.forge, given.author, head, given.pull or f"{given.forge}:{head}")
    paths = _paths(desk, given.changes) if given.changes else changed_changes(desk.repository, given.base, head)
    key = _key(desk, given, now) if paths else None
    files = []
    for path in paths:
        told = attest(desk, path, request, reviews, given.by, now.isoformat(), now.date())
        assert key is not None
        for statement in told.statements:
            files += _signed(path, statement, key)
            words = {"id": statement.subject, "person": statement.person, "decision": statement.decision}
            print(speak("{id}: {person}, {decision}", **words))
        for one in told.unheard:
            print(f"{path}: {speak(UNHEARD[one.why], **one.params)}", file=sys.stderr)
    if not paths:
        print(speak("the pull request touches no change"))
    write_files(desk.root, files, {file.path: None for file in files})
    if files and given.commit:
        commit_files(desk.root, [file.path for file in files], speak("Votes from the reviews of the pull request"))
    return 0


def _options(argv: list[str]) -> Namespace:
    parser = make_parser("attest")
    parser.add_argument("changes", nargs="*", metavar="CHG", help=speak("which changes (default: those it touches)"))
    parser.add_argument("--from", dest="forge", required=True, choices=("github", "gitlab", "gitea", "forgejo"),
                        help=speak("which forge"))  # fmt: skip
    parser.add_argument(
        "--reviews", required=True, metavar="FILE", help=speak("what its API says of reviews, - is stdin")
    )
    parser.add_argument("--versions", metavar="FILE", help=speak("GitLab: what its API says of versions"))
    parser.add_argument("--author", required=True, metavar="ACCOUNT", help=speak("who opened the pull request"))
    parser.add_argument("--head", default="HEAD", metavar="REV", help=speak("the pull request's last commit"))
    parser.add_argument("--base", default="origin/main", metavar="REV", help=speak("the branch it goes to"))
    parser.add_argument("--pull", metavar="URL", help=speak("where the pull request can be looked up"))
    parser.add_argument(
        "--by", required=True, metavar="PERSON", help=speak("the forge's account on the desk, which signs")
    )
    parser.add_argument("--key", default="", metavar="FILE", help=speak("the key that signs"))
    parser.add_argument("--commit", action="store_true", help=speak("commit just these files"))
    options: Namespace = parser.parse_args(argv)
    return options


def _read(name: str) -> str:
    """Return the text of a file or of standard input."""
    try:
        data = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else Path(name).read_bytes()
        if len(data) > LARGEST:
            raise UsageError("{path} has more than 20 MB", "give one pull request's reviews", path=name)
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("{path} cannot be read: {why}", "give the API's answer as it came",
                         path=name, why=error) from error  # fmt: skip


def _paths(desk: Snapshot, ids: list[str]) -> list[str]:
    from servicebook.records.kinds import BY_NAME, is_id_of, path_of

    kind = BY_NAME["change"]
    for id in ids:
        if not is_id_of(kind, id.upper()):
            raise UsageError("`{id}` is not the id of a change", "such as CHG-20260325-7RBN", id=id)
    return [path_of(kind, id.upper()) for id in ids]


def _key(desk: Snapshot, given: Namespace, now: datetime) -> SignWith:
    """Return the key that signs. Raises FindingsError for one that the account's record does not have for this."""
    from servicebook.evidence.casts import ATTESTATION
    from servicebook.evidence.held_keys import VOID, held_keys
    from servicebook.evidence.roster import read_roster
    from servicebook.evidence.signing_keys import find_signing_key
    from servicebook.store.mainline import commit_of

    person = desk.get("person", given.by)
    key = find_signing_key(desk.root, given.key, [one.key for one in held_keys(person)] if person else ())
    people = read_roster(desk.repository, commit_of(desk.repository, given.base), now).now()
    standing = people.standing(given.by, key.key, now, ATTESTATION)
    if standing != "valid":
        raise FindingsError(
            "the key {fingerprint} may not attest for {person}: {standing}",
            "servicebook key add --person {person} --purpose attestations, on the branch that the pull request goes to",
            fingerprint=key.key.fingerprint, person=given.by, standing=speak(VOID[standing]),
        )  # fmt: skip
    return key


def _signed(path: str, statement: Statement, key: SignWith) -> list[SourceFile]:
    from servicebook.evidence.casts import ATTESTATION
    from servicebook.evidence.ssh_keygen import sign_bytes
    from servicebook.records.kinds import votes_of
    from servicebook.text.source_file import SourceFile
    from servicebook.workflow.statement import write_statement

    data = write_statement(statement)
    place = f"{votes_of(path)}/{statement.name}.json"
    return [SourceFile(place, data), SourceFile(f"{place}.sig", sign_bytes(data, key, ATTESTATION))]
