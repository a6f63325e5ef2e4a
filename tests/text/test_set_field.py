"""An edit of one field moves no other byte, and the file then says exactly what was asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.text.document import CannotEditError
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.set_field import append_item, remove_field, set_field
from servicebook.text.source_file import SourceFile

from .test_compose import TEXT, VALUES, depth

RECORD = """\
---
schema: incident/1   # which form
title: '直播频道 3 黑屏'
status: open
caller: {name: 陈工, role: "engineer"}   # called twice
assets:   [ transcoder-03 ]
empty:
none: []
method: |
  line one
  line two

custom:
  room: 3B
  # the shelf
  shelf: 4
  list:
    - a
    - b # second
# all events
timeline: # append only
- {at: 2026-03-12T08:43:05+08:00, id: k3f9, event: opened}
- {at: 2026-03-12T08:52:40+08:00, id: 7mq2, event: acknowledged}
# end of events
resolution:
  code: fixed
  versions:
  - n: 1
    from: 2026-01-01
  - n: 2
---
## Log
---
text
"""
DATA = RECORD.encode()


def fields(data):
    return parse_front_matter(SourceFile("a.md", data))[0].data


def changed_lines(old, new):
    before, after = old.decode().split("\n"), new.decode().split("\n")
    while before and after and before[0] == after[0]:
        before.pop(0), after.pop(0)
    while before and after and before[-1] == after[-1]:
        before.pop(), after.pop()
    return before, after


@pytest.mark.parametrize(
    ("where", "value", "old", "new"),
    [
        (("status",), "resolved", ["status: open"], ["status: resolved"]),
        (("schema",), "incident/2", ["schema: incident/1   # which form"], ["schema: incident/2   # which form"]),
        (("title",), "no", ["title: '直播频道 3 黑屏'"], ['title: "no"']),
        (
            ("caller", "name"),
            "a, b",
            ['caller: {name: 陈工, role: "engineer"}   # called twice'],
            ['caller: {name: "a, b", role: "engineer"}   # called twice'],
        ),
        (
            ("caller", "phone"),
            "x",
            ['caller: {name: 陈工, role: "engineer"}   # called twice'],
            ['caller: {name: 陈工, role: "engineer", phone: x}   # called twice'],
        ),
        (("empty",), 5, ["empty:"], ["empty: 5"]),
        (("empty", "a"), 5, ["empty:"], ["empty: {a: 5}"]),
        (("none",), ["a"], ["none: []"], ["none: [a]"]),
        (("method",), "short", ["method: |", "  line one", "  line two"], ["method: short"]),
        (("method",), "a\nb\n", ["  line one", "  line two"], ["  a", "  b"]),
        (("custom", "shelf"), 5, ["  shelf: 4"], ["  shelf: 5"]),
        (("custom", "list", 1), "c", ["    - b # second"], ["    - c # second"]),
        (("custom", "row"), "x", [], ["  row: x"]),
        (("assigned_to",), "li.wei", [], ["assigned_to: li.wei"]),
        (("sla", "restore", "outcome"), "met", [], ["sla: {restore: {outcome: met}}"]),
        (("resolution", "versions", 0, "n"), 3, ["  - n: 1"], ["  - n: 3"]),
        (("resolution", "versions", 1, "to"), 3, [], ["    to: 3"]),
    ],
)
def test_a_field_is_set_and_its_line_only(where, value, old, new):
    after = set_field(DATA, where, value)
    assert changed_lines(DATA, after) == (old, new)
    assert set_field(after, where, value) == after


def test_an_event_is_appended_below_the_last():
    event = {"at": "2026-03-12T09:40:00+08:00", "id": "1234", "event": "resolved", "note": "回退: 完成"}
    after = append_item(DATA, ("timeline",), event)
    line = '- {at: 2026-03-12T09:40:00+08:00, id: "1234", event: resolved, note: "回退: 完成"}'
    assert changed_lines(DATA, after) == ([], [line])
    assert after.decode().index(line) < after.decode().index("# end of events")
    assert fields(after)["timeline"][-1] == event


@pytest.mark.parametrize(
    ("timeline", "expected"),
    [
        ("", "timeline:\n- {id: k3f9}\n"),
        ("timeline:\n", "timeline:\n- {id: k3f9}\n"),
        ("timeline: # none\n", "timeline: # none\n- {id: k3f9}\n"),
        ("timeline: []\n", "timeline:\n- {id: k3f9}\n"),
        ("timeline: [] # none\n", "timeline: # none\n- {id: k3f9}\n"),
        ("timeline: [{id: a}]\n", "timeline: [{id: a}, {id: k3f9}]\n"),
        ("timeline:\n  - {id: a}\n# after\n", "timeline:\n  - {id: a}\n  - {id: k3f9}\n# after\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_list_grows_from_whatever_it_was(timeline, expected, newline):
    def whole(part):
        return f"---\na: 1\n{part}---\nbody\n".replace("\n", newline).encode()

    assert append_item(whole(timeline), ("timeline",), {"id": "k3f9"}) == whole(expected)


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        (("status",), ["status: open"], []),
        (("caller", "name"), None, ['caller: {role: "engineer"}   # called twice']),
        (("caller", "role"), None, ["caller: {name: 陈工}   # called twice"]),
        (("assets", 0), None, ["assets:   [  ]"]),
        (("custom", "list", 0), ["    - a"], []),
        (("timeline", 1), ["- {at: 2026-03-12T08:52:40+08:00, id: 7mq2, event: acknowledged}"], []),
        (("nothing",), [], []),
    ],
)
def test_a_field_is_removed_with_its_line(where, old, new):
    before, after = changed_lines(DATA, remove_field(DATA, where))
    assert after == new
    assert old is None or before == old


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"no front matter", ("a",)),
        (b"---\na: [\n---\n", ("a",)),
        (b"---\na: 1\na: 2\n---\n", ("a",)),
        (b"---\na: 1\n---\n", ("a", "b")),
        (b"---\na: [1]\n---\n", ("a", 5)),
        (b"---\na: \xff\n---\n", ("a",)),
        (b"---\na:\n- {b: 1}\n# why\n- {b: 2}\n---\n", ("a",)),
    ],
)
def test_what_cannot_be_done_in_place_is_refused(data, where):
    with pytest.raises(CannotEditError):
        set_field(data, where, "x")


def paths(value, path=()):
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(inner, (*path, key))


PATHS = [path for path in paths(fields(DATA)) if path]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PATHS), VALUES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_value_anywhere_leaves_the_rest_alone(where, value, newline, below):
    data = RECORD.replace("\n", newline).encode()
    if below:
        where = (*where, "neu")
    if depth(value) + len(where) > 8:
        return
    try:
        after = set_field(data, where, value)
    except CannotEditError:
        return
    old, new = fields(data), fields(after)
    for part in (old, new):
        drop(part, where)
    assert old == new or below
    check_value(fields(after), where, value)
    assert (b"\r\n" in after) == (newline == "\r\n")
    assert after.replace(b"\r\n", b"").count(b"\n") == (0 if newline == "\r\n" else after.count(b"\n"))
    for comment in (b"# which form", b"# called twice", b"# all events", b"# end of events", b"# append only"):
        assert comment in after


def drop(value, where):
    for key in where[:-1]:
        value = value[key]
        if value is None:
            return
    if isinstance(value, dict):
        value.pop(where[-1], None)
    else:
        value[where[-1]] = None


def check_value(value, where, expected):
    for key in where:
        value = value[key]
    assert value == expected


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATHS))
def test_what_is_removed_is_gone_and_nothing_else(where):
    try:
        after = remove_field(DATA, where)
    except CannotEditError:
        return
    expected = fields(DATA)
    inside = expected
    for key in where[:-1]:
        inside = inside[key]
    del inside[where[-1]]
    assert fields(after) == expected


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(TEXT, TEXT, max_size=4))
def test_an_appended_event_adds_one_line(event):
    after = append_item(DATA, ("timeline",), event)
    old, new = changed_lines(DATA, after)
    assert (old, len(new)) == ([], 1)
    assert fields(after)["timeline"][-1] == event
