"""Which documents hold which key: an inverted index over the distinct runs of all texts.

A key is a token (a word, a code, two Han characters, the last Han character of a run), or one of two extras
that keep a query small:

- a longer run of Han characters, up to LONGEST: kept where the lists of its parts would leave many documents to
  be looked at, so that its own list answers;
- a beginning with a star (`str*`): the documents of all words that begin so, kept where the words have many.

Texts of a desk repeat themselves, so runs are gathered first and cut into tokens once, not once a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from servicebook.search.tokens import RUN, is_han, words_of_run

_DIGIT = re.compile(r"\d")
LONGEST = 6
"""Han characters of the longest run that is a key."""
FEW = 8
"""Documents that are looked at one by one without a thought; runs in more of them are kept."""

Lists = dict[str, list[int]]
"""From key to the rising numbers of the documents that hold it."""


def gather(texts: Iterable[tuple[int, str]], keys: Callable[[str], Iterable[str]]) -> tuple[Lists, Lists]:
    """Return the lists of normalised texts, given by rising numbers: those of the keys of each run, and of runs."""
    runs: Lists = {}
    for number, text in texts:
        for run in set(RUN.findall(text)):
            if run in runs:
                runs[run].append(number)
            else:
                runs[run] = [number]
    sources: dict[str, list[list[int]]] = {}
    for run, numbers in runs.items():
        for key in keys(run):
            if key in sources:
                sources[key].append(numbers)
            else:
                sources[key] = [numbers]
    return {key: united(some) for key, some in sources.items()}, runs


def tokens_of_run(run: str) -> set[str]:
    """Return the tokens of a run. Each Han character begins one, so that a query of one is a prefix of tokens."""
    if is_han(run):
        return {run[at : at + 2] for at in range(len(run))}
    return set(words_of_run(run))


def united(lists: list[list[int]]) -> list[int]:
    """Return the numbers of all lists, rising, each once."""
    return lists[0] if len(lists) == 1 else sorted(set(chain.from_iterable(lists)))


def add_longer_runs(lists: Lists, runs: Lists, many: int) -> None:
    """Add Han runs of three characters and more: those in more than FEW documents, or of parts in more than `many`."""
    runs = {run: numbers for run, numbers in runs.items() if len(run) > 2 and is_han(run)}
    counts = {token: len(numbers) for token, numbers in lists.items() if len(numbers) > FEW and len(token) == 2}
    for length in range(3, LONGEST + 1):
        sources: dict[str, list[list[int]]] = {}
        still: Lists = {}
        for run, numbers in runs.items():
            grams = {
                run[at : at + length]
                for at in range(len(run) - length + 1)
                if run[at : at + length - 1] in counts and run[at + 1 : at + length] in counts
            }
            if grams:
                still[run] = numbers
            for gram in grams:
                sources.setdefault(gram, []).append(numbers)
        kept: dict[str, int] = {}
        for gram, some in sources.items():
            numbers = united(some)
            if len(numbers) > FEW:
                kept[gram] = len(numbers)
            elif min(counts[gram[:-1]], counts[gram[1:]]) <= many:
                continue
            lists[gram] = numbers
        counts, runs = kept, still


def beginnings(token: str) -> Iterator[str]:
    """Yield the beginnings by which a query finds a token: one Han character, or two letters and more."""
    if is_han(token):
        yield token[0]
    elif token.isalnum():  # a code is found by the beginning of its first word, which is a token too
        digit = _DIGIT.search(token)
        for length in range(2, (digit.start() if digit else len(token)) + 1):
            yield token[:length]


def add_beginnings(lists: Lists, heavy: int) -> None:
    """Add the united list of every beginning whose tokens have more than `heavy` documents, counted together."""
    weights: dict[str, int] = {}
    tokens: dict[str, list[str]] = {}
    for token, numbers in lists.items():
        if len(token) > 2 and is_han(token):
            continue
        for beginning in beginnings(token):
            weights[beginning] = weights.get(beginning, 0) + len(numbers)
            tokens.setdefault(beginning, []).append(token)
    for beginning, weight in weights.items():
        if weight > heavy and len(tokens[beginning]) > 1:
            lists[beginning + "*"] = united([lists[token] for token in tokens[beginning]])


def extras_of_run(run: str) -> set[str]:
    """Return the extras that a document with this run is listed under where they are kept."""
    if not is_han(run):
        return {beginning + "*" for token in words_of_run(run) for beginning in beginnings(token)}
    longer = {run[at : at + length] for length in range(3, LONGEST + 1) for at in range(len(run) - length + 1)}
    return longer.union(character + "*" for character in run)
