"""The MkDocs plugin: which event of a MkDocs build does what for the desk. A list of events, nothing else."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from html import escape, unescape
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markdown import Markdown
from markdown.extensions.toc import slugify_unicode
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from servicebook.audience.desk import Desk, WholeDesk
from servicebook.errors import ServicebookError
from servicebook.helpers import processes
from servicebook.language.catalogue import say
from servicebook.publish.active_files import as_text_beside_page
from servicebook.publish.articles import KEPT_ARTICLES, Articles
from servicebook.publish.bodies import Bodies
from servicebook.publish.build import Build
from servicebook.publish.cache import PageCache
from servicebook.publish.filling import fill
from servicebook.publish.finding import SearchIndex
from servicebook.publish.frame import SHELL, audience_note, heading_text, shell_of, split_heading, template_values
from servicebook.publish.frames import (
    AS_OF,
    KEPT,
    LISTED,
    Frames,
    ListFrame,
    files_of,
    frames_bytes,
    stamp_of_frames,
    stamp_of_markdown,
    tickets_in,
)
from servicebook.publish.internal_blocks import BlockLabel, block_label
from servicebook.publish.labels import Labels, main_language
from servicebook.publish.languages_within import with_languages
from servicebook.publish.lists import LISTS
from servicebook.publish.misplaced import check_place
from servicebook.publish.one_build import one_build
from servicebook.publish.opening import cache_folder, judged_at, name_of_cache
from servicebook.publish.own_pages import add_own_pages
from servicebook.publish.prose_html import squeezed_tables
from servicebook.publish.record_file import RecordFile
from servicebook.publish.safe_markdown import SafeMarkdown
from servicebook.publish.stylesheets import FIGURED, read_sheet, squeezed_script
from servicebook.publish.twins import first_page, holds_twins, twins_in
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk
from servicebook.search.documents import ALWAYS, Document, plain_text
from servicebook.store.repository import find_repository

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

log = get_plugin_logger("servicebook")
HERE = Path(__file__).parent / "theme"


class ServicebookConfig(base.Config):  # type: ignore[no-untyped-call] # MkDocs leaves its hook untyped
    """What `plugins: - servicebook:` may say in mkdocs.yml; `servicebook site` sets the same."""

    tree = config_options.Type(str, default="worktree")
    at = config_options.Type(str, default="")
    desk = config_options.Type(str, default="")
    site_urls = config_options.Type(dict, default={})
    """By audience, where its site is served: `site_url` is that of the house's own."""


class ServicebookPlugin(BasePlugin[ServicebookConfig]):  # type: ignore[no-untyped-call] # the same hook
    """Publishes a desk: record pages, lists, search, beside the ordinary pages of kb/."""

    def __init__(self) -> None:
        self._serves = False
        self._shell = ""
        self._searched: list[Document] = []
        self._lists: dict[str, str] = {}
        self._frames: list[ListFrame] = []
        self._mentioned: set[str] = set()
        self._held = ExitStack()
        self.rendered = self.unreadable = 0

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether this is a preview."""
        self._serves = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Open the desk, once no other build is at work, and put our templates before the theme's."""
        try:
            start = self.config.desk or str(Path(config.config_file_path or ".").parent)
            self._held.close()
            repository = find_repository(start, bare=True)
            check_place(repository.root, start)
            self._held.enter_context(one_build(repository.git_dir))
            desk = self.desk_of_audience or WholeDesk(open_desk(start, tree=self.config.tree))
            self.now = judged_at(desk.settings, self.config.at)
            self.view = View(desk, self.now, Labels(desk.settings.languages))
        except ServicebookError as error:
            if not self.is_alone:
                raise
            raise PluginError(f"{error.message}\n{error.hint}") from error
        self._shell, self._searched, self._lists, self._frames, self._mentioned = "", [], {}, [], set()
        config.use_directory_urls = False
        safe = SafeMarkdown(label=block_label(self.view.labels))
        config.markdown_extensions = [*config.markdown_extensions, safe]  # type: ignore[list-item] # objects are extensions too
        # Else Chinese headings are called `_1`, `_2`, which move with every heading above them.
        config.mdx_configs.setdefault("toc", {}).setdefault("slugify", slugify_unicode)
        self._set_theme(config)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Bring the large folders of the last build into safety before MkDocs empties the site."""
        name = name_of_cache(self.config.tree, preview=self._serves)
        self.cache = PageCache(cache_folder(self.view.desk, name))
        self.cache.park(Path(config.site_dir))

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Keep what may be published: ordinary pages with their own files; records only by name."""
        for file in list(files):
            if file.src_uri == "sitemap.xml":  # MkDocs' template of one; ours is made where the site is public
                files.remove(file)
            elif file.src_dir == config.docs_dir:
                path = "kb/" + file.src_uri
                if not self._is_published(path):
                    files.remove(file)
                elif ending := as_text_beside_page(path, partial(self.view.desk.read, path)):
                    file.dest_uri += ending
        for path in self.view.records:
            files.append(RecordFile(path, config))
        add_own_pages(files, config, self.view)
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
        render = _article_renderer(config, self.build.bodies, block_label(self.view.labels))
        read = self._config_read(config)
        stamp = stamp_of_markdown(read) if read else ""
        self.articles = Articles(self.view, stamp, self.cache.folder, render)
        self.build.render_article = self.articles
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
        values["first_page"], values["figured"] = first_page, FIGURED
        values["as_of"] = AS_OF
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
        self._mentioned |= tickets_in(page.markdown or "")
        if not name:
            if "template" not in page.meta and page.file.src_uri != SHELL:
                self._searched.append(_document_of(page))
            return self._as_prose(html, page)
        if name not in LISTS:
            log.warning(f"{page.file.src_uri}: there is no list `{name}`; there are {', '.join(LISTS)}")
            return html
        if self._is_ours:  # a page has one heading: on the home page what matters now, elsewhere the list's title
            heading, html = split_heading(html)
            own = heading_text(heading) if heading else ""
            html = (f"<p><b>{own}</b></p>\n" if own and (name == "home" or own != page.title) else "") + html
        above = f'<div class="prose intro">{html}</div>\n' if html.strip() else ""
        self._lists[page.file.dest_uri] = name
        return above + LISTED

    def _as_prose(self, html: str, page: MkDocsPage) -> str:
        """Tell the template the language of a page's text, and its heading, which our frame sets apart."""
        if not self._is_ours:
            return html
        marked = page.file.src_uri.endswith(".zh.md")
        vars(page)["language"] = page.meta.get("lang") or ("zh-Hans" if marked else main_language(page.markdown or ""))
        heading, rest = split_heading(squeezed_tables(html))
        language = vars(page)["language"]
        vars(page)["heading"] = with_languages(heading, language).replace("<h1", f'<h1 lang="{escape(language)}"', 1)
        return with_languages(rest, language)

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Take the shell out; MkDocs does not write an empty page."""
        address = page.file.dest_uri
        if page.file.src_uri == SHELL:
            self._shell = output
        elif address in self._lists:
            self._frames.append(ListFrame(self._lists[address], address, output))
        else:
            return output
        return ""

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Fill the frames with records, and put all of it into the site."""
        build, site = self.build, Path(config.site_dir)
        made, read, root = files_of(site), self._config_read(config), Path(config.config_file_path or ".").parent
        if read:
            build.render_articles(self.view.of_kind("article"))
        frames = Frames(
            stamp=stamp_of_frames(self.view, read, self._mentioned) if read else "",
            asked=self.asked or "", site=relpath(site, root), site_url=config.site_url or "", shell=self._shell,
            wraps_lists=not self._is_ours, lists=self._frames, pages=self._searched, mentioned=sorted(self._mentioned),
            files=made,
        )  # fmt: skip
        build.set_shell(shell_of(frames.shell))
        index = SearchIndex(self.view, self.cache, frames.pages)
        self.rendered, self.unreadable = fill(build, frames, index, self.progress, 1 if self._serves else processes())
        self.cache.link_into(site)
        build.close()
        self.cache.write_beside(KEPT_ARTICLES, self.articles.written())
        self.cache.write_beside(KEPT, frames_bytes(frames))
        log.info(f"{len(self.view.records)} records, {self.rendered} pages rendered anew")
        self.view.desk.close()
        self._held.close()

    def on_build_error(self, *, error: Exception) -> None:
        """Let others build."""
        self._held.close()

    def _config_read(self, config: MkDocsConfig) -> bytes:
        """Return the configuration, where it and the desk are all that is read; else nothing: it is read each time."""
        others = [name for name in config.plugins if name != "servicebook"]
        includes = [name for name in config.mdx_configs if "snippets" in name]
        guest = not self._is_ours or config.theme.custom_dir
        if others or includes or config.hooks or guest or self.asked is None or not config.config_file_path:
            return b""
        read = Path(config.config_file_path).read_bytes()
        return b"" if any(word in read for word in _ELSEWHERE) else read

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Build again when a ticket or a setting is edited."""
        root = Path(config.config_file_path or ".").parent
        for path in (root / "tickets", root / "pyproject.toml"):
            if path.exists():
                server.watch(str(path))
        return server

    desk_of_audience: Desk | None = None
    """The desk of another audience, which `servicebook site` projects; without it the site is the house's own."""
    is_alone = True
    """Whether MkDocs runs alone, and has to be told of errors in its own way."""
    asked: str | None = None
    """The folder that `servicebook site` was asked to build into, "" for the usual one; None when MkDocs runs alone."""
    progress: Any = None
    """Called with (pages done, pages in all) while they are rendered; `servicebook site` sets it."""

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

    def _is_published(self, path: str) -> bool:
        """Whether a file of docs_dir is an ordinary page, or lies in the `.files/` of one, and is no symlink."""
        if any("\ud800" <= sign <= "\udfff" for sign in path):
            return False  # the name on disk is not UTF-8
        entry = self.view.desk.entry_at(path)
        if entry is None or not entry.mode.startswith("100"):
            return False
        owner, mark, _ = path.partition(".files/")
        return self.view.desk.is_page(owner + ".md" if mark else path) and self.view.desk.has_path(
            owner + ".md" if mark else path
        )


_ELSEWHERE = (b"INHERIT", b"!ENV")
"""Words of a configuration that is told by another file too, or by the environment."""

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
