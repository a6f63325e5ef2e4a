"""The figures of a periodic report in the reader's language: they are stored in the one it was written in."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from servicebook.language.catalogue import LANGUAGES, say
from servicebook.publish.labels import capital
from servicebook.publish.view import View
from servicebook.records.facts import Facts

COUNTED = (
    "tickets opened", "incidents and requests with reported_at in the period",
    "tickets resolved", "those and older ones with a `resolved` event in the period",
    "tickets reopened", "those with a `reopened` event in the period",
    "clocks met", "contractual clocks that stopped in time in the period",
    "clocks breached", "contractual clocks that ran out in the period",
    "attainment", "clocks met / (clocks met + clocks breached)",
    "visits", "visits with an `arrived` event in the period",
    "inspections", "inspections with a `signed_off` event in the period",
    "failed items", "items of those inspections that are not in order",
    "CSAT", "share of scores of 4 or 5; {n} surveys were answered in the period, shown from {fewest} on",
    "availability of {service}", "1 - outage / length of the period",
    "outage of {service}",
    "union of outage_start_at to outage_end_at of the incidents of {service}, cut to the period",
    "highest of {n} measured; at most {bound}", "lowest of {n} measured; at least {bound}",
    "{item} by {plan}",
)  # fmt: skip
"""What a report is written with: names of figures and formulas, keys of the catalogue's area `cli`."""

_BLANK = re.compile(r"\\\{(\w+)\\\}")
_CODE = re.compile(r"`([^`]+)`|\b([a-z]+(?:_[a-z]+)+)\b")


def figures_told(view: View, report: Facts) -> Callable[[tuple[str | int, ...], Any], str]:
    """Return what tells a part of a report's figures in all languages; it gives "" for a word of the author's own."""

    def told(where: tuple[str | int, ...], value: Any) -> str:
        if where[0] != "figures" or not isinstance(value, str):
            return ""
        if where[-1] == "unit":
            return view.labels.say("min") if value == "min" else ""
        found = counted(value) if where[-1] in ("name", "formula") else None
        if found is None:
            return ""
        key, params = found
        if "plan" in params and not view.get("inspection_plan", params["plan"]):  # "calls by hour" is an author's
            return ""
        spoken = {language: say("cli", key, language, **params) for language in view.labels.languages}
        html = view.labels.each(lambda language: capital(spoken[language]) if language == "en" else spoken[language])
        return _CODE.sub(lambda found: f"<code>{found[1] or found[2]}</code>", html)

    return told


def counted(text: str) -> tuple[str, dict[str, str]] | None:
    """Return the key of the catalogue that a stored text was written with, and what it names; None for any other."""
    for key, pattern in _patterns():
        if match := pattern.fullmatch(text):
            return key, match.groupdict()
    return None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return what each text looks like in each language, with the key of it."""
    spoken = {say("cli", key, language): key for key in COUNTED for language in LANGUAGES}
    return [(key, re.compile(_BLANK.sub(r"(?P<\1>[^ ]+)", re.escape(text)))) for text, key in spoken.items()]
