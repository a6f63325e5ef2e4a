"""The worked example of each kind of record, where a desk has it."""

from __future__ import annotations

import re
from pathlib import Path

from servicebook.records.kinds import BY_NAME, path_of

EXAMPLES = Path(__file__).parent / "records" / "examples"


def placed_examples() -> dict[str, str]:
    """Return the text of every worked example by the path of its file."""
    files = {}
    for path in sorted(EXAMPLES.glob("*.md")):
        text = path.read_text("utf-8")
        found = re.search(r"^id: (\S+)$", text, re.M)
        assert found
        files[path_of(BY_NAME[path.stem], found[1])] = text
    return files
