"""Where a Git hook begins: `PYTHON -I -S start_hook.py NAME`, without site packages, which a hook rarely needs.

The shell that started it let Ctrl-C be ignored until here, where Python can no longer show a traceback for it;
from here on it ends the hook at once: nothing that a hook does is half done when it stops anywhere.
"""

import gc
import os
import sys


def begin() -> None:
    """Make our package and the time zones findable, run the hook, and leave with its exit code."""
    signal = __import__("_signal")  # in C; `signal` itself makes enumerations of all numbers
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()  # this process is over before there is garbage; imports alone would start a dozen collections
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

    from servicebook.cli.main import leave, main
    from servicebook.zones import place_zones

    place_zones()
    leave(main(["hook", *sys.argv[1:]]))


if __name__ == "__main__":
    begin()
