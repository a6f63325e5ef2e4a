"""The reference page of who may read what: the one table of shown fields, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.language.catalogue import say
from servicebook.language.labels import label_of, value_label
from servicebook.records.kinds import KINDS
from servicebook.records.shown_fields import (
    COMMON,
    EVENT_FIELDS,
    EVENT_SAID,
    EVENTS,
    SECTIONS,
    SHOWN,
    Tree,
    read_fields,
)

_HEAD = ("| kind · 种类 | everybody · 公开 | its customers, too · 客户另可见 |", "| --- | --- | --- |")


def shown_page(made: str) -> str:
    """Return the page; `made` is the line that says that nobody edits it."""
    lines = [
        "# Who may read what · 受众与可见字段",
        "",
        "Fields of a record that a site for another audience than the house shows. What is not listed is hidden,"
        " and so is every field added later. [Audiences](../guide/audiences.md)",
        "",
        "对外网站展示的记录字段。未列出的一律不展示，今后新增的字段也是如此。[受众](../guide/audiences.zh.md)",
        "",
        f"Of every record that is shown · 凡展示的记录均有: {_words(COMMON.split())}",
        "",
        *_HEAD,
        *(_row(kind.name) for kind in KINDS),
        "",
        "## Text · 正文",
        "",
        "Of these kinds only the named sections are read, and what stands in a block that names the audience."
        " Of all others the whole text is read.",
        "",
        "以下种类只展示列出的章节，以及写明受众的块；其余种类展示全部正文。",
        "",
        *_HEAD,
        *(f"| {_kind(name)} | {_words((row.public or '').split())} | {_words((row.customer or '').split())} |"
          for name, row in SECTIONS.items()),
        "",
        "## Timeline · 时间线",
        "",
        "| | everybody · 公开 | customers, too · 客户另可见 |",
        "| --- | --- | --- |",
        f"| events · 进展 | {_events(EVENTS.public)} | {_events(EVENTS.customer)} |",
        f"| fields · 字段 | {_words((EVENT_FIELDS.public or '').split())} "
        f"| {_words((EVENT_FIELDS.customer or '').split())} |",
        "",
        "An event with an `audience` of its own is shown to exactly those it names, with"
        f" · 自带 `audience` 的进展只展示给所列受众，含: {_words(EVENT_SAID.split())}",
    ]  # fmt: skip
    return "\n".join([*lines, "", made])


def _row(kind: str) -> str:
    row = SHOWN.get(kind)
    nobody = "never shown · 从不展示"
    if row is None:
        return f"| {_kind(kind)} | {nobody} | {nobody} |"
    public = nobody if row.public is None else _words(_leaves(read_fields(row.public)))
    return f"| {_kind(kind)} | {public} | {_words(_leaves(read_fields(row.customer or '')))} |"


def _kind(kind: str) -> str:
    return f"[{kind}]({kind}.md) {say('fields', label_of(kind), 'zh')}"


def _words(words: list[str] | Iterator[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _events(words: str | None) -> str:
    return ", ".join(f"`{word}` {value_label('event', word, 'zh')}" for word in (words or "").split())


def _leaves(tree: Tree, before: str = "") -> Iterator[str]:
    for name, inner in tree.items():
        if inner is None:
            yield before + name
        else:
            yield from _leaves(inner, f"{before}{name}.")
