"""A site shown while it is written: served to this machine alone, pages that moved load again.

Pages have a content policy that lets no script run but the site's own files, and nothing be fetched. So the news comes
as a script file too, which the server holds back until there is any. A page is told apart by its own state, which is
written into it as it is given out: what moves while a browser is still loading it is not missed. It asks once it is
loaded, for what is asked before keeps a page from being so.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Condition
from typing import Any, BinaryIO
from urllib.parse import unquote

NEWS = "/servicebook-preview/"
"""Below this address, `N-M.js?PAGE` is answered once the page is not in its state N, or the site not in its Mth."""
_ASK = NEWS + "ask.js"
_PORTAL = "/assets/servicebook/portal.js"
_AS_OF = "assets/servicebook/as-of.js"
_HELD = 25.0  # seconds a question is held back; proxies and browsers give up later
_QUESTION = b"""
(()=>{const root=document.documentElement,page=location.pathname;let {own,whole}=root.dataset;
const run=(src,then,lost)=>{const s=document.createElement('script');s.src=src;s.onload=()=>{s.remove();then()};
s.onerror=()=>{s.remove();lost()};document.head.append(s)};
const told=()=>{for(const place of document.querySelectorAll('.asof'))place.innerHTML=window.servicebook.html};
const ask=()=>run('/servicebook-preview/'+own+'-'+whole+'.js?'+page,()=>{const now=root.dataset;
if(own&&now.own!==own)return location.reload();own=now.own;if(now.whole!==whole){whole=now.whole;
run('/assets/servicebook/as-of.js?'+whole,told,()=>{})}ask()},()=>{own='0';setTimeout(ask,1000)});
if(document.readyState==='complete')ask();else addEventListener('load',()=>setTimeout(ask))})();
"""
_BESIDE = ("feeds/", "api/", "calendar/")


class Preview(ThreadingHTTPServer):
    """A server of a folder, on this machine's own address. Raises OSError where the port is taken."""

    daemon_threads = True

    def __init__(self, folder: str, port: int) -> None:
        self._built = 1
        self._all = 1
        self._pages: dict[str, int] = {}
        self._renewed = Condition()
        super().__init__(("127.0.0.1", port), partial(_Handler, directory=folder))

    @property
    def address(self) -> str:
        """Where a browser finds the site."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def renew(self, moved: Iterable[str] | None = None) -> None:
        """Let the open pages load again that moved, by the addresses of all files that did; None for all."""
        with self._renewed:
            self._built += 1
            pages = None if moved is None else _pages_with(moved)
            if pages is None:
                self._all = self._built
            else:
                self._pages.update(dict.fromkeys(pages, self._built))
            self._renewed.notify_all()

    def state_of(self, page: str) -> tuple[int, int]:
        """Return the state of a page, by its address, and that of the whole site."""
        with self._renewed:
            return max(self._all, self._pages.get(page, 0)), self._built

    def newer(self, known: tuple[int, int], page: str) -> tuple[int, int]:
        """Return these states: at once where they are not the known ones, else after a while."""
        with self._renewed:
            self._renewed.wait_for(lambda: self.state_of(page) != known, timeout=_HELD)
            return self.state_of(page)


def _pages_with(moved: Iterable[str]) -> set[str] | None:
    """Return the pages that show something else when some files moved; None where that may be any."""
    pages = set()
    for address in moved:
        page, mark, _ = address.partition(".files/")
        if mark or address.endswith(".html"):
            pages.add(page + ".html" if mark else address)
        elif address.startswith("search-index/"):
            pages.add("search.html")
        elif address != _AS_OF and "/" in address and not address.startswith(_BESIDE):
            return None
    return pages


class _Handler(SimpleHTTPRequestHandler):
    server: Preview

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer a question for news; else give out a file: our script with the question, pages with their state."""
        if not _is_own(self.headers.get("Host", "")):
            return self._send(b"This site is served to this machine alone.\n", "text/plain", HTTPStatus.FORBIDDEN)
        path, _, page = self.path.partition("?")
        if path == _ASK:
            return self._send(_QUESTION, "text/javascript")
        if path.startswith(NEWS):
            known = path.removeprefix(NEWS).removesuffix(".js").split("-")
            own, whole = (int(one) if one.isascii() and one.isdigit() else 0 for one in (*known, "", "")[:2])
            own, whole = self.server.newer((own, whole), _address(page))
            said = f"document.documentElement.dataset.own={own};document.documentElement.dataset.whole={whole}"
            return self._send(said.encode(), "text/javascript")
        file = Path(self.translate_path(path))
        if path == _PORTAL and file.is_file():
            return self._send(file.read_bytes() + _QUESTION, "text/javascript")
        if path.endswith((".html", "/")):
            state = self.server.state_of(_address(path))
            file = file / "index.html" if path.endswith("/") else file
            try:
                return self._send(_marked(file.read_bytes(), *state), "text/html")
            except OSError:
                return self._missing(*state)
        return super().send_head()

    def _missing(self, own: int, whole: int) -> BytesIO:
        """Say that a page is not there, in a page that loads again once it is."""
        said = f"{HTTPStatus.NOT_FOUND.value} {HTTPStatus.NOT_FOUND.phrase}: {escape(unquote(self.path))}"
        page = f'<html lang="en"><title>{said}</title><script src="{_ASK}" defer></script><p>{said}</p></html>'
        return self._send(_marked(page.encode(), own, whole), "text/html", HTTPStatus.NOT_FOUND)

    def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> BytesIO:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return BytesIO(data)

    def end_headers(self) -> None:
        """Keep browsers from keeping pages."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: what was built is what matters."""


def _is_own(host: str) -> bool:
    """Whether a request names this machine, as the pages that we show do.

    Any site of the Internet can have a name that leads here, under which its scripts would read the desk.
    """
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name in ("", "127.0.0.1", "localhost", "[::1]") or name.endswith(".localhost")


def _marked(html: bytes, own: int, whole: int) -> bytes:
    """Return a page with its state written into it."""
    return html.replace(b"<html", f'<html data-own="{own}" data-whole="{whole}"'.encode(), 1)


def _address(path: str) -> str:
    """Return a page's address from the path by which a browser asked for it."""
    address = unquote(path).lstrip("/")
    return address + "index.html" if address.endswith("/") or not address else address
