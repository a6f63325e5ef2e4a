"""Ids: four characters that read well on the telephone, events that no YAML reader takes for numbers, slugs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicebook.records.ids import new_event_id, random_part, seeded_event_id, seeded_part, slug_of
from servicebook.records.instants import is_same_instant, parse_instant
from servicebook.records.kinds import CROCKFORD, SLUG_PATTERN

EVENT_ID = re.compile("[a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]{3}")


def test_parts_are_crockford() -> None:
    parts = {random_part() for _ in range(200)} | {seeded_part(str(n)) for n in range(200)}
    assert len(parts) > 390
    assert all(len(part) == 4 and set(part) <= set(CROCKFORD) for part in parts)


@given(st.text())
def test_a_seed_gives_one_id_for_ever(seed: str) -> None:
    assert seeded_event_id(seed) == seeded_event_id(seed)
    assert EVENT_ID.fullmatch(seeded_event_id(seed))


def test_ids_of_imports_made_before_stay() -> None:
    assert seeded_part("cstate:jenkins\0issue\x000") == "38XH"
    assert seeded_event_id("cstate:jenkins\0issue\0opened") == "k5k0"


def test_a_taken_event_id_is_not_given_again() -> None:
    taken = {new_event_id(()) for _ in range(50)}
    assert new_event_id(taken) not in taken
    assert all(map(EVENT_ID.fullmatch, taken))


@given(st.text())
def test_a_slug_is_one_or_nothing(text: str) -> None:
    slug = slug_of(text)
    assert not slug or SLUG_PATTERN.fullmatch(slug)


@pytest.mark.parametrize(
    ("text", "joint", "slug"),
    [("Restart a transcoder", "-", "restart-a-transcoder"), ("Wang Fang", ".", "wang.fang"), ("黑屏", "-", "")],
)
def test_a_name_gives_its_slug(text: str, joint: str, slug: str) -> None:
    assert slug_of(text, joint) == slug


@pytest.mark.parametrize("text", ["2026-03-12T08:41:00", "2026-03-12", "yesterday", None, 5])
def test_without_an_offset_there_is_no_instant(text: object) -> None:
    assert parse_instant(text) is None


def test_one_instant_in_two_offsets() -> None:
    assert is_same_instant("2026-03-12T08:41:00+08:00", "2026-03-12T00:41:00Z")
    assert not is_same_instant("2026-03-12T08:41:00+08:00", "2026-03-12T08:41:00Z")
    assert is_same_instant(None, None)
