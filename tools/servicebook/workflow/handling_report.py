"""What the handling report to the customer says, taken from the record, and what it does not say yet."""

from __future__ import annotations

from servicebook.records.facts import Facts

SECTIONS = ("problem_type", "cause", "method", "loss")
"""What every handling report says (service plan, 1.3.1): kind of fault, cause, method, loss."""

TAKEN_FROM = {
    "problem_type": (("category",),),
    "cause": (("resolution", "cause_code"),),
    "method": (("resolution", "method"),),
    "loss": (("resolution", "loss"),),
}
"""Where a section stands on the record when the report block leaves it out."""


def sections_of(facts: Facts) -> dict[str, str]:
    """Return what each section says: the report's own words, else what the record knows; empty where nothing does."""
    said = {}
    for name in SECTIONS:
        places = (("handling_report", name), *TAKEN_FROM[name])
        said[name] = next((str(value) for place in places if (value := facts.get(*place))), "")
    return said


def lacking_sections(facts: Facts) -> tuple[str, ...]:
    """Return the sections that neither the report nor the record fills."""
    return tuple(name for name, text in sections_of(facts).items() if not text)
