"""What stands within two steps of an asset or a service: what it stands on, and what stands on it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from itertools import zip_longest
from typing import NamedTuple

from servicebook.publish.view import View
from servicebook.records.facts import Facts, Ref

KINDS = ("service", "asset")
"""Kinds whose pages draw their neighbourhood, and that stand in it."""
STEPS = 2
MOST = {"asset": 30, "service": 20}
"""So many records a drawing on a page of a kind holds, its own among them; the nearest are taken first. The page of
a service has much else, and no page is larger than 60 KB."""

USES = "uses"
"""The tie of a service to its assets, whichever of the two records names the other."""


class Tie(NamedTuple):
    """An arrow of the drawing: `source` stands on `target`, both by path; relation: a type of `relations`, or USES."""

    source: str
    relation: str
    target: str


class Neighbourhood(NamedTuple):
    """The records around one, by path: what stands on it -2 and -1 steps away, itself 0, what it stands on 1 and 2.

    left_out: how many more there are within two steps.
    """

    steps: dict[str, int]
    ties: tuple[Tie, ...]
    left_out: int


_Neighbours = Callable[[View, Facts], Iterator[Facts]]


def neighbourhood_of(view: View, facts: Facts) -> Neighbourhood:
    """Return what stands around an asset or a service; itself alone where nothing does."""
    below, above = _rows(view, facts, _targets), _rows(view, facts, _sources)
    found: dict[str, int] = {facts.path: 0}
    for step, (down, up) in enumerate(zip(below, above, strict=True), 1):
        for pair in zip_longest(down, up):  # in turn, so that neither side takes all the room
            for path, sign in zip(pair, (step, -step), strict=True):
                if path is not None:
                    found.setdefault(path, sign)
    shown = dict(list(found.items())[: MOST[facts.kind]])
    written = {tie for path in shown for tie in _ties(view, view.records[path])}
    ties = {tie for tie in written if _is_drawn(tie, shown)}
    return Neighbourhood(shown, tuple(sorted(ties)), len(found) - len(shown))


def _is_drawn(tie: Tie, shown: dict[str, int]) -> bool:
    """Whether a tie leads from a shown record to one a step on: the road between them and the page's own.

    Roads that pass it by, and how neighbours are tied among themselves, stand on the pages of those.
    """
    return tie.source in shown and tie.target in shown and abs(shown[tie.source] - shown[tie.target]) == 1


def face_of_neighbourhood(view: View, around: Neighbourhood) -> list[object]:
    """Return all that a drawing shows of the records around, for the digest of its page."""
    records = [view.records[path] for path in around.steps]
    faces = [(one.path, one.kind, one.title, str(one.data.get("title_zh") or ""), one.status) for one in records]
    return [faces, list(around.steps.values()), around.ties, around.left_out]


def near(view: View, facts: Facts) -> set[str]:
    """Return the paths of all records whose drawings may show a record, as it is or as it was; itself left out."""
    found: set[str] = set()
    for neighbours in (_targets, _sources):
        found.update(*_rows(view, facts, neighbours))
    return found


def _rows(view: View, facts: Facts, neighbours: _Neighbours) -> list[list[str]]:
    """Return the paths of what lies one step away in one direction, two steps, ...: services first, then by id."""
    known, rows, row = {facts.path}, [], [facts]
    for _ in range(STEPS):
        fresh = {one.path: one for near_one in row for one in neighbours(view, near_one) if one.path not in known}
        row = sorted(fresh.values(), key=lambda one: (KINDS.index(one.kind), one.id))
        known |= fresh.keys()
        rows.append([one.path for one in row])
    return rows


def _targets(view: View, facts: Facts) -> Iterator[Facts]:
    """Yield what a record stands on."""
    for ref, one in _named(view, facts):
        if not _is_served(facts, ref):
            yield one
    if facts.kind == "service":
        yield from (one for one, ref in view.referrers(facts, "asset") if _is_served(one, ref))


def _sources(view: View, facts: Facts) -> Iterator[Facts]:
    """Yield what stands on a record."""
    yield from (one for one, ref in view.referrers(facts, *KINDS) if _is_tie(ref) and not _is_served(one, ref))
    yield from (one for ref, one in _named(view, facts) if _is_served(facts, ref))


def _ties(view: View, facts: Facts) -> Iterator[Tie]:
    """Yield the ties that a record writes down."""
    for ref, one in _named(view, facts):
        if _is_served(facts, ref):
            yield Tie(one.path, USES, facts.path)
        else:
            yield Tie(facts.path, _relation(facts, ref), one.path)


def _named(view: View, facts: Facts) -> Iterator[tuple[Ref, Facts]]:
    for ref in facts.refs if facts.kind in KINDS else ():
        if _is_tie(ref) and (one := view.target(ref)) is not None and one.kind in KINDS and one.path != facts.path:
            yield ref, one


def _is_tie(ref: Ref) -> bool:
    return ref.field[0] in ("relations", "depends_on", "assets", "service")


def _is_served(facts: Facts, ref: Ref) -> bool:
    """Whether a reference of an asset names the service that stands on it."""
    return facts.kind == "asset" and ref.field[0] == "service"


def _relation(facts: Facts, ref: Ref) -> str:
    if ref.field[0] == "relations":
        return str(facts.get(*ref.field[:-1], "type", default="depends-on"))
    return USES if ref.field[0] == "assets" else "depends-on"


def is_drawn(facts: Facts, ref: Ref, drawn: Container[str]) -> bool:
    """Whether a reference of a record is one of the ties among the records that are drawn."""
    return facts.kind in KINDS and facts.path in drawn and _is_tie(ref)
