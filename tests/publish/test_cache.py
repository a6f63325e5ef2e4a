"""Pages kept between builds: whatever became of them or of the site, it has those of the build and no others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.publish.cache import PageCache
from servicebook.publish.sealed import seal, unseal

PAGES = [f"tickets/{letter}.html" for letter in "abcdef"] + ["index.html", "api/v1/x.json"]
OTHERS = {"search.html": b"MkDocs"}


def _build(folder: Path, site: Path, wanted: dict[str, bytes]) -> tuple[set[str], list[str]]:
    """Build as a site is brought up to date, and return which pages were rendered, and what moved."""
    cache = PageCache(folder)
    cache.begin_survey(site, OTHERS)
    rendered = set()
    digests = {address: data.hex() for address, data in wanted.items()}
    stay = [address for address in wanted if cache.knows(address)]
    unsure = cache.keep(stay[::2]) | set(stay[1::2]) | (wanted.keys() - set(stay))
    for address in unsure:
        if not cache.has(address, digests[address]):
            cache.write(address, digests[address], wanted[address])
            rendered.add(address)
    moved = cache.link_beside(site)
    cache.close()
    return rendered, moved


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _write_over(path: Path) -> None:
    """Write into a file, which is that of the site and of the kept pages alike."""
    path.write_bytes(b"written by somebody else")


def _replace(path: Path) -> None:
    fresh = path.with_name("fresh")
    fresh.write_bytes(path.read_bytes())
    os.replace(fresh, path)


def _copy_kept(path: Path) -> None:
    """Make a file another one with the same looks, as when a folder is restored from a copy."""
    looks = path.stat()
    _replace(path)
    os.utime(path, ns=(looks.st_atime_ns, looks.st_mtime_ns))


HARM: list[Callable[[Path], None]] = [_write_over, _replace, _copy_kept, Path.unlink]
HARMED = st.lists(
    st.tuples(st.sampled_from(("site", "kept")), st.sampled_from(PAGES), st.sampled_from(HARM)), max_size=4
)
DESKS = st.sets(st.sampled_from(PAGES), min_size=1)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(DESKS, HARMED, st.booleans()), min_size=1, max_size=5))
def test_the_site_has_the_pages_of_the_build(
    builds: list[tuple[set[str], list[tuple[str, str, Callable[[Path], None]]], bool]],
) -> None:
    with TemporaryDirectory() as root:
        kept, site = Path(root) / "kept", Path(root) / "site"
        site.mkdir()
        (site / "search.html").write_bytes(b"MkDocs")
        for pages, harmed, with_strange in builds:
            due = {address: address.encode() for address in pages}
            _build(kept, site, due)
            assert _files(site) == due | OTHERS
            before = {address: (site / address).stat() for address in due}
            assert _build(kept, site, due) == (set(), []), "rendered or linked though nothing moved"
            after = {address: (site / address).stat() for address in due}
            assert all((before[one].st_ino, before[one].st_mtime_ns) == (after[one].st_ino, after[one].st_mtime_ns)
                       for one in due)  # fmt: skip
            if with_strange:
                (site / "tickets").mkdir(exist_ok=True)
                (site / "tickets" / "strange.html").write_bytes(b"of nobody")
            for where, address, harm in harmed:
                path = (site if where == "site" else kept) / address
                if path.is_file():
                    harm(path)
            _, moved = _build(kept, site, due)
            assert _files(site) == due | OTHERS
            assert with_strange == ("tickets/strange.html" in moved)


def test_what_is_kept_of_another_version_is_not_believed(tmp_path: Path) -> None:
    kept, site = tmp_path / "kept", tmp_path / "site"
    site.mkdir()
    due = {"index.html": b"one"}
    _build(kept, site, due)
    columns = unseal((kept / "pages.json").read_bytes())
    (kept / "pages.json").write_bytes(seal(columns[:-1]))
    assert _build(kept, site, due) == ({"index.html"}, ["index.html"])
