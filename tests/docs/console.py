"""Which console sessions the guide shows, and what comes out when they are really run.

A page marks a session so (the fence's first line tells the desk it is held on):

    ```console                  a desk fresh from `servicebook init`, one for all such sessions of a page
    ```console {desk=sample}    the sample desk of this repository: read only
    ```console {desk=none}      an empty folder

Lines that begin with `$ ` are commands, `> ` goes on with one; the rest is what they print. A command with no
output below it is only asked for its exit code, which is 0 unless `$ echo $?` comes next. `...` on a line of its
own stands for any lines. `python tests/docs/console.py PAGE ...` writes the output into pages anew.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "kb" / "guide"
NOW = "2026-11-23T10:00:00+08:00"
TOKEN = "=====servicebook-guide====="
ELLIPSIS = "..."
VENV = (str(Path(sys.executable).parent), "~/servicebook/.venv/bin")
"""Where this interpreter lies, and what a page says instead."""

_FENCE = re.compile(r"^```console(?: \{desk=(\w+)\})?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARIES = (
    (re.compile(r"[(（]\d+\.\d (s|秒)[)）]"), "(N s)"),
    (re.compile(r"\b\d+\.\d+ (s|秒|seconds)(?!\w)"), "N s"),
    (re.compile(r"\bid: [0-9a-z]{4}\b"), "id: ____"),
    (re.compile(r"\b([A-Z]{2,3}-\d{8})-(?!7F3K)[0-9A-HJKMNP-TV-Z]{4}\b"), r"\1-____"),
    (re.compile(r"\[main (\(root-commit\) )?[0-9a-f]{7,}\]"), r"[main \1HASH]"),
    (re.compile(r"^index [0-9a-f]+\.\.[0-9a-f]+", re.MULTILINE), "index HASH"),
    (re.compile(r"\S+/bin/python[\d.]*"), "PYTHON"),
    (re.compile(r"\bSHA256:[\w+/]{8,43}"), "SHA256:____"),
    (re.compile(r"\bssh-ed25519 [\w+/=]+"), "ssh-ed25519 KEY"),
)
"""What differs from run to run: seconds, random ids, hashes, keys, the place of the interpreter."""


class Command(NamedTuple):
    """One command of a session: its text, what the page shows of its output (None: nothing), and its line."""

    text: str
    shown: str | None
    line: int


class Session(NamedTuple):
    """One fenced block: on which desk, its commands, and where its content lies in the page's text."""

    desk: str
    commands: tuple[Command, ...]
    start: int
    end: int


class Outcome(NamedTuple):
    """What a command printed (both streams), and its exit code."""

    output: str
    code: int


def read_sessions(text: str) -> list[Session]:
    """Return the console sessions of a page, in order."""
    return [
        Session(
            fence[1] or "fresh", tuple(_commands(fence[2], text.count("\n", 0, fence.start(2)) + 1)),
            fence.start(2), fence.end(2),
        )
        for fence in _FENCE.finditer(text)
    ]  # fmt: skip


def _commands(content: str, first_line: int) -> Iterable[Command]:
    text, shown, start = "", [""], 0
    for number, line in enumerate([*content.splitlines(keepends=True), "$ "], first_line):
        if line.startswith("$ "):
            if text:
                yield Command(text, "".join(shown) or None, start)
            text, shown, start = line[2:], [], number
        elif (line.startswith("> ") or line == ">\n") and not shown:
            text += line[2:] or "\n"
        else:
            shown.append(line)


def run_commands(commands: Sequence[Command], folder: Path, environment: Mapping[str, str]) -> list[Outcome]:
    """Run commands one after another in one shell and return what each did."""
    lines = ["exec 2>&1", "rc=0"]
    for command in commands:
        lines += ["(exit $rc)", command.text.rstrip("\n"), f"rc=$?; printf '\\n%s %d\\n' '{TOKEN}' $rc"]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    outcomes, printed = [], ""
    for line in done.stdout.splitlines(keepends=True):
        if line.startswith(TOKEN):
            outcomes.append(Outcome(printed.removesuffix("\n"), int(line.split()[1])))
            printed = ""
        else:
            printed += line
    return outcomes


def environment_for(language: str, home: Path, *, fresh: bool) -> dict[str, str]:
    """Return the environment of a session: fixed identity, width and language; a fixed instant on fresh desks."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "SERVICEBOOK_", "LC_"))}
    return {
        **kept,
        "CI": "true",  # no hook leaves a process behind
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": str(ROOT / "tests" / "git.config"),
        **{f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()},
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
        "SERVICEBOOK_LANG": language,
        **({"SERVICEBOOK_NOW": NOW} if fresh else {}),
    }


_WHO = {"NAME": "Li Wei", "EMAIL": "li.wei@example.org"}


def make_fresh_desk(home: Path, language: str) -> Path:
    """Return a desk fresh from `servicebook init`, committed, in a new folder below `home`."""
    desk = home / "our-desk"
    shutil.copytree(_fresh_desk(language), desk, symlinks=True)
    return desk


@cache
def _fresh_desk(language: str) -> Path:
    """Make the desk that the others of this process are copies of."""
    home = Path(tempfile.mkdtemp(prefix="servicebook-guide-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    environment = environment_for(language, home, fresh=True)
    desk = home / "our-desk"
    init = ["servicebook", "init", desk.name, "--timezone", "Asia/Shanghai", "--language", language]
    steps = ((init, home), (["git", "add", "-A"], desk), (["git", "commit", "-q", "-m", "Start"], desk))
    for words, folder in steps:
        subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True)
    return desk


def language_of(page: Path) -> str:
    """Return the language a page is written in."""
    return "zh" if page.name.endswith(".zh.md") else "en"


def run_page(page: Path, home: Path) -> list[tuple[Session, list[Outcome]]]:
    """Run all sessions of a page, each desk's in one shell, and return them with what came out."""
    sessions = read_sessions(page.read_text("utf-8"))
    language = language_of(page)
    told: dict[int, list[Outcome]] = {}
    for desk in sorted({session.desk for session in sessions}):
        own = [position for position, session in enumerate(sessions) if session.desk == desk]
        commands = [command for position in own for command in sessions[position].commands]
        place = home / desk
        place.mkdir(parents=True)
        folder = ROOT if desk == "sample" else make_fresh_desk(place, language) if desk == "fresh" else place
        environment = environment_for(language, place, fresh=desk != "sample")
        outcomes = [
            Outcome(outcome.output.replace(str(place), "~").replace(*VENV), outcome.code)
            for outcome in run_commands(commands, folder, environment)
        ]
        for position in own:
            count = len(sessions[position].commands)
            told[position], outcomes = outcomes[:count], outcomes[count:]
    return [(session, told[position]) for position, session in enumerate(sessions)]


def steady(text: str) -> str:
    """Return a text with all that varies between two runs taken out."""
    for pattern, stand_in in _VARIES:
        text = pattern.sub(stand_in, text)
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


def is_as_shown(shown: str, output: str) -> bool:
    """Whether the output is what the page shows, `...` standing for any lines."""
    parts = [r"(?:.*\n)*?" if line.strip() == ELLIPSIS else re.escape(line) for line in steady(shown).splitlines(True)]
    return re.fullmatch("".join(parts), steady(output)) is not None


def complaints(page: Path, home: Path) -> list[str]:
    """Return what a page shows otherwise than it is."""
    found = []
    for session, outcomes in run_page(page, home):
        following = [*(command.text.strip() for command in session.commands[1:]), ""]
        for command, after in zip(session.commands, following, strict=True):
            position = session.commands.index(command)
            if position >= len(outcomes):
                found.append(f"{page.name}:{command.line}: `{command.text.strip()}` was not reached")
                continue
            outcome = outcomes[position]
            if outcome.code and after != "echo $?":
                found.append(f"{page.name}:{command.line}: exit code {outcome.code}\n{outcome.output}")
            if command.shown is not None and not is_as_shown(command.shown, outcome.output):
                found.append(f"{page.name}:{command.line}: shown\n{command.shown}\nprinted\n{outcome.output}")
    return found


def write_outputs(page: Path, home: Path) -> None:
    """Write into a page what its commands print; commands shown without output, or with `...`, stay as they are."""
    text = page.read_text("utf-8")
    for session, outcomes in reversed(run_page(page, home)):
        content = ""
        for command, outcome in zip(session.commands, outcomes, strict=True):
            first, *rest = command.text.splitlines()
            content += "\n".join([f"$ {first}", *(f"> {line}".rstrip() for line in rest)]) + "\n"
            if command.shown is not None:
                as_is = is_as_shown(command.shown, outcome.output)
                printed = "".join(line.rstrip() + "\n" for line in outcome.output.splitlines())
                content += command.shown if as_is else printed
        text = text[: session.start] + content + text[session.end :]
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(str(path) for path in PAGES.glob("*.md")):
        with tempfile.TemporaryDirectory() as folder:
            write_outputs(Path(name), Path(folder))
        print(name)
