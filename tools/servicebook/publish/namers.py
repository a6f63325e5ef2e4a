"""What a record's page sums up of those that name it, kept from one build to the next where they are many.

A customer is named by thousands of tickets: to read what each of them names takes longer than all else that its page
asks for. So the sum of each folder (a kind in a month) is kept, and made again only where a record in it moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Container, Sequence
from typing import Any

from servicebook import digest_of_code
from servicebook.publish.kept_rows import kept_rows
from servicebook.publish.view import View
from servicebook.records.facts import Facts, Ref
from servicebook.records.kinds import KINDS
from servicebook.store.verdicts import ROOMS

KEPT_FROM = 100
"""From so many records on that may name one, their sums are kept."""
ALL = frozenset(kind.name for kind in KINDS)

Namer = tuple[Facts, list[Ref]]
"""A record that names another, and by which references."""


def sums_of_namers(
    view: View,
    facts: Facts,
    what: str,
    sum_up: Callable[[Sequence[Namer]], Any],
    kinds: Container[str] = ALL,
    apart: Collection[str] = (),
) -> list[Any]:
    """Return the sums of who of some kinds names a record, a sum a folder where they are many, in the order of paths.

    what: a word for what is summed up, of letters. sum_up: returns that of some namers, given by path, as a value that
    JSON holds and that hangs on nothing but their own files and the record's path. apart: paths that are left out.
    """
    many = view.desk.count_naming(facts) if view.kept_at else None
    if many is None or view.kept_at is None or many < KEPT_FROM:
        return [sum_up([pair for pair in namers_of(view, facts, kinds) if pair[0].path not in apart])]
    records = view.records

    def sum_of(folder: str) -> Any:
        near = view.desk.naming(facts, folder) or ()
        some = (one for path in near if path not in apart and (one := records.get(path)) and one.kind in kinds)
        pairs = ((one, refs_to(view, one, facts)) for one in some)
        return sum_up([(one, refs) for one, refs in pairs if refs])  # it may but mention it

    names = {facts.id, *facts.aliases}
    called = ((kind.name, name, view.get(kind.name, name)) for kind in KINDS for name in names)
    called_alike = sorted((kind, name, one.path) for kind, name, one in called if one)
    terms = repr((digest_of_code((*ROOMS, "publish", "reports")), facts.path, called_alike))
    left_out: dict[str, list[str]] = {}
    for path in sorted(apart):
        left_out.setdefault(path.rpartition("/")[0], []).append(path)
    stamps = {folder: f"{shelf.stamp} {left_out.get(folder, '')}" for folder, shelf in view.shelves.items()}
    return kept_rows(view.kept_at, f"{what}-{_digest(facts.path)}", terms, stamps, sum_of, few=0)


def refs_to(view: View, one: Facts, facts: Facts) -> list[Ref]:
    """Return the references of a record that mean another."""
    names = {facts.id, *facts.aliases}  # most references name something else, and that is told at once
    return [ref for ref in one.refs if ref.target in names and view.target(ref) is facts]


def namers_of(view: View, facts: Facts, kinds: Container[str] = ALL) -> list[Namer]:
    """Return who of some kinds names a record, by path."""
    found: dict[str, Namer] = {}
    for one, ref in view.referrers(facts):
        if one.kind in kinds:
            found.setdefault(one.path, (one, []))[1].append(ref)
    return list(found.values())


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
