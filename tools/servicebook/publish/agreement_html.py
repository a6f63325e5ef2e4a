"""An agreement's page: each version with what it promises, a row a promise, the version in force first."""

from __future__ import annotations

from html import escape
from typing import Any

from servicebook.language.catalogue import say
from servicebook.language.lengths import said_length
from servicebook.publish.elements import Column, day, facts, section_of
from servicebook.publish.fields_html import Fields
from servicebook.publish.labels import written
from servicebook.publish.view import View
from servicebook.records.facts import Facts

_APART = ("version", "effective_from", "effective_to", "clocks")


def versions_html(view: View, fields: Fields, agreement: Facts) -> str:
    """Return a section a version, the newest first."""
    versions = list(enumerate(agreement.get("versions", default=())))
    return "".join(_version(view, fields, place, version) for place, version in reversed(versions))


def _version(view: View, fields: Fields, place: int, version: dict[str, Any]) -> str:
    where = ("versions", place)
    title = view.labels.say("Version {number}", number=version.get("version", place + 1))
    ends = f" – {day(str(version['effective_to']))}" if version.get("effective_to") else ""
    starts = day(str(version["effective_from"])) if version.get("effective_from") else ""
    rest = [
        (view.labels.field(key), fields.value((*where, key), value))
        for key, value in version.items()
        if key not in _APART and value not in (None, [], {}, "")
    ]
    rows = [_promise(view, fields, (*where, "clocks", n), clock) for n, clock in enumerate(version.get("clocks") or ())]
    heads = (
        Column("Clock", "f"), Column("For", named=True), Column("Within", "nw", named=True), Column("Promise", "nw"),
        "Clause", Column("Pauses while", named=True),
    )  # fmt: skip
    html = (view.table(heads, rows) if rows else "") + facts(rest)
    since = f"{view.labels.field('effective_from')} {starts}" if starts and not ends else f"{starts}{ends}"
    return section_of(title, html, f"version-{version.get('version', place + 1)}", since)


def _promise(view: View, fields: Fields, where: tuple[str | int, ...], clock: dict[str, Any]) -> tuple[str, ...]:
    labels = view.labels
    conditions = (clock.get("applies_when") or {}).items()
    said = ["/".join(_condition(view, key, str(one)) for one in values) for key, values in conditions]
    within = clock.get("within", "")
    told = _by_distance(view, within) if isinstance(within, dict) else _length(view, str(within))
    pauses = " · ".join(labels.value(str(one), "reason") for one in clock.get("pauses_on") or ())
    name = f"{labels.value(str(clock.get('name', '')))}{_steps(view, clock)}"
    promise = labels.value(str(clock.get("promise", "contract")), "promise")
    return name, " · ".join(said), told, promise, fields.value((*where, "clause"), clock.get("clause") or ""), pauses


def _condition(view: View, key: str, value: str) -> str:
    said = view.labels.kind(value) if key == "kind" else view.labels.value(value, key)
    return f'<span class="nw">{said}</span>'


def _by_distance(view: View, within: dict[str, Any]) -> str:
    """Return a target that hangs on how far away the site is, a line a class."""
    table = within.get("distance_class", within)
    items = (table if isinstance(table, dict) else {"": table}).items()
    name_of = view.labels.value
    return "<br>".join(f"{name_of(str(name), 'distance_class')} {_length(view, str(one))}" for name, one in items)


def _length(view: View, text: str) -> str:
    return view.labels.length(text) or written(text)


def _steps(view: View, clock: dict[str, Any]) -> str:
    """Return who is told on the way, such as `Told: 50 % Service desk`."""
    steps = [f'<span class="nw">{_at(view, str(step.get("at")))}</span> {_named(view, step)}'
             for step in clock.get("steps") or ()]  # fmt: skip
    return f'<p class="meta">{view.labels.lead("Told:")}{" · ".join(steps)}</p>' if steps else ""


def _at(view: View, at: str) -> str:
    """Return when somebody is told: a share of the time as it is, a length before the due time in words."""
    if not (length := said_length(at[1:], "en")) or at[0] not in "+-":
        return escape(at)
    text = "{length} before" if at[0] == "-" else "{length} after"
    return view.labels.each(lambda one: say("site", text, one, length=said_length(at[1:], one) or length))


def _named(view: View, step: dict[str, Any]) -> str:
    found = [(str(one), _told(view, one)) for one in step.get("tell") or ()]
    return " + ".join(view.title(record) if record else written(one) for one, record in found)


def _told(view: View, name: object) -> Facts | None:
    return view.get("person", str(name)) or view.get("team", str(name))


def all_told(view: View, agreement: Facts) -> list[Facts]:
    """Return the people and teams whom an agreement's page calls by their titles; no reference names them."""
    clocks = (clock for version in agreement.get("versions", default=()) for clock in version.get("clocks") or ())
    names = (name for clock in clocks for step in clock.get("steps") or () for name in step.get("tell") or ())
    return [found for name in names if (found := _told(view, name))]
