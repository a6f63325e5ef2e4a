"""What a known error's page tells, what helps first: workaround, symptoms, cause, fix, where it was seen."""

from __future__ import annotations

from servicebook.publish.elements import Column, rows, status
from servicebook.publish.fields_html import Fields, workaround_html
from servicebook.publish.links_html import newest
from servicebook.publish.record_lists import changes_table, opened_at
from servicebook.publish.view import View
from servicebook.records.facts import Facts

SHOWN = 10
"""So many incidents are listed here; the rest stand among the links."""


def known_error_sections(view: View, fields: Fields, known: Facts, address: str) -> str:
    """Return the sections, in the order in which somebody who has the fault now needs them."""
    seen = newest(view.naming(known, "incident"))
    fixes = [one for ref in known.refs if ref.field[0] == "permanent_fix" and (one := view.target(ref))]
    count = view.labels.say("{count} of {all}", count=min(SHOWN, len(seen)), all=len(seen))
    note = count if seen and view.count(len(seen)) else ""
    return "".join(
        [
            view.section("Workaround", workaround_html(view, fields), note=_verified(view, fields, known)),
            view.section("How to recognise it", _symptoms(fields, known), "symptoms"),
            view.section("Cause", fields.text("root_cause")),
            view.section("Fix", changes_table(view, address, fixes, {})),
            view.section("Incidents", _incidents(view, address, seen[:SHOWN]), note=note),
        ]
    )


def known_now(view: View, known: Facts) -> str:
    """Return how a known error stands, in the words that whoever has it looks for."""
    if known.status != "active":
        return ""
    words = "Workaround, not fixed yet" if known.get("workaround") else "No workaround yet"
    return f'<p class="now">{status("warn", view.labels.say(words))}</p>'


def _verified(view: View, fields: Fields, known: Facts) -> str:
    if not known.get("workaround_verified_on"):
        return ""
    return f"{view.labels.field('workaround_verified_on')}: {fields.text('workaround_verified_on')}"


def _symptoms(fields: Fields, known: Facts) -> str:
    told = known.get("symptoms", default=())
    return rows([fields.value(("symptoms", place), one) for place, one in enumerate(told)])


def _incidents(view: View, address: str, seen: list[Facts]) -> str:
    lines = [(view.link(address, one), view.state_of(one), opened_at(view, one)) for one in seen]
    return view.table(("Record", "State", Column("Opened", "nw")), lines) if lines else ""
