"""`servicebook key vouch`: a signed word that a key in somebody's record is theirs, or that it is not after all."""

from __future__ import annotations

from argparse import Namespace

from servicebook.actions.keys import choose_key
from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.now import read_now
from servicebook.cli.signing import checked, next_number, sign_statement
from servicebook.cli.verify import open_verifier
from servicebook.cli.voting import NO_CHANGE, put_in_work_tree
from servicebook.cli.who import who_acts
from servicebook.errors import FindingsError, UsageError
from servicebook.evidence.chain import Chain
from servicebook.evidence.public_keys import key_digest
from servicebook.language.display import plain
from servicebook.store.mainline import commit_of
from servicebook.workflow.policy import Policy
from servicebook.workflow.statement import Statement


def vouch(given: Namespace) -> int:
    """Sign a word on a person's key and write it beside the person's record."""
    if not given.key:
        raise UsageError("say whose key it is", "servicebook key vouch PERSON")
    desk = open_here()
    now = read_now(desk.settings, writes=True)
    person = find_record(desk, given.key, ("person",))
    voucher = who_acts(desk, given.person)
    held = choose_key(person, given.old, now).held
    verifier = open_verifier(desk.repository, commit_of(desk.repository, "HEAD"), [NO_CHANGE])
    policy = _rules(verifier.chain, voucher, person.id, verifier.ledger.end)
    day = now.date()
    if voucher != person.id and voucher not in policy.vouchers_on(day) and not given.take_back:
        raise FindingsError("{voucher} may not vouch for keys: the rules of `{board}` name {people}",
                            "servicebook board {board}", voucher=voucher, board=policy.id,
                            people=", ".join(sorted(policy.vouchers_on(day))) or "-")  # fmt: skip
    print(speak("the key of {person}: {key}", person=person.id, key=f"{held.key.fingerprint} {plain(held.comment)}"))
    if voucher != person.id:
        print(speak("let {person} read the fingerprint out to you: ssh-keygen -lf FILE.pub", person=person.id))
    if may_ask() and not given.yes:
        answer = ask_line(speak("Sign as {person} that this is so? (yes/no)", person=voucher), "no")
        if answer.lower() not in ("yes", "y", "是"):
            print(speak("nothing was signed"))
            return 1
    said = Statement(
        repository=verifier.ledger.repository_id, subject=f"person/{person.id}", plan=key_digest(held.key),
        policy=policy.digest, person=voucher,
        role=next((seat.role for seat in policy.seats if voucher in (seat.person, seat.deputy)), ""),
        decision="withdraw" if given.take_back else "approve", seq=next_number(desk, person.path, voucher),
        comment=" ".join(given.reason.split()), signed_by=voucher, at=now.isoformat(timespec="seconds"),
    )  # fmt: skip
    unsuited = None if voucher != person.id or given.take_back else held.key
    files = sign_statement(desk, verifier, checked(said), person.path, given.sign_with, never=unsuited)
    done = speak("the word is taken back") if given.take_back else speak("vouched for a key")
    put_in_work_tree(desk, files, f"{person.id} {done}, {voucher}", given)
    return 0


def _rules(chain: Chain, voucher: str, person: str, position: int) -> Policy:
    """Return the rules that ask for the word: of a board that names the voucher, else of any that asks.

    Raises FindingsError where no board asks.
    """
    links = [chain.at(board, position) for board in sorted(chain.links)]
    asking = [link.policy for link in links if link and link.policy and not link.fault and link.policy.keys_vouched_by]
    seats = {policy.id: {seat.person for seat in policy.seats} for policy in asking}
    named = [policy for policy in asking if voucher in seats[policy.id]]
    if not asking:
        raise FindingsError("no board asks that somebody vouch for the keys of {person}",
                            "keys_vouched_by: [ROLE] in a board's record does", person=person)  # fmt: skip
    return (named or asking)[0]
