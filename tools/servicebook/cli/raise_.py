"""`servicebook raise`: open the incident that a failed item of an inspection leads to, tied to both ends."""

from __future__ import annotations

from typing import Any

from servicebook.actions.deriving import derived_fields
from servicebook.actions.event import Stamp, render_at
from servicebook.actions.inspecting import fields_of_failure, name_incident
from servicebook.actions.opening import open_record
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.asking import may_ask
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.fields import field_at, fields_of
from servicebook.cli.filling import add_set_option, read_pairs
from servicebook.cli.form import fill_form, missing_fields
from servicebook.cli.new import OURS
from servicebook.cli.now import read_now
from servicebook.cli.verb import edited, tell
from servicebook.cli.who import who_acts
from servicebook.cli.writing import (
    add_commit_option,
    landing_of,
    push_record,
    require_sound,
    show_unfinished,
    write_records,
)
from servicebook.diagnostics.diagnostic import KeyPath
from servicebook.errors import FindingsError, UsageError
from servicebook.language.catalogue import say
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.records.templates import body_template, field_order
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.checklist import failed_items


def run(argv: list[str]) -> int:
    """Write the incident and name it in the inspection, both in one go."""
    parser = make_parser("raise")
    parser.add_argument("id", metavar="ID", help=speak("the inspection"))
    parser.add_argument("key", metavar="KEY", nargs="?", help=speak("the item that failed, where there are several"))
    parser.add_argument("--by", metavar="PERSON", help=speak("who did it (default: whom your Git e-mail belongs to)"))
    for name in ("category", "fault_grade"):
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, metavar="WORD", help=field_at(fields_of("incident"), name).label)
    add_set_option(parser)
    add_commit_option(parser)
    given = parser.parse_args(argv)
    desk = open_here()
    landing = landing_of(desk, given)
    now = read_now(desk.settings, writes=True)
    stamp = Stamp(who_acts(desk, given.by), now, now)
    inspection = find_record(desk, given.id, ("inspection",))
    plan = _plan(desk, inspection)
    key = given.key or _only_failed(inspection)
    values = fields_of_failure(inspection, plan, key)
    _require_first(desk, inspection, key, values["title"])
    words = {"category": given.category, "fault_grade": given.fault_grade}
    pairs = [f"{name}={word}" for name, word in words.items() if word]
    for path, value in read_pairs(desk, "incident", [*pairs, *given.set], now).items():
        _put(values, path, value)
    source = _incident(desk, inspection, values, stamp)
    incident = require_sound(desk, source)
    before = SourceFile(inspection.path, desk.read_in_work_tree(inspection.path))
    after = edited(inspection.path, lambda: name_incident(before, inspection, incident.id))
    require_sound(desk, after, before, beside=(incident.id,))
    subject = f"{incident.id} opened from {inspection.id}: {incident.title}"
    write_records(desk, [(source, None), (after, before)], landing.commit, subject)
    tell(incident, incident.status, desk, now)
    show_unfinished(desk, source)
    push_record(desk, landing)
    return 0


def _plan(desk: Snapshot, inspection: Facts) -> Facts:
    plan = desk.get("inspection_plan", inspection.get("plan", default=""))
    if plan is None:
        raise FindingsError("`{id}` names no plan of this desk", "edit {path}", id=inspection.id, path=inspection.path)
    return plan


def _only_failed(inspection: Facts) -> str:
    failed = failed_items(inspection.get("results", default=()))
    if len(failed) != 1:
        raise UsageError(
            "{count} items of `{id}` failed", "say which: {known}" if failed else "servicebook show {id}",
            count=len(failed), id=inspection.id, known=", ".join(failed),
        )  # fmt: skip
    return failed[0]


def _require_first(desk: Snapshot, inspection: Facts, key: str, title: str) -> None:
    """Raise FindingsError where the inspection opened an incident for this item before."""
    for name in inspection.get("incidents_opened", default=()):
        incident = desk.get("incident", name)
        if incident is not None and incident.title == title:
            raise FindingsError(
                "`{key}` of `{id}` has its incident already: {other}", "servicebook show {other}",
                key=key, id=inspection.id, other=incident.id,
            )  # fmt: skip


def _put(values: dict[str, Any], path: KeyPath, value: Any) -> None:
    *parents, last = map(str, path)
    for name in parents:
        values = values.setdefault(name, {})
    values[last] = value


def _incident(desk: Snapshot, inspection: Facts, values: dict[str, Any], stamp: Stamp) -> SourceFile:
    from servicebook.store.write import new_id

    kind = BY_NAME["incident"]
    fields = tuple(field for field in fields_of(kind.name) if field.name not in OURS)
    finder = desk.get("person", inspection.get("inspected_by") or stamp.by or "")
    values.setdefault("caller", {"name": finder.get("name") if finder else stamp.by})
    values.setdefault("reported_at", render_at(stamp.at))
    settings, names = desk.settings, {field.name for field in fields}
    values.update(derived_fields(values, names, desk, settings.priority_matrix, settings.routing, kind.name))
    if may_ask():
        fill_form(desk, fields, values)
    elif missing := missing_fields(fields, values):
        raise UsageError(
            "a new {kind} also needs: {names}", "add {flags}",
            kind=kind.name, names=", ".join(field.name for field in missing),
            flags=" ".join(f"--set {field.name}=…" for field in missing),
        )  # fmt: skip
    said = say(
        "cli", "Found by the inspection {id} that was due on {due}: {title}.", desk.settings.languages[0],
        id=inspection.id, due=inspection.get("due_on"), title=values["title"],
    )  # fmt: skip
    heading, _, rest = body_template(kind.name, desk.settings.languages[0]).partition("\n")
    body = f"{heading}\n\n{said}\n{rest}"
    return open_record(kind, new_id(kind, stamp.recorded_at, desk), values, body, stamp, field_order(kind.name))
