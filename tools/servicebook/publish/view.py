"""What pages are made from: one desk at one instant, every record at hand, links known from both ends."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from html import escape
from pathlib import Path

from servicebook.audience.desk import Desk
from servicebook.publish import elements
from servicebook.publish.addresses import KB, href, page_of
from servicebook.publish.controls import paths_with_controls, without_controls
from servicebook.publish.elements import Column
from servicebook.publish.labels import Labels, language_of
from servicebook.publish.shelves import Shelf, joined, shelves_of
from servicebook.publish.tones import tone_of
from servicebook.records.audiences import is_outer
from servicebook.records.facts import Facts, Ref
from servicebook.records.kinds import BY_NAME
from servicebook.reports.health import Added
from servicebook.reports.returns import SentBack, returns_by_ticket
from servicebook.reports.ticket_outcomes import month_of
from servicebook.settings import priority_by, read_zone
from servicebook.sla.status import ClockStatus
from servicebook.store.lean_rows import REMEMBERED
from servicebook.workflow.lifecycles import LIFECYCLES, is_live
from servicebook.workflow.small_counts import shown_count

_OPEN = {kind: frozenset(life.open_states) for kind, life in LIFECYCLES.items()}

_LATELY = 2000
"""So many rows of a larger desk stay read, those read last."""

_FEW = 300
"""So many records may be asked for one by one, before it is cheaper to read the references of all."""


class View:
    """A desk as its pages see it; also the lookup that clocks are computed with.

    All fact rows are read once. Who names whom is worked out a kind at a time, when a page first asks: reading the
    references of a hundred thousand tickets takes longer than bringing one page up to date.
    """

    def __init__(self, desk: Desk, now: datetime, labels: Labels) -> None:
        self.desk = desk
        self.settings = desk.settings
        self.now = now
        self.zone = read_zone(desk.settings)
        self.labels = labels
        odd = paths_with_controls(desk.all_found())
        self.records: dict[str, Facts] = {
            facts.path: without_controls(facts) if facts.path in odd else facts for facts in desk.all()
        }
        Facts.remember_at_most(REMEMBERED if len(self.records) <= REMEMBERED else _LATELY)
        self._named: dict[str, dict[str, Facts]] = {}
        self._kinds: dict[str, list[Facts]] = {}
        self._open: dict[str, list[Facts]] = {}
        self._at: dict[str, dict[str, Facts]] = {}
        self._naming: dict[tuple[str, bool], dict[str, list[tuple[Facts, Ref]]]] = {}
        self._pieces: dict[tuple[Hashable, ...], str] = {}
        self._links: dict[tuple[int, str], str] = {}
        self._states: dict[tuple[str, str], str] = {}
        self.known_values: dict[tuple[Hashable, ...], str] = {}
        """Short values of fields as HTML, by all that they hang on; see fields_html."""
        self.known_health: dict[str, Added] = {}
        """What records add to the health of what they name, by their paths; see money_html."""
        self.kept_at: Path | None = None
        """Where pages are kept between builds, once a build says so."""
        self._asked = 0
        for facts in self.records.values():
            self._kinds.setdefault(facts.kind, []).append(facts)

    @cached_property
    def shelves(self) -> dict[str, Shelf]:
        """All records by the folders of their files."""
        return shelves_of(self.records)

    def at_address(self, address: str) -> Facts | None:
        """Return the record whose page has this address."""
        folder = address.rpartition("/")[0]
        found = self._at.get(folder)
        if found is None:
            shelves = [self.shelves.get(place) for place in (folder, f"{KB}{folder}".rstrip("/"))]
            found = self._at[folder] = {page_of(one): one for shelf in shelves if shelf for one in shelf.records}
        return found.get(address)

    # --- records

    def get(self, kind: str, id: str) -> Facts | None:
        """Return the record of `kind` with this id or alias."""
        return self._of_name(kind).get(id)

    def _of_name(self, kind: str) -> dict[str, Facts]:
        """Return the records of a kind by id and alias."""
        found = self._named.get(kind)
        if found is None:
            found = self._named[kind] = _by_name(self.of_kind(kind))
        return found

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the records of these kinds, by path."""
        for kind in kinds:
            yield from self._kinds.get(kind, ())

    def open_of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the tickets of these kinds on which work is still due, by path."""
        for kind in kinds:
            found = self._open.get(kind)
            if found is None:
                found = self._open[kind] = [one for one in self.of_kind(kind) if self.is_open(one)]
            yield from found

    def live(self, kinds: Sequence[str]) -> Iterator[Facts]:
        """Yield the records of these kinds but for tickets at the end of their life."""
        return (facts for facts in self.of_kind(*kinds) if is_live(facts.kind, facts.status))

    def target(self, ref: Ref) -> Facts | None:
        """Return the record that a reference names."""
        named, name = self._named, ref.target
        for kind in ref.kinds:
            if found := (named.get(kind) or self._of_name(kind)).get(name):
                return found
        return None

    def referrers(self, facts: Facts, *kinds: str) -> list[tuple[Facts, Ref]]:
        """Return who names this record (of some kinds, where any are given), by path, and by which references."""
        is_known = "_named_by_any" in self.__dict__
        is_soon_told = is_known or self._asked >= _FEW or (kinds and self._are_read(kinds))
        if not is_soon_told and (near := self.desk.naming(facts)) is not None:
            self._asked += 1
            names = {facts.id, *facts.aliases}  # most references name something else, and that is told at once
            some = (one for path in near if (one := self.records.get(path)) and (not kinds or one.kind in kinds))
            target = self.target
            return [(one, ref) for one in some for ref in one.refs if ref.target in names and target(ref) is facts]
        if kinds and not is_known:
            found = [pair for kind in kinds for pair in self._named_by(kind).get(facts.path, ())]
            return sorted(found, key=lambda pair: pair[0].path)
        found = self._named_by_any.get(facts.path, [])
        return [pair for pair in found if pair[0].kind in kinds] if kinds else found

    def _are_read(self, kinds: Iterable[str]) -> bool:
        """Whether the references of all records of some kinds are read, or are so few that they soon are."""
        return sum(len(self._kinds.get(kind, ())) for kind in kinds if (kind, False) not in self._naming) <= _FEW

    def expect_many(self) -> None:
        """Be ready to be asked for thousands of referrers: work out at the first question who names whom, for all."""
        self._asked = _FEW

    @cached_property
    def months(self) -> dict[str, Shelf]:
        """All records below tickets/ by month (YYYYMM), the newest month first."""
        months: dict[str, list[Shelf]] = {}
        for shelf in self.shelves.values():
            month = month_of(shelf.records[0].path)
            if month and (dated := [one for one in shelf.records if BY_NAME[one.kind].dated]):
                months.setdefault(month.replace("-", ""), []).append(Shelf(shelf.stamp, dated))
        return {month: joined(months[month]) for month in sorted(months, reverse=True)}

    @cached_property
    def _named_by_any(self) -> dict[str, list[tuple[Facts, Ref]]]:
        """Who names whom, by the path of the one that is named; the namers by path."""
        found: dict[str, list[tuple[Facts, Ref]]] = {}
        for kind in self._kinds:
            for path, pairs in self._named_by(kind).items():
                found.setdefault(path, []).extend(pairs)
        for pairs in found.values():
            pairs.sort(key=lambda pair: pair[0].path)
        return found

    def naming(self, facts: Facts, *kinds: str) -> list[Facts]:
        """Return the records of these kinds that name this record, each once, by path."""
        if sum(len(self._kinds.get(kind, ())) for kind in kinds) > _FEW:
            found = {one.path: one for one, _ in self.referrers(facts, *kinds)}
        else:
            found = {one.path: one for kind in kinds for one, _ in self._named_by(kind).get(facts.path, ())}
        return [found[path] for path in sorted(found)]

    def may_name(self, facts: Facts, *kinds: str) -> list[Facts]:
        """Return the records of these kinds that may name this record, by path, without reading what they name."""
        if self._asked >= _FEW or "_named_by_any" in self.__dict__ or (near := self.desk.naming(facts)) is None:
            return self.naming(facts, *kinds)
        return [one for path in near if (one := self.records.get(path)) and one.kind in kinds]

    def names(self, one: Facts, other: Facts) -> bool:
        """Whether a record names another."""
        return any(self.target(ref) is other for ref in one.refs)

    def naming_open(self, facts: Facts, *kinds: str) -> list[Facts]:
        """Return the same of tickets on which work is still due; closed ones are not even looked at."""
        found = {one.path: one for kind in kinds for one, _ in self._named_by(kind, True).get(facts.path, ())}
        return [found[path] for path in sorted(found)]

    def _named_by(self, kind: str, still_open: bool = False) -> dict[str, list[tuple[Facts, Ref]]]:
        """Return who of a kind names whom, by the path of the one that is named."""
        found = self._naming.get((kind, still_open))
        if found is None:
            found = self._naming[kind, still_open] = {}
            for facts in self.open_of_kind(kind) if still_open else self.of_kind(kind):
                for ref in facts.refs:
                    if (target := self.target(ref)) is not None:
                        found.setdefault(target.path, []).append((facts, ref))
        return found

    def address_of_id(self, id: str) -> str | None:
        """Return the address of the page for a bare id."""
        facts = self._by_any_name.get(id)
        return page_of(facts) if facts else None

    @cached_property
    def _by_any_name(self) -> dict[str, Facts]:
        return _by_name(self.records.values())

    def clocks_of(self, facts: Facts) -> list[ClockStatus]:
        """Return the clocks of a ticket that the audience may read of, as they stand."""
        return self.desk.clocks_of(facts, self.now, self)

    def clocks_of_returns(self, facts: Facts) -> list[ClockStatus]:
        """Return the clocks of the pieces that suppliers owe for a ticket or part; they are no promise to others."""
        return [back.clock for back in self._returns.get(facts.id, ()) if back.clock]

    @property
    def sent_back(self) -> Container[str]:
        """The ids of tickets and parts for which suppliers owe pieces; most records need not be asked for these."""
        return self._returns.keys()

    @cached_property
    def _returns(self) -> dict[str, list[SentBack]]:
        return {} if is_outer(self.desk.audience) else returns_by_ticket(self, self.now)

    def count(self, number: int) -> str:
        """Return a count as the audience may read it: empty where it is too small for others than the house."""
        shown = shown_count(number, self.desk.audience)
        return "" if shown is None else str(shown)

    def is_open(self, facts: Facts) -> bool:
        """Whether work is still due on a ticket."""
        return facts.status in _OPEN.get(facts.kind, ())

    # --- small pieces of HTML

    def piece(self, make: Callable[..., str], address: str, *what: Hashable) -> str:
        """Return the HTML `make(view, address, *what)`, made once for all pages at one depth: their links are alike."""
        key = (make, address.count("/"), *what)
        html = self._pieces.get(key)
        if html is None:
            html = self._pieces[key] = make(self, address, *what)
        return html

    def link(self, address: str, facts: Facts) -> str:
        """Return a link to a record: its id and title, or its title alone where the id is a slug."""
        if facts.kind in LIFECYCLES:  # a ticket is linked from few pages
            return _link(self, address, facts)
        key = (address.count("/"), facts.path)
        html = self._links.get(key)
        if html is None:
            html = self._links[key] = _link(self, address, facts)
        return html

    def title(self, facts: Facts) -> str:
        """Return a record's title as it is written, in both languages where the record has both."""
        title = facts.title or facts.id
        # Most tickets have no other, and then the row need not be parsed.
        other = facts.data.get("title_zh") if facts.kind not in LIFECYCLES or '"title_zh"' in facts.raw else ""
        if not other or other == title or len(self.labels.languages) < 2:
            return f'<span lang="{language_of(title)}">{escape(title)}</span>'
        return f'<span class="l" lang="en">{escape(title)}</span><span class="l" lang="zh-Hans">{escape(other)}</span>'

    def state(self, state: str, kind: str = "") -> str:
        """Return a state as shape and word; what a word means may hang on the kind of record."""
        if not state:
            return ""
        html = self._states.get((state, kind))
        if html is None:
            html = self._states[state, kind] = elements.status(tone_of(state, kind), self.labels.value(state, kind))
        return html

    def state_of(self, facts: Facts) -> str:
        """Return how a record stands, as shape and word."""
        return self.state(facts.status, facts.kind)

    def priority_of(self, facts: Facts) -> str:
        """Return a ticket's priority: written, or by the desk's matrix from impact and urgency; else ""."""
        data, matrix = facts.data, self.settings.priority_matrix
        return str(data.get("priority") or priority_by(matrix, data.get("impact"), data.get("urgency")))

    def instant(self, text: str | datetime) -> str:
        """Return an instant in the desk's zone."""
        return elements.instant(text, self.zone)

    def moment(self, micros: int) -> str:
        """Return the same of microseconds since 1970."""
        return elements.moment(micros, self.zone)

    def table(self, heads: Iterable[str | Column], rows: Iterable[Iterable[str]], classes: str = "") -> str:
        """Return a table; heads are English labels or columns, cells are HTML."""
        return elements.table(self.labels, heads, rows, classes)

    def none(self, text: str = "There are none.") -> str:
        """Return that there is nothing; to others than the house, that nothing is shown, which is all they may know."""
        return f"<p>{self.labels.say('Nothing is shown here.' if is_outer(self.desk.audience) else text)}</p>"

    def none_yet(self, kind: str) -> str:
        """Return that there is no record of a kind; to the house, with the command that makes the first."""
        command = "" if is_outer(self.desk.audience) else f" <code>servicebook new {kind}</code>"
        return self.none().replace("</p>", f"{command}</p>")

    def section(self, title: str, html: str, anchor: str = "", note: str = "") -> str:
        """Return a section with a title (an English label); nothing where there is nothing to show."""
        return elements.section(self.labels, title, html, anchor, note)


def _link(view: View, address: str, facts: Facts) -> str:
    target = href(address, page_of(facts))
    if facts.id != facts.id.lower():
        return f"{elements.record_id(facts.id, target)} {view.title(facts)}"
    name = ' class="nw"' if facts.kind == "person" else ""
    return f'<a{name} href="{target}">{view.title(facts)}</a>'


def _by_name(records: Iterable[Facts]) -> dict[str, Facts]:
    """Return records by id and alias; of two that are called alike, the later."""
    return {name: facts for facts in records for name in (*facts.aliases, facts.id)}


def title_text(facts: Facts) -> str:
    """Return a record's title as plain text, in both languages where the record has both."""
    return " / ".join(dict.fromkeys(filter(None, (facts.title or facts.id, str(facts.get("title_zh") or "")))))
