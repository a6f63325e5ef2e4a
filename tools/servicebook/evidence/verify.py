"""Was this change approved by its board, exactly this plan, before it was done, and not by those who wrote it?

'Before' is ancestry: rules, keys, plan and votes are read from the first parent of the first commit of the main
branch that shows the change in implementation. Dates only serve where the rules themselves speak of dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from servicebook.evidence.authors import read_authors
from servicebook.evidence.calendar import Calendar
from servicebook.evidence.casts import CastReader, Verify
from servicebook.evidence.chain import Chain
from servicebook.evidence.found_before import FoundBefore
from servicebook.evidence.inquiry import Inquiry
from servicebook.evidence.ledger import CHANGES, Ledger, Lost, lost_in_merges, read_ledger
from servicebook.evidence.plans import Plan, Plans
from servicebook.evidence.received import Received
from servicebook.evidence.roster import Roster
from servicebook.evidence.signatures import verify_signature
from servicebook.evidence.templates import Templates
from servicebook.evidence.verification import Overlapping, Verification
from servicebook.records.kinds import BY_NAME, path_of, votes_of


class Verifier:
    """Verifies changes of one branch, all from one reading of its history.

    roots: digests of policies that are taken as given; without them the first on the branch are. received: what a
    server's receipts say. ids: the changes that will be asked for, or none for all; a record that lay under another
    path than its id says is only seen when all are. found: what earlier runs found of blobs. verify:
    what does the arithmetic of signatures.
    """

    def __init__(
        self,
        ledger: Ledger,
        now: datetime,
        roots: Sequence[str] = (),
        received: Received | None = None,
        ids: Sequence[str] = (),
        found: FoundBefore | None = None,
        verify: Verify = verify_signature,
    ) -> None:
        self.ledger = ledger
        self.now = now
        self.until: datetime | None = None
        """From when on the answers given so far may be others though nothing was committed; None for never."""
        self.received = received
        self.roster = Roster(ledger)
        self.found = found or FoundBefore()
        self.casts = CastReader(ledger, self.roster, self.found, verify)
        self.lost: dict[str, list[Lost]] = {}
        for one in lost_in_merges(ledger, ids):
            self.lost.setdefault(one.path.rpartition("/")[0], []).append(one)
        self.chain = Chain(ledger, self.roster, self.casts, roots, self.lost)
        self.plans = Plans(ledger, self.found)
        self.templates = Templates(ledger, self.roster, self.chain, self._uses)
        names = [path_of(BY_NAME["change"], id) for id in ids] or [CHANGES]  # patterns cost Git thrice the time
        self.authors = read_authors(ledger.repository, ledger.tip, names, self.plans.digest, self.plans.read_ahead)
        self._ids = ids
        self._whole: Verifier | None = None
        self._calendar: Calendar | None = None
        self._started_by_template: dict[str, list[int]] | None = None

    def ids(self) -> list[str]:
        """Return the ids of all changes that ever were on the branch."""
        names = {
            path.rpartition("/")[2].removesuffix(".md") for path in self.ledger.paths(CHANGES) if path[-3:] == ".md"
        }
        return sorted(name for name in names if name.startswith("CHG-"))

    def verify(self, id: str) -> Verification:
        """Return what the evidence for a change comes to."""
        return Inquiry(self, id).answer()

    def read_ahead(self, ids: Iterable[str]) -> None:
        """Bring all that some changes need into memory, and drop what was there: Git is asked once."""
        ledger, paths = self.ledger, {id: path_of(BY_NAME["change"], id) for id in ids}
        ledger.forget()
        self.plans.forget()
        self.plans.read_ahead(state.blob for id in paths for state in ledger.states_of_name(f"{id}.md"))
        votes: dict[str, str] = {}
        plans = []
        for id, path in paths.items():
            start = self.start_of(id)
            plans.append(ledger.blob(path, ledger.end if start is None else start))
            votes |= ledger.files(votes_of(path), ledger.end)
        ledger.read_ahead(plans)
        self.casts.read_ahead(votes)

    def may_change_at(self, at: datetime) -> None:
        """Note that an answer may be another one from an instant on."""
        self.until = min(self.until or at, at)

    def overlaps(
        self, id: str, data: Mapping[str, Any], position: int, waives: frozenset[str]
    ) -> tuple[Overlapping, ...]:
        """Return the changes that were pending before `position` in a change's hours and on its assets."""
        ledger = self.ledger
        if self._calendar is None:
            whole = read_ledger(ledger.repository, ledger.tip, self.now) if self._ids else ledger
            self._calendar = Calendar(whole)
        whole = self._calendar.ledger
        place = position if whole is ledger else _place_in(whole, ledger, position)
        return tuple(self._calendar.overlaps(id, data, place, waives))

    def start_of(self, id: str) -> int | None:
        """Return the position of the first commit that shows a change in implementation; None while none does."""
        for state in self.ledger.states_of_name(f"{id}.md"):
            if state.blob and self.plans.reading("x.md", state.blob).starts:
                return state.position
        return None

    def _uses(self, template: str, position: int) -> int:
        """Return how many changes had been started by a template before `position`, whichever were asked for."""
        ledger = self.ledger
        if self._ids:
            self._whole = self._whole or Verifier(read_ledger(ledger.repository, ledger.tip, self.now), self.now)
            return self._whole._uses(template, _place_in(self._whole.ledger, ledger, position))
        if self._started_by_template is None:
            self._started_by_template = {}
            for id in self.ids():
                start = self.start_of(id)
                if start is not None:
                    plan = self._plan_before(id, start)
                    name = str(plan.front.data.get("template") or "") if plan else ""
                    self._started_by_template.setdefault(name, []).append(start)
        return sum(start < position for start in self._started_by_template.get(template, ()))

    def _plan_before(self, id: str, position: int) -> Plan | None:
        return self.plans.plan("x.md", self.ledger.blob(path_of(BY_NAME["change"], id), position))


def _place_in(whole: Ledger, ledger: Ledger, position: int) -> int:
    """Return the position in the ledger of a whole branch of a commit that another one has at `position`."""
    if position == ledger.end:
        return whole.end
    commit = ledger.steps[position].id
    return next(place for place, step in enumerate(whole.steps) if step.id == commit)


def verify_all(verifier: Verifier, ids: Sequence[str] = (), at_once: int = 500) -> Iterator[Verification]:
    """Yield the verification of each change, of all that the branch has unless `ids` says which."""
    wanted = list(ids) or verifier.ids()
    for start in range(0, len(wanted), at_once):
        some = wanted[start : start + at_once]
        verifier.read_ahead(some)
        for id in some:
            yield verifier.verify(id)
