"""Bodies: what programs read in them, where it stands, and that no text brings the reader down."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.diagnostics.collected import MOST_ALIKE
from servicebook.text.body import Link, Section, Task
from servicebook.text.headings import key_of_heading
from servicebook.text.markdown import make_parser, parse_blocks, parse_body

OPENING = [
    "# ",
    "## 日志\n",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "1. ",
    "[x] ",
    "[ ]",
    "[a](b)",
    "![",
    "](",
    "<b>",
    "<!--",
    "-->",
    "```",
]
MIDDLE = [
    "::: internal\n",
    ":::\n",
    "**",
    "*",
    "：",
    "故障",
    "`",
    "|a|\n|-|\n",
    "> ",
    "[a]: x\n",
    "\t",
    "\x00",
    "\\",
    "&#",
]
PIECES = st.sampled_from([*OPENING, *MIDDLE])


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_text_raises_and_all_places_lie_in_it(text):
    body, found = parse_body("tickets/a.md", text, 10)
    last = 10 + text.count("\n") + 1
    assert all(10 <= one.where.line <= last and one.where.column >= 1 for one in found)
    assert all(10 <= link.line <= last for link in (*body.links, *body.images))
    assert all(10 <= first <= end <= last for first, end in body.internal)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.sampled_from(["---", "===", "- - -", "* * *", "~~~", " ", "x"]), max_size=14).map("".join))
def test_blocks_left_out_for_speed_change_nothing(text):
    text = text.replace("\0", "") + "\n"
    full = make_parser()
    tokens, references = [], {}
    full.block.parse(text, full, references, tokens)
    env = {}
    assert parse_blocks(text, env) == tokens
    assert env == references


def test_a_body_is_read():
    text = """\
## Symptom

黑屏 see [告警](https://example.org/a) and INC-20260312-7F3K, twice INC-20260312-7F3K.
![图](INC.files/图.png)

### 时间线

## 2. 日志：

- [x] restart
- [ ] verify [here](x.md)

::: internal
KE-20260101-0000
:::
"""
    body, found = parse_body("tickets/a.md", text, 20)
    assert found == []
    assert body.sections == (
        Section("symptom", "Symptom", 2, 20),
        Section("", "时间线", 3, 25),
        Section("log", "2. 日志：", 2, 27),
    )
    assert body.links == (Link("https://example.org/a", "告警", 22, 13), Link("x.md", "here", 30, 21))
    assert body.images == (Link("INC.files/图.png", "图", 23, 6),)
    assert body.ids == ("INC-20260312-7F3K", "KE-20260101-0000")
    assert body.tasks == (Task(True, "restart", 29), Task(False, "verify [here](x.md)", 30))
    assert body.internal == ((32, 34),)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Log", "log"),
        ("日志", "log"),
        ("LOG:", "log"),
        ("Log / 日志", "log"),
        ("三、处理", "resolution"),
        ("Root cause", "root_cause"),
        ("Logs of node 1", ""),
        ("", ""),
    ],
)
def test_a_heading_names_one_key_in_both_languages(title, key):
    assert key_of_heading(title) == key


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java&#115;cript:alert(1)",
        "javascript&colon;alert(1)",
        "java&Tab;script:alert(1)",
        "%6Aavascript:alert(1)",
        "vbscript:x",
        "data:text/html;base64,PHNjcmlwdD4=",
    ],
)
@pytest.mark.parametrize("form", ["[a]({})", "[a](<{}>)", "![a]({})", "[a][r]\n\n[r]: {}", "**[a]({} 't')**"])
def test_a_link_that_runs_code_is_found_in_any_disguise(form, target):
    assert "BOD302" in {one.code for one in parse_body("a/b.md", form.format(target), 1)[1]}


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("**故障：**已恢复", True),
        ("已**“故障”**恢复", True),
        ("*（注）*已恢复", True),
        ("**故障：** 已恢复", False),
        ("**故障**：已恢复", False),
        ("**故障：**", False),
        ("`**故障：**已恢复`", False),
        ("2 * 3 * 4", False),
        (r"\*故障：\*已", False),
        ("**a** and **b**", False),
    ],
)
def test_emphasis_beside_chinese_punctuation(text, fires):
    codes = [one.code for one in parse_body("a.md", text, 1)[1]]
    assert codes == (["BOD310"] if fires else [])


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("text", "sections", "links"),
    [
        ("".join(f"[a{number}]: &auml;\n" for number in range(40_000)), 0, 0),
        ("### a\n" * 35_000 + "## Log\n" * 30_000, 65_000, 0),
        (("[a](&auml;)\n" * 1600 + "\n") * 30, 0, 48_000),
        ("[a\n\n" * 100_000, 0, 0),
    ],
)
def test_a_body_that_repeats_itself_is_read_in_a_time_that_grows_with_its_length(text, sections, links):
    """Link definitions, headings and links were each looked for in all lines, or among all sections."""
    body, _ = parse_body("tickets/incidents/2026/03/INC-20260312-7F3K.md", text, 1)
    assert (len(body.sections), len(body.links)) == (sections, links)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("line", ["#\n", "# {}\n", "### a\n# b\n", "- # a\n", "<b>\n\n", "[a]()\n\n"])
def test_findings_without_end_are_counted_in_a_time_that_grows_with_the_body(line):
    def read(size):
        text = "".join(line.format(number) for number in range(size // len(line)))
        begin = process_time()
        _, found = parse_body("tickets/a.md", text, 1)
        return process_time() - begin, text.count("\n"), found

    read(10_000)
    short, _, _ = min(read(20_000) for _ in range(3))
    long, _, found = min(read(80_000) for _ in range(3))
    assert long < 4 * 2.5 * short, "four times the text"
    for code in {one.code for one in found}:
        alike = [one for one in found if one.code == code]
        assert len(alike) == MOST_ALIKE
        assert int(alike[-1].param("more")) > 1000 and not any(one.param("more") for one in alike[:-1])


def test_up_to_a_hundred_findings_of_a_rule_are_all_told():
    for count in (MOST_ALIKE - 1, MOST_ALIKE, MOST_ALIKE + 1):
        found = parse_body("tickets/a.md", "# a\n" * count + "#b\n", 1)[1]
        told = [one for one in found if one.code == "BOD321"]
        assert len(told) == min(count, MOST_ALIKE)
        assert told[-1].param("more") == ("1" if count > MOST_ALIKE else "")
        assert found[-1].code == "BOD314" and not found[-1].param("more")
