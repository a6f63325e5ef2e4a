"""The index as the site's script reads it finds what a scan of the texts finds, new and after it was moved."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import re
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from tests.search.corpora import document, queries_for, random_documents, scan, texts_of
from tests.search.scripts import ask, needs_node

from servicebook.search.documents import Document
from servicebook.search.index import Group, Kept, Made, make_index
from servicebook.search.shards import pack_shard, unpack_shard

ROOT = Path(__file__).parent.parent.parent
CORPORA = Path(os.environ.get("SERVICEBOOK_CORPORA") or "nowhere")
"""A folder of real texts, for those who have one; the desk of this repository is always there."""


def make(folder: Path, documents: Sequence[Document], kept: Kept | None = None) -> Made:
    """Make the index of the documents in a folder, or move the one that is there."""
    by_url = {one.url: one for one in documents}

    def load(urls: Sequence[str]) -> Iterator[Document]:
        return (by_url[url] for url in urls)

    groups: dict[str, dict[str, str]] = {}
    for one in documents:
        groups.setdefault(one.url.rpartition("/")[0], {})[one.url] = str(hash(one))
    wanted = {name: Group(str(some), partial(dict, some)) for name, some in groups.items()}
    made = make_index(wanted, load, {}, kept, lambda name: (folder / name).read_text("utf-8"))
    folder.mkdir(exist_ok=True)
    for name, script in made.files.items():
        (folder / name).write_text(script, "utf-8")
    for name in made.gone:
        (folder / name).unlink()
    return made


def differences(folder: Path, documents: Sequence[Document], queries: Iterable[str]) -> list[object]:
    """Return what the script finds otherwise than a scan does."""
    asked = list(queries)
    hits = ask(folder=str(folder), queries=asked)["hits"]
    texts, wrong = texts_of(documents), list[object]()
    for query, found in zip(asked, hits, strict=True):
        seen = scan(texts, query)
        if set(found["urls"]) != seen or len(found["urls"]) != len(seen):
            wrong.append((query, sorted(seen ^ set(found["urls"]))[:3]))
    return wrong


@needs_node
@pytest.mark.parametrize("seed", [1, 2])
def test_random_texts_are_found_as_by_a_scan(tmp_path: Path, seed: int) -> None:
    made = random_documents(300, seed)
    make(tmp_path / "index", made)
    assert differences(tmp_path / "index", made, queries_for(made, 200, seed)) == []


@needs_node
def test_this_desk_is_found_as_by_a_scan(tmp_path: Path) -> None:
    files = sorted([*ROOT.glob("kb/guide/*.md"), *ROOT.glob("tickets/**/*.md")])
    made = [document(str(path.relative_to(ROOT)), path.stem, path.stem, path.read_text("utf-8")) for path in files]
    make(tmp_path / "index", made)
    assert differences(tmp_path / "index", made, queries_for(made, 80, 3)) == []


@needs_node
def test_a_moved_index_finds_as_a_new_one(tmp_path: Path) -> None:
    chance, folder = random.Random(5), tmp_path / "index"
    documents = {one.url: one for one in random_documents(600, 5)}
    made = make(folder, list(documents.values()))
    for turn in range(4):
        for url in chance.sample(sorted(documents), 5):
            documents[url] = documents[url]._replace(
                text=documents[url].text[3:] + chance.choice(["新词组", "newword"])
            )
        for url in chance.sample(sorted(documents), 3):
            del documents[url]
        documents[f"new/{turn}.html"] = random_documents(1, 90 + turn)[0]._replace(
            url=f"new/{turn}.html", text="新" * 1500
        )
        kept = Kept.of_json(json.loads(json.dumps(made.kept.to_json())), made.kept.rows)
        made = make(folder, list(documents.values()), kept)
        assert not made.whole
    everything = list(documents.values())
    assert (
        differences(folder, everything, [*queries_for(everything, 150, 6), "新词组", "新新新新新新新新", "newword"])
        == []
    )


def test_one_changed_document_moves_few_files(tmp_path: Path) -> None:
    documents = random_documents(600, 8)
    made = make(tmp_path / "index", documents)
    documents[7] = documents[7]._replace(text=documents[7].text + " unheard")
    moved = make(tmp_path / "index", documents, made.kept)
    assert set(moved.files) == {"meta.js", f"d{moved.kept.rows('p')['p/7.html'][0] // 4}.js", *_words(moved)}
    assert len(_words(moved)) == 1
    assert make(tmp_path / "index", documents, moved.kept).files.keys() == {"meta.js"}


def _words(made: Made) -> list[str]:
    return [name for name in made.files if name.startswith("w")]


@pytest.mark.parametrize("harm", ["gone", "cut", "other", "rotten"])
def test_an_index_that_was_harmed_is_made_anew(tmp_path: Path, harm: str) -> None:
    documents = random_documents(60, 9)
    made = make(tmp_path / "index", documents)
    for path in (tmp_path / "index").glob("w*.js"):
        if harm == "gone":
            path.unlink()
        else:
            text = path.read_text("utf-8")
            harmed = {"cut": text[:40], "other": "sbIndex()\n", "rotten": f"{text[:40]}{'A' * 40}{text[80:]}"}
            path.write_text(harmed[harm], "utf-8")
    documents[7] = documents[7]._replace(text="other words")
    assert make(tmp_path / "index", documents, made.kept).whole


def test_a_word_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    make(tmp_path, random_documents(300, 4))
    scripts = [path.read_text("utf-8") for path in sorted(tmp_path.glob("w*.js"))]
    assert len(scripts) > 3
    for script in scripts:
        number = re.match(r'sbIndex\("w(\d+)"', script)
        assert number
        assert pack_shard(int(number[1]), unpack_shard(script)) == script


def test_exact_names_come_first_then_titles_then_the_latest() -> None:
    names = ["older", "newer", "title", "id"]
    dates = {"older": "20260101", "newer": "20260303", "title": "20250101", "id": "20240101"}
    made = [
        document(f"{name}.html", f"INC-{dates[name]}-{name.upper():0>4}", "Some", "7f3k", dates[name]) for name in names
    ]
    made[2] = made[2]._replace(title="About 7F3K")
    made[3] = made[3]._replace(id="INC-20240101-7F3K")
    assert first_urls(made, "7f3k") == ["id.html", "title.html", "newer.html", "older.html"]


def test_what_is_open_comes_before_what_is_over() -> None:
    over = document("over.html", "INC-20260303-AAAA", "One", "freeze", "20260303")
    open_one = document("open.html", "INC-20260101-BBBB", "Two", "freeze", "20260101")._replace(standing=2)
    assert first_urls([over, open_one], "freeze") == ["open.html", "over.html"]


def first_urls(documents: Sequence[Document], query: str) -> list[str]:
    """Return the order of the hits, as the script has it; a skip where there is no Node."""
    import shutil
    import tempfile

    if not shutil.which("node"):
        pytest.skip("node is not here: the order is seen in Chromium only")
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), documents)
        return list(ask(folder=folder, queries=[query])["hits"][0]["urls"])


def test_nothing_in_a_file_ends_its_script(tmp_path: Path) -> None:
    hostile = 'one\u2028two </script> \\ " \ud800 \x00'
    make(tmp_path, [document("a</script>.html", "a", hostile, hostile)])
    for path in tmp_path.glob("*.js"):
        assert re.fullmatch(r'sbIndex\("[a-z0-9]+","[A-Za-z0-9+/=]*"\)\n', path.read_text("utf-8")), path.name


@needs_node
def test_an_empty_site_is_searched_in_vain(tmp_path: Path) -> None:
    make(tmp_path, [])
    assert [one["urls"] for one in ask(folder=str(tmp_path), queries=["直播", "a", "st", '"a b"'])["hits"]] == [[]] * 4


@needs_node
@pytest.mark.slow
@pytest.mark.skipif(not CORPORA.is_dir(), reason="SERVICEBOOK_CORPORA names no folder of real texts")
@pytest.mark.parametrize("corpus", ["zh-pingcap-docs", "peps", "postmortems-dfds", "rustsec", "tickets-endava"])
def test_real_texts_are_found_as_by_a_scan(tmp_path: Path, corpus: str) -> None:
    made = list(real_documents(CORPORA / corpus))
    make(tmp_path / "index", made)
    assert differences(tmp_path / "index", made, queries_for(made, 150, 11)) == []


def real_documents(folder: Path) -> Iterator[Document]:
    """Yield the texts below a folder: Markdown, rows of tables, members of archives."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".md":
            yield document(str(path.relative_to(folder)), path.stem, path.stem, path.read_text("utf-8", "replace"))
        elif path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                for member in archive.getmembers()[::4]:
                    stream = archive.extractfile(member) if member.isfile() else None
                    if stream:
                        yield document(member.name, member.name, member.name, stream.read().decode("utf-8", "replace"))
        elif path.name.endswith(".csv.gz"):
            with io.TextIOWrapper(gzip.open(path), "utf-8", "replace") as rows:
                for number, row in enumerate(rows):
                    yield document(str(number), str(number), row[:30], row)
