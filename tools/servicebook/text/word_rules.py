"""The rules about unquoted words that readers of YAML take for two things (FMT140 to FMT144)."""

from __future__ import annotations

from servicebook.diagnostics.rule import found_on_the_way
from servicebook.text.data_rules import merge_key


@found_on_the_way(
    "FMT140",
    "bare-time",
    message="`{word}` without quotes is a number to YAML 1.1 readers ({number})",
    hint='write "{word}"',
)
def bare_time() -> None:
    """A time of day without quotes.

    Why: YAML 1.1 counts in sixties: 17:00 is 1020. Half of the programs that read this file still do.

    Example:
        week: {mon: [[09:00, 17:00]]}

    Instead:
        week: {mon: [["09:00", "17:00"]]}
    """


@found_on_the_way(
    "FMT141",
    "bare-yes-or-no",
    message="`{word}` without quotes is true or false to YAML 1.1 readers, text to others",
    hint='write true or false, or "{word}" if it is a word',
)
def bare_yes_or_no() -> None:
    """yes, no, on or off without quotes.

    Why: YAML 1.1 takes them for true and false, YAML 1.2 for words; so the record says two things.

    Example:
        human_caused: no

    Instead:
        human_caused: false
    """


@found_on_the_way(
    "FMT142",
    "leading-zero",
    message="`{word}` begins with a zero: to some readers it is octal, to others it loses the zero",
    hint='write "{word}"',
)
def leading_zero() -> None:
    """A number that begins with zero, without quotes.

    Why: 0123 is 83 in YAML 1.1 and 123 in YAML 1.2; as a part number it is neither.

    Example:
        serial_number: 0123

    Instead:
        serial_number: "0123"
    """


@found_on_the_way(
    "FMT143",
    "ambiguous-number",
    message="`{word}` is a number to some YAML readers and text to others",
    hint='write "{word}" if it is a word, or the number in plain digits',
)
def ambiguous_number() -> None:
    """A word such as 7e21, 1_000, 0x1F or .inf, without quotes.

    Why: YAML 1.1 and 1.2 disagree on these, so the record says two things; an event id such as 7e21 would
    become a number of 22 digits.

    Example:
        serial_number: 7e21

    Instead:
        serial_number: "7e21"
    """


@found_on_the_way(
    "FMT144",
    "long-number",
    message="`{word}` has more digits than a number keeps",
    hint='write "{word}"',
)
def long_number() -> None:
    """A number of 16 or more digits, without quotes.

    Why: JSON readers and spreadsheets keep 15 digits and round the rest away.

    Example:
        serial_number: 21023510001234567890

    Instead:
        serial_number: "21023510001234567890"
    """


WORD_RULES = (
    bare_time,
    bare_yes_or_no,
    leading_zero,
    ambiguous_number,
    long_number,
)


OF_TRAP = {
    "time": bare_time,
    "yes-no": bare_yes_or_no,
    "leading-zero": leading_zero,
    "long-number": long_number,
    "number": ambiguous_number,
    "merge": merge_key,
}
