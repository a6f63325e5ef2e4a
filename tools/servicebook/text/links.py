"""Where a link in a record's text leads among the files of the desk."""

from __future__ import annotations

import posixpath


def path_of_link(page: str, target: str) -> str | None:
    """Return the path in the desk that a link in the file `page` leads to; None for links out of the desk.

    What begins with `/` is meant from the desk's root. A path that would leave the root begins with `../`.
    """
    bare = target.partition("#")[0].partition("?")[0]
    if "%" in bare:
        from urllib.parse import unquote  # costs the hook 3 ms, and few links need it

        bare = unquote(bare)
    if not bare or ":" in bare.split("/")[0] or bare.startswith("//"):
        return None
    folder = "" if bare.startswith("/") else posixpath.dirname(page)
    return posixpath.normpath(posixpath.join(folder, bare.lstrip("/")))
