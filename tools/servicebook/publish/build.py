"""How a desk becomes pages: what each page shows, its digest, and the rendering of those that moved."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from multiprocessing import get_context
from typing import NamedTuple

from servicebook import digest_of_code
from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.publish.addresses import address_of, page_of, root_from
from servicebook.publish.approval_html import face_of, judged_to_be, read_approvals
from servicebook.publish.bodies import Bodies, split_body
from servicebook.publish.cache import PageCache, write_fresh
from servicebook.publish.duty_html import duty_face
from servicebook.publish.finding import INDEX, digest_of_page, names_of, write_index
from servicebook.publish.help_html import similar_to
from servicebook.publish.history_html import history_face
from servicebook.publish.internal_blocks import block_label
from servicebook.publish.record_page import Page, RenderArticle, record_page
from servicebook.publish.service_standing import standing_of
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.search.documents import Document, document_of
from servicebook.sla.status import ClockStatus
from servicebook.store.repository import Entry
from servicebook.store.verdicts import ROOMS
from servicebook.workflow.lifecycles import LIFECYCLES

Progress = Callable[[int, int], object]
"""Called with (pages done, pages in all)."""

MANY = 1000
"""From so many pages on, helper processes are worth their start."""

_MAKERS = (*ROOMS, "publish", "search", "audience")
"""The rooms whose code pages are made by: a new version renders them again."""

_BATCH = 250  # files asked of Git at a time, so that memory stays small


_MARK = re.compile("@@(ROOT|TITLE|CONTENT|TRAIL|AT)( [^@]*)?@@")


class Shell(NamedTuple):
    """The frame of a page, as the theme rendered it once, cut where title, root and content go."""

    text: str

    def fill(self, page: Page) -> bytes:
        """Return the whole page: content into the frame, links of the frame made relative to the page."""
        values = {
            "ROOT": root_from(page.address), "TITLE": escape(page.title), "CONTENT": page.content, "TRAIL": page.trail,
        }  # fmt: skip

        def value(mark: re.Match[str]) -> str:
            if mark[1] == "AT":  # an entry of the navigation: is the page below one of its pages?
                return ' aria-current="true"' if page.below and page.below in (mark[2] or "").split() else ""
            return values[mark[1]]

        # In one pass: a title may hold the words of a mark.
        return _MARK.sub(value, self.text).encode()


class Attachments:
    """The files that belong to records: those of each record's own `<ID>.files/`, and no others."""

    def __init__(self, view: View) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in view.desk.entries():
            folder, mark, _ = entry.path.partition(".files/")
            owner = folder + ".md"
            # A symlink or submodule is never followed: it may lead anywhere.
            if mark and entry.mode.startswith("100") and owner in view.records:
                self._entries.setdefault(owner, []).append(entry)

    def of(self, facts: Facts) -> list[str]:
        """Return the paths of a record's attachments."""
        return [entry.path for entry in self._entries.get(facts.path, ())]

    def all(self) -> Iterator[Entry]:
        """Yield every attachment that is published."""
        for entries in self._entries.values():
            yield from entries

    def has(self, path: str) -> bool:
        """Whether `path` is an attachment that is published."""
        owner = path.partition(".files/")[0] + ".md"
        return any(entry.path == path for entry in self._entries.get(owner, ()))


class Build:
    """The record pages of one build."""

    def __init__(self, view: View, cache: PageCache) -> None:
        self.view = view
        self.attachments = Attachments(view)
        self.bodies = Bodies(
            lambda path: path in view.records or self.attachments.has(path),
            view.address_of_id,
            block_label(view.labels),
        )
        self.render_article: RenderArticle | None = None
        self._cache = cache
        self.set_shell(Shell("@@CONTENT@@"))
        self._terms_digest = _digest_of_terms(view)
        self.approvals = read_approvals(view)
        self.clocks: dict[str, list[ClockStatus]] = {
            facts.path: view.clocks_of(facts)
            for kind in LIFECYCLES
            for facts in view.of_kind(kind)
            if view.is_open(facts)
        }

    def set_shell(self, shell: Shell) -> None:
        """Take the frame of all pages, once the theme has rendered it."""
        view = self.view
        self._shell = shell
        self._shell_digest = _digest(
            shell.text, digest_of_code(_MAKERS), list(view.labels.languages), view.settings.timezone
        )

    def write_records(self, pages: list[Document], progress: Progress | None = None, processes: int = 1) -> int:
        """Render what moved, records and search index, keep it in the cache, and return how many pages that were.

        pages: the site's ordinary pages, for the search.
        """
        wanted = []
        for facts in self.view.records.values():
            digest = self._digest_of(facts)
            if not self._cache.has(page_of(facts), digest):
                wanted.append((facts, digest))
        spans = [(start, start + _BATCH) for start in range(0, len(wanted), _BATCH)]
        judged = [(one.path, one.blob) for one in self.view.records.values()]
        stamp = _digest(digest_of_code(_MAKERS), judged, pages, self.view.labels.languages)
        # The index is one long piece of work, so it is begun first.
        jobs = spans if self._cache.keep_below(INDEX + "/", stamp) else [_INDEX_JOB, *spans]
        done = 0
        for job, written in self._done(Work(self, wanted, pages, stamp), jobs, processes):
            for address, digest in written:
                self._cache.take(address, digest)
            if job != _INDEX_JOB and progress:
                done += len(written)
                progress(done, len(wanted))
        return len(wanted)

    def _done(self, work: Work, jobs: list[Span], processes: int) -> Iterator[tuple[Span, list[tuple[str, str]]]]:
        """Do the jobs, in several processes where there is enough to do; each inherits the desk by fork."""
        global _inherited
        _inherited = work
        try:
            if processes > 1 and len(work.wanted) > MANY:
                with get_context("fork").Pool(processes) as pool:
                    yield from pool.imap_unordered(_do, jobs)
            else:
                yield from map(_do, jobs)
        finally:
            _inherited = None

    def render_some(self, wanted: list[tuple[Facts, str]]) -> Iterator[tuple[str, str]]:
        """Render pages into the cache's folder and yield (address, digest) of each."""
        for (facts, digest), data in zip(wanted, self._read([facts for facts, _ in wanted]), strict=True):
            page = self._page(facts, data)
            write_fresh(self._cache.folder / page.address, self._shell.fill(page))
            yield page.address, digest

    def render_index(self, pages: list[Document], stamp: str) -> Iterator[tuple[str, str]]:
        """Bring the search index up to date, and yield (address, digest) of all its files."""
        records = {page_of(facts): facts for facts in self.view.records.values()}
        own = {page.url: page for page in pages}
        wanted = {url: digest_of_page(map(str, page)) for url, page in own.items()}
        wanted |= {url: facts.blob for url, facts in records.items()}

        def load(urls: Sequence[str]) -> Iterator[Document]:
            texts = self._read([records[url] for url in urls if url in records])
            for url in urls:
                yield document_of(records[url], split_body(next(texts)), url) if url in records else own[url]

        code = digest_of_code(_MAKERS)
        yield from write_index(self._cache, wanted, load, names_of(self.view), code, stamp)

    def write_page(self, page: Page) -> None:
        """Keep a page that is made from others, such as a month of the archive, when it moved."""
        data = self._shell.fill(page)
        self.write_file(page.address, data)

    def write_file(self, address: str, data: bytes) -> None:
        """Keep any file of the site when it moved."""
        digest = hashlib.blake2b(data, digest_size=12).hexdigest()
        if not self._cache.has(address, digest):
            self._cache.write(address, digest, data)

    def write_attachments(self) -> None:
        """Keep the attachments of all records, as the judged tree has them."""
        for entry in self.attachments.all():
            address = address_of(entry.path)
            if not entry.blob:
                self.write_file(address, self.view.desk.read(entry.path))
            elif not self._cache.has(address, entry.blob):
                self._cache.write(address, entry.blob, self.view.desk.read(entry.path))

    def _page(self, facts: Facts, data: bytes) -> Page:
        clocks = self.clocks.get(facts.path)
        if clocks is None:
            clocks = self.view.clocks_of(facts) if facts.kind in LIFECYCLES else []
        attachments = self.attachments.of(facts)
        approval = judged_to_be(facts, self.approvals)
        return record_page(self.view, self.bodies, facts, data, clocks, attachments, self.render_article, approval)

    def _digest_of(self, facts: Facts) -> str:
        """Return a digest of all that the page shows: its file, its neighbours' faces, its clocks' states."""
        parts: list[object] = [self._shell_digest, facts.blob]
        for ref in facts.refs:
            target = self.view.target(ref)
            parts.append(_face(target) if target else ref.target)
        parts += [(_face(one), ref.field) for one, ref in self.view.referrers(facts)]
        parts += history_face(self.view, facts)
        if facts.kind == "incident":
            parts += [(like.record.blob, like.shared) for like in similar_to(self.view, facts)]
        if facts.kind in ("service", "article"):  # its standing and its review move with the day and the roster
            parts += [self.view.now.date().isoformat(), duty_face(self.view, facts)]
            near = [one for ref in facts.refs if (one := self.view.target(ref)) and one.kind == "service"]
            near += self.view.naming(facts, "service")
            parts += [standing_of(self.view, one)[::2] for one in near if facts.kind == "service"]
        if facts.kind == "change":
            parts.append(face_of(self.view, judged_to_be(facts, self.approvals)))
        if facts.kind in ("service", "customer", "part"):
            # Its tables show more of the records that name it than their faces.
            parts += [one.blob for one, _ in self.view.referrers(facts)]
            parts.append(self.view.now.date().isoformat())
        if facts.kind == "part":  # its supplier's promise, and the hours in which that is counted
            parts += [one.blob for one in self.view.of_kind("supplier", "support_hours")]
        if facts.kind in LIFECYCLES:
            parts.append(self._terms_digest)
            parts += [(c.name, c.state, str(c.due_at), str(c.stopped_at)) for c in self.clocks.get(facts.path, ())]
        parts += self.attachments.of(facts)
        return _digest(*parts)

    def _read(self, wanted: list[Facts]) -> Iterator[bytes]:
        """Yield the files of records in order, as the audience may read them."""
        return self.view.desk.read_all(wanted)


class Work(NamedTuple):
    """What is to be done: the build, its pages with their digests, and what the search index is made of."""

    build: Build
    wanted: list[tuple[Facts, str]]
    pages: list[Document]
    stamp: str


Span = tuple[int, int]
"""A stretch of the wanted pages."""
_INDEX_JOB: Span = (-1, -1)

_inherited: Work | None = None
"""What the jobs are about; set just before helper processes are forked, and nowhere else."""


def _do(job: Span) -> tuple[Span, list[tuple[str, str]]]:
    """Do one job, here or in a helper process, and return what was written."""
    assert _inherited is not None
    build, wanted, pages, stamp = _inherited
    if job == _INDEX_JOB:
        return job, list(build.render_index(pages, stamp))
    return job, list(build.render_some(wanted[job[0] : job[1]]))


def unreadable(view: View, found: Iterator[Diagnostic], say: Callable[[Diagnostic], str]) -> list[tuple[str, str]]:
    """Return the files that have findings and no readable record, each with its first finding as HTML."""
    first: dict[str, str] = {}
    for diagnostic in found:
        if diagnostic.path not in view.records and diagnostic.path not in first:
            first[diagnostic.path] = say(diagnostic)
    return sorted(first.items())


def _digest_of_terms(view: View) -> str:
    """Return a digest of what clocks read beside their ticket; when it moves, the pages of all tickets are new.

    Of services, assets and teams only which agreements they name, and the warranties: the rest moves every day.
    """
    whole = [facts.blob for facts in view.of_kind("agreement", "support_hours", "contract", "site", "customer")]
    named = [
        (facts.id, facts.get("agreements"), facts.get("ola"), facts.get("warranty"))
        for facts in view.of_kind("service", "asset", "team")
    ]
    return _digest(whole, named)


def _face(facts: Facts) -> tuple[str, ...]:
    """Return what other pages show of a record."""
    return (facts.kind, facts.id, facts.title, facts.status, str(facts.data.get("title_zh") or ""))


def _digest(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
