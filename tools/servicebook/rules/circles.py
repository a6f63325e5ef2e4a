"""Is there a record that, followed upward, leads back to itself?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath
from servicebook.diagnostics.rule import Rule, rule
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot


def _circles(
    desk: Snapshot, found: Rule, kinds: tuple[str, ...], edges: dict[str, list[str]], where: KeyPath
) -> Iterator[Diagnostic]:
    """Yield one finding for every circle of a graph of ids, at its member with the smallest id."""
    for circle in circles_of(edges):
        facts = next(filter(None, (desk.get(kind, circle[0]) for kind in kinds)), None)
        if facts:
            yield found.at(facts.path, where, circle=" → ".join(f"`{name}`" for name in (*circle, circle[0])))


def circles_of(edges: dict[str, list[str]]) -> list[tuple[str, ...]]:
    """Return the circles met when every node is followed depth first, each from its smallest id on, sorted."""
    done: set[str] = set()
    circles: set[tuple[str, ...]] = set()
    for start in sorted(edges):
        road: dict[str, int] = {}
        trail = [iter((start,))]
        while trail:
            node = next(trail[-1], None)
            if node is None:
                trail.pop()
                if road:
                    done.add(road.popitem()[0])
            elif node in road:
                circle = list(road)[road[node] :]
                turn = circle.index(min(circle))
                circles.add((*circle[turn:], *circle[:turn]))
            elif node not in done:
                road[node] = len(road)
                trail.append(iter(sorted(edges.get(node, ()))))
    return sorted(circles)


@rule(
    "DSK807",
    "circle-of-assets",
    scope="desk",
    message="the asset hangs on itself: {circle}",
    hint="take out the relation that is the wrong way round",
    kinds=("asset",),
)
def circle_of_assets(desk: Snapshot) -> Iterator[Diagnostic]:
    """Assets that run on, depend on or are part of one another in a circle.

    Why: whoever asks what fails when this fails never gets to the end.

    Example:
        transcoder-03 runs-on rack-2, rack-2 part-of transcoder-03

    Instead:
        transcoder-03 runs-on rack-2, rack-2 part-of hall-1
    """
    from servicebook.workflow.landscape import UPWARD, ties_of  # only where assets were edited

    edges = {facts.id: [target for tie, target in ties_of(facts) if tie in UPWARD] for facts in desk.of_kind("asset")}
    yield from _circles(desk, circle_of_assets, ("asset",), edges, ("relations",))


@rule(
    "DSK808",
    "circle-of-services",
    scope="desk",
    message="the service depends on itself: {circle}",
    hint="take out the entry of `depends_on` that is the wrong way round",
    kinds=("service",),
)
def circle_of_services(desk: Snapshot) -> Iterator[Diagnostic]:
    """Services that depend on one another in a circle.

    Why: an outage of one is an outage of all, for ever, in every report.

    Example:
        live-streaming depends_on cdn, cdn depends_on live-streaming

    Instead:
        live-streaming depends_on cdn
    """
    edges = {facts.id: facts.get("depends_on", default=[]) for facts in desk.of_kind("service")}
    yield from _circles(desk, circle_of_services, ("service",), edges, ("depends_on",))


@rule(
    "DSK809",
    "circle-of-tickets",
    scope="desk",
    message="the ticket is a part of itself: {circle}",
    hint="take one `parent` out",
)
def circle_of_tickets(desk: Snapshot) -> Iterator[Diagnostic]:
    """Tickets that are parts of one another in a circle.

    Why: none of them can ever be the last to close.

    Example:
        INC-20260312-7F3K: parent: INC-20260312-9ABC, and the other way round

    Instead:
        one of the two without `parent`
    """
    rows = list(desk.saying('"parent"'))
    edges = {facts.id: [facts.get("links", "parent")] for facts in rows if facts.get("links", "parent")}
    kinds = tuple(sorted({facts.kind for facts in rows}))
    yield from _circles(desk, circle_of_tickets, kinds, edges, ("links", "parent"))


@rule(
    "DSK810",
    "circle-of-escalation",
    scope="desk",
    message="escalation goes round in a circle: {circle}",
    hint="let one team hand on to somebody who can decide, or to nobody",
    kinds=("team",),
)
def circle_of_escalation(desk: Snapshot) -> Iterator[Diagnostic]:
    """Teams that hand on to one another in a circle.

    Why: a ticket that nobody can solve must arrive at somebody; in a circle it is always somebody else's.

    Example:
        service-desk escalates_to live-operations, live-operations escalates_to service-desk

    Instead:
        live-operations escalates_to platform-engineering
    """
    teams = desk.of_kind("team")
    edges = {facts.id: [up] for facts in teams if (up := facts.get("escalates_to"))}
    yield from _circles(desk, circle_of_escalation, ("team",), edges, ("escalates_to",))


@rule(
    "DSK811",
    "articles-that-replace-each-other",
    scope="desk",
    message="the article is replaced by itself: {circle}",
    hint="keep `supersedes` on the newer one only",
    kinds=("article",),
)
def articles_that_replace_each_other(desk: Snapshot) -> Iterator[Diagnostic]:
    """Articles that supersede one another in a circle.

    Why: the reader is sent from one to the other, and neither says what to do.

    Example:
        restart-2: supersedes: [restart-1], restart-1: supersedes: [restart-2]

    Instead:
        restart-2: supersedes: [restart-1]
    """
    edges = {facts.id: facts.get("supersedes", default=[]) for facts in desk.of_kind("article")}
    yield from _circles(desk, articles_that_replace_each_other, ("article",), edges, ("supersedes",))


@rule(
    "DSK813",
    "circle-of-managers",
    scope="desk",
    message="these lead one another in a circle: {circle}",
    hint="take `manager` out of the record of who stands highest",
    kinds=("person",),
)
def circle_of_managers(desk: Snapshot) -> Iterator[Diagnostic]:
    """People of whom each is the manager of the next, in a circle.

    Why: what is escalated goes up the line; in a circle it arrives at nobody who can decide.

    Example:
        lin.yue: manager: tang.bo, tang.bo: manager: lin.yue

    Instead:
        lin.yue: manager: tang.bo
    """
    edges = {facts.id: [up] for facts in desk.of_kind("person") if (up := facts.get("manager"))}
    yield from _circles(desk, circle_of_managers, ("person",), edges, ("manager",))


RULES: tuple[Rule, ...] = (
    circle_of_assets,
    circle_of_services,
    circle_of_tickets,
    circle_of_escalation,
    articles_that_replace_each_other,
    circle_of_managers,
)
