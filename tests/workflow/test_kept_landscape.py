"""The graph that an index keeps goes with the files: what is edited or committed is seen, and so is a broken text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.conftest import Call, Repo

from servicebook.cli import warm
from servicebook.rules.opening import open_desk
from servicebook.workflow import kept_landscape, landscape

ASSET = "---\nschema: asset/1\nid: {id}\ntitle: {id}\nstatus: active\n{more}---\n"
HANGS = "relations:\n- {type: runs-on, target: host}\n"


def test_what_is_kept_goes_with_the_files(
    make_repo: Callable[..., Repo], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landscape, "_READ_WHOLE_FROM", 1)
    monkeypatch.setattr(kept_landscape, "KEPT_FROM", 0)
    files = {"host": "", "app": HANGS, "spare": "title_zh: 备用机\n"}
    repo = make_repo("desk", {f"kb/assets/{id}.md": ASSET.format(id=id, more=more) for id, more in files.items()})
    monkeypatch.chdir(repo.root)

    def hit() -> list[str]:
        answer = call("impact", "host")
        assert answer.code == 0, answer.err
        return [word for word in ("app", "spare", "备用机") if word in answer.out]

    assert hit() == ["app"]
    assert hit() == ["app"]  # out of what was kept
    spare = repo.root / "kb/assets/spare.md"
    spare.write_text(ASSET.format(id="spare", more=files["spare"] + HANGS), "utf-8")
    assert hit() == ["app", "spare"]  # edited: the graph is mended
    repo.commit("The spare hangs on the host, too")
    assert hit() == ["app", "spare"]
    assert hit() == ["app", "spare"]
    monkeypatch.setenv("SERVICEBOOK_LANG", "zh")
    assert hit() == ["app", "spare", "备用机"]
    (repo.root / "kb/assets/app.md").unlink()
    monkeypatch.delenv("SERVICEBOOK_LANG")
    assert hit() == ["spare"]


def test_a_clone_that_is_kept_warm_has_the_graph_for_its_first_walk(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_landscape, "KEPT_FROM", 0)
    repo = make_repo("desk", {f"kb/assets/{id}.md": ASSET.format(id=id, more=HANGS) for id in ("host", "app")})
    monkeypatch.setattr(warm, "step_aside", lambda: None)  # it would leave the tests' own session
    monkeypatch.chdir(repo.root)
    assert warm.run() == 0
    text, moved = open_desk(str(repo.root)).kept_text(kept_landscape.NAME)
    assert text and not moved
    (repo.root / "kb/assets/app.md").write_text(ASSET.format(id="app", more=""), "utf-8")
    text, moved = open_desk(str(repo.root)).kept_text(kept_landscape.NAME)
    assert text and moved == ["kb/assets/app.md"]
