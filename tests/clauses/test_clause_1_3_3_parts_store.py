"""Clause 1.3.3, the parts store: every movement is recorded and exact, and every model supplied is there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.conftest import Call, Repo

PART = "lto-drive-l480"
FILE = f"kb/parts/{PART}.md"
TICKET = "INC-20261119-PA12"


def ledger(call: Call, part: str = PART) -> dict[str, Any]:
    """Return what `servicebook part ID --json` says."""
    answer = call("part", part, "--json")
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_clause_1_3_3_parts_store_a_piece_goes_in_and_out_by_one_verb(sample: Repo, call: Call) -> None:
    before = ledger(call)
    assert before["on_hand"] == 1
    for words in (
        ("receive", PART, "--serial", "DRV-9-2200", "--from", "lantern-tape"),
        ("reserve", PART, "--serial", "DRV-9-2200", "--ticket", TICKET),
        ("issue", PART, "--serial", "DRV-9-2200", "--ticket", TICKET),
        ("return", PART, "--serial", "DRV-9-2200", "--ticket", TICKET),
        ("scrap", PART, "--serial", "DRV-9-2200", "--note", "fell"),
    ):
        answer = call("part", *words)
        assert answer.code == 0, answer.err
    after = ledger(call)
    assert [move["on_hand_after"] for move in after["movements"]] == [1, 2, 2, 1, 2, 1]
    assert all(move["by"] and move["at"] for move in after["movements"])
    assert call("check", FILE).code == 0


@pytest.mark.parametrize(
    ("words", "why", "remedy"),
    [
        (("issue", PART, "--serial", "DRV-9-2081", "--quantity", "0"), "`0` is no number of pieces", "--quantity 1"),
        (("issue", PART), "say which piece", "there are: DRV-9-2081"),
        (("issue", PART, "--serial", "DRV-9-9999"), "has come in", f"servicebook part receive {PART}"),
        (("issue", "fan-module-fm-44"), "0 there to issue, not 1", "servicebook part receive fan-module-fm-44"),
        (("arrive", PART, "--serial", "DRV-9-2081"), "is `free`", f"servicebook part {PART}"),
        (("issue", PART, "--serial", "DRV-9-2081", "--broken"), "cannot be issued", "scrap"),
        (("throw", PART), "`throw` is no movement", "receive, reserve"),
    ],
)
def test_clause_1_3_3_parts_store_a_wrong_step_is_refused_with_the_remedy(
    sample: Repo, call: Call, words: tuple[str, ...], why: str, remedy: str
) -> None:
    answer = call("part", *words)
    assert answer.code in (1, 2)
    assert why in answer.err
    assert remedy in answer.err
    assert not sample.git("status", "--porcelain")


def test_clause_1_3_3_parts_store_two_branches_cannot_both_issue_the_last_one(sample: Repo, call: Call) -> None:
    main = sample.git("branch", "--show-current").strip()
    for branch, ticket in (("night", TICKET), ("day", "INC-20261118-BFK2")):
        sample.git("switch", "--quiet", "-c", branch, main)
        answer = call("part", "issue", "psu-t340", "--ticket", ticket, "--at", "-5m" if branch == "day" else "-9m")
        assert answer.code == 0, answer.err
        sample.git("commit", "--quiet", "--no-verify", "-am", branch)
        assert call("check", "kb/parts/psu-t340.md").code == 0
    answer = call("merge", "night")
    merged = (sample.root / "kb/parts/psu-t340.md").read_text("utf-8")
    assert TICKET in merged
    assert "INC-20261118-BFK2" in merged
    found = call("check", "kb/parts/psu-t340.md")
    assert found.code == 1
    assert "REC281" in found.out
    assert ledger(call, "psu-t340")["on_hand"] == 0


def test_clause_1_3_3_parts_store_one_piece_issued_on_two_branches_is_found(sample: Repo, call: Call) -> None:
    main = sample.git("branch", "--show-current").strip()
    call("part", "receive", PART, "--serial", "DRV-9-2200", "--at", "-20m")
    sample.git("commit", "--quiet", "--no-verify", "-am", "one more")
    for branch, ticket in (("night", TICKET), ("day", "INC-20261118-BFK2")):
        sample.git("switch", "--quiet", "-c", branch, main)
        answer = call("part", "issue", PART, "--serial", "DRV-9-2200", "--ticket", ticket)
        assert answer.code == 0, answer.err
        sample.git("commit", "--quiet", "--no-verify", "-am", branch)
    call("merge", "night")
    found = call("check", FILE)
    assert found.code == 1
    assert "REC282" in found.out


def test_clause_1_3_3_parts_store_plain_git_does_not_merge_it_unseen(sample: Repo) -> None:
    main = sample.git("branch", "--show-current").strip()
    text = (sample.root / "kb/parts/psu-t340.md").read_text("utf-8")
    for branch, id in (("night", "a111"), ("day", "b222")):
        sample.git("switch", "--quiet", "-c", branch, main)
        line = f"- {{at: 2026-11-20T08:00:00+08:00, id: {id}, type: issued, quantity: 1, by: wu.qiang}}\n---\n续"
        sample.write({"kb/parts/psu-t340.md": text.replace("---\n续", line)})
        sample.git("commit", "--quiet", "--no-verify", "-am", branch)
    sample.git("config", "--unset", "merge.servicebook.driver", check=False)
    answer = sample.git("merge", "night", check=False)
    assert "CONFLICT" in answer or "REC281" in answer


def test_clause_1_3_3_parts_store_both_serials_of_a_replacement_are_kept(sample: Repo, call: Call) -> None:
    ticket = next((sample.root / "tickets").rglob("INC-20261118-BFK2.md"))
    assert call("part", "receive", "mainboard-r640", "--serial", "MB-NEW-1").code == 0
    words = ("--serial", "MB-NEW-1", "--replaces", "MB-OLD-1", "--ticket", "BFK2")
    answer = call("part", "issue", "mainboard-r640", *words)
    assert answer.code == 0, answer.err
    text = ticket.read_text("utf-8")
    assert "event: part_replaced" in text
    assert "old_serial: MB-OLD-1" in text
    assert "new_serial: MB-NEW-1" in text
    assert call("check", str(ticket)).code == 0


def test_clause_1_3_3_parts_store_a_spare_part_that_is_sent_stops_its_clock(sample: Repo, call: Call) -> None:
    ticket = next((sample.root / "tickets").rglob("INC-20261118-BFK2.md"))
    answer = call("part", "ship", "psu-t340", "--ticket", "BFK2", "--to", "harbour-tv-hq", "--at", "-9m")
    assert answer.code == 0, answer.err
    assert call("part", "arrive", "psu-t340", "--ticket", "BFK2").code == 0
    text = ticket.read_text("utf-8")
    assert "event: part_shipped" in text
    assert "event: part_arrived" in text
    assert ledger(call, "psu-t340")["on_hand"] == 0


def test_clause_1_3_3_parts_store_a_contracted_model_without_stock_is_found(sample: Repo, call: Call) -> None:
    assert "DSK851" not in call("check").out
    assert call("part", "issue", PART, "--serial", "DRV-9-2081", "--ticket", TICKET).code == 0
    answer = call("check")
    assert "DSK851" in answer.out
    assert "Lantern L480" in answer.out


def test_clause_1_3_3_parts_store_what_is_below_its_minimum_is_shown(sample: Repo, call: Call) -> None:
    assert "below their minimum: fan-module-fm-44" in call("part").out


def test_clause_1_3_3_parts_store_a_supplier_has_a_clock_of_its_own(sample: Repo, call: Call) -> None:
    sent = ledger(call, "mainboard-r640")["sent_back"]
    assert [(one["rma"], one["serial"]) for one in sent] == [("NW-261012-04", "MB-391022")]
    # 20 working days from Monday, 12 October 2026, in the supplier's office hours.
    assert sent[0]["due_at"].startswith("2026-11-09T18:00")
