"""Where Git's merge driver begins: `PYTHON -I -S start_merge.py BASE OURS THEIRS SIZE PATH OURS-LABEL THEIRS-LABEL`."""

import gc
import os
import sys

TYPE_CHECKING = False  # `typing` knows it too, and takes milliseconds to say so
if TYPE_CHECKING:
    from servicebook.merge.record import Merged

FAILED = 70


def begin() -> None:
    """Merge one file and leave with 0, with driver.CONFLICTS, or, whatever went wrong, with FAILED."""
    gc.disable()  # the process is over before there is garbage
    code = FAILED
    try:
        merged, code = _merge()
        if merged.kept or merged.conflicts:
            _tell(merged)
    finally:
        os._exit(code)


def _merge() -> "tuple[Merged, int]":
    here = os.path.dirname(os.path.abspath(__file__))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    # Packages by their place: to start `site` takes longer than the merge.
    packages = f"{os.path.dirname(os.path.dirname(sys.executable))}/lib/{version}/site-packages"
    sys.path[:0] = [os.path.dirname(os.path.dirname(here)), packages]
    try:
        from servicebook.merge.driver import drive
    except ModuleNotFoundError:
        import site

        site.main()
        from servicebook.merge.driver import drive

    return drive(sys.argv[1:])


def _tell(merged: "Merged") -> None:
    """Say what somebody may not expect; by now the file is written, and nothing here can change how it ends."""
    from servicebook.cli.driver import notes_of

    for note in notes_of(merged, sys.argv[5]):
        print(note, file=sys.stderr)
    sys.stderr.flush()


if __name__ == "__main__":
    begin()
