"""Tables fit, count Chinese as two columns, and let no record steer the terminal."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from servicebook.cli import terminal
from servicebook.cli.terminal import (
    _UNKNOWN,
    Cell,
    Column,
    Progress,
    _width_of,
    colour,
    cut,
    pad,
    render_table,
    text_width,
)

TEXTS = st.text(alphabet="ab 直播黑屏é…-9", max_size=30)


def test_han_counts_two_columns() -> None:
    assert text_width("直播 3") == 6


@given(TEXTS, st.integers(0, 40))
def test_cut_never_passes_the_width(text: str, width: int) -> None:
    assert text_width(cut(text, width)) <= max(width, 0) or text_width(text) <= width


@given(TEXTS, st.integers(0, 40))
def test_pad_reaches_the_width(text: str, width: int) -> None:
    assert text_width(pad(text, width)) == max(width, text_width(text))


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=6), st.integers(30, 90))
def test_table_fits_and_columns_line_up(rows: list[tuple[str, str, str]], width: int) -> None:
    columns = [Column("id", least=4), Column("标题", least=6), Column("n", right=True, least=2)]
    lines = render_table(columns, rows, width).split("\n")
    assert len(lines) == len(rows) + 1
    assert all(wcswidth(line) <= width for line in lines)


def test_long_column_gives_way_and_the_id_stays_whole() -> None:
    columns = [Column("id"), Column("title", least=6)]
    table = render_table(columns, [["INC-20260312-7F3K", "直播频道 3 黑屏，转码进程死锁"]], 30)
    assert table.split("\n")[1] == "INC-20260312-7F3K  直播频道 3…"


def test_control_characters_are_shown_not_obeyed() -> None:
    assert "\x1b" not in render_table([Column("t")], [["\x1b]0;owned\x07"]], 40)


def test_no_colour_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert colour("late", "red") == "late"
    monkeypatch.delenv("NO_COLOR")
    assert colour("late", "red") == "\033[31mlate\033[0m"
    assert wcswidth(render_table([Column("a"), Column("b")], [[Cell("x", "red"), "y"]], 40).split("\n")[0]) != 0


def test_width_without_a_terminal_is_unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert terminal.terminal_width(io.StringIO()) == terminal.PIPE_WIDTH
    monkeypatch.setenv("COLUMNS", "72")
    assert terminal.terminal_width() == 72


def test_a_terminal_that_does_not_know_its_size_is_80_columns_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    master, slave = pty.openpty()
    try:
        with os.fdopen(slave, "w") as stream:
            fcntl.ioctl(stream, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
            assert terminal.terminal_width(stream) == 80
    finally:
        os.close(master)


def test_progress_is_silent_in_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    with Progress("reading", 3) as progress:
        for _ in range(3):
            progress.step()
    assert capfd.readouterr() == ("", "")


def test_widths_told_without_the_library_are_those_that_it_tells() -> None:
    known = [chr(number) for number in range(0x20, 0x10000) if _width_of(chr(number)) < _UNKNOWN]
    assert len(known) > 25_000
    assert [sign for sign in known if text_width(sign) != wcswidth(sign)] == []
    assert text_width("直播 3 黑屏……“是”") == wcswidth("直播 3 黑屏……“是”")
