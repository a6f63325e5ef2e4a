"""Time whole builds of the site against Hugo on the same records, in memory-backed folders: `site.py --records 10000`.

Hugo renders one page a record from the same files with a template of our own frame's size, and no search index; ours
has search, calendars, feeds and the JSON files. `full` is a build with no page kept; the desk was checked before, as
after any commit (`--cold` forgets that too). `one changed` is a build after one note on one ticket; `new commit` after
that edit was committed, when nothing that a page shows has moved but its history. Bytes written are counted by the
files whose contents moved. Limits are those of the portal's promise.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generator import write_desk

from bench import SERVICEBOOK, run, together

MEMORY = Path("/dev/shm")
MKDOCS = """\
site_name: Bench
docs_dir: kb
theme: {name: servicebook}
plugins: [servicebook]
"""
LIMITS = {10_000: {"full": 1.0, "one changed": 0.25}}
SECONDS = {100_000: {"full": 90.0, "one changed": 3.0}}
MEGABYTES = {100_000: 1500.0}


def main() -> int:
    """Print the table; 1 when a limit is passed, 2 when Hugo is not here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000])
    parser.add_argument("--cold", action="store_true", help="forget the verdicts before the full build")
    parser.add_argument("--without-hugo", action="store_true", help="print seconds only")
    wish = parser.parse_args()
    if not wish.without_hugo and not shutil.which("hugo"):
        print("there is no `hugo` here: apt-get install hugo, or --without-hugo", file=sys.stderr)
        return 2
    over = False
    for records in wish.records:
        with tempfile.TemporaryDirectory(prefix="servicebook-site-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
            over |= _measure(Path(folder), records, cold=wish.cold, hugo=not wish.without_hugo)
    return int(over)


def _measure(folder: Path, records: int, *, cold: bool, hugo: bool) -> bool:
    root = folder / "desk"
    write_desk(root, records)
    (root / "mkdocs.yml").write_text(MKDOCS)
    (root / ".gitignore").write_text("/site/\n")
    run("git", "add", "-A", cwd=root)
    run("git", "-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "site", "--no-verify", cwd=root)
    os.environ["SERVICEBOOK_NOW"] = "2026-11-20T09:00:00+08:00"
    if not cold:
        run(SERVICEBOOK, "check", cwd=root, code=None)
    seconds: dict[str, float] = {}
    seconds["full"], held = together(SERVICEBOOK, "site", cwd=root)
    before = _digests(root / "site")
    seconds["nothing changed"] = run(SERVICEBOOK, "site", cwd=root)
    ticket = next(path for path in sorted((root / "tickets").rglob("*.md")) if "\nimpact: " in path.read_text())
    with ticket.open("a") as file:
        file.write("\nOne note more.\n")
    seconds["one changed"] = run(SERVICEBOOK, "site", cwd=root)
    after = _digests(root / "site")
    run("git", "-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qam", "one", "--no-verify", cwd=root)
    seconds["new commit"] = run(SERVICEBOOK, "site", cwd=root)
    base = {"full": 0.0, "one changed": 0.0}
    if hugo:
        base = _hugo(folder / "hugo", root)
    size = f"{len(before)} files, {_size(root / 'site'):.0f} MB"
    print(f"{records} records, {size}, largest share of memory {held:.0f} MB")
    over = held > MEGABYTES.get(records, float("inf"))
    for what, took in seconds.items():
        yardstick = base.get(what) or 0.0
        ratio = f"{took / yardstick:6.2f} x Hugo's {yardstick:.2f} s" if yardstick else ""
        limit = LIMITS.get(records, {}).get(what) if yardstick else None
        most = SECONDS.get(records, {}).get(what)
        late = (limit is not None and took > limit * yardstick) or (most is not None and took > most)
        over |= late
        said = f"<= {limit:g}" if limit is not None else f"<= {most:g} s" if most is not None else ""
        print(f"  {what:16} {took:8.2f} s  {ratio:24} {said:8} {'OVER' if late else ''}")
    print(f"  files that one changed ticket rewrites: {len(_moved(before, after))}")
    return over


def _hugo(folder: Path, root: Path) -> dict[str, float]:
    """Return how long Hugo takes for all records, and again after one changed."""
    (folder / "layouts" / "_default").mkdir(parents=True)
    frame = next((root / "site" / "tickets").rglob("INC-*.html")).read_text()
    head, _, rest = frame.partition("<main")
    rest = rest[rest.index("</main>") :]
    loop = '<dl>{{ range $k, $v := .Params }}<dt>{{ $k }}</dt><dd>{{ jsonify $v }}</dd>{{ end }}</dl>'
    page = f"{head}<main><h1>{{{{ .Title }}}}</h1>{loop}{{{{ .Content }}}}{rest}"
    listing = '<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>'
    for name, body in (("single", page), ("list", listing)):
        (folder / "layouts" / "_default" / f"{name}.html").write_text(body)
    (folder / "config.toml").write_text(
        'baseURL = "/"\ntitle = "Bench"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]\n'
    )
    for name in ("tickets", "kb"):
        shutil.copytree(root / name, folder / "content" / name, ignore=shutil.ignore_patterns("*.files"))
    for page in (folder / "content").rglob("index.md"):
        page.rename(page.with_name("_index.md"))  # with the other name Hugo takes its neighbours for attachments
    seconds = {"full": run("hugo", "--quiet", cwd=folder)}
    made = sum(1 for _ in (folder / "public").rglob("index.html"))
    wanted = sum(1 for _ in (folder / "content").rglob("*.md"))
    if made < wanted * 0.98:
        raise SystemExit(f"Hugo made {made} of {wanted} pages")
    ticket = next(iter(sorted((folder / "content" / "tickets").rglob("INC-*.md"))))
    with ticket.open("a") as file:
        file.write("\nOne note more.\n")
    seconds["one changed"] = run("hugo", "--quiet", cwd=folder)
    return seconds


def _digests(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=12).digest()
        for path in site.rglob("*")
        if path.is_file()
    }


def _moved(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _size(site: Path) -> float:
    return sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
