"""A small desk of the worked examples, and its built site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown
from tests.publish.side_by_side import article_renderer, record_renderer
from tests.worked_examples import placed_examples

from servicebook.publish.bodies import Bodies
from servicebook.publish.gathering import Gathering
from servicebook.publish.site import Built, build_site

MKDOCS = """\
site_name: Test desk
docs_dir: kb
theme: servicebook
plugins: [servicebook]
markdown_extensions:
- admonition
- attr_list
- tables: {use_align_attribute: true}
- pymdownx.superfences
- pymdownx.tasklist
"""
SETTINGS = """\
[tool.servicebook]
name = "Test desk"
name_zh = "测试服务台"
timezone = "Asia/Shanghai"
languages = ["en", "zh"]
as_of = "2026-04-20T09:00:00+08:00"
"""


def example_files() -> dict[str, str | bytes]:
    """Return the worked examples at the places where a desk has them."""
    return {"mkdocs.yml": MKDOCS, "pyproject.toml": SETTINGS, "kb/index.md": "# Test desk\n", **placed_examples()}


def gathering_of(view: Any) -> Gathering:
    """Return what lists are made from that read records alone: no texts, clocks, evidence or outcomes."""
    nothing: Any = None
    return Gathering(view, nothing, {}, [], {}, nothing)


@pytest.fixture
def desk(make_repo: Callable[..., Any]) -> Any:
    """Return a repository with the worked examples, committed."""
    return make_repo("desk", example_files())


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[Path, Built]]:
    """Return a function that builds the site of a repository and returns its folder and what was built."""

    def run(repo: Any, **options: str) -> tuple[Path, Built]:
        folder = tmp_path / "site"
        built = build_site(str(repo.root), str(folder), **options)
        return folder, built

    return run


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    return record_renderer()


@pytest.fixture(scope="module")
def articles() -> Markdown:
    return article_renderer()
