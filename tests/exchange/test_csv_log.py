"""A table of tickets becomes drafts as its map says; what finds no place is told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from servicebook.errors import UsageError
from servicebook.exchange.csv_log import read_csv
from servicebook.exchange.csv_map import parse_map
from servicebook.exchange.draft import Intake

LOG_MAP = """\
system: tool
kind: incident
rows: events
id: number
order: [step]
missing: ["?"]
time: {format: "%d/%m/%Y %H:%M", zone: Asia/Shanghai}
title: "{what}"
body: |
  ## Symptom

  - seen: {what}
  - closed with {code}
fields:
  customer: {constant: acme}
  contact_type: {column: by_way, values: {Phone: hotline}}
  assignment_group: {column: group, record: team}
timeline:
  opened: {at: opened, by: {constant: import}}
  state:
    column: state
    at: at
    by: {constant: import}
    values:
      New: new
      Active: in_progress
      Waiting: {status: on_hold, reason: waiting_customer}
      Vendor: {status: on_hold, reason: waiting_supplier}
      Done: resolved
      Closed: closed
  changes: {assignment_group: assigned}
"""

HEAD = "number,step,state,at,opened,what,by_way,group,code,extra\n"


def read(tmp_path: Path, rows: str, map_text: str = LOG_MAP) -> Intake:
    table = tmp_path / "log.csv"
    table.write_text(HEAD + rows, "utf-8")
    return read_csv(table, parse_map(map_text.encode(), "map.yml"))


def events(intake: Intake) -> list[str]:
    return [entry["event"] for entry in intake.drafts[-1].fields["timeline"]]


def test_states_become_events(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        "A1,1,New,1/2/2026 08:00,1/2/2026 07:55,黑屏,Phone,?,?,x\n"
        "A1,2,Active,1/2/2026 08:10,1/2/2026 07:55,黑屏,Phone,Live,?,x\n"
        "A1,3,Waiting,1/2/2026 08:20,1/2/2026 07:55,黑屏,Phone,Live,?,x\n"
        "A1,4,Vendor,1/2/2026 09:00,1/2/2026 07:55,黑屏,Phone,Live,?,x\n"
        "A1,10,Closed,2/2/2026 09:00,1/2/2026 07:55,黑屏,Phone,Live,7,x\n"
        "A1,9,Done,1/2/2026 10:00,1/2/2026 07:55,黑屏,Phone,Live,?,x\n",
    )
    assert events(intake) == [
        "opened", "assigned", "acknowledged", "paused", "resumed", "paused", "resolved", "closed",
    ]  # fmt: skip
    fields = intake.drafts[-1].fields
    assert fields["timeline"][0]["at"] == "2026-02-01T07:55:00+08:00"
    assert fields["timeline"][5]["reason"] == "waiting_supplier"
    assert fields["contact_type"] == "hotline"
    assert fields["assignment_group"] == "live"
    assert [draft.slug for draft in intake.drafts if draft.kind.name == "team"] == ["live"]
    assert intake.drafts[-1].body == "## Symptom\n\n- seen: 黑屏\n- closed with 7\n"


def test_a_line_of_the_body_without_values_is_left_out(tmp_path: Path) -> None:
    intake = read(tmp_path, "A1,1,New,1/2/2026 08:00,1/2/2026 07:55,黑屏,Phone,?,?,x\n")
    assert intake.drafts[-1].body == "## Symptom\n\n- seen: 黑屏\n"


def test_unknown_values_and_unread_columns_are_told(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        "A1,1,Odd,1/2/2026 08:00,1/2/2026 07:55,a,Pigeon,?,?,x\n"
        "A2,1,New,1/2/2026 08:00,31/2/2026 07:55,b,Phone,?,?,x\n"
        "A3,1,New,1/2/2026 08:00\n",
    )
    assert intake.unknown == {("by_way", "Pigeon"): 1, ("state", "Odd"): 1, ("opened", "31/2/2026 07:55"): 1}
    assert intake.notes[0] == "columns that the map does not read: extra"
    assert [place for place, _ in intake.faults] == ["row 4", "A2"]


def test_steps_the_lifecycle_does_not_know_are_kept_as_told(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        "A1,1,Closed,1/2/2026 08:00,1/2/2026 07:55,a,Phone,?,?,x\n",
    )
    assert events(intake) == ["opened", "closed"]


def test_reads_gzip_and_other_encodings(tmp_path: Path) -> None:
    table = tmp_path / "log.csv.gz"
    rows = HEAD + "A1,1,New,1/2/2026 08:00,1/2/2026 07:55,黑屏,Phone,?,?,x\n"
    table.write_bytes(gzip.compress(rows.encode("gb18030")))
    plan = parse_map((LOG_MAP + "encoding: gb18030\n").encode(), "map.yml")
    assert read_csv(table, plan).drafts[-1].fields["title"] == "黑屏"
    with pytest.raises(UsageError, match="cannot be read as utf-8-sig"):
        read_csv(table, parse_map(LOG_MAP.encode(), "map.yml"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: incident", "kind: incidnet", "map.yml:2:"),
        ("column: by_way", "colum: by_way", "`contact_type` names neither a column nor a constant"),
        ("zone: Asia/Shanghai", "zone: Asia/Shangai", "`Asia/Shangai` is no zone"),
        ("rows: events", "rows: event", "`event` is not known here"),
        ("system: tool", "", "`system` is missing"),
        ("id: number", "id: nr", "has no column `nr`"),
        ("missing:", "missing:\nmissing:", "map.yml:7"),
        ('title: "{what}"', 'title: "{"', "map.yml:8:1: `title` is no template"),
        ('title: "{what}"', 'title: "{what:>99999999}"', "`title` is no template"),
        ("closed with {code}", "closed with {code", "`body` is no template"),
        ("kind: incident", "kind: customer", "`customer` is not known here"),
        ("order: [step]", "order: 5", "`order` is no list"),
        ('missing: ["?"]', "missing: 5", "`missing` is no list"),
        ("rows: events", "rows: events\nignore: 5", "`ignore` is no list"),
        ("rows: events", "rows: events\ncreate: 5", "`create` is no list"),
        ("rows: events", "rows: events\ncreate: [5]", "a record to create has `kind` and `id`"),
        ("rows: events", "rows: events\ncreate: [{kind: customre, id: x}]", "`customre` is not known here"),
        ("rows: events", "rows: events\nrecords: 5", "`records` is no list"),
        ("rows: events", "rows: events\nencoding: utf-99", "`utf-99` is no encoding"),
        ("rows: events", "rows: events\nencoding: rot13", "`rot13` is no encoding"),
        ("rows: events", 'rows: events\ndelimiter: ";;"', "`delimiter` is one character"),
        ("values: {Phone: hotline}", "values: 5", "`values` is no map"),
        ("record: team", "record: team, with: 5", "`with` is no map"),
        ("id: number", "id: number\nbody: 5", "map.yml:"),
    ],
)
def test_a_wrong_map_says_where(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, "", LOG_MAP.replace(old, new))
    assert said in caught.value.message


def test_a_record_that_has_two_rows_is_told(tmp_path: Path) -> None:
    plan = LOG_MAP.replace("rows: events", "rows: records")
    row = "A1,1,New,1/2/2026 08:00,1/2/2026 07:55,a,Phone,?,?,x\n"
    intake = read(tmp_path, row + row.replace(",a,", ",b,"), plan)
    assert [draft.fields["title"] for draft in intake.drafts] == ["a"]
    assert intake.faults == [("row 3", "`A1` stands in an earlier row already")]


def test_a_cell_of_a_megabyte_is_read(tmp_path: Path) -> None:
    row = f"A1,1,New,1/2/2026 08:00,1/2/2026 07:55,{'x' * 1_100_000},Phone,?,?,x\n"
    assert len(read(tmp_path, row).drafts) == 1


def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    rows = (
        'A1,1,New,1/2/2026 08:00,1/2/2026 07:55,"a,Phone,?,?,x\nA2,1,New,1/2/2026 08:00,1/2/2026 07:55,a,Phone,?,?,x\n'
    )
    with pytest.raises(UsageError, match="a quote"):
        read(tmp_path, rows)


def test_notice_read_from_the_column_of_the_opening_is_the_first_rows(tmp_path: Path) -> None:
    """A log whose only times are those of its rows: reported when the first was written, not the last."""
    only = LOG_MAP.replace("opened: {at: opened", "opened: {at: at").replace(
        "fields:\n", "fields:\n  reported_at: {column: at, as: instant}\n"
    )
    rows = "A-1,1,New,02/11/2026 09:12,,x,Phone,web,,\nA-1,2,Done,04/11/2026 10:00,,x,Phone,web,,\n"
    (draft,) = [draft for draft in read(tmp_path, rows, only).drafts if draft.kind.name == "incident"]
    assert draft.fields["reported_at"] == "2026-11-02T09:12:00+08:00" == draft.fields["timeline"][0]["at"]


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_csv(tmp_path, parse_map(LOG_MAP.encode(), "map.yml"))
    assert "directory" in str(caught.value.message).lower() + str(caught.value).lower()
    assert "encoding" not in caught.value.hint


def test_a_map_typed_with_chinese_punctuation_is_told_how_it_should_read() -> None:
    with pytest.raises(UsageError) as caught:
        parse_map(LOG_MAP.replace("id: number", "id：number").encode(), "map.yml")
    assert "id: number" in str(caught.value.hint) + str(caught.value.params)
