"""One whole build of the site, as `servicebook site` asks for it: of the work tree or of any revision."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from servicebook.audience.desk import WholeDesk
from servicebook.errors import ServicebookError
from servicebook.publish.build import Progress
from servicebook.publish.labels import Labels
from servicebook.publish.opening import judged_at, plain_pages
from servicebook.publish.view import View
from servicebook.rules.opening import open_desk
from servicebook.store.repository import Repository, find_repository

CONFIG = "mkdocs.yml"


class Built(NamedTuple):
    """What a build made: where, how many records, how many of their pages were rendered anew."""

    folder: str
    records: int
    rendered: int
    unreadable: int


def build_site(start: str, output: str = "", at: str = "", rev: str = "", progress: Progress | None = None) -> Built:
    """Build the site of the desk around `start`; `at` is an instant with offset, `rev` a revision or "".

    Raises ServicebookError for what stands in the way: no desk, no mkdocs.yml, a page that MkDocs refuses.
    """
    repository = find_repository(start)
    if not rev:
        return _build(repository, Path(repository.root) / CONFIG, output, at, "worktree", progress)
    with _tree_on_disk(repository, rev) as config:
        if not at:
            given = ("show", "--no-patch", "--format=%cI", "--end-of-options", rev + "^{commit}")
            at = repository.git(*given).decode().strip()
        return _build(repository, config, output or str(Path(repository.root) / "site"), at, rev, progress)


def _build(
    repository: Repository, config_file: Path, output: str, at: str, tree: str, progress: Progress | None
) -> Built:
    # Material prints a notice about its own future on every start; the portal brings its own theme.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError, MkDocsException

    if not config_file.is_file():
        raise ServicebookError("there is no {file} in this desk", "servicebook init DIR shows one", file=CONFIG)
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    try:
        config = load_config(str(config_file), **({"site_dir": str(Path(output).resolve())} if output else {}))
        plugin = config.plugins.get("servicebook")
        if plugin is None:
            raise ServicebookError("mkdocs.yml does not use our plugin", "add `- servicebook` below `plugins:`")
        plugin.config["tree"], plugin.config["at"], plugin.config["desk"] = tree, at, repository.root
        plugin.progress = progress
        build(config)
    except (Abort, ConfigurationError, MkDocsException) as error:
        raise ServicebookError("the site was not built: {error}", "servicebook check", error=str(error)) from error
    except OSError as error:
        raise ServicebookError(
            "the site was not built: {error}",
            "make room on the disk or get the right to write there, then run it again",
            error=error,
        ) from error
    return Built(config.site_dir, len(plugin.view.records), plugin.rendered, len(plugin.desk.unreadable))


@contextmanager
def _tree_on_disk(repository: Repository, rev: str) -> Iterator[Path]:
    """Lay the ordinary pages and the configuration of a revision out in a folder that goes away afterwards."""
    desk = open_desk(repository.root, tree=rev)
    view = View(WholeDesk(desk), judged_at(desk.settings), Labels(desk.settings.languages))
    with tempfile.TemporaryDirectory(prefix="servicebook-site-") as folder:
        (Path(folder) / "kb").mkdir()
        for path in [*plain_pages(view), *([CONFIG] if desk.has_path(CONFIG) else [])]:
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(desk.read(path))
        desk.close()
        yield Path(folder) / CONFIG
