"""What a first query loads in a real Chromium, at 10,000 tickets: `search_bytes.py`, with bytes and milliseconds.

Builds the site of a generated desk, serves it from this machine, and opens the search page anew for each of some
usual queries: common and rare words, beginnings, two to nine Han characters, ids, codes, a quotation. Counted are
the page's own search scripts and every file of the index, as they lie on the disk, nothing compressed on the way.
With `--desk` it tells instead what the index of a desk takes: made whole, and moved by one changed ticket.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent))
from generator import write_desk

SERVICEBOOK = (sys.executable, "-m", "servicebook")
LIMITS = ((20_000, 120), (200_000, 250))
"""Documents up to which a first query may load so many kilobytes."""

QUERIES = (
    "stutter", "the", "wo", "re", "transcoder-3", "restarted the worker", "播", "直播", "数据库", "直播频道",
    "数据库死锁", "重启进程并观察", "回退补丁 数据库", "直播频道 3 黑屏", "数据库死锁导致稿件无法发布", "ORA-100",
    "ERR_STREAM_7", "nothing-like-this", '"rolled back patch"', "死锁频道黑屏直播",
)  # fmt: skip


class Row(NamedTuple):
    """One query: pages found, kilobytes and files loaded for it, milliseconds from opening to the results."""

    query: str
    found: int
    kilobytes: float
    files: int
    milliseconds: float


def main() -> int:
    """Print the table; 1 when a query loads more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--site", type=Path, help="a site that is built already")
    parser.add_argument("--desk", type=Path, help="a desk: only its index is made, in processor seconds")
    wish = parser.parse_args()
    if wish.desk:
        return print_index(wish.desk)
    with tempfile.TemporaryDirectory(prefix="servicebook-search-") as folder:
        site = wish.site or build(Path(folder), wish.records)
        limit = next(limit for records, limit in LIMITS if wish.records <= records)
        rows = list(measure(site))
    print(f"{'query':36} {'found':>7} {'KB':>6} {'files':>5} {'ms':>6}")
    for row in rows:
        wide = sum(1 for character in row.query if character > "\u2e80")
        print(f"{row.query:{36 - wide}} {row.found:7} {row.kilobytes:6.1f} {row.files:5} {row.milliseconds:6.0f}")
    most = max(row.kilobytes for row in rows)
    print(f"at most {most:.1f} KB of {limit}")
    return int(most > limit)


def build(folder: Path, records: int) -> Path:
    """Build the site of a generated desk and return its folder."""
    write_desk(folder / "desk", records)
    subprocess.run([*SERVICEBOOK, "site", "--output", str(folder / "site")], cwd=folder / "desk", check=True)
    return folder / "site"


def print_index(desk: Path) -> int:
    """Print what the index of a desk takes, in seconds of one processor, megabytes and files."""
    from servicebook.publish.addresses import page_of
    from servicebook.publish.bodies import split_body
    from servicebook.rules.opening import open_desk
    from servicebook.search.documents import Document, document_of
    from servicebook.search.index import Group, make_index

    opened = open_desk(str(desk))
    records = {page_of(facts): facts for facts in opened.all()}
    wanted = {url: facts.blob for url, facts in records.items()}

    def load(urls: Sequence[str]) -> Iterator[Document]:
        for start in range(0, len(urls), 250):  # as the build of a site reads them
            some = [records[url] for url in urls[start : start + 250]]
            texts = dict(opened.repository.read_blobs([facts.blob for facts in some]))
            for facts in some:
                more = " unheard 闻所未闻" if wanted[page_of(facts)] == "changed" else ""
                yield document_of(facts, split_body(texts[facts.blob]) + more, page_of(facts))
                facts.forget()

    def group() -> dict[str, Group]:
        return {"": Group(str(hash(tuple(wanted.values()))), lambda: wanted)}

    begin = time.process_time()
    made = make_index(group(), load, {}, None, {}.__getitem__)
    whole = time.process_time() - begin
    megabytes = sum(len(script) for script in made.files.values()) / 1e6
    print(f"made whole: {whole:.1f} s, {megabytes:.1f} MB, {len(made.files)} files")
    wanted[next(url for url, facts in records.items() if facts.kind == "incident")] = "changed"
    begin = time.process_time()
    moved = make_index(group(), load, {}, made.kept, made.files.__getitem__)
    print(f"one ticket changed: {time.process_time() - begin:.2f} s, {len(moved.files)} files")
    return 0


def measure(site: Path) -> Iterator[Row]:
    """Yield a row for each query, and for one ticket's id."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    ticket = max(path.stem for path in (site / "tickets").rglob("INC-*.html"))
    browser = chromium()
    try:
        for query in (*QUERIES, ticket, ticket[-4:]):
            yield one(browser, f"http://127.0.0.1:{server.server_port}", query)
    finally:
        browser.quit()
        server.shutdown()


def chromium() -> Any:
    """Return a Chromium that keeps nothing between pages."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    return driver


def one(browser: Any, base: str, query: str) -> Row:
    """Open the search page with a query and return what that took."""
    begin = time.perf_counter()
    browser.get(f"{base}/search.html?q={quote(query)}")
    while browser.execute_script("return document.documentElement.dataset.searched") != query:
        if time.perf_counter() - begin > 60:
            raise SystemExit(f"no answer to {query}")
        time.sleep(0.005)
    took = time.perf_counter() - begin
    loaded = browser.execute_script(
        "return performance.getEntriesByType('resource').map(one => [one.name, one.encodedBodySize])"
    )
    sizes = [size for name, size in loaded if re.search(r"/search(-[a-z]+)?[/.]", name)]
    found = browser.execute_script("return document.getElementById('sb-count').textContent")
    number = re.search(r"\d[\d,]*", found)
    return Row(query, int(number[0].replace(",", "")) if number else 0, sum(sizes) / 1000, len(sizes), took * 1000)


if __name__ == "__main__":
    sys.exit(main())
