"""The pages of rules and commands: what each finding means, and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from servicebook.diagnostics.page import parse_page
from servicebook.diagnostics.rule import Rule
from servicebook.language.catalogue import say
from servicebook.reports.reference import FOLDER, MADE

RULES_FOLDER = "kb/rules"
FAMILIES = {
    "FMT": ("Form of the file", "文件格式"),
    "REC": ("Fields", "字段"),
    "BOD": ("Text", "正文"),
    "WFL": ("Life of a ticket", "工单流转"),
    "REF": ("References", "引用"),
    "SLA": ("Clocks and hours", "时钟与服务时间"),
    "TRE": ("Files and ids", "文件与编号"),
    "VOT": ("Votes", "投票"),
    "HIS": ("What Git's history shows", "Git 历史"),
    "DSK": ("The whole desk", "整个服务台"),
    "SET": ("Settings", "设置"),
}
_LAST = re.compile(r" \{(?=\w+\}$)")
"""The brace of a name that ends a cell, where Markdown would take it for attributes of the cell."""
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}


def rule_pages(rules: Iterable[Rule]) -> dict[str, str]:
    """Return the pages of all rules, path to text, a page of what each family says, and their index."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    pages = {f"{RULES_FOLDER}/{rule.code}.md": _rule_page(rule) for rule in ordered}
    families = {one: [rule for rule in ordered if rule.code.startswith(one)] for one in FAMILIES}
    families = {one: members for one, members in families.items() if members}
    pages |= {f"{RULES_FOLDER}/{one}.md": _family_page(one, members) for one, members in families.items()}
    pages[f"{RULES_FOLDER}/index.md"] = _index(families)
    return pages


def commands_page(commands: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return the page of the commands: name to (module, English summary)."""
    lines = ["# Commands · 命令", "", "| command | what it does | 用途 |", "| --- | --- | --- |"]
    for name, (_, summary) in commands.items():
        lines.append(f"| `servicebook {name}` | {summary} | {say('cli', summary, 'zh')} |")
    lines += ["", "Each tells its options with `--help`. · 加 `--help` 查看各命令的选项。", "", MADE]
    return {f"{FOLDER}/commands.md": "\n".join(lines)}


def _rule_page(rule: Rule) -> str:
    first, parts = parse_page(rule.page)
    lines = [f"# {rule.code} {rule.name}", "", first, "", say("pages", first, "zh"), ""]
    lines += [*_messages(rule), ""]
    if "Why" in parts:
        why = " ".join(parts["Why"].split())
        lines += ["## Why · 原因", "", _sentence(why), "", say("pages", why, "zh"), ""]
    for name, title in (("Example", "Example · 错误示例"), ("Instead", "Instead · 正确写法")):
        if name in parts:
            lines += [f"## {title}", "", "````text", parts[name], "````", ""]
    return "\n".join([*lines, MADE])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _messages(rule: Rule) -> Iterator[str]:
    severity = f"{rule.severity} · {SEVERITIES[rule.severity]}"
    if rule.incomplete:
        severity = "warning at commit, error where it lands · 提交时警告，合入时错误"
    yield f"- {severity}"
    yield f"- says · 提示: {_as_said(rule.message)}"
    yield f"- 中文：{_as_said(say('rules', rule.message, 'zh'))}"
    for hint in rule.hint.split(" | "):
        yield f"- remedy · 处理: {_as_said(hint)}"
    for hint in say("rules", rule.hint, "zh").split(" | "):
        yield f"- 处理：{_as_said(hint)}"
    if rule.fixable:
        yield "- `servicebook fix` mends it · 可用 `servicebook fix` 自动修复"


def _as_said(template: str) -> str:
    """Return a template of a message as it reads when said: a brace of the message's own is doubled in it."""
    return template.replace("{{", "{").replace("}}", "}")


def _family_page(family: str, members: list[Rule]) -> str:
    """Return what the rules of a family say. A page of its own: all of them together are a heavy page."""
    english, chinese = FAMILIES[family]
    lines = [f"# {family} {english} · {chinese}", "", "[Rules · 规则](index.md)", ""]
    lines += ["| code | name | says | 提示 |", "| --- | --- | --- | --- |"]
    for rule in members:
        says, chinese_says = _as_said(rule.message), _as_said(say("rules", rule.message, "zh"))
        cells = (f"[{rule.code}]({rule.code}.md)", rule.name, says, chinese_says)
        lines.append("| " + " | ".join(_LAST.sub(r" \\{", cell.replace("|", "\\|")) for cell in cells) + " |")
    return "\n".join([*lines, "", MADE])


def _index(families: Mapping[str, list[Rule]]) -> str:
    """Return all codes with their names, by family."""
    lines = ["# Rules · 规则", ""]
    for family, members in families.items():
        english, chinese = FAMILIES[family]
        told = f"[What they say · 提示内容]({family}.md)"
        listed = " ·\n".join(f"[{rule.code}]({rule.code}.md) {rule.name}" for rule in members)
        lines += [f"## {family} {english} · {chinese}", "", told, "", listed, ""]
    return "\n".join([*lines, MADE])
