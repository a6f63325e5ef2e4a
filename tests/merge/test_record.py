"""One merge a case: three texts that differ in one place, and what comes of it."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from servicebook.merge.lines import Marks
from servicebook.merge.record import FILE, merge_record

OPENED = "- {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened, by: li.wei}\n"
ACK = "- {at: 2026-03-12T08:52:40+08:00, id: b7mq, event: acknowledged, by: li.wei}\n"
NOTE = "- {at: 2026-03-12T08:50:00+08:00, id: n0te, event: note, by: ann.b}\n"
PAUSED = "- {at: 2026-03-12T09:10:00+08:00, id: pa5d, event: paused, by: ann.b}\n"
RESOLVED = "- {at: 2026-03-12T09:40:00+08:00, id: x0ta, event: resolved, by: li.wei}\n"
REOPENED = "- {at: 2026-03-12T09:50:00+08:00, id: x0tb, event: reopened, by: li.wei}\n"
CLOSED = "- {at: 2026-03-12T10:40:00+08:00, id: c105, event: closed, by: li.wei}\n"
SLA = "sla:\n  response: {outcome: met}\n"


def clash(ours: str, theirs: str) -> str:
    return f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"


class Case(NamedTuple):
    """What stands in the front matter on three sides, what is due, and which fields are left in conflict."""

    base: str
    ours: str
    theirs: str
    due: str
    conflicts: tuple[str, ...] = ()


CASES = {
    "one side": Case("title: a\n", "title: b\n", "title: a\n", "title: b\n"),
    "both the same": Case("title: a\n", "title: b\n", "title: b\n", "title: b\n"),
    "both differently": Case("title: a\n", "title: b\n", "title: c\n", clash("title: b\n", "title: c\n"), ("title",)),
    "neighbours": Case(
        "impact: a\nurgency: a\n", "impact: b\nurgency: a\n", "impact: a\nurgency: b\n", "impact: b\nurgency: b\n"
    ),
    "added on both": Case("id: x\n", "id: x\nsite: a\n", "id: x\nteam: b\n", "id: x\nsite: a\nteam: b\n"),
    "added alike": Case("id: x\n", "id: x\nsite: a\n", "site: a\nid: x\n", "id: x\nsite: a\n"),
    "removed": Case("id: x\nsite: a\nteam: b\n", "id: x\nteam: b\n", "id: x\nsite: a\nteam: c\n", "id: x\nteam: c\n"),
    "removed and changed": Case(
        "id: x\nsite: a\nteam: b\n",
        "id: x\nteam: b\n",
        "id: x\nsite: b\nteam: b\n",
        "id: x\n" + clash("", "site: b\n") + "team: b\n",
        ("site",),
    ),
    "quotes stay": Case(
        "title: a\nid: 'x'\n", "title: b\nid: 'x'\n", "title: a\nid: 'x'  # y\n", "title: b\nid: 'x'  # y\n"
    ),
    "worded anew": Case("title: a\n", 'title: "a"\n', "title: b\n", "title: b\n"),
    "worded anew on both": Case("title: a\n", 'title: "b"\n', "title: b\n", 'title: "b"\n'),
    "a comment against a value": Case(
        "title: a\n", "title: a  # as told\n", "title: b\n", clash("title: a  # as told\n", "title: b\n"), ("title",)
    ),
    "comments above": Case("id: x\n", "# one\nid: x\n", "# two\nid: x\n", "# one\n# two\nid: x\n"),
    "a comment above and a value": Case(
        "id: x\ntitle: a\n", "id: x\n# one\ntitle: a\n", "id: x\ntitle: b\n", "id: x\n# one\ntitle: b\n"
    ),
    "a type against another": Case(
        "tags: a\n", "tags: [a]\n", "tags: {a: b}\n", clash("tags: [a]\n", "tags: {a: b}\n"), ("tags",)
    ),
    "set": Case("tags: [a, b]\n", "tags: [a, b, c]\n", "tags: [b, d]\n", "tags: [b, c, d]\n"),
    "set in lines": Case("tags:\n- a\n- b\n", "tags:\n- a\n- b\n- c\n", "tags:\n- b\n- d\n", "tags:\n- b\n- c\n- d\n"),
    "set made on both": Case("id: x\n", "id: x\ntags: [a]\n", "id: x\ntags: [b]\n", "id: x\ntags: [a, b]\n"),
    "set in lines and in brackets": Case(
        "id: x\n", "id: x\ntags:\n- a\n", "id: x\ntags: [b]\n", "id: x\ntags:\n- a\n- b\n"
    ),
    "set in brackets and in lines": Case(
        "id: x\n", "id: x\ntags: [a]\n", "id: x\ntags:\n- b\n", "id: x\ntags:\n- b\n- a\n"
    ),
    "a comment behind a name": Case(
        "tags:\n- a\n", "tags:\n- a\n- b\n", "tags:  # words\n- a\n- c\n", "tags:  # words\n- a\n- b\n- c\n"
    ),
    "two comments behind a name": Case(
        "tags:\n- a\n",
        "tags:  # one\n- a\n- b\n",
        "tags:  # two\n- a\n",
        clash("tags:  # one\n- a\n- b\n", "tags:  # two\n- a\n"),
        ("tags",),
    ),
    "a comment that lines can hold": Case(
        "id: x\n", "id: x\ntags: [a]\n", "id: x\ntags: # all\n- b  # why\n", "id: x\ntags: # all\n- b  # why\n- a\n"
    ),
    "a comment that brackets cannot hold": Case(
        "id: x\n",
        "id: x\ntags: [a]\n",
        "id: y\ntags: # words\n- b\n",
        "id: y\n" + clash("tags: [a]\n", "tags: # words\n- b\n"),
        ("tags",),
    ),
    "a comment beside an item that brackets cannot hold": Case(
        "id: x\n",
        "id: x\ntags: [a]\n",
        "id: y\ntags:\n- b  # why\n",
        "id: y\n" + clash("tags: [a]\n", "tags:\n- b  # why\n"),
        ("tags",),
    ),
    "set emptied": Case("tags: [a, b]\n", "tags: [a]\n", "tags: [b]\n", "tags: []\n"),
    "set emptied in lines": Case("tags:\n- a\n- b\n", "tags:\n- a\n", "tags:\n- b\n", "tags: []\n"),
    "set from nothing": Case("tags: []\n", "tags: [a]\n", "tags:\n- b\n", "tags:\n- b\n- a\n"),
    "numbers are not texts": Case("tags: [1]\n", "tags: [1, '1']\n", "tags: [1, 1.0]\n", "tags: [1, '1', 1.0]\n"),
    "map": Case(
        "links: {article: [a]}\n",
        "links: {article: [a, b]}\n",
        "links: {article: [a], problem: [p]}\n",
        "links: {article: [a, b], problem: [p]}\n",
    ),
    "map in lines": Case(
        "plan:\n  a: 1\n  # why\n  b: 2\n",
        "plan:\n  a: 2\n  # why\n  b: 2\n",
        "plan:\n  a: 1\n  # why\n  b: 3\n",
        "plan:\n  a: 2\n  # why\n  b: 3\n",
    ),
    "map in lines, one key twice": Case(
        "plan:\n  a: 1\n  b: 2\n",
        "plan:\n  a: 2\n  b: 2\n",
        "plan:\n  a: 3\n  b: 4\n",
        "plan:\n" + clash("  a: 2\n", "  a: 3\n") + "  b: 4\n",
        ("plan.a",),
    ),
    "map in brackets, one key twice": Case(
        "who: {a: 1, b: 2}\n",
        "who: {a: 2, b: 2}\n",
        "who: {a: 3, b: 4}\n",
        clash("who: {a: 2, b: 4}\n", "who: {a: 3, b: 4}\n"),
        ("who",),
    ),
    "map from nothing": Case(
        "id: x\nwho:\n", "id: x\nwho: {a: 1}\n", "id: x\nwho:\n  b: 2\n", "id: x\nwho:\n  b: 2\n  a: 1\n"
    ),
    "text of several lines": Case(
        "note: |\n  a\n\n  b\nid: x\n",
        "note: |\n  a\n\n  c\nid: x\n",
        "note: |\n  a\n\n  b\nid: y\n",
        "note: |\n  a\n\n  c\nid: y\n",
    ),
    "lists of lists are one value": Case(
        "week: {mon: [[1, 2]], tue: [[1, 2]]}\n",
        "week: {mon: [[1, 3]], tue: [[1, 2]]}\n",
        "week: {mon: [[1, 4]], tue: [[2, 2]]}\n",
        clash("week: {mon: [[1, 3]], tue: [[2, 2]]}\n", "week: {mon: [[1, 4]], tue: [[2, 2]]}\n"),
        ("week",),
    ),
    "items by name": Case(
        "clocks:\n- name: a\n  within: 1h\n- name: b\n  within: 2h\n",
        "clocks:\n- name: a\n  within: 3h\n- name: b\n  within: 2h\n",
        "clocks:\n- name: a\n  within: 1h\n  start: x\n- name: b\n  within: 4h\n",
        "clocks:\n- name: a\n  within: 3h\n  start: x\n- name: b\n  within: 4h\n",
    ),
    "an item by name, twice": Case(
        "clocks:\n- name: a\n  within: 1h\n",
        "clocks:\n- name: a\n  within: 2h\n",
        "clocks:\n- name: a\n  within: 3h\n",
        "clocks:\n- name: a\n" + clash("  within: 2h\n", "  within: 3h\n"),
        ("clocks.a.within",),
    ),
    "an item by name, new on both": Case(
        "clocks: []\n",
        "clocks:\n- {name: a, within: 1h}\n",
        "clocks:\n- {name: a, start: x}\n",
        "clocks:\n" + clash("- {name: a, within: 1h}\n", "- {name: a, start: x}\n"),
        ("clocks.a",),
    ),
    "an item whose first field moves": Case(
        "clocks:\n- name: a\n  within: 1h\n",
        "clocks:\n- start: x\n  name: a\n  within: 1h\n",
        "clocks:\n- name: a\n  within: 3h\n",
        "clocks:\n" + clash("- start: x\n  name: a\n  within: 1h\n", "- name: a\n  within: 3h\n"),
        ("clocks.a",),
    ),
    "items by all they say": Case(
        "costs:\n- {role: a}\n",
        "costs:\n- {role: a}\n- {role: b}\n",
        "costs:\n- {role: c}\n",
        "costs:\n- {role: b}\n- {role: c}\n",
    ),
    "an item edited twice": Case(
        "costs:\n- {role: a}\n",
        "costs:\n- {role: b}\n",
        "costs:\n- {role: c}\n",
        clash("costs:\n- {role: b}\n", "costs:\n- {role: c}\n"),
        ("costs",),
    ),
    "two events": Case(
        f"timeline:\n{OPENED}",
        f"timeline:\n{OPENED}{ACK}",
        f"timeline:\n{OPENED}{NOTE}",
        f"timeline:\n{OPENED}{NOTE}{ACK}",
    ),
    "runs of events": Case(
        f"timeline:\n{OPENED}",
        f"timeline:\n{OPENED}{ACK}{RESOLVED}",
        f"timeline:\n{OPENED}{NOTE}{PAUSED}",
        f"timeline:\n{OPENED}{NOTE}{PAUSED}{ACK}{RESOLVED}",
    ),
    "an event of both": Case(
        f"timeline:\n{OPENED}",
        f"timeline:\n{OPENED}{ACK}{RESOLVED}",
        f"timeline:\n{OPENED}{ACK}{PAUSED}",
        f"timeline:\n{OPENED}{ACK}{PAUSED}{RESOLVED}",
    ),
    "a first event on both": Case(
        "timeline: []\n", f"timeline:\n{ACK}", f"timeline:\n{NOTE}", f"timeline:\n{NOTE}{ACK}"
    ),
    "an event edited on one side": Case(
        f"timeline:\n{OPENED}",
        f"timeline:\n{OPENED.replace('li.wei', 'ann.b')}",
        f"timeline:\n{OPENED}{NOTE}",
        f"timeline:\n{OPENED.replace('li.wei', 'ann.b')}{NOTE}",
    ),
    "an event edited on both": Case(
        f"timeline:\n{OPENED}{NOTE}",
        f"timeline:\n{OPENED}{NOTE.replace('ann', 'bob')}",
        f"timeline:\n{OPENED}{NOTE.replace('ann', 'cat')}",
        f"timeline:\n{OPENED}" + clash(NOTE.replace("ann", "bob"), NOTE.replace("ann", "cat")),
        ("timeline.n0te",),
    ),
    "an event edited on both in two places": Case(
        f"timeline:\n{NOTE}",
        f"timeline:\n{NOTE.replace('ann', 'bob')}",
        f"timeline:\n{NOTE.replace('}', ', note: x}')}",
        "timeline:\n" + clash(NOTE.replace("ann", "bob"), NOTE.replace("}", ", note: x}")),
        ("timeline.n0te",),
    ),
    "two events with one id": Case(
        f"timeline:\n{OPENED}",
        f"timeline:\n{OPENED}{NOTE}",
        f"timeline:\n{OPENED}{PAUSED.replace('pa5d', 'n0te')}",
        f"timeline:\n{OPENED}" + clash(NOTE, PAUSED.replace("pa5d", "n0te")),
        ("timeline.n0te",),
    ),
    "events without ids": Case(
        "timeline:\n- {event: a}\n",
        "timeline:\n- {event: a}\n- {event: a}\n",
        "timeline:\n- {event: a}\n- {event: b}\n",
        "timeline:\n- {event: a}\n- {event: a}\n- {event: b}\n",
    ),
    "events in brackets": Case(
        "timeline: [{id: a}]\n",
        "timeline: [{id: a}, {id: b}]\n",
        "timeline: [{id: a}, {id: c}]\n",
        "timeline: [{id: a}, {id: b}, {id: c}]\n",
    ),
    "recorded late": Case(
        f"timeline:\n{OPENED}",
        f"timeline:\n{OPENED}{NOTE.replace('}', ', recorded_at: 2026-03-13T08:00:00+08:00}')}",
        f"timeline:\n{OPENED}{PAUSED}",
        f"timeline:\n{OPENED}{PAUSED}{NOTE.replace('}', ', recorded_at: 2026-03-13T08:00:00+08:00}')}",
    ),
    "a status that follows": Case(
        f"status: new\ntimeline:\n{OPENED}",
        f"status: in_progress\ntimeline:\n{OPENED}{ACK}",
        f"status: on_hold\ntimeline:\n{OPENED}{PAUSED}",
        f"status: on_hold\ntimeline:\n{OPENED}{ACK}{PAUSED}",
    ),
    "a status nobody has": Case(
        f"status: in_progress\ntimeline:\n{ACK}",
        f"status: on_hold # x\ntimeline:\n{ACK}{PAUSED}",
        f"status: in_progress\ntimeline:\n{ACK}{RESOLVED}{REOPENED}",
        f"status: in_progress\ntimeline:\n{ACK}{PAUSED}{RESOLVED}{REOPENED}",
    ),
    "a status typed by hand": Case(
        f"status: new\ntimeline:\n{OPENED}",
        f"status: in_progress\ntimeline:\n{OPENED}{ACK}",
        f"status: resolved\ntimeline:\n{OPENED}",
        clash("status: in_progress\n", "status: resolved\n") + f"timeline:\n{OPENED}{ACK}",
        ("status",),
    ),
    "a closing block that is true": Case(
        f"title: a\nstatus: resolved\ntimeline:\n{RESOLVED}",
        f"title: a\nstatus: closed\ntimeline:\n{RESOLVED}{CLOSED}{SLA}",
        f"title: b\nstatus: resolved\ntimeline:\n{RESOLVED}",
        f"title: b\nstatus: closed\ntimeline:\n{RESOLVED}{CLOSED}{SLA}",
    ),
    "a closing block that may be off": Case(
        f"status: resolved\ntimeline:\n{RESOLVED}",
        f"status: closed\ntimeline:\n{RESOLVED}{CLOSED}{SLA}",
        f"status: resolved\ntimeline:\n{RESOLVED}{NOTE}",
        f"status: closed\ntimeline:\n{RESOLVED}{NOTE}{CLOSED}",
    ),
}


def record(front: str, body: str = "Text\n") -> bytes:
    return f"---\nschema: incident/1\n{front}---\n{body}".encode()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_comes_of_it(case: Case) -> None:
    merged = merge_record(record(case.base), record(case.ours), record(case.theirs))
    assert merged.data.decode() == record(case.due).decode()
    assert merged.conflicts == case.conflicts
    turned = merge_record(record(case.base), record(case.theirs), record(case.ours))
    assert turned.conflicts == case.conflicts
    assert case.conflicts or turned.data == merged.data


def test_a_deleted_event_stays_and_is_told() -> None:
    base = record(f"title: a\ntimeline:\n{OPENED}{NOTE}")
    merged = merge_record(
        base, record(f"title: a\ntimeline:\n{OPENED}"), record(f"title: b\ntimeline:\n{OPENED}{NOTE}")
    )
    assert merged.data == record(f"title: b\ntimeline:\n{OPENED}{NOTE}")
    assert (merged.conflicts, merged.kept) == ((), ("timeline.n0te",))


def test_a_deleted_timeline_stays_and_is_told() -> None:
    merged = merge_record(
        record(f"title: a\ntimeline:\n{NOTE}"), record("title: a\n"), record(f"title: b\ntimeline:\n{NOTE}")
    )
    assert merged.data == record(f"title: b\ntimeline:\n{NOTE}")
    assert merged.kept == ("timeline",)


def test_a_dropped_block_is_told() -> None:
    case = CASES["a closing block that may be off"]
    assert merge_record(record(case.base), record(case.ours), record(case.theirs)).dropped
    case = CASES["a closing block that is true"]
    assert not merge_record(record(case.base), record(case.ours), record(case.theirs)).dropped


def test_the_body_is_merged_by_git() -> None:
    base = record("id: x\n", "a\nb\nc\nd\ne\n")
    merged = merge_record(base, record("id: x\n", "A\nb\nc\nd\ne\n"), record("id: y\n", "a\nb\nc\nd\nE\n"))
    assert merged.data == record("id: y\n", "A\nb\nc\nd\nE\n")
    merged = merge_record(base, record("id: x\n", "A\nb\nc\nd\ne\n"), record("id: y\n", "B\nb\nc\nd\ne\n"))
    assert merged.data == record("id: y\n", clash("A\n", "B\n") + "b\nc\nd\ne\n")
    assert merged.conflicts == ("body",)


def test_added_on_both_sides() -> None:
    ours, theirs = record(f"title: a\ntimeline:\n{NOTE}"), record(f"title: b\ntimeline:\n{ACK}")
    merged = merge_record(b"", ours, theirs)
    assert merged.data == record(clash("title: a\n", "title: b\n") + f"timeline:\n{NOTE}{ACK}")


def test_line_ends_and_byte_order_marks_go_with_the_side_that_changed_them() -> None:
    base, ours = record("title: a\nid: x\n"), record("title: b\nid: x\n")
    theirs = record("title: a\nid: y\n").replace(b"\n", b"\r\n")
    assert merge_record(base, ours, theirs).data == record("title: b\nid: y\n").replace(b"\n", b"\r\n")
    mark = b"\xef\xbb\xbf"
    assert merge_record(base, mark + ours, record("title: a\nid: y\n")).data == mark + record("title: b\nid: y\n")
    crlf = [text.replace(b"\n", b"\r\n") for text in (base, ours, record("title: c\nid: x\n"))]
    assert merge_record(*crlf).data == record(clash("title: b\n", "title: c\n") + "id: x\n").replace(b"\n", b"\r\n")


def test_without_a_last_newline() -> None:
    base, ours, theirs = record("id: x\n", ""), record("id: y\n", ""), record("id: x\n", "text")
    assert merge_record(base.rstrip(), ours.rstrip(), theirs).data == record("id: y\n", "text")
    assert (
        merge_record(base.rstrip(), ours.rstrip(), record("id: x\nsite: a\n", "").rstrip()).data
        == record("id: y\nsite: a\n", "").rstrip()
    )


def test_a_fence_without_a_newline_gets_one_before_a_clash() -> None:
    merged = merge_record(record("id: x\n", "a\n"), record("id: x\n", "").rstrip(), record("id: x\n", "b\n"))
    assert merged.data == record("id: x\n", clash("", "b\n"))


def test_names_and_size_of_markers() -> None:
    merged = merge_record(record("id: x\n"), record("id: y\n"), record("id: z\n"), Marks("HEAD", "分支 one", 9))
    assert merged.data == record("<<<<<<<<< HEAD\nid: y\n=========\nid: z\n>>>>>>>>> 分支 one\n")


def test_an_ancestor_that_git_merged_itself_may_hold_markers() -> None:
    marks = "<<<<<<<<< A\ntitle: a\n=========\ntitle: b\n>>>>>>>>> B\n"
    merged = merge_record(record("id: x\n" + marks), record("id: x\ntitle: a\n"), record("id: y\ntitle: a\n"))
    assert (merged.data, merged.conflicts) == (record("id: y\ntitle: a\n"), ())
    merged = merge_record(record("id: x\n" + marks), record("id: x\ntitle: a\n"), record("id: y\ntitle: b\n"))
    assert merged.conflicts == ("title",)


@pytest.mark.parametrize(
    "broken",
    [
        "---\ntitle: [a\n---\n",
        "---\ntitle: b\ntitle: c\n---\n",
        "no front matter\n",
        "---\n{title: b}\n---\n",
        "",
        "---\ntitle: b\n",
        "---\n\t- x\n---\n",
        "---\ntitle: b\n...\n---\n",
    ],
)
def test_what_cannot_be_told_apart_is_merged_by_lines_and_left_to_a_person(broken: str) -> None:
    base, theirs = b"---\ntitle: a\n---\nx\n", b"---\ntitle: d\n---\ny\n"
    for merged in (merge_record(base, broken.encode(), theirs), merge_record(base, theirs, broken.encode())):
        assert merged.conflicts == (FILE,)
        assert b"title: d" in merged.data and broken.strip().split("\n")[-1].encode() in merged.data


def test_pages_without_front_matter_are_merged_by_lines() -> None:
    merged = merge_record(b"a\nb\nc\nd\n", b"A\nb\nc\nd\n", b"a\nb\nc\nD\n")
    assert (merged.data, merged.conflicts) == (b"A\nb\nc\nD\n", ())


def test_a_binary_file_keeps_both_sides() -> None:
    merged = merge_record(b"\0a", b"\0b", b"\0c\xff")
    assert merged.conflicts and b"\0b" in merged.data and b"\0c\xff" in merged.data
