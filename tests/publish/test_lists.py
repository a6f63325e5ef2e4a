"""Lists of large desks: a page stays small, small groups are shown whole, what is left out is counted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from servicebook.publish.labels import Labels
from servicebook.publish.lists import _more, _shares
from servicebook.publish.view import View


def test_small_groups_are_whole_and_large_ones_share_the_rest() -> None:
    groups: dict[str, list[Any]] = {"incident": [0] * 500, "problem": [0] * 4, "change": [0] * 300, "visit": []}
    shares = dict(_shares(groups, 100))
    assert shares == {"incident": 48, "problem": 4, "change": 48}
    assert dict(_shares({"incident": [0] * 7}, 100)) == {"incident": 7}


def test_what_is_left_out_is_counted_and_leads_to_the_search() -> None:
    view: Any = SimpleNamespace(labels=Labels(("en",)))
    assert _more(view, "tickets.html", "incident", 0) == ""
    html = _more(view, "tickets.html", "incident", 12)
    assert 'href="search.html?kind=incident"' in html and "and 12 more" in html


@pytest.mark.parametrize(("audience", "told"), [("internal", True), ("public", False)])
def test_a_list_of_nothing_says_to_the_house_how_the_first_record_is_made(audience: str, *, told: bool) -> None:
    view: Any = SimpleNamespace(labels=Labels(("en",)), desk=SimpleNamespace(audience=audience))
    view.none = lambda: View.none(view)
    html = View.none_yet(view, "known_error")
    assert ("<code>servicebook new known_error</code>" in html) == told and html.endswith("</p>")
