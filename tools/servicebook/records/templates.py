"""What a new record of a kind starts from: the sections of its body, and the order of its fields.

Light on purpose: rules read the required sections on the hook's path, so models are imported late.
"""

from __future__ import annotations

from servicebook.typed import NamedTuple


class Heading(NamedTuple):
    """A section of a new body. key: as texts are read (`text.headings`), `required` at the end of its life."""

    key: str
    en: str
    zh: str
    required: bool = False


_SYMPTOM = Heading("symptom", "Symptom", "现象", required=True)
_DIAGNOSIS = Heading("diagnosis", "Diagnosis", "诊断")
_LOG = Heading("log", "Log", "日志")
_SUMMARY = Heading("summary", "Summary", "概述")
_NOTES = Heading("notes", "Notes", "备注")

SECTIONS: dict[str, tuple[Heading, ...]] = {
    "incident": (_SYMPTOM, _DIAGNOSIS, Heading("resolution", "Resolution", "处理"), _LOG),
    "service_request": (
        Heading("request", "Request", "请求", required=True),
        Heading("fulfilment", "Fulfilment", "办理结果"),
        _LOG,
    ),
    "problem": (
        Heading("description", "Description", "描述", required=True),
        _DIAGNOSIS,
        Heading("root_cause", "Root cause", "根本原因"),
        Heading("workaround", "Workaround", "临时措施"),
        _LOG,
    ),
    "known_error": (
        Heading("symptom", "Symptom", "现象"),
        Heading("workaround", "Workaround", "临时措施"),
        Heading("permanent_fix", "Permanent fix", "根治方案"),
    ),
    "change": (
        Heading("justification", "Justification", "理由"),
        Heading("implementation", "Implementation", "实施步骤", required=True),
        Heading("test", "Test", "测试方案", required=True),
        Heading("backout", "Backout", "回退方案", required=True),
        Heading("communication", "Communication", "沟通安排"),
        _LOG,
    ),
    "release": (
        Heading("release_notes", "Release notes", "发布说明", required=True),
        Heading("deployment", "Deployment", "部署"),
        Heading("backout", "Backout", "回退方案", required=True),
        _LOG,
    ),
    "service": (_SUMMARY, Heading("contacts", "Contacts", "联系人"), Heading("continuity", "Continuity", "连续性")),
    "asset": (_NOTES, Heading("history", "History", "历史")),
    "agreement": (
        Heading("scope", "Scope", "范围"),
        Heading("measurement", "Measurement", "计算口径"),
        Heading("exclusions", "Exclusions", "除外情形"),
    ),
    "support_hours": (_NOTES,),
    "customer": (_SUMMARY, Heading("contacts", "Contacts", "联系人"), Heading("history", "History", "历史")),
    "site": (Heading("access", "Access", "进场须知"), _NOTES),
    "contract": (
        _SUMMARY,
        Heading("coverage", "Coverage", "服务范围"),
        Heading("exclusions", "Exclusions", "除外情形"),
    ),
    "person": (_NOTES,),
    "team": (_SUMMARY, Heading("contacts", "Contacts", "联系人")),
    "board": (_SUMMARY,),
    "article": (_SUMMARY, Heading("preconditions", "Preconditions", "前提条件"), Heading("steps", "Steps", "步骤")),
    "visit": (Heading("plan", "Plan", "方案"), _LOG),
    "inspection": (Heading("findings", "Findings", "发现"), _LOG),
    "report": (_SUMMARY,),
}
"""The sections of each kind; a kind that is not here starts with notes."""

FIRST = ("schema", "id", "title", "title_zh", "status", "audience", "shown_files", "tags", "aliases")
LAST = ("links", "external", "custom", "waivers", "timeline", "sla", "costs")
"""Fields of every kind, before and after the kind's own when a record is written out."""


def body_template(kind: str, language: str) -> str:
    """Return the body of a new record of `kind`: its headings, in Chinese for `zh`, each with an empty line."""
    headings = SECTIONS.get(kind, (_NOTES,))
    return "\n".join(f"## {heading.zh if language == 'zh' else heading.en}\n" for heading in headings)


def required_sections(kind: str) -> tuple[str, ...]:
    """Return the keys of the sections without which a finished record of `kind` tells too little."""
    return tuple(heading.key for heading in SECTIONS.get(kind, ()) if heading.required)


def field_order(kind: str) -> list[str]:
    """Return the fields of `kind` in the order a record is written out; imports the kind's model."""
    from servicebook.records.models import model_of

    names = [field.alias or name for name, field in model_of(kind).model_fields.items()]
    own = [name for name in names if name not in FIRST and name not in LAST]
    return [name for name in FIRST if name in names] + own + [name for name in LAST if name in names]


def asked_fields(kind: str) -> list[str]:
    """Return the fields that `new` asks for, in their order; imports the kind's model."""
    from servicebook.records.models import model_of

    fields = model_of(kind).model_fields
    asked = {
        field.alias or name
        for name, field in fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("asked")
    }
    return [name for name in field_order(kind) if name in asked]
