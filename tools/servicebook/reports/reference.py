"""The reference pages of a desk: one for each kind of record, made from its model, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from servicebook.language.catalogue import say
from servicebook.language.labels import field_label, label_of, value_label
from servicebook.records.demands import DEMANDS
from servicebook.records.kinds import KINDS, Kind
from servicebook.records.models import model_of
from servicebook.records.templates import FIRST, LAST, SECTIONS, asked_fields, field_order
from servicebook.reports.json_schema import schema_of
from servicebook.reports.shown_page import shown_page
from servicebook.workflow.lifecycles import LIFECYCLES, STATES_OF_STANDING_RECORDS

FOLDER = "kb/reference"
MADE = "*Made by `servicebook docs`: change the program, not this page. · 由 `servicebook docs` 生成，请勿手工修改。*\n"
"""The last line of every page; `servicebook docs` takes away only stale pages that end with it."""


MARKS = {"required": "必填", "asked": "询问", "derived": "推导"}
FORMS = {
    "text": "文本",
    "word": "选项",
    "instant": "时刻",
    "date": "日期",
    "whole number": "整数",
    "number": "数值",
    "true or false": "真假",
    "map": "映射",
    "anything": "任意",
}


class FieldRow(NamedTuple):
    """One field as a page shows it: `words` are the values it takes, `block` the block it holds."""

    name: str
    description: str
    form: str
    asked: bool
    required: bool
    derived: bool
    words: tuple[str, ...]
    block: str


def kind_pages(examples: Mapping[str, str]) -> dict[str, str]:
    """Return the reference pages, path to text: one a kind, their table, who may read what; `examples` by kind."""
    pages = {f"{FOLDER}/{kind.name}.md": _kind_page(kind, examples.get(kind.name, "")) for kind in KINDS}
    pages[f"{FOLDER}/kinds.md"] = _kinds_page()
    pages[f"{FOLDER}/audiences.md"] = shown_page(MADE)
    return pages


def rows_of(model: Mapping[str, Any]) -> list[FieldRow]:
    """Return the fields of one model of a JSON Schema, in its order."""
    required = model.get("required", ())
    rows = []
    for name, field in model.get("properties", {}).items():
        words, block, form = _type_of(field)
        marks = (bool(field.get("x-asked")), name in required, bool(field.get("x-derived")))
        rows.append(FieldRow(name, field.get("description", ""), form, *marks, words, block))
    return rows


def _type_of(field: Mapping[str, Any]) -> tuple[tuple[str, ...], str, str]:
    """Return the words a field takes, the block it holds, and its type in a few words."""
    parts = [part for part in field.get("anyOf", [field]) if part.get("type") != "null"]
    part = parts[0]
    if part.get("type") == "array":
        words, block, form = _type_of(part["items"])
        return words, block, f"list of {form}"
    if part.get("type") == "object" and isinstance(part.get("additionalProperties"), dict):
        words, block, form = _type_of(part["additionalProperties"])
        return words, block, f"map of {form}"
    if "$ref" in part:
        block = part["$ref"].rpartition("/")[2]
        return (), block, f"[{block}](#{block.lower()})"
    if "x-refers-to" in part:
        return (), "", "reference to " + ", ".join(part["x-refers-to"])
    words = tuple(str(word) for word in part.get("enum", ()) if word is not None)
    if words:
        return words, "", "word"
    return (), "", _plain_type(part)


def _plain_type(part: Mapping[str, Any]) -> str:
    formats = {"date-time": "instant", "date": "date"}
    if part.get("format") in formats:
        return formats[part["format"]]
    if part.get("examples"):
        return "such as " + ", ".join(f"`{example}`" for example in part["examples"])
    names = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    kind = part.get("type")
    return names.get(kind, "map") if isinstance(kind, str) else "anything"


def _both(form: str) -> str:
    """Return a type in both languages; the name of a block is one word in both."""
    chinese = _chinese_form(form)
    return form if chinese == form else f"{form} · {chinese}"


def _chinese_form(form: str) -> str:
    for start, frame in (("list of ", "{}列表"), ("map of ", "{}映射")):
        if form.startswith(start):
            if "](#" in form:
                return frame.format("")
            return frame.format(_chinese_form(form.removeprefix(start)))
    if form.startswith("reference to "):
        kinds = form.removeprefix("reference to ").split(", ")
        return "引用：" + "、".join(say("fields", label_of(kind), "zh") for kind in kinds)
    return FORMS.get(form) or form.replace("such as ", "如 ")


def _kind_page(kind: Kind, example: str) -> str:
    schema = schema_of(kind.name, "en")
    english = label_of(kind.name)
    lines = [f"# {english} · {say('fields', english, 'zh')}", "", *_doc(model_of(kind.name)), ""]
    lines += [*_facts(kind), "", "## Fields · 字段", "", *_own_table(kind, schema), ""]
    lines += ["### Fields of every kind · 通用字段", "", *_common_table(schema), ""]
    for name in _blocks_in_order(schema):
        lines += [f"### {name}", "", *_table(rows_of(schema["$defs"][name])), ""]
    lines += [*_values(schema), *_life(kind), *_demands(kind), *_sections(kind)]
    if example:
        lines += ["## Example · 示例", "", "````markdown", example.rstrip("\n"), "````", ""]
    return "\n".join([*lines, MADE])


def _doc(model: type) -> list[str]:
    english = (model.__doc__ or "").strip().partition("\n")[0]
    return [english, "", say("fields", english, "zh")]


def _facts(kind: Kind) -> Iterator[str]:
    form = f"`{kind.prefix}-YYYYMMDD-XXXX`" if kind.prefix else "a slug such as `live-streaming`"
    place = f"`{kind.folder}/YYYY/MM/<id>.md`" if kind.dated else f"`{kind.folder}/<id>.md`"
    yield f"- `schema: {kind.schema}`, id · 编号: {form}"
    yield f"- file · 文件: {place}"
    if asked := asked_fields(kind.name):
        yield f"- `servicebook new {kind.name}` asks for · 新建时询问: " + ", ".join(f"`{name}`" for name in asked)


def _own_table(kind: Kind, schema: Mapping[str, Any]) -> list[str]:
    rows = {row.name: row for row in rows_of(schema)}
    return _table([rows[name] for name in field_order(kind.name) if name not in (*FIRST, *LAST)])


def _common_table(schema: Mapping[str, Any]) -> list[str]:
    return _table([row for row in rows_of(schema) if row.name in (*FIRST, *LAST)])


def _table(rows: list[FieldRow]) -> list[str]:
    lines = [
        "| field | 字段 | type · 类型 | asked · 询问 | what it holds | 含义 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        mark = "required" if row.required else "asked" if row.asked else "derived" if row.derived else ""
        mark = f"{mark} · {MARKS[mark]}" if mark else ""
        chinese = say("fields", row.description, "zh")
        cells = (f"`{row.name}`", field_label(row.name, "zh"), _both(row.form), mark, row.description, chinese)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


def _blocks_in_order(schema: Mapping[str, Any]) -> list[str]:
    """Return the blocks below a model, each after the one that holds it."""
    found: list[str] = []
    waiting = [schema]
    while waiting:
        for row in rows_of(waiting.pop(0)):
            if row.block and row.block not in found:
                found.append(row.block)
                waiting.append(schema["$defs"][row.block])
    return found


def _values(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the section of the words that fields take, each with what it is called in Chinese."""
    places = [("", schema), *((f"{name}.", schema["$defs"][name]) for name in _blocks_in_order(schema))]
    lines = []
    for place, model in places:
        for row in rows_of(model):
            if row.words:
                said = ", ".join(f"`{word}` {value_label(row.name, word, 'zh')}" for word in row.words)
                lines.append(f"- `{place}{row.name}`: {said}")
    if lines:
        yield from ("## Values · 取值", "", *lines, "")


def _life(kind: Kind) -> Iterator[str]:
    life = LIFECYCLES.get(kind.name)
    states = life.states if life else STATES_OF_STANDING_RECORDS.get(kind.name, ("active", "retired"))
    said = ", ".join(f"`{state}` {value_label('status', state, 'zh')}" for state in states)
    yield from ("## Life · 状态", "", f"States · 状态: {said}", "")
    if life:
        yield from ("| event | 进展 | from · 自 | to · 至 |", "| --- | --- | --- | --- |")
        for step in life.steps:
            sources = ", ".join(step.sources)
            yield f"| `{step.event}` | {value_label('event', step.event, 'zh')} | {sources} | {step.target} |"
        yield ""


def _demands(kind: Kind) -> Iterator[str]:
    states = DEMANDS.get(kind.name)
    if states:
        yield from ("## What a state asks for · 各状态要求的字段", "")
        for state, fields in states.items():
            name = "any state · 任何状态" if state == "any" else f"`{state}` {value_label('status', state, 'zh')}"
            yield f"- {name}: " + ", ".join(f"`{field}`" for field in fields)
        yield ""


def _sections(kind: Kind) -> Iterator[str]:
    headings = SECTIONS.get(kind.name)
    if headings:
        yield from ("## Sections of the text · 正文章节", "")
        for heading in headings:
            yield f"- `## {heading.en}` · `## {heading.zh}`" + (" (required · 必需)" if heading.required else "")
        yield ""


def _kinds_page() -> str:
    lines = [
        "# Kinds of record · 记录种类",
        "",
        "| kind | 种类 | id | folder | life |",
        "| --- | --- | --- | --- | --- |",
    ]
    for kind in KINDS:
        form = f"`{kind.prefix}-YYYYMMDD-XXXX`" if kind.prefix else "slug"
        name = say("fields", label_of(kind.name), "zh")
        life = "timeline · 时间线" if kind.ticket else ""
        lines.append(f"| [{kind.name}]({kind.name}.md) | {name} | {form} | `{kind.folder}/` | {life} |")
    lines += [
        "",
        "`servicebook schema KIND` prints the JSON Schema of a kind for editors, `--all DIR` writes all of them.",
        "",
        "[Who may read what](audiences.md) · [受众与可见字段](audiences.md)",
        "",
        "`servicebook schema KIND` 输出某一种类的 JSON Schema 供编辑器使用，`--all DIR` 写出全部。",
    ]
    return "\n".join([*lines, "", MADE])
