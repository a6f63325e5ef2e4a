"""`servicebook vote add`, `record`, `met`: votes that came by mail or by phone, conditions of votes that were met."""

from __future__ import annotations

import hashlib
import sys
from argparse import Namespace
from pathlib import Path

from servicebook.actions.event import Stamp
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.signing import checked, next_number, sign_statement, unheard
from servicebook.cli.verified import say_why
from servicebook.cli.voting import NO_CHANGE, put_in_work_tree, rules_voted_on
from servicebook.cli.who import who_acts
from servicebook.cli.writing import add_commit_option
from servicebook.errors import FindingsError, UsageError
from servicebook.evidence.casts import prove_vote
from servicebook.evidence.inquiry import Inquiry
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.records.kinds import VOTED_ON, votes_of
from servicebook.store.mainline import commit_of
from servicebook.store.snapshot import Snapshot
from servicebook.text.set_field import append_item
from servicebook.text.source_file import SourceFile
from servicebook.workflow.statement import MAX_BYTES, Statement

EXAMPLES = """\
servicebook vote add ~/Downloads/chen.hao-1.json        its .sig lies beside it
servicebook vote record STA2 --person huang.jianguo --role customer --evidence call.ogg
servicebook vote record board/cab --person lin.yue --evidence mail.eml     on new rules, as on a template
servicebook vote met STA2 --vote chen.hao-1 --evidence restore.log
"""

RECORDED_ON = ("change", "board", "article")
"""What a secretary writes others' votes on; a key's voucher has a key of their own."""


def run(argv: list[str]) -> int:
    """Take a vote in."""
    parser = make_parser("vote", EXAMPLES)
    parser.add_argument("what", choices=("add", "record", "met"), help=speak("what to do"))
    target = speak("add: the vote's file; met: the change; record: it, board/ID or article/ID")
    parser.add_argument("target", metavar="FILE|CHANGE", help=target)
    option = parser.add_argument
    option("--person", metavar="PERSON", default="", help=speak("record: whose vote it is"))
    option("--decision", choices=("approve", "reject", "abstain", "withdraw"), default="approve",
           help=speak("record: what they said"))  # fmt: skip
    option("--role", metavar="ROLE", default="", help=speak("the seat that speaks, when they have several"))
    option("--evidence", metavar="TEXT", default="",
           help=speak("record, met: a file, whose digest is kept, or a reference"))  # fmt: skip
    option("--vote", metavar="VOTE", default="", help=speak("met: the vote with the condition, such as chen.hao-1"))
    option("--number", metavar="N", type=int, default=1, help=speak("met: which of its conditions, from 1 up"))
    option("--condition", metavar="TEXT", action="append", default=[], help=speak("what must be so; may repeat"))
    option("--comment", metavar="TEXT", default="", help=speak("what the vote says beside"))
    option("--by", metavar="PERSON", help=speak("who records it (default: whom your Git e-mail belongs to)"))
    option("--key", metavar="KEY", default="", help=speak("the key that signs: a file, a line, a fingerprint"))
    add_commit_option(parser)
    given = parser.parse_args(argv)
    return {"add": _add, "record": _record, "met": _met}[given.what](given)


def _met(given: Namespace) -> int:
    """Write down that a condition of a vote was met, and where the proof is."""
    from servicebook.cli.conditions import binding_conditions
    from servicebook.cli.verb import run_verb

    if not given.vote or not given.evidence:
        raise UsageError("`servicebook vote met` needs --vote and --evidence", "servicebook vote --help")
    given.id, given.at = given.target, None

    def prepare(desk: Snapshot, change: Facts) -> None:
        if change.kind != "change":
            raise UsageError("conditions are met on changes; {id} is none", "servicebook list change", id=change.id)
        waiting = binding_conditions(desk, change)
        if not any((one.vote, one.number) == (given.vote, given.number) for one in waiting):
            left = ", ".join(f"{one.vote} {one.number}" for one in waiting) or "-"
            raise FindingsError("no condition {number} of the vote {vote} is open on {id}; open: {left}",
                                "servicebook verify {id} --explain", number=given.number, vote=given.vote,
                                id=change.id, left=left)  # fmt: skip

    def act(source: SourceFile, change: Facts, stamp: Stamp, _: Snapshot) -> SourceFile:
        entry = {"vote": given.vote, "number": given.number, "by": stamp.by, "met_on": f"{stamp.at:%Y-%m-%d}",
                 "evidence": _evidence(given.evidence)}  # fmt: skip
        return SourceFile(source.path, append_item(source.data, ("conditions_met",), entry))

    return run_verb(given, f"condition {given.number} of {given.vote} met", act, prepare)


def _add(given: Namespace) -> int:
    """Take a pair of files in that somebody signed elsewhere."""
    desk = open_here()
    path = Path(given.target)
    name = path.name.removesuffix(".sig")
    data, armored = _read(path.with_name(name)), _read(path.with_name(f"{name}.sig"))
    said, fault, _ = prove_vote(name, data, armored)
    if fault or said is None:
        why = speak(fault.text, **dict(fault.params)) if fault else ""
        raise FindingsError("{path} is not taken in: {why}", "ask for it once more", path=name, why=why)
    ticket = find_record(desk, said.subject, VOTED_ON)
    files = [
        SourceFile(f"{votes_of(ticket.path)}/{name}{end}", content) for end, content in (("", data), (".sig", armored))
    ]
    for file in files:
        if (old := Path(desk.root, file.path)).exists() and old.read_bytes() != file.data:
            raise FindingsError("there is another vote at {path}", "votes are never overwritten", path=file.path)
    put_in_work_tree(desk, [file for file in files if not Path(desk.root, file.path).exists()] or files,
                     f"{ticket.id} {said.decision} by {said.person}", given)  # fmt: skip
    return _tell(said.subject)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError("{path} cannot be read: {why}", "name the .json file, its .sig beside it", path=path,
                         why=error.strerror) from error  # fmt: skip
    return data


def _record(given: Namespace) -> int:
    """Write down a vote that came by phone or mail, signed by the board's secretary."""
    from servicebook.cli.verify import open_verifier

    desk = open_here()
    ticket = find_record(desk, given.target, RECORDED_ON)
    if not given.person or not given.evidence:
        raise UsageError("`servicebook vote record` needs --person and --evidence", "servicebook vote --help")
    person = find_record(desk, given.person, ("person",)).id
    secretary = who_acts(desk, given.by)
    now = read_now(desk.settings, writes=True)
    is_change = ticket.kind == "change"
    tip = commit_of(desk.repository, "HEAD")
    verifier = open_verifier(desk.repository, tip, [ticket.id if is_change else NO_CHANGE])
    standing = Inquiry(verifier, ticket.id).standing() if is_change else rules_voted_on(desk, verifier, ticket)
    case = standing.case
    if case is None:
        hint = "servicebook verify {id} --explain" if is_change else "servicebook board"
        raise FindingsError("nobody can vote on {id}: {why}", hint, id=ticket.id,
                            why="; ".join(map(say_why, standing.faults)))  # fmt: skip
    if secretary not in case.policy.secretaries:
        raise FindingsError("{person} is not a secretary of the board `{board}`", "servicebook board {board}",
                            person=secretary, board=case.policy.id)  # fmt: skip
    if person == secretary:
        raise UsageError("a secretary's own vote is signed, not recorded", "servicebook approve {id}", id=ticket.id)
    seats = [seat for seat in case.policy.seats if person in (seat.person, seat.deputy)]
    roles = [seat.role for seat in seats if not given.role or seat.role == given.role]
    if not roles:
        raise FindingsError("{person} has no seat on the board `{board}`", "servicebook board {board}", person=person,
                            board=case.policy.id)  # fmt: skip
    said = Statement(
        repository=case.repository, subject=case.subject, plan=case.plan, policy=case.policy.digest, person=person,
        role=roles[0], decision=given.decision, seq=next_number(desk, ticket.path, person),
        conditions=tuple(given.condition), comment=given.comment, level="recorded", signed_by=secretary,
        evidence=_evidence(given.evidence), at=now.isoformat(timespec="seconds"),
    )  # fmt: skip
    against = unheard(verifier, standing, secretary)
    files = sign_statement(desk, verifier, checked(said), ticket.path, given.key, against=against)
    put_in_work_tree(desk, files, f"{ticket.id} {said.decision} by {person}, recorded by {secretary}", given)
    return _tell(case.subject)


def _evidence(given: str) -> str:
    """Return the digest of a file, or a reference as it was given."""
    path = Path(given)
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else given


def _tell(subject: str) -> int:
    command = f"board {subject}" if "/" in subject else f"verify {subject} --explain"
    words = speak("whether it counts, once it is committed: servicebook {command}", command=command)
    print(plain(words), file=sys.stderr)
    return 0
