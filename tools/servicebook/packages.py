"""Site packages, looked for only when something needs one: a hook's interpreter starts without them (`-S`)."""

from __future__ import annotations

import sys


def find_packages() -> None:
    """Make site packages importable in an interpreter that was started without them."""
    if not sys.flags.no_site or "site" in sys.modules:
        return
    import site

    site.main()
