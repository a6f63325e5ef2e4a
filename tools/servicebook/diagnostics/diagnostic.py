"""A finding of a rule: which rule, in which file, at which place, with which values.

These are named tuples and not dataclasses, because they stand on the hook's path and `dataclasses`
alone takes longer to import than a cached check may last.
"""

from __future__ import annotations

from servicebook.typed import NamedTuple

DONE_IN = "done_in"
"""The parameter that names the commit whose step a finding is about; every message can have it."""

FILE_THEN = "file_then"
"""The parameter beside DONE_IN that names the blob of the file as that commit has it; absent where it has none."""

MORE = "more"
"""The parameter that tells how many findings of a file are not told by place; every message can have it."""

KeyPath = tuple[str | int, ...]
"""A place in front matter by its keys, such as `("timeline", 3, "at")`; `()` is the record as a whole."""


class Span(NamedTuple):
    """A stretch of a file: lines and columns count from 1, columns in code points, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Diagnostic(NamedTuple):
    """One finding. Message, severity and language come from the rule when it is rendered.

    `where` is a Span when the text was at hand, else a KeyPath that `rules.check` turns into a Span just
    before rendering (a cached verdict never holds prose, so language and format stay free).
    `params` are the values that the rule's message template names, as sorted pairs of text.
    """

    path: str
    code: str
    where: Span | KeyPath
    params: tuple[tuple[str, str], ...] = ()

    def param(self, name: str) -> str:
        """Return the value of parameter `name`, or an empty text."""
        return next((value for key, value in self.params if key == name), "")


def done_in(item: Diagnostic, commit: str, blob: str) -> Diagnostic:
    """Return a finding that names the commit that it is about, where there is one, and the file's blob in it, if any.

    Its place counts in the lines of that blob: a later commit may have moved them, or taken the file away.
    """
    if not commit:
        return item
    then = ((FILE_THEN, blob),) if blob else ()
    return item._replace(params=(*item.params, (DONE_IN, commit[:10]), *then))
