"""Where a link leads that must not lead there: into the browser, out of the repository, to one computer."""

from __future__ import annotations

import re

from servicebook.diagnostics.rule import Rule
from servicebook.text import body_rules as rules

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]")
_UNSAFE = frozenset({"javascript", "vbscript", "data", "livescript", "mocha"})


def is_unsafe(target: str) -> bool:
    """Whether a browser would run the target: javascript:, vbscript:, data:, however they are disguised."""
    scheme = _SCHEME.match(_UNSEEN.sub("", _decode(target)))
    return scheme is not None and scheme[1].lower() in _UNSAFE


def fault_of_target(path: str, target: str) -> Rule | None:
    """Return the rule that the target of a link in the file `path` breaks, if any; unsafe ones apart."""
    plain = _decode(target).replace("\\", "/")
    scheme = _SCHEME.match(plain)
    if plain.startswith("//") and "\\" in target:
        return rules.link_to_local_file
    if scheme:
        local = scheme[1].lower() == "file" or len(scheme[1]) == 1
        return rules.link_to_local_file if local else None
    if plain.startswith(("#", "?", "//")):
        return None
    return rules.path_escapes_repository if _escapes(path, plain) else None


def _escapes(path: str, plain: str) -> bool:
    """Whether a relative target, decoded, climbs above the root on its way."""
    depth = 0 if plain.startswith("/") else path.count("/")
    for step in re.split(r"[?#]", plain, maxsplit=1)[0].split("/"):
        depth += -1 if step == ".." else step not in ("", ".")
        if depth < 0:
            return True
    return False


def _decode(target: str) -> str:
    """Return a target without percent signs, however often they were put on one another."""
    if "%" not in target:
        return target
    from urllib.parse import unquote

    for _ in range(3):
        target = unquote(target)
    return target
