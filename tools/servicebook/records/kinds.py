"""Every kind of record: its name, id form, folder, model and life, written out."""

from __future__ import annotations

from functools import cache

from servicebook.patterns import late_pattern
from servicebook.typed import NamedTuple


class Kind(NamedTuple):
    """One kind of record.

    prefix: of ids such as INC-20261122-7F3K; empty for kinds whose id is a slug.
    folder: below the desk's root. Kinds with a prefix below tickets/ keep their files in YYYY/MM under it.
    model: `module:Class` below servicebook.records, imported only when a file must be read.
    ticket: has a life (a timeline and a status derived from it) and may have clocks.
    """

    name: str
    prefix: str
    folder: str
    model: str
    ticket: bool = False

    @property
    def schema(self) -> str:
        """The value of a record's `schema:` field."""
        return f"{self.name}/1"

    @property
    def dated(self) -> bool:
        """Whether files lie in YYYY/MM folders under the kind's folder."""
        return self.folder.startswith("tickets/")


KINDS: tuple[Kind, ...] = (
    # tickets/: what has a clock and a life
    Kind("incident", "INC", "tickets/incidents", "incident:Incident", ticket=True),
    Kind("service_request", "REQ", "tickets/requests", "service_request:ServiceRequest", ticket=True),
    Kind("problem", "PRB", "tickets/problems", "problem:Problem", ticket=True),
    Kind("change", "CHG", "tickets/changes", "change:Change", ticket=True),
    Kind("release", "REL", "tickets/releases", "release:Release", ticket=True),
    Kind("visit", "VIS", "tickets/visits", "visit:Visit", ticket=True),
    Kind("inspection", "INS", "tickets/inspections", "inspection:Inspection", ticket=True),
    Kind("survey", "SUR", "tickets/surveys", "survey:Survey"),
    Kind("meeting", "MTG", "tickets/meetings", "meeting:Meeting"),
    Kind("report", "RPT", "tickets/reports", "report:Report"),
    Kind("acceptance", "ACC", "tickets/acceptances", "acceptance:Acceptance"),
    Kind("improvement", "IMP", "tickets/improvements", "improvement:Improvement"),
    # kb/: what stays
    Kind("known_error", "KE", "kb/known-errors", "known_error:KnownError"),
    Kind("service", "", "kb/services", "service:Service"),
    Kind("asset", "", "kb/assets", "asset:Asset"),
    Kind("agreement", "", "kb/agreements", "agreement:Agreement"),
    Kind("support_hours", "", "kb/support-hours", "support_hours:SupportHours"),
    Kind("customer", "", "kb/customers", "customer:Customer"),
    Kind("site", "", "kb/sites", "site:Site"),
    Kind("contract", "", "kb/contracts", "contract:Contract"),
    Kind("person", "", "kb/people", "person:Person"),
    Kind("team", "", "kb/teams", "team:Team"),
    Kind("article", "", "kb/articles", "article:Article"),
    Kind("board", "", "kb/boards", "board:Board"),
    Kind("part", "", "kb/parts", "part:Part"),
    Kind("supplier", "", "kb/suppliers", "supplier:Supplier"),
    Kind("roster", "", "kb/rosters", "roster:Roster"),
    Kind("inspection_plan", "", "kb/inspection-plans", "inspection:InspectionPlan"),
    Kind("communication_plan", "", "kb/communication-plans", "communication_plan:CommunicationPlan"),
)

TICKET_KINDS = tuple(kind.name for kind in KINDS if kind.ticket)
"""The kinds with a life and clocks; each has its life in workflow/lifecycles.py."""

BY_NAME = {kind.name: kind for kind in KINDS}
BY_PREFIX = {kind.prefix: kind for kind in KINDS if kind.prefix}

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""The 32 characters of the random part of an id (Crockford's base32: no I, L, O, U)."""

ID_PATTERN = late_pattern(rf"({'|'.join(BY_PREFIX)})-(\d{{8}})-([{CROCKFORD}]{{4}})")
SLUG_PATTERN = late_pattern(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z))[a-z0-9][a-z0-9.]*(?:-[a-z0-9.]+)*")
"""A slug; Windows can hold no file that is called as a device of its own, whatever the ending (Naming Files, MSDN)."""


def kind_of_id(id: str) -> Kind | None:
    """Return the kind that an id such as INC-20261122-7F3K names by its prefix, or None for anything else."""
    match = ID_PATTERN.fullmatch(id)
    return BY_PREFIX[match[1]] if match else None


VOTES = ".votes"
"""What the name of a folder of votes ends in; it lies beside the record it belongs to."""

VOTED_ON = ("change", "board", "article", "person")
"""The kinds that votes lie beside: changes, a board's own rules, templates of standard changes; people, whose keys are
vouched for."""


def votes_of(path: str) -> str:
    """Return the folder of the votes on the record at `path`."""
    return path.removesuffix(".md") + VOTES


def is_of_votes(path: str) -> bool:
    """Whether a file lies in a folder of votes, however that is capitalised."""
    return f"{VOTES}/" in path.lower() and path.startswith(("kb/", "tickets/"))


def kind_of_path(path: str) -> Kind | None:
    """Return the kind whose folder holds `path` (as the desk lays them out), or None."""
    return _kind_of_folder(path.rpartition("/")[0])


@cache
def _kind_of_folder(folder: str) -> Kind | None:
    return next((kind for kind in KINDS if f"{folder}/".startswith(f"{kind.folder}/")), None)


def path_of(kind: Kind, id: str) -> str:
    """Return where the record `id` of `kind` lies: tickets by year and month of their id, the rest flat."""
    if kind.dated:
        day = id.split("-")[1]
        return f"{kind.folder}/{day[:4]}/{day[4:6]}/{id}.md"
    return f"{kind.folder}/{id}.md"


def is_id_of(kind: Kind, id: str) -> bool:
    """Whether `id` has the form of the kind's ids."""
    if kind.prefix:
        match = ID_PATTERN.fullmatch(id)
        return bool(match and match[1] == kind.prefix)
    return bool(SLUG_PATTERN.fullmatch(id))
