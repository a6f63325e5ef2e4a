"""Practice beyond the plan: a supplier's own clock runs while a ticket waits for it, and somebody is told."""

from __future__ import annotations

import json

from tests.conftest import Call, Repo

TICKET = "INC-20261119-PA12"


def clocks(call: Call, at: str) -> dict[str, tuple[str, str | None]]:
    """Return state and due time of the clocks of the ticket at an instant, by name."""
    answer = call("sla", TICKET, "--at", at, "--json")
    assert answer.code == 0, answer.err
    return {one["clock"]: (one["state"], one["due_at"]) for one in json.loads(answer.out)}


def test_clause_practice_a_supplier_owes_while_a_ticket_waits_for_it(sample: Repo, call: Call) -> None:
    # The 20th is a Friday: two working days of the dealer after it end on Tuesday the 24th at closing.
    assert call("pause", TICKET, "--supplier", "corvane-dealer", "--by", "ma.lin").code == 0
    assert clocks(call, "2026-11-24T17:59")["corvane-parts"] == ("running", "2026-11-24T18:00:00+08:00")
    assert clocks(call, "2026-11-24T18:01")["corvane-parts"] == ("missed", "2026-11-24T18:00:00+08:00")
    tasks = json.loads(call("next", "--for", "gao.feng", "--at", "2026-11-24T18:01", "--json").out)
    late = next(one for one in tasks if one["id"] == TICKET)
    assert (late["task"], late["supplier"], late["since"]) == (
        "supplier_late", "corvane-dealer", "2026-11-20T09:00:00+08:00",
    )  # fmt: skip
    assert "corvane-dealer is late; waits since" in call("next", "--for", "ma.lin", "--at", "2026-11-24T18:01").out
    assert "corvane-dealer" in call("sla", TICKET, "--explain").out
    assert call("check", f"tickets/incidents/2026/11/{TICKET}.md").code == 0


def test_clause_practice_a_supplier_is_named_only_where_it_is_waited_for(sample: Repo, call: Call) -> None:
    refused = call("pause", TICKET, "--reason", "waiting_customer", "--supplier", "corvane-dealer", "--by", "ma.lin")
    assert refused.code != 0 and "--reason waiting_supplier" in refused.err
    unknown = call("pause", TICKET, "--supplier", "corvane-deler", "--by", "ma.lin")
    assert unknown.code == 2 and "corvane-dealer" in unknown.err


def test_clause_practice_a_piece_out_for_repair_stands_with_its_ticket(sample: Repo, call: Call) -> None:
    part = ("lto-drive-l480", "--serial", "DRV-9-1100", "--broken")
    assert call("part", "return", *part, "--ticket", TICKET).code == 0
    assert call("part", "ship", *part, "--rma", "LT-7", "--to", "lantern-tape").code == 0
    # One working day of the maker's after Friday the 20th ends on Monday at closing.
    assert "LT-7 at lantern-tape since 09:00, due back: 11-23 18:00" in call("sla", TICKET).out
    assert clocks(call, "2026-11-23T17:59")["rma LT-7"] == ("running", "2026-11-23T18:00:00+08:00")
    late = "2026-11-23T18:01"
    assert clocks(call, late)["rma LT-7"] == ("missed", "2026-11-23T18:00:00+08:00")
    assert "rma LT-7" in call("show", TICKET).out
    assert "rma LT-7†" in call("sla", "--at", late).out
    assert "lantern-tape is late; waits since" in call("next", "--for", "ma.lin", "--at", late).out
    due = [one for one in json.loads(call("messages", TICKET, "--at", late, "--json").out) if one["due"]]
    assert ("piece_late", ["gao.feng"]) in [(one["topic"], one["to"]) for one in due]
    assert call("part", "receive", "lto-drive-l480", "--serial", "DRV-9-1101", "--rma", "LT-7").code == 0
    assert clocks(call, late)["rma LT-7"][0] == "met"
