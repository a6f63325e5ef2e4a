"""Does anything come out that an audience may not see? Tried on a copy of the desk that is full of marks.

The copy is a repository of its own in a temporary folder: nothing is written where the desk lies, and none of its
history is in the copy.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from servicebook.audience.canaries import plant
from servicebook.audience.looking import Leak, look_through
from servicebook.audience.marks import Mark, Planter, secrets_of
from servicebook.publish.site import CONFIG, audiences_of, build_site
from servicebook.publish.unsaid import folded, ids_read_in
from servicebook.records.audiences import CUSTOMER, PUBLIC, folder_of, is_outer
from servicebook.rules.opening import open_desk
from servicebook.settings import SETTINGS_FILE
from servicebook.store.git import run_git
from servicebook.store.snapshot import Snapshot
from servicebook.store.verdicts import is_judged

OWN = "leaktest-customer"
"""The customer that is planted, beside the desk's own."""
_NOBODY = "leaktest-nobody"
_DASHES = 2  # in an id with a day


class Tried(NamedTuple):
    """What came of a leak test.

    missing: records that were to be shown and were not found, as (path, audience): then the test proves nothing.
    """

    audiences: list[str]
    marks: int
    files: int
    leaks: list[tuple[str, Leak]]
    missing: list[tuple[str, str]]


def try_for_leaks(start: str, audiences: Sequence[str] = (), begun: Callable[[str], object] | None = None) -> Tried:
    """Build the sites of outer audiences (all, where none is named) of a marked copy and look through every byte.

    begun: called with each audience when its site is begun.
    Raises ServicebookError for what stands in the way of any build.
    """
    own = [one for one in audiences_of(start) if is_outer(one)]
    wanted = [one for one in own if not audiences or one in audiences]
    with tempfile.TemporaryDirectory(prefix="servicebook-leaktest-") as folder, _away_from_the_desk():
        root, sites = Path(folder) / "desk", Path(folder) / "sites"
        marks, signs = _lay_out(start, root)
        tried = Tried([*wanted, CUSTOMER + OWN], len(marks), 0, [], [])
        for audience in tried.audiences:
            if begun:
                begun(audience)
            site = sites / folder_of(audience)
            build_site(str(root), str(site), audience=audience)
            looked = look_through(str(site), audience, marks)
            tried = tried._replace(files=tried.files + looked.files)
            tried.leaks.extend((audience, leak) for leak in (*looked.leaks, *_read_in(site, audience, marks)))
            tried.missing.extend(
                (path, audience) for text, path, reader in signs if reader == audience and text not in looked.seen
            )
    return tried


@contextmanager
def _away_from_the_desk() -> Iterator[None]:
    """Keep Git's variables, which may name the desk's own repository, out of what is done to the copy."""
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(before)


def _read_in(site: Path, audience: str, marks: Sequence[Mark]) -> Iterator[Leak]:
    """Yield the ids that people read in texts that were built, though no search for the id itself finds them."""
    secret = {folded(mark.text): mark for mark in secrets_of(marks, audience).values() if mark.field == "id"}
    for path in sorted(site.rglob("*")):
        if path.suffix not in _READ or not path.is_file():
            continue
        for id in sorted(ids_read_in(path.read_text("utf-8", "replace")) & secret.keys()):
            yield Leak(path.relative_to(site).as_posix(), "as it is read", secret[id])


_READ = (".html", ".json", ".js", ".xml", ".ics", ".txt")


def _otherwise(id: str) -> Iterator[str]:
    """Yield forms of an id, other than the plain one, in which people know it."""
    prefix, day, tail = id.split("-")
    yield f"{prefix} {day} {tail}"
    yield f"{prefix}-{day[:4]}**{day[4:]}**-{tail}"
    yield f"{prefix}-[{day}](https://example.org)\u200b-&#x{ord(tail[0]) + 0xFEE0:x};{tail[1:]}"


def _lay_out(start: str, root: Path) -> tuple[list[Mark], list[tuple[str, str, str]]]:
    """Write the marked copy of the desk around `start`; return the marks, and the texts that must come out."""
    planter = Planter(seed=1)
    planted = plant({PUBLIC: _NOBODY, CUSTOMER + OWN: OWN})
    raw = open_desk(start)
    try:
        files = dict(_files_of(raw))
    finally:
        raw.close()
    marked = {path: _marked(path, data, planter) for path, data in files.items()} | planted.files
    ids = [mark.text for mark in planted.marks if mark.field == "id" and mark.text.count("-") == _DASHES]
    marked |= _loose_files(planter, ids)
    marked[CONFIG] = _marked_config(files.get(CONFIG, b""), planter)
    for path, data in marked.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    run_git(["init", "--quiet", "--template=", str(root)])
    who, mail, message = (planter.text(".git", field) for field in ("author", "author's mail", "commit message"))
    person = ("-c", f"user.name={who}", "-c", f"user.email={mail}@example.org")
    quiet = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "core.autocrlf=false")
    run_git([*quiet, "add", "--all", "--force"], str(root))
    run_git([*quiet, *person, "commit", "--quiet", "--no-verify", "-m", message], str(root))
    return [*planted.marks, *planter.marks], planted.signs


def _files_of(raw: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a site is made from, as they lie on disk: no symlinks, nothing beside kb/ and tickets/."""
    for entry in raw.entries():
        if entry.mode.startswith("100") and (entry.path.startswith(("kb/", "tickets/")) or "/" not in entry.path):
            yield entry.path, raw.read(entry.path)
    for path in (SETTINGS_FILE, CONFIG):
        if not raw.has_path(path) and (Path(raw.root) / path).is_file():
            yield path, (Path(raw.root) / path).read_bytes()


def _marked(path: str, data: bytes, planter: Planter) -> bytes:
    """Return a record or page of the desk with a comment at its head, and a block and a comment at its end."""
    if not is_judged(path) or not data.startswith(b"---\n"):
        return data
    head = planter.text(path, "comment").encode()
    block = planter.text(path, "block internal").encode()
    comment = planter.text(path, "comment in the text").encode()
    end = b"\n\n::: internal\n" + block + b"\n:::\n\n<!-- " + comment + b" -->\n"
    return b"---\n# " + head + b"\n" + data[4:].rstrip() + end


def _loose_files(planter: Planter, ids: Sequence[str]) -> dict[str, bytes]:
    """Return files of kb/ that no audience has: a page, a page of everybody with a hidden part, others.

    ids: of records that nobody sees, which that page names in other forms.
    """
    files = {}
    for ending in ("md", "txt", "html", "js", "svg"):
        name = planter.text("kb", f"name of a loose .{ending} file")
        files[f"kb/{name}.{ending}"] = planter.text(f"kb/{name}.{ending}", "text").encode()
    inside = planter.text("kb/leaktest.md", "block internal")
    other = planter.text("kb/leaktest.md", "front matter of a page")
    files["kb/leaktest.md"] = (
        f"---\ntitle: Page\naudience: [public]\nnote: {other}\n---\nText\n\n"
        + "".join(f"{form}\n\n" for id in ids for form in _otherwise(id))
        + f"::: internal\n{inside}\n:::\n"
    ).encode()
    folder = planter.text("kb/leaktest.files", "name of a file of a page")
    files[f"kb/leaktest.files/{folder}.txt"] = planter.text("kb/leaktest.files", "text").encode()
    return files


def _marked_config(data: bytes, planter: Planter) -> bytes:
    """Return mkdocs.yml with a value that themes could show."""
    if b"\nextra:" in data or b"\nrepo_url:" in data:
        return data
    words = (planter.text(CONFIG, field) for field in ("extra", "repo_url"))
    return data + "\nextra: {{note: {}}}\nrepo_url: https://example.org/{}\n".format(*words).encode()
