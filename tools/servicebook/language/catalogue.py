"""What a text is in the reader's language: English is the key, other languages come from TOML files.

Areas part the catalogue (`rules`, `fields`, `values`, `cli`, `site`), so that a command reads only what it says;
an area lies in one file or in several by room (`rules_text.toml`). A text without translation is shown in English;
a test holds the catalogue complete.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

LANGUAGES = ("en", "zh")

_own_zh: dict[str, str] = {}


def use_own_words(words_zh: Mapping[str, str]) -> None:
    """Call a desk's own words (fields, categories, stages, clocks, short texts) by their Chinese names from now on.

    Those of no other desk are; a name that is ours already keeps what it is called.
    """
    if words_zh != _own_zh:
        _own_zh.clear()
        _own_zh.update(words_zh)
        load_area.cache_clear()


def own_word(text: str) -> str:
    """Return the Chinese name of one of the desk's own words or short texts; "" where it has none."""
    return _own_zh.get(text, "")


@cache
def load_area(area: str, language: str) -> dict[str, str]:
    """Return the texts of one area, English to `language`; empty for English itself."""
    if language == "en":
        return {}
    import tomllib
    from pathlib import Path  # costs the hook 5 ms, so not above

    folder = Path(__file__).parent / language
    texts: dict[str, str] = {}
    for path in sorted([*folder.glob(f"{area}.toml"), *folder.glob(f"{area}_*.toml")]):
        texts.update(tomllib.loads(path.read_text("utf-8")))
    if _own_zh and language == "zh" and area in ("fields", "values"):
        from servicebook.language.labels import label_of

        names = {label_of(word): name for word, name in _own_zh.items()} if area == "fields" else _own_zh
        return {**names, **texts}
    return texts


def say(area: str, text: str, language: str, /, **params: object) -> str:
    """Return `text` (English, a format template) in `language`, with its parameters filled in."""
    template = load_area(area, language).get(text, text)
    return template.format_map(params) if params else template


def terminal_language() -> str:
    """Return the language of the terminal: SERVICEBOOK_LANG, else the locale, else English."""
    names = ("SERVICEBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    wish = next((value for name in names if (value := os.environ.get(name))), "")
    return "zh" if wish.lower().startswith("zh") else "en"
