"""What a field and its values are called on paper: names turned into labels, in the reader's language."""

from __future__ import annotations

from servicebook.language.catalogue import load_area, own_word, say

_SPELT = {
    "id": "ID",
    "url": "URL",
    "sla": "SLA",
    "ola": "OLA",
    "rto": "Recovery time (RTO)",
    "rpo": "Recovery point (RPO)",
    "vip_periods": "VIP periods",
    "title_zh": "Title (Chinese)",
    "name_zh": "Name (Chinese)",
    "rma_process": "RMA process",
    "csat": "Satisfaction (CSAT)",
    "eta_at": "Expected arrival (ETA)",
    "ok": "In order",
    "rma_target": "RMA target",
    "told_by_sms_at": "Told by SMS at",
    "early_life_support_until_on": "Early life support until",
    "option_by_on": "Option by",
    "github": "GitHub",
    "gitlab": "GitLab",
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
"""Labels that do not follow from the name."""

_HYPHENED = frozenset(
    {"not-started", "outside-hours", "no-hours", "no-within", "no-travel", "too-early", "short-notice"}
    | {"extension-without-evidence", "depends-on", "connects-to", "part-of", "backed-up-by"}
)
"""Words of the clocks and of what ties assets with a hyphen, which stays in slugs and goes from words."""


def label_of(name: str) -> str:
    """Return the English label of a field, kind or value by its name: `fault_grade` is `Fault grade`."""
    return _SPELT.get(name) or name.replace("_", " ").capitalize()


def field_label(name: str, language: str) -> str:
    """Return the label of a field in `language`."""
    return say("fields", label_of(name), language)


def value_label(field: str, value: str, language: str) -> str:
    """Return what a value of `field` is called in `language`; words that no field knows stay as they are.

    A word with another meaning in this field has an entry `field: word` of its own.
    """
    if language == "en":
        spaced = value.replace("_", " ")
        return spaced.replace("-", " ") if value in _HYPHENED or own_word(value) else spaced
    texts = load_area("values", language)
    return texts.get(f"{field}: {value}") or texts.get(value, value)
