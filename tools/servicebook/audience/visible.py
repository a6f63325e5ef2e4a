"""What of a desk an audience may see, asked by id, name and path; what is not known to be visible is hidden."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from servicebook.records.audiences import is_shown
from servicebook.records.facts import Facts, Ref
from servicebook.records.shown_fields import shown_fields
from servicebook.text.redaction import name_pattern, names_of

NAMED_IN_TEXT = frozenset(
    {"customer", "person", "supplier", "contract", "site", "asset", "part", "agreement", "roster", "board"}
)
"""Kinds whose slug is taken out of texts as well; that of an article or a service is mostly made of plain words."""
SPOKEN = ("title", "title_zh", "legal_name", "short_name")
"""The names by which people speak of a customer."""


class Visible:
    """What an audience may see of a desk's records, pages and attachments.

    paths: every file of the desk; shown_paths: those, beside records, that are published to the audience.
    """

    def __init__(
        self, records: Iterable[Facts], audience: str, customers_kinds: Collection[str], paths: Collection[str]
    ) -> None:
        self.audience = audience
        self.records: dict[str, Facts] = {}
        self.names: re.Pattern[str] | None = None
        self._by_name: dict[str, set[str]] = {}
        self._hidden_names: set[str] = set()
        self._hidden_slugs: set[str] = set()
        self._all_paths = paths
        self._shown_paths: set[str] = set()
        trees = {}
        unsaid: list[str] = []
        said: list[str] = []
        for facts in records:
            if facts.kind not in trees:
                trees[facts.kind] = shown_fields(facts.kind, audience)
            names = {facts.id, *(str(one) for one in facts.data.get("aliases") or ())}
            shown = trees[facts.kind] is not None and is_shown(facts, audience, customers_kinds)
            if shown:
                self.records[facts.path] = facts
                self._shown_paths.add(facts.path)
                for name in names:
                    self._by_name.setdefault(name, set()).add(facts.kind)
            else:
                self._hidden_slugs |= names
                if facts.kind in NAMED_IN_TEXT:
                    self._hidden_names |= {name.lower() for name in names}
            if facts.kind == "customer":
                (said if shown else unsaid).extend(names_of(facts.data, SPOKEN))
        self._hidden_names -= {name.lower() for name in self._by_name}
        self._hidden_slugs -= self._by_name.keys()
        self.names = name_pattern(unsaid, said)

    def show_paths(self, paths: Iterable[str]) -> None:
        """Count in pages and attachments that are published to the audience."""
        self._shown_paths.update(paths)

    def shows(self, ref: Ref) -> bool:
        """Whether the record that a reference names may be seen."""
        kinds = self._by_name.get(ref.target, ())
        return any(kind in kinds for kind in ref.kinds)

    def is_hidden_name(self, name: str) -> bool:
        """Whether a word is the slug of something hidden, of a kind whose slugs are no plain words."""
        return name in self._hidden_names

    def is_hidden_slug(self, slug: str) -> bool:
        """Whether a text is the slug of something hidden, of any kind."""
        return slug in self._hidden_slugs

    def is_shown_id(self, id: str) -> bool:
        """Whether there is a visible record with this id."""
        return id in self._by_name

    def is_shown_path(self, path: str) -> bool:
        """Whether a visible record, page or attachment lies at a path."""
        return path in self._shown_paths

    def is_hidden_path(self, path: str) -> bool:
        """Whether something of the desk lies at a path, or below it, and is not visible."""
        if path in self._shown_paths:
            return False
        if path in self._all_paths:
            return True
        owner, mark, _ = path.partition(".files")
        return bool(mark) and owner + ".md" in self._all_paths
