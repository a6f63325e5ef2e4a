"""Time from saving a ticket to the moment a Chromium shows it, with `servicebook site --watch`: `live.py`.

On a generated desk of `--records` tickets, in a memory-backed folder. `shown` is when the ticket's open page has the
new words; `complete` when the build of everything else was told. Beside each save, the yardsticks of the same minute:
`servicebook site` after another save of the same ticket, and `python -c pass`. Processor seconds are those of the
watch and of what it starts, till then; a machine that others use makes the wall time longer, not these.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))
from generator import write_desk
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from tests.browser.conftest import CHROMIUM, DRIVER, FLAGS

from bench import SERVICEBOOK, run

MEMORY = Path("/dev/shm")
HAS = "return document.body !== null && document.body.innerText.includes(arguments[0])"
LIMIT = 1.0
PATIENCE = 60.0


def main() -> int:
    """Print the table; 1 when the page took longer than it may, on a machine that does nothing else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--in", dest="folder", type=Path, help="the desk's folder, made where there is none")
    parser.add_argument("--servicebook", default=SERVICEBOOK, help="the program, such as that of another version")
    wish = parser.parse_args()
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="servicebook-live-", dir=memory) as folder:
        root = wish.folder or Path(folder) / "desk"
        if not root.exists():
            write_desk(root, wish.records)
        return int(_measure(root, wish.servicebook, wish.times, Path(folder) / "chromium"))


class Watch:
    """`servicebook site --watch` of a desk, and what it has told."""

    def __init__(self, root: Path, program: str) -> None:
        words = [program, "site", "--watch", "--port", "0"]
        self._process = subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        found = re.match(r"(http://\S+/) ", self._process.stdout.readline())
        assert found, "the watch has ended"
        self.address = found[1]
        self.told: list[float] = []
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for _ in self._process.stdout:
            self.told.append(time.perf_counter())

    def processor_seconds(self) -> float:
        """Return what it and its ended children have taken till now."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        """Stop it as a person does."""
        self._process.send_signal(2)
        self._process.wait(PATIENCE)


def _measure(root: Path, program: str, times: int, profile: Path) -> bool:
    run(program, "check", cwd=root, code=None)
    ticket = next(path for path in sorted((root / "tickets").rglob("*.md")) if "\nimpact: " in path.read_text())
    before = ticket.read_text("utf-8")
    watch = Watch(root, program)
    browser = _chromium(profile)
    took: dict[str, list[tuple[float, float]]] = {"shown": [], "complete": []}
    again: list[float] = []
    python: list[float] = []
    try:
        browser.get(watch.address + ticket.relative_to(root).with_suffix(".html").as_posix())
        for number in range(times + 1):
            mark, told, spent = f"Mark {number} of this save.", len(watch.told), watch.processor_seconds()
            ticket.write_text(f"{before}\n{mark}\n", "utf-8")
            begin = time.perf_counter()
            _await(lambda mark=mark: browser.execute_script(HAS, mark))
            took["shown"].append((time.perf_counter() - begin, watch.processor_seconds() - spent))
            _await(lambda told=told: len(watch.told) > told)
            took["complete"].append((watch.told[-1] - begin, watch.processor_seconds() - spent))
            python.append(run(sys.executable, "-c", "pass", cwd=root))
            time.sleep(0.5)
    finally:
        browser.quit()
        watch.end()
    for number in range(times):
        ticket.write_text(f"{before}\nOne note more, {number}.\n", "utf-8")
        again.append(run(program, "site", cwd=root))
    ticket.write_text(before, "utf-8")
    site, start = statistics.median(again), statistics.median(python[1:])
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{sum(1 for _ in root.rglob('*.md'))} records; load {load}; python -c pass {start * 1000:.0f} ms")
    print(f"  servicebook site, one changed {site:6.2f} s")
    for what, figures in took.items():
        wall = statistics.median(one for one, _ in figures[1:])
        spent = statistics.median(one for _, one in figures[1:])
        ratios = f"{wall / site:5.2f} x site, {wall / start:6.1f} x pass"
        print(f"  {what:10} {wall:6.2f} s, {ratios}; processor {spent:.2f} s")
    return statistics.median(one for one, _ in took["shown"][1:]) > LIMIT


def _await(happened: Any) -> None:
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        try:
            if happened():
                return
        except WebDriverException:  # the page is just being loaded again
            pass
        time.sleep(0.01)
    raise SystemExit("the page did not show what was saved")


def _chromium(profile: Path) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.page_load_strategy = "eager"
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(DRIVER))


if __name__ == "__main__":
    raise SystemExit(main())
