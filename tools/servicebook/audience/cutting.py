"""A record cut down to what an audience may read: fields by the table, references and texts by what is visible."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from servicebook.audience.clocks import PAUSE_REASONS
from servicebook.audience.visible import Visible
from servicebook.records.audiences import INTERNAL, RESTRICTED, may_read
from servicebook.records.facts import Facts, Ref
from servicebook.records.shown_fields import (
    EVENT_SAID,
    NOT_INTERNAL,
    SAID_BY_THEMSELVES,
    Tree,
    event_fields,
    shown_events,
    shown_fields,
    shown_sections,
)
from servicebook.sla.targets import Lookup
from servicebook.text.audience_blocks import shown_text
from servicebook.text.redaction import Redactor

Where = tuple[str | int, ...]
_SHORT = 40
_SAID = frozenset(EVENT_SAID.split())


class Cutter:
    """Cuts records down for one audience; `desk` is asked which promises are the house's own."""

    def __init__(self, visible: Visible, desk: Lookup) -> None:
        self._visible = visible
        self._desk = desk
        self._audience = visible.audience
        self._redactor = Redactor(visible)
        self._known: dict[str, str] = {}
        self._trees: dict[str, Tree | None] = {}
        self._events = shown_events(self._audience)
        self._event_fields = event_fields(self._audience)

    def cut(self, facts: Facts) -> Facts:
        """Return the row of a visible record as the audience may read it; its `blob` is a digest of just that.

        The digest leaves out the body, so that it is to be joined with one of the cut body where that is shown.
        """
        if facts.kind not in self._trees:
            self._trees[facts.kind] = shown_fields(facts.kind, self._audience)
        tree = self._trees[facts.kind]
        if tree is None:
            raise ValueError(f"{facts.kind} is not shown to {self._audience}")
        one = _Cut(self, facts)
        data = one.block(facts.data, tree, (), ())
        raw = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        title, status = str(data.get("title") or ""), facts.status if "status" in tree else ""
        packed = json.dumps([facts.path, facts.kind, status, raw, one.refs], ensure_ascii=False)
        blob = hashlib.blake2b(packed.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
        return Facts(facts.path, blob, facts.kind, facts.id, title, status, raw, tuple(one.refs), data)

    def text(self, text: str, path: str) -> str:
        """Return a text of the file at `path` as the audience may read it."""
        if len(text) > _SHORT or "/" in text or "(" in text:
            return self._redactor.text(shown_text(text, self._audience), path)
        # States, channels, names, instants: the same few words on thousands of records, wherever they stand.
        if text not in self._known:
            self._known[text] = self._redactor.text(shown_text(text, self._audience), path)
        return self._known[text]

    def body(self, text: str, facts: Facts) -> str:
        """Return the body of a record as the audience may read it: the sections that are shown of its kind."""
        sections = shown_sections(facts.kind, self._audience)
        return self._redactor.text(shown_text(text, self._audience, sections), facts.path)

    def is_internal_promise(self, citation: object, clock: object) -> bool:
        """Whether a clock that an agreement's version names is a promise of the house to itself."""
        agreement = self._desk.get("agreement", str(citation).partition("@")[0])
        if agreement is None or agreement.get("agreement_type") == "ola":
            return True
        versions = agreement.get("versions", default=()) or ()
        clocks = [one for version in versions for one in version.get("clocks") or () if one.get("name") == clock]
        return any(one.get("promise") == INTERNAL for one in clocks)


class _Cut:
    """The cutting of one record: collects the references that are left, at their new places."""

    def __init__(self, cutter: Cutter, facts: Facts) -> None:
        self._cutter = cutter
        self._facts = facts
        self._targets = {ref.field: ref for ref in facts.refs}
        self.refs: list[Ref] = []

    def block(self, block: dict[str, Any], tree: Tree, old: Where, new: Where) -> dict[str, Any]:
        """Return the fields of a block that may be read; what is empty afterwards is left out."""
        found: dict[str, Any] = {}
        for key, value in block.items():
            if key == "$body" or not (key in tree or "*" in tree):
                continue
            inner = tree[key] if key in tree else tree["*"]
            if (*old, key) == ("timeline",):
                value = self._timeline(value)
            elif old in NOT_INTERNAL and self._cutter.is_internal_promise(value.get("agreement"), key):
                continue
            else:
                value = self._value(value, inner, (*old, key), (*new, key))
            if value not in (None, [], {}, ""):
                found[key] = value
        return found

    def _value(self, value: Any, tree: Tree | None, old: Where, new: Where) -> Any:
        if isinstance(value, dict):
            return self.block(value, tree, old, new) if tree is not None else None
        if isinstance(value, list):
            return self._list(value, tree, old, new)
        return None if tree is not None else self._plain(value, old, new)

    def _list(self, values: list[Any], tree: Tree | None, old: Where, new: Where) -> list[Any]:
        """Return the members that may be read; however many are restricted, the word stands once."""
        place = tuple(key for key in old if isinstance(key, str))
        found: list[Any] = []
        for index, value in enumerate(values):
            if isinstance(value, dict) and not self._is_said(value, place):
                continue
            if (ref := self._targets.get((*old, index))) and not self._cutter._visible.shows(ref):
                continue
            cut = self._value(value, tree, (*old, index), (*new, len(found)))
            if cut not in (None, [], {}, ""):
                found.append(cut)
        hidden = any(
            (ref := self._targets.get((*old, index))) and not self._cutter._visible.shows(ref)
            for index in range(len(values))
        )
        return [*found, RESTRICTED] if hidden else found

    def _is_said(self, member: dict[str, Any], place: tuple[str, ...]) -> bool:
        """Whether a member of a list may be read at all: one that says for whom it is, only by those."""
        if place in NOT_INTERNAL and member.get("promise") == INTERNAL:
            return False
        said = member.get("audience")
        if place in SAID_BY_THEMSELVES or isinstance(said, list):
            return may_read(said or (), self._cutter._audience)
        return True

    def _plain(self, value: Any, old: Where, new: Where) -> Any:
        if (ref := self._targets.get(old)) is not None:
            if not self._cutter._visible.shows(ref):
                return RESTRICTED
            self.refs.append(Ref(new, ref.kinds, ref.target))
            return value
        if isinstance(value, str) and old != ("id",) and old != ("schema",):
            return self._cutter.text(value, self._facts.path)
        return value

    def _timeline(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for index, event in enumerate(events):
            said = event.get("audience")
            if said is not None:
                allowed = _SAID if may_read(said, self._cutter._audience) else frozenset()
            else:
                allowed = self._cutter._event_fields if event.get("event") in self._cutter._events else frozenset()
            if allowed:
                found.append(self._event(event, allowed, index, len(found)))
        return found

    def _event(self, event: dict[str, Any], allowed: frozenset[str], index: int, place: int) -> dict[str, Any]:
        """Return the fields of an event that may be read; who may not be named is left out, not called restricted."""
        found = {}
        for key, value in event.items():
            if key not in allowed:
                continue
            old = ("timeline", index, key)
            if key == "reason" and "audience" not in event and value not in PAUSE_REASONS:
                continue
            if key == "by" and (ref := self._targets.get(old)) and not self._cutter._visible.shows(ref):
                continue
            found[key] = self._value(value, None, old, ("timeline", place, key))
        return found
