"""The page of clauses: what keeps each promise of the service plan, with links to it, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from servicebook.language.catalogue import say
from servicebook.reports.clauses import Clause
from servicebook.reports.reference import FOLDER, MADE


def clause_page(clauses: Iterable[Clause], names_of_rules: Mapping[str, str]) -> dict[str, str]:
    """Return the page of clauses, path to text; `names_of_rules` by code."""
    lines = [
        "# Clauses of the service plan · 服务方案条款",
        "",
        "What keeps each promise: rules that find a breach, clocks that run on it, commands and pages that show it.",
        "",
        "每条承诺由什么保证：发现违反的规则、计时的时限、展示它的命令和页面。",
        "",
    ]
    for clause in clauses:
        lines += [f"## {clause.name}", "", *_told(clause, names_of_rules), ""]
    return {f"{FOLDER}/clauses.md": "\n".join([*lines, MADE])}


def _told(clause: Clause, names_of_rules: Mapping[str, str]) -> Iterator[str]:
    yield from (clause.promise, "", say("clauses", clause.promise, "zh"), "")
    if clause.also:
        yield f"- also · 另见: {clause.also}"
    rows = (
        ("records · 记录", (f"[{kind}]({kind}.md)" for kind in clause.kinds)),
        ("enforced by rules · 规则", (f"[{code} {names_of_rules[code]}](../rules/{code}.md)" for code in clause.rules)),
        ("clocks · 时限", (f"`{clock}`" for clock in clause.clocks)),
        ("commands · 命令", (f"`servicebook {command}`" for command in clause.commands)),
        ("pages · 页面", (f"[{page}](../{page}.md)" for page in clause.pages)),
    )
    for title, cells in rows:
        if said := ", ".join(cells):
            yield f"- {title}: {said}"
    if clause.missing:
        yield f"- **not kept yet · 尚未实现**: {clause.missing} · {say('clauses', clause.missing, 'zh')}"
