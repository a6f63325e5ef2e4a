"""Where each record's page lies on the site, and how one page points to another.

Addresses end in `.html` and are relative, so that a site works from a server, from any folder of it, and
from file://. A record of kb/ lies where MkDocs would put it; a ticket keeps its path in the repository.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from servicebook.records.facts import Facts

KB = "kb/"

_PAGES = "htm html js mht mhtml mjs shtml xht xhtm xhtml"
_XML = "atom dae gml gpx kml mathml mml opf rdf rss smi smil svg svgz ttml wadl wsdl x3d xml xsl xslt xspf xul"
_OF_SERVERS = "asp aspx cgi config hta htaccess htpasswd jsp jspx phar php phtml"
ACTIVE = tuple(f".{ending}" for ending in f"{_PAGES} {_XML} {_OF_SERVERS}".split())
"""Endings of attachments that a browser or a web server would run, as all XML may hold a script; published as text."""


def address_of(path: str) -> str:
    """Return the address, from the site's root, of a record file's page, or of an attachment."""
    inside = path[len(KB) :] if path.startswith(KB) else path
    if ".files/" in inside:
        return inside + ".txt" if inside.lower().endswith(ACTIVE) else inside
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
