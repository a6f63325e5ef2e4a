"""The pages of rules and commands: what each finding means, and what to do instead."""

from __future__ import annotations

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
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}


def rule_pages(rules: Iterable[Rule]) -> dict[str, str]:
    """Return the pages of all rules, path to text, and their index."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    pages = {f"{RULES_FOLDER}/{rule.code}.md": _rule_page(rule) for rule in ordered}
    pages[f"{RULES_FOLDER}/index.md"] = _index(ordered)
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
    yield f"- says · 提示: {rule.message}"
    yield f"- 中文：{say('rules', rule.message, 'zh')}"
    for hint in rule.hint.split(" | "):
        yield f"- remedy · 处理: {hint}"
    for hint in say("rules", rule.hint, "zh").split(" | "):
        yield f"- 处理：{hint}"
    if rule.fixable:
        yield "- `servicebook fix` mends it · 可用 `servicebook fix` 自动修复"


def _index(rules: list[Rule]) -> str:
    lines = ["# Rules · 规则", ""]
    for family, (english, chinese) in FAMILIES.items():
        members = [rule for rule in rules if rule.code.startswith(family)]
        if not members:
            continue
        lines += [f"## {english} · {chinese}", "", "| code | name | says | 提示 |", "| --- | --- | --- | --- |"]
        for rule in members:
            says, chinese_says = rule.message, say("rules", rule.message, "zh")
            cells = (f"[{rule.code}]({rule.code}.md)", rule.name, says, chinese_says)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        lines.append("")
    return "\n".join([*lines, MADE])
