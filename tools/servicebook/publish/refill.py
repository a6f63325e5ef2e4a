"""A site brought up to date without MkDocs, where nothing that MkDocs reads has moved since the last build."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from servicebook.audience.desk import Desk
from servicebook.helpers import processes
from servicebook.publish.articles import Articles, NeedsMkDocsError
from servicebook.publish.build import Build, Progress
from servicebook.publish.built import Built
from servicebook.publish.cache import PageCache
from servicebook.publish.early import Early, show_early
from servicebook.publish.filling import fill
from servicebook.publish.finding import SearchIndex
from servicebook.publish.frame import shell_of
from servicebook.publish.frames import KEPT, Frames, recall_frames, stamp_of_frames, stamp_of_markdown
from servicebook.publish.labels import Labels
from servicebook.publish.opening import folder_of_pages, name_of_cache
from servicebook.publish.view import View
from servicebook.records.audiences import INTERNAL
from servicebook.store.moves import WORK_TREE


def may_refill(git_dir: str, root: Path, output: str) -> Frames | None:
    """Return the frames of the last build into the same folder, where there are any and all its files are there.

    git_dir: the folder of the repository's own files. root: the desk's folder. output: where the site is wanted, or ""
    for the usual place.
    """
    frames = recall_frames(folder_of_pages(git_dir, INTERNAL, name_of_cache(WORK_TREE)) / KEPT)
    asked = str(Path(output).resolve()) if output else ""
    if frames is None or asked != frames.asked or not frames.are_in(root / frames.site):
        return None
    return frames


def refill(
    desk: Desk,
    frames: Frames,
    cache: PageCache,
    site: Path,
    config: bytes,
    now: datetime,
    progress: Progress | None,
    early: Early | None = None,
) -> Built | None:
    """Fill the kept frames with what has moved; None where MkDocs has to be asked.

    cache: the pages of the last build, whose survey the caller has begun and ends. config: the bytes of mkdocs.yml.
    early: what is wanted before the rest.
    """
    view = View(desk, now, Labels(desk.settings.languages))
    index = SearchIndex(view, cache, frames.pages)
    index.begin()
    try:
        if stamp_of_frames(view, config, frames.mentioned) != frames.stamp:
            return None
        build = Build(view, cache)
        build.render_article = Articles(view, stamp_of_markdown(config), cache.folder)
        build.set_shell(shell_of(frames.shell))
        if early:
            show_early(build, cache, site, early)
        rendered, bad = fill(build, frames, index, progress, processes())
    except NeedsMkDocsError:
        return None
    finally:
        index.end()
    moved = cache.link_beside(site)
    build.close()
    return Built(str(site), len(view.records), rendered, bad, moved=tuple(moved))
