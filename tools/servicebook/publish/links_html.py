"""A record's neighbours: whom it names and who names it, grouped by what ties them."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator

from servicebook import digest_of_code
from servicebook.publish.elements import link_list
from servicebook.publish.kept_rows import kept_rows
from servicebook.publish.neighbourhood import is_drawn
from servicebook.publish.view import View
from servicebook.records.facts import Facts, Ref
from servicebook.records.kinds import KINDS

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
KEPT_FROM = 20_000
"""From so many records that name one on, what ties them to it is kept."""
UNTOLD = ("sla", "timeline", "audience")
"""Fields whose references stand elsewhere on the page."""


def links_html(view: View, address: str, facts: Facts, drawn: Container[str] = ()) -> str:
    """Return the links of a record from both ends, or nothing; drawn: paths of the records in its drawing.

    What few relations tie has a row with all of them; a relation to many is a list of its own, so that its name stands
    there once.
    """
    few: dict[str, tuple[Facts, dict[str, list[str]]]] = {}
    many = []
    for kind, relation, members in (*_outgoing(view, facts), *_incoming(view, facts, drawn)):
        if len(members) <= FEW:
            for one in members:
                few.setdefault(one.path, (one, {}))[1].setdefault(kind, []).append(relation)
        else:
            many.append(_list(view, address, _said(view, kind, [relation]), members))
    rows = [
        ("<br>".join(_said(view, *tie) for tie in ties.items()), view.link(address, one), view.state_of(one))
        for one, ties in few.values()
    ]
    return (view.table(("Relation", "Record", "State"), rows) if rows else "") + "".join(many)


def _said(view: View, kind: str, relations: list[str]) -> str:
    """Return what ties a record to this one: the fields of this one, or kind and fields of the other."""
    return " · ".join([*([view.labels.kind(kind)] if kind else ()), *map(view.labels.field, relations)])


def _list(view: View, address: str, what: str, members: list[Facts]) -> str:
    lines = [f"{view.link(address, one)} {view.state_of(one)}" for one in members[:MANY]]
    rest = len(members) - MANY
    more = f'<p class="meta">{view.labels.say("and {count} more", count=rest)}</p>\n' if rest > 0 else ""
    return f'<h3>{what} <span class="meta">{view.count(len(members))}</span></h3>\n{link_list(lines)}{more}'


Group = tuple[str, str, list[Facts]]
"""What ties some records to this one: their kind where they name it ("" where it names them), the field; they."""


def _outgoing(view: View, facts: Facts) -> Iterator[Group]:
    found: dict[str, dict[str, Facts]] = {}
    for ref in facts.refs:
        target = view.target(ref)
        if target is not None and target.kind in LOUD and ref.field[0] not in UNTOLD:
            found.setdefault(_relation(ref), {})[target.path] = target
    for relation, members in found.items():
        yield "", relation, list(members.values())


def _incoming(view: View, facts: Facts, drawn: Container[str]) -> Iterator[Group]:
    groups: dict[tuple[str, str], dict[str, Facts]] = {}
    sectioned = SECTIONED.get(facts.kind, ())
    for one, relations in _ties(view, facts, drawn):
        if one.kind in sectioned or one.path == facts.path:
            continue
        for relation in relations:
            groups.setdefault((one.kind, relation), {})[one.path] = one
    told = {path for (_, relation), members in groups.items() if relation != "timeline" for path in members}
    for (kind, relation), members in sorted(groups.items(), key=lambda item: _rank(item[0][0])):
        # That somebody stands on the timeline says little of a record that is tied by more.
        shown = [one for path, one in members.items() if relation != "timeline" or path not in told]
        if shown:
            yield kind, relation, newest(shown)


def _ties(view: View, facts: Facts, drawn: Container[str]) -> Iterable[tuple[Facts, Iterable[str]]]:
    """Return who names a record, by path, each with what ties them.

    A person is named by most tickets of a desk: what ties those that did not move is kept from build to build.
    """
    near = view.desk.naming(facts) if view.kept_at and not drawn else None
    if near is None or view.kept_at is None or len(near) < KEPT_FROM:
        found: dict[str, tuple[Facts, dict[str, bool]]] = {}
        for one, ref in view.referrers(facts):
            if ref.field[0] not in APART and not is_drawn(one, ref, drawn):
                found.setdefault(one.path, (one, {}))[1][_relation(ref)] = True
        return found.values()
    records = {path: view.records[path] for path in near if path in view.records}
    names = {facts.id, *facts.aliases}

    def relations_of(path: str) -> list[str]:
        meant = (ref for ref in records[path].refs if ref.target in names and view.target(ref) is facts)
        return list(dict.fromkeys(_relation(ref) for ref in meant if ref.field[0] not in APART))

    called_alike = sorted((kind.name, name) for kind in KINDS for name in names if view.get(kind.name, name))
    terms = repr((digest_of_code(("publish", "records")), facts.path, called_alike))
    stamps = {path: one.blob for path, one in records.items()}
    file = f"links-{hashlib.blake2b(facts.path.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
    rows = kept_rows(view.kept_at, file, terms, stamps, relations_of)
    return zip(records.values(), rows, strict=True)


def newest(records: Iterable[Facts]) -> list[Facts]:
    """Return records with the newest first: ids of tickets begin with their day."""
    return sorted(records, key=lambda one: (one.id.split("-")[1:2], one.id), reverse=True)


def _relation(ref: Ref) -> str:
    """Return the field that ties two records: the last name on the way to it, `links` left out."""
    names = [part for part in ref.field if isinstance(part, str)]
    return names[0] if names[0] == "timeline" else names[-1]


def _rank(kind: str) -> int:
    return LOUD.index(kind) if kind in LOUD else len(LOUD)
