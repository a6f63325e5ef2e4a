"""python-frontmatter reads our files through this handler: strict YAML, our fences, and never a write."""

from __future__ import annotations

from frontmatter.default_handlers import YAMLHandler

from servicebook.text.fences import FENCE, split_fences
from servicebook.text.front_matter import read_fields
from servicebook.typed import Any


class StrictHandler(YAMLHandler):
    """python-frontmatter's handler with our fences and strict YAML; it reads and never writes."""

    FM_BOUNDARY = FENCE

    def split(self, text: str) -> tuple[str, str]:
        """Return front matter and body. Raises ValueError when `text` does not begin with fenced lines."""
        return split_fences(text)

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        """Return the fields. Raises ValueError with the codes of what is wrong with them."""
        data, found = read_fields(fm, "")
        if data is None or found:
            raise ValueError(", ".join(finding.code for finding in found))
        return data

    def export(self, metadata: dict[str, object], **_: object) -> str:
        """Refuse to write: it would drop comments and sort keys; text.set_field changes one field."""
        raise NotImplementedError("front matter is written by text.compose and text.set_field")


HANDLER = StrictHandler()
