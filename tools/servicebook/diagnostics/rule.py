"""A rule: its code, what it looks at, what it says, and the page that explains it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from servicebook.diagnostics.diagnostic import Diagnostic, KeyPath, Span
from servicebook.typed import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "info"]
Scope = Literal["file", "edit", "relation", "desk"]
Check = Callable[..., Iterable[Diagnostic]]


class Rule(NamedTuple):
    """A rule of the desk.

    scope: what the check is called with:
      file      (loaded: loader.Loaded)                one file alone; cached by blob id; never sees `now`
      edit      (edit: store.edits.Edit)               before and after of one file; never cached
      relation  (facts: Facts, desk: Snapshot)         one record and what it refers to, one hop away
      desk      (desk: Snapshot)                       all fact rows
    check: None for a rule that a parser or the loader finds on its way; those make findings with `at`.
    message, hint: English templates with `{param}`s, translated through the catalogue area `rules`.
      The hint gives the remedy, ideally a command; its parts are set off by ` | `, and a part that names an
      empty value is left out (diagnostics.wording).
    page: the docstring, sections Why, Example, Instead; shown by `explain` and in kb/rules.
    incomplete: True where a record is not broken but not finished: a warning at commit, an error where it
      lands (`--range`, pre-receive).
    kinds: the record kinds a desk rule reads, so that a hook runs it only when one of them changed;
      for other scopes the kinds it applies to. Empty means all.
    fixable: `servicebook fix` can mend it.
    needs: of a file or relation rule, the fields and events by name without any of which a record gives it nothing to
      find; it is then not run. Empty: it may find something on any record.
    """

    code: str
    name: str
    scope: Scope
    severity: Severity
    message: str
    hint: str
    page: str
    check: Check | None = None
    incomplete: bool = False
    kinds: tuple[str, ...] = ()
    fixable: bool = False
    needs: tuple[str, ...] = ()

    def is_idle(self, words: frozenset[str]) -> bool:
        """Whether a record with these fields and events gives the rule nothing to find."""
        return bool(self.needs) and words.isdisjoint(self.needs)

    def at(self, path: str, where: Span | KeyPath, /, **params: object) -> Diagnostic:
        """Return a finding of this rule at `where` in `path`, with the values its message names."""
        return Diagnostic(path, self.code, where, tuple(sorted((key, str(value)) for key, value in params.items())))


def rule(
    code: str,
    name: str,
    *,
    scope: Scope,
    message: str,
    hint: str,
    severity: Severity = "error",
    **rest: Any,
) -> Callable[[Check], Rule]:
    """Make a rule of the function below: its docstring is the rule's page, its body the check."""

    def make(check: Check) -> Rule:
        return Rule(code, name, scope, severity, message, hint, check.__doc__ or "", check, **rest)

    return make


def found_on_the_way(
    code: str,
    name: str,
    *,
    message: str,
    hint: str,
    severity: Severity = "error",
    **rest: Any,
) -> Callable[[Callable[[], None]], Rule]:
    """Make a rule that a parser or the loader finds; the function below only carries the docstring."""

    def make(holder: Callable[[], None]) -> Rule:
        return Rule(code, name, "file", severity, message, hint, holder.__doc__ or "", None, **rest)

    return make
