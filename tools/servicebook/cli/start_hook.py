"""Where a Git hook begins: `PYTHON -I -S start_hook.py NAME`, without site packages, which a hook rarely needs.

The shell that started it let Ctrl-C be ignored until here, where Python can no longer show a traceback for it;
from here on it ends the hook at once: nothing that a hook does is half done when it stops anywhere.
"""

import gc
import os
import signal
import sys


def begin() -> None:
    """Make our package and the time zones findable, run the hook, and leave with its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()  # this process is over before there is garbage; imports alone would start a dozen collections
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefix = os.path.dirname(os.path.dirname(sys.executable))
    # The zones of the pinned tzdata package, found by its place: to ask `sysconfig` for others takes 5 ms.
    places = (f"{prefix}/lib/{version}/site-packages/tzdata/zoneinfo", "/usr/share/zoneinfo")
    if zones := [place for place in places if os.path.isdir(place)]:
        os.environ.setdefault("PYTHONTZPATH", os.pathsep.join(zones))
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

    from servicebook.cli.main import main

    code = main(["hook", *sys.argv[1:]])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # taking the interpreter down costs as much as a query


if __name__ == "__main__":
    begin()
