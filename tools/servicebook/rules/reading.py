"""What rules ask of a record before they look closer: is it sound, whom does it link, when was it opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.typed import TYPE_CHECKING
from servicebook.workflow.lifecycles import LIFECYCLES

if TYPE_CHECKING:
    from servicebook.loader import Loaded

GONE = ("retired", "expired")
"""States of a standing record that nothing new should lean on."""


def sound_facts(loaded: Loaded) -> Facts | None:
    """Return the facts of a record that its model accepts; None for a broken one (told already)."""
    return loaded.facts if loaded.sound else None


def is_broken(facts: Facts) -> bool:
    """Whether only the record's name could be read, so that nothing can be said about its fields."""
    return bool(facts.get("$broken"))


def is_ticket(facts: Facts) -> bool:
    """Whether the record has a life and a timeline."""
    return BY_NAME[facts.kind].ticket


def is_at_rest(facts: Facts) -> bool:
    """Whether the record belongs to history: a ticket in a final state, a standing record that is gone."""
    life = LIFECYCLES.get(facts.kind)
    return facts.status in life.final if life else facts.status in GONE


def opened_at(facts: Facts) -> datetime | None:
    """Return the instant of the first `opened` event, or None."""
    events = facts.events
    return facts.instants[events.index("opened")] if "opened" in events else None


def linked(facts: Facts, name: str) -> tuple[str, ...]:
    """Return the ids under `links.<name>`, whether one or a list is written there."""
    value = facts.get("links", name)
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value or () if isinstance(item, str))


def listed(words: Iterable[str]) -> str:
    """Return words as a message shows them: in backticks, set off by commas."""
    return ", ".join(f"`{word}`" for word in words)
