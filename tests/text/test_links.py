"""Where a link in a record's text leads."""

from __future__ import annotations

import pytest

from servicebook.text.links import path_of_link

PAGE = "tickets/incidents/2026/03/INC-20260313-4DXQ.md"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("INC-20260313-4DXQ.files/a.png", "tickets/incidents/2026/03/INC-20260313-4DXQ.files/a.png"),
        ("../../../../kb/articles/restart.md#steps", "kb/articles/restart.md"),
        ("/kb/articles/restart.md", "kb/articles/restart.md"),
        ("./%E7%9B%B4%E6%92%AD.md?x=1", "tickets/incidents/2026/03/直播.md"),
        ("../../../../../etc/passwd", "../etc/passwd"),
        ("/kb/articles/../articles/restart.md", "kb/articles/restart.md"),
        ("notes/a:b.md", "tickets/incidents/2026/03/notes/a:b.md"),
        ("#log", None),
        ("https://example.org/kb/x.md", None),
        ("mailto:desk@example.org", None),
        ("//example.org/x", None),
    ],
)
def test_a_link_leads_to_a_path_of_the_desk_or_out_of_it(target: str, path: str | None) -> None:
    assert path_of_link(PAGE, target) == path
