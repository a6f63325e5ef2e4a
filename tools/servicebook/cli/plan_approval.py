"""Approving an emergency plan: by signature of who may, or by telephone and confirmed in writing within 24 hours."""

from __future__ import annotations

from argparse import Namespace

from servicebook.actions.dispatching import approve_plan, confirm_approval
from servicebook.actions.event import Stamp
from servicebook.cli.arguments import speak
from servicebook.cli.kinds_of_verbs import require_kind
from servicebook.cli.verb import run_verb, verb_parser
from servicebook.cli.who import person_with, read_email
from servicebook.errors import FindingsError, UsageError
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile
from servicebook.workflow.roles import acts_as, holders

VIA = ("signature", "phone")


def approve(given: Namespace) -> int:
    """Approve the emergency plan of an incident: `--by` names who did, where somebody else took the call."""

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        me = person_with(desk, read_email(desk.root))
        via = given.via or ("signature" if stamp.by == me else "phone")
        if via == "signature" and stamp.by != me:
            raise UsageError(
                "nobody signs for `{person}`", "--via phone, and servicebook confirm {id} within 24 hours",
                person=stamp.by, id=facts.id,
            )  # fmt: skip
        require_role(desk, facts, stamp)
        return approve_plan(source, facts, stamp, via=via, taken_by=me if stamp.by != me else "", note=given.note)

    return run_verb(given, "emergency plan approved", act)


def run(argv: list[str]) -> int:
    """`servicebook confirm`: confirm in writing what was approved by telephone."""
    parser = verb_parser("confirm")
    parser.add_argument("--via", metavar="CHANNEL", default="email", help=speak("how: phone, email, in_person, ..."))
    given = parser.parse_args(argv)

    def act(source: SourceFile, facts: Facts, stamp: Stamp, desk: Snapshot) -> SourceFile:
        require_role(desk, facts, stamp, "servicebook confirm {id} --by {known}")
        return confirm_approval(source, facts, stamp, via=given.via, note=given.note)

    return run_verb(given, "approval confirmed", act, lambda _, facts: require_kind("confirm", facts, "incident"))


def require_role(
    desk: Snapshot, facts: Facts, stamp: Stamp, remedy: str = "servicebook approve {id} --via phone --by {known}"
) -> None:
    """Raise FindingsError unless the person may approve an emergency plan by the desk's settings, or deputises."""
    roles = desk.settings.plan_approvers
    day = stamp.at.date()
    if acts_as(desk, stamp.by, roles, day):
        return
    people = [person.id for role in roles for person in holders(desk, role, day)]
    raise FindingsError(
        "`{person}` is no {roles}, and deputises for none",
        remedy if people else "give the role to somebody in kb/people",
        person=stamp.by, roles=" / ".join(roles), id=facts.id, known="|".join(dict.fromkeys(people)),
    )  # fmt: skip
