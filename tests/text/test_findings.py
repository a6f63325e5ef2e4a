"""Every rule of the room has a text that fires it, a code of its own, a page, and its Chinese."""

import re

import pytest

from servicebook.language.catalogue import load_area
from servicebook.text.findings import RULES
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.markdown import parse_body
from servicebook.text.source_file import SourceFile

DEEP = "{a: " * 9 + "1" + "}" * 9
FRONT = {
    "FMT101": b"---\na: \xff\n---\n",
    "FMT102": "---\ntitle: 直播频道黑屏\n---\n".encode("gb18030"),
    "FMT103": b"\xef\xbb\xbf---\na: 1\n---\n",
    "FMT104": b"---\r\na: 1\r\n---\r\n",
    "FMT105": b"---\na: \0\n---\n",
    "FMT106": b"---\na: 1\n---\n" + b"x" * 1024 * 1024,
    "FMT107": b"---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> topic\n---\n",
    "FMT108": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1\n",
    "FMT109": b"\n\n",
    "FMT110": b"## Symptom\n",
    "FMT111": b"\n---\na: 1\n---\n",
    "FMT112": b"---\na: 1\n## Symptom\n",
    "FMT113": b"---\na: x\x1b[0m\n---\n",
    "FMT114": "---\na: x\u200by\n---\n".encode(),
    "FMT120": b"---\na: @x\n---\n",
    "FMT121": b"---\na:\n\tb: 1\n---\n",
    "FMT122": b"---\na: [1, 2\n---\n",
    "FMT123": b"---\na: b: c\n---\n",
    "FMT124": b"---\na: x\n  b: 1\n---\n",
    "FMT125": "---\na：x\nb: 1\n---\n".encode(),
    "FMT126": b"---\na: {b: 1 c: 2}\n---\n",
    "FMT130": b"---\n- a\n---\n",
    "FMT131": b"---\n1: a\n---\n",
    "FMT132": b"---\na: 1\na: 2\n---\n",
    "FMT133": b"---\na: 1\n...\nb: 2\n---\n",
    "FMT134": b"---\na: &x 1\n---\n",
    "FMT135": b"---\n<<: {a: 1}\n---\n",
    "FMT136": b"---\na: !!str 1\n---\n",
    "FMT137": f"---\na: {DEEP}\n---\n".encode(),
    "FMT138": b"---\na: " + b"x" * 20_001 + b"\n---\n",
    "FMT139": b"---\na: [" + b"1, " * 50_001 + b"]\n---\n",
    "FMT140": b"---\na: 17:00\n---\n",
    "FMT141": b"---\na: no\n---\n",
    "FMT142": b"---\na: 0123\n---\n",
    "FMT143": b"---\na: 7e21\n---\n",
    "FMT144": b"---\na: 12345678901234567\n---\n",
}
BODY = {
    "BOD301": "a <b>c</b>\n",
    "BOD302": "[a](JavaScript:alert(1))\n",
    "BOD303": "[a](../../%2e%2e/x)\n",
    "BOD304": "[a](file:///c:/x)\n",
    "BOD305": "[a]()\n",
    "BOD306": "```\ncode\n",
    "BOD307": "::: internal\ntext\n",
    "BOD308": "::: intern\ntext\n",
    "BOD309": "a \x1b[31m\n",
    "BOD310": "**故障：**已恢复\n",
    "BOD311": "- a\n  - b\n",
    "BOD312": "Steps:\n- a\n",
    "BOD313": "a\n\n    code\n",
    "BOD314": "##日志\n",
    "BOD320": "## a\n\n#### b\n",
    "BOD321": "# a\n",
    "BOD322": "## Log\n\n## 日志\n",
    "BOD323": "- [] a\n",
    "BOD324": "[" + "x" * 20_001 + "\n",
}
CLEAN = """\
Text with **bold**, `<b>`, **bold**：then, [a](b.md#c), <https://example.org> and ![i](INC.files/a.png).

<!-- what happened -->

## Log

- [ ] open
- [x] done
    - nested

1. one

```html
<script>::: intern</script>
::: internal
```

::: internal
hidden
:::

| a | b |
| - | - |
| 1 | 2 |

## Resolution
"""


def test_each_rule_has_a_text_that_fires_it():
    assert sorted([*FRONT, *BODY]) == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize("code", FRONT)
def test_front_matter_fires_its_rule_and_no_other(code):
    _, found = parse_front_matter(SourceFile("tickets/a.md", FRONT[code]))
    assert {one.code for one in found} == {code}


@pytest.mark.parametrize("code", BODY)
def test_a_body_fires_its_rule_and_no_other(code):
    _, found = parse_body("tickets/a.md", BODY[code], 5)
    assert [one.code for one in found] == [code]


def test_a_body_as_it_should_be_has_no_finding():
    assert parse_body("tickets/a.md", CLEAN, 1)[1] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_explained_in_both_languages(rule):
    chinese = load_area("rules", "zh")
    for text in (rule.message, rule.hint):
        assert text in chinese
        names = set(re.findall(r"{(\w+)}", text))
        assert set(re.findall(r"{(\w+)}", chinese[text])) == names
    assert [word for word in ("Why:", "Example:", "Instead:") if word not in rule.page] == []


@pytest.mark.parametrize("code", FRONT | BODY)
def test_a_message_has_all_its_values(code):
    data, body = FRONT.get(code), BODY.get(code)
    found = parse_front_matter(SourceFile("a/b.md", data))[1] if data else parse_body("a/b.md", body, 5)[1]
    rule = next(rule for rule in RULES if rule.code == code)
    values = dict(found[0].params)
    assert rule.message.format_map(values) and rule.hint.format_map(values)
