"""What it takes to let the index describe another tree, as after a switch of branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from servicebook.store.index import Index
from servicebook.store.repository import Entry
from servicebook.store.verdicts import Verdict

ENGINE = "engine"


def tree_of(count: int, version: str) -> dict[tuple[str, str], Verdict]:
    """Return the verdicts on so many tickets, each of which names ten records."""
    paths = [f"tickets/incidents/2026/11/INC-20261120-{number:04}.md" for number in range(count)]
    targets = "\n".join(f"service-{number}" for number in range(10))
    return {
        (path, f"{version}{number}"): Verdict(
            "incident", path[-20:-3], "", "new", "{}", "", "", f"was-{number}", targets, ""
        )
        for number, path in enumerate(paths)
    }


def steps_of_a_switch(folder: Path, count: int) -> int:
    """Return the steps that SQLite takes, in hundreds, when all of so many files are others."""
    index = Index(str(folder / f"anchor-{count}"), str(folder / f"verdicts-{count}"))
    trees = {version: tree_of(count, version) for version in ("old", "new")}
    for verdicts in trees.values():
        index.add_verdicts(ENGINE, verdicts)
    files = {version: [Entry(path, "100644", blob) for path, blob in tree] for version, tree in trees.items()}
    index.lay_out("old", ENGINE, files["old"])
    steps = 0

    def count_steps() -> int:
        nonlocal steps
        steps += 1
        return 0

    index.db.set_progress_handler(count_steps, 100)
    index.move("old", "new", ENGINE, [entry.path for entry in files["new"]], files["new"])
    index.db.set_progress_handler(None, 0)
    assert index.anchor(ENGINE) == "new" and index.blob_at(files["new"][-1].path) == f"new{count - 1}"
    (rows,) = index.db.execute("SELECT count(*) FROM main.target").fetchone()
    assert rows == 10 * count
    return steps


def test_a_switch_takes_time_by_the_files_that_it_changes(tmp_path: Path) -> None:
    few, many = steps_of_a_switch(tmp_path, 100), steps_of_a_switch(tmp_path, 400)
    assert many < 6 * few


@pytest.mark.parametrize("changed", [1, 60])
def test_names_of_files_that_went_are_forgotten_and_others_are_not(tmp_path: Path, changed: int) -> None:
    index = Index(str(tmp_path / "anchor"), str(tmp_path / "verdicts"))
    verdicts = tree_of(100, "old")
    index.add_verdicts(ENGINE, verdicts)
    index.lay_out("old", ENGINE, [Entry(path, "100644", blob) for path, blob in verdicts])
    gone = [path for path, _ in verdicts][:changed]
    index.move("old", "new", ENGINE, gone, [])
    for table, each in (("file", 1), ("alias", 1), ("target", 10)):
        (rows,) = index.db.execute(f"SELECT count(*) FROM main.{table}").fetchone()
        assert rows == each * (100 - changed), table
