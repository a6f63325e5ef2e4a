"""A record's neighbours: whom it names and who names it, grouped by what ties them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import chain
from urllib.parse import quote

from servicebook.publish.addresses import href
from servicebook.publish.elements import link_list
from servicebook.publish.namers import Namer, refs_to, sums_of_namers
from servicebook.publish.neighbourhood import is_drawn
from servicebook.publish.view import View
from servicebook.records.facts import Facts, Ref

FEW = 3
"""From more on, the records of one relation are a list of their own."""
MANY = 12
"""Of longer lists the newest are shown, with the number of all: a customer is named by every ticket."""

LOUD = ("incident", "service_request", "problem", "known_error", "change", "release", "visit", "inspection", "article")
"""Kinds whose mention is told among the links; what else a record names stands in its facts already."""


SECTIONED = {"service": ("article",)}
"""By the kind of page, kinds that name its record and have a section of their own there, with all of them."""
APART = ("sla", "audience")
"""Fields that tie nothing to the record that they name."""
UNTOLD = ("sla", "timeline", "audience")
"""Fields whose references stand elsewhere on the page."""


def links_html(view: View, address: str, facts: Facts, drawn: Collection[str] = ()) -> str:
    """Return the links of a record from both ends, or nothing; drawn: paths of the records in its drawing.

    What few relations tie has a row with all of them; a relation to many is a list of its own, so that its name stands
    there once.
    """
    few: dict[str, tuple[Facts, dict[str, list[str]]]] = {}
    many = []
    for kind, relation, count, newest_ones in (*_outgoing(view, facts), *_incoming(view, facts, drawn)):
        if count <= FEW:
            for one in newest_ones:
                few.setdefault(one.path, (one, {}))[1].setdefault(kind, []).append(relation)
        else:
            sought = f"?q={quote(facts.id)}&amp;kind={kind}" if kind else ""
            many.append(_list(view, address, _said(view, kind, [relation]), count, newest_ones, sought))
    rows = [
        ("<br>".join(_said(view, *tie) for tie in ties.items()), view.link(address, one), view.state_of(one))
        for one, ties in few.values()
    ]
    return (view.table(("Relation", "Record", "State"), rows) if rows else "") + "".join(many)


def _said(view: View, kind: str, relations: list[str]) -> str:
    """Return what ties a record to this one: the fields of this one, or kind and fields of the other."""
    return " · ".join([*([view.labels.kind(kind)] if kind else ()), *map(view.labels.field, relations)])


def _list(view: View, address: str, what: str, count: int, newest_ones: list[Facts], sought: str) -> str:
    """Return the newest of many; sought: how the search finds all, "" where it does not."""
    lines = [f"{view.link(address, one)} {view.state_of(one)}" for one in newest_ones]
    rest = count - len(newest_ones)
    words = view.labels.say("and {count} more", count=rest)
    way = f'<a href="{href(address, "search.html")}{sought}">{words}</a>' if sought else words
    more = f'<p class="meta">{way}</p>\n' if rest > 0 else ""
    return f'<h3>{what} <span class="meta">{view.count(count)}</span></h3>\n{link_list(lines)}{more}'


Group = tuple[str, str, int, list[Facts]]
"""What ties some records to this one: their kind where they name it ("" where it names them), the field; how many they
are, and those of them that are shown.
"""


def _outgoing(view: View, facts: Facts) -> Iterator[Group]:
    found: dict[str, dict[str, Facts]] = {}
    for ref in facts.refs:
        target = view.target(ref)
        if target is not None and target.kind in LOUD and ref.field[0] not in UNTOLD:
            found.setdefault(_relation(ref), {})[target.path] = target
    for relation, members in found.items():
        yield "", relation, len(members), list(members.values())[:MANY]


def _incoming(view: View, facts: Facts, drawn: Collection[str]) -> Iterator[Group]:
    sum_up, records = partial(_grouped, facts), view.records
    sums = sums_of_namers(view, facts, "links", sum_up, apart=drawn)
    beside = [(one, refs_to(view, one, facts)) for path in sorted(drawn) if (one := records.get(path))]
    sums.append(sum_up((one, [ref for ref in refs if not is_drawn(one, ref, drawn)]) for one, refs in beside))
    counts: dict[tuple[str, str], int] = {}
    firsts: dict[tuple[str, str], str] = {}
    paths: dict[tuple[str, str], list[str]] = {}
    for kind, relation, first, count, newest_paths in chain.from_iterable(sums):
        tie = kind, relation
        counts[tie] = counts.get(tie, 0) + count
        firsts[tie] = min(first, firsts.get(tie, first))
        paths.setdefault(tie, []).extend(newest_paths)
    for kind, relation in sorted(counts, key=lambda tie: (_rank(tie[0]), firsts[tie])):
        shown = newest(records[path] for path in paths[kind, relation])[:MANY]
        yield kind, relation, counts[kind, relation], shown


def _grouped(facts: Facts, namers: Iterable[Namer]) -> list[tuple[str, str, str, int, list[str]]]:
    """Return what ties some records to one that they name: kind, field, the first by path, how many, the newest."""
    groups: dict[tuple[str, str], list[Facts]] = {}
    sectioned = SECTIONED.get(facts.kind, ())
    for one, refs in namers:
        if one.kind in sectioned or one.path == facts.path:
            continue
        relations = dict.fromkeys(_relation(ref) for ref in refs if ref.field[0] not in APART)
        # That somebody stands on the timeline says little of a record that is tied by more.
        for relation in [name for name in relations if name != "timeline"] or relations:
            groups.setdefault((one.kind, relation), []).append(one)
    return [
        (kind, relation, members[0].path, len(members), [one.path for one in newest(members)[:MANY]])
        for (kind, relation), members in groups.items()
    ]


def newest(records: Iterable[Facts]) -> list[Facts]:
    """Return records with the newest first: ids of tickets begin with their day."""
    return sorted(records, key=lambda one: (one.id.split("-")[1:2], one.id), reverse=True)


def _relation(ref: Ref) -> str:
    """Return the field that ties two records: the last name on the way to it, `links` left out."""
    names = [part for part in ref.field if isinstance(part, str)]
    return names[0] if names[0] == "timeline" else names[-1]


def _rank(kind: str) -> int:
    return LOUD.index(kind) if kind in LOUD else len(LOUD)
