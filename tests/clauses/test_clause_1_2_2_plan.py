"""Clause 1.2.2, steps 2 to 8: plan, consent and approval before a team leaves, and what the customer is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clauses.dispatching import PLAN, At, clock_of, done, hill
from tests.conftest import Call, Repo


@pytest.fixture
def at(call: Call, monkeypatch: pytest.MonkeyPatch) -> At:
    return clock_of(call, monkeypatch)


@pytest.fixture
def ticket(sample: Repo, at: At) -> Path:
    return hill(sample, at)


def planned(at: At, id: str) -> None:
    done(at("09:10", "emergency", id, *PLAN))
    done(at("09:15", "consent", id, "--to", "黄主任", "--via", "email", "--evidence", "mail of 09:14"))


def test_clause_1_2_2_steps_2_8_nobody_leaves_before_plan_consent_and_approval(ticket: Path, at: At) -> None:
    id, leave = ticket.stem, ("depart", ticket.stem, "--transport", "company car", "--pass", "day pass 112")
    steps = (
        ("it has no emergency plan", f"first: servicebook emergency {id}", ("emergency", id, *PLAN)),
        ("the customer has not agreed", f"first: servicebook consent {id}", ("consent", id, "--to", "黄主任")),
        ("nobody has approved", f"first: servicebook approve {id}", ("approve", id, "--by", "tang.bo")),
    )
    for minute, (reason, remedy, step) in enumerate(steps, 10):
        before = ticket.read_bytes()
        refused = at(f"09:{minute}", *leave)
        assert refused.code == 1
        assert reason in refused.err and remedy in refused.err
        assert ticket.read_bytes() == before
        done(at(f"09:{minute}", *step))
    done(at("09:20", *leave))


def test_clause_1_2_2_steps_2_8_the_plan_says_cause_time_staff_tools_work_and_cost(ticket: Path, at: At) -> None:
    done(at("09:10", "emergency", ticket.stem, "--suspected-cause", "power module", "--lead", "zhao.lei"))
    refused = at("09:12", "approve", ticket.stem, by="tang.bo")
    assert refused.code == 1
    assert "expected_start_at, expected_duration, engineers, work_items, estimate" in refused.err
    assert "--work-items" in refused.err
    done(at("09:14", "emergency", ticket.stem, *PLAN))
    assert "estimate: {amount: 1700, currency: CNY}" in ticket.read_text("utf-8"), "1.5 days at 1000, and the way"


def test_clause_1_2_2_steps_2_8_half_a_plan_is_no_plan_and_says_what_is_missing(ticket: Path, at: At) -> None:
    id = ticket.stem
    done(at("09:10", "emergency", id, "--lead", "zhao.lei"))
    for verb in (
        ("approve", id, "--by", "tang.bo"),
        ("consent", id, "--to", "黄主任"),
        ("depart", id, "--transport", "company car", "--pass", "day pass 112"),
    ):
        refused = at("09:12", *verb)
        assert refused.code == 1
        assert "does not say suspected_cause, expected_start_at" in refused.err, "there is a plan: it lacks these"
        assert f"servicebook emergency {id} --suspected-cause …" in refused.err


def test_clause_1_2_2_steps_2_8_a_dearer_plan_asks_the_customer_again(ticket: Path, at: At) -> None:
    id, leave = ticket.stem, ("depart", ticket.stem, "--transport", "company car", "--pass", "day pass 112")
    planned(at, id)
    done(at("09:20", "emergency", id, "--role", "operations_engineer=1", "--travel", "100"))
    assert "consent: {by: 黄主任" in ticket.read_text("utf-8"), "what costs less is agreed to"
    done(at("09:25", "emergency", id, "--role", "operations_engineer=9"))
    assert "consent:" not in ticket.read_text("utf-8")
    assert f"servicebook consent {id}" in at("09:26", "show", id).out
    done(at("09:30", "approve", id, "--by", "tang.bo"))
    refused = at("09:31", *leave)
    assert refused.code == 1 and "the customer has not agreed" in refused.err


def test_clause_1_2_2_steps_2_8_only_the_director_or_the_deputy_approves(ticket: Path, at: At) -> None:
    planned(at, ticket.stem)
    refused = at("09:16", "approve", ticket.stem, by="li.wei")
    assert refused.code == 1
    assert "`li.wei` is no service_director" in refused.err
    assert f"servicebook approve {ticket.stem} --via phone --by tang.bo" in refused.err
    done(at("09:17", "approve", ticket.stem, by="lin.yue"))
    assert "approval: {by: lin.yue, at: 2026-11-20T09:17:00+08:00, via: signature}" in ticket.read_text("utf-8")
    by_hand = ticket.read_text("utf-8").replace("approval: {by: lin.yue", "approval: {by: li.wei")
    ticket.write_text(by_hand, "utf-8")
    assert "REF547" in at("09:18", "check", "--format", "concise").out


def test_clause_1_2_2_steps_2_8_nobody_signs_for_the_director(ticket: Path, at: At) -> None:
    planned(at, ticket.stem)
    refused = at("09:16", "approve", ticket.stem, "--via", "signature", "--by", "tang.bo")
    assert refused.code == 2
    assert "nobody signs for `tang.bo`" in refused.err


def test_clause_1_2_2_steps_2_8_a_call_is_confirmed_within_24_hours(ticket: Path, at: At) -> None:
    id = ticket.stem
    planned(at, id)
    done(at("09:16", "approve", id, "--by", "tang.bo"))
    assert "plan-confirmed" in at("09:17", "show", id).out
    refused = at("09:18", "confirm", id, by="li.wei")
    assert refused.code == 1 and f"servicebook confirm {id} --by tang.bo" in refused.err
    assert "confirm_approval" in {one["topic"] for one in json.loads(at("09:17", "messages", id, "--json").out)}
    found = at("21 10:00", "note", id, "still waiting for the module")
    assert found.code == 1
    assert "WFL424" in found.err and f"servicebook confirm {id}" in found.err
    done(at("20 18:00", "confirm", id, by="tang.bo"))
    done(at("21 10:00", "note", id, "still waiting for the module"))
    assert at("21 10:01", "confirm", id, by="tang.bo").code == 1, "it is confirmed already"


def test_clause_1_2_2_steps_2_8_a_plan_written_anew_wants_approval_anew(ticket: Path, at: At) -> None:
    planned(at, ticket.stem)
    done(at("09:16", "approve", ticket.stem, by="tang.bo"))
    done(at("09:18", "emergency", ticket.stem, "--engineers", "zhao.lei,he.jun,li.wei"))
    refused = at("09:20", "depart", ticket.stem, "--transport", "car", "--pass", "112")
    assert "nobody has approved the plan as it is" in refused.err


def test_clause_1_2_2_steps_2_8_parts_are_released_on_an_approved_plan_only(ticket: Path, at: At) -> None:
    planned(at, ticket.stem)
    release = ("emergency", ticket.stem, "--parts-released-by", "gao.feng")
    refused = at("09:16", *release)
    assert refused.code == 1 and "on an approved plan only" in refused.err
    done(at("09:17", "approve", ticket.stem, by="tang.bo"))
    done(at("09:18", *release))
    assert "approval: {by: tang.bo" in ticket.read_text("utf-8")


def test_clause_1_2_2_steps_2_8_the_customer_is_told_by_phone_and_sms(ticket: Path, at: At) -> None:
    id = ticket.stem
    planned(at, id)
    done(at("09:16", "approve", id, by="tang.bo"))
    done(at("09:20", "depart", id, "--transport", "company car", "--pass", "day pass 112"))
    assert "eta_at: 2026-11-20T10:30:00+08:00" in ticket.read_text("utf-8"), "the site is 70 minutes away"
    waiting = [one for one in json.loads(at("09:21", "messages", id, "--json").out) if one["topic"] == "departure"]
    assert [(one["via"], one["to"], one["due"]) for one in waiting] == [
        (["phone"], ["customer:郑师傅"], True), (["sms"], ["customer:郑师傅"], True)
    ]  # fmt: skip
    done(at("09:22", "tell", id, "on our way", "--via", "phone,sms", "--next", "1h"))
    after = json.loads(at("09:23", "messages", id, "--json").out)
    assert "departure" not in {one["topic"] for one in after}
    update = next(one for one in after if one["topic"] == "update")
    assert (update["due_at"], update["due"]) == ("2026-11-20T10:22:00+08:00", False)
    late = json.loads(at("10:30", "messages", id, "--json").out)
    assert next(one for one in late if one["topic"] == "update")["due"] is True


def test_clause_1_2_2_steps_2_8_the_director_sees_what_waits(ticket: Path, at: At) -> None:
    planned(at, ticket.stem)
    tasks = json.loads(at("09:16", "next", "--for", "tang.bo", "--json").out)
    own = next(task for task in tasks if task["id"] == ticket.stem)
    assert (own["task"], own["command"]) == ("approve_plan", f"servicebook approve {ticket.stem}")


def test_clause_1_2_2_steps_2_8_a_file_that_says_otherwise_is_found(ticket: Path, at: At) -> None:
    text = ticket.read_text("utf-8").replace(
        "\n---\n#", "\ndispatch: {departed_at: 2026-11-20T09:30:00+08:00}\n---\n#", 1
    )
    ticket.write_text(text, "utf-8")
    found = at("09:40", "check", "--format", "concise").out
    assert "WFL421" in found and "WFL426" in found
