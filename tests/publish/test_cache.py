"""Pages kept between builds: whatever became of them or of the site, it has those of the build and no others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.publish.cache import PageCache
from servicebook.publish.sealed import seal_parts

OF_RECORDS = [f"tickets/{letter}.html" for letter in "abcd"] + ["tickets/2026/e.html", "f.html"]
PAGES = [*OF_RECORDS, "index.html", "tickets/2026-11.html", "api/v1/x.json"]
OTHERS = {"search.html": b"MkDocs"}
ROOT, OTHER = Path(__file__).parent, Path("/dev/shm")
"""Two places that are mostly on two file systems."""


def _build(folder: Path, site: Path, wanted: dict[str, bytes]) -> tuple[set[str], list[str]]:
    """Build as a site is brought up to date, and return which pages were rendered, and what moved."""
    cache = PageCache(folder)
    cache.begin_survey(site, OTHERS)
    rendered = set()
    digests = {address: data.hex() for address, data in wanted.items()}
    stay = [address for address in OF_RECORDS if address in wanted and cache.knows(address)][::2]
    unsure = cache.keep_pages(set(OF_RECORDS) - set(stay)) | (wanted.keys() - set(stay))
    for address in sorted(unsure):
        if not cache.has(address, digests[address]):
            cache.write(address, digests[address], wanted[address])
            rendered.add(address)
    moved = cache.link_beside(site)
    cache.close(OF_RECORDS.__contains__, {"beside": sorted(wanted)})
    assert PageCache(folder).known.get("beside") == sorted(wanted)
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


def test_what_is_kept_of_another_version_or_damaged_is_not_believed(tmp_path: Path) -> None:
    kept, site = tmp_path / "kept", tmp_path / "site"
    site.mkdir()
    due = {"index.html": b"one", "tickets/a.html": b"two"}
    _build(kept, site, due)
    file = kept / "known.json"
    known = file.read_bytes()
    for other in (seal_parts("of another version", {"pages tickets": 1}), known[:-1], known[:-9] + b"0" + known[-8:]):
        file.write_bytes(other)
        assert _build(kept, site, due) == (set(due), sorted(due)), other[:80]
        assert file.read_bytes() != other


def test_only_the_folders_in_which_something_moved_are_written_anew(tmp_path: Path) -> None:
    kept, site = tmp_path / "kept", tmp_path / "site"
    site.mkdir()
    due = {"tickets/a.html": b"a", "tickets/2026/e.html": b"e", "index.html": b"home"}
    _build(kept, site, due)
    before = PageCache(kept)
    before.keep_pages(["tickets/2026/e.html"])
    assert before.has("index.html", b"home".hex())
    before.write("tickets/2026/e.html", "other", b"other")
    before.close(OF_RECORDS.__contains__, {})
    after = PageCache(kept)
    assert after.known.bytes_of("pages tickets") == before.known.bytes_of("pages tickets")
    assert after.known.bytes_of("others ") == before.known.bytes_of("others ")
    assert after.known.bytes_of("pages tickets/2026") != before.known.bytes_of("pages tickets/2026")


def test_of_a_folder_that_is_not_kept_as_a_whole_no_file_is_counted_in(tmp_path: Path) -> None:
    before = PageCache(tmp_path)
    for name in ("stamp.txt", "a.js", "b.js"):
        before.write(f"search-index/{name}", "1", b"text")
    before.close(lambda address: False, {})
    assert PageCache(tmp_path).keep_below("search-index/", "1")
    (tmp_path / "search-index/b.js").write_bytes(b"spoiled")
    cache = PageCache(tmp_path)
    assert not cache.keep_below("search-index/", "1")
    assert cache.addresses() == []


@pytest.mark.skipif(not OTHER.is_dir() or OTHER.stat().st_dev == ROOT.stat().st_dev, reason="there is one file system")
def test_a_site_on_another_file_system_has_copies_that_are_not_written_again(tmp_path: Path) -> None:
    due = {address: address.encode() for address in PAGES}
    with TemporaryDirectory(dir=OTHER) as elsewhere, TemporaryDirectory(dir=ROOT) as here:
        kept, site = Path(here) / "kept", Path(elsewhere)
        _build(kept, site, due)
        assert _files(site) == due
        before = {address: (site / address).stat() for address in due}
        assert _build(kept, site, due) == (set(), [])
        assert all((site / one).stat().st_ino == before[one].st_ino for one in due)
        _write_over(site / PAGES[0])
        (site / PAGES[-1]).unlink()
        rendered, moved = _build(kept, site, due)
        assert not rendered and sorted(moved) == sorted([PAGES[0], PAGES[-1]])
        due[PAGES[1]] = b"another"
        assert _build(kept, site, due) == ({PAGES[1]}, [PAGES[1]])
        assert _files(site) == due
