"""Git's merge driver: the line that Git is told to run for a record, and what is done when it runs it."""

from __future__ import annotations

import os

from servicebook.merge.lines import MARKER_SIZE, Marks
from servicebook.merge.record import Merged, merge_record

CONFLICTS = 97
"""How the driver ends when it left markers: no way that an interpreter ends by itself."""

ATTRIBUTES = "*.md merge=servicebook"
"""The line of .gitattributes that gives Markdown files to the driver."""

DRIVER_NAME = "Servicebook: field by field, event by event"

_LINE = (
    "{python} -I -S {start} %O %A %B %L %P %X %Y; code=$?; "
    '[ "$code" = 0 ] && exit 0; [ "$code" = {conflicts} ] && exit 1; '
    'echo "servicebook: the merge driver failed ($code), lines are merged instead: servicebook install, '
    'then servicebook mend FILE" >&2; '
    "rm -f %A.servicebook; "
    "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B; exit 1"
)


def driver_line(python: str, start: str) -> str:
    """Return the shell line for `merge.servicebook.driver`: our driver, else Git's merge of lines and exit 1.

    Git takes a driver that fails for one that left a conflict, with nothing but ours in the file: so the
    shell, which is there when Python is not, makes the markers.
    """
    import shlex  # late: an installation quotes, a merge does not

    quoted = [shlex.quote(word).replace("%", "%%") for word in (python, start)]
    return _LINE.format(python=quoted[0], start=quoted[1], conflicts=CONFLICTS)


def drive(words: list[str]) -> tuple[Merged, int]:
    """Merge what Git's placeholders name: base, ours, theirs, marker size, path and, from Git 2.44 on, labels.

    The result is in the file of ours, whole or not at all. Returns it, and the exit code. Raises OSError.
    """
    base, ours, theirs = (_read(path) for path in words[:3])
    given = [word if word not in ("%X", "%Y") else "" for word in (*words[5:7], "", "")]
    size = int(words[3]) if words[3:4] and words[3].isdigit() else MARKER_SIZE
    merged = merge_record(base, ours, theirs, Marks(given[0] or "ours", given[1] or "theirs", size))
    temporary = f"{words[1]}.servicebook"
    with open(temporary, "wb") as file:
        file.write(merged.data)
    os.replace(temporary, words[1])
    return merged, CONFLICTS if merged.conflicts else 0


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
