"""`servicebook watch` tells what is wrong as files are saved, by any editor, and lets nothing of Git's in its way."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import Repo

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.render import Shown
from servicebook.rules.registry import rule_of

from .conftest import INCIDENT, PATH

pytest.importorskip("watchdog")


class Watching:
    """A watch in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        command = [sys.executable, "-m", "servicebook", "watch"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=root, stdout=pipe, stderr=pipe, text=True)
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        streams = (self.process.stdout, self.process.stderr)
        self._readers = [threading.Thread(target=self._read, args=(stream,), daemon=True) for stream in streams]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: Iterator[str]) -> None:
        for line in stream:
            self.lines.put(line.rstrip("\n"))

    def expect(self, *parts: str) -> list[str]:
        """Wait for a line with all of these in it; return what was said up to it."""
        said: list[str] = []
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                said.append(self.lines.get(timeout=0.5))
            except queue.Empty:
                assert self.process.poll() is None, said
                continue
            if all(part in said[-1] for part in parts):
                return said
        raise AssertionError(f"{parts} was not said: {said}")

    def end(self) -> tuple[int, list[str]]:
        """Press Ctrl-C; return the exit code and what was not yet read."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        for reader in self._readers:
            reader.join(60)
        return code, [self.lines.get() for _ in range(self.lines.qsize())]


@pytest.fixture
def watching(desk: Repo) -> Iterator[Callable[[], Watching]]:
    begun: list[Watching] = []

    def begin() -> Watching:
        begun.append(Watching(desk.root))
        begun[-1].expect("watching", "Ctrl-C")
        return begun[-1]

    yield begin
    for one in begun:
        one.process.kill()
        one.process.wait()


def replace(path: Path, text: str) -> None:
    """Save as vim, VS Code and most others do: a new file in place of the old one."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def test_what_is_saved_is_judged_at_once(desk: Repo, watching: Callable[[], Watching]) -> None:
    watch = watching()
    ticket = desk.root / PATH
    good = ticket.read_text("utf-8")
    bad = good.replace("impact: medium", "impact: huge")
    assert bad != good
    ticket.write_text(bad, "utf-8")  # in place, as nano does
    watch.expect(f"{PATH}:", "REC205", "`huge`")
    ticket.write_text("\n".join([bad.replace("title:", "# a line more\ntitle:")]), "utf-8")
    watch.expect(f"{PATH}:", "REC205")  # saved again, and still so
    replace(ticket, good)
    said = watch.expect(f"in order: {PATH}")
    assert any(line.startswith(f"mended: {PATH}: REC205") for line in said)
    moved = ticket.with_name("INC-20260312-9ABC.md")
    ticket.rename(moved)
    watch.expect("INC-20260312-9ABC.md:", INCIDENT)  # file name and id differ now
    moved.rename(ticket)
    watch.expect("mended:", "INC-20260312-9ABC.md")
    (desk.root / "kb/customers/example-customer.md").unlink()
    watch.expect(f"{PATH}:", "REF501")  # what hangs on it is told too
    desk.git("checkout", "-q", "--", "kb")
    watch.expect(f"mended: {PATH}: REF501")
    settings = desk.root / "pyproject.toml"
    whole = settings.read_text("utf-8")
    settings.write_text(whole + "half = [\n", "utf-8")
    watch.expect("pyproject.toml")
    settings.write_text(whole, "utf-8")
    replace(ticket, bad)
    watch.expect(f"{PATH}:", "REC205")
    desk.git("commit", "-q", "--no-verify", "-am", "broken as it is")
    replace(ticket, good)
    watch.expect(f"in order: {PATH}")
    code, rest = watch.end()
    assert code == 130 and not [line for line in rest if "Traceback" in line]


def test_a_commit_after_the_watch_finds_the_verdict(desk: Repo, watching: Callable[[], Watching]) -> None:
    watch = watching()
    ticket = desk.root / PATH
    ticket.write_text(ticket.read_text("utf-8").replace("title: ", "title: Still "), "utf-8")
    watch.expect(f"in order: {PATH}")
    desk.git("add", PATH)
    assert judges_at_commit(desk.root) == []


def judges_at_commit(root: Path) -> list[str]:
    """Return what the hook imports that only a file without a verdict needs."""
    hook = Path(sys.modules["servicebook"].__file__ or "").parent / "cli" / "start_hook.py"
    words = [sys.executable, "-I", "-S", "-X", "importtime", str(hook), "pre-commit"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")}
    assert "servicebook.rules.check" in loaded
    return [name for name in loaded if name.startswith(("pydantic", "yaml", "servicebook.loader"))]


def test_a_switch_of_branch_and_folders_taken_away_are_survived(desk: Repo, watching: Callable[[], Watching]) -> None:
    many = (desk.root / PATH).read_text("utf-8")
    ids = [f"INC-20260312-{a}{b}{c}0" for a in "ABC" for b in "ABCDEFGHJK" for c in "ABCDEFGHJK"]
    desk.git("checkout", "-q", "-b", "side")
    desk.commit(
        "many", {PATH.replace(INCIDENT, id): many.replace(INCIDENT, id).replace("impact: m", "impact: x") for id in ids}
    )
    desk.git("checkout", "-q", "main")
    watch = watching()
    desk.git("checkout", "-q", "side")
    watch.expect("more: servicebook check")
    assert watch.lines.qsize() < 50
    desk.git("checkout", "-q", "main")
    watch.expect("more: servicebook check")
    (desk.root / "tickets").rename(desk.root / "away")
    watch.expect(f"{PATH}:", "WFL459")
    (desk.root / "away").rename(desk.root / "tickets")
    watch.expect(f"mended: {PATH}: WFL459")
    (desk.root / PATH).write_text(many.replace("impact: m", "impact: x"), "utf-8")
    watch.expect(f"{PATH}:", "REC205")
    code, rest = watch.end()
    assert code == 130 and not [line for line in rest if "Traceback" in line]


def test_without_the_package_that_watches_it_is_named(desk: Repo) -> None:
    program = (
        "import sys; sys.modules['watchdog'] = None\n"
        "from servicebook.cli.main import main; sys.exit(main(['watch']))"
    )  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], cwd=desk.root, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "servicebook: watchdog is not installed",
        "hint: pip install 'servicebook[watch]'",
    ]


def test_lines_that_move_are_no_news() -> None:
    from servicebook.watch import Standing

    rule = rule_of("REC205")
    params = (("field", "impact"), ("value", "huge"))

    def at(path: str, line: int) -> Shown:
        return Shown(Diagnostic(path, "REC205", Span(line, 1, line, 2), params), rule, "error", Span(line, 1, line, 2))

    standing = Standing()
    assert [item.span.line for item in standing.look([at("a.md", 3)], ()).told] == [3]
    assert standing.look([at("a.md", 4)], ()) == ([], [], [])
    news = standing.look([at("a.md", 4), at("b.md", 1)], ["c.md"])
    assert [item.finding.path for item in news.told] == ["b.md"] and news.in_order == ["c.md"]
    assert [item.finding.path for item in standing.look([at("a.md", 4)], ["a.md"]).told] == ["a.md"], "saved"
    assert [item.finding.path for item in standing.look([], ()).mended] == ["a.md"]


def test_a_machine_that_watches_no_more_says_how_it_can(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    from servicebook.errors import ServicebookError
    from servicebook.watch import Observer, Watch

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "schedule", full)  # the limit is the machine's, not ours to use up
    with (
        pytest.raises(ServicebookError, match="inotify watch limit reached"),
        Watch(str(desk.root), f"{desk.root}/.git"),
    ):
        pass


def test_outside_a_desk_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "servicebook", "watch"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    assert done.returncode == 2 and "not in a Git repository" in done.stderr
