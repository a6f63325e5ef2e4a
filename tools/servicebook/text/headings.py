"""Which section a heading names: English and Chinese headings are one key in the catalogue area `headings`."""

from __future__ import annotations

import re
from functools import cache

from servicebook.language.catalogue import load_area

_FURTHER = {
    "symptoms": "symptom",
    "故障现象": "symptom",
    "root causes": "root_cause",
    "根因": "root_cause",
    "故障原因": "cause",
    "影响范围": "impact",
    "solution": "resolution",
    "fix": "resolution",
    "解决": "resolution",
    "解决方案": "resolution",
    "处理方法": "resolution",
    "处理结果": "resolution",
    "变通方法": "workaround",
    "应急措施": "workaround",
    "work log": "log",
    "处理过程": "log",
    "处理记录": "log",
    "工作日志": "log",
    "fulfillment": "fulfilment",
    "implementation plan": "implementation",
    "实施方案": "implementation",
    "实施计划": "implementation",
    "test plan": "test",
    "测试": "test",
    "backout plan": "backout",
    "rollback": "backout",
    "rollback plan": "backout",
    "回退": "backout",
    "回滚方案": "backout",
    "risks": "risk",
    "lessons learned": "lessons",
    "计划": "plan",
    "摘要": "summary",
    "总结": "review",
    "复盘": "review",
}
_NUMBER = re.compile(r"^(?:[0-9]+(?:\.[0-9]+)*[.、)]?\s+|[0-9]+[.、]|[一二三四五六七八九十]+、)")


@cache
def heading_keys() -> dict[str, str]:
    """Return every heading that programs know, in lower case, with its key such as `root_cause`."""
    keys = dict(_FURTHER)
    for english, chinese in load_area("headings", "zh").items():
        keys[english.lower()] = keys[chinese] = english.lower().replace(" ", "_").replace("-", "_")
    return keys


def key_of_heading(title: str) -> str:
    """Return the key of a heading ("log" for `Log`, `日志`, `2. Log:` and `Log / 日志`), or an empty text."""
    known = heading_keys()
    for part in (title, *title.split("/")):
        word = _NUMBER.sub("", part.strip()).rstrip(":： ").strip("*_ ").lower()
        if word in known:
            return known[word]
    return ""
