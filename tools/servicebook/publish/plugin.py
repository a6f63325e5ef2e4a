"""The MkDocs plugin: which event of a MkDocs build does what for the desk. A list of events, nothing else."""

from __future__ import annotations

import os
import re
from html import escape
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
from mkdocs.structure.pages import Page as MkDocsPage

from servicebook.audience.desk import Desk, WholeDesk
from servicebook.diagnostics.wording import message_of
from servicebook.errors import ServicebookError
from servicebook.publish.bodies import Bodies
from servicebook.publish.build import Build, unreadable
from servicebook.publish.cache import PageCache
from servicebook.publish.frame import as_of_html, as_of_script, filter_words, shell_of, template_values
from servicebook.publish.internal_blocks import INTERNAL
from servicebook.publish.labels import Labels
from servicebook.publish.lists import LISTS, Gathering, archive_pages
from servicebook.publish.opening import cache_folder, judged_at
from servicebook.publish.own_pages import add_own_pages
from servicebook.publish.record_file import RecordFile
from servicebook.publish.safe_markdown import SafeMarkdown
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk
from servicebook.rules.registry import rule_of
from servicebook.search.documents import Document, plain_text

log = get_plugin_logger("servicebook")
SHELL = "servicebook-shell/frame/page.md"
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
        self._shell, self._searched = "", []
        config.use_directory_urls = False
        safe = SafeMarkdown(internal=self.view.labels.say(INTERNAL))
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
            if (file.src_dir == config.docs_dir and not self._is_published(file)) or (
                self._is_material and file.src_uri.startswith("assets/") and not _is_needed(file.src_uri)
            ):
                files.remove(file)
        for path in self.view.records:
            files.append(RecordFile(path, config))
        add_own_pages(files, config)
        level = InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, SHELL, content=self._shell_source(), inclusion=level))
        self.build = Build(self.view, self.cache)
        self.build.render_article = _article_renderer(config, self.build.bodies, self.view.labels.say(INTERNAL))
        labels = self.view.labels
        bad = unreadable(
            self.view,
            self.view.desk.all_found(),
            lambda one: labels.each(lambda language: message_of(rule_of(one.code), one, language)),
        )
        self.desk = Gathering(self.view, self.build.bodies, self.build.clocks, bad)
        return files

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Give the templates our words."""
        labels, settings = self.view.labels, self.view.settings
        css = next((f.src_uri for f in files if re.fullmatch(r"assets/stylesheets/main\..*\.css", f.src_uri)), "")
        values = template_values(labels, settings, css, self._serves)
        values["filter_words"] = filter_words(labels, (facts.status for facts in self.view.records.values()))
        env.globals["servicebook"] = values
        env.filters.update(both=labels.say, slashed=labels.text, plain=lambda text: escape(str(text)))
        return env

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Put the list that a page asks for (`list: services`) below its text."""
        name = str(page.meta.get("list", "home" if page.is_homepage else ""))
        if not name:
            if "template" not in page.meta and page.file.src_uri != SHELL:
                self._searched.append(_document_of(page))
            return html
        if name not in LISTS:
            log.warning(f"{page.file.src_uri}: there is no list `{name}`; there are {', '.join(LISTS)}")
            return html
        if name == "home":
            html = f'<p class="sb-meta sb-judged">{self._as_of()}</p>\n' + html
        return html + LISTS[name](self.desk, page.url)

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Take the shell out; MkDocs does not write an empty page."""
        if page.file.src_uri != SHELL:
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
        build.write_file("assets/servicebook/as-of.js", as_of_script(self._as_of()))
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

    desk_of_audience: Desk | None = None
    """The desk of another audience, which `servicebook site` projects; without it the site is the house's own."""
    progress: Any = None
    """Called with (pages done, pages in all) while they are rendered; `servicebook site` sets it."""

    def _processes(self) -> int:
        """Return how many processes may render: one beside the threads of a preview, which must not be forked."""
        return 1 if self._serves or not hasattr(os, "fork") else min(4, os.cpu_count() or 1)

    def _set_theme(self, config: MkDocsConfig) -> None:
        self._is_material = config.theme.name == "material"
        place = next((n for n, folder in enumerate(config.theme.dirs) if "site-packages" in folder), 0)
        folders = [HERE / "material", HERE / "common"] if self._is_material else [HERE / "common"]
        config.theme.dirs[place:place] = [str(folder) for folder in folders]
        config.theme.static_templates.discard("sitemap.xml")
        if not self._is_material:
            config.extra_css.append("assets/servicebook/site.css")

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

    def _shell_source(self) -> str:
        return "---\ntitle: Record\ntemplate: record.html\n---\n" if self._is_material else "@@CONTENT@@\n"

    def _as_of(self) -> str:
        return as_of_html(self.view.labels, self.now, *self.view.desk.commit)


def _is_needed(path: str) -> bool:
    """Whether a file of Material's is used by our frame: its main stylesheet, and what is ours."""
    return path.startswith("assets/servicebook/") or bool(re.fullmatch(r"assets/stylesheets/main\..*\.css", path))


def _document_of(page: MkDocsPage) -> Document:
    title = str(page.title or page.file.src_uri)
    return Document(
        page.url, page.file.src_uri.removesuffix(".md"), "page", "", "", title, plain_text(page.markdown or "")
    )


def _article_renderer(config: MkDocsConfig, bodies: Bodies, internal: str) -> Any:
    """Return a renderer of articles: the site's own Markdown, links meant from the article's file."""
    current = {"path": ""}
    safe = SafeMarkdown(lambda target: bodies.link(target, current["path"]), internal)
    extensions = [one for one in config.markdown_extensions if not isinstance(one, SafeMarkdown)]
    markdown = Markdown(extensions=[*extensions, safe], extension_configs=config.mdx_configs or {})

    def render(text: str, path: str) -> str:
        current["path"] = path
        html: str = markdown.reset().convert(text)
        return html

    return render
