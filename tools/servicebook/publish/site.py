"""The site as `servicebook site` asks for it: brought up to date where that will do, else built as a whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from servicebook.audience.desk import WholeDesk
from servicebook.publish.build import Progress
from servicebook.publish.built import Built
from servicebook.publish.cache import PageCache
from servicebook.publish.early import Early
from servicebook.publish.misplaced import CONFIG, not_written, place_of_bare
from servicebook.publish.one_build import one_build
from servicebook.publish.opening import folder_of_pages, judged_at, name_of_cache
from servicebook.publish.refill import may_refill, refill
from servicebook.records.audiences import CUSTOMER, INTERNAL, PUBLIC
from servicebook.rules.opening import open_desk
from servicebook.store.moves import WORK_TREE
from servicebook.store.repository import Repository, find_repository

__all__ = ["CONFIG", "Built", "audiences_of", "build_site"]


def build_site(
    start: str,
    output: str = "",
    at: str = "",
    rev: str = "",
    progress: Progress | None = None,
    audience: str = INTERNAL,
    clock: datetime | None = None,
    early: Early | None = None,
) -> Built:
    """Build the site of the desk around `start`; `at` is an instant with offset, `rev` a revision or "".

    clock: what time it is, for a desk that nobody gave another instant. early: records of the house's own site whose
    pages are wanted before the rest.
    For another audience than the house, the desk is projected first, and the generator is given only that.
    Raises ServicebookError for what stands in the way: no desk, no mkdocs.yml, a page that MkDocs refuses.
    """
    repository = find_repository(start, bare=bool(rev))
    place_of_bare(repository.root, repository.git_dir, output)
    if audience == INTERNAL and not rev:
        with one_build(repository.git_dir):
            built = _refilled(repository, output, at, clock, progress, early)
        if built:
            return built
    from servicebook.publish.whole import build_whole  # MkDocs takes longer to load than a page to bring up to date

    return build_whole(repository, output, at, rev, progress, audience, start)


def _refilled(
    repository: Repository,
    output: str,
    at: str,
    clock: datetime | None,
    progress: Progress | None,
    early: Early | None,
) -> Built | None:
    """Bring the house's own site up to date, where that can be done without MkDocs; else None."""
    root = Path(repository.root)
    frames, file = may_refill(repository.git_dir, root, output), root / CONFIG
    if frames is None or not file.is_file():
        return None
    site = (root / frames.site).resolve()
    pages = PageCache(folder_of_pages(repository.git_dir, INTERNAL, name_of_cache(WORK_TREE)))
    pages.begin_survey(site, frames.files)  # while Git looks for what moved, and the desk is read
    try:
        desk = WholeDesk(open_desk(repository.root))
        try:
            now = judged_at(desk.settings, at, clock)
            return refill(desk, frames, pages, site, file.read_bytes(), now, progress, early)
        except OSError as error:
            raise not_written(error) from error
        finally:
            desk.close()
    finally:
        pages.end_survey()


def audiences_of(start: str, rev: str = "") -> list[str]:
    """Return every audience that the desk around `start` has: the house, each customer that is not retired, all."""
    desk = open_desk(start, tree=rev or WORK_TREE)
    customers = [CUSTOMER + one.id for one in desk.of_kind("customer") if one.status != "retired"]
    desk.close()
    return [INTERNAL, *customers, PUBLIC]
