"""Which record pages have moved since the last build, and a digest of all that a page shows.

A digest is dear where a record has many neighbours, so a build computes it only for pages that may have moved:
`may_have_moved` must name every page whose digest is another, and may name more. A property test holds a site that
was brought up to date against one that was made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from servicebook.evidence.verification import Verification
from servicebook.publish.agreement_html import all_told
from servicebook.publish.approval_html import face_of, judged_to_be
from servicebook.publish.clock_strips import face_of_strip
from servicebook.publish.duty_html import duty_face
from servicebook.publish.help_html import SHARED, similar_to
from servicebook.publish.history_html import history_face
from servicebook.publish.known import Known, Told
from servicebook.publish.neighbourhood import KINDS, face_of_neighbourhood, near, neighbourhood_of
from servicebook.publish.referrer_sums import ReferrerSums, called
from servicebook.publish.service_standing import standing_of
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.records.kinds import ID_PATTERN
from servicebook.sla.status import ClockStatus
from servicebook.text.links import path_of_link
from servicebook.workflow.lifecycles import LIFECYCLES

MOST = 200
"""With more records moved than this, all digests are computed: finding the neighbours would take longer."""

_GATHERED = ("service", "customer", "part")
"""Kinds whose pages show more of the records that name them than their faces."""
_DAILY = (*_GATHERED, "article")
"""Kinds whose pages move with the day."""
_TELLING = ("service", "article", "change")
"""Kinds whose pages tell of duty, review or approval; those of others only of what each has."""
_OF_DUTY = ("roster", "person", "team")
_OF_PARTS = ("supplier", "support_hours")


Named = tuple[tuple[str, ...], tuple[str, ...]]
"""Ids of records, and paths of files, that texts name."""
_NOTHING: Named = ((), ())


class Moved(NamedTuple):
    """Which records moved since a build: what that knew; the paths of those that are here, changed or new; by path, as
    they were, those that changed or went.
    """

    before: Known
    paths: list[str]
    former: Mapping[str, Facts | None]


class PageDigests:
    """The digests of the record pages of one build."""

    def __init__(
        self,
        view: View,
        clocks: Mapping[str, list[ClockStatus]],
        approvals: dict[str, Verification],
        attachments: Callable[[Facts], list[str]],
        with_attachments: Iterable[str],
        is_shown: Callable[[str], bool],
    ) -> None:
        self._view = view
        self._clocks = clocks
        self._approvals = approvals
        self._attachments = attachments
        self._with_attachments = with_attachments
        self._is_shown = is_shown
        self._faces: dict[tuple[str, str], tuple[str, Named]] = {}
        self._terms = _digest_of_terms(view)
        self._day = view.now.date().isoformat()
        self.sums = ReferrerSums(view, self._face, _GATHERED)
        self.shell = ""

    def of(self, facts: Facts) -> str:
        """Return a digest of all that a record's page shows: its file, its neighbours' faces, its clocks' states."""
        view = self._view
        seen = [self._face(one) if (one := view.target(ref)) else ref.target for ref in facts.refs]
        parts: list[object] = [self.shell, facts.blob, "\n".join(seen), self.sums.of(facts)]
        if facts.kind == "incident":
            parts += [(like.record.path, like.record.blob, like.shared) for like in similar_to(view, facts)]
        if facts.kind in ("service", "article"):  # its standing and its review move with the day and the roster
            near = [one for ref in facts.refs if (one := view.target(ref)) and one.kind == "service"]
            near += view.naming(facts, "service")
            parts += [standing_of(view, one)[::2] for one in near if facts.kind == "service"]
        if facts.kind == "service":  # its promises of this month are those of its tickets' clocks
            still_open = view.naming_open(facts, "incident", "service_request")
            parts += [(c.name, c.state) for one in still_open for c in self._clocks.get(one.path, ())]
            judged = (judged_to_be(one, self._approvals) for one in view.naming(facts, "change"))
            parts += [face_of(view, one) for one in judged if one]
        if facts.kind in KINDS:
            parts += face_of_neighbourhood(view, neighbourhood_of(view, facts))
        if facts.kind in _DAILY:
            parts.append(self._day)
        if facts.kind == "part":  # its supplier's promise, and the hours in which that is counted
            parts += [(one.path, one.blob) for one in view.of_kind(*_OF_PARTS)]
        if facts.kind == "inspection":  # what was found is told in the words of its plan
            parts += [one.blob for ref in facts.refs if (one := view.target(ref)) and one.kind == "inspection_plan"]
        if facts.kind == "agreement":
            parts += [self._face(one) for one in all_told(view, facts)]
        if facts.kind in LIFECYCLES or facts.kind == "meeting":
            parts.append(self._terms)
        parts += self._own(facts)
        parts += history_face(view, facts)
        ids, paths = self._read(facts)[1]
        if ids or paths:  # its texts link what is there
            parts.append([view.address_of_id(id) for id in ids])
            parts.append(list(map(self._is_shown, paths)))
        return _digest(*parts)

    def _face(self, facts: Facts) -> str:
        """Return what other pages show of a record."""
        return self._read(facts)[0]

    def _read(self, facts: Facts) -> tuple[str, Named]:
        """Return what other pages show of a record, and what its own texts name."""
        key = (facts.path, facts.blob)
        if (found := self._faces.get(key)) is None:  # a customer's is asked for by thousands
            # Most have no other title, and then the row need not be parsed.
            other = str(facts.data.get("title_zh") or "") if '"title_zh"' in facts.raw else ""
            face = f"{facts.kind}\t{facts.id}\t{facts.title}\t{facts.status}\t{other}\t{facts.path}"
            found = self._faces[key] = (face, _named_in(facts))
        return found

    def _own(self, facts: Facts) -> list[object]:
        """Return what a page shows beside its file and its neighbours."""
        parts: list[object] = []
        if facts.kind in ("service", "article"):  # every kind that is asked for here is one of _TELLING
            parts.append(duty_face(self._view, facts))
        if facts.kind == "change":
            parts.append(face_of(self._view, judged_to_be(facts, self._approvals)))
        parts += [
            (c.name, c.state, str(c.due_at), str(c.stopped_at), face_of_strip(c))
            for c in (*self._clocks.get(facts.path, ()), *self._view.clocks_of_returns(facts))
        ]
        parts += self._attachments(facts)
        return [part for part in parts if part]

    # --- from one build to the next

    def told(self) -> Told:
        """Return what the next build should know of this one."""
        return Told(self._stamp(), self._day, self._view.desk.history, self._own_digests(), self.sums.kept)

    def moved_since(self, before: Known | None) -> Moved | None:
        """Return the records that are others than before, came or went; None where nearly all pages may have moved."""
        if before is None or before.told.stamp != self._stamp():
            return None
        records, shelves, kept = self._view.records, self._view.shelves, dict[str, str]()
        now: set[str] = set()
        for folder in shelves.keys() | before.stamps.keys():
            shelf = shelves.get(folder)
            if shelf is None or before.stamps.get(folder) != shelf.stamp:
                kept |= {path: blob for path, (blob, _) in before.files(folder).items()}
                now.update(one.path for one in (shelf.records if shelf else ()))
        paths = sorted(path for path in now if kept.get(path) != records[path].blob)
        gone = kept.keys() - now
        if len(paths) + len(gone) > MOST:
            return None
        former = {path: self._view.desk.former(path, kept[path]) for path in (*paths, *gone) if path in kept}
        return None if None in former.values() else Moved(before, paths, former)

    def may_have_moved(self, since: Moved, now: Told) -> set[str]:
        """Return the paths of all records whose pages may show something else than before."""
        before, moved, former = since.before.told, since.paths, since.former
        records = self._view.records
        self.sums.recall(before.sums, former, {path: records[path] for path in moved})
        touched = [records[path] for path in moved] + [one for one in former.values() if one]
        found = {path for path in now.own.keys() | before.own.keys() if now.own.get(path) != before.own.get(path)}
        found.update(moved, self._of_other_commits(since.before) if before.history != now.history else ())
        found &= records.keys()
        found |= {one.path for path in found if path not in former for one in self._services_of(records[path])}
        for facts in touched:
            found |= self._near(facts)
        anew = self._called_anew(former, moved)
        found.update(*(self._view.desk.naming(one) or () for pair in anew for one in pair if one))
        kinds = {facts.kind for facts in touched}
        also: list[str] = list(_DAILY) if before.day != now.day else []
        also += ("service", "article", "agreement") if kinds & set(_OF_DUTY) else ()
        also += ("part",) if kinds & set(_OF_PARTS) else ()
        found |= {facts.path for facts in self._view.of_kind(*dict.fromkeys(also))}
        return found & records.keys()

    def _of_other_commits(self, before: Known) -> Iterator[str]:
        """Yield the paths of the records that another commit moved last than before."""
        moves = self._view.desk.last_moves
        for folder, shelf in self._view.shelves.items():
            kept = before.files(folder)
            for one in shelf.records:
                move, (_, commit) = moves.get(one.path), kept.get(one.path, ("", ""))
                if (move.commit if move else "") != commit:
                    yield one.path

    def _called_anew(
        self, former: Mapping[str, Facts | None], moved: Iterable[str]
    ) -> Iterator[tuple[Facts | None, Facts | None]]:
        """Yield the records that came, went or changed their names, as they were and as they are."""
        for path in former.keys() | set(moved):
            was, now = former.get(path), self._view.records.get(path)
            if was is None or now is None or called(was) != called(now):
                yield was, now

    def _near(self, facts: Facts) -> set[str]:
        """Return the paths of the pages that show a record: those it names, those that name it, those like it."""
        view = self._view
        targets = [one for ref in facts.refs if (one := view.target(ref))]
        found = {one.path for one in targets} | {one.path for one, _ in view.referrers(facts)}
        for service in targets:
            if service.kind == "service":  # its neighbours' pages show how it stands
                found |= {one.path for one in view.naming(service, "service")}
                found |= {one.path for ref in service.refs if (one := view.target(ref))}
        if facts.kind in KINDS:
            found |= near(view, facts)
        if facts.kind in ("incident", "known_error"):
            shared = [one for one in targets if one.kind in SHARED]
            found |= {one.path for target in shared for one in view.naming_open(target, "incident")}
            if codes := {str(code) for code in facts.get("error_codes", default=())}:
                found |= {one.path for one in view.of_kind("incident") if view.is_open(one) and codes & _codes(one)}
        return found

    def _services_of(self, facts: Facts) -> list[Facts]:
        """Return the services that a ticket concerns: their pages tell of its clocks."""
        targets = (self._view.target(ref) for ref in facts.refs if "service" in ref.kinds)
        return [one for one in targets if one and one.kind == "service"]

    def _own_digests(self) -> dict[str, str]:
        """Return by path what a page hangs on beside the files of its record and others, and the last commit."""
        view, records = self._view, self._view.records
        edited = {path for path, at in view.desk.moved.items() if at is None}
        sent_back = view.sent_back
        asked = [*self._clocks, *edited, *self._with_attachments, *(one.path for one in view.of_kind(*_TELLING))]
        asked += [path for path, one in records.items() if one.id in sent_back] if sent_back else ()
        found = {}
        for path in dict.fromkeys(asked):
            if path in records and (told := [*self._own(records[path]), *(["edited"] if path in edited else ())]):
                found[path] = _digest(*told)
        return found

    def _stamp(self) -> str:
        return _digest(self.shell, self._terms)


def _named_in(facts: Facts) -> Named:
    """Return the other records and the files that the texts of a record name; most name none."""
    raw = facts.raw
    ids = tuple({found[0]: True for found in ID_PATTERN.finditer(raw) if found[0] != facts.id})
    if '"links":[[' not in raw:
        return (ids, ()) if ids else _NOTHING
    links = facts.get("$body", "links", default=())
    return ids, tuple(path for target, *_ in links if (path := path_of_link(facts.path, str(target))))


def _codes(facts: Facts) -> set[str]:
    """Return a record's error codes; most have none, and then its row need not be parsed."""
    return {str(code) for code in facts.get("error_codes", default=())} if '"error_codes"' in facts.raw else set()


def _digest_of_terms(view: View) -> str:
    """Return a digest of what clocks read beside their ticket; when it moves, the pages of all tickets are new.

    Of services, assets and teams only which agreements they name, and the warranties: the rest moves every day.
    """
    kinds = ("agreement", "support_hours", "contract", "site", "customer")
    whole = [(facts.path, facts.blob) for facts in view.of_kind(*kinds)]  # a clock links whose promise it is
    named = [
        (facts.id, facts.get("agreements"), facts.get("ola"), facts.get("warranty"))
        for facts in view.of_kind("service", "asset", "team")
    ]
    # People are told by name wherever a ticket or a meeting has their handle, which is no reference there.
    people = [(facts.path, facts.id, facts.title, facts.data.get("title_zh")) for facts in view.of_kind("person")]
    return _digest(whole, named, people)


def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
