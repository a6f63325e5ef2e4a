"""Does a standard change that has not begun keep to its template? What has begun is judged by `servicebook verify`."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.rule import Rule, rule
from servicebook.packages import find_packages
from servicebook.records.facts import Facts
from servicebook.rules.reading import is_broken
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.store.snapshot import Snapshot
    from servicebook.text.front_matter import FrontMatter

_WAITING = ("draft", "submitted", "approved")
"""States in which a change can still be made to fit; its template may have moved on since an older one."""


@rule(
    "WFL413",
    "standard-change-departs",
    scope="relation",
    message="`{what}` is not as the template `{template}` has it: {found}; due was {due}",
    hint="write what the template says, or leave it out | what it does not cover needs votes: change_type: normal",
    kinds=("change",),
)
def standard_change_departs(facts: Facts, desk: Snapshot) -> Iterator[Diagnostic]:
    """A standard change that says otherwise than the template that was approved for it.

    Why: nobody votes on a standard change, because its template was voted on once. What departs from the template
    was never approved, and `servicebook verify` fails the change when it has begun.

    Example:
        ## Implementation   with   Restart all channels.   where the template says   Restart channel {channel}.

    Instead:
        ## Implementation   with   Restart channel 3.   and   parameters: {channel: '3'}
    """
    slug = facts.get("template")
    if facts.get("change_type") != "standard" or facts.status not in _WAITING or not slug or is_broken(facts):
        return
    article = desk.get("article", slug)
    if article is None or is_broken(article) or not article.get("standard_change"):
        return
    find_packages()
    from servicebook.evidence.template_terms import departures

    template, change = _front(desk, article.path), _front(desk, facts.path)
    for one in departures(template, change) if template and change else ():
        field = one.what if not one.what.startswith("## ") else "template"
        params = {"what": one.what, "template": article.id, "found": one.found, "due": one.due}
        yield standard_change_departs.at(facts.path, (field,), **params)


def _front(desk: Snapshot, path: str) -> FrontMatter | None:
    from servicebook.text.front_matter import parse_front_matter
    from servicebook.text.source_file import SourceFile

    return parse_front_matter(SourceFile(path, desk.read(path)))[0]


RULES: tuple[Rule, ...] = (standard_change_departs,)
