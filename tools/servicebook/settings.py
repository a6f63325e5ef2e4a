"""What a desk has set for itself: `[tool.servicebook]` in pyproject.toml, read strictly.

The name of the zone is not proven here (that needs tzdata); whoever first reads a clock does (cli/now.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from servicebook.errors import SettingsError
from servicebook.language.catalogue import say, terminal_language
from servicebook.typed import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SETTINGS_FILE = "pyproject.toml"

MATRIX = {
    "high": {"high": "P1", "medium": "P2", "low": "P3"},
    "medium": {"high": "P2", "medium": "P3", "low": "P4"},
    "low": {"high": "P3", "medium": "P4", "low": "P4"},
}
"""Priority by impact, then urgency, where a desk sets none (ITIL 4, incident management practice guide)."""

ESCALATION: dict[str, tuple[str, ...]] = {
    "staffing": ("project_manager", "service_manager"),
    "skill": ("project_manager", "service_manager", "service_director"),
    "difficulty": ("technical_lead", "service_manager", "service_director"),
}
"""Kind of escalation to the roles that must hear of it, in this order, where a desk sets none (service plan, 1.2.2)."""

ROUTED_BY = ("kind", "customer", "site", "service", "category", "fault_grade", "priority", "request_type")
"""Fields that a row of `routing` may ask for."""

KINDS_OF_CUSTOMERS = (
    "incident", "service_request", "problem", "change", "release", "visit", "inspection", "report", "asset", "site",
    "contract", "inspection_plan",
)  # fmt: skip
"""The kinds whose records belong to one customer, and that may be shown to it."""

CATEGORIES = (
    "page_error", "network_link_down", "program_error", "resource_shortage", "data_error_or_loss", "server_damage",
)  # fmt: skip
"""Our categories of faults, which a desk's own stand for; those of the model, but for the request (a test)."""

STATES = (
    "new", "in_progress", "on_hold", "resolved", "fulfilled", "draft", "submitted", "approved", "in_implementation",
    "implemented", "planned", "in_build", "in_test", "ready", "in_deployment", "deployed", "departed", "on_site",
)  # fmt: skip
"""States in which a desk may tell stages of its own apart: those of the lives that are not final (a test)."""

CUSTOM_TYPES = ("text", "number", "boolean", "date", "instant", "list")


class Settings(NamedTuple):
    """The settings of one desk; every field has a value that works.

    as_of: the instant a read-only command judges the desk at (a sample desk stands still); None is now.
    commit, push: a command that writes a file also commits it, and brings the commit to the others.
    fix_on_commit: the plain Git hook mends what `servicebook fix` would, where nothing unstaged could be lost.
    custom: organisation's own fields, name to one of CUSTOM_TYPES, allowed under `custom:`.
    categories: organisation's own categories of faults, each with ours that it stands for where a promise asks.
    stages: organisation's own states between ours, each with the state of a ticket that it is a stage of.
    words_zh: names of `custom`, `categories`, `stages` and clocks, and short texts, to what they are in Chinese.
    priority_matrix: impact to urgency to priority.
    routing: rows of {team, field: [values], ...}: a new ticket goes to the team of the first row that fits.
    plan_approvers: roles, one of which approves an emergency plan before a team leaves.
    escalation: kind of escalation to the roles that it must reach.
    history_since: a commit or an instant: records committed up to then were brought in, and what their history
      shows is not judged (`servicebook check --history`). Empty: every commit is judged.
    contacts: the private folder of personal data (`servicebook contacts`), from the desk on or absolute.
    recorded_within: seconds between an event and the commit that recorded it, beyond which it counts as late.
    low_score: a survey with a score below it (1 to 5) wants a follow-up.
    survey_questions: what `servicebook survey` asks; the program's own three where a desk has none.
    fewest_answers: figures of satisfaction that rest on fewer answered surveys are not shown.
    personal_figures: people whose own figures of satisfaction may be shown; nobody else's are.
    return_visit_after: seconds after the last visit, beyond which a customer is due another.
    shown_to_customers: kinds whose records are shown to the customer they belong to where they do not say otherwise.
    ask_by: how people reach the desk without Git: addresses of letters, of a forge's form, or words such as a number.
    digest: changes when any setting does; part of the key of cached verdicts.
    """

    name: str = "Service desk"
    name_zh: str = ""
    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    as_of: datetime | None = None
    commit: bool = False
    push: bool = False
    fix_on_commit: bool = False
    custom: dict[str, str] = {}  # noqa: RUF012 - a NamedTuple default, never changed
    categories: dict[str, str] = {}  # noqa: RUF012 - as above
    stages: dict[str, str] = {}  # noqa: RUF012 - as above
    words_zh: dict[str, str] = {}  # noqa: RUF012 - as above
    priority_matrix: dict[str, dict[str, str]] = MATRIX
    routing: tuple[dict[str, Any], ...] = ()
    plan_approvers: tuple[str, ...] = ("service_director",)
    escalation: dict[str, tuple[str, ...]] = ESCALATION
    history_since: str = ""
    contacts: str = ".contacts"
    recorded_within: int = 24 * 3600
    low_score: int = 3
    survey_questions: tuple[str, ...] = ()
    fewest_answers: int = 3
    personal_figures: tuple[str, ...] = ()
    return_visit_after: int = 180 * 86_400
    shown_to_customers: tuple[str, ...] = ()
    ask_by: tuple[str, ...] = ()
    digest: str = ""


def priority_by(matrix: Mapping[str, Mapping[str, str]], impact: object, urgency: object) -> str:
    """Return the priority that a matrix gives to an impact and an urgency; empty where it gives none."""
    return matrix.get(str(impact), {}).get(str(urgency), "")


def parse_settings(text: str, path: str = SETTINGS_FILE) -> Settings:
    """Return the settings that the text of a pyproject.toml holds; defaults where it has no table for us.

    Raises SettingsError for TOML that does not parse, an unknown key, or a value of the wrong type.
    """
    import tomllib

    try:
        tools = tomllib.loads(text).get("tool", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(
            "{path} is not TOML: {error}",
            "mend the line it names, then run the command again",
            path=path, error=error,
        ) from error  # fmt: skip
    table = tools.get("servicebook", {}) if isinstance(tools, dict) else tools
    if not isinstance(table, dict):
        raise SettingsError(
            "{path}: `tool.servicebook` is {type}, a table was due",
            "write [tool.servicebook]",
            path=path, type=type(table).__name__,
        )  # fmt: skip
    values = {key: _checked(path, key, value) for key, value in table.items()}
    own = {*values.get("custom", ()), *values.get("categories", ()), *values.get("stages", ())}
    for word in values.get("words_zh", ()):
        if word not in own and "_" in word and word.replace("_", "").isalnum():  # others may be clocks, or texts
            raise SettingsError(
                "{path}: `words_zh` has a name for `{word}`, which is no field, category or stage of the desk's own",
                "declare `{word}` under custom, categories or stages, or take it out of words_zh",
                path=path, word=word,
            )  # fmt: skip
    return Settings(**values, digest=digest_of(table))


def read_zone(settings: Settings) -> ZoneInfo:
    """Return the desk's zone; SettingsError when its name is not one."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError) as error:  # unknown; a path; a folder of zones
        raise SettingsError(
            "`{zone}` is not a time zone",
            "set timezone in pyproject.toml, such as Asia/Shanghai",
            zone=settings.timezone,
        ) from error


def digest_of(table: dict[str, Any]) -> str:
    """Return a short digest of a settings table, equal for equal settings."""
    import hashlib
    import json

    return hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _checked(path: str, key: str, value: Any) -> Any:
    if key not in _CHECKS:
        import difflib

        near = difflib.get_close_matches(key, _CHECKS, 1)
        raise SettingsError(
            "{path}: unknown setting `{key}` in [tool.servicebook]",
            "did you mean `{near}`?" if near else "known: {known}",
            path=path, key=key, near="".join(near), known=", ".join(sorted(_CHECKS)),
        )  # fmt: skip
    checked = _CHECKS[key](value)
    if checked is None:
        raise SettingsError(
            "{path}: setting `{key}` is `{value}`, due was {due}",
            "correct `{key}` in {path}",
            path=path, key=key, value=value, due=say("cli", DUE[key], terminal_language()),
        )  # fmt: skip
    return checked


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _place(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and "\0" not in value else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _languages(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value or not all(one in ("en", "zh") for one in value):
        return None
    return tuple(dict.fromkeys(value))


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo else None


def _since(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo else None
    if not isinstance(value, str) or not value or value.startswith("-"):
        return None
    hexadecimal = 7 <= len(value) <= 64 and not value.strip("0123456789abcdef")
    return value if hexadecimal or _instant(value) else None


def _length(value: Any) -> int | None:
    """Return the seconds that `90m`, `24h` or `7d` gives."""
    import re

    match = re.fullmatch(r"([1-9]\d{0,4})([mhd])", value) if isinstance(value, str) else None
    return int(match[1]) * {"m": 60, "h": 3600, "d": 86_400}[match[2]] if match else None


def _score(value: Any) -> int | None:
    return value if type(value) is int and 1 <= value <= 5 else None


def _few(value: Any) -> int | None:
    return value if type(value) is int and 1 <= value <= 1000 else None


def _texts(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        return None
    return tuple(dict.fromkeys(value))


def is_address(way: str) -> bool:
    """Whether a way to reach the desk is an address for letters or of a page, and no words."""
    import re

    return bool(re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[\w.-]+[^\s\"'<>\\#]*", way, re.ASCII))


def _ways(value: Any) -> tuple[str, ...] | None:
    ways = _texts(value)
    if ways is None or any("\n" in one or (("://" in one or "@" in one) and not is_address(one)) for one in ways):
        return None
    return ways


def _kinds_of_customers(value: Any) -> tuple[str, ...] | None:
    kinds = _texts(value)
    return kinds if kinds is not None and set(kinds) <= set(KINDS_OF_CUSTOMERS) else None


def _custom(value: Any) -> dict[str, str] | None:
    return value if isinstance(value, dict) and all(kind in CUSTOM_TYPES for kind in value.values()) else None


def _categories(value: Any) -> dict[str, str] | None:
    return _standing(value, CATEGORIES, {*CATEGORIES, "user_request"})


def _stages(value: Any) -> dict[str, str] | None:
    return _standing(value, STATES, {*STATES, "closed", "cancelled", "rejected", "done"})


def _standing(value: Any, ours: tuple[str, ...], taken: set[str]) -> dict[str, str] | None:
    """Return words of the desk, each with the one of ours that it stands for; none may be called as one of ours."""
    import re

    if not isinstance(value, dict) or not all(isinstance(one, str) and one in ours for one in value.values()):
        return None
    return value if all(re.fullmatch(r"[a-z][a-z0-9_]{0,59}", word) and word not in taken for word in value) else None


def _names(value: Any) -> dict[str, str] | None:
    """Return words, each with what it is called: some text of one line."""
    if not isinstance(value, dict):
        return None
    named = all(isinstance(one, str) and one.strip() and one.isprintable() for one in value.values())
    return value if named else None


def _matrix(value: Any) -> dict[str, dict[str, str]] | None:
    rows = set(MATRIX)
    if not isinstance(value, dict) or set(value) != rows:
        return None
    complete = all(isinstance(row, dict) and set(row) == rows for row in value.values())
    if not complete or any(p not in ("P1", "P2", "P3", "P4") for row in value.values() for p in row.values()):
        return None
    return value


def _roles(value: Any) -> tuple[str, ...] | None:
    """Return a list of roles, each a word as people's records have it; None for an empty one too."""
    import re

    if not isinstance(value, list) or not value:
        return None
    words = all(isinstance(one, str) and re.fullmatch(r"[a-z][a-z0-9_]*", one) for one in value)
    return tuple(dict.fromkeys(value)) if words else None


def _escalation(value: Any) -> dict[str, tuple[str, ...]] | None:
    """Return the desk's kinds beside ours: one that is not named keeps its roles."""
    if not isinstance(value, dict):
        return None
    said = {kind: _roles(roles) for kind, roles in value.items()}
    if _roles([*said] or ["none"]) is None or None in said.values():
        return None
    return {**ESCALATION, **{kind: roles for kind, roles in said.items() if roles}}


def _routing(value: Any) -> tuple[dict[str, Any], ...] | None:
    """Return the rows, a value that stands alone as a list of one."""
    if not isinstance(value, list):
        return None
    rows = []
    for row in value:
        if not isinstance(row, dict) or not isinstance(row.get("team"), str) or not set(row) <= {"team", *ROUTED_BY}:
            return None
        read = {name: [said] if isinstance(said, str) else said for name, said in row.items() if name != "team"}
        if not all(isinstance(said, list) and all(isinstance(one, str) for one in said) for said in read.values()):
            return None
        rows.append({"team": row["team"], **read})
    return tuple(rows)


_CHECKS = {
    "name": _text,
    "name_zh": _text,
    "timezone": _text,
    "languages": _languages,
    "as_of": _instant,
    "commit": _flag,
    "push": _flag,
    "fix_on_commit": _flag,
    "custom": _custom,
    "categories": _categories,
    "stages": _stages,
    "words_zh": _names,
    "priority_matrix": _matrix,
    "routing": _routing,
    "plan_approvers": _roles,
    "escalation": _escalation,
    "history_since": _since,
    "contacts": _place,
    "ask_by": _ways,
    "recorded_within": _length,
    "low_score": _score,
    "survey_questions": _texts,
    "fewest_answers": _few,
    "personal_figures": _texts,
    "return_visit_after": _length,
    "shown_to_customers": _kinds_of_customers,
}

DUE = {
    "name": "text",
    "name_zh": "text",
    "timezone": "the name of a zone, such as `Asia/Shanghai`",
    "languages": "a list of `en`, `zh`",
    "as_of": "an instant with offset, such as `2026-11-20T09:00:00+08:00`",
    "commit": "true or false",
    "push": "true or false",
    "fix_on_commit": "true or false",
    "custom": "a table of names to one of text, number, boolean, date, instant, list",
    "categories": 'words of your own, each with the category it stands for: `studio_light = "program_error"`',
    "stages": 'words of your own, each with the state it is a stage of: `in_the_lab = "in_progress"`',
    "words_zh": 'words and short texts of your own, each with its Chinese name: `in_the_lab = "送检"`',
    "history_since": "a commit, or an instant with offset such as `2026-11-20T09:00:00+08:00`",
    "contacts": "a folder, such as `~/desk-contacts`",
    "ask_by": "a list of addresses of letters or pages, and words: `desk@example.org`, `https://...`, `24 h: 110`",
    "recorded_within": "a length such as `90m`, `24h` or `7d`",
    "low_score": "a score from 1 to 5",
    "survey_questions": "a list of questions",
    "fewest_answers": "a number from 1 to 1000",
    "personal_figures": "a list of people, such as `li.wei`",
    "return_visit_after": "a length such as `90m`, `24h` or `7d`",
    "shown_to_customers": 'a list of kinds that belong to a customer, such as `["incident", "service_request"]`',
    "routing": "a list of rows `{team = ..., category = [...], priority = [...]}`",
    "plan_approvers": "a list of roles, such as `service_director`",
    "escalation": 'kinds, each with a list of roles, such as `skill = ["project_manager"]`',
    "priority_matrix": "impact to urgency (high, medium, low) to P1-P4",
}
"""What each setting takes, in words."""
