"""What the command line says, in the reader's language; light enough for the hook."""

from __future__ import annotations

from servicebook.language.catalogue import say, terminal_language


def speak(text: str, /, **params: object) -> str:
    """Return a text of the command line in the reader's language."""
    return say("cli", text, terminal_language(), **params)


def narrowed(word: str) -> str:
    """Return a word with the full-width letters, digits and signs of Chinese typing (`７Ｆ３Ｋ`) as plain ones."""
    if word.isascii():
        return word
    from unicodedata import normalize

    return normalize("NFKC", word)
