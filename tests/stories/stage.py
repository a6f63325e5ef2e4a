"""The desk on which a story is played: from an empty folder, by the commands that a person would type."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from tests.stories.story import OFFSET, Step

from servicebook.cli.main import main
from servicebook.records.ids import random_part
from servicebook.records.kinds import KINDS, path_of

ROOT = Path(__file__).parents[2]
TEXTS = "texts"
STARTED_AT = f"2025-11-01T09:00:00{OFFSET}"
BY_VERBS = ("kb/known-errors",)
"""Folders of the sample's master data of which every record comes from a story."""
YEARS_OWN = {"parts": "movements", "boards": "quorum|emergency_rules", "articles": "source_tickets"}
"""Fields of master data that the year brings: goods move, articles learn from tickets; boards vote from December on."""


class Said(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Stage:
    """A desk in a folder, and how commands are typed there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def set_up(self) -> None:
        """Begin with `servicebook init` in an empty folder; the sample's master data stand in for the examples."""
        os.environ["SERVICEBOOK_NOW"] = STARTED_AT
        said = self.call("init", ".", "--name", "Harbour", "--timezone", "Asia/Shanghai", "--person", "wang.fang")
        assert said.code == 0, said.err
        for folder in ("kb", "tickets"):
            shutil.rmtree(self.root / folder)
        shutil.copytree(ROOT / "kb", self.root / "kb", ignore=self._left_out)
        for name in ("pyproject.toml", ".gitattributes"):
            shutil.copy(ROOT / name, self.root / name)
        for folder, fields in YEARS_OWN.items():
            for path in (self.root / "kb" / folder).glob("*.md"):
                text = path.read_text("utf-8")
                path.write_text(re.sub(rf"^({fields}):.*\n(- .*\n)*", "", text, flags=re.MULTILINE), "utf-8")
        texts = self.root / TEXTS
        texts.mkdir()
        for path in (*ROOT.glob("tickets/**/*.md"), *ROOT.glob("kb/known-errors/*.md")):
            (texts / path.name).write_text(path.read_text("utf-8").split("\n---\n", 1)[1], "utf-8")
        (self.root / ".git" / "info" / "exclude").write_text(f"{TEXTS}/\n", "utf-8")
        self.commit("Master data")

    def commit(self, message: str) -> None:
        """Commit everything as it is; what the hooks would say is asked of `check`."""
        self.git("add", "-A")
        self.git("commit", "--quiet", "--no-verify", "-m", message)

    @staticmethod
    def _left_out(folder: str, names: list[str]) -> list[str]:
        path = Path(folder).relative_to(ROOT).as_posix()
        return [one for one in names if f"{path}/{one}" in (*BY_VERBS, "kb/guide", "kb/rules", "kb/reference")]

    def git(self, *words: str) -> str:
        """Run git on the desk and return what it printed."""
        return subprocess.run(["git", *words], cwd=self.root, capture_output=True, text=True, check=True).stdout

    def call(self, *words: str) -> Said:
        """Call the command line in this process, in the folder of the desk."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(words))
        return Said(code, out.getvalue(), err.getvalue())

    def play(self, step: Step) -> Said:
        """Type the command of a step, at its time, by its person; chance gives what it makes the sample's ids."""
        os.environ["SERVICEBOOK_NOW"] = step.at.isoformat()
        for role in ("AUTHOR", "COMMITTER"):
            os.environ[f"GIT_{role}_EMAIL"] = f"{step.by}@harbour-systems.example.org"
        drawn = iter(name[-4:] for name in step.names)
        with patch("servicebook.store.write.random_part", lambda: next(drawn, None) or random_part()):
            said = self.call(*step.words)
        if said.code == 0:
            lost = [name for name in step.names if not self.path_of(name)]
            assert not lost, f"{step.where}: there is no {lost} after: {said.out}"
        return said

    def path_of(self, id: str) -> Path | None:
        """Return the file of a record here; None where there is none."""
        kind = next(kind for kind in KINDS if kind.prefix == id[:3].rstrip("-"))
        path = self.root / path_of(kind, id)
        return path if path.is_file() else None
