"""Does the desk as a whole hold together: no id, number or address twice?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.records.facts import Facts
from servicebook.typed import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot

Key = TypeVar("Key")


@rule(
    "DSK801",
    "id-used-twice",
    scope="desk",
    message="the id `{id}` is used by `{other}` as well",
    hint="git rm {path} when it is a copy | else `servicebook renumber {path}`",
)
def id_used_twice(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two records of one kind with one id.

    Why: whoever looks it up finds one of them, and everything about the other is lost.

    Example:
        tickets/incidents/2026/03/INC-20260312-7F3K.md and a copy of it in another folder

    Instead:
        one of them with another id and file name
    """
    first: dict[tuple[str, str], str] = {}
    for path, kind, id in desk.names():
        other = first.setdefault((kind, id), path)
        if other != path:
            yield id_used_twice.at(path, ("id",), id=id, other=other, path=path)


@rule(
    "DSK802",
    "alias-taken",
    scope="desk",
    message="the alias `{alias}` leads to `{other}` as well",
    hint="take it out of `aliases` here or there",
)
def alias_taken(desk: Snapshot) -> Iterator[Diagnostic]:
    """A former id that is also the id, or a former id, of another record of the kind.

    Why: an old link must lead to one record.

    Example:
        kb/services/streaming.md: aliases: [live-streaming], beside kb/services/live-streaming.md

    Instead:
        kb/services/streaming.md without the alias
    """
    renamed = list(desk.saying('"aliases"'))
    ids = {(kind, id): path for path, kind, id in desk.names()} if renamed else {}
    for facts in renamed:
        for position, alias in enumerate(facts.data.get("aliases", ())):
            other = ids.setdefault((facts.kind, alias), facts.path)
            if other != facts.path:
                yield alias_taken.at(facts.path, ("aliases", position), alias=alias, other=other)


@rule(
    "DSK803",
    "serial-number-twice",
    scope="desk",
    message="the serial number `{serial}` stands on `{other}` as well",
    hint="read it off the device again | retire the record of the device that is gone",
    kinds=("asset",),
)
def serial_number_twice(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two assets of one maker with one serial number.

    Why: warranty, spare parts and theft reports go by the serial number; one device would be claimed twice.

    Example:
        transcoder-03: serial_number: SN-88120
        transcoder-04: serial_number: SN-88120

    Instead:
        transcoder-04: serial_number: SN-88121
    """
    assets = (facts for facts in desk.of_kind("asset") if facts.status != "retired")
    keyed = ((facts, facts.get("serial_number"), facts.get("manufacturer", default="")) for facts in assets)
    for facts, serial, other in _seen_before((facts, (serial, maker)) for facts, serial, maker in keyed if serial):
        yield serial_number_twice.at(facts.path, ("serial_number",), serial=serial[0], other=other.id)


def _seen_before(rows: Iterable[tuple[Facts, Key]]) -> Iterator[tuple[Facts, Key, Facts]]:
    """Yield the records whose key an earlier one has: record, key, the earlier record."""
    first: dict[Key, Facts] = {}
    for facts, key in rows:
        other = first.setdefault(key, facts)
        if other.path != facts.path:
            yield facts, key, other


@rule(
    "DSK804",
    "e-mail-of-two-people",
    scope="desk",
    message="`{email}` stands with `{other}` as well",
    hint="leave it with the person who commits with it; a team's address is its `email_alias`",
    kinds=("person",),
)
def email_of_two_people(desk: Snapshot) -> Iterator[Diagnostic]:
    """One e-mail address on two people.

    Why: commits are told to people by their address; who did it must have one answer.

    Example:
        li.wei:    emails: [noc@harbour.example]
        zhao.min:  emails: [noc@harbour.example]

    Instead:
        li.wei:    emails: [li.wei@harbour.example]
        zhao.min:  emails: [zhao.min@harbour.example]
    """
    people = ((facts, email.lower()) for facts in desk.of_kind("person") for email in facts.get("emails", default=()))
    for facts, email, other in _seen_before(people):
        yield email_of_two_people.at(facts.path, ("emails",), email=email, other=other.id)


@rule(
    "DSK805",
    "contract-number-twice",
    scope="desk",
    message="the contract number `{number}` stands on `{other}` as well",
    hint="correct `contract_number` | a renewal has a number of its own",
    kinds=("contract",),
)
def contract_number_twice(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two contracts with the same number on their paper.

    Why: bills and clauses are cited by that number.

    Example:
        harbour-newmedia-2025: contract_number: HT-2025-017
        harbour-newmedia-2026: contract_number: HT-2025-017

    Instead:
        harbour-newmedia-2026: contract_number: HT-2026-004
    """
    contracts = ((facts, facts.get("contract_number")) for facts in desk.of_kind("contract"))
    for facts, number, other in _seen_before((facts, number) for facts, number in contracts if number):
        yield contract_number_twice.at(facts.path, ("contract_number",), number=number, other=other.id)


@rule(
    "DSK806",
    "imported-twice",
    scope="desk",
    message="`{system}` `{source}` was imported as `{other}` already",
    hint="git rm {path}; an import run again leaves what it knows alone",
)
def imported_twice(desk: Snapshot) -> Iterator[Diagnostic]:
    """Two records of one kind that come from the same record elsewhere.

    Why: every figure counts it twice, and work goes on in both.

    Example:
        two incidents with external: {system: servicenow, id: INC0000045}

    Instead:
        one incident with external: {system: servicenow, id: INC0000045}
    """
    imported = desk.saying('"external"')
    keyed = ((facts, (facts.kind, facts.get("external", "system"), facts.get("external", "id"))) for facts in imported)
    for facts, key, other in _seen_before((facts, key) for facts, key in keyed if key[2]):
        params = {"system": key[1], "source": key[2], "other": other.id, "path": facts.path}
        yield imported_twice.at(facts.path, ("external",), **params)


RULES: tuple[Rule, ...] = (
    id_used_twice,
    alias_taken,
    serial_number_twice,
    email_of_two_people,
    contract_number_twice,
    imported_twice,
)
