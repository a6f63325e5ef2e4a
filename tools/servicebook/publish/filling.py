"""Everything of a site that shows records, filled into frames: record pages, lists, archive, search, files beside."""

from __future__ import annotations

from functools import partial

from servicebook.diagnostics.wording import message_of
from servicebook.publish.api_files import api_files
from servicebook.publish.build import Build, Makes, Progress, unreadable
from servicebook.publish.calendar_files import calendar_files
from servicebook.publish.crawler_files import crawler_files
from servicebook.publish.feed_files import feed_files
from servicebook.publish.finding import SearchIndex
from servicebook.publish.frame import as_of_html, as_of_script
from servicebook.publish.frames import Frames, ListFrame
from servicebook.publish.gathering import Gathering
from servicebook.publish.lists import LISTS, archive_pages
from servicebook.publish.moments import TOLD, Moments
from servicebook.publish.month_pages import month_pages
from servicebook.publish.outcomes import Outcomes
from servicebook.publish.subscriptions_html import as_json
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.rules.registry import rule_of


def fill(
    build: Build, frames: Frames, index: SearchIndex, progress: Progress | None = None, processes: int = 1
) -> tuple[int, int]:
    """Put everything that shows records into the kept pages of this build, whose shell is set.

    Returns how many record pages were rendered, and how many files hold no readable record.
    """
    view = build.view
    bad = _unreadable(view)
    moments = Moments(view, frames.site_url, build.kept_at)
    beside: list[Makes] = [
        partial(api_files, view, moments, build.clocks, build.kept_at), partial(feed_files, view, moments),
        partial(archive_pages, view), partial(calendar_files, view, moments),
    ]  # fmt: skip

    def meanwhile() -> None:
        if is_outer(view.desk.audience):  # what they were told is remembered, and in this process
            for makes in beside:
                for made in makes():
                    build.write_made(made)
        _fill_beside(build, frames, moments, bad)

    view.desk.commit  # noqa: B018 (Git was asked by this process, and helpers cannot wait for the answer)
    view.months  # noqa: B018 (asked for by several pieces of the work, of which any process may do any)
    shared = [] if is_outer(view.desk.audience) else beside
    rendered = build.write_records(index, progress, processes, meanwhile, shared)
    return rendered, len(bad)


def _fill_beside(build: Build, frames: Frames, moments: Moments, bad: list[tuple[str, str]]) -> None:
    """Put all else that gathers records into the kept pages: lists, attachments, what crawlers read."""
    view = build.view
    outcomes = Outcomes(view, build.clocks, build.kept_at)
    gathering = Gathering(view, build.bodies, build.clocks, bad, build.approvals, outcomes)
    as_of = as_of_html(view.labels, view.now, *view.desk.commit)
    for frame in frames.lists:
        listed = LISTS[frame.name](gathering, frame.address) + as_json(view, frame.name, frame.address)
        judged = f'<p class="meta judged">{as_of}</p>\n' if frame.name == "home" and frames.wraps_lists else ""
        fill_frame = partial(_filled, frame, frames.wraps_lists, judged, as_of)
        build.write_file(frame.address, fill_frame(listed))
        if frame.name == "changes":
            for month in month_pages(gathering, frame.address, fill_frame):
                build.write_made(month)
    build.write_attachments()
    for address, data in crawler_files(view, moments, frames.addresses()):
        build.write_file(address, data)
    build.write_beside(TOLD, moments.told())
    fixed = view.settings.as_of is not None
    build.write_file("assets/servicebook/as-of.js", as_of_script(view.labels, as_of, view.now, fixed))


def _filled(frame: ListFrame, wraps: bool, judged: str, as_of: str, listed: str) -> bytes:
    """Return a list's page; in another theme the list has an element of its own."""
    return frame.filled(f'{judged}<div class="sb-page">{listed}</div>' if wraps else listed, as_of)


def _unreadable(view: View) -> list[tuple[str, str]]:
    """Return the files that hold no readable record, each with what is wrong in all languages."""
    labels = view.labels
    return unreadable(
        view,
        view.desk.all_found(),
        lambda one: labels.each(lambda language: message_of(rule_of(one.code), one, language)),
    )
