"""The frame around every page: what the theme's templates are given, and the shell cut out of one page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape

from servicebook.publish.build import Shell
from servicebook.publish.labels import TAGS, Labels
from servicebook.records.kinds import KINDS
from servicebook.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self' file:{serve}; style-src 'self' file:; img-src 'self' file: data:; "
    "font-src 'self' file:; connect-src 'self'; form-action 'self' file:; base-uri 'none'"
)
"""The content policy of every page: nothing inline, nothing from elsewhere (`data:` is for the theme's icons)."""

_SHELL_DEPTH = '="../..'
"""How links begin on the shell page, which lies two folders deep so that they can be told apart."""


def shell_of(output: str) -> Shell:
    """Return the shell from the page that the theme rendered."""
    return Shell(output.replace(_SHELL_DEPTH, '="@@ROOT@@'))


def template_values(labels: Labels, settings: Settings, material_css: str, serves: bool) -> dict[str, object]:
    """Return what the templates know as `servicebook`."""
    first = labels.languages[0]
    return {
        "first_language": TAGS[first],
        "first_key": first,
        "has_switch": len(labels.languages) > 1,
        # Live reload writes its script into the page; only the preview on one's own machine allows that.
        "policy": POLICY.format(serve=" 'unsafe-inline'" if serves else ""),
        "material_css": material_css,
        "site_name": site_name(labels, settings),
        "audience_note": labels.say("This site is for the organisation itself (audience: internal)."),
    }


def site_name(labels: Labels, settings: Settings) -> str:
    """Return the desk's name in all languages of the site."""
    if len(labels.languages) < 2 or not settings.name_zh:
        return escape(settings.name_zh if labels.languages == ("zh",) and settings.name_zh else settings.name)
    return (
        f'<span class="l" lang="en">{escape(settings.name)}</span>'
        f'<span class="l" lang="zh-Hans">{escape(settings.name_zh)}</span>'
    )


def filter_words(labels: Labels, states: Iterable[str]) -> str:
    """Return the words that the search page takes kinds and states from."""
    words = [(f"kind-{kind.name}", labels.kind(kind.name)) for kind in KINDS] + [("kind-page", labels.say("Page"))]
    words += [(f"state-{state}", labels.value(state)) for state in sorted(set(states)) if state]
    return "".join(f'<span data-word="{escape(name)}">{html}</span>' for name, html in words)


def as_of_html(labels: Labels, now: datetime, commit: str, changed: bool) -> str:
    """Return the line that says which instant and which commit this site shows."""
    words: dict[str, object] = {"at": f"{now:%Y-%m-%d %H:%M} {_offset(now)}", "commit": commit}
    if not commit:
        return labels.say("As of {at}, before the first commit", **words)
    if changed:
        return labels.say("As of {at}, commit {commit} and edits not committed yet", **words)
    return labels.say("As of {at}, commit {commit}", **words)


def as_of_script(html: str) -> bytes:
    """Return the one small script that tells all pages the same, so that they need not be written again."""
    script = (
        "/* Written at every build. */\n"
        f"const asOf = {json.dumps(html)};\n"
        "document.querySelectorAll('.sb-asof').forEach(function (place) { place.innerHTML = asOf; });\n"
    )
    return script.encode()


def _offset(at: datetime) -> str:
    text = f"{at:%z}"
    return f"{text[:3]}:{text[3:5]}"
