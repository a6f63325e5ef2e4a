"""Everything the command line says has its Chinese."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicebook.cli import signing
from servicebook.cli.doctor import MARKS
from servicebook.cli.key_tables import HEADS, PAST_HEADS, STANDINGS
from servicebook.cli.main import COMMANDS, FIRST_PAGE
from servicebook.cli.receipts import FAULTS
from servicebook.cli.verified import AFTERWARDS, ASSURANCES, OUTCOMES
from servicebook.evidence.casts import SIGNED_WITH
from servicebook.evidence.faults import KEY_FAULTS, SIGNATURE_FAULTS
from servicebook.evidence.held_keys import VOID
from servicebook.evidence.key_history import WHATS
from servicebook.exchange import evidence_page
from servicebook.language.catalogue import load_area
from servicebook.reports.agenda import TASKS
from servicebook.reports.audit import REST, SUBJECTS
from servicebook.reports.doctor.checks import CHECKS
from servicebook.reports.doctor.clone_kind import UNDER_WAY
from servicebook.settings import DUE
from servicebook.store.pushed import TAKEN_BACK
from servicebook.store.write import REMEDIES
from servicebook.workflow.policy import CHANGE_TYPES
from servicebook.workflow.statement import DECISIONS, LEVELS

PACKAGE = Path(__file__).parents[2] / "tools" / "servicebook"
ROOMS = ("cli", "actions", "reports", "store", "evidence", "exchange", "publish", "workflow")
ERRORS = (
    "ServicebookError", "UsageError", "SettingsError", "NotADeskError", "FindingsError", "CannotDecideError",
    "GitError", "WriteError", "NotSharedError", "RefusedError", "SigningError", "NotAVoteError",
)  # fmt: skip
ANSWERS = ("fine", "advise", "demand")


def texts_of(path: Path) -> Iterator[str]:
    """Yield the literal texts that a module gives to `speak` or raises as an error."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in ERRORS or name in ANSWERS:
            yield from (text for arg in node.args for text in literals_of(arg))
        elif name in ("speak", "_say", "why"):
            yield from literals_of(node.args[0])
        elif name == "say" and literals_of(node.args[0]) == ["cli"]:
            yield from literals_of(node.args[1])


def literals_of(node: ast.expr) -> list[str]:
    """Return the texts an expression may be: a literal, or either side of a conditional."""
    if isinstance(node, ast.IfExp):
        return literals_of(node.body) + literals_of(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in literals_of(value)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def all_texts() -> list[str]:
    files = [path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")]
    found = {text for path in (*files, PACKAGE / "settings.py") for text in texts_of(path)}
    found |= {*DUE.values(), *REMEDIES.values(), *KEY_FAULTS.values(), *SIGNATURE_FAULTS.values()}
    found |= {signing.REMEDY, *signing.REMEDIES.values()}
    found |= {heading for heading, _ in CHECKS} | {mark for mark, _ in MARKS.values()}
    found |= {*HEADS, *PAST_HEADS, *WHATS, *VOID.values(), *(word for word, _ in STANDINGS.values())}
    found |= {text for texts in UNDER_WAY.values() for text in texts}
    found |= {*SUBJECTS, REST, *TAKEN_BACK.values(), *FAULTS.values(), *SIGNED_WITH.values()}
    found |= {word for word, _ in OUTCOMES.values()} | {*ASSURANCES.values(), AFTERWARDS}
    found |= {*evidence_page.OUTCOMES.values(), *evidence_page.ASSURANCES.values(), evidence_page.LATE}
    found |= {*DECISIONS, *LEVELS, *CHANGE_TYPES}
    found |= {summary for _, summary in COMMANDS.values()} | set(TASKS.values()) | {FIRST_PAGE}
    return sorted(text for text in found if says_something(text))


def says_something(text: str) -> bool:
    """Whether a text is prose: commands, flags and bare names are the same in every language."""
    words = "".join(part for part, *_ in string.Formatter().parse(text) if part)
    return (" " in words.strip() and not text.startswith(("servicebook ", "--", "git "))) or words.isalpha()


@pytest.mark.parametrize("text", all_texts())
def test_text_has_its_chinese(text: str) -> None:
    assert load_area("cli", "zh").get(text), f"no Chinese for {text!r} in language/zh/cli.toml"


def test_translations_keep_the_parameters() -> None:
    for english, chinese in load_area("cli", "zh").items():
        assert names_in(chinese) <= names_in(english), english


def names_in(template: str) -> set[str]:
    return {name for _, name, *_ in string.Formatter().parse(template) if name}
