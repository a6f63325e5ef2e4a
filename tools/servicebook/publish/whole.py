"""A whole build through MkDocs: of the house's desk, of a revision, or of what another audience may read."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicebook.audience.desk import WholeDesk
from servicebook.errors import ServicebookError
from servicebook.publish.build import Progress
from servicebook.publish.built import Built
from servicebook.publish.labels import Labels
from servicebook.publish.misplaced import CONFIG, no_config, not_written
from servicebook.publish.opening import judged_at, plain_pages
from servicebook.publish.place import taken_for_site
from servicebook.publish.view import View
from servicebook.records.audiences import INTERNAL
from servicebook.rules.opening import open_desk
from servicebook.store.moves import WORK_TREE
from servicebook.store.repository import Repository

if TYPE_CHECKING:
    from servicebook.audience.projected import ProjectedDesk


def build_whole(
    repository: Repository, output: str, at: str, rev: str, progress: Progress | None, audience: str, start: str
) -> Built:
    """Build a site with MkDocs; see `build_site`."""
    if not rev and not (Path(repository.root) / CONFIG).is_file():
        raise no_config(repository.root, start)
    site = output or str(Path(repository.root) / "site")
    if rev and not at:
        given = ("show", "--no-patch", "--format=%cI", "--end-of-options", rev + "^{commit}")
        at = repository.git(*given).decode().strip()
    if audience != INTERNAL:
        from servicebook.publish.outer import docs_on_disk

        desk, config = _projected(repository, audience, at, rev)
        with docs_on_disk(desk) as folder:
            config |= {"docs_dir": str(folder / "kb"), "site_dir": str(Path(site).resolve())}
            (folder / CONFIG).touch()
            return _build(repository, folder / CONFIG, config, at, desk.tree, progress, desk)
    if not rev:
        config = {"site_dir": str(Path(output).resolve())} if output else {}
        return _build(repository, Path(repository.root) / CONFIG, config, at, WORK_TREE, progress)
    with _tree_on_disk(repository, rev) as file:
        return _build(repository, file, {"site_dir": str(Path(site).resolve())}, at, rev, progress)


def _projected(repository: Repository, audience: str, at: str, rev: str) -> tuple[ProjectedDesk, dict[str, Any]]:
    """Return the desk that an outer audience may read, and the configuration of its site."""
    # The house's own site need not load the models by which records are cut down.
    from servicebook.audience.projected import project
    from servicebook.publish.outer import outer_config
    from servicebook.publish.unsaid import read_again

    raw = open_desk(repository.root, tree=rev or WORK_TREE)
    try:
        read = raw.read if rev else raw.read_in_work_tree
        config = read(CONFIG).decode("utf-8", "replace")
        desk, unsaid = read_again(project(raw, audience, judged_at(raw.settings, at)), raw.all())
    except FileNotFoundError as error:
        raise ServicebookError(
            "there is no {file} in this desk", "servicebook init DIR shows one", file=CONFIG
        ) from error
    finally:
        raw.close()
    return desk, outer_config(config, desk, unsaid.unprojected)


def _build(
    repository: Repository,
    config_file: Path,
    given: dict[str, Any],
    at: str,
    tree: str,
    progress: Progress | None,
    desk: ProjectedDesk | None = None,
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
        config = load_config(str(config_file), **given)
        plugin = config.plugins.get("servicebook")
        if plugin is None:
            raise ServicebookError("mkdocs.yml does not use our plugin", "add `- servicebook` below `plugins:`")
        plugin.config["tree"], plugin.config["at"], plugin.config["desk"] = tree, at, repository.root
        plugin.progress, plugin.is_alone = progress, False
        plugin.asked = None if desk or tree != WORK_TREE else given.get("site_dir", "")
        plugin.desk_of_audience = desk
        try:
            with taken_for_site(Path(config.site_dir), repository.git_dir):
                build(config)
        finally:
            plugin.is_alone = True  # MkDocs keeps one instance for all builds of a process
    except (Abort, ConfigurationError, MkDocsException) as error:
        raise ServicebookError("the site was not built: {error}", "servicebook check", error=str(error)) from error
    except OSError as error:
        raise not_written(error) from error
    refused = tuple(desk.refused) if desk else ()
    return Built(config.site_dir, len(plugin.view.records), plugin.rendered, plugin.unreadable, refused)


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
