"""Which team a ticket goes to by the desk's table: category, priority and the like, the first row that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from servicebook.typed import Any

Row = Mapping[str, Any]
"""One row of the setting `routing`: `team`, and beside it the values that it asks for, by field."""


def team_by(table: Sequence[Row], kind: str, values: Mapping[str, Any]) -> str:
    """Return the team of the first row that fits a ticket; empty where none does (service plan, 1.3.4).

    A row is {team, field: [values], ...}; it fits when each field it names has one of its values on the ticket.
    """
    for row in table:
        asked = (field for field in row if field != "team")
        if all((kind if field == "kind" else values.get(field)) in row[field] for field in asked):
            return str(row["team"])
    return ""
