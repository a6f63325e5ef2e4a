"""The frame around every page: what the theme's templates are given, and the shell cut out of one page."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import escape

from servicebook.language.catalogue import say
from servicebook.publish.labels import TAGS, Labels
from servicebook.publish.shell import Shell
from servicebook.publish.view import View
from servicebook.records.audiences import INTERNAL, PUBLIC, customer_of
from servicebook.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self' file:{serve}; style-src 'self' file:; img-src 'self' file: data:; "
    "font-src 'self' file:; connect-src 'self'; form-action 'self' file:; base-uri 'none'"
)
"""The content policy of every page: nothing inline, nothing from elsewhere (`data:` is for the theme's icons)."""

SHELL = "servicebook-shell/frame/page.md"
"""The page that MkDocs renders once for all records."""

AT_THE_FOOT = ("search.md", "subscriptions.md")
"""Pages of the navigation that stand at the foot: the search box is on every page, and few subscribe twice."""

_SHELL_DEPTH = '="../..'
"""How links begin on the shell page, which lies two folders deep so that they can be told apart."""


def shell_of(output: str) -> Shell:
    """Return the shell from the page that the theme rendered."""
    return Shell(output.replace(_SHELL_DEPTH, '="@@ROOT@@'))


def template_values(labels: Labels, settings: Settings, serves: bool) -> dict[str, object]:
    """Return what the templates know as `servicebook`."""
    first = labels.languages[0]
    return {
        "first_language": TAGS[first],
        "first_key": first,
        "languages": " ".join(labels.languages),
        "has_switch": len(labels.languages) > 1,
        "shell": SHELL,
        "at_the_foot": AT_THE_FOOT,
        # Live reload writes its script into the page; only the preview on one's own machine allows that.
        "policy": POLICY.format(serve=" 'unsafe-inline'" if serves else ""),
        "site_name": site_name(labels, settings),
        "search_hint": search_hint(labels),
    }


def search_hint(labels: Labels) -> str:
    """Return the attributes by which a search box tells what it takes; the script shows one language of it."""
    text = "Ids, codes, words"
    each = "".join(f' data-hint-{one}="{escape(say("site", text, one))}"' for one in labels.languages)
    return f'placeholder="{escape(labels.text(text))}"{each}'


def audience_note(labels: Labels, view: View) -> str:
    """Return the line that says whom the site is for."""
    audience = view.desk.audience
    if audience == INTERNAL:
        return labels.say("This site is for the organisation itself (audience: internal).")
    if audience == PUBLIC:
        return labels.say("This site is for everybody (audience: public).")
    customer = view.get("customer", customer_of(audience))
    names = {"en": customer.title, "zh": str(customer.data.get("title_zh") or customer.title)} if customer else {}
    other = customer_of(audience)
    text = "This site is for {customer} alone."
    return labels.each(lambda language: say("site", text, language, customer=names.get(language, other)))


def site_name(labels: Labels, settings: Settings) -> str:
    """Return the desk's name in all languages of the site."""
    if len(labels.languages) < 2 or not settings.name_zh:
        return escape(settings.name_zh if labels.languages == ("zh",) and settings.name_zh else settings.name)
    return (
        f'<span class="l" lang="en">{escape(settings.name)}</span>'
        f'<span class="l" lang="zh-Hans">{escape(settings.name_zh)}</span>'
    )


def as_of_html(labels: Labels, now: datetime, commit: str, changed: bool) -> str:
    """Return the line that says which instant and which commit this site shows."""
    words: dict[str, object] = {"at": f"{now:%Y-%m-%d %H:%M} {_offset(now)}", "commit": commit}
    if not commit:
        return labels.say("As of {at}, before the first commit", **words)
    if changed:
        return labels.say("As of {at}, commit {commit} and edits not committed yet", **words)
    return labels.say("As of {at}, commit {commit}", **words)


def as_of_script(labels: Labels, html: str, now: datetime, fixed: bool) -> bytes:
    """Return the one small script that tells all pages the same, so that they need not be written again.

    fixed: whether the desk stands still at `now` (settings `as_of`), so that time left is counted from there.
    """
    words = {
        name: {one: say("site", text, one) for one in labels.languages} for name, text in SCRIPT_WORDS.items()
    }
    told = {"at": now.isoformat(timespec="seconds"), "fixed": fixed, "html": html, "words": words}
    return f"/* Written at every build. */\nwindow.servicebook = {json.dumps(told, ensure_ascii=False)};\n".encode()


SCRIPT_WORDS = {
    "left": "{time} left",
    "late": "{time} late",
    "days": "{n} d {h} h",
    "old": "{n} days old",
    "copy": "Copy",
    "copied": "Copied",
}
"""What portal.js says; the braces are filled there."""


def split_heading(html: str) -> tuple[str, str]:
    """Return a page's own first heading, where its text begins with one, and the rest."""
    found = _HEADING.match(html)
    return (found[1], html[found.end() :]) if found else ("", html)


def heading_text(heading: str) -> str:
    """Return what a heading says as HTML, without the heading itself and its permalink."""
    return re.sub(r'<a class="headerlink".*?</a>|</?h1[^>]*>', "", heading, flags=re.DOTALL)


_HEADING = re.compile(r"\s*(<h1\b.*?</h1>)\s*", re.DOTALL)


def _offset(at: datetime) -> str:
    text = f"{at:%z}"
    return f"{text[:3]}:{text[3:5]}"
