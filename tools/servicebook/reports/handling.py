"""The handling report of an incident as the customer gets it: what it was, why, what was done, what it cost them."""

from __future__ import annotations

from servicebook.language.catalogue import say
from servicebook.language.labels import field_label, value_label
from servicebook.records.facts import Facts
from servicebook.workflow.handling_report import SECTIONS, sections_of

HEAD = ("customer", "site", "service", "assets", "reported_at", "category", "fault_grade", "priority")


def render_report(facts: Facts, language: str) -> str:
    """Return the report as Markdown in `language`; a section that says nothing yet is there with a dash."""
    said = sections_of(facts)
    rows = [(name, _words(name, facts.get(name), language)) for name in HEAD if facts.get(name)]
    resolved = [at for event, at in zip(facts.events, facts.instants, strict=True) if event == "resolved" and at]
    if resolved:
        rows.append(("resolved_at", resolved[-1].isoformat(timespec="seconds")))
    lines = [f"# {say('site', 'Handling report', language)} {facts.id}", "", facts.title, ""]
    lines += [f"- {_label(name, language)}: {text}" for name, text in rows]
    for name in SECTIONS:
        own = facts.get("handling_report", name)
        text = own or _words(_source(name), said[name], language) or "-"
        lines += ["", f"## {field_label(name, language)}", "", text]
    if parts := facts.get("resolution", "parts_replaced"):
        lines += ["", f"## {field_label('parts_replaced', language)}", ""]
        names = ([part.get("part"), part["old_serial"], "→", part["new_serial"]] for part in parts)
        lines += ["- " + " ".join(filter(None, words)) for words in names]
    return "\n".join(lines)


def _label(name: str, language: str) -> str:
    return say("site", "Resolved at", language) if name == "resolved_at" else field_label(name, language)


def _source(name: str) -> str:
    return {"problem_type": "category", "cause": "cause_code"}.get(name, name)


def _words(name: str, value: object, language: str) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value or "")
    return value_label(name, text, language) if name in ("category", "cause_code", "fault_grade") else text
