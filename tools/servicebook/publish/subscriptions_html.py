"""The page of what can be subscribed to: calendars, feeds, and the files for other programs."""

from __future__ import annotations

from collections.abc import Iterable

from servicebook.publish.addresses import href
from servicebook.publish.api_files import FOLDER, INDEX, SCHEMA
from servicebook.publish.calendar_files import WHOLE, calendar_of
from servicebook.publish.feed_files import EVERYTHING, FOLLOWED, feed_of, feed_of_kind
from servicebook.publish.view import View


def subscriptions_table(view: View, address: str) -> str:
    """Return what can be subscribed to, a row a thing; addresses are to be copied into calendar and news programs."""
    say, kinds = view.labels.say, view.labels.kinds
    rows = [(say("The whole desk"), _link(address, WHOLE), _link(address, EVERYTHING))]
    rows += [(kinds(kind), "", _link(address, feed_of_kind(kind))) for kind in FOLLOWED]
    rows += [
        (view.link(address, one), _link(address, calendar_of(one)), _link(address, feed_of(one)))
        for one in view.of_kind("service")
    ]
    rows += [(view.link(address, one), _link(address, calendar_of(one)), "") for one in view.of_kind("team")]
    table = view.table(("Of what", "Calendar", "News"), rows, "sb-subscriptions")
    programs = view.table(
        ("For other programs", "File"),
        [(say("Records as JSON"), _link(address, INDEX)), (say("Their JSON Schema"), _link(address, SCHEMA))],
    )
    return f'<p class="intro">{say(HOW)}</p>\n{table}{programs}'


LISTED = {"services": "service", "known-errors": "known_error", "articles": "article", "parts": "part"}
"""Lists of all records of one kind, and that kind."""
_OF_MANY = ("tickets", "records", "archive", "changes", "inspections", "renewals")


def as_json(view: View, name: str, address: str) -> str:
    """Return the way to the file for other programs that holds what a list shows; the index where there are several."""
    kind = LISTED.get(name)
    if kind is None and name not in _OF_MANY:
        return ""
    file = f"{FOLDER}/{kind}.json" if kind and next(view.of_kind(kind), None) else INDEX
    return _records_as_json(view, address, [file])


def month_as_json(view: View, address: str, files: Iterable[str]) -> tuple[str, str]:
    """Return the ways from a month of the archive to its files for other programs: for the page's head, and to see."""
    places = [f"{FOLDER}/{name}" for name in files]
    head = "".join(
        f'<link rel="alternate" type="application/json" title="{name}" href="{href(address, place)}">\n'
        for place in places
        for name in [place.rpartition("/")[2]]
    )
    return head, _records_as_json(view, address, places)


def _records_as_json(view: View, address: str, files: Iterable[str]) -> str:
    links = " · ".join(_link(address, file) for file in files)
    return f'<p class="meta">{view.labels.say("Records as JSON")} {links}</p>\n'


HOW = (
    "Copy an address into your calendar or your news reader; it asks again by itself. What is called off stays in the "
    "calendar, marked as cancelled."
)


def _link(address: str, target: str) -> str:
    return f'<a class="id" href="{href(address, target)}">{target.rpartition("/")[2]}</a>'
