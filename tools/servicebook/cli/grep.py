"""`servicebook grep`: a regular expression over the text of records, those that meet the filters."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from servicebook.cli.arguments import make_parser, speak
from servicebook.cli.desk import open_here, tell_if_empty
from servicebook.cli.list import parse_words, records_of
from servicebook.cli.terminal import colour
from servicebook.errors import UsageError
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.reports.listing import matcher
from servicebook.store.snapshot import Snapshot
from servicebook.typed import NamedTuple


class Hit(NamedTuple):
    """A line with a hit: path, number from 1, the line, and where in it the hit lies."""

    path: str
    line: int
    text: str
    start: int
    end: int


def run(argv: list[str]) -> int:
    """Print path:line:text for every hit; exit code 1 when there is none, as grep does."""
    parser = make_parser("grep")
    parser.add_argument("pattern", metavar="REGEX", help=speak("a Python regular expression"))
    parser.add_argument("words", metavar="KIND|FILTER", nargs="*", help=speak("only in these, as `list` takes them"))
    parser.add_argument("-i", "--ignore-case", action="store_true", help=speak("upper and lower case alike"))
    parser.add_argument("-l", "--files", action="store_true", help=speak("only the paths"))
    parser.add_argument("-c", "--count", action="store_true", help=speak("only how many lines"))
    parser.add_argument("--rev", default="worktree", help=speak("as a revision has it"))
    given = parser.parse_args(argv)
    pattern = _pattern(given.pattern, given.ignore_case)
    kinds, filters = parse_words(given.words)
    desk = open_here(given.rev)
    records = records_of(desk, kinds)
    if filters:
        passes = matcher(filters)
        records = [facts for facts in records if passes(facts)]
    count = 0
    last = ""
    for hit in find_hits(desk, records, pattern):
        count += 1
        if given.files and hit.path != last:
            print(plain(hit.path))
        elif not given.files and not given.count:
            print(_shown(hit))
        last = hit.path
    if given.count:
        print(count)
    if not count:
        tell_if_empty(desk)
    return 0 if count else 1


def _pattern(text: str, ignore_case: bool) -> re.Pattern[str]:
    try:
        return re.compile(text, re.MULTILINE | (re.IGNORECASE if ignore_case else 0))
    except re.error as error:
        raise UsageError(
            "`{text}` is not a regular expression: {error}", "put a \\ before ( [ * + ?", text=text, error=error
        ) from error


def find_hits(desk: Snapshot, records: Iterable[Facts], pattern: re.Pattern[str]) -> Iterator[Hit]:
    """Yield every line with a hit, by path and line; files that are not UTF-8 are read as far as they are."""
    for path, data in _contents(desk, records):
        text = data.decode("utf-8", "replace")
        last = 0
        line, counted = 1, 0
        for match in pattern.finditer(text):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            if line == last:
                continue
            last = line
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.start())
            whole = text[start : end if end >= 0 else len(text)]
            yield Hit(path, line, whole.rstrip("\r"), match.start() - start, min(match.end() - start, len(whole)))


def _contents(desk: Snapshot, records: Iterable[Facts]) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes): from disk for the work tree, which is fastest, else from Git's objects at once."""
    if desk.tree == "worktree":
        for facts in records:
            yield facts.path, desk.read_in_work_tree(facts.path)
        return
    paths = [(facts.path, facts.blob) for facts in records]
    blobs = desk.repository.read_blobs(blob for _, blob in paths)
    for (path, _), (_, data) in zip(paths, blobs, strict=True):
        yield path, data


def _shown(hit: Hit) -> str:
    before, found, after = hit.text[: hit.start], hit.text[hit.start : hit.end], hit.text[hit.end :]
    where = colour(plain(hit.path), "blue", sys.stdout) + f":{hit.line}:"
    return where + plain(before) + colour(plain(found), "red", sys.stdout) + plain(after)
