"""servicebook install: connect this clone to the desk's hooks."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.hook import HOOKS, ON_SERVER, WARMING
from servicebook.errors import ServicebookError
from servicebook.store.git import try_git
from servicebook.store.repository import Repository, find_repository

HOOK = """\
#!/bin/sh
if [ -f .git/servicebook/hook ]; then . .git/servicebook/hook; else python=$(git config servicebook.python) && start=$(git config servicebook.start); fi && [ -x "$python" ] && [ -f "$start" ] || { echo "servicebook: this clone is not connected to its hooks: run servicebook install / 请运行 servicebook install" >&2; exit 1; }
trap '' INT; exec "$python" -I -S "$start" NAME "$@"
"""  # noqa: E501 - a hook is three lines
"""The text of every file in hooks/ that can stop something; NAME is the hook's own."""

_PYTHON = (
    "if [ -f .git/servicebook/hook ]; then . .git/servicebook/hook; else python=$(git config servicebook.python)"
    " && start=$(git config servicebook.start); fi"
)
WARMING_HOOK = (
    "#!/bin/sh\n"
    f'[ "$3" != 0 ] && [ "$1" != amend ] && [ "${{CI:-false}}" = false ] || exit 0; {_PYTHON}\n'
    '( [ -x "$python" ] && [ -f "$start" ] && exec "$python" -I -S "$start" NAME ) </dev/null >/dev/null 2>&1 &\n'
)
"""The text of the files in hooks/ that only keep the index warm: never in the way, and silent whatever happens.

Not after a checkout of single files (third word 0), an amended commit, or where a build server sets CI.
"""


def hook_text(name: str) -> str:
    """Return the text of the file hooks/NAME."""
    text = (WARMING_HOOK if name in WARMING else HOOK).replace("NAME", name)
    if name in ON_SERVER:  # which starts in the Git folder itself
        text = text.replace(".git/servicebook", "servicebook").replace("clone", "repository")
        text = text.replace("servicebook install", "servicebook install --server")
    return text


def run(argv: list[str]) -> int:
    """Point Git at hooks/ and tell the hooks which Python to use."""
    parser = make_parser("install")
    parser.add_argument("--force", action="store_true", help=speak("take over from another hooks folder"))
    parser.add_argument(
        "--server", nargs="?", const=".", metavar="PATH",
        help=speak("check what is pushed to a bare repository (the one here); made where there is none"),
    )  # fmt: skip
    parser.add_argument("--driver", action="store_true", help=speak("only the merge driver; other hooks stay"))
    options = parser.parse_args(argv)
    if options.driver:
        connect_driver(find_repository("."))
        print(speak("records are merged field by field in this clone"))
        return 0
    if options.server is not None:
        from servicebook.cli.install_server import install_server

        return install_server(options.server, force=options.force)
    repository = find_repository(".")
    _refuse_rivals(repository, force=options.force)
    if try_git(["config", "--get", "core.sparseCheckout"], repository.root)[1].strip() == b"true":
        repository.git("sparse-checkout", "add", "hooks")  # left out, they would not be called, and nobody be told
    for path in write_hooks(Path(repository.root)):
        print(speak("wrote {path}; commit it", path=path.relative_to(repository.root).as_posix()))
    connect(repository, sys.executable, str(Path(__file__).with_name("start_hook.py")))
    repository.git("config", "core.hooksPath", "hooks")
    connect_driver(repository)
    print(speak("this clone is connected: every commit is checked by {python}", python=sys.executable))
    return 0


def connect(repository: Repository, python: str, start: str) -> None:
    """Tell the hooks which Python to start: in Git's configuration, and in a file that needs no Git to be read.

    To ask Git twice takes a tenth of a commit. Linked worktrees, whose `.git` is a file, ask all the same.
    """
    repository.git("config", "servicebook.python", python)
    repository.git("config", "servicebook.start", start)
    told = Path(repository.common_dir) / "servicebook" / "hook"
    told.parent.mkdir(exist_ok=True)
    text = f"python={shlex.quote(python)}\nstart={shlex.quote(start)}\n"
    told.write_text(text, encoding="utf-8", newline="\n")


def connect_driver(repository: Repository) -> None:
    """Tell Git how to merge records; .gitattributes says which files they are."""
    from servicebook.cli.driver import own_driver_line
    from servicebook.merge.driver import DRIVER_NAME

    repository.git("config", "merge.servicebook.name", DRIVER_NAME)
    repository.git("config", "merge.servicebook.driver", own_driver_line())


def write_hooks(root: Path) -> list[Path]:
    """Write the files of hooks/ that a desk lacks and return them; those that are there stay as they are."""
    written = []
    for name in HOOKS:
        path = root / "hooks" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text(hook_text(name), encoding="utf-8", newline="\n")
            path.chmod(0o755)
            written.append(path)
    return written


def _refuse_rivals(repository: Repository, *, force: bool) -> None:
    """Raise where something else runs hooks here: two masters would hide each other."""
    _, out = try_git(["config", "core.hooksPath"], repository.root)
    path = out.decode().strip()
    if path and path != "hooks" and not force:
        raise ServicebookError(
            "core.hooksPath is `{path}`: other hooks are in charge here",
            "call `servicebook hook pre-commit` from {path}/pre-commit | servicebook install --force takes over",
            path=path,
        )
    own = Path(repository.common_dir) / "hooks"
    text = text_of(own / "pre-commit")
    if "pre-commit.com" in text or "prek" in text:
        raise ServicebookError(
            "the pre-commit framework runs the hooks of this clone already",
            "keep it, with servicebook-check in .pre-commit-config.yaml, and servicebook install --driver | or "
            "`pre-commit uninstall`, then servicebook install",
        )
    others = sorted(file.name for file in own.glob("*") if file.suffix != ".sample" and os.access(file, os.X_OK))
    if others and path != "hooks" and not force:
        raise ServicebookError(
            "this clone has hooks of its own, which would fall silent: {names}",
            "move them to hooks/ | servicebook install --force",
            names=", ".join(others),
        )


def text_of(path: Path) -> str:
    """Return what a file holds; nothing where it cannot be read."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
