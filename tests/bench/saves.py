"""Time from saving a ticket to its verdict, as `servicebook watch` says it, and the commit after: `saves.py`.

On a generated desk of `--records` tickets. A save that breaks the ticket and one that mends it are told apart by the
line they are answered with. The hook of the commit after must find the verdict: what it imports says so.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generator import write_desk

SERVICEBOOK = (sys.executable, "-m", "servicebook")


def main() -> int:
    """Print what was measured; 1 when a commit had to judge the file again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=21)
    parser.add_argument("--in", dest="folder", type=Path, help="the desk's folder, made where there is none")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="servicebook-saves-") as folder:
        root = wish.folder or Path(folder) / "desk"
        if not root.exists():
            write_desk(root, wish.records)
        subprocess.run([*SERVICEBOOK, "check"], cwd=root, capture_output=True, check=False)
        return _measure(root, wish.times)


def _measure(root: Path, times: int) -> int:
    ticket = next(path for path in sorted((root / "tickets/incidents").rglob("*.md")) if "\nimpact: " in _text(path))
    good = _text(ticket)
    bad = good.replace("\nimpact: ", "\nimpact: x", 1)
    watch = subprocess.Popen(
        [*SERVICEBOOK, "watch"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert watch.stdout
    assert watch.stderr
    try:
        begin = time.perf_counter()
        while "watching" not in (line := watch.stderr.readline()):
            assert line, "the watch has ended"
        print(f"watching after {time.perf_counter() - begin:.2f} s")
        took: dict[str, list[float]] = {"broken": [], "mended": []}
        name = ticket.relative_to(root).as_posix()
        for number in range(times):
            saves = (
                ("broken", f"{bad}\n{number}\n", f"{name}:"),
                ("mended", f"{good}\n{number}\n", f"in order: {name}"),
            )
            for what, text, answer in saves:
                begin = time.perf_counter()
                ticket.write_text(text, "utf-8")
                while not watch.stdout.readline().startswith(answer):
                    pass
                took[what].append(time.perf_counter() - begin)
                time.sleep(0.2)
    finally:
        watch.kill()
        watch.wait()
    for what, seconds in took.items():
        print(f"{what}: {statistics.median(seconds) * 1000:.0f} ms in the median, {max(seconds) * 1000:.0f} ms at most")
    judged = _judged_at_commit(root, name)
    subprocess.run(["git", "reset", "-q"], cwd=root, check=True)
    ticket.write_text(good, "utf-8")
    print("the commit judges the file again" if judged else "the commit finds the verdict")
    return int(bool(judged))


def _judged_at_commit(root: Path, name: str) -> list[str]:
    """Return the modules that the hook imports and that only judging needs."""
    import servicebook

    subprocess.run(["git", "add", name], cwd=root, check=True)
    hook = Path(servicebook.__path__[0]) / "cli" / "start_hook.py"
    words = [sys.executable, "-I", "-S", "-X", "importtime", str(hook), "pre-commit"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True)
    loaded = (line.rpartition("|")[2].strip() for line in done.stderr.splitlines())
    return [module for module in loaded if module.startswith(("pydantic", "yaml", "servicebook.loader"))]


def _text(path: Path) -> str:
    return path.read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main())
