"""The verbs of each kind's life: `submit`, `start`, `deploy`, `cancel`, ...: one table, one frame."""

from __future__ import annotations

from argparse import Namespace

from servicebook.actions.event import Stamp, event_for, record_event, render_at, require_lawful
from servicebook.actions.inspecting import is_proven, with_verified
from servicebook.actions.releases import with_phase, with_test_failed, with_test_passed
from servicebook.cli.arguments import speak
from servicebook.cli.asking import ask_line, may_ask
from servicebook.cli.fields import field_at, fields_of
from servicebook.cli.filling import Values, add_set_option, placed, said_values, with_fields
from servicebook.cli.now import read_now
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.cli.who import who_acts
from servicebook.errors import FindingsError, UsageError
from servicebook.records.facts import Facts
from servicebook.records.instants import parse_instant
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.checklist import open_items
from servicebook.workflow.lifecycles import LIFECYCLES, WITH_REASON
from servicebook.workflow.transitions import state_after

ALWAYS_ASKED = {"reschedule": ("planned_start_at", "planned_end_at")}
"""Fields of a change that a verb sets anew, whether they are there or not."""
DONE_BY = {("inspection", "started"): "inspected_by"}
"""The field that names who takes a step, where nobody is named yet."""


def run(argv: list[str]) -> int:
    """Record the step that the first word names, with the fields that the new state asks for."""
    verb = argv[0]
    given = _parsed(verb, argv[1:])
    values: Values = {}

    def prepare(desk: Snapshot, facts: Facts) -> None:
        event = event_for(verb, facts)
        require_lawful(facts, event)
        _require_reason(verb, event, given)
        _require_ticked(desk, facts, event)
        values.update(_values(desk, facts, verb, event, given))

    def act(source: SourceFile, facts: Facts, stamp: Stamp, _: Snapshot) -> SourceFile:
        event, evidence = event_for(verb, facts), getattr(given, "evidence", "")
        if event == "test_passed":
            source = with_test_passed(source, facts, stamp, evidence)
        if event == "build_started":
            source = with_test_failed(source, facts, stamp)
        via = getattr(given, "via", "")
        fields = {"via": via, "reason": given.reason, "note": given.note, "evidence": evidence}
        return with_fields(with_phase(record_event(source, facts, event, stamp, **fields), facts, event), values)

    beside = _verified if verb == "signoff" else None
    return run_verb(given, lambda facts: event_for(verb, facts).replace("_", " "), act, prepare, beside)


def _verified(desk: Snapshot, inspection: Facts, stamp: Stamp) -> list[tuple[SourceFile, SourceFile]]:
    """Return the assets that the inspection proved true, with who said so and when."""
    plan = desk.get("inspection_plan", inspection.get("plan", default=""))
    by, on = str(inspection.get("inspected_by", default=stamp.by)), stamp.at.date().isoformat()
    files = []
    for name in inspection.get("assets") or plan.get("assets", default=()) if plan else ():
        asset = desk.get("asset", name)
        if asset and plan and is_proven(inspection, plan, asset):
            before = SourceFile(asset.path, desk.read_in_work_tree(asset.path))
            files.append((with_verified(before, by, on), before))
    return files


def _parsed(verb: str, words: list[str]) -> Namespace:
    parser = verb_parser(verb)
    parser.add_argument("--reason", metavar="TEXT", default="", help=speak("why, in words the customer could be told"))
    for name in ALWAYS_ASKED.get(verb, ()):
        label = field_at(fields_of("change"), name).label
        parser.add_argument("--" + name.replace("_", "-"), metavar="TIME", dest=name, help=label)
    if verb in ("approve", "pass"):
        parser.add_argument("--evidence", metavar="TEXT", default="", help=speak("where the proof is, such as minutes"))
    if verb == "approve":
        parser.add_argument("--via", metavar="CHANNEL", default="", help=speak("how: phone, email, in_person, ..."))
    add_set_option(parser)
    given: Namespace = parser.parse_args(words)
    return given


def _require_reason(verb: str, event: str, given: Namespace) -> None:
    """Ask why where somebody is there; UsageError in a script that does not say."""
    if event not in WITH_REASON or given.reason or given.note:
        return
    if not may_ask():
        raise UsageError("`servicebook {verb}` needs a reason", "--reason TEXT", verb=verb)
    given.reason = ask_line(speak("Why?"), needed=True)


def _require_ticked(desk: Snapshot, facts: Facts, event: str) -> None:
    """Refuse to sign an inspection of which items are left, naming them."""
    plan = desk.get("inspection_plan", facts.get("plan", default="")) if event == "signed_off" else None
    left = open_items(plan.get("checklist", default=()), facts.get("results", default=())) if plan else []
    if left:
        raise FindingsError(
            "nothing is written of {keys}", "first: servicebook tick {id} {pairs}",
            keys=", ".join(left), id=facts.id, pairs=" ".join(f"{key}=…" for key in left),
        )  # fmt: skip


def _values(desk: Snapshot, facts: Facts, verb: str, event: str, given: Namespace) -> Values:
    """Return the fields to set: what the call says, and on a terminal what the new state still lacks."""
    now = read_now(desk.settings, writes=True)
    fresh: Values = {}
    for name in ALWAYS_ASKED.get(verb, ()):
        field = field_at(fields_of(facts.kind), name)
        flag = "--" + name.replace("_", "-")
        text = getattr(given, name) or (ask_line(field.label, needed=True) if may_ask() else "")
        if not text:
            raise UsageError("`servicebook {verb}` needs {flag}", "{flag} TIME", verb=verb, flag=flag)
        fresh[name,] = placed(field, text, now)
    status = state_after(LIFECYCLES[facts.kind], facts.status, event) or facts.status
    doer = DONE_BY.get((facts.kind, event))
    if doer and not facts.get(doer):
        fresh[doer,] = who_acts(desk, given.by)
    said = said_values(desk, facts, status, given.set)
    signed = ("sign_off", "signed_on")
    if event == "signed_off" and ("sign_off", "by") in said and signed not in said:
        said[signed] = now.date().isoformat()
    return fresh | _turning(facts, fresh) | said


def _turning(change: Facts, fresh: Values) -> Values:
    """Return the point of no return of a change that gets another time: as long after its start as it was."""
    field, start = ("plan", "point_of_no_return_at"), parse_instant(change.get("planned_start_at"))
    at, new = parse_instant(change.get(*field)), parse_instant(fresh.get(("planned_start_at",)))
    return {field: render_at(new + (at - start))} if at and new and start else {}
