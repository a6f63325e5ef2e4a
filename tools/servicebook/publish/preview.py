"""A site shown while it is written: served to this machine alone, its pages load again when they were built anew.

Pages have a content policy that lets no script run but the site's own files, and nothing be fetched. So the news comes
as a script file too, which the server holds back until there is any.
"""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Condition
from typing import Any, BinaryIO

NEWS = "/servicebook-preview/"
"""Below this address, `N.js` is answered as soon as the site is another than in its Nth state."""
_PORTAL = "/assets/servicebook/portal.js"
_HELD = 25.0  # seconds a question is held back; proxies and browsers give up later
_ASK = b"""
(()=>{let known=0;const ask=()=>{const s=document.createElement('script');s.src='/servicebook-preview/'+known+'.js';
s.onload=()=>{s.remove();const now=+document.documentElement.dataset.state;if(known&&now!==known)location.reload();
known=now;ask()};s.onerror=()=>{s.remove();setTimeout(ask,1000)};document.head.append(s)};ask()})();
"""


class Preview(ThreadingHTTPServer):
    """A server of a folder, on this machine's own address. Raises OSError where the port is taken."""

    daemon_threads = True

    def __init__(self, folder: str, port: int) -> None:
        self._state = 1
        self._renewed = Condition()
        super().__init__(("127.0.0.1", port), partial(_Handler, directory=folder))

    @property
    def address(self) -> str:
        """Where a browser finds the site."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def renew(self) -> None:
        """Let all open pages load again."""
        with self._renewed:
            self._state += 1
            self._renewed.notify_all()

    def newer(self, known: int) -> int:
        """Return the state of the site: at once where it is another than the known one, else after a while."""
        with self._renewed:
            self._renewed.wait_for(lambda: self._state != known, timeout=_HELD)
            return self._state


class _Handler(SimpleHTTPRequestHandler):
    server: Preview

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer a question for news; else give out a file, our script with the question in it."""
        path = self.path.partition("?")[0]
        if path.startswith(NEWS):
            known = path.removeprefix(NEWS).removesuffix(".js")
            state = self.server.newer(int(known) if known.isascii() and known.isdigit() else 0)
            return self._script(f"document.documentElement.dataset.state={state}".encode())
        if path == _PORTAL:
            with Path(self.translate_path(path)).open("rb") as file:
                return self._script(file.read() + _ASK)
        return super().send_head()

    def _script(self, data: bytes) -> BytesIO:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return BytesIO(data)

    def end_headers(self) -> None:
        """Keep browsers from keeping pages."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: what was built is what matters."""
