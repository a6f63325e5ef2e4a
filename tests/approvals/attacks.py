"""The attacks that the verifier must see through: each a name, what is tried, and the words it is refused with.

Every attack gets a desk with people and rules, and ends with a change that was begun; the honest part of what it
does would pass. kb/guide/threat-model.md lists them by name; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from tests.approvals.desk import BOARD, BODY, CHANGE, CHG, EMERGENCY, OTHER, Desk, path_of_change, record

from servicebook.workflow.statement import write_statement

VOTES = path_of_change().removesuffix(".md") + ".votes"
PAIR = ("zhao.min", "chen.hao")


class Attack(NamedTuple):
    """One attack. said: a part of what the verifier says against it. boards: other rules than the usual ones."""

    name: str
    said: str
    act: Callable[[Desk], Any]
    boards: tuple[dict[str, Any], ...] = ()

    @property
    def needs_all(self) -> bool:
        """Whether it is only seen by who looks at every change of the branch (and by a server, in the range)."""
        return self.name in ("begun-under-another-path-first", "begun-in-small-letters-first")


ATTACKS: list[Attack] = []


def attack(said: str, *boards: dict[str, Any]) -> Callable[[Callable[[Desk], Any]], Callable[[Desk], Any]]:
    """Register an attack under its function's name."""

    def register(act: Callable[[Desk], Any]) -> Callable[[Desk], Any]:
        ATTACKS.append(Attack(act.__name__.replace("_", "-"), said, act, boards))
        return act

    return register


# Who votes


@attack("1 of 2 approvals")
def two_keys_of_one_person(desk: Desk) -> None:
    both = [{"public_key": desk.public(name)} for name in ("zhao.min", "zhao.min.second")]
    desk.land("second key", {"kb/people/zhao.min.md": desk.person("zhao.min", both)})
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("zhao.min", key="zhao.min.second")
    desk.land("again", by="zhao.min")
    desk.start()


@attack(
    "1 of 2 approvals", BOARD | {"members": [*BOARD["members"], {"person": "chen.hao", "role": "network"}]}, EMERGENCY
)
def one_person_in_two_seats(desk: Desk) -> None:
    desk.propose()
    desk.votes(["chen.hao"])
    desk.vote("chen.hao", role="network")
    desk.land("again", by="chen.hao")
    desk.start()


@attack("chen.hao wrote a part of the plan")
def author_approves(desk: Desk) -> None:
    desk.propose(by="chen.hao")
    desk.votes()
    desk.start()


@attack("chen.hao wrote a part of the plan")
def author_on_a_branch_approves(desk: Desk) -> None:
    desk.git("switch", "--quiet", "-c", "change")
    desk.propose()
    desk.edit(path_of_change(), reason="and now mine")
    desk.land("a little more", by="chen.hao")
    desk.votes()
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "--quiet", "--no-ff", "-m", "merge", "change")
    desk.start()


@attack("chen.hao wrote a part of the plan")
def co_author_of_a_squash_approves(desk: Desk) -> None:
    message = "plan (#7)\n\nCo-authored-by: Chen Hao <CHEN.HAO@example.org>"
    desk.land(message, {path_of_change(): record(CHANGE, BODY)}, by="li.wei")
    desk.votes()
    desk.start()


@attack("chen.hao wrote a part of the plan")
def co_author_on_a_folded_line(desk: Desk) -> None:
    message = "plan (#7)\n\nCo-authored-by: Chen Hao\n <chen.hao@example.org> (pair)"
    desk.land(message, {path_of_change(): record(CHANGE, BODY)})
    desk.votes()
    desk.start()


@attack("chen.hao wrote a part of the plan")
def author_behind_a_control_character(desk: Desk) -> None:
    desk.write({path_of_change(): record(CHANGE, BODY)})
    desk.git("add", "-A")
    stamp = desk.at.isoformat()
    desk.git("commit", "-q", "--no-verify", "-m", "plan", GIT_AUTHOR_NAME="Chen\x02ghost@nowhere.example.org",
             GIT_AUTHOR_EMAIL="chen.hao@example.org", GIT_AUTHOR_DATE=stamp, GIT_COMMITTER_DATE=stamp)  # fmt: skip
    desk.votes()
    desk.start()


@attack("chen.hao wrote a part of the plan")
def author_behind_a_mailmap(desk: Desk) -> None:
    desk.git("config", "log.mailmap", "true")
    desk.land("names", {".mailmap": "Ghost <ghost@nowhere.example.org> <chen.hao@example.org>\n"})
    desk.propose(by="chen.hao")
    desk.votes()
    desk.start()


@attack("chen.hao wrote a part of the plan")
def author_who_changes_his_address(desk: Desk) -> None:
    desk.propose(by="chen.hao")
    desk.land("moved", {"kb/people/chen.hao.md": desk.person("chen.hao", emails=["hao@example.org"])})
    desk.votes()
    desk.start()


@attack("chen.hao wrote a part of the plan")
def author_whose_address_another_claims(desk: Desk) -> None:
    both = [f"{name}@example.org" for name in ("sun.yan", "chen.hao")]
    desk.propose(by="chen.hao")
    desk.land("claimed", {"kb/people/sun.yan.md": desk.person("sun.yan", emails=both)})
    desk.votes()
    desk.start()


@attack("zhao.min asked for the change")
def requester_approves(desk: Desk) -> None:
    desk.propose(requested_by="zhao.min")
    desk.votes()
    desk.start()


@attack("chen.hao implements it")
def implementer_approves(desk: Desk) -> None:
    desk.propose(assigned_to="chen.hao")
    desk.votes()
    desk.start()


@attack("chen.hao submitted the change")
def submitter_approves(desk: Desk) -> None:
    desk.propose()
    desk.votes(submit="chen.hao")
    desk.start()


@attack("nobody has submitted this plan")
def author_under_a_ghost_address(desk: Desk) -> None:
    desk.propose(by="ghost", email="ghost@nowhere.example.org")
    desk.votes(submit="")
    desk.start()


@attack("chen.hao submitted the change")
def ghost_who_submits_himself(desk: Desk) -> None:
    desk.propose(by="ghost", email="ghost@nowhere.example.org")
    desk.votes(submit="chen.hao")
    desk.start()


@attack("sun.yan is not a member")
def vote_of_somebody_without_a_seat(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min", "sun.yan"])
    desk.start()


def _seat(**more: Any) -> dict[str, Any]:
    members = [one | more if one["person"] == "chen.hao" else one for one in BOARD["members"]]
    return BOARD | {"members": members}


@attack("has no seat as `engineer` on that day", _seat(to="2026-03-01"), EMERGENCY)
def vote_from_a_seat_that_has_ended(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()


@attack("has no seat as `engineer` on that day", _seat(deputy_to="2026-03-24"), EMERGENCY)
def deputy_out_of_dates(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("sun.yan", role="engineer")
    desk.land("deputy", by="sun.yan")
    desk.start()


_LENT = [one | {"deputy": "sun.yan"} if one["person"] == "zhao.min" else one for one in BOARD["members"][:2]]


@attack("zhao.min spoke in person", BOARD | {"members": _LENT, "quorum": [{"votes": 2}]}, EMERGENCY)
def member_and_deputy_both_vote(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("sun.yan", role="chair")
    desk.land("deputy", by="sun.yan")
    desk.start()


@attack("lin.yue has no seat as `customer`")
def customer_votes_on_anothers_change(desk: Desk) -> None:
    desk.propose(change_type="normal", customer="yunshan-media")
    desk.votes(["zhao.min", "lin.yue"])
    desk.start()


@attack(
    "chen.hao has no vote: suspended",
    BOARD | {"exclusions": [{"person": "chen.hao", "reason": "suspended"}]},
    EMERGENCY,
)
def vote_of_somebody_excluded(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()


# The plan


@attack("it approves another plan")
def plan_edited_after_approval(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.edit(path_of_change(), plan={"implementation": "Delete channel 3."})
    desk.land("typo")
    desk.start()


@attack("edited by the very commit that began the work")
def plan_edited_by_the_commit_that_starts(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.move("implementation_started", "in_implementation", plan={"implementation": "Delete channel 3."})
    desk.land("start", by="he.jun")


@attack("edited after the work had begun")
def plan_edited_after_the_start(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    desk.edit(path_of_change(), risk="low")
    desk.land("as it always was")


@attack("it approves another plan")
def body_edited_behind_a_hidden_log_heading(desk: Desk) -> None:
    body = "Harmless.\n\n<!--\n## Log\n-->\n\n## Implementation\n\n{what}\n\n## Log\n"
    desk.propose(body=body.format(what="Move channel 3."))
    desk.votes()
    desk.edit(path_of_change(), body=body.format(what="Delete channel 3."))
    desk.land("typo")
    desk.start()


@attack("it approves another plan")
def risk_lowered_after_approval(desk: Desk) -> None:
    desk.propose(risk="high")
    desk.votes()
    desk.edit(path_of_change(), risk="low")
    desk.land("lower")
    desk.start()


@attack("it approves another plan")
def votes_of_an_older_plan_brought_again(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.edit(path_of_change(), assets=["transcoder-01"])
    desk.vote("li.wei", "submit")
    desk.land("reworked and submitted")
    desk.start()


@attack("with no plan before")
def record_that_lands_in_implementation(desk: Desk) -> None:
    started = {"status": "in_implementation"}
    desk.propose(**started)


# Order


@attack("1 of 2 approvals")
def vote_in_the_commit_that_starts(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao")
    desk.start()


@attack("1 of 2 approvals")
def vote_after_the_start(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.start()
    desk.votes(["chen.hao"], submit="")


@attack("nobody has submitted")
def votes_and_start_in_one_merge(desk: Desk) -> None:
    desk.propose()
    desk.git("switch", "--quiet", "-c", "change")
    desk.votes()
    desk.start()
    desk.git("switch", "--quiet", "main")
    desk.land("meanwhile", {"README.md": "more\n"})
    desk.git("merge", "--quiet", "--no-ff", "-m", "merge", "change")


@attack("1 of 2 approvals")
def vote_after_the_start_with_an_older_date(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.start()
    desk.vote("chen.hao")
    desk.land("vote", by="chen.hao", at=desk.at - timedelta(days=1))


@attack("with no plan before")
def start_that_was_taken_back_and_done_again(desk: Desk) -> None:
    desk.propose(status="implemented")
    desk.edit(path_of_change(), status="draft")
    desk.land("nothing happened")
    desk.votes()
    desk.start()


@attack("0 of 2 approvals")
def started_by_status_alone(desk: Desk) -> None:
    desk.propose()
    text = (desk.root / path_of_change()).read_text("utf-8").replace('status: "draft"', 'status: "cl\\x6fsed"')
    desk.land("by the way", {path_of_change(): text})


@attack("with no plan before")
def begun_under_another_path_first(desk: Desk) -> None:
    elsewhere = f"tickets/changes/2026/01/{CHG}.md"
    desk.land("hidden", {elsewhere: record(CHANGE | {"status": "in_implementation"}, BODY)})
    desk.git("mv", elsewhere, "kept.md")
    (desk.root / "kept.md").unlink()
    desk.propose()
    desk.votes()
    desk.start()


@attack("with no plan before")
def begun_in_small_letters_first(desk: Desk) -> None:
    small = path_of_change().replace(CHG, CHG.lower())
    desk.land("hidden", {small: record(CHANGE | {"status": "in_implementation"}, BODY)})
    desk.git("rm", "-q", small)
    desk.propose()
    desk.votes()
    desk.start()


@attack("after the deadline", BOARD | {"vote_within": "2h"}, EMERGENCY)
def vote_after_the_deadline(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min", "wang.fang", "chen.hao"])
    desk.start()


# Rejects, and votes that vanish


@attack("wang.fang rejected it")
def reject_that_stands(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    desk.start()


@attack("wang.fang rejected it")
def reject_of_a_plan_that_was_reworded(desk: Desk) -> None:
    desk.propose()
    desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    desk.edit(path_of_change(), reason="said otherwise")
    desk.land("reworded")
    desk.votes()
    desk.start()


@attack("wang.fang rejected it")
def signed_reject_lifted_by_an_account(desk: Desk) -> None:
    desk.propose(change_type="normal")
    desk.votes()
    desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    desk.vote("wang.fang", "withdraw", level="forge_attested", signed_by="forge.robot", evidence="review 3")
    desk.land("lifted", by="forge.robot")
    desk.start()


@attack("was taken away by the commit")
def reject_deleted(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    path = desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    desk.git("rm", "--quiet", path, f"{path}.sig")
    desk.land("tidy")
    desk.start()


@attack("was changed by the commit")
def reject_overwritten(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    path = desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    said = desk.statement("wang.fang", seq=1)
    data = write_statement(said)
    desk.land("tidy", {path: data, f"{path}.sig": desk.sign(data, "stranger", "servicebook-vote@v1")})
    desk.start()


@attack("was lost in the merge")
def reject_lost_in_a_merge_the_wrong_way_round(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.git("switch", "--quiet", "-c", "mine")
    desk.git("switch", "--quiet", "main")
    desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    desk.git("switch", "--quiet", "mine")
    desk.land("mine", {"README.md": "mine\n"})
    desk.git("merge", "--quiet", "-s", "ours", "-m", "bring main in", "main")
    desk.git("branch", "--quiet", "-f", "main", "mine")
    desk.git("switch", "--quiet", "main")
    desk.start()


@attack("was taken away by the commit")
def approval_deleted_afterwards(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    desk.git("rm", "--quiet", "-r", VOTES)
    desk.land("room on the disk")


def _rejected(desk: Desk) -> str:
    """Let the board agree and one member reject; return the path of that member's record."""
    desk.propose()
    desk.votes()
    desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    return "kb/people/wang.fang.md"


@attack("wang.fang rejected it")
def reject_whose_key_another_claims(desk: Desk) -> None:
    _rejected(desk)
    both = [{"public_key": desk.public(name)} for name in ("sun.yan", "wang.fang")]
    desk.land("claimed", {"kb/people/sun.yan.md": desk.person("sun.yan", both)})
    desk.start()


@attack("wang.fang rejected it")
def reject_whose_key_is_taken_out(desk: Desk) -> None:
    path = _rejected(desk)
    desk.land("taken out", {path: desk.person("wang.fang", [])})
    desk.start()


@attack("wang.fang rejected it")
def reject_whose_key_is_withdrawn(desk: Desk) -> None:
    path = _rejected(desk)
    held = [{"public_key": desk.public("wang.fang"), "revoked_at": "2026-01-01T00:00:00Z"}]
    desk.land("withdrawn", {path: desk.person("wang.fang", held)})
    desk.start()


@attack("wang.fang rejected it")
def reject_whose_key_is_reported_stolen(desk: Desk) -> None:
    path = _rejected(desk)
    held = [{"public_key": desk.public("wang.fang"), "compromised_since": "2026-01-01T00:00:00Z"}]
    desk.land("stolen", {path: desk.person("wang.fang", held)})
    desk.start()


@attack("wang.fang rejected it", BOARD | {"keys_vouched_by": ["chair"]}, EMERGENCY)
def reject_whose_voucher_takes_the_word_back(desk: Desk) -> None:
    desk.new_key("wang.fang", "stranger", "", "zhao.min")
    desk.propose()
    desk.votes()
    desk.vote("wang.fang", "reject", key="stranger")
    desk.land("reject", by="wang.fang")
    desk.vouch("zhao.min", "wang.fang", "stranger", "withdraw")
    desk.land("taken back", by="zhao.min")
    desk.start()


@attack("chen.hao rejected it")
def reject_behind_an_approval_with_a_high_number(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", seq=9999)
    desk.land("approval", by="chen.hao")
    desk.vote("chen.hao", "reject", seq=2)
    desk.land("reject", by="chen.hao")
    desk.start()


@attack("was lost in the merge")
def reject_lost_in_a_merge_of_many(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    for name in ("one", "two"):
        desk.git("switch", "-q", "-c", name, "main")
        desk.land(name, {f"{name}.txt": name})
    desk.git("switch", "-q", "main")
    desk.vote("wang.fang", "reject")
    parents = ["one", "two", desk.land("reject", by="wang.fang")]
    words = [word for parent in parents for word in ("-p", parent)]
    merge = desk.git("commit-tree", "one^{tree}", *words, "-m", "many", GIT_COMMITTER_DATE=desk.at.isoformat()).strip()
    desk.git("reset", "-q", "--hard", merge)
    desk.start()


# Signatures and keys


@attack("signed with a key that is not one of chen.hao's")
def vote_signed_with_anothers_key(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", key="zhao.min")
    desk.land("vote", by="zhao.min")
    desk.start()


@attack("signed with a key that is not one of chen.hao's")
def vote_signed_with_an_unknown_key(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", key="stranger")
    desk.land("vote", by="chen.hao")
    desk.start()


@attack("its signature is missing")
def vote_without_a_signature(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    (desk.root / f"{desk.vote('chen.hao')}.sig").unlink()
    desk.land("vote", by="chen.hao")
    desk.start()


@attack("was made for `git`")
def signature_made_for_another_namespace(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.put(desk.statement("chen.hao"), namespace="git")
    desk.land("vote", by="chen.hao")
    desk.start()


@attack("cast in another repository")
def vote_from_another_repository(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", repository="a" * 40)
    desk.land("vote", by="chen.hao")
    desk.start()


@attack(f"it is about {OTHER}")
def vote_on_another_change(desk: Desk) -> None:
    desk.propose()
    desk.propose(OTHER)
    desk.votes(["zhao.min"])
    desk.put(desk.statement("chen.hao", id=OTHER), folder=VOTES)
    desk.land("vote", by="chen.hao")
    desk.start()


@attack("its name says zhao.min-2, it says zhao.min-1 itself")
def vote_copied_under_another_number(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    for end in (".json", ".json.sig"):
        old = (desk.root / f"{VOTES}/zhao.min-1{end}").read_bytes()
        desk.write({f"{VOTES}/zhao.min-2{end}": old})
    desk.land("again")
    desk.start()


@attack("the signature does not fit")
def decision_turned_in_a_signed_vote(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    path = desk.vote("chen.hao", "reject")
    data = (desk.root / path).read_bytes().replace(b'"reject"', b'"approve"')
    desk.land("vote", {path: data})
    desk.start()


@attack("was changed by the commit")
def signature_replaced(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    path = f"{VOTES}/chen.hao-1.json"
    data = (desk.root / path).read_bytes()
    desk.land("mine", {f"{path}.sig": desk.sign(data, "stranger", "servicebook-vote@v1")})
    desk.start()


def _key(desk: Desk, **more: str) -> str:
    return desk.person("chen.hao", [{"public_key": desk.public("chen.hao")} | more])


@attack("had expired when it landed")
def expired_key(desk: Desk) -> None:
    desk.land("key", {"kb/people/chen.hao.md": _key(desk, valid_until="2026-01-01T00:00:00Z")})
    desk.propose()
    desk.votes()
    desk.start()


@attack("had expired when it landed")
def expired_key_with_the_clock_set_back(desk: Desk) -> None:
    desk.land("key", {"kb/people/chen.hao.md": _key(desk, valid_until="2026-03-25T00:00:00Z")})
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao")
    desk.land("vote", by="chen.hao", at=desk.at - timedelta(days=30))
    desk.at += timedelta(days=31)
    desk.start()


@attack("was not valid yet")
def key_before_its_time(desk: Desk) -> None:
    desk.land("key", {"kb/people/chen.hao.md": _key(desk, valid_from="2027-01-01T00:00:00Z")})
    desk.propose()
    desk.votes()
    desk.start()


@attack("was withdrawn when it landed")
def withdrawn_key(desk: Desk) -> None:
    desk.land("key", {"kb/people/chen.hao.md": _key(desk, revoked_at="2026-01-01T00:00:00Z")})
    desk.propose()
    desk.votes()
    desk.start()


@attack("was withdrawn when it landed")
def withdrawn_key_made_good_again(desk: Desk) -> None:
    desk.land("key", {"kb/people/chen.hao.md": _key(desk, revoked_at="2026-01-01T00:00:00Z")})
    desk.land("put right", {"kb/people/chen.hao.md": _key(desk)})
    desk.propose()
    desk.votes()
    desk.start()


@attack("was withdrawn when it landed")
def withdrawn_key_with_a_later_end(desk: Desk) -> None:
    desk.land("key", {"kb/people/chen.hao.md": _key(desk, revoked_at="2026-01-01T00:00:00Z")})
    desk.land("put right", {"kb/people/chen.hao.md": _key(desk, revoked_at="2027-01-01T00:00:00Z")})
    desk.propose()
    desk.votes()
    desk.start()


@attack("was withdrawn when it landed")
def withdrawn_key_removed_and_brought_back(desk: Desk) -> None:
    path = "kb/people/chen.hao.md"
    desk.land("key", {path: _key(desk, revoked_at="2026-01-01T00:00:00Z")})
    desk.git("rm", "-q", path)
    desk.land("left")
    desk.land("came back", {path: _key(desk)})
    desk.propose()
    desk.votes()
    desk.start()


@attack("was withdrawn when it landed")
def withdrawn_key_written_down_twice(desk: Desk) -> None:
    key = desk.public("chen.hao")
    both = [{"public_key": key, "revoked_at": "2026-01-01T00:00:00Z"}, {"public_key": key}]
    desk.land("key", {"kb/people/chen.hao.md": desk.person("chen.hao", both)})
    desk.propose()
    desk.votes()
    desk.start()


@attack("signed with a key that is not one of chen.hao's")
def one_key_for_two_people_in_turn(desk: Desk) -> None:
    desk.propose()
    desk.votes(["chen.hao"])
    lent = {"chen.hao": [], "zhao.min": [{"public_key": desk.public("chen.hao")}]}
    desk.land("lent", {f"kb/people/{name}.md": desk.person(name, held) for name, held in lent.items()})
    desk.vote("zhao.min", key="chen.hao")
    desk.land("vote", by="zhao.min")
    desk.start()


@attack("was in other hands")
def report_of_a_stolen_key_taken_out(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.land("stolen", {"kb/people/chen.hao.md": _key(desk, compromised_since="2026-03-01T00:00:00Z")})
    desk.land("found again", {"kb/people/chen.hao.md": _key(desk)})
    desk.start()


@attack("was in other hands")
def stolen_key_that_is_reported_later(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    desk.land("stolen", {"kb/people/chen.hao.md": _key(desk, compromised_since="2026-03-01T00:00:00Z")})


@attack("not one of zhao.min's")
def key_that_two_people_claim(desk: Desk) -> None:
    both = [{"public_key": desk.public(name)} for name in PAIR]
    desk.land("keys", {"kb/people/chen.hao.md": desk.person("chen.hao", both)})
    desk.propose()
    desk.votes(["wang.fang"])
    desk.vote("zhao.min")
    desk.land("vote", by="zhao.min")
    desk.start()


@attack("not one of chen.hao's")
def key_brought_by_the_commit_that_starts(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", key="stranger")
    desk.land("vote", by="chen.hao")
    desk.write({"kb/people/chen.hao.md": desk.person("chen.hao", [{"public_key": desk.public("stranger")}])})
    desk.start()


# Keys that nobody answers for

VOUCHED = BOARD | {"keys_vouched_by": ["desk"]}
"""Rules by which wang.fang, from the desk, vouches for keys that come later."""


def _voted_with_new(desk: Desk, *before: Callable[[Desk], Any], new: str = "stranger", after: Any = None) -> None:
    """Let chen.hao vote with a new key, after what is done before, and begin the work after what is done then."""
    desk.propose()
    for act in before:
        act(desk)
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", key=new)
    desk.land("vote", by="chen.hao")
    if after:
        after(desk)
    desk.start()


@attack("nobody vouched for the key of chen.hao", VOUCHED, EMERGENCY)
def key_planted_by_the_author(desk: Desk) -> None:
    _voted_with_new(desk, lambda desk: desk.new_key("chen.hao", "stranger", "li.wei"))


@attack("nobody vouched for the key of chen.hao", VOUCHED, EMERGENCY)
def key_planted_by_an_outsiders_merge(desk: Desk) -> None:
    def merge(desk: Desk) -> None:
        desk.git("switch", "--quiet", "-c", "outsider")
        desk.at += timedelta(minutes=1)
        held = [{"public_key": desk.public(name)} for name in ("chen.hao", "stranger")]
        desk.land("key", {"kb/people/chen.hao.md": desk.person("chen.hao", held)}, "x", email="x@elsewhere.example.org")
        desk.git("switch", "--quiet", "main")
        desk.land("meanwhile", {"kb/a.md": "# A\n"})
        desk.git("merge", "--quiet", "--no-ff", "-m", "merge", "outsider")

    _voted_with_new(desk, merge)


@attack("vouched for that key with the key itself", VOUCHED, EMERGENCY)
def key_vouched_for_by_itself(desk: Desk) -> None:
    def plant(desk: Desk) -> None:
        desk.vouch("chen.hao", "chen.hao", "stranger", key="stranger")
        desk.new_key("chen.hao", "stranger")

    _voted_with_new(desk, plant)


@attack("vouched for the key of chen.hao only after it was used", VOUCHED, EMERGENCY)
def key_vouched_for_after_the_vote(desk: Desk) -> None:
    def late(desk: Desk) -> None:
        desk.vouch("wang.fang", "chen.hao", "stranger")
        desk.land("vouched", by="wang.fang")

    _voted_with_new(desk, lambda desk: desk.new_key("chen.hao", "stranger"), after=late)


@attack("wang.fang took back the word for the key of chen.hao", VOUCHED, EMERGENCY)
def key_whose_voucher_took_it_back(desk: Desk) -> None:
    def taken_back(desk: Desk) -> None:
        desk.new_key("chen.hao", "stranger", "", "wang.fang")
        desk.vouch("wang.fang", "chen.hao", "stranger", "withdraw")
        desk.land("not his", by="wang.fang")
        word = "kb/people/chen.hao.votes/wang.fang-2.json"
        desk.git("rm", "-q", word, f"{word}.sig")
        desk.land("tidy up")

    _voted_with_new(desk, taken_back)


@attack("nobody vouched for the key of chen.hao", VOUCHED, EMERGENCY)
def key_vouched_for_with_a_withdrawn_key(desk: Desk) -> None:
    held = [{"public_key": desk.public("wang.fang"), "revoked_at": "2026-01-01T00:00:00Z"}]
    desk.land("withdrawn", {"kb/people/wang.fang.md": desk.person("wang.fang", held)})
    _voted_with_new(desk, lambda desk: desk.new_key("chen.hao", "stranger", "", "wang.fang"))


@attack("is not named by the rules of `cab`", VOUCHED, EMERGENCY)
def key_vouched_for_by_somebody_else(desk: Desk) -> None:
    _voted_with_new(desk, lambda desk: desk.new_key("chen.hao", "stranger", "", "li.wei"))


@attack("nobody vouched for the key of wang.fang, who vouched for the key of chen.hao", VOUCHED, EMERGENCY)
def key_vouched_for_with_a_planted_key(desk: Desk) -> None:
    def plant(desk: Desk) -> None:
        desk.new_key("wang.fang", "stranger.second", "li.wei")
        desk.vouch("wang.fang", "chen.hao", "stranger", key="stranger.second")
        desk.new_key("chen.hao", "stranger", "li.wei")

    _voted_with_new(desk, plant)


_TWO = BOARD | {"keys_vouched_by": ["desk", "chair"]}


@attack("nobody vouched for the key of zhao.min, who vouched for the key of chen.hao", _TWO, EMERGENCY)
def keys_that_vouch_for_each_other(desk: Desk) -> None:
    def plant(desk: Desk) -> None:
        desk.vouch("zhao.min", "chen.hao", "stranger", key="stranger.second")
        desk.vouch("chen.hao", "zhao.min", "stranger.second", key="stranger")
        held = [{"public_key": desk.public(name)} for name in ("zhao.min", "stranger.second")]
        desk.write({"kb/people/zhao.min.md": desk.person("zhao.min", held)})
        desk.new_key("chen.hao", "stranger", "li.wei")

    _voted_with_new(desk, plant)


@attack("nobody vouched for the key of chen.hao", VOUCHED, EMERGENCY)
def key_vouched_for_under_another_name(desk: Desk) -> None:
    def plant(desk: Desk) -> None:
        desk.vouch("wang.fang", "chen.hao", "stranger", subject="person/he.jun")
        desk.new_key("chen.hao", "stranger")

    _voted_with_new(desk, plant)


@attack("nobody vouched for the key of li.wei", VOUCHED, EMERGENCY)
def submission_with_a_planted_key(desk: Desk) -> None:
    desk.propose()
    desk.new_key("li.wei", "stranger")
    desk.vote("li.wei", "submit", key="stranger")
    desk.land("submission")
    desk.votes(submit="")
    desk.start()


@attack("1 of 2 approvals", VOUCHED, EMERGENCY)
def rules_changed_with_a_planted_key(desk: Desk) -> None:
    desk.new_key("chen.hao", "stranger", old=[])
    desk.keys = {**desk.keys, "chen.hao": desk.keys["stranger"]}
    desk.amend_board(votes=["wang.fang", "chen.hao"], keys_vouched_by=None)
    desk.propose()
    desk.votes()
    desk.start()


# Levels


@attack("no demand of the board takes it: it is forge_attested")
def review_where_signatures_are_asked(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", level="forge_attested", signed_by="forge.robot", evidence="review 1")
    desk.land("review", by="forge.robot")
    desk.start()


@attack("the key of forge.robot is not for votes")
def account_that_casts_a_vote(desk: Desk) -> None:
    members = [*BOARD["members"], {"person": "forge.robot", "role": "chair"}]
    desk.amend_board(votes=["wang.fang", "chen.hao"], members=members)
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("forge.robot", role="chair")
    desk.land("vote", by="forge.robot")
    desk.start()


@attack("not one of chen.hao's")
def account_that_signs_in_anothers_name(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", key="forge.robot")
    desk.land("vote", by="forge.robot")
    desk.start()


@attack("sun.yan does not attest for the board")
def review_attested_by_somebody_else(desk: Desk) -> None:
    held = [{"public_key": desk.public("sun.yan"), "purpose": ["votes", "attestations"]}]
    desk.land("key", {"kb/people/sun.yan.md": desk.person("sun.yan", held)})
    desk.propose(change_type="normal")
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", level="forge_attested", signed_by="sun.yan", evidence="review 1")
    desk.land("review")
    desk.start()


@attack("sun.yan is not a secretary")
def phone_vote_recorded_by_somebody_else(desk: Desk) -> None:
    desk.propose(change_type="normal")
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", level="recorded", signed_by="sun.yan", evidence="called at noon")
    desk.land("phone")
    desk.start()


@attack("chen.hao said something else with a stronger proof: chen.hao-2")
def phone_vote_over_a_signed_withdrawal(desk: Desk) -> None:
    desk.propose(change_type="normal")
    desk.votes()
    desk.vote("chen.hao", "withdraw")
    desk.land("withdrawn", by="chen.hao")
    desk.vote("chen.hao", level="recorded", signed_by="wang.fang", evidence="called at noon")
    desk.land("phone", by="wang.fang")
    desk.start()


@attack("it is recorded; the rules ask for a signed submission")
def submission_by_phone(desk: Desk) -> None:
    desk.propose(change_type="normal")
    desk.vote("li.wei", "submit", level="recorded", signed_by="wang.fang", evidence="called at noon")
    desk.land("submission")
    desk.votes(submit="")
    desk.start()


# The rules


WEAK = [{"change_type": ["major"], "votes": 1}, {"change_type": ["policy"], "votes": 2}]


@attack("was not approved by the rules before it")
def policy_weakened_first(desk: Desk) -> None:
    desk.amend_board(by="he.jun", submit="", quorum=[{"votes": 1}])
    desk.propose()
    desk.votes(["zhao.min"])
    desk.start()


@attack("0 of 1 technical approvals")
def policy_weakened_by_the_commit_that_starts(desk: Desk) -> None:
    desk.propose()
    desk.edit("kb/boards/cab.md", quorum=[{"votes": 1}], version=2, previous_digest=desk.policy())
    weak = desk.policy()
    desk.git("checkout", "--quiet", "--", "kb/boards/cab.md")
    desk.votes(["zhao.min"], policy=weak)
    desk.edit("kb/boards/cab.md", quorum=[{"votes": 1}], version=2, previous_digest=desk.policy())
    desk.start()


@attack("rules only go forward")
def policy_rolled_back_to_an_older_one(desk: Desk) -> None:
    old = (desk.root / "kb/boards/cab.md").read_text("utf-8")
    strict = [{"votes": 3}, {"change_type": ["policy"], "votes": 2}]
    desk.amend_board(votes=["wang.fang", "chen.hao"], quorum=strict)
    desk.land("back", {"kb/boards/cab.md": old}, by="he.jun")
    desk.propose()
    desk.votes()
    desk.start()


@attack("does not cite the rules before it")
def policy_without_its_predecessor(desk: Desk) -> None:
    desk.amend_board(votes=["wang.fang", "chen.hao"], previous_digest="sha256:" + "0" * 64, vote_within="9d")
    desk.propose()
    desk.votes()
    desk.start()


@attack("was not approved by the rules before it")
def author_of_the_rules_approves_them(desk: Desk) -> None:
    desk.amend_board(by="chen.hao", votes=["wang.fang", "chen.hao"], submit="li.wei", quorum=[{"votes": 1}])
    desk.propose()
    desk.votes(["zhao.min"])
    desk.start()


@attack("is new, and no other board's rules are cited")
def board_of_my_own(desk: Desk) -> None:
    mine = {"schema": "board/1", "id": "mine", "title": "Mine", "version": 1, "quorum": [{"votes": 1}],
            "members": [{"person": "sun.yan", "role": "chair"}]}  # fmt: skip
    desk.land("board", {"kb/boards/mine.md": record(mine, "Mine.\n")}, by="he.jun")
    desk.propose(board="mine")
    desk.vote("li.wei", "submit", policy=desk.policy("mine"))
    desk.vote("sun.yan", role="chair", policy=desk.policy("mine"))
    desk.land("votes")
    desk.start()


@attack("was taken away")
def board_taken_away_and_made_again(desk: Desk) -> None:
    text = (desk.root / "kb/boards/cab.md").read_text("utf-8")
    desk.git("rm", "--quiet", "kb/boards/cab.md")
    desk.land("no board")
    desk.land("a board", {"kb/boards/cab.md": text.replace('"votes": 2', '"votes": 1')})
    desk.propose()
    desk.votes(["chen.hao"])
    desk.start()


@attack("it names no board")
def change_without_a_board(desk: Desk) -> None:
    desk.land("second board", {"kb/boards/lab.md": record(BOARD | {"id": "lab"}, "Lab.\n")})
    desk.propose(board=None)
    desk.votes()
    desk.start()


@attack("the rules of the board `cab` cannot be read: `quorum`")
def rules_that_cannot_be_read(desk: Desk) -> None:
    desk.edit("kb/boards/cab.md", quorum=[{"votes": 1, "unless": "hurry"}])
    desk.land("odd rules")
    desk.propose()
    desk.votes(policy="sha256:" + "0" * 64)
    desk.start()


@attack("has no rule for a exotic change")
def type_without_a_rule(desk: Desk) -> None:
    desk.propose(change_type="exotic")
    desk.votes()
    desk.start()


@attack("was not approved by the rules before it: 1 of 2 approvals")
def author_of_the_rules_changes_his_address(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "rules")
    desk.amend_board(by="chen.hao", votes=("wang.fang", "chen.hao"), quorum=WEAK)
    desk.git("switch", "-q", "main")
    desk.land("moved", {"kb/people/chen.hao.md": desk.person("chen.hao", emails=["hao@example.org"])})
    desk.git("merge", "-q", "--no-ff", "-m", "rules", "rules")
    desk.propose()
    desk.votes(["zhao.min"])
    desk.start()


@attack("rules only go forward")
def rules_that_two_merges_make(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "weak")
    desk.amend_board(votes=("wang.fang", "chen.hao"), quorum=WEAK)
    desk.git("switch", "-q", "-c", "other", "main")
    desk.amend_board(votes=("wang.fang", "chen.hao"), vote_within="20d")
    desk.git("switch", "-q", "main")
    desk.git("merge", "-q", "--no-ff", "-m", "one", "other")
    desk.git("merge", "-q", "--no-ff", "-s", "ours", "-m", "two", "weak")
    desk.edit("kb/boards/cab.md", quorum=WEAK)
    desk.git("add", "-A")
    desk.git("commit", "-q", "--amend", "--no-edit", "--no-verify")
    desk.propose()
    desk.votes(["chen.hao"])
    desk.start()


@attack("1 of 2 approvals")
def member_with_a_look_alike_name(desk: Desk) -> None:
    twin = {"person": "\u0441hen.hao", "role": "engineer", "basis": "technical"}  # a Cyrillic letter
    desk.amend_board(votes=("wang.fang", "chen.hao"), members=[*BOARD["members"], twin])
    desk.propose()
    desk.votes(["chen.hao"])
    desk.vote("\u0441hen.hao", key="chen.hao", role="engineer")
    desk.land("twin", by="chen.hao")
    desk.start()


# Standard and emergency changes


@attack("is no template of standard changes")
def standard_change_without_a_template(desk: Desk) -> None:
    desk.propose(change_type="standard", template="nothing")
    desk.start()


def _template(
    desk: Desk,
    votes: tuple[str, ...] = PAIR,
    parameters: dict[str, str] | None = None,
    body: str = "Restart one.\n",
    **more: Any,
) -> None:
    from tests.approvals.test_must_pass import TEMPLATE

    desk.land("template", {"kb/articles/restart.md": record(TEMPLATE | more, body)}, by="sun.yan")
    for person, decision in (("sun.yan", "submit"), *((person, "approve") for person in votes)):
        desk.propose()
        said = desk.statement(person, decision, subject="article/restart", plan=desk.template("restart"))
        desk.put(said._replace(seq=1), folder="kb/articles/restart.votes")
    desk.land("votes on the template", by="zhao.min")
    desk.propose(change_type="standard", template="restart", plan=None, parameters=parameters or {"begin": "02:00"})


@attack("the template `restart` was not approved")
def template_that_nobody_approved(desk: Desk) -> None:
    _template(desk, votes=("zhao.min",))
    desk.start()


@attack("the template `restart` was not approved")
def template_edited_after_approval(desk: Desk) -> None:
    _template(desk)
    desk.edit("kb/articles/restart.md", body="Restart all of them.\n")
    desk.land("typo")
    desk.start()


@attack("was valid to 2026-03-01")
def template_that_has_expired(desk: Desk) -> None:
    _template(desk, valid_to="2026-03-01")
    desk.start()


@attack("its parameters are begin, target")
def parameter_that_was_not_declared(desk: Desk) -> None:
    _template(desk, parameters={"begin": "02:00", "target": "everything"})
    desk.start()


@attack("its `parameters.begin` is not as the template")
def parameter_of_many_lines(desk: Desk) -> None:
    _template(desk, parameters={"begin": "02:00\n\nDelete channel 3."})
    desk.start()


@attack("it has a plan of its own")
def standard_change_with_a_plan_of_its_own(desk: Desk) -> None:
    _template(desk)
    desk.edit(path_of_change(), plan={"implementation": "Delete channel 3."})
    desk.land("more")
    desk.start()


@attack("its `## Implementation` is not as the template `restart` has it: `Delete channel 3.`; due was `Restart one.`")
def standard_change_whose_text_departs(desk: Desk) -> None:
    _template(desk, body="## Steps\n\nRestart one.\n")
    desk.edit(path_of_change(), body="## Implementation\n\nDelete channel 3.\n\n## Log\n")
    desk.land("more")
    desk.start()


@attack("its `risk` is not as the template `restart` has it: `high`; due was `medium`")
def standard_change_with_more_risk(desk: Desk) -> None:
    _template(desk, standard_change={"board": "cab", "parameters": ["begin"], "risk": "medium"})
    desk.edit(path_of_change(), risk="high")
    desk.land("more")
    desk.start()


@attack("was used 1 times")
def template_used_too_often(desk: Desk) -> None:
    terms = {"board": "cab", "parameters": ["begin"], "uses": 1}
    _template(desk, standard_change=terms)
    fields, body = desk.fields(path_of_change())
    desk.land("first", {path_of_change(OTHER): record(fields | {"id": OTHER}, body)})
    desk.start(OTHER)
    desk.start()


@attack("2 approvals that the board `ecab` asks for")
def emergency_without_its_board(desk: Desk) -> None:
    desk.propose(change_type="emergency")
    desk.votes(["zhao.min"], policy=desk.policy("ecab"))
    desk.start()


@attack("had to agree by")
def emergency_that_nobody_looked_at_again(desk: Desk) -> None:
    desk.propose(change_type="emergency")
    desk.votes(policy=desk.policy("ecab"))
    desk.start()
    desk.land("a week later", at=desk.at + timedelta(days=7))


@attack("rejects it afterwards")
def emergency_that_the_board_rejects_afterwards(desk: Desk) -> None:
    desk.propose(change_type="emergency")
    desk.votes(policy=desk.policy("ecab"))
    desk.start()
    desk.vote("wang.fang", "reject")
    desk.land("no", by="wang.fang")


@attack("the record was taken away, or cannot be read")
def record_deleted_afterwards(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    desk.git("rm", "--quiet", path_of_change())
    desk.land("gone")


# Files that break readers


def _bad(desk: Desk, data: bytes) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    path = desk.vote("chen.hao")
    desk.write({path: data, f"{path}.sig": desk.sign(data, "chen.hao", "servicebook-vote@v1")})
    desk.land("vote", by="chen.hao")
    desk.start()


@attack("65536 at most")
def vote_of_five_megabytes(desk: Desk) -> None:
    _bad(desk, b"{" + b" " * 5_000_000 + b"}")


@attack("not JSON")
def vote_with_a_key_twice(desk: Desk) -> None:
    desk.propose()
    data = write_statement(desk.statement("chen.hao"))
    _bad(desk, data.replace(b'"seq": 1,', b'"seq": 2,\n  "seq": 1,'))


@attack("keys, spacing or line ends were altered")
def vote_with_other_line_ends(desk: Desk) -> None:
    desk.propose()
    _bad(desk, write_statement(desk.statement("chen.hao")).replace(b"\n", b"\r\n"))


@attack("it is not an SSH signature")
def signature_that_is_damaged(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    path = desk.vote("chen.hao")
    desk.land("vote", {f"{path}.sig": b"-----BEGIN SSH SIGNATURE-----\n%%%\n"})
    desk.start()


# The calendar

STRICT = BOARD | {
    "waivers_asked_for": ["freeze", "overlap"],
    "freeze_windows": [
        {"name": "gala", "reason": "the gala runs live", "start_at": "2026-03-28T03:00:00+08:00",
         "end_at": "2026-03-28T23:00:00+08:00", "services": ["live-streaming"]},
        {"name": "cup", "reason": "the cup", "start_at": "2026-03-28T03:00:00+08:00",
         "end_at": "2026-03-28T23:00:00+08:00", "assets": ["encoder-01"]},
    ],
}  # fmt: skip
"""Rules under which a change may run into nothing that no vote waives by name."""
ANOTHER_DAY = {"planned_start_at": "2026-03-29T02:00:00+08:00", "planned_end_at": "2026-03-29T04:00:00+08:00"}


@attack("its window lies in the freeze `gala`, which no counted vote waives", STRICT, EMERGENCY)
def freeze_that_nobody_waives(desk: Desk) -> None:
    desk.propose()
    desk.votes(waives=("freeze:cup",))
    desk.start()


@attack(f"it overlaps with {OTHER} on transcoder-03, which no counted vote waives", STRICT, EMERGENCY)
def overlap_that_nobody_waives(desk: Desk) -> None:
    desk.propose(OTHER, status="approved", **ANOTHER_DAY)
    desk.propose(**ANOTHER_DAY)
    desk.votes()
    desk.start()


@attack(f"it overlaps with {OTHER} on transcoder-03, which no counted vote waives", STRICT, EMERGENCY)
def overlap_waived_by_a_vote_that_does_not_count(desk: Desk) -> None:
    desk.propose(OTHER, status="in_implementation", **ANOTHER_DAY)
    desk.propose(by="chen.hao", **ANOTHER_DAY)
    desk.votes(["zhao.min", "wang.fang"])
    desk.vote("chen.hao", waives=(f"overlap:{OTHER}",))
    desk.land("waived by its author", by="chen.hao")
    desk.start()


@attack(f"whether it overlaps with {OTHER} cannot be told", STRICT, EMERGENCY)
def overlap_hidden_in_a_record_that_cannot_be_read(desk: Desk) -> None:
    desk.land("odd", {path_of_change(OTHER): "---\nassets: [transcoder-03\n---\n"})
    desk.propose(**ANOTHER_DAY)
    desk.votes()
    desk.start()


def estate(desk: Desk) -> None:
    """Land a switch, a transcoder that hangs on it, and a printer that does not."""
    switch = {"schema": "asset/1", "id": "switch-1", "title": "Switch", "status": "active"}
    hanging = [{"type": "depends-on", "target": "switch-1"}]
    files = {"kb/assets/switch-1.md": record(switch, "A switch.\n")}
    files |= {
        f"kb/assets/{name}.md": record(switch | {"id": name, "relations": hanging if name[0] == "t" else []}, "One.\n")
        for name in ("transcoder-03", "printer-1")
    }
    desk.land("estate", files)


@attack(f"it overlaps with {OTHER} on transcoder-03, which no counted vote waives", STRICT, EMERGENCY)
def overlap_on_what_it_hangs_on(desk: Desk) -> None:
    estate(desk)
    desk.propose(OTHER, status="approved", assets=["switch-1"], **ANOTHER_DAY)
    desk.propose(**ANOTHER_DAY)
    desk.votes()
    desk.start()


@attack("it has no window", STRICT, EMERGENCY)
def change_without_a_window(desk: Desk) -> None:
    desk.propose(planned_end_at=None)
    desk.votes()
    desk.start()
