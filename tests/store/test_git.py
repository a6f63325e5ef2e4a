"""Git's answers do not depend on what people have set for their own eyes."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Repo

from servicebook.store.git import run_git


def test_names_are_read_whatever_a_log_shows_people(
    make_repo: Callable[..., Repo],
) -> None:
    repo = make_repo()
    repo.git("commit", "-q", "--allow-empty", "-m", "故障", GIT_AUTHOR_NAME="王芳")
    for name, value in (("i18n.logOutputEncoding", "GBK"), ("log.showSignature", "true"), ("color.ui", "always")):
        repo.git("config", name, value)
    assert run_git(["log", "-1", "--format=%an: %s"], str(repo.root)).decode() == "王芳: 故障\n"
