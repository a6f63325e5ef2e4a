"""What the design says must pass, each with real Git and real keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.approvals.attacks import ANOTHER_DAY, STRICT, estate
from tests.approvals.desk import BOARD, BODY, CHG, EMERGENCY, OTHER, Desk, path_of_change, record

from servicebook.evidence.verification import Verification


def passes(found: Verification, assurance: str = "ordered_quorum") -> bool:
    assert (found.outcome, found.reasons) == ("pass", ())
    assert found.assurance == assurance
    return True


def test_honest_quorum(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    commit = desk.start()
    found = desk.verify()
    assert passes(found)
    assert (found.commit, found.base) == (commit, desk.git("rev-parse", "HEAD^").strip())
    assert found.before is not None
    assert found.before.tally.approvers == ("chen.hao", "zhao.min")
    assert found.before.tally.submitters == ("li.wei",)


def test_to_the_end_of_its_life(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    for event, status in (("implemented", "implemented"), ("closed", "closed")):
        desk.move(event, status, review={"result": "as planned"})
        desk.land(event)
    assert passes(desk.verify())


def on_a_branch(desk: Desk) -> None:
    """Propose and vote on a branch, as a pull request does."""
    desk.git("switch", "--quiet", "-c", "change")
    desk.propose()
    desk.votes()
    desk.git("switch", "--quiet", "main")
    desk.land("meanwhile", {"README.md": "more\n"})


def test_merge_commit(desk: Desk) -> None:
    on_a_branch(desk)
    desk.git("merge", "--quiet", "--no-ff", "-m", "merge the change", "change")
    desk.start()
    assert passes(desk.verify())


def test_squash_merge(desk: Desk) -> None:
    on_a_branch(desk)
    desk.git("merge", "--quiet", "--squash", "change")
    desk.land("squashed", by="forge", email="noreply@forge.example.org")
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert "noreply@forge.example.org" in str(found.notes)


def test_rebase_merge(desk: Desk) -> None:
    on_a_branch(desk)
    desk.git("switch", "--quiet", "change")
    desk.git("rebase", "--quiet", "main")
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "--quiet", "--ff-only", "change")
    desk.start()
    assert passes(desk.verify())


def test_log_appended_after_approval(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.edit(path_of_change(), body=BODY + "\n- 02:00 begun\n")
    desk.land("log")
    desk.start()
    desk.edit(path_of_change(), body=BODY + "\n- 02:00 begun\n- 03:00 done\n")
    desk.land("log")
    assert passes(desk.verify())


def test_what_is_waived_by_name(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk().begin(STRICT, EMERGENCY)
    desk.propose(OTHER, status="submitted")
    desk.propose()
    desk.votes(["zhao.min"], waives=("freeze:gala", f"overlap:{OTHER}"))
    desk.votes(["chen.hao"], submit="")
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert [(one.name, one.waived) for one in found.freezes] == [("gala", True)]
    assert [(one.change, one.assets, one.waived) for one in found.overlaps] == [(OTHER, ("transcoder-03",), True)]


def test_what_does_not_overlap(make_desk: Callable[..., Desk]) -> None:
    """Drafts, what is over, other assets and other hours; and what was planned only after the work had begun."""
    desk = make_desk().begin(STRICT, EMERGENCY)
    others = [
        ("draft", {}), ("closed", {}), ("approved", {"assets": ["encoder-01"]}),
        ("approved", {"planned_start_at": "2026-03-29T04:00:00+08:00", "planned_end_at": "2026-03-29T06:00:00+08:00"}),
    ]  # fmt: skip
    for number, (status, more) in enumerate(others):
        desk.propose(f"CHG-20260301-000{number}", **{"status": status, **ANOTHER_DAY, **more})
    desk.propose(**ANOTHER_DAY)
    desk.votes()
    assert desk.verify().reasons == ()
    desk.start()
    desk.propose(OTHER, status="approved", **ANOTHER_DAY)
    assert passes(desk.verify())
    assert desk.verify().overlaps == ()


def test_what_hangs_together_is_waived_or_stands_apart(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk().begin(STRICT, EMERGENCY)
    estate(desk)
    desk.propose(OTHER, status="approved", assets=["switch-1"], **ANOTHER_DAY)
    desk.propose("CHG-20260301-0001", status="approved", assets=["printer-1"], **ANOTHER_DAY)
    desk.propose(**ANOTHER_DAY)
    desk.votes(waives=(f"overlap:{OTHER}",))
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert [(one.change, one.assets) for one in found.overlaps] == [(OTHER, ("transcoder-03",))]
    desk.land("the switch is gone", {"kb/assets/switch-1.md": record({"schema": "asset/1", "id": "switch-1",
                                                                      "status": "retired"}, "")})  # fmt: skip
    assert desk.verify() == found, "what hung together then is judged"


def test_offline_from_a_bundle(desk: Desk, tmp_path: Path) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    bundle = tmp_path / "evidence.bundle"
    desk.git("bundle", "create", "--quiet", str(bundle), "main")
    there = Desk(tmp_path / "auditor", desk.keys)
    desk.git("clone", "--quiet", "--bare", str(bundle), str(there.root))
    there.at = desk.at
    assert passes(there.verify(tip="main"))


def test_re_formatting_changes_nothing(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    path = desk.root / path_of_change()
    text = path.read_text("utf-8").replace('"medium"', "medium   # as agreed").replace("\n", "\r\n")
    path.write_bytes(text.encode())
    desk.land("re-formatted")
    desk.start()
    assert passes(desk.verify())


def test_a_second_submission_after_the_plan_was_reworked(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.edit(path_of_change(), reason="better said")
    desk.land("reworked", by="li.wei")
    desk.votes()
    desk.start()
    assert passes(desk.verify())


def test_a_reject_that_was_taken_back(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.vote("wang.fang", "reject")
    desk.land("reject")
    assert desk.verify().outcome == "open"
    assert "wang.fang rejected it" in map(str, desk.verify().reasons)
    desk.vote("wang.fang", "withdraw")
    desk.land("withdrawn")
    desk.start()
    assert passes(desk.verify())


def test_a_normal_change_with_reviews_that_a_forge_attests(desk: Desk) -> None:
    desk.propose(change_type="normal")
    desk.vote("li.wei", "submit", level="forge_attested", signed_by="forge.robot", evidence="pull request 7")
    for person in ("zhao.min", "chen.hao"):
        desk.vote(person, level="forge_attested", signed_by="forge.robot", evidence="pull request 7, review 1")
    desk.land("what the forge says", by="forge.robot")
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert found.weakest == "forge_attested"


def test_a_vote_by_phone_that_the_secretary_records(desk: Desk) -> None:
    desk.propose(change_type="normal", customer="harbour-tv")
    desk.votes(["zhao.min"])
    desk.vote("lin.yue", level="recorded", signed_by="wang.fang", evidence="sha256:" + "0" * 64)
    desk.land("by phone", by="wang.fang")
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert found.weakest == "recorded"


def test_a_deputy_within_dates(make_desk: Callable[..., Desk]) -> None:
    members: list[dict[str, Any]] = BOARD["members"]
    lent = [
        one | {"deputy_from": "2026-03-01", "deputy_to": "2026-03-31"} if "deputy" in one else one for one in members
    ]
    desk = make_desk().begin(BOARD | {"members": lent}, EMERGENCY)
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("sun.yan", role="engineer")
    desk.land("deputy", by="sun.yan")
    desk.start()
    assert passes(desk.verify())


def test_new_rules_that_the_old_ones_approved(desk: Desk) -> None:
    members = [*BOARD["members"], {"person": "sun.yan", "role": "security", "basis": "technical"}]
    desk.amend_board(votes=["wang.fang", "chen.hao"], members=members)
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("sun.yan", role="security")
    desk.land("vote", by="sun.yan")
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert found.before is not None
    assert found.before.version == 2


def test_a_pinned_root(desk: Desk) -> None:
    root, quick = desk.policy(), desk.policy("ecab")
    desk.amend_board(votes=["wang.fang", "chen.hao"], vote_within="30d")
    desk.propose()
    desk.votes()
    desk.start()
    assert passes(desk.verify(roots=[root]))
    assert desk.verify(roots=[quick]).outcome == "fail"
    assert "do not follow from those that are pinned" in str(desk.verify(roots=[quick]).reasons[0])


def test_emergency_and_the_whole_board_afterwards(desk: Desk) -> None:
    desk.propose(change_type="emergency")
    desk.votes(policy=desk.policy("ecab"))
    desk.start()
    soon = desk.verify()
    assert (soon.outcome, soon.after_the_fact) == ("pass", True)
    assert "to agree afterwards" in str(soon.notes)
    assert desk.verify(now=desk.at + timedelta(days=4)).outcome == "fail"
    for person in ("zhao.min", "wang.fang"):
        desk.vote(person)
        desk.land(f"afterwards {person}", by=person)
    found = desk.verify(now=desk.at + timedelta(days=40))
    assert passes(found)
    assert found.after_the_fact
    assert found.later is not None
    assert found.later.tally.approvers == ("wang.fang", "zhao.min")


TEMPLATE = {
    "schema": "article/1", "id": "restart", "title": "Restart", "article_type": "policy", "owner": "zhao.min",
    "status": "active", "assets": ["transcoder-02", "transcoder-03"], "valid_to": "2027-03-31",
    "standard_change": {"board": "cab", "parameters": ["begin"], "uses": 2},
}  # fmt: skip


def approve_template(desk: Desk, **fields: Any) -> None:
    """Land a template, and the board's votes on it."""
    desk.land("template", {"kb/articles/restart.md": record(TEMPLATE | fields, "Restart one.\n")}, by="sun.yan")
    for person, decision in (("sun.yan", "submit"), ("zhao.min", "approve"), ("chen.hao", "approve")):
        said = desk.statement(person, decision, subject="article/restart", plan=desk.template("restart"), id=CHG)
        desk.put(said._replace(seq=1), folder="kb/articles/restart.votes")
    desk.land("votes on the template", by="zhao.min")


def test_a_standard_change_by_its_template(desk: Desk) -> None:
    standard = {"change_type": "standard", "template": "restart", "plan": None, "parameters": {"begin": "02:00"}}
    desk.propose(**standard)
    approve_template(desk)
    desk.start()
    found = desk.verify()
    assert (found.outcome, found.reasons) == ("pass", ())
    desk.propose(OTHER, **standard)
    desk.start(OTHER)
    assert desk.verify(OTHER).outcome == "pass"


def test_not_started_yet_says_what_is_missing(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    found = desk.verify()
    assert found.outcome == "open"
    assert [str(reason) for reason in found.reasons] == [
        "1 of 2 approvals that the board `cab` asks for",
        "0 of 1 technical approvals that the board `cab` asks for",
    ]


def test_done_before_there_were_rules(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.git("init", "--quiet", "--initial-branch=main")
    desk.land("a desk", {"README.md": "desk\n"})
    desk.propose()
    desk.start()
    desk.begin()
    assert desk.verify().outcome == "unasked"


def test_conditions_are_told_until_they_are_met(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", conditions=("the alarm exists", "the night shift is told"))
    desk.land("vote", by="chen.hao")
    desk.start()
    assert [(one.vote, one.number) for one in desk.verify().open_conditions] == [("chen.hao-1", 1), ("chen.hao-1", 2)]
    met = [{"vote": "chen.hao-1", "number": 1, "by": "he.jun", "met_on": "2026-03-26"}]
    desk.edit(path_of_change(), conditions_met=met)
    desk.land("met")
    found = desk.verify()
    assert passes(found)
    assert [one.text for one in found.open_conditions] == ["the night shift is told"]


@pytest.mark.parametrize(("waives", "waived"), [((), False), (("freeze:gala",), True)])
def test_a_freeze_and_who_waives_it(make_desk: Callable[..., Desk], waives: tuple[str, ...], waived: bool) -> None:
    gala = {
        "name": "gala",
        "reason": "live",
        "start_at": "2026-03-28T00:00:00+08:00",
        "end_at": "2026-03-28T03:00:00+08:00",
    }
    desk = make_desk().begin(BOARD | {"freeze_windows": [gala]}, EMERGENCY)
    desk.propose()
    desk.votes(waives=waives)
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert [(one.name, one.waived) for one in found.freezes] == [("gala", waived)]


def test_a_key_that_came_after_the_rules_is_told(desk: Desk) -> None:
    held = [{"public_key": desk.public(name)} for name in ("zhao.min", "zhao.min.second")]
    commit = desk.land("second key", {"kb/people/zhao.min.md": desk.person("zhao.min", held)}, by="he.jun")
    desk.propose()
    desk.votes(["chen.hao"])
    desk.vote("zhao.min", key="zhao.min.second")
    desk.land("vote", by="zhao.min")
    desk.start()
    found = desk.verify()
    assert passes(found)
    assert f"the key of zhao.min came after the first rules, with the commit {commit[:10]} of he.jun@example.org" in [
        str(note) for note in found.notes
    ]
