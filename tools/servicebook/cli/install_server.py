"""servicebook install --server: the smallest server, a bare repository that checks pushes and keeps receipts."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

from servicebook.cli.arguments import speak
from servicebook.cli.hook import ON_SERVER
from servicebook.cli.install import connect, hook_text, text_of
from servicebook.errors import ServicebookError
from servicebook.evidence.receipts_log import KEY
from servicebook.store.git import run_git, try_git
from servicebook.store.repository import Repository, find_repository


def install_server(path: str, *, force: bool) -> int:
    """Make PATH a bare repository where it is none, write its hooks, and set it up for signed pushes."""
    folder = Path(path)
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        run_git(["init", "--quiet", "--bare", "--initial-branch=main", str(folder)])
        print(speak("an empty server: {path}", path=folder))
    repository = find_repository(path, bare=True)
    _refuse_rivals(repository, force=force)
    connect(repository, sys.executable, str(Path(__file__).with_name("start_hook.py")))
    for name in ON_SERVER:
        _write_hook(repository, name)
    _set_where_unset(repository)
    print(speak("every push to {path} is checked by {python}", path=repository.root, python=sys.executable))
    if public := _key_for_receipts(repository):
        print(speak("its receipts are signed with {key}; give that line to the auditor", key=public))
    return 0


def _refuse_rivals(repository: Repository, *, force: bool) -> None:
    """Raise where other hooks are in charge, before anything is written; with `force` they are set aside."""
    _, out = try_git(["config", "core.hooksPath"], repository.root)
    elsewhere = out.decode().strip()
    # A server's hooks start in its Git folder, so that the `hooks` of a connected clone means its own hooks there.
    if elsewhere not in ("", "hooks"):
        raise ServicebookError(
            "core.hooksPath is `{path}`: other hooks are in charge here",
            "call `servicebook hook pre-receive` from {path}/pre-receive",
            path=elsewhere,
        )
    for name in ON_SERVER:
        hook = _place(repository, name)
        if hook.exists() and text_of(hook) != hook_text(name):
            if not force:
                raise ServicebookError(
                    "there is a hook already: {path}",
                    "call `servicebook hook {name}` from it | servicebook install --server --force sets it aside",
                    path=hook, name=name,
                )  # fmt: skip
            hook.replace(hook.with_name(f"{name}.before-servicebook"))


def _place(repository: Repository, name: str) -> Path:
    return Path(repository.common_dir) / "hooks" / name


def _write_hook(repository: Repository, name: str) -> None:
    """Write a hook into the repository's own hooks: a server has no work tree whose hooks/ could be used."""
    hook = _place(repository, name)
    hook.parent.mkdir(exist_ok=True)
    # Whole or not at all: pushes may come at any time.
    new = hook.with_name(f"{name}.{os.getpid()}.tmp")
    new.write_text(hook_text(name), encoding="utf-8", newline="\n")
    new.chmod(0o755)
    new.replace(hook)


def _set_where_unset(repository: Repository) -> None:
    """Let pushes be signed and clones be partial, and keep a log of every ref; what somebody has set stays."""
    settings = {
        "receive.certNonceSeed": secrets.token_hex(32),
        "core.logAllRefUpdates": "true",
        "uploadpack.allowFilter": "true",
    }
    for name, value in settings.items():
        if try_git(["config", "--get", name], repository.root)[0]:
            repository.git("config", name, value)


def _key_for_receipts(repository: Repository) -> str:
    """Return the public half of the server's own key, made where there is none; empty where there is no ssh-keygen."""
    file = Path(repository.common_dir) / "servicebook" / KEY
    public = file.with_name(f"{KEY}.pub")
    if not file.exists():
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "servicebook-receipts", "-f", str(file)]
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except FileNotFoundError:
            return ""
        if done.returncode:
            return ""
    return text_of(public).strip()
