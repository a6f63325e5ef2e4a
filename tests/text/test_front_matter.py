"""Front matter: the quick and the thorough reader agree, places are right, and no bytes bring it down."""

import subprocess

import frontmatter
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.diagnostics.diagnostic import Span
from servicebook.text.compose import compose_record
from servicebook.text.front_matter import locate, parse_front_matter, read_plainly
from servicebook.text.source_file import SourceFile, blob_id
from servicebook.text.strict_handler import HANDLER
from servicebook.text.yaml_positions import read_with_positions

from .test_compose import FIELDS
from .test_set_field import DATA, RECORD

OPENING = [
    "a: ",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "'",
    '"',
    "|",
    ">",
    "&x ",
    "*x",
    "!!str ",
    "no",
    "17:00",
]
MIDDLE = [
    "# c",
    "---\n",
    "...\n",
    "<<: ",
    "? ",
    "\t",
    "\r\n",
    "\r",
    "\x00",
    "\x85",
    "\u2028",
    "\ufeff",
    "黑屏",
    "%YAML 1.1\n",
]
CLOSING = ["\\", '"\\x', "1", "~", "@", "`", "::: ", "## Log\n", "```\n", "\U0001f4a1"]
PIECES = st.sampled_from([*OPENING, *MIDDLE, *CLOSING])


def read(text):
    return parse_front_matter(SourceFile("a.md", text if isinstance(text, bytes) else text.encode()))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda data: b"---\n" + data + b"\n---\n"))
def test_no_bytes_raise(data):
    front, found = parse_front_matter(SourceFile("a.md", data))
    assert front is not None or found


@settings(max_examples=250, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_text_raises_and_both_readers_agree(text):
    front, found = read(f"---\n{text}\n---\n")
    assert front is not None or found
    if front is not None:
        for path in front.spans:
            assert locate(front, path).line >= 2 or path == ()
    quick = read_plainly(text) if "---" not in text else None
    if quick is not None and text.isprintable():
        slow = read_with_positions(text, "")
        assert (slow.data, slow.found) == (quick, [])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(DATA) - 1), st.binary(min_size=1, max_size=2), st.integers(0, 4))
def test_no_slip_in_a_record_raises(at, new, gone):
    front, found = read(DATA[:at] + new + DATA[at + gone :])
    assert front is not None or found


@settings(max_examples=100, deadline=None)
@given(FIELDS)
def test_the_quick_reader_takes_what_is_composed_and_agrees(fields):
    text = compose_record(fields, "")[4:-4]
    quick = read_plainly(text)
    assert quick is None or quick == fields == read_with_positions(text, "").data


def test_places_are_lines_of_the_file_and_columns_of_characters():
    front, found = read(RECORD)
    assert found == []
    lines = RECORD.split("\n")

    def at(span):
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]

    assert at(front.spans["title",]) == "'直播频道 3 黑屏'"
    assert at(front.key_spans["caller", "role"]) == "role"
    assert at(front.spans["caller", "role"]) == '"engineer"'
    assert at(front.spans["timeline", 1, "id"]) == "7mq2"
    assert at(front.spans["assets",]) == "[ transcoder-03 ]"
    assert front.body == "## Log\n---\ntext\n"
    assert lines[front.body_line - 1] == "## Log"


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ((), 1),
        (("nothing",), 1),
        (("caller", "nothing"), 5),
        (("timeline",), 21),
        (("timeline", 1, "via"), 23),
        (("timeline", 9), 21),
        (("custom", "list", 1), 19),
    ],
)
def test_what_is_absent_is_shown_at_the_nearest_place(where, line):
    assert locate(read(RECORD)[0], where).line == line


def test_only_the_six_types_come_out_and_instants_stay_as_written():
    front, found = read("---\na: 2026-03-12T08:41:00+08:00\nb: 2026-03-12\nc: 1.50\nd: -3\ne: ~\nf: True\ng:\n---\n")
    assert front.data == {
        "a": "2026-03-12T08:41:00+08:00",
        "b": "2026-03-12",
        "c": 1.5,
        "d": -3,
        "e": None,
        "f": True,
        "g": None,
    }
    assert found == []


def test_all_findings_are_told_not_only_the_first():
    _, found = read("---\na: no\nb: 17:00\nb: 1\nc: {d: &x 0123}\n---\n")
    assert [(one.code, one.where.line) for one in found] == [
        ("FMT141", 2),
        ("FMT140", 3),
        ("FMT132", 4),
        ("FMT134", 5),
        ("FMT142", 5),
    ]
    assert found[1].where == Span(3, 4, 3, 9)
    assert found[1].param("number") == "1020"
    assert found[2].param("line") == "3"


@pytest.mark.parametrize(("rest", "due"), [(" a: 1\nb: 2", ("FMT124", 3)), ("a: 1\n--- b\nc: 2", ("FMT133", 3))])
def test_no_field_behind_the_end_of_the_yaml_is_lost_without_a_word(rest, due):
    _, found = read(f"---\n{rest}\n---\n")
    assert due in [(one.code, one.where.line) for one in found]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("lines", ["<<<<<<< \n=======\n", "<<<<<<< \n", "=======\n<<<<<<< \n>>>>>>>\n=======\n"])
def test_a_file_of_nothing_but_conflict_markers_costs_nothing(lines):
    _, found = read(lines * (1_000_000 // len(lines)))
    assert [one.code for one in found] == ["FMT107" if ">" in lines else "FMT110"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ("a: " + "[" * 300_000, "FMT137"),
        ("? " + "[" * 300_000, "FMT131"),
        ("".join(f"k{number}: 1\n" for number in range(25_000)) + "a: 1\n" * 24_000, "FMT132"),
    ],
)
def test_brackets_without_end_and_fields_written_twice_cost_nothing(fields, due):
    _, found = read(f"---\n{fields}\n---\n")
    assert found[0].code == due


def test_an_alias_bomb_costs_nothing():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
    )
    front, found = read(f"---\n{bomb}---\n")
    assert {one.code for one in found} == {"FMT134"}
    assert front.data["m"] == [None] * 9


def test_python_frontmatter_reads_through_the_strict_handler_and_never_writes():
    fields, content = frontmatter.parse("---\na: 2026-01-01\n---\ntext\n", handler=HANDLER)
    assert (fields, content) == ({"a": "2026-01-01"}, "text")
    with pytest.raises(ValueError, match="FMT141"):
        frontmatter.parse("---\na: no\n---\n", handler=HANDLER)
    with pytest.raises(NotImplementedError):
        frontmatter.dumps(frontmatter.Post("text", handler=HANDLER, a=1))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_blob_ids_are_gits(tmp_path, algorithm):
    subprocess.run(["git", "init", "-q", f"--object-format={algorithm}", str(tmp_path)], check=True)
    ask = ["git", "-C", str(tmp_path), "hash-object", "--stdin"]
    assert subprocess.run(ask, input=DATA, capture_output=True, check=True).stdout.decode().strip() == blob_id(
        DATA, algorithm
    )


def test_what_is_found_beyond_a_hundred_is_told_by_number():
    _, found = read("---\n" + "a: 1\n" * 300 + "---\n")
    assert len(found) == 100 and found[-1].param("more") == "199"
    assert not any(one.param("more") for one in found[:-1])
