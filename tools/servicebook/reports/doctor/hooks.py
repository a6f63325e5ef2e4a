"""Are commits checked and merges made by the desk's own program, and by which?"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from servicebook.reports.doctor.answer import Answer, advise, demand, fine
from servicebook.reports.doctor.clone import Clone

_VERSION = re.compile(r'^__version__ = "(.+)"', re.MULTILINE)
_FRAMEWORKS = ("pre-commit.com", "prek")
_TICKET = "tickets/incidents/2026/01/INC-20260101-7F3K.md"


def hooks_connected(clone: Clone) -> Iterator[Answer]:
    """Whether Git calls the desk's hooks, or something else does."""
    folder = clone.setting("core.hookspath")
    script, text = _script(clone)
    if "servicebook" in text and os.access(script, os.X_OK):
        yield fine("what comes in is checked by {path}", path=f"{folder or 'hooks'}/{script.name}")
    elif "servicebook" in text:
        yield demand("{path} may not be run", "chmod +x {path}", path=script)
    elif _is_framework(text) and not clone.is_bare:
        yield from _framework(clone)
    elif not clone.is_bare and (folder or "lefthook" in text):
        yield demand(
            "other hooks are in charge ({path}) and do not call this program",
            "call `servicebook hook pre-commit` from {path}/pre-commit | servicebook install --force",
            path=folder or "lefthook",
        )
    elif clone.is_bare:
        yield demand("no hook checks what is pushed here", "servicebook install --server")
    else:
        yield demand("no hook checks commits here", "servicebook install")


def _script(clone: Clone) -> tuple[Path, str]:
    """Return the hook that Git calls for what comes in, and its text; an empty one where it is not there."""
    script = clone.path("hooks") / ("pre-receive" if clone.is_bare else "pre-commit")
    return script, script.read_text("utf-8", "replace") if script.is_file() else ""


def _is_framework(text: str) -> bool:
    return any(name in text for name in _FRAMEWORKS)


def _framework(clone: Clone) -> Iterator[Answer]:
    """Say whether pre-commit or prek, which are in charge, call us."""
    if b"servicebook" in (clone.read(".pre-commit-config.yaml") or b""):
        yield fine("commits are checked through the pre-commit framework")
    else:
        yield demand(
            "the pre-commit framework is in charge, and .pre-commit-config.yaml does not name servicebook-check",
            "add servicebook-check to .pre-commit-config.yaml | pre-commit uninstall && servicebook install",
        )


def hooks_python(clone: Clone) -> Iterator[Answer]:
    """Whether the program that the hooks start is still there, and the same as this one."""
    python, start = _told(clone) or (clone.setting("servicebook.python"), clone.setting("servicebook.start"))
    if not python or not start:
        return
    if not os.access(python, os.X_OK):
        yield demand("the hooks' Python is gone: {path}", "servicebook install", path=python)
        return
    package = Path(start).parents[1] / "__init__.py"
    match = _VERSION.search(package.read_text("utf-8")) if package.is_file() else None
    if not match or not Path(start).is_file():
        yield demand("the hooks' program is gone: {path}", "servicebook install", path=start)
    elif match[1] != clone.program.version:
        yield demand(
            "the hooks run version {theirs}, this is {ours}",
            "servicebook install",
            theirs=match[1],
            ours=clone.program.version,
        )
    else:
        yield fine("the hooks run version {version} in {path}", version=match[1], path=python)


def _told(clone: Clone) -> tuple[str, str] | None:
    """Return Python and program as the file says that the hooks read first; None where it does not count."""
    told = Path(clone.root) / ("" if clone.is_bare else ".git") / "servicebook" / "hook"
    if not told.is_file():
        return None
    pairs = dict(word.split("=", 1) for word in shlex.split(told.read_text("utf-8")) if "=" in word)
    return pairs.get("python", ""), pairs.get("start", "")


def hook_files(clone: Clone) -> Iterator[Answer]:
    """Whether the files in hooks/ are there and as this version writes them."""
    if clone.is_bare or clone.setting("core.hookspath") != "hooks":
        return
    texts = {name: clone.read(f"hooks/{name}") for name in clone.program.hooks}
    missing = [name for name, text in texts.items() if text is None]
    other = [name for name, text in texts.items() if text is not None and text.decode() != clone.program.hooks[name]]
    if missing:
        yield advise("hooks/ lacks {names}", "servicebook install", names=", ".join(missing))
    if other:
        yield advise(
            "hooks/ has {names} in words of your own or of another version",
            "git rm -q --cached hooks/{first} && rm hooks/{first} && servicebook install",
            names=", ".join(other),
            first=other[0],
        )
    if not missing and not other:
        yield fine("the files in hooks/ are this version's")


def merge_driver(clone: Clone) -> Iterator[Answer]:
    """Whether records are merged field by field."""
    attribute = clone.git("check-attr", "merge", "--", _TICKET).endswith(": servicebook")
    driver = clone.setting("merge.servicebook.driver")
    words = shlex.split(driver) if driver else [""]
    gone = [word for word in words if word.endswith(".py") and not Path(word).is_file()]
    if driver and (gone or not shutil.which(words[0])):
        path = gone[0] if gone else words[0]
        yield demand("the merge driver's program is gone: {path}", "servicebook install", path=path)
    elif driver and attribute:
        yield fine("records are merged field by field")
    elif driver:
        yield advise(
            "the merge driver is set up, but .gitattributes does not call it",
            "echo '*.md merge=servicebook' >> .gitattributes",
        )
    else:
        yield advise(
            "records are merged line by line: the merge driver is not set up",
            "servicebook install --driver" if _is_framework(_script(clone)[1]) else "servicebook install",
        )
