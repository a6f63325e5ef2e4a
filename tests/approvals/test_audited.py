"""What an audit of a period says of the changes that it began."""

from __future__ import annotations

import json

from tests.approvals.desk import OTHER, Desk
from tests.conftest import in_process


def audit(desk: Desk, *words: str, **environment: str) -> str:
    """Return what the audit prints."""
    now = {"SERVICEBOOK_NOW": desk.at.isoformat()}
    return in_process("audit", *words, where=desk.root, **(now | environment)).stdout


def audited(desk: Desk, *words: str) -> list[tuple[str, str]]:
    """Return (change, commit) of what the audit has against approvals."""
    found = json.loads(audit(desk, "--json", *words))["findings"]
    return [(item["params"]["id"], item["commit"]) for item in found if item["code"] == "HIS917"]


def test_changes_that_a_period_began_without_a_proven_approval(desk: Desk) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    desk.propose(OTHER)
    desk.votes(["zhao.min"], OTHER)
    assert audited(desk) == []
    begun = desk.start(OTHER)
    assert audited(desk) == [(OTHER, begun)]
    assert audited(desk, "--to", "2026-03-24") == [], "another period"
    said = audit(desk, SERVICEBOOK_LANG="zh")
    assert f"`{OTHER}`" in said and "要求 2 票批准" in said and "approvals" not in said
    desk.vote("chen.hao", id=OTHER)
    desk.land("too late", by="chen.hao")
    assert audited(desk) == [(OTHER, begun)]
