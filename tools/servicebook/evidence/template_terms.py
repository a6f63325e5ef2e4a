"""Where does a standard change depart from its template: what it says for itself that the template has fixed?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from servicebook.text.front_matter import FrontMatter
from servicebook.text.frozen_body import body_before_log
from servicebook.text.sections import sections_of

_ANSWERS = {"steps": "implementation"}
"""A template's section and the one of a change that answers the same question."""


class Departure(NamedTuple):
    """One departure: the field, or the heading of a section after `## `, what stands there and what was due."""

    what: str
    found: str
    due: str


def departures(template: FrontMatter, change: FrontMatter) -> Iterator[Departure]:
    """Yield where a change departs from its template, in the template's order.

    A template fixes what it says: services, assets, the risk of its terms, and the text of its sections, where each
    `{parameter}` stands for the change's value. A change need not repeat a section; what it does say must be the same.
    """
    terms, data = template.data.get("standard_change"), change.data
    terms = terms if isinstance(terms, dict) else {}
    declared, given = _names(terms.get("parameters")), _mapping(data.get("parameters"))
    if set(declared) != set(given):
        yield Departure("parameters", _list(given), _list(declared))
    for name, value in given.items():
        if not isinstance(value, str | int | float) or "\n" in str(value):  # more lines would be more steps
            yield Departure(f"parameters.{name}", " / ".join(str(value).split("\n"))[:80], "…")
    if data.get("plan"):
        yield Departure("plan", _list(_mapping(data["plan"])), "-")
    odd = set(_names(data.get("assets"))) - set(_names(template.data.get("assets")))
    if template.data.get("assets") and odd:
        yield Departure("assets", _list(odd), _list(_names(template.data.get("assets"))))
    services = _names(template.data.get("services"))
    if services and data.get("service") not in services:
        yield Departure("service", str(data.get("service") or "-"), _list(services))
    if terms.get("risk") and data.get("risk") != terms["risk"]:
        yield Departure("risk", str(data.get("risk") or "-"), str(terms["risk"]))
    yield from _in_sections(template, change, given)


def _in_sections(template: FrontMatter, change: FrontMatter, given: Mapping[str, Any]) -> Iterator[Departure]:
    said = sections_of(body_before_log(change.body))
    fixed = sections_of(template.body)
    for key, (_, text) in fixed.items():
        answer = _ANSWERS.get(key, key)
        for name in dict.fromkeys((key, key if answer in fixed else answer)):
            if name in said and said[name][1]:
                due = _filled(text, given).splitlines()
                for found, line in zip_longest(said[name][1].splitlines(), due, fillvalue=""):
                    if found.rstrip() != line.rstrip():
                        yield Departure(f"## {said[name][0]}", found.strip() or "-", line.strip() or "-")
                        break


def _filled(text: str, given: Mapping[str, Any]) -> str:
    for name, value in given.items():
        text = text.replace("{" + str(name) + "}", str(value))
    return text


def _names(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {"?": value} if value else {}


def _list(names: Any) -> str:
    return ", ".join(sorted(map(str, names))) or "-"
