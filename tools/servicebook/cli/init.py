"""`servicebook init`: a fresh desk in a folder, which passes its own check and builds its site at once."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from string import Template

from servicebook import __version__
from servicebook.actions.event import render_at
from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.now import read_now
from servicebook.errors import FindingsError, ServicebookError, UsageError
from servicebook.records.ids import slug_of
from servicebook.records.kinds import BY_NAME, SLUG_PATTERN, path_of
from servicebook.settings import Settings
from servicebook.store.git import run_git, try_git
from servicebook.text.compose import render_scalar

STARTER = Path(__file__).parent / "starter"
TAIL = "7F3K"


def run(argv: list[str]) -> int:
    """Write the files of a fresh desk, make it a Git repository where it is none, connect its hooks."""
    parser = make_parser("init")
    parser.add_argument("folder", metavar="DIR", help=speak("a new or empty folder, or one without these files"))
    parser.add_argument("--name", help=speak("what the desk is called (default: the folder's name)"))
    parser.add_argument("--timezone", default="", help=speak("such as Asia/Shanghai (default: this machine's)"))
    parser.add_argument("--language", choices=("en", "zh"), help=speak("the desk's first language"))
    parser.add_argument("--person", default="", help=speak("your slug on the desk (default: from your Git name)"))
    given = parser.parse_args(argv)
    root = Path(given.folder)
    if root.exists() and not root.is_dir():
        raise UsageError("{path} is not a folder", "name a new folder", path=root)
    values = _values(given, root)
    files = {path: Template(text).substitute(values) for path, text in starter_files(values)}
    _refuse_overwriting(root, files)
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    _make_repository(root)
    print(speak("A desk of {n} files in {path}.", n=len(files), path=root.resolve().name if root == Path() else root))
    _install(root)
    print()
    for line in ("git add -A && git commit -m 'Start'", "servicebook next", "servicebook check", "servicebook site"):
        print(
            f"  {line}" if root == Path() else f"  cd {root} && {line}" if line.startswith("git add") else f"  {line}"
        )
    return 0


def starter_files(values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (path on the desk, template) of every starter file; names are filled in where they follow from values."""
    named = {
        "tickets/incident.md": path_of(BY_NAME["incident"], values["incident"]),
        "kb/people/person.md": path_of(BY_NAME["person"], values["person"]),
    }
    for source in sorted(STARTER.rglob("*.tmpl")):
        path = source.relative_to(STARTER).as_posix().removesuffix(".tmpl").replace("dot-", ".")
        yield named.get(path, path), source.read_text("utf-8")


def _values(given: Namespace, root: Path) -> dict[str, str]:
    """Return what the templates name: the desk, its first person, and times a while ago."""
    zone = given.timezone or _own_zone()
    now = read_now(Settings(timezone=zone), writes=True)
    language = given.language or ("zh" if os.environ.get("SERVICEBOOK_LANG") == "zh" else "en")
    name, email = _identity()
    name = name if given.person == "" else given.person
    person = given.person or slug_of(name, ".") or "first.person"
    if not SLUG_PATTERN.fullmatch(person):
        raise UsageError(
            "`{person}` cannot be a slug", "--person with letters a-z, digits, dots, hyphens", person=person
        )
    title = given.name or root.resolve().name or "Service desk"
    if '"' in title or "\\" in title:
        raise UsageError("the name holds a quote or a backslash", "--name without them")
    reported = now - timedelta(hours=2)
    return {
        "name": title,
        "name_zh": title if not title.isascii() else "",
        "timezone": zone,
        "language": language,
        "languages": '"zh", "en"' if language == "zh" else '"en", "zh"',
        "version": __version__,
        "person": person,
        "person_name": render_scalar(name, flow=False),
        "email": render_scalar(email or f"{person}@example.org", flow=True),
        "incident": f"INC-{reported:%Y%m%d}-{TAIL}",
        "tail": TAIL,
        **_times(reported),
    }


def _times(reported: datetime) -> dict[str, str]:
    return {
        "start_on": f"{reported.year}-01-01",
        "visited_on": f"{reported:%Y-%m-%d}",
        "review_on": f"{reported.year + 1}-12-31",
        "reported_at": render_at(reported),
        "opened_at": render_at(reported + timedelta(minutes=2)),
        "acknowledged_at": render_at(reported + timedelta(minutes=11)),
    }


def _own_zone() -> str:
    """Return the name of this machine's zone as far as it can be told, else UTC."""
    wish = os.environ.get("TZ", "").lstrip(":")
    if "/" in wish and not wish.startswith("/"):
        return wish
    link = os.path.realpath("/etc/localtime")
    return link.partition("zoneinfo/")[2] or "UTC"


def _identity() -> tuple[str, str]:
    status, out = try_git(["var", "GIT_AUTHOR_IDENT"])
    match = re.match(r"(.*) <([^>]*)>", out.decode("utf-8", "replace")) if status == 0 else None
    return (match[1], match[2]) if match else ("First Person", "")


def _refuse_overwriting(root: Path, files: dict[str, str]) -> None:
    there = [path for path in files if (root / path).exists() or (root / path).is_symlink()]
    if there:
        raise FindingsError(
            "nothing was written: {path} is there already (and {n} more)",
            "name a new folder; init overwrites nothing",
            path=root / there[0], n=len(there) - 1,
        )  # fmt: skip


def _make_repository(root: Path) -> None:
    status, out = try_git(["rev-parse", "--show-toplevel"], str(root))
    if status == 0 and Path(os.fsdecode(out).strip()) == root.resolve():
        return
    # A desk within another repository would not be its top folder: it gets a repository of its own.
    run_git(["init", "--quiet", "--initial-branch=main", str(root)])


def _install(root: Path) -> None:
    """Connect the hooks; a desk without them works too, so a failure is only told."""
    from servicebook.cli import install

    here = Path.cwd()
    try:
        os.chdir(root)
        install.run([])
    except ServicebookError as error:
        print(speak("hooks are not connected yet: {why}", why=error))
        print(speak("later: servicebook install"))
    finally:
        os.chdir(here)
