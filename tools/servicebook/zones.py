"""Where time zones are looked for: in the pinned tzdata package by its place, then where the machine has them."""

import os
import sys


def place_zones() -> None:
    """Tell `zoneinfo` where zones lie, before its import: to ask `sysconfig` takes it as long as a query."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefix = os.path.dirname(os.path.dirname(sys.executable))
    places = (f"{prefix}/lib/{version}/site-packages/tzdata/zoneinfo", "/usr/share/zoneinfo")
    if zones := [place for place in places if os.path.isdir(place)]:
        os.environ.setdefault("PYTHONTZPATH", os.pathsep.join(zones))
