"""What the interface says, in every language of the site at once.

A record has one page, so its labels stand there in both languages, each in a span with its `lang`. The script
notes the reader's choice at the root of the page, and the stylesheet then shows one of them; without the script,
on paper and to search engines both stand side by side.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from servicebook.language.catalogue import load_area, own_word, say
from servicebook.language.labels import label_of, value_label
from servicebook.language.lengths import said_length
from servicebook.search.tokens import HAN

TAGS = {"en": "en", "zh": "zh-Hans"}
"""The `lang` attribute for each language of the catalogue."""

SPELT = {
    "zh": "Chinese", "en": "English", "sla": "SLA", "ola": "OLA", "faq": "FAQ", "sms": "SMS", "how_to": "How-to",
    "ui_deployment": "UI deployment", "ui_production": "UI production",
    "known_error: active": "Not fixed", "report: active": "On file", "report: retired": "Withdrawn",
    "survey: active": "On file", "survey: retired": "Withdrawn", "meeting: active": "On file",
    "meeting: retired": "Withdrawn", "acceptance: active": "On file", "acceptance: retired": "Withdrawn",
    "improvement: active": "Under way", "improvement: retired": "Ended",
}  # fmt: skip
"""English values that do not follow from their name; of one field or kind alone, behind its name."""

_HAN = re.compile(f"[{HAN}]")
_HAN_RUNS, _LATIN_RUNS = re.compile(f"[{HAN}]+"), re.compile("[a-z]+")  # letters are counted by runs, not one by one
_WORD = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*|P[1-4]")


class Labels:
    """The words of one site: its languages, the first of which is shown until a reader switches."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._spoken: dict[tuple[str, str], str] = {}
        self._values: dict[tuple[str, str], str] = {}
        self._fields: dict[str, str] = {}
        self._known: dict[tuple[str, str], str] = {}

    def say(self, text: str, area: str = "site", /, **params: object) -> str:
        """Return HTML that says `text` (English, a template) in all languages; parameters are escaped."""
        if params:
            return self._spans({one: say(area, text, one, **params) for one in self.languages})
        key = (area, text)
        if key not in self._spoken:
            self._spoken[key] = self._spans({one: say(area, text, one) for one in self.languages})
        return self._spoken[key]

    def lead(self, text: str) -> str:
        """Return `text` as what something follows: a blank comes after it, but not after a full-width colon."""
        key = ("lead", text)
        if key not in self._spoken:
            words = {one: say("site", text, one) for one in self.languages}
            self._spoken[key] = self._spans({one: w if w.endswith("：") else f"{w} " for one, w in words.items()})
        return self._spoken[key]

    def text(self, text: str, area: str = "site", /, **params: object) -> str:
        """Return `text` as plain text, languages parted by a slash: for attributes, which cannot switch."""
        return " / ".join(dict.fromkeys(say(area, text, one, **params) for one in self.languages))

    def list_of(self, text: str, area: str = "site", /) -> list[str]:
        """Return `text` as plain text in each language of the site, what is alike once."""
        return list(dict.fromkeys(say(area, text, one) for one in self.languages))

    def each(self, speak: Callable[[str], str]) -> str:
        """Return HTML that says in every language what `speak` gives for it."""
        return self._spans({one: speak(one) for one in self.languages})

    def field(self, name: str) -> str:
        """Return the label of a front matter field, event field or block."""
        kept = self._fields.get(name)
        if kept is None:
            kept = self._fields[name] = self.say(label_of(name), "fields")
        return kept

    def value(self, value: str, field: str = "") -> str:
        """Return the label of one of our own values: a state, an event, a category, the name of a clock."""
        kept = self._values.get((value, field))
        if kept is None:
            kept = self._values[value, field] = self._value(value, field)
        return kept

    def _value(self, value: str, field: str) -> str:
        if not value:
            return ""
        if not self.is_value(value, field):
            return self.say(capital(label_of(value.replace("-", "_"))))
        english = _english(value, field)
        return self._spans({one: english if one == "en" else value_label(field, value, one) for one in self.languages})

    def value_text(self, value: str, field: str = "") -> str:
        """Return the label of one of our own values as plain text, languages parted by a slash."""
        if not self.is_value(value, field):
            return value
        english = _english(value, field)
        spoken = [english if one == "en" else value_label(field, value, one) for one in self.languages]
        return " / ".join(dict.fromkeys(spoken))

    def is_value(self, value: str, field: str = "") -> bool:
        """Whether a text is a word of ours and not of the record's author."""
        texts = load_area("values", "zh")
        return bool(_WORD.fullmatch(value)) and (value in texts or f"{field}: {value}" in texts)

    def length(self, text: str) -> str:
        """Return a length of time as records write it (`2h`, `3 working days`) in words; nothing for what is none."""
        return self.each(lambda language: said_length(text, language)) if said_length(text, "en") else ""

    def known(self, value: str, field: str) -> str:
        """Return the label of one of our own values; nothing for a text of the record's author."""
        label = self._known.get((value, field))
        if label is None:
            if not self.is_value(value, field):
                return ""
            label = self._known[value, field] = self.value(value, field)
        return label

    def own(self, text: str, classes: str = "") -> str:
        """Return a short text of the desk's own as HTML, with its Chinese name where it has one (`words_zh`)."""
        name = own_word(text) if "zh" in self.languages else ""
        if not name:
            return written(text, "span", classes)
        spans = self._spans({one: name if one == "zh" else text for one in self.languages})
        return f'<span class="{classes}">{spans}</span>' if classes else spans

    def kind(self, kind: str) -> str:
        """Return the name of a kind of record."""
        return self.field(kind)

    def kinds(self, kind: str) -> str:
        """Return the name of a kind of record, many of it; Chinese has no plural."""
        name = label_of(kind)
        return self._spans({one: plural(name) if one == "en" else say("fields", name, one) for one in self.languages})

    def kind_text(self, kind: str) -> str:
        """Return the name of a kind of record as plain text."""
        return self.text(label_of(kind), "fields")

    def kinds_text(self, kind: str) -> str:
        """Return the name of a kind of record, many of it, as plain text."""
        name = label_of(kind)
        spoken = [plural(name) if one == "en" else say("fields", name, one) for one in self.languages]
        return " / ".join(dict.fromkeys(spoken))

    def _spans(self, spoken: dict[str, str]) -> str:
        if len(set(spoken.values())) == 1:
            return escape(next(iter(spoken.values())))
        return "".join(
            f'<span class="l" lang="{TAGS[language]}">{escape(text)}</span>' for language, text in spoken.items()
        )


def _english(value: str, field: str) -> str:
    """Return the English label of one of our own values."""
    return SPELT.get(f"{field}: {value}") or SPELT.get(value) or capital(value_label(field, value, "en"))


_PLURALS = {"Person": "People", "Survey": "Surveys"}


def plural(name: str) -> str:
    """Return the English plural of a kind's name."""
    if name in _PLURALS:
        return _PLURALS[name]
    if name.endswith("y"):
        return name[:-1] + "ies"
    return name if name.endswith("hours") else name + "s"


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def language_of(text: str) -> str:
    """Return the `lang` a record's own text is in, as far as its script tells: zh-Hans where it has Han."""
    return "zh-Hans" if not text.isascii() and _HAN.search(text) else "en"


def main_language(text: str) -> str:
    """Return the `lang` most of a longer text is in: zh-Hans where Han outweighs half of its Latin letters.

    (A Chinese character says about as much as two letters; English that quotes a few stays English.)
    """
    han = 0 if text.isascii() else sum(map(len, _HAN_RUNS.findall(text)))
    return "zh-Hans" if han and 2 * han >= sum(map(len, _LATIN_RUNS.findall(text.lower()))) else "en"


def written(text: str, tag: str = "span", classes: str = "") -> str:
    """Return a record's own text as an element with the language it is written in."""
    attributes = f' class="{classes}"' if classes else ""
    return f'<{tag}{attributes} lang="{language_of(text)}">{escape(text)}</{tag}>'
