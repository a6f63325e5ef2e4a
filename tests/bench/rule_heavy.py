"""Time check and hook on a desk of all kinds: `rule_heavy.py [--times 56]`, the sample desk that many times over.

The other benchmarks multiply tickets; here each copy brings its own assets, parts, known errors, articles, inspection
plans and tickets of every kind, with all that ties them, so that every family of rules has work. People, teams,
services, customers, contracts and agreements are shared, as in life. Figures are processor time of whole processes,
the quickest of three, as ratios to yardsticks of the same run.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SERVICEBOOK = str(Path(sys.executable).parent / "servicebook")
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
OWN = ("assets", "parts", "articles", "inspection-plans")
"""Folders of kb/ of which each copy has records of its own."""
ID = re.compile(r"\b(INC|REQ|PRB|CHG|REL|VIS|INS|SUR|MTG|ACC|IMP|KE)-(\d{8})-([0-9A-Z]{4})\b")
SERIAL = re.compile(r"\b((?:serial|serial_number|old_serial|new_serial): [\w-]+)")
LIMITS = {"check, nothing changed": 20, "check, one changed": 20}
"""Figure to the most of its yardstick, a start of Python. The cold check has none here: it shares its work out among
processes, whose processor times add up, and the plain parse is one; bench.py holds the two against each other by the
clock on the wall.
"""


def write_copies(root: Path, times: int) -> int:
    """Write the sample desk `times` over, commit it, and return how many records it has."""
    shutil.copytree(ROOT / "kb", root / "kb", ignore=shutil.ignore_patterns("guide", "rules", "reference"))
    shutil.copytree(ROOT / "tickets", root / "tickets")
    for name in ("pyproject.toml", ".gitattributes"):
        shutil.copy(ROOT / name, root / name)
    paths = [path for folder in OWN for path in (root / "kb" / folder).glob("*.md")]
    slugs = re.compile(
        r"(?<![\w-])(" + "|".join(sorted((path.stem for path in paths), key=len, reverse=True)) + r")(?![\w-])"
    )
    with_ids = [*(root / "tickets").rglob("*.md"), *(root / "kb" / "known-errors").glob("*.md")]
    texts = {path: path.read_text("utf-8") for path in [*paths, *with_ids]}
    for number in range(1, times):

        def renamed(text: str, number: int = number) -> str:
            text = SERIAL.sub(rf"\1-n{number}", slugs.sub(rf"\1-n{number}", text))
            return ID.sub(lambda found: _numbered(found, number), text)

        for path, text in texts.items():
            path.with_name(renamed(path.stem) + ".md").write_text(renamed(text), "utf-8")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--no-verify", "-m", "desk"]):
        git(root, *words)
    return sum(1 for folder in ("kb", "tickets") for _ in (root / folder).rglob("*-*.md"))


def _numbered(found: re.Match[str], number: int) -> str:
    digest = hashlib.sha256(f"{found[0]}{number}".encode()).digest()
    return f"{found[1]}-{found[2]}-" + "".join(LETTERS[byte % 32] for byte in digest[:4])


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words], cwd=root, check=True)


def seconds(root: Path, *words: str) -> float:
    """Return the processor seconds that a command and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "CI": "true"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(words, cwd=root, capture_output=True, env=environment, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{words}: exit {done.returncode}\n{done.stderr.decode()[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def quickest(measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(3))


def cold(root: Path) -> float:
    shutil.rmtree(root / ".git" / "servicebook", ignore_errors=True)
    return seconds(root, SERVICEBOOK, "check")


def one_changed(root: Path, ticket: Path, *words: str) -> float:
    """Return what a command takes after a line was added to a ticket's text."""
    with ticket.open("a", encoding="utf-8") as text:
        text.write("- looked again\n")
    if words[0] == "git":
        git(root, "add", str(ticket))
    return seconds(root, *words)


def main() -> int:
    """Print a line for each figure; 1 when one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=56)
    given = parser.parse_args()
    over = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        print(f"{write_copies(root, given.times)} records: the sample desk {given.times} times")
        start = quickest(lambda: seconds(root, sys.executable, "-c", "pass"))
        parse = quickest(lambda: seconds(root, sys.executable, str(HERE / "plain_parse.py"), str(root)))
        ticket = next((root / "tickets" / "incidents").rglob("*.md"))
        first = cold(root)  # compiles what is not compiled yet
        rows = [
            ("check, cold", min(first, cold(root)), "plain parse", parse),
            ("check, nothing changed", quickest(lambda: seconds(root, SERVICEBOOK, "check")), "pass", start),
            ("check, one changed", quickest(lambda: one_changed(root, ticket, SERVICEBOOK, "check")), "pass", start),
        ]
        bare = quickest(lambda: one_changed(root, ticket, "git", "commit", "-q", "-m", "x", "--no-verify"))
        seconds(root, SERVICEBOOK, "install")
        seconds(root, SERVICEBOOK, "check")
        hooked = quickest(lambda: one_changed(root, ticket, "git", "commit", "-q", "-m", "x"))
        rows.append(("hook adds, one changed", max(hooked - bare, 0.0), "pass", start))
        for what, took, yardstick, base in rows:
            limit = LIMITS.get(what)
            over += limit is not None and took / base > limit
            verdict = "" if limit is None else f"<= {limit} {'ok' if took / base <= limit else 'OVER'}"
            print(f"{what:24} {took * 1000:9.1f} ms  {took / base:7.2f} x {yardstick:12} {verdict}")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
