"""What front matter may hold at most, and which characters it may not hold."""

MAX_DEPTH = 8
MAX_FIELD = 20_000
MAX_VALUES = 50_000

CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"
INVISIBLE = r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""Insides of a character class: characters that YAML forbids or that end lines, and such as nobody sees."""
