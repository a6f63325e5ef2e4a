"""Where each record's page lies on the site, and how one page points to another.

Addresses end in `.html` and are relative, so that a site works from a server, from any folder of it, and
from file://. A record of kb/ lies where MkDocs would put it; a ticket keeps its path in the repository.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from servicebook.records.facts import Facts

KB = "kb/"

_PAGES = "htm html js mht mhtml mjs shtml xht xhtm xhtml"
_XML = "atom dae gml gpx kml mathml mml opf rdf rss smi smil svg svgz ttml wadl wsdl x3d xml xsl xslt xspf xul"
_OF_SERVERS = "asp aspx cgi config hta htaccess htpasswd jsp jspx phar php phtml"
ACTIVE = tuple(f".{ending}" for ending in f"{_PAGES} {_XML} {_OF_SERVERS}".split())
"""Endings of attachments that a browser or a web server would run, as all XML may hold a script; published as text."""

_TYPED = re.compile(r"[^/]\.(?=[0-9]*[a-z])[a-z0-9]{1,12}$", re.I)
_INSIDE = re.compile(rf"(?:{'|'.join(map(re.escape, ACTIVE))})\.", re.I)
_TAKEN_FOR_NOTHING_ELSE = (".txt", ".log", ".csv", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".zip")


def as_text(path: str) -> str:
    """Return what an attachment's name gets on the site, so that nothing runs: `.txt`, or nothing where it is safe.

    Without an ending, servers send none of the types, and a browser guesses by what is in it: a page, perhaps. Some
    look for one further inside (`page.html.old`).
    """
    name = path.rpartition("/")[2]
    if name.lower().endswith(ACTIVE):
        return ".txt"
    if not _TYPED.search(name):
        return ".file.txt"  # `notes` is another file than `notes.txt`
    return ".txt" if _INSIDE.search(name) and not name.lower().endswith(_TAKEN_FOR_NOTHING_ELSE) else ""


def address_of(path: str) -> str:
    """Return the address, from the site's root, of a record file's page, or of an attachment."""
    inside = path[len(KB) :] if path.startswith(KB) else path
    if ".files/" in inside:
        return inside + as_text(inside)
    return inside[: -len(".md")] + ".html" if inside.endswith(".md") else inside


def page_of(facts: Facts) -> str:
    """Return the address of a record's page from the site's root."""
    return address_of(facts.path)


def root_from(address: str) -> str:
    """Return the way from a page up to the site's root: "." or "../.."."""
    return "/".join([".."] * address.count("/")) or "."


def href(address: str, target: str) -> str:
    """Return the escaped relative link from the page at `address` to the address `target`, by way of the root."""
    return "../" * address.count("/") + escaped(target)


@lru_cache(maxsize=65536)
def escaped(address: str) -> str:
    """Return an address as it may stand in a link."""
    return quote(address, safe="/.-_~")


def files_folder(path: str) -> str:
    """Return the folder that holds the attachments of a record file."""
    return path[: -len(".md")] + ".files/"
