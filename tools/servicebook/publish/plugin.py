"""The MkDocs plugin: which event of a MkDocs build does what for the desk. A list of events, nothing else."""

from __future__ import annotations

import os
from datetime import date
from html import escape, unescape
from itertools import chain
from pathlib import Path
from typing import Any

import jinja2
from markdown import Markdown
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from servicebook.audience.desk import Desk, WholeDesk
from servicebook.diagnostics.wording import message_of
from servicebook.errors import ServicebookError
from servicebook.language.catalogue import say
from servicebook.publish.addresses import page_of
from servicebook.publish.api_files import api_files
from servicebook.publish.bodies import Bodies
from servicebook.publish.build import Build, unreadable
from servicebook.publish.cache import PageCache
from servicebook.publish.calendar_files import calendar_files
from servicebook.publish.crawler_files import crawler_files
from servicebook.publish.feed_files import feed_files
from servicebook.publish.frame import (
    SHELL,
    as_of_html,
    as_of_script,
    audience_note,
    heading_text,
    shell_of,
    split_heading,
    template_values,
)
from servicebook.publish.gathering import Gathering
from servicebook.publish.internal_blocks import BlockLabel, block_label
from servicebook.publish.labels import Labels, main_language
from servicebook.publish.lists import LISTS, archive_pages
from servicebook.publish.moments import Moments
from servicebook.publish.opening import cache_folder, judged_at
from servicebook.publish.own_pages import add_own_pages
from servicebook.publish.record_file import RecordFile
from servicebook.publish.safe_markdown import SafeMarkdown
from servicebook.publish.stylesheets import FIGURED, read_sheet, squeezed_script
from servicebook.publish.twins import holds_twins, twins_in
from servicebook.publish.view import View
from servicebook.records.audiences import PUBLIC
from servicebook.rules.opening import open_desk
from servicebook.rules.registry import rule_of
from servicebook.search.documents import ALWAYS, Document, plain_text

log = get_plugin_logger("servicebook")
HERE = Path(__file__).parent / "theme"


class ServicebookConfig(base.Config):  # type: ignore[no-untyped-call] # MkDocs leaves its hook untyped
    """What `plugins: - servicebook:` may say in mkdocs.yml; `servicebook site` sets the same."""

    tree = config_options.Type(str, default="worktree")
    at = config_options.Type(str, default="")
    desk = config_options.Type(str, default="")


class ServicebookPlugin(BasePlugin[ServicebookConfig]):  # type: ignore[no-untyped-call] # the same hook
    """Publishes a desk: record pages, lists, search, beside the ordinary pages of kb/."""

    def __init__(self) -> None:
        self._serves = False
        self._shell = ""
        self._searched: list[Document] = []
        self._addresses: list[str] = []
        self.rendered = 0

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether this is a preview."""
        self._serves = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Open the desk and put our templates before the theme's."""
        try:
            start = self.config.desk or str(Path(config.config_file_path or ".").parent)
            desk = self.desk_of_audience or WholeDesk(open_desk(start, tree=self.config.tree))
            self.now = judged_at(desk.settings, self.config.at)
            self.view = View(desk, self.now, Labels(desk.settings.languages))
        except ServicebookError as error:
            raise PluginError(f"{error.message}\n{error.hint}") from error
        self.now = self.now.astimezone(self.view.zone)
        self._shell, self._searched, self._addresses = "", [], []
        config.use_directory_urls = False
        safe = SafeMarkdown(label=block_label(self.view.labels))
        config.markdown_extensions = [*config.markdown_extensions, safe]  # type: ignore[list-item] # objects are extensions too
        self._set_theme(config)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Bring the large folders of the last build into safety before MkDocs empties the site."""
        name = ("preview-" if self._serves else "") + self.config.tree.replace("/", "-")
        self.cache = PageCache(cache_folder(self.view.desk, name))
        self.cache.park(Path(config.site_dir))

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Keep what may be published: ordinary pages with their own files; records only by name."""
        for file in list(files):
            if file.src_dir == config.docs_dir and not self._is_published(file):
                files.remove(file)
        for path in self.view.records:
            files.append(RecordFile(path, config))
        add_own_pages(files, config)
        level = InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, SHELL, content=_SHELL_SOURCE, inclusion=level))
        for name in ("portal.css", "content.css", "figures.css") if self._is_ours else ("guest.css",):
            files.append(File.generated(config, f"assets/servicebook/{name}", content=read_sheet(name)))
        for script in sorted((HERE / "common/assets/servicebook").glob("*.js")):
            uri = f"assets/servicebook/{script.name}"
            if (copied := files.get_file_from_path(uri)) is not None:
                files.remove(copied)
            files.append(File.generated(config, uri, content=squeezed_script(script.read_text("utf-8"))))
        self.build = Build(self.view, self.cache)
        self.build.render_article = _article_renderer(config, self.build.bodies, block_label(self.view.labels))
        labels = self.view.labels
        bad = unreadable(
            self.view,
            self.view.desk.all_found(),
            lambda one: labels.each(lambda language: message_of(rule_of(one.code), one, language)),
        )
        self.desk = Gathering(self.view, self.build.bodies, self.build.clocks, bad)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Learn which pages stand in the navigation in both languages, so that a reader is offered one of each."""
        self._twins = twins_in(nav)
        return nav

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Give the templates our words."""
        labels, settings = self.view.labels, self.view.settings
        values = template_values(labels, settings, self._serves)
        values["twins"] = self._twins if len(labels.languages) > 1 else {}
        values["holds_twins"] = lambda item: len(labels.languages) > 1 and holds_twins(item)
        values["figured"] = FIGURED
        values["as_of"] = self._as_of()
        values["audience_note"] = audience_note(labels, self.view)
        env.globals["servicebook"] = values
        env.filters.update(
            both=labels.say,
            slashed=labels.text,
            chinese=lambda text: say("site", text, "zh"),
            plain=lambda text: escape(str(text)),
        )
        return env

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Put the list that a page asks for (`list: services`) below its text."""
        name = str(page.meta.get("list", "home" if page.is_homepage else ""))
        if not name:
            if "template" not in page.meta and page.file.src_uri != SHELL:
                self._searched.append(_document_of(page))
            return self._as_prose(html, page)
        if name not in LISTS:
            log.warning(f"{page.file.src_uri}: there is no list `{name}`; there are {', '.join(LISTS)}")
            return html
        if name == "home" and self._is_ours:  # what matters now is the page's heading; the desk's own becomes text
            heading, html = split_heading(html)
            html = (f"<p><b>{heading_text(heading)}</b></p>\n" if heading else "") + html
        above = f'<div class="prose intro">{html}</div>\n' if html.strip() else ""
        if name == "home" and not self._is_ours:
            above += f'<p class="meta judged">{self._as_of()}</p>\n'
        listed = above + LISTS[name](self.desk, page.url)
        return listed if self._is_ours else f'<div class="sb-page">{listed}</div>'

    def _as_prose(self, html: str, page: MkDocsPage) -> str:
        """Tell the template the language of a page's text, and its heading, which our frame sets apart."""
        if not self._is_ours:
            return html
        marked = page.file.src_uri.endswith(".zh.md")
        vars(page)["language"] = page.meta.get("lang") or ("zh-Hans" if marked else main_language(page.markdown or ""))
        heading, rest = split_heading(html)
        vars(page)["heading"] = heading.replace("<h1", f'<h1 lang="{escape(vars(page)["language"])}"', 1)
        return rest

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Take the shell out; MkDocs does not write an empty page."""
        if page.file.src_uri != SHELL:
            self._addresses.append(page.file.dest_uri)
            return output
        self._shell = output
        return ""

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Render what moved and put all record pages, the archive, attachments and the search into the site."""
        build = self.build
        build.set_shell(shell_of(self._shell))
        self.rendered = build.write_records(self._searched, self.progress, self._processes())
        for page in archive_pages(self.view):
            build.write_page(page)
        build.write_attachments()
        self._write_files_beside(config)
        fixed = self.view.settings.as_of is not None
        script = as_of_script(self.view.labels, self._as_of(), self.now, fixed)
        build.write_file("assets/servicebook/as-of.js", script)
        self.cache.link_into(Path(config.site_dir))
        self.cache.close()
        log.info(f"{len(self.view.records)} records, {self.rendered} pages rendered anew")
        self.view.desk.close()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Build again when a ticket or a setting is edited."""
        root = Path(config.config_file_path or ".").parent
        for path in (root / "tickets", root / "pyproject.toml"):
            if path.exists():
                server.watch(str(path))
        return server

    def _write_files_beside(self, config: MkDocsConfig) -> None:
        """Write what programs read: calendars, feeds, the API, and what crawlers are told."""
        build, view = self.build, self.view
        moments = Moments(view, config.site_url or "")
        pages: dict[str, date | None] = dict.fromkeys(self._addresses)
        pages |= {page_of(facts): moments.changed_at(facts).date() for facts in view.records.values()}
        for address, data in chain(
            calendar_files(view, moments),
            feed_files(view, moments),
            api_files(view, moments, build.clocks),
            crawler_files(pages, moments.site_url, is_public=view.desk.audience == PUBLIC),
        ):
            build.write_file(address, data)

    desk_of_audience: Desk | None = None
    """The desk of another audience, which `servicebook site` projects; without it the site is the house's own."""
    progress: Any = None
    """Called with (pages done, pages in all) while they are rendered; `servicebook site` sets it."""

    def _processes(self) -> int:
        """Return how many processes may render: one beside the threads of a preview, which must not be forked."""
        return 1 if self._serves or not hasattr(os, "fork") else min(4, os.cpu_count() or 1)

    def _set_theme(self, config: MkDocsConfig) -> None:
        """Give any theme what our pages need: the templates of records and search, their script; a guest's style."""
        self._is_ours = config.theme.name == "servicebook"
        place = next((n for n, folder in enumerate(config.theme.dirs) if "site-packages" in folder), 0)
        config.theme.dirs.insert(place, str(HERE / "common"))
        config.theme.static_templates.discard("sitemap.xml")
        if not self._is_ours:
            config.extra_css.append("assets/servicebook/guest.css")
            scripts = ("frame.js", "as-of.js", "portal.js")
            config.extra_javascript += [f"assets/servicebook/{name}" for name in scripts]

    def _is_published(self, file: File) -> bool:
        """Whether a file of docs_dir is an ordinary page, or lies in the `.files/` of one, and is no symlink."""
        path = "kb/" + file.src_uri
        if any("\ud800" <= sign <= "\udfff" for sign in path):
            return False  # the name on disk is not UTF-8
        entry = self.view.desk.entry_at(path)
        if entry is None or not entry.mode.startswith("100"):
            return False
        owner, mark, _ = path.partition(".files/")
        return self.view.desk.is_page(owner + ".md" if mark else path) and self.view.desk.has_path(
            owner + ".md" if mark else path
        )

    def _as_of(self) -> str:
        return as_of_html(self.view.labels, self.now, *self.view.desk.commit)


_SHELL_SOURCE = "---\ntitle: Record\ntemplate: record.html\n---\n"


def _document_of(page: MkDocsPage) -> Document:
    title = unescape(str(page.title or page.file.src_uri))  # MkDocs gives the heading's HTML
    name = page.file.src_uri.removesuffix(".md")
    text = plain_text(page.markdown or "")
    return Document(page.file.dest_uri, name, "page", "", "", title, text, date=ALWAYS)


def _article_renderer(config: MkDocsConfig, bodies: Bodies, label: BlockLabel) -> Any:
    """Return a renderer of articles: the site's own Markdown, links meant from the article's file."""
    current = {"path": ""}
    safe = SafeMarkdown(lambda target: bodies.link(target, current["path"]), label)
    extensions = [one for one in config.markdown_extensions if not isinstance(one, SafeMarkdown)]
    markdown = Markdown(extensions=[*extensions, safe], extension_configs=config.mdx_configs or {})

    def render(text: str, path: str) -> str:
        current["path"] = path
        html: str = markdown.reset().convert(text)
        return html

    return render
