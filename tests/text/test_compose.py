"""What compose writes, the strict reader reads back, and so does every other reader of YAML."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.text.compose import UnwritableError, compose_record, render_flow
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile

TRAPS = ["no", "Yes", "off", "y", "null", "~", "", "true", "17:00", "0123", "1_000", "7e21", "0x1F", ".inf", "="]
DATES = ["2026-03-12", "2026-03-12T08:43:05+08:00"]
SIGNS = ["a: b", "a #b", "- a", "---", "a:b", "#1", "@x", "%", "!x", "&a", "*a", "'q'", '"', "{", "a, b", "<<"]
LINES = ["a\nb", "a\n\n b\n", "a\t", "\u200b", "\x85", "直播频道 3 黑屏"]
WORDS = st.sampled_from([*TRAPS, *DATES, *SIGNS, *LINES])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | WORDS
NUMBERS = st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(-1e6, 1e6).map(lambda x: round(x, 6))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(TEXT, VALUES, max_size=6)


def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


def read(text):
    return parse_front_matter(SourceFile("a.md", text.encode()))


@settings(max_examples=150, deadline=None)
@given(FIELDS)
def test_what_is_composed_reads_back_the_same(fields):
    if depth(fields) > 8:
        return
    text = compose_record(fields, "## Log\n")
    front, found = read(text)
    assert front is not None, text
    assert front.data == fields
    assert front.body == "## Log\n"
    assert not [one for one in found if one.code not in ("FMT113",)], text


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_one_line_means_the_same_to_readers_of_yaml_1_1(value):
    line = render_flow(value)
    assert "\n" not in line

    def plain(one):
        if hasattr(one, "isoformat"):
            return "instant"
        if isinstance(one, list):
            return [plain(inner) for inner in one]
        if isinstance(one, dict):
            return {plain(key): plain(inner) for key, inner in one.items()}
        return "instant" if one in ("2026-03-12", "2026-03-12T08:43:05+08:00") else one

    assert plain(yaml.load(f"[{line}]", Loader=yaml.CSafeLoader)) == [plain(value)]


def test_a_new_record_looks_as_people_write_it():
    fields = {
        "schema": "incident/1",
        "title": "直播频道 3 黑屏，重启后恢复",
        "audience": ["internal", "customer:harbour-tv"],
        "caller": {"name": "陈工", "third_party_maintenance": "no"},
        "method": "重启\n回退",
        "timeline": [{"at": "2026-03-12T08:43:05+08:00", "id": "7e21", "event": "opened", "note": "x" * 120}],
    }
    assert compose_record(fields, "").split("\n") == [
        "---",
        "schema: incident/1",
        "title: 直播频道 3 黑屏，重启后恢复",
        'audience: [internal, "customer:harbour-tv"]',
        'caller: {name: 陈工, third_party_maintenance: "no"}',
        "method: |-",
        "  重启",
        "  回退",
        "timeline:",
        f'- {{at: 2026-03-12T08:43:05+08:00, id: "7e21", event: opened, note: {"x" * 120}}}',
        "---",
        "",
    ]


@pytest.mark.parametrize("value", [10**16, float("inf"), float("nan"), 1e300, b"x", {1: 2}, {"k" * 300: 1}])
def test_what_would_not_read_back_is_refused(value):
    with pytest.raises(UnwritableError):
        render_flow(value)
