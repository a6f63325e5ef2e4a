"""How to ask without Git: letters and forms with their lines filled in; then what words, shapes and figures mean."""

from __future__ import annotations

from html import escape
from typing import NamedTuple
from urllib.parse import quote

from servicebook.language.catalogue import say
from servicebook.publish.elements import facts, link_list
from servicebook.publish.gathering import Gathering
from servicebook.publish.glossary_html import glossary_sections
from servicebook.publish.labels import TAGS
from servicebook.publish.view import View
from servicebook.records.audiences import is_outer
from servicebook.settings import is_address

MOST_SERVICES = 60


class Errand(NamedTuple):
    """Something that a customer wants of the desk: what it is, when it fits, and the lines of a letter to fill in."""

    title: str
    when: str
    lines: tuple[str, ...]


ERRANDS = (
    Errand(
        "Report a fault", "Something does not work as it should.",
        ("What happens", "Since when", "Who is affected", "What was tried", "How to reach me"),
    ),
    Errand(
        "Ask for something", "You need something new: an account, a channel, an answer.",
        ("What is needed", "For whom", "By when", "How to reach me"),
    ),
    Errand(
        "Agree to paid work, or refuse it", "The desk told you a price and waits for your word.",
        ("Number of the ticket", "I agree, or I do not", "Up to which amount", "My name and role"),
    ),
    Errand(
        "Confirm that it is solved", "The desk says it is done, and asks whether it holds.",
        ("Number of the ticket", "Solved: yes or no", "What is still wrong"),
    ),
    Errand(
        "Complain", "You are not content with how you were served.",
        ("What went wrong", "Number of the ticket, if there is one", "What should be done", "How to reach me"),
    ),
)  # fmt: skip


def ask(desk: Gathering, address: str) -> str:
    """Return how to reach the desk, for what, and what its pages mean."""
    view = desk.view
    label = view.labels.say
    services = [one for one in view.of_kind("service") if one.status != "retired"][:MOST_SERVICES]
    return "".join(
        [
            view.section("What do you want?", _errands(view) if view.settings.ask_by else _unsaid(view)),
            view.section("About a service", link_list([view.link(address, one) for one in services]),
                         note=label("Its page tells its own ways to ask")),
            *glossary_sections(view),
        ]
    )  # fmt: skip


def _errands(view: View) -> str:
    label = view.labels.say
    return facts(
        [(label(one.title), f"<p>{label(one.when)}</p>\n{'<br>'.join(_ways(view, one))}") for one in ERRANDS], "terms"
    )


def _ways(view: View, errand: Errand) -> list[str]:
    """Return each way to reach the desk; letters and forms have their subject and lines filled in."""
    found = []
    for way in view.settings.ask_by:
        if not is_address(way):
            found.append(view.labels.own(way))
            continue
        found.append("".join(_link(view, way, errand, language) for language in view.labels.languages))
    return found


def _link(view: View, way: str, errand: Errand, language: str) -> str:
    title = say("site", errand.title, language)
    colon = "：" if language == "zh" else ": "
    body = "\n".join(say("site", line, language) + colon for line in errand.lines)
    switched = f' class="l" lang="{TAGS[language]}"' if len(view.labels.languages) > 1 else ""
    return f'<a{switched} href="{escape(filled_in(way, title, body))}">{escape(way.partition("?")[0])}</a>'


def filled_in(way: str, title: str, body: str) -> str:
    """Return the address of a letter, or of a forge's form for a new issue, with title and body filled in.

    GitHub, Forgejo and Gitea read `title` and `body`; GitLab, whose forms lie below `/-/`, `issue[title]` and
    `issue[description]`. A form that reads neither opens empty.
    """
    if "://" not in way:
        return f"mailto:{way}?subject={quote(title)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"
    names = ("issue[title]", "issue[description]") if "/-/" in way else ("title", "body")
    query = "&".join(f"{quote(name)}={quote(text)}" for name, text in zip(names, (title, body), strict=True))
    return f"{way}{'&' if '?' in way else '?'}{query}"


def _unsaid(view: View) -> str:
    """Return that nobody has said yet how to reach the desk; the house is told where that is written."""
    text = f"<p>{view.labels.say('This desk has not said yet how it is reached.')}</p>\n"
    if is_outer(view.desk.audience):
        return text
    how = view.labels.say("Say so in pyproject.toml, below [tool.servicebook]:")
    return f'{text}<p>{how} <code>ask_by = ["desk@example.org"]</code></p>\n'
