"""Where Git's merge driver begins: `PYTHON -I -S start_merge.py BASE OURS THEIRS SIZE PATH OURS-LABEL THEIRS-LABEL`."""

import gc
import os
import sys

FAILED = 70


def begin() -> None:
    """Merge one file and leave with 0, with driver.CONFLICTS, or, whatever went wrong, with FAILED."""
    gc.disable()  # the process is over before there is garbage
    code = FAILED
    try:
        code = _merge()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _merge() -> int:
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

    merged, code = drive(sys.argv[1:])
    if merged.kept:
        from servicebook.cli.words import speak

        text = "{path}: one side deleted {names}; a timeline only grows, so it stays"
        print(speak(text, path=sys.argv[5], names=", ".join(merged.kept)), file=sys.stderr)
    return code


if __name__ == "__main__":
    begin()
