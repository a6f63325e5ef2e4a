"""What verbs make of a file: one more line, the status that follows, and nothing unlawful."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.actions.event import Stamp, event_of, record_event
from servicebook.actions.verbs import acknowledge, assign, close, link, pause, reopen, resolve, resume
from servicebook.errors import FindingsError
from servicebook.loader import load_record
from servicebook.records.facts import Facts
from servicebook.records.ids import new_event_id
from servicebook.settings import Settings
from servicebook.text.source_file import SourceFile
from servicebook.workflow.lifecycles import LIFECYCLES, events_of
from servicebook.workflow.transitions import state_after

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 12, 8, 43, 5, tzinfo=ZONE)
PATH = "tickets/incidents/2026/03/INC-20260312-7F3K.md"
TEXT = """---
schema: incident/1
id: INC-20260312-7F3K   # told on the phone
title: 直播频道 3 黑屏
customer: harbour-tv
reported_at: 2026-03-12T08:41:00+08:00
status: new
timeline:
- {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: wang.fang}
---
## Symptom

Black.
"""
STEPS = sorted({step.event for step in LIFECYCLES["incident"].steps})


def source(text: str = TEXT) -> SourceFile:
    return SourceFile(PATH, text.encode())


def facts_of(file: SourceFile) -> Facts:
    loaded = load_record(file, Settings())
    assert loaded.facts is not None, loaded.diagnostics
    assert loaded.sound, loaded.diagnostics
    return loaded.facts


def stamp(minutes: int = 10, late: int = 0) -> Stamp:
    at = START + timedelta(minutes=minutes)
    return Stamp("li.wei", at, at + timedelta(minutes=late))


def other(kind: str, id: str) -> Facts:
    return Facts(f"{id}.md", "", kind, id, id, "active", "{}", ())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(STEPS), max_size=8))
def test_any_road_is_lawful_or_refused(road: list[str]) -> None:
    """Whatever is tried, the status is what the life says, lines are only added, the model accepts the file."""
    file = source()
    life = LIFECYCLES["incident"]
    for minute, event in enumerate(road, 1):
        facts = facts_of(file)
        due = state_after(life, facts.status, event)
        if due is None:
            with pytest.raises(FindingsError):
                record_event(file, facts, event, stamp(minute), reason="waiting_customer")
            continue
        after = record_event(file, facts, event, stamp(minute), reason="waiting_customer")
        assert facts_of(after).status == facts_of(after).get("status") == due
        old = [line for line in file.data.decode().splitlines() if not line.startswith("status:")]
        new = [line for line in after.data.decode().splitlines() if not line.startswith("status:")]
        assert len(new) == len(old) + 1
        assert [line for line in new if line in old] == old
        file = after


@settings(deadline=None)
@given(st.text(min_size=1, max_size=80).filter(lambda text: text.strip() and text.isprintable()))
def test_any_note_reads_back(note: str) -> None:
    after = record_event(source(), facts_of(source()), "note", stamp(), note=note)
    assert facts_of(after).timeline[-1]["note"] == note


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_every_event_of_every_kind_has_a_way_or_a_reason(kind: str) -> None:
    """A refusal always names a remedy."""
    for state in LIFECYCLES[kind].states:
        facts = Facts("x.md", "", kind, "X-20260101-0000", "t", state, "{}", ())
        for event in events_of(kind):
            try:
                from servicebook.actions.event import require_lawful

                require_lawful(facts, event)
            except FindingsError as error:
                assert "servicebook" in error.hint, (kind, state, event)


def test_event_ids() -> None:
    ids = [new_event_id(()) for _ in range(300)]
    assert all(re.fullmatch("[abcdefghjkmnpqrstvwxyz][0-9abcdefghjkmnpqrstvwxyz]{3}", id) for id in ids)
    assert len(set(ids)) > 280


def test_late_events_keep_both_times() -> None:
    facts = facts_of(source())
    assert "recorded_at" not in event_of(facts, "note", stamp(late=5), {})
    assert event_of(facts, "note", stamp(late=6), {})["recorded_at"] == "2026-03-12T08:59:05+08:00"


def test_times_that_cannot_be() -> None:
    facts = facts_of(source())
    with pytest.raises(FindingsError, match="before"):
        record_event(source(), facts, "note", stamp(-10))
    with pytest.raises(FindingsError, match="lies ahead"):
        record_event(source(), facts, "note", stamp(late=-6))


def test_acknowledge_and_take() -> None:
    after = facts_of(acknowledge(source(), facts_of(source()), stamp(), via="phone", to="陈工", take=True))
    assert after.status == "in_progress"
    assert after.get("assigned_to") == "li.wei"
    assert after.timeline[-1]["to"] == "陈工"


def test_assign_to_person_team_and_nothing_else() -> None:
    facts = facts_of(source())
    assert facts_of(assign(source(), facts, stamp(), other("team", "live"))).get("assignment_group") == "live"
    after = facts_of(assign(source(), facts, stamp(), other("person", "li.wei")))
    assert after.get("assigned_to") == after.timeline[-1]["assigned_to"] == "li.wei"
    with pytest.raises(FindingsError, match="a person or a team"):
        assign(source(), facts, stamp(), other("asset", "x"))
    both = facts_of(assign(source(), facts, stamp(), other("person", "li.wei"), other("team", "live")))
    line = both.timeline[-1]
    assert (line["assigned_to"], line["assignment_group"]) == ("li.wei", "live") == (
        both.get("assigned_to"), both.get("assignment_group")
    )  # fmt: skip
    with pytest.raises(FindingsError, match="goes to one person"):
        assign(source(), facts, stamp(), other("person", "li.wei"), other("person", "chen.hao"))


def test_pause_resume_resolve_reopen_close() -> None:
    file = acknowledge(source(), facts_of(source()), stamp(1))
    file = pause(file, facts_of(file), stamp(2), "waiting_supplier", until="2026-03-12T12:00:00+08:00")
    file = resume(file, facts_of(file), stamp(3))
    file = resolve(file, facts_of(file), stamp(4), {"resolution_code": "fixed", "human_caused": False, "method": ""})
    assert facts_of(file).get("resolution") == {"resolution_code": "fixed", "human_caused": False}
    file = reopen(file, facts_of(file), stamp(5), reason="again")
    file = resolve(file, facts_of(file), stamp(6), {"resolution_code": "workaround"})
    assert facts_of(file).get("resolution") == {"resolution_code": "workaround", "human_caused": False}
    outcome = {"response": {"outcome": "met", "agreement": "gold@2026-01-01", "hours": "always@2026-01-01"}}
    file = close(file, facts_of(file), stamp(7), outcome)
    assert facts_of(file).get("sla") == outcome
    assert facts_of(file).status == "closed"
    assert "# told on the phone" in file.data.decode()


def test_pause_wants_one_of_the_reasons() -> None:
    with pytest.raises(FindingsError, match="not a reason"):
        pause(source(), facts_of(source()), stamp(), "lunch")


def test_links() -> None:
    file = link(source(), facts_of(source()), other("problem", "PRB-20260313-Q2RT"))
    file = link(file, facts_of(file), other("problem", "PRB-20260313-AAAA"))
    file = link(file, facts_of(file), other("change", "CHG-20260311-0X4M"), "caused_by_change")
    assert facts_of(file).get("links") == {
        "problem": ["PRB-20260313-Q2RT", "PRB-20260313-AAAA"],
        "caused_by_change": "CHG-20260311-0X4M",
    }
    with pytest.raises(FindingsError, match="already"):
        link(file, facts_of(file), other("problem", "PRB-20260313-Q2RT"))
    with pytest.raises(FindingsError, match="already"):
        link(file, facts_of(file), other("change", "CHG-20260311-ZZZZ"), "caused_by_change")
    with pytest.raises(FindingsError, match="no place"):
        link(file, facts_of(file), other("asset", "x"))
