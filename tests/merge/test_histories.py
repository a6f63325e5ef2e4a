"""The laws of merging over random histories: no event lost, no field twice, whoever is called ours."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.merge.front import kind_of
from servicebook.merge.markers import decide, read_sections
from servicebook.merge.record import FILE, Merged, merge_record
from servicebook.text.document import Document
from servicebook.workflow.lifecycles import LIFECYCLES
from servicebook.workflow.transitions import status_of

from .histories import some_history


@lru_cache(maxsize=64)
def fields_of(data: bytes) -> dict:
    return Document(data).fields


def without_outcome(data: bytes) -> dict:
    """Return the fields but for the closing block, which comes and goes with its being true."""
    return {name: value for name, value in fields_of(data).items() if name != "sla"}


def events_of(fields: dict) -> list[str]:
    return [event["id"] for event in fields.get("timeline") or []]


@lru_cache(maxsize=64)
def sides_of(data: bytes) -> list[bytes]:
    """Return a merged file with its clashes decided for ours and for theirs."""
    sections = read_sections(data.decode())
    return [decide(sections, side).encode() for side in (0, 1)]


def judge_events(merged: Merged, base: bytes, *edited: bytes) -> None:
    """Every event of every side is there once, each side's in its own order; and both decisions can be read."""
    for side in sides_of(merged.data):
        there = events_of(fields_of(side))
        assert len(set(there)) == len(there)
        for one in (base, *edited):
            own = events_of(fields_of(one))
            assert [id for id in there if id in own] == own


def judge_scalars(merged: Merged, base: bytes, ours: bytes, theirs: bytes) -> None:
    """Plain fields obey the three-way rule, by an oracle that knows nothing of texts."""
    old, left, right = fields_of(base), fields_of(ours), fields_of(theirs)
    results = [fields_of(side) for side in sides_of(merged.data)]
    for name in {*old, *left, *right} - {"status", "sla"}:
        values = [side.get(name) for side in (old, left, right)]
        if any(isinstance(value, (dict, list)) for value in values):
            continue
        was, mine, yours = values
        clash = mine != yours and was not in (mine, yours)
        due = [mine, yours] if clash else [yours if mine == was else mine] * 2
        assert [result.get(name) for result in results] == due, name
        assert (name in merged.conflicts) == clash, name


def judge_sets(merged: Merged, base: bytes, ours: bytes, theirs: bytes) -> None:
    """Lists of words hold what both sides kept and what either added, once."""
    old, left, right = fields_of(base), fields_of(ours), fields_of(theirs)
    for name in ("tags", "assets"):
        was, mine, yours = (set(side.get(name) or []) for side in (old, left, right))
        for side in map(fields_of, sides_of(merged.data)):
            assert set(side.get(name) or []) == (mine & yours) | (mine - was) | (yours - was)
            assert len(set(side.get(name) or [])) == len(side.get(name) or [])


def judge_maps(merged: Merged, base: bytes, ours: bytes, theirs: bytes) -> None:
    """Mappings that all sides have obey the three-way rule key by key; a clash leaves each side its own word.

    One in lines against one in brackets is a clash as a whole where a comment would go.
    """
    sides = [fields_of(side) for side in (base, ours, theirs)]
    for name in ("custom", "caller", "resolution", "plan"):
        if not all(isinstance(side.get(name), dict) for side in sides):
            continue
        was, mine, yours = (side[name] for side in sides)
        for result, own in zip(map(fields_of, sides_of(merged.data)), (mine, yours), strict=True):
            if name in merged.conflicts and result[name] == own:
                continue
            for key in {*was, *mine, *yours}:
                values = (was.get(key), mine.get(key), yours.get(key))
                due = values[2] if values[1] == values[0] else values[1]
                if values[1] != values[2] and values[0] not in values[1:]:
                    due = own.get(key)
                assert (result.get(name) or {}).get(key) == due, (name, key)


def judge_status(merged: Merged, ours: bytes, theirs: bytes) -> None:
    left, right = fields_of(ours), fields_of(theirs)
    kind = kind_of(left)
    if kind in LIFECYCLES and all(status_of(kind, f.get("timeline") or []) == f["status"] for f in (left, right)):
        for side in map(fields_of, sides_of(merged.data)):
            assert side["status"] == status_of(kind, side.get("timeline") or [])


def judge_comments(merged: Merged, *edited: bytes) -> None:
    for side in edited:
        for comment in re.findall(rb"^# \w+ says \d+", side, re.MULTILINE):
            assert comment in merged.data


def judge(seed: int) -> None:
    """All laws on one history of two branches."""
    base, ours, theirs = some_history(seed)
    merged, other = merge_record(base, ours, theirs), merge_record(base, theirs, ours)
    assert FILE not in merged.conflicts
    assert sides_of(merged.data) == sides_of(other.data)[::-1]
    assert (set(merged.conflicts), merged.dropped) == (set(other.conflicts), other.dropped)
    assert bool(merged.conflicts) == (b"<<<<<<< ours" in merged.data)
    judge_events(merged, base, ours, theirs)
    judge_scalars(merged, base, ours, theirs)
    judge_sets(merged, base, ours, theirs)
    judge_maps(merged, base, ours, theirs)
    judge_status(merged, ours, theirs)
    judge_comments(merged, ours, theirs)
    for side in (ours, theirs):
        assert merge_record(base, side, side).data == side
        assert merge_record(base, base, side).data == merge_record(base, side, base).data == side
        if not merged.conflicts:
            again = merge_record(base, merged.data, side)
            assert without_outcome(sides_of(again.data)[0]) == without_outcome(merged.data)


def judge_three(seed: int) -> None:
    """Three branches in any order: every event of each is there."""
    base, *edited = some_history(seed, 3)
    for one, two, three in itertools.permutations(edited):
        first = sides_of(merge_record(base, one, two).data)[0]
        judge_events(merge_record(base, first, three), base, one, two, three)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(st.integers(min_value=0))
def test_two_branches(seed: int) -> None:
    judge(seed)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0))
def test_three_branches_in_any_order(seed: int) -> None:
    judge_three(seed)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_twelve_thousand_histories() -> None:
    for seed in range(12_000):
        judge(seed)
    for seed in range(2_000):
        judge_three(seed)
