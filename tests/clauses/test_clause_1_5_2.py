"""Clause 1.5.2, procedures: among them the audit of records, which are compared with the things and corrected."""

from __future__ import annotations

from tests.clauses.conftest import edit, ticket_of
from tests.conftest import Call, Repo

PLAN = """\
---
schema: inspection_plan/1
id: audit-of-the-hall
title: Records of the hall, compared with the racks
status: active
customer: harbour-tv
service: network
assets: [core-switch-01]
inspection_type: config_audit
recurrence: FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=18
starts_on: 2026-01-01
checklist:
- {key: labels, text: Serial numbers and versions against the records}
assignment_group: infrastructure
on_failure: note
---
"""
AUDIT = """\
---
schema: inspection/1
id: INS-20261118-6WDA
title: Records of the hall, 2026
status: done
plan: audit-of-the-hall
customer: harbour-tv
service: network
assets: [core-switch-01]
due_on: 2026-11-18
inspected_by: zhao.lei
results:
- {key: labels, value: one differs, ok: true}
found:
- {asset: core-switch-01, field: version, value: MOS 12.4.9}
sign_off: {by: Zhao Lei, signed_on: 2026-11-18}
timeline:
- {at: 2026-11-18T09:00:00+08:00, id: k3f9, event: opened, by: zhao.lei}
- {at: 2026-11-18T09:10:00+08:00, id: m2p7, event: started, by: zhao.lei}
- {at: 2026-11-18T10:00:00+08:00, id: t5c4, event: signed_off, by: zhao.lei}
---
## Findings

The switch runs a newer image than its record says.
"""


def audited(sample: Repo) -> None:
    sample.write({
        "kb/inspection-plans/audit-of-the-hall.md": PLAN,
        "tickets/inspections/2026/11/INS-20261118-6WDA.md": AUDIT,
    })  # fmt: skip


def test_clause_1_5_2_what_an_audit_finds_is_corrected(sample: Repo, call: Call) -> None:
    audited(sample)
    assert "REF585" in call("check", "--format", "concise").out
    assert call("set", "core-switch-01", "version=MOS 12.4.9").code == 0
    assert "REF585" not in call("check", "--format", "concise").out


def test_clause_1_5_2_a_correction_is_accounted_for_by_its_audit(sample: Repo, call: Call) -> None:
    sample.git("tag", "baseline-1")
    audited(sample)
    assert call("set", "core-switch-01", "version=MOS 12.4.9").code == 0
    answer = call("drift", "--since", "baseline-1")
    assert answer.code == 0, answer.out
    assert "INS-20261118-6WDA" in answer.out


def test_clause_1_5_2_a_stocktake_that_is_signed_off_says_so_on_the_assets_it_proved(sample: Repo, call: Call) -> None:
    """An asset that differs from its record is not proven."""
    named = ("--plan", "storage-stocktake", "--due-on", "2027-10-28", "--inspected-by", "he.jun", "--title", "Count")
    made = call("new", "inspection", *named)
    assert made.code == 0, made.err
    path = ticket_of(sample, made.out)
    assert call("start", path.stem, "--by", "he.jun").code == 0
    assert call("tick", path.stem, "there=all", "serial=all", "--ok", "there", "--ok", "serial").code == 0
    differs = "found:\n- {asset: nas-02, field: serial_number, value: X}\ntimeline:"
    edit(sample, str(path.relative_to(sample.root)), ("timeline:", differs))
    signed = ("--set", "sign_off.by=何军", "--set", "sign_off.signed_on=2026-11-20")
    done = call("signoff", path.stem, "--by", "he.jun", *signed)
    assert done.code == 0, done.err
    text = {name: (sample.root / f"kb/assets/{name}.md").read_text("utf-8") for name in ("nas-01", "nas-02")}
    assert "verified: {verified_on: 2026-11-20, by: he.jun}" in text["nas-01"]
    assert "2026-11-20" not in text["nas-02"]
