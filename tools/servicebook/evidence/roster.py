"""Who the people were at some point of the main branch: their addresses and the keys they signed with."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from servicebook.evidence.held_keys import HeldKey, Standing, held_keys, holder_of, key_standing
from servicebook.evidence.ledger import PEOPLE, Ledger
from servicebook.evidence.public_keys import SigningKey
from servicebook.evidence.withdrawals import Withdrawals
from servicebook.records.facts import Facts
from servicebook.store.mainline import read_mainline
from servicebook.store.repository import Repository


class Person(NamedTuple):
    """One person's record, as far as signing and authorship hang on it."""

    id: str
    emails: tuple[str, ...]
    keys: tuple[HeldKey, ...]


class People(NamedTuple):
    """All people at one position."""

    by_id: Mapping[str, Person]
    holders: Mapping[SigningKey, str]

    def standing(self, person: str, key: SigningKey, at: datetime, namespace: str) -> Standing:
        """Return how a key stands among a person's at an instant; a key that two people claim is nobody's."""
        known = self.by_id.get(person)
        if known is None or self.holders.get(key) != person:
            return "unknown"
        return key_standing(known.keys, key, at, namespace)


class Roster:
    """The people at every position, each state of their records read once.

    What an earlier state said of the end of a key holds on in the later ones.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._paths = [path for path in ledger.paths(PEOPLE) if path.endswith(".md")]
        moves = {state.position for path in self._paths for state in ledger.states(path)}
        self._moves = sorted(moves)
        self._people: dict[int, People] = {}
        self._persons: dict[str, Person | None] = {}
        self._told: dict[str, list[Person | None]] = {}
        self._said: dict[str, Withdrawals] = {}
        self._holders: dict[str, list[tuple[int, str]]] | None = None
        self._since: dict[tuple[str, SigningKey], int] = {}

    def at(self, position: int) -> People:
        """Return the people before `position`."""
        place = bisect_left(self._moves, position)
        if place not in self._people:
            self._people[place] = self._read(position)
        return self._people[place]

    def persons_of(self, email: str, position: int) -> tuple[str, ...]:
        """Return everybody whose record had an address at any time before `position`, by name.

        Who wrote under it stays who wrote, whatever became of the record; one that several claim may be anybody's.
        """
        if self._holders is None:
            self._holders = {}
            for path in self._paths:
                for state, person in zip(self._ledger.states(path), self._states(path), strict=True):
                    if person and path == f"{PEOPLE}/{person.id}.md":
                        for address in person.emails:
                            self._holders.setdefault(address, []).append((state.position, person.id))
        found = self._holders.get(email.strip().lower(), ())
        return tuple(sorted({id for since, id in found if since < position}))

    def now(self) -> People:
        """Return the people at the tip."""
        return self.at(self._ledger.end)

    def since(self, person: str, key: SigningKey) -> int:
        """Return the position of the commit that first brought a key into a person's record; the end where none did."""
        if (person, key) not in self._since:
            path = f"{PEOPLE}/{person}.md"
            found = (
                state.position
                for state in self._ledger.states(path)
                if state.blob and (known := self._person(path, state.blob))
                if any(held.key == key for held in known.keys)
            )
            self._since[person, key] = next(found, self._ledger.end)
        return self._since[person, key]

    def ended(self, person: str, keys: tuple[HeldKey, ...], at: datetime) -> tuple[HeldKey, ...]:
        """Return keys that a person's record has, landed or not, each with the ends that the branch ever gave it."""
        path = f"{PEOPLE}/{person}.md"
        self._states(path)
        return self._said[path].ended(keys, at)

    def _read(self, position: int) -> People:
        by_id: dict[str, Person] = {}
        for path in self._paths:
            place = bisect_left(self._ledger.states(path), position, key=lambda state: state.position)
            person = self._states(path)[place - 1] if place else None
            if person is None or path != f"{PEOPLE}/{person.id}.md":
                continue
            by_id[person.id] = person
        every = [held for person in by_id.values() for held in person.keys]
        return People(by_id, {held.key: holder_of(every, held.key) for held in every})

    def _states(self, path: str) -> list[Person | None]:
        """Return what each state of a record says of its person; None for one that is gone or cannot be read."""
        if not self._told:
            every = {state.blob for name in self._paths for state in self._ledger.states(name)}
            self._ledger.read_ahead(blob for blob in every if blob not in self._persons)
        if path not in self._told:
            said, found = self._said.setdefault(path, Withdrawals()), list[Person | None]()
            for position, blob in self._ledger.states(path):
                person = self._person(path, blob) if blob else None
                found.append(person and person._replace(keys=said.apply(person.keys, self._ledger.landed[position])))
            self._told[path] = found
        return self._told[path]

    def _person(self, path: str, blob: str) -> Person | None:
        if blob not in self._persons:
            front = self._ledger.front(path, blob)
            self._persons[blob] = _parsed(path, front.data) if front else None
        return self._persons[blob]


def _parsed(path: str, data: Mapping[str, object]) -> Person | None:
    id, emails, keys = data.get("id"), data.get("emails") or [], data.get("signing_keys") or []
    if not isinstance(id, str):
        return None
    told = json.dumps({"signing_keys": keys if isinstance(keys, list) else []}, ensure_ascii=False)
    addresses = (
        [email.strip().lower() for email in emails if isinstance(email, str)] if isinstance(emails, list) else []
    )
    return Person(id, tuple(dict.fromkeys(addresses)), held_keys(Facts(path, "", "person", id, "", "", told, ())))


def read_roster(repository: Repository, tip: str, now: datetime) -> Roster:
    """Return the people of the branch that ends at the commit `tip`. Raises CannotDecideError in a shallow clone."""
    return Roster(Ledger(repository, tip, read_mainline(repository, tip, [PEOPLE]), now))
