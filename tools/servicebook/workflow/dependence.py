"""What fails when assets fail, and on what an asset stands: walks along relations that know redundancy.

How a failure travels, by the relation with which one record names another:

- `runs-on`, `depends-on`: it goes down with its target. It is degraded where something in use that the target is
  `backed-up-by` takes over, and where the target is degraded.
- `part-of`: a part goes down with its whole; a whole is degraded by a part that is hurt, and down when all are down.
- `connects-to`: it is degraded without its last connection, unprotected while another is left.
- `backed-up-by`: it is unprotected while one of its backups is down.
- A service is as its assets are, down when all of them are; it depends on the services that it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from servicebook.records.facts import Facts
from servicebook.typed import NamedTuple
from servicebook.workflow.landscape import LISTS, NEEDS, SERVES, SERVICE, Landscape

OUTCOMES = ("", "unprotected", "degraded", "down")
"""What can become of an asset or a service, the worst last."""
UNPROTECTED, DEGRADED, DOWN = 1, 2, 3
SERVED = "served-by"
"""How a service is tied to its assets."""


class Hit(NamedTuple):
    """What becomes of one record, and by which relation to which record it was hit so.

    steps: how many relations away from what failed; what failed itself has 0 and neither relation nor record.
    """

    facts: Facts
    outcome: str
    by: str
    through: str
    steps: int


class Footing(NamedTuple):
    """A record that another stands on: by which relation of which record, how many up.

    outcome: what its failure alone makes of the other: `down` for a single point of failure, `degraded`, or nothing.
    """

    facts: Facts
    by: str
    of: str
    steps: int
    outcome: str


def failing(land: Landscape, assets: Iterable[str]) -> dict[str, Hit]:
    """Return by key what becomes of every record that is hit when these assets fail together, the worst hit first."""
    spread = _Spread(land)
    spread.bring_down([key for name in assets if (key := land.key(name))])
    spread.degrade()
    spread.unprotect()
    because = spread.because
    return {
        key: Hit._make((facts, OUTCOMES[level], *because[key]))  # half of what `Hit()` costs, for thousands
        for key, level in spread.levels.items()
        if (facts := land.facts(key))
    }


class _Spread:
    """A failure on its way: what goes down hangs on nothing but what is down, so that is found first, then the rest."""

    def __init__(self, land: Landscape) -> None:
        self.levels: dict[str, int] = {}
        self.because: dict[str, tuple[str, str, int]] = {}
        self._land = land
        self._row: list[str] = []
        self._parts_down: defaultdict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, int] = {}
        self._lost: set[str] = set()
        self._softly: list[tuple[str, str, str]] = []

    def bring_down(self, keys: Iterable[str]) -> None:
        """Find what is down with these."""
        for key in keys:
            self._hit(DOWN, key, "", "")
        while self._row:
            row, self._row = self._row, []
            self._land.read_around(row, onward=True)
            self._bring_down_with(row)
            wholes = self._land.wholes_of(row)
            self._land.read_around(wholes)
            for whole, parts in wholes.items():
                self._take_parts(whole, parts)

    def _bring_down_with(self, row: list[str]) -> None:
        """Bring down what records take along."""
        land, levels, softly = self._land, self.levels, self._softly
        kept = {key for key in land.backed_up(row) if self._has_backup(key)}
        lost = [key for key in row if key not in kept] if kept else row
        self._lost.update(lost)
        row, lost = land.named(row), land.named(lost)
        for tie in NEEDS:
            self._hit_those(tie, land.naming_each(lost, tie))
            softly += [(tie, key, other) for key, others in land.naming_each(kept, tie) for other in others]
        parts = land.naming_each(row, "part-of")
        self._hit_those("part-of", [one for one in parts if not one[0].startswith(SERVICE)])
        for key, others in land.naming_each(lost, "connects-to"):
            softly += [("connects-to", key, other) for other in others if other not in levels]
        for key, others in land.naming_each(row, "backed-up-by"):
            for other in others:
                softly.append(("backed-up-by", key, other))
                if other not in self._lost and levels.get(other) == DOWN and not self._has_backup(other):
                    self._row.append(other)  # it was down before, and now nothing takes its place any more

    def _hit_those(self, tie: str, naming: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Bring down who names a record by a tie: as `_hit` does, for thousands."""
        levels, because, row = self.levels, self.because, self._row
        for key, others in naming:
            steps = because[key][2] + 1
            for other in others:
                if other not in levels:
                    levels[other] = DOWN
                    because[other] = (tie, key, steps)
                    row.append(other)

    def _take_parts(self, whole: str, parts: list[str]) -> None:
        """Take parts from a record, assets from a service."""
        if whole in self.levels:
            return
        down = self._parts_down[whole]
        if not down:
            self._softly.append((_word_of(whole), parts[0], whole))
        down.update(parts)
        if whole not in self._parts:
            self._parts[whole] = len(self._land.parts(whole))
        if len(down) == self._parts[whole]:
            self._hit(DOWN, whole, _word_of(whole), parts[-1])

    def degrade(self) -> None:
        """Find what is degraded by what is down, and what that degrades in turn."""
        gone: defaultdict[str, set[str]] = defaultdict(set)
        for tie, key, other in self._softly:
            if other in self.levels:
                continue
            if tie == "connects-to":
                gone[other].add(key)
                if len(gone[other]) == len(set(self._land.tied(other, tie))):
                    self._hit(DEGRADED, other, tie, key)
            elif tie != "backed-up-by" and (tie not in NEEDS or key not in self._lost):
                self._hit(DEGRADED, other, tie, key)
        while self._row:
            row, self._row = self._row, []
            self._land.read_around(row)
            for key in row:
                for tie in NEEDS:
                    for other in self._land.naming(key, tie):
                        self._hit(DEGRADED, other, tie, key)
                for tie, whole in self._services_of(key):
                    self._hit(DEGRADED, whole, tie, key)

    def unprotect(self) -> None:
        """Find what has lost a backup or a connection and goes on, and the services that know it."""
        for tie, key, other in self._softly:
            if tie in ("backed-up-by", "connects-to"):
                self._hit(UNPROTECTED, other, tie, key)
        self._land.read_around(self._row)
        for key in self._row:
            for tie, whole in self._services_of(key):
                if tie == SERVED:
                    self._hit(UNPROTECTED, whole, tie, key)

    def _hit(self, level: int, key: str, by: str, through: str) -> None:
        if key not in self.levels:
            self.levels[key] = level
            self.because[key] = (by, through, self.because[through][2] + 1 if through else 0)
            self._row.append(key)

    def _services_of(self, key: str) -> list[tuple[str, str]]:
        """Return what a record is part of and all services that it serves, each with the word for that."""
        listing = [(SERVED, other) for other in self._land.naming(key, LISTS)]
        return [*((_word_of(whole), whole) for whole in self._land.wholes(key)), *listing]

    def _has_backup(self, key: str) -> bool:
        """Whether something in use takes a record's place."""
        level_of = self.levels.get
        for backup in self._land.backups(key):  # noqa: SIM110 - asked thousands of times: `any` costs twice as much
            if level_of(backup) != DOWN:
                return True
        return False


def _word_of(whole: str) -> str:
    """Return by what word a whole is tied to its part: a service is served by it."""
    return SERVED if whole.startswith(SERVICE) else "has-part"


def footing(land: Landscape, asset: str) -> list[Footing]:
    """Return what an asset stands on, the nearest first; nothing for one that is not in use."""
    start = land.key(asset)
    if not start:
        return []
    found: dict[str, tuple[str, str, int]] = {start: ("", "", 0)}
    below: dict[str, list[tuple[str, str]]] = defaultdict(list)
    # Whoever is part of a whole does not stand on the other parts: those only count where the whole itself is needed.
    wanted, looked_into = [(start, True)], set()
    steps = 0
    while wanted:
        steps += 1
        land.read_around([key for key, _ in wanted])
        row, wanted = wanted, []
        for key, with_parts in row:
            ties = [*(_relied_on(land, key) if key not in below else ()), *(_parts_of(land, key) if with_parts else ())]
            below[key] += ties
            for by, other in ties:
                if other not in found:
                    found[other] = (by, key, steps)
                    wanted.append((other, by != "part-of"))
                elif by != "part-of" and other not in looked_into:
                    wanted.append((other, True))
                if by != "part-of":
                    looked_into.add(other)
    downs, harms = _single_failures(land, below)
    footings = []
    for place, key in enumerate(below):
        facts = land.facts(key)
        if facts and key != start:
            level = DOWN if downs[start] >> place & 1 else DEGRADED if harms[start] >> place & 1 else 0
            footings.append(Footing(facts, *found[key], OUTCOMES[level]))
    return footings


def _relied_on(land: Landscape, key: str) -> Iterator[tuple[str, str]]:
    """Yield the relation to and the key of everything that a record names as what it stands on, or as its backup."""
    for tie, name in land.ties(key):
        other = land.key(name)
        if other and tie not in (SERVES, LISTS) and not (tie == "part-of" and other.startswith(SERVICE)):
            yield tie, other


def _parts_of(land: Landscape, key: str) -> Iterator[tuple[str, str]]:
    """Yield the parts that a record consists of, the assets that serve a service."""
    yield from ((SERVED if key.startswith(SERVICE) else "has-part", part) for part in land.parts(key))


def _single_failures(land: Landscape, below: dict[str, list[tuple[str, str]]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return for each record the failures that alone bring it down, and those that alone degrade it or worse.

    As sets of bits, one for each record in its order: the least sets that hold, grown until nothing moves.
    below: the relation to and the key of all that each record stands on.
    """
    downs = {key: 1 << place for place, key in enumerate(below)}
    harms = dict(downs)
    backups = {key: land.backups(key) for key in below}
    moved = True
    while moved:
        moved = False
        for key in reversed(below):
            down, harm = _failures_of(below[key], backups, downs, harms)
            down, harm = down | downs[key], harm | down | harms[key]
            if down != downs[key] or harm != harms[key]:
                downs[key], harms[key], moved = down, harm, True
    return downs, harms


def _failures_of(
    ties: Sequence[tuple[str, str]], backups: dict[str, Sequence[str]], downs: dict[str, int], harms: dict[str, int]
) -> tuple[int, int]:
    """Return what alone brings a record down and what alone degrades it, as what it stands on is known to fail."""
    down = harm = 0
    paths, parts = [], []
    for tie, other in ties:
        if tie in NEEDS:
            harm |= harms[other]
            down |= _common([downs[one] for one in (other, *backups[other])])
        elif tie == "part-of":
            down |= downs[other]
        elif tie == "connects-to":
            paths.append(_common([downs[one] for one in (other, *backups[other])]))
        elif tie != "backed-up-by":
            parts.append(downs[other])
            harm |= harms[other]
    return down | _common(parts), harm | _common(paths)


def _common(sets: Sequence[int]) -> int:
    """Return the bits that all sets have; none of no sets."""
    both = sets[0] if sets else 0
    for other in sets[1:]:
        both &= other
    return both
