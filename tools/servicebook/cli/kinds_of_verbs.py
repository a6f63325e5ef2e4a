"""Which kind of record a verb is for, where it is for one only."""

from __future__ import annotations

from servicebook.actions.event import said_verbs
from servicebook.errors import FindingsError
from servicebook.records.facts import Facts


def require_kind(verb: str, facts: Facts, *kinds: str) -> None:
    """Raise FindingsError, with what is possible, unless the record is of a kind that the verb is for."""
    if facts.kind not in kinds:
        raise FindingsError(
            "`servicebook {verb}` is not for kind `{kind}`",
            "possible now: {verbs}",
            verb=verb, kind=facts.kind, verbs=said_verbs(facts),
        )  # fmt: skip
