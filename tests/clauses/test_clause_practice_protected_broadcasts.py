"""Practice beyond the plan: protected broadcasts stand beside every change window."""

from __future__ import annotations

import json

from tests.conftest import Call, Repo

CHANGE = "tickets/changes/2026/11/CHG-20261117-FR61.md"
GALA = "vip_periods:\n- {title: 跨年晚会, start_at: 2026-12-02T19:00:00+08:00, end_at: 2026-12-03T01:00:00+08:00}\n"


def test_clause_practice_protected_broadcast_is_shown_beside_a_window_and_not_met(sample: Repo, call: Call) -> None:
    customer = sample.root / "kb/customers/harbour-tv.md"
    lines = customer.read_text("utf-8").split("\n")
    rest = [line for line in lines if not line.startswith("vip_periods")]
    place = rest.index("---", 1)
    head = [line for line in rest[:place] if "start_at" not in line]
    customer.write_text("\n".join([*head, GALA.rstrip(), *rest[place:]]), "utf-8")
    (quiet,) = [one for one in json.loads(call("impact", "FR61", "--json").out)["quiet"] if one["name"] == "跨年晚会"]
    assert quiet["meets"] and quiet["whose"] == "harbour-tv"
    assert "REF542" in call("check", "--format", "concise").out
    answer = call(
        "reschedule", "FR61", "--planned-start-at", "2026-12-04T00:30", "--planned-end-at", "2026-12-04T03:30",
        "--by", "he.jun",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert "REF542" not in call("check", "--format", "concise").out
    assert "跨年晚会" in call("impact", "FR61").out, "it is near, and whoever plans should see it"
