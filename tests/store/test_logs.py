"""What a process that wrote much leaves for the next one: the databases, and no long log to read through first."""

from __future__ import annotations

from pathlib import Path

import pytest

from servicebook.store.databases import let_go_of_large_logs
from servicebook.store.index import Index


@pytest.fixture
def paths(tmp_path: Path) -> tuple[str, str]:
    return str(tmp_path / "anchor.sqlite"), str(tmp_path / "verdicts.sqlite")


def bytes_of_logs(paths: tuple[str, str]) -> int:
    return sum(log.stat().st_size for path in paths if (log := Path(f"{path}-wal")).exists())


def test_much_that_was_written_is_not_left_in_the_logs(paths: tuple[str, str]) -> None:
    index = Index(*paths)
    index.note({"way": "x" * 3_000_000})
    index.begin_reading()
    assert bytes_of_logs(paths) > 3_000_000
    let_go_of_large_logs()
    assert bytes_of_logs(paths) == 0
    assert Index(*paths).meta("way") == "x" * 3_000_000


def test_little_stays_there_for_the_sake_of_the_time_that_closing_takes(paths: tuple[str, str]) -> None:
    index = Index(*paths)
    before = bytes_of_logs(paths)
    index.note({"way": "x" * 300})
    let_go_of_large_logs()
    assert bytes_of_logs(paths) >= before > 0
    assert index.meta("way") == "x" * 300


def test_another_process_that_reads_goes_on_reading(paths: tuple[str, str]) -> None:
    other = Index(*paths)
    other.note({"way": "old"})
    other.begin_reading()
    index = Index(*paths)
    index.note({"way": "x" * 3_000_000})
    index.close()
    assert other.meta("way") == "old"
    other.end_reading()
    assert other.meta("way") == "x" * 3_000_000
