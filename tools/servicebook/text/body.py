"""What programs read in the body of a record, and how that is kept beside a verdict for the next judge of the file.

Most edits leave the body as it is; reading it again would mean to import the Markdown parser, 2.5 times the start of
Python. So what a body held is kept with a digest of its text, and is true again wherever the same text stands in the
same file, only that all of it may have moved by some lines.
"""

from __future__ import annotations

from collections.abc import Sequence

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.diagnostics.packed import pack_found, unpack_found
from servicebook.kept_json import dumps, loads
from servicebook.text.digests import blake2b
from servicebook.typed import NamedTuple


class Section(NamedTuple):
    """A heading: `key` through the catalogue ("log" for Log and 日志), "" for others; `line` of the file."""

    key: str
    title: str
    level: int
    line: int


class Link(NamedTuple):
    """A link or image: its target as written, its text, and where the target stands in the file."""

    target: str
    text: str
    line: int
    column: int


class Task(NamedTuple):
    """A checkbox in a list."""

    done: bool
    text: str
    line: int


class Body(NamedTuple):
    """What programs read in a body; `ids` are record ids in order of first mention, `internal` line ranges.

    `internal` are the blocks `::: internal` as (first line, last line) of the file, fences included.
    """

    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Link, ...] = ()
    ids: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    internal: tuple[tuple[int, int], ...] = ()

    def moved(self, lines: int) -> Body:
        """Return the same body some lines further down its file."""
        return Body(
            tuple(section._replace(line=section.line + lines) for section in self.sections),
            tuple(link._replace(line=link.line + lines) for link in self.links),
            tuple(image._replace(line=image.line + lines) for image in self.images),
            self.ids,
            tuple(task._replace(line=task.line + lines) for task in self.tasks),
            tuple((first + lines, last + lines) for first, last in self.internal),
        )


def pack_body(text: str, first_line: int, body: Body, found: Sequence[Diagnostic]) -> str:
    """Return as a text what was read in a body that begins in a line of its file, and what was found wrong in it."""
    kept = (_digest(text), first_line, body, pack_found(found))
    return dumps(kept)


def unpack_body(packed: str, path: str, text: str, first_line: int) -> tuple[Body, list[Diagnostic]] | None:
    """Return what is kept of a body of the file at `path`, when it is of this text; else None.

    None as well where something was found wrong and the body has moved since: findings may name other lines of it.
    """
    if not packed or not packed.startswith(f'["{_digest(text)}",'):
        return None
    _, line, (sections, links, images, ids, tasks, internal), found = loads(packed)
    if found and line != first_line:
        return None
    body = Body(
        tuple(Section(*section) for section in sections),
        tuple(Link(*link) for link in links),
        tuple(Link(*image) for image in images),
        tuple(ids),
        tuple(Task(*task) for task in tasks),
        tuple((first, last) for first, last in internal),
    )
    return body.moved(first_line - line), [*unpack_found(path, found)]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
