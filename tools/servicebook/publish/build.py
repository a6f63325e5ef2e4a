"""How a desk becomes pages: what each page shows, its digest, and the rendering of those that moved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from servicebook import digest_of_code
from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.helpers import share
from servicebook.publish.addresses import address_of, page_of
from servicebook.publish.approval_html import read_approvals
from servicebook.publish.attachments import Attachments
from servicebook.publish.bodies import Bodies, split_body
from servicebook.publish.cache import Look, PageCache, Written, write_new
from servicebook.publish.finding import SearchIndex
from servicebook.publish.internal_blocks import block_label
from servicebook.publish.known import Known, Told, parts_to_keep, recall
from servicebook.publish.made import MAKERS, Made
from servicebook.publish.page_digests import Moved, PageDigests
from servicebook.publish.record_page import Page, RenderArticle, record_page
from servicebook.publish.shell import Shell
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.sla.status import ClockStatus
from servicebook.store.repository import Entry
from servicebook.workflow.lifecycles import LIFECYCLES

Progress = Callable[[int, int], object]
"""Called with (pages done, pages in all)."""

MANY = 1000
"""From so many records on, helper processes are worth their start; from so many pages on, what all pages ask for."""

_OF_TICKETS = ("service", "customer")
"""Kinds whose pages are made from all their tickets. A whole build reads these for lists too: one process does both."""

_BATCH = 250  # files asked of Git at a time, so that memory stays small


class Build:
    """The record pages of one build."""

    def __init__(self, view: View, cache: PageCache) -> None:
        self.view = view
        self.attachments = Attachments(view)
        self.bodies = Bodies(self._is_shown, view.address_of_id, block_label(view.labels))
        self.render_article: RenderArticle | None = None
        self._cache = cache
        self.kept_at = view.kept_at = cache.folder
        self._before: Known | None = recall(cache.known)
        self._told: Told | None = None
        self._ahead: dict[str, Look] = {}
        self.approvals = read_approvals(view)
        self.clocks: dict[str, list[ClockStatus]] = {
            facts.path: view.clocks_of(facts) for kind in LIFECYCLES for facts in view.open_of_kind(kind)
        }
        attached = self.attachments.of, self.attachments.owners
        self._digests = PageDigests(view, self.clocks, self.approvals, *attached, self._is_shown)
        self.set_shell(Shell("@@CONTENT@@"))

    def _is_shown(self, path: str) -> bool:
        """Whether a file is on the site: as a record's page, or as an attachment."""
        return path in self.view.records or self.attachments.has(path)

    def set_shell(self, shell: Shell) -> None:
        """Take the frame of all pages, once the theme has rendered it."""
        view = self.view
        self._shell = shell
        spoken = list(view.labels.languages), view.settings.words_zh, view.settings.timezone
        self._digests.shell = _digest(shell.text, digest_of_code(MAKERS), *spoken)

    def write_records(
        self,
        index: SearchIndex,
        progress: Progress | None = None,
        processes: int = 1,
        meanwhile: Callable[[], object] = lambda: None,
        beside: Sequence[Makes] = (),
    ) -> int:
        """Render what moved, records and search index, keep it in the cache, and return how many pages that were.

        meanwhile: what else is to be done for the site; one process does it while others render. beside: what is made
        from many records, each piece by whoever is free.
        """
        work: list[Work] = [partial(self._make_all, makes) for makes in beside]
        wanted: list[tuple[Facts, str]] = []
        if not (index.is_kept or index.begun):
            work.insert(0, index.make)  # the longest
        if len(self.view.records) < MANY:
            processes = 1
        since = self._digests.moved_since(self._before)

        def here() -> None:
            """Find the few pages that moved while helpers begin with what gathers records, and render them."""
            nonlocal wanted
            wanted = self._find(since)
            if len(wanted) <= MANY:
                self._render(wanted, (), 1, _nothing, progress)

        if since is None:
            wanted = self._find(since)
            self._render(wanted, work, processes, meanwhile, progress)
        else:
            work.insert(0, lambda: list(self._cache.taken_by(meanwhile)))
            for some in share(_do, work, processes, here, _nothing):
                self._take(some, {})
            if len(wanted) > MANY:  # all tickets of a customer who is called otherwise now
                self._render(wanted, (), processes, _nothing, progress)
        if index.begun:
            self._take(index.begun.result(), {})
        return len(wanted)

    def _render(
        self,
        wanted: list[tuple[Facts, str]],
        work: Sequence[Work],
        processes: int,
        meanwhile: Callable[[], object],
        progress: Progress | None,
    ) -> None:
        """Render pages, and do other work, shared with helper processes; this one does `meanwhile` first."""
        many = len(wanted) > MANY
        own = [facts for facts, _ in wanted if many and facts.kind in _OF_TICKETS]
        others = [facts for facts, _ in wanted if not (many and facts.kind in _OF_TICKETS)]
        step = _BATCH if many else 1  # one of a few pages may be that of a customer, whom thousands of tickets name
        starts = range(0, len(others), step)
        spans: list[Work] = [partial(self.render_some, others[start : start + step]) for start in starts]
        done, digests = len(own), dict[str, str]()

        def tell(written: list[Written]) -> None:
            nonlocal done
            if progress and written and not written[0][1]:
                done += len(written)
                progress(done, len(wanted))

        def here() -> None:
            """Do what takes the rows of all records, or sums of them: helpers need not have these."""
            meanwhile()
            written = self.render_some(own)
            digests.update((page_of(facts), digest or self._digests.of(facts)) for facts, digest in wanted)
            self._take(written, digests)

        if many:
            self.view.expect_many()
        for some in share(_do, [*work, *spans], processes, here, tell):
            self._take(some, digests)

    def _take(self, written: list[Written], digests: Mapping[str, str]) -> None:
        """Count pages and files in; digests: those of pages."""
        for address, digest, look in written:
            self._cache.take(address, digests[address] if digest is None else digest, look)

    def render_articles(self, records: Iterable[Facts]) -> None:
        """Render the text of articles in this process, which remembers them; helper processes find them done."""
        articles = [facts for facts in records if facts.kind == "article"]
        for facts, data in zip(articles, self._read(articles), strict=True):
            body = split_body(data)
            if self.render_article and body.strip():
                self.render_article(body, facts.path)

    def close(self) -> None:
        """Write down what the next build needs to know; last of all, for it must not know more than it finds."""
        view, also = self.view, dict[str, object]()
        if self._told:
            also = parts_to_keep(self._told, view.shelves, view.desk.last_moves, self._before)
        self._cache.close(lambda address: view.at_address(address) is not None, also)

    def _find(self, since: Moved | None) -> list[tuple[Facts, str]]:
        """Return the records whose pages are to be rendered, each with its digest; articles' texts are rendered."""
        digests, cache, records = self._digests, self._cache, self.view.records
        self._told = digests.told()
        candidates: Iterable[Facts] = records.values()
        if since is not None:
            near = digests.may_have_moved(since, self._told)
            others = cache.keep_pages(address_of(path) for path in near | since.former.keys())
            near |= {facts.path for address in others if (facts := self.view.at_address(address))}
            candidates = [records[path] for path in sorted(near)]
        wanted = []
        for facts in candidates:
            page = page_of(facts)
            digest = digests.of(facts) if cache.knows(page) else ""  # of a new page it can wait
            if not digest or not cache.has(page, digest):
                wanted.append((facts, digest))
        self.render_articles([facts for facts, _ in wanted])
        return wanted

    def render_some(self, wanted: list[Facts]) -> list[Written]:
        """Render pages into the cache's folder."""
        done: list[Written] = []
        folder = str(self._cache.folder)
        for facts, data in zip(wanted, self._read(wanted), strict=True):
            look = self._ahead.get(facts.path)
            if look is None:
                page = self._page(facts, data)
                look = write_new(folder, page.address, self._shell.fill(page))
            # What was saved since the desk was read may show both: no digest stands for that, so it is made again.
            done.append((page_of(facts), None if self.view.desk.is_as_judged(facts, data) else "", look))
            facts.forget()  # few ask for what is in it again, and of 100,000 records it is a gigabyte
        return done

    def write_ahead(self, facts: Facts) -> list[str]:
        """Render one record's own page now, as `write_records` would, which will not do it again.

        Returns the addresses of the page and the attachments that it shows, of those that moved. Nothing is written
        where the file was saved again since the desk was read.
        """
        data = next(self._read([facts]))
        if not self.view.desk.is_as_judged(facts, data):
            return []
        page, folder = self._page(facts, data), self._cache.folder
        html = self._shell.fill(page)
        if _holds(folder / page.address, html):
            return []
        written = [self._attach(entry) for entry in self.attachments.entries_of(facts)]
        self._ahead[facts.path] = write_new(str(folder), page.address, html)
        return [page.address, *filter(None, written)]

    def write_page(self, page: Page) -> None:
        """Keep a page that is made from others when it moved."""
        self.write_file(page.address, self._shell.fill(page))

    def write_made(self, made: Made[Page] | Made[bytes]) -> None:
        """Keep a page or file that is made from many records; it is made only when its stamp is another."""
        self._cache.take(*self._make(made))

    def _make_all(self, makes: Makes) -> list[Written]:
        return [self._make(made) for made in makes()]

    def _make(self, made: Made[Page] | Made[bytes]) -> tuple[str, str, Look | None]:
        """Make the same in any process; its file's looks are told where it is a new one."""
        stamp = _digest(made.stamp, self._digests.shell)
        if self._cache.has(made.address, stamp):
            return made.address, stamp, None
        content = made.make()
        data = content if isinstance(content, bytes) else self._shell.fill(content)
        if self._cache.knows(made.address) and _holds(self._cache.folder / made.address, data):
            return made.address, stamp, None  # it may say the same though what it is made from moved
        return made.address, stamp, write_new(str(self._cache.folder), made.address, data)

    def write_file(self, address: str, data: bytes) -> bool:
        """Keep any file of the site when it moved, and return whether it did."""
        digest = hashlib.blake2b(data, digest_size=12).hexdigest()
        moved = not self._cache.has(address, digest)
        if moved:
            self._cache.write(address, digest, data)
        return moved

    def write_beside(self, name: str, data: bytes) -> None:
        """Write down a file for the next build that is no part of the site."""
        self._cache.write_beside(name, data)

    def write_attachments(self) -> None:
        """Keep the attachments of all records, as the judged tree has them."""
        for entry in self.attachments.all():
            self._attach(entry)

    def _attach(self, entry: Entry) -> str:
        """Keep one attachment, and return its address if it moved."""
        address = address_of(entry.path)
        if not entry.blob:
            return address if self.write_file(address, self.view.desk.read(entry.path)) else ""
        if self._cache.has(address, entry.blob):
            return ""
        self._cache.write(address, entry.blob, self.view.desk.read(entry.path))
        return address

    def _page(self, facts: Facts, data: bytes) -> Page:
        clocks = self.clocks.get(facts.path)
        if clocks is None:
            clocks = self.view.clocks_of(facts) if facts.kind in LIFECYCLES else []
        clocks = [*clocks, *self.view.clocks_of_returns(facts)]
        attachments = self.attachments.of(facts)
        article = self.render_article
        return record_page(self.view, self.bodies, facts, data, clocks, attachments, article, self.approvals)

    def _read(self, wanted: list[Facts]) -> Iterator[bytes]:
        """Yield the files of records in order, as the audience may read them."""
        return self.view.desk.read_all(wanted)


Work = Callable[[], list[Written]]
"""A piece of work that any process may do."""
Makes = Callable[[], Iterable[Made[Page]] | Iterable[Made[bytes]]]
"""What yields pages or files that are made from many records."""


def unreadable(view: View, found: Iterator[Diagnostic], say: Callable[[Diagnostic], str]) -> list[tuple[str, str]]:
    """Return the files that have findings and no readable record, each with its first finding as HTML."""
    first: dict[str, str] = {}
    for diagnostic in found:
        if diagnostic.path not in view.records and diagnostic.path not in first:
            first[diagnostic.path] = say(diagnostic)
    return sorted(first.items())


def _do(work: Work) -> list[Written]:
    return work()


def _nothing(*_: object) -> None:
    """Do nothing."""


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file holds these bytes."""
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _digest(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
