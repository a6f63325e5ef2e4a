"""`servicebook submit`, `approve`, `reject`, `withdraw`: a signed word on a change, where its board votes.

On a desk whose boards have no rules, and for other tickets, the same words record the step alone.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.cli.arguments import Parser, speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.signing import checked, next_number, sign_statement, unheard
from servicebook.cli.verb import verb_parser
from servicebook.cli.who import who_acts
from servicebook.errors import FindingsError, UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile

if TYPE_CHECKING:
    from servicebook.evidence.plans import Plan
    from servicebook.evidence.verification import Standing
    from servicebook.evidence.verify import Verifier
    from servicebook.workflow.statement import Statement

NO_CHANGE = "CHG-00000000-0000"
"""Asks a verifier for what all changes share: boards, people, templates."""
DECISIONS = {"submit": "submit", "approve": "approve", "reject": "reject", "withdraw": "withdraw"}


def run(argv: list[str]) -> int:
    """Sign a word on a change, or record the step where nobody votes."""
    verb = argv[0]
    given = _parser(verb).parse_args(argv[1:])
    desk = open_here()
    ticket = find_record(desk, given.id)
    if verb == "approve" and ticket.kind == "incident":
        from servicebook.cli import plan_approval

        return plan_approval.approve(given)
    if given.step or not _is_voted_on(desk, ticket):
        if verb == "withdraw":
            raise UsageError("no board votes on {id}", "servicebook board lists the boards", id=ticket.id)
        from servicebook.cli import step

        if verb == "approve" and ticket.kind == "change" and _is_voted_on(desk, ticket):
            _require_quorum(desk, ticket)
        return step.run([verb, *(word for word in argv[1:] if word != "--step")])
    return _vote(desk, ticket, verb, given)


def _parser(verb: str) -> Parser:
    from servicebook.cli.filling import add_set_option

    parser = verb_parser(verb)
    option = parser.add_argument
    option("--reason", metavar="TEXT", default="", help=speak("why, in words the customer could be told"))
    option("--evidence", metavar="TEXT", default="", help=speak("where the proof is, such as minutes"))
    option("--comment", metavar="TEXT", default="", help=speak("what the vote says beside"))
    option("--condition", metavar="TEXT", action="append", default=[], help=speak("what must be so; may repeat"))
    option("--waive", metavar="NAME", action="append", default=[], help=speak("freeze:NAME or overlap:CHG-..."))
    option("--role", metavar="ROLE", default="", help=speak("the seat that speaks, when you have several"))
    option("--key", metavar="KEY", default="", help=speak("the key that signs: a file, a line, a fingerprint"))
    if verb == "approve":
        option("--via", choices=("signature", "phone"), help=speak("of an emergency plan: by signature or by phone"))
    option("--out", metavar="DIR", default="", help=speak("write the vote there, for mail, and nothing else"))
    option("--yes", action="store_true", help=speak("sign without asking"))
    option("--step", action="store_true", help=speak("record the step on the timeline, and cast no vote"))
    add_set_option(parser)
    return parser


def _is_voted_on(desk: Snapshot, ticket: Facts) -> bool:
    """Whether a board with rules decides on a ticket."""
    if ticket.kind in ("board", "article"):
        return bool(ticket.get("quorum" if ticket.kind == "board" else "standard_change"))
    if ticket.kind != "change":
        return False
    named = desk.get("board", str(ticket.get("board", default="")))
    boards = [named] if named else list(desk.of_kind("board"))
    return any(board.get("quorum") for board in boards)


def _require_quorum(desk: Snapshot, ticket: Facts) -> None:
    """Raise FindingsError unless the board's votes are complete: `approved` says no more than they do."""
    from servicebook.cli.verified import say_why
    from servicebook.cli.verify import open_verifier
    from servicebook.evidence.inquiry import Inquiry
    from servicebook.store.mainline import commit_of

    verifier = open_verifier(desk.repository, commit_of(desk.repository, "HEAD"), [ticket.id])
    standing = Inquiry(verifier, ticket.id).standing()
    if standing.tally is None or not standing.tally.passes:
        missing = [gap.why for gap in standing.tally.gaps] if standing.tally else list(standing.faults)
        raise FindingsError("the board has not approved {id}: {why}", "servicebook board {id}", id=ticket.id,
                            why="; ".join(map(say_why, missing)) or "a reject stands")  # fmt: skip


def _vote(desk: Snapshot, ticket: Facts, verb: str, given: Namespace) -> int:
    from servicebook.cli.plan_view import moved_since, view, view_rules
    from servicebook.cli.verify import open_verifier
    from servicebook.evidence.inquiry import Inquiry
    from servicebook.store.mainline import commit_of

    now = read_now(desk.settings, writes=True)
    person = who_acts(desk, given.by)
    ids = [ticket.id] if ticket.kind == "change" else [NO_CHANGE]
    verifier = open_verifier(desk.repository, commit_of(desk.repository, "HEAD"), ids)
    if ticket.kind == "change":
        plan = _plan(desk, verifier, ticket)
        standing = Inquiry(verifier, ticket.id).standing(plan)
        print(view(desk, ticket, plan, standing, moved_since(verifier, ticket.id, person, standing, plan)))
    else:
        standing = rules_voted_on(desk, verifier, ticket)
        print(view_rules(verifier, ticket, standing))
    print()
    said = _statement(desk, ticket, person, DECISIONS[verb], given, standing, now)
    if may_ask() and not given.yes:
        answer = ask_line(speak("Sign `{decision}` as {person}? (yes/no)", decision=said.decision, person=person), "no")
        if answer.lower() not in ("yes", "y", "是"):
            print(speak("nothing was signed"), file=sys.stderr)
            return 1
    files = sign_statement(
        desk, verifier, said, ticket.path, given.key, against=unheard(verifier, standing, said.signed_by)
    )
    return _put(desk, ticket, said, files, given)


def rules_voted_on(desk: Snapshot, verifier: Verifier, record: Facts) -> Standing:
    """Return what a vote on a board's rules or a template is about: as they are committed, like a plan."""
    ledger = verifier.ledger
    blob = ledger.blob(record.path, ledger.end)
    if not blob or ledger.read(blob) != desk.read_in_work_tree(record.path):
        raise FindingsError("{path} is not as it is committed", "git commit it first: a vote is about what all see",
                            path=record.path)  # fmt: skip
    return standing_on_rules(verifier, record.kind, record.id)


def _plan(desk: Snapshot, verifier: Verifier, ticket: Facts) -> Plan:
    """Return the plan as it lies in the work tree, which must be what is committed: nobody else sees anything else."""
    from servicebook.evidence.ledger import Ledger
    from servicebook.evidence.plans import Plan
    from servicebook.text.front_matter import parse_front_matter
    from servicebook.text.frozen_body import body_before_log
    from servicebook.workflow.plan_digest import NoDigestError, plan_digest

    ledger: Ledger = verifier.ledger
    front, _ = parse_front_matter(SourceFile(ticket.path, desk.read_in_work_tree(ticket.path)))
    try:
        digest = plan_digest(front.data, body_before_log(front.body)) if front else ""
    except NoDigestError:
        digest = ""
    if front is None or not digest:
        raise FindingsError("{path} cannot be read", "servicebook check {path}", path=ticket.path)
    committed = verifier.plans.plan(ticket.path, ledger.blob(ticket.path, ledger.end))
    if committed is None or committed.digest != digest:
        raise FindingsError(
            "the plan in {path} is not the one that is committed", "git commit it first: a vote is about what all see",
            path=ticket.path,
        )  # fmt: skip
    return Plan(front, digest)


def _statement(
    desk: Snapshot, ticket: Facts, person: str, decision: str, given: Namespace, standing: Standing, now: datetime,
) -> Statement:  # fmt: skip
    """Return what is to be signed. Raises FindingsError when it could not count, with the reason."""
    from servicebook.cli.verified import say_why
    from servicebook.workflow.statement import Statement

    if standing.case is None:
        hint = "servicebook verify {id} --explain" if ticket.kind == "change" else "servicebook board"
        raise FindingsError("nobody can vote on {id}: {why}", hint, id=ticket.id,
                            why="; ".join(map(say_why, standing.faults)))  # fmt: skip
    said = Statement(
        repository=standing.case.repository,
        subject=standing.case.subject,
        plan=standing.case.plan,
        policy=standing.case.policy.digest,
        person=person,
        role="" if decision == "submit" else _role(standing, person, decision, given.role, now),
        decision=decision,
        seq=next_number(desk, ticket.path, person),
        conditions=tuple(given.condition),
        waives=tuple(given.waive),
        comment=given.comment or given.note or given.reason,
        signed_by=person,
        evidence=given.evidence,
        at=now.isoformat(timespec="seconds"),
    )
    return checked(said)


def standing_on_rules(verifier: Verifier, kind: str, id: str) -> Standing:
    """Return what a vote on the rules of a board, or on a template, is about."""
    return verifier.chain.standing(id) if kind == "board" else verifier.templates.standing(id)


def _role(standing: Standing, person: str, decision: str, wanted: str, now: datetime) -> str:
    """Return the role of the seat that a person speaks from. Raises FindingsError for somebody who may not."""
    from servicebook.cli.verified import say_why
    from servicebook.workflow.votes import voters_of

    assert standing.case is not None
    mine = [one for one in voters_of(standing.case, standing.casts, now) if one.person == person]
    mine = [one for one in mine if not wanted or one.seat.role == wanted]
    if not mine:
        raise FindingsError("{person} has no seat on the board `{board}`", "servicebook board {board}", person=person,
                            board=standing.case.policy.id)  # fmt: skip
    able = [one for one in mine if one.against is None]
    has_spoken = any(cast.statement and cast.statement.person == person for cast in standing.casts)
    if decision == "approve" and not able:
        raise FindingsError("this vote would not count: {why}", "servicebook board {id}", id=standing.case.subject,
                            why=say_why(mine[0].against) if mine[0].against else "")  # fmt: skip
    if decision == "withdraw" and not has_spoken:
        raise FindingsError("{person} has not voted on {id}", "servicebook board {id}", person=person,
                            id=standing.case.subject)  # fmt: skip
    return (able or mine)[0].seat.role


def _put(desk: Snapshot, ticket: Facts, said: Statement, files: Sequence[SourceFile], given: Namespace) -> int:
    """Write the signed vote where the call wants it."""
    subject = f"{ticket.id} {said.decision} by {said.person}"
    if said.decision == "submit" and not given.out:
        put_in_work_tree(desk, [*files, *_submitted(desk, ticket, said)], subject, given)
        return 0
    if given.out:
        folder = Path(given.out)
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / Path(file.path).name).write_bytes(file.data)
        print(speak("{name} and its signature are in {folder}: mail both, `servicebook vote add` takes them in",
                    name=f"{said.name}.json", folder=given.out))  # fmt: skip
        return 0
    if given.commit is None and not given.push and not desk.settings.commit:
        from servicebook.store.aside import commit_aside

        branch = f"votes/{ticket.id}/{said.name}"
        commit_aside(desk.root, branch, files, subject)
        print(speak("committed on the branch {branch}", branch=branch))
        print(f"{speak('next')}: git push origin {branch}")
        return 0
    put_in_work_tree(desk, files, subject, given)
    return 0


def put_in_work_tree(desk: Snapshot, files: Sequence[SourceFile], subject: str, given: Namespace) -> None:
    """Write new files, and commit and push them when the call or the settings say so."""
    from servicebook.cli.writing import commit_files, landing_of, push_record
    from servicebook.store.write import write_files, writing

    landing = landing_of(desk, given)
    before = {file.path: _on_disk(desk, file.path) for file in files}
    with writing(desk.root):
        write_files(desk.root, list(files), before)
        if landing.commit:
            commit_files(desk.root, [file.path for file in files], subject)
    print(files[0].path)
    push_record(desk, landing)


def _on_disk(desk: Snapshot, path: str) -> bytes | None:
    return desk.read_in_work_tree(path) if Path(desk.root, path).is_file() else None


def _submitted(desk: Snapshot, ticket: Facts, said: Statement) -> list[SourceFile]:
    """Return the change with `submitted` on its timeline, where that is its next step."""
    from servicebook.actions.event import Stamp, record_event
    from servicebook.workflow.lifecycles import LIFECYCLES
    from servicebook.workflow.transitions import state_after

    if ticket.kind != "change" or state_after(LIFECYCLES["change"], ticket.status, "submitted") is None:
        return []
    now = read_now(desk.settings, writes=True)
    source = SourceFile(ticket.path, desk.read_in_work_tree(ticket.path))
    return [record_event(source, ticket, "submitted", Stamp(said.person, now, now))]
