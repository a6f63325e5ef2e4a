"""An inspection is called after its plan and its day, with the comma of the language that the title is in."""

from __future__ import annotations

from servicebook.actions.inspecting import fields_from_plan
from servicebook.records.facts import Facts


class Plan:
    """As much of a plan's row as an inspection is made from."""

    id = "rounds"

    def __init__(self, **fields: str) -> None:
        self._fields = fields

    def get(self, name: str) -> str | None:
        return self._fields.get(name)


def test_the_day_stands_behind_the_comma_of_the_title_s_language() -> None:
    plan: Facts = Plan(title="Rounds", title_zh="巡检")  # type: ignore[assignment]
    fields = fields_from_plan(plan, "2026-12-08")
    assert (fields["title"], fields["title_zh"]) == ("Rounds, 2026-12-08", "巡检，2026-12-08")
