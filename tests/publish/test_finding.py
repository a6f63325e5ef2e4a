"""The search index of a site: what an edit moves, what filters are called, and who may be named in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from servicebook.publish.finding import names_of
from servicebook.publish.labels import Labels
from servicebook.publish.opening import judged_at
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.rules.opening import open_desk
from servicebook.search.documents import document_of
from servicebook.search.packing import unpack

INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K.md"


def files_of(folder: Path) -> dict[str, int]:
    """Return the files of the index, each with the number by which the disk knows it."""
    return {path.name: path.stat().st_ino for path in (folder / "search-index").iterdir()}


def test_an_edit_moves_the_files_that_it_touches_and_no_others(desk: Any, build: Callable[..., Any]) -> None:
    before = files_of(build(desk)[0])
    path = desk.root / INCIDENT
    path.write_text(path.read_text("utf-8") + "\nunheard 闻所未闻\n", "utf-8")
    folder, _ = build(desk)
    after = files_of(folder)
    moved = {name for name, number in after.items() if before.get(name) != number}
    assert before.keys() == after.keys()
    # A block of texts (and the rest of it), the list of everything, the stamp, and where the new words stand.
    assert len(moved - {"meta.js", "stamp.txt"}) <= 7
    words = "".join(
        str(unpack((folder / "search-index" / name).read_text("utf-8"))[0]) for name in moved if name[0] == "w"
    )
    assert "unheard" in words


def test_a_memory_of_an_older_index_is_not_believed(desk: Any, build: Callable[..., Any]) -> None:
    build(desk)
    memory = desk.root / ".git/servicebook/site/internal-worktree/search.json"
    before = memory.read_bytes()
    fresh = (desk.root / INCIDENT).with_name("INC-20260312-AAAA.md")
    fresh.write_text((desk.root / INCIDENT).read_text("utf-8").replace("7F3K", "AAAA"), "utf-8")
    build(desk)
    fresh.unlink()
    memory.write_bytes(before)
    folder, _ = build(desk)
    texts = [unpack(path.read_text("utf-8"))[0] for path in (folder / "search-index").glob("d*.js")]
    assert "INC-20260312-AAAA" not in str(texts)


def test_what_a_build_that_was_broken_off_left_is_not_read(desk: Any, build: Callable[..., Any]) -> None:
    text = (desk.root / INCIDENT).read_text("utf-8")

    def add(number: int) -> tuple[Path, int]:
        id = f"INC-20260312-A00{number}"
        (desk.root / INCIDENT).with_name(f"{id}.md").write_text(text.replace("INC-20260312-7F3K", id), "utf-8")
        index = build(desk)[0] / "search-index"
        return index, unpack((index / "meta.js").read_text("utf-8"))[0]["documents"]

    build(desk)
    number = 0
    while (found := add(number))[1] % 4:
        number += 1
    index, documents = found
    kept = desk.root / ".git/servicebook/site/internal-worktree/search-index"
    left = f"d{documents // 4}.js"
    (kept / left).write_bytes((kept / "d0.js").read_bytes())
    add(number + 1)
    assert [row[1] for row in unpack((index / left).read_text("utf-8"))[0] if row] == [f"INC-20260312-A00{number + 1}"]


def test_filters_have_names_in_both_languages(desk: Any, build: Callable[..., Any]) -> None:
    meta, _ = unpack((build(desk)[0] / "search-index/meta.js").read_text("utf-8"))
    kinds = {value[0]: value[1:] for value in meta["kind"]["values"]}
    assert kinds["incident"] == ["Incident", "事件"]
    for facet in ("kind", "service", "customer", "state"):
        assert all(len(value) == 3 for value in meta[facet]["values"]), facet
    assert meta["tones"]["in_progress"] == "run"


def test_another_language_of_the_site_names_the_filters_anew(desk: Any, build: Callable[..., Any]) -> None:
    build(desk)
    settings = desk.root / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8").replace('["en", "zh"]', '["zh"]'), "utf-8")
    meta, _ = unpack((build(desk)[0] / "search-index/meta.js").read_text("utf-8"))
    assert ["incident", "事件"] in meta["kind"]["values"]


def test_what_an_audience_may_not_see_is_no_filter() -> None:
    facts = Facts(
        "kb/articles/a.md",
        "",
        "article",
        "a",
        "A",
        "active",
        "{}",
        (),
        {"services": ["live", "restricted"], "customer": "restricted"},
    )
    made = document_of(facts, "", "articles/a.html")
    assert (made.services, made.customers) == (("live",), ())


def test_what_is_named_is_what_the_view_holds(desk: Any) -> None:
    """A service that an audience may not see is not in its desk, so its name is in none of its files."""
    opened = open_desk(str(desk.root))
    view = View(opened, judged_at(opened.settings), Labels(("en", "zh")))
    service = next(view.of_kind("service"))
    assert service.id in names_of(view)["service"]
    view._kinds["service"].remove(service)
    assert service.id not in names_of(view)["service"]
