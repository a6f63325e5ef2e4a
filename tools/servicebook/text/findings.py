"""Every rule that reading a file's text can break: its form, its front matter, its body."""

from __future__ import annotations

from servicebook.diagnostics.rule import Rule
from servicebook.text.body_rules import BODY_RULES
from servicebook.text.data_rules import DATA_RULES
from servicebook.text.file_rules import FILE_RULES
from servicebook.text.front_rules import FRONT_RULES
from servicebook.text.layout_rules import LAYOUT_RULES
from servicebook.text.word_rules import WORD_RULES

RULES: tuple[Rule, ...] = (*FILE_RULES, *FRONT_RULES, *DATA_RULES, *WORD_RULES, *BODY_RULES, *LAYOUT_RULES)
