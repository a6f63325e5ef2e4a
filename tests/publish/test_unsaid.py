"""Ids and names that an audience may not be told, in every form in which people would read them, on whole sites."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Repo
from tests.publish.conftest import example_files
from tests.publish.growth import SQUARED, growth

from servicebook.audience.looking import _forms
from servicebook.audience.projected import ProjectedDesk
from servicebook.publish.leaktest import try_for_leaks
from servicebook.publish.outer import outer_config
from servicebook.publish.site import build_site
from servicebook.publish.unsaid import Unsaid
from servicebook.records.facts import Facts
from servicebook.settings import Settings

CUSTOMER = "customer:harbour-tv"
HIDDEN = ("inc20261121sec1", "qwyzex", "秘台", "encoderq9")
INCIDENT = "tickets/incidents/2026/03/INC-20260312-7F3K.md"
SAID = (
    "INC 20261121 SEC1", "INC20261121SEC1", "INC-2026**1121**-SEC1", "INC-2026_1121_-SEC1", "INC.20261121.SEC1",
    "INC-\n20261121-SEC1", "INC-[2026](https://example.org)1121-SEC1", "INC-<b>2026</b>1121-SEC1",
    "INC-`20261121`-SEC1", "INC-2026&#xFF11;121-SEC1",
    "I\ufe0fNC-20261121-SEC1", "𝐈𝐍𝐂-20261121-SEC1", "INС-20261121-SЕC1",
    "INC-2O261121-SECl", "INC-2026-11-21-SEC1", "https://example.org/INC%2020261121%20SEC1",
    "I\u0332N\u0332C 20261121 SEC1",
    "qwy**zex**", "**Qwy**zex", "~~Qwy~~zex", "Qwy\u0301zex", "Qwу*zex*", "秘**台**", "秘\n台", "秘\u3000台",
    "en**coder-q9**", "encoder\u2013q9", "kb/assets/en**coder-q9**.md",
)  # fmt: skip
UNHARMED = (
    "INC 20260312 7F3K", "plain *words* of `code`", "2026**11**21 SEC1", "海**港台** INC", "[a](b) 1121",
    "e\u0301t\u00e9", "CHG 20261121 done", "reqwyzexed *b*", "INC 2026 in 1121 SEC1",
)  # fmt: skip


def skeleton(text: str) -> str:
    """Return the letters and digits that people read in a page, by a way of its own."""
    text = html.unescape(re.sub(r"<[^>]*>|\\n", "", text).replace("%20", " "))
    text = text.translate(str.maketrans("СЕу", "CEy"))
    text = "".join(one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one)[0] in "LN")
    return text.lower()


def facts(path: str, kind: str, id: str, **data: object) -> Facts:
    return Facts(path, "", kind, id, str(data.get("title", "")), "", json.dumps(data), ())


@pytest.fixture(scope="module")
def unsaid() -> Unsaid:
    shown = {"7f3k", "harbour"}
    return Unsaid(
        [
            facts("sec1", "incident", "INC-20261121-SEC1"), facts("7f3k", "incident", "INC-20260312-7F3K"),
            facts("q", "customer", "qwyzex", title="Qwyzex", title_zh="秘台"),
            facts("harbour", "customer", "harbour-tv", title="Harbour TV", title_zh="海港台"),
            facts("a", "asset", "encoder-q9"),
        ],
        shown,
    )  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_what_is_read_is_not_said(unsaid: Unsaid, text: str) -> None:
    told = unsaid.text(f"see {text} there")
    assert "restricted" in told or "不公开" in told
    assert not [hidden for hidden in HIDDEN if hidden in skeleton(told)], told
    assert told.startswith("see ") and told.endswith(" there")


@pytest.mark.parametrize("text", UNHARMED)
def test_what_only_looks_like_it_stays(unsaid: Unsaid, text: str) -> None:
    assert unsaid.text(text) == text


def test_emphasis_goes_with_what_it_stood_in(unsaid: Unsaid) -> None:
    assert unsaid.text("a qwy**zex** b **Qwy**zex c") == "a restricted b restricted c"


@pytest.mark.parametrize(
    "sign", ["[", "](", "][a", "<a", "{a", "&#", "%2", "INC ", "INC 20261121 ", "1 ", "*1*", "秘 "]
)
def test_a_long_hostile_text_takes_no_time(unsaid: Unsaid, sign: str) -> None:
    assert growth(unsaid.text, sign, 40_000) < SQUARED


CUSTOMER_FILE = """---
schema: customer/1
id: qwyzex
title: Qwyzex
title_zh: 秘台
---
"""
NAMES = ["plain.txt", "INC 20261121 SEC1.log", "INC-20261121-SEC1.txt", "of qwyzex.csv"]
PAGE = """---
title: Words {title}
audience: ["customer:harbour-tv"]
shown_files: [shown.txt]
---
# Words

{body}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a customer, whose records and pages say all of it in fields, texts, files and titles."""
    files: dict[str, Any] = example_files()
    every = "\n\n".join(f"Said: {one}" for one in SAID)
    files["kb/customers/qwyzex.md"] = CUSTOMER_FILE
    hidden = files[INCIDENT].replace("INC-20260312-7F3K", "INC-20261121-SEC1")
    files["tickets/incidents/2026/11/INC-20261121-SEC1.md"] = re.sub("(?m)^audience: .*\n", "", hidden)
    asset = next(path for path in files if path.startswith("kb/assets/"))
    files["kb/assets/encoder-q9.md"] = re.sub("(?m)^id: .*", "id: encoder-q9", files[asset])
    files[INCIDENT] = re.sub("(?m)^title:", f"shown_files: {json.dumps(NAMES)}\ntitle:", files[INCIDENT], count=1)
    files |= {f"{INCIDENT[:-3]}.files/{name}": "log" for name in NAMES}
    shown = re.sub("(?m)^title: .*", 'title: "INC 20261121 SEC1 qwy**zex** 秘\\\\u200b**台**"', files[INCIDENT])
    files[INCIDENT] = shown + f"\n## Impact\n\n{every}\n"
    article = next(path for path in files if path.startswith("kb/articles/"))
    files[article] += f"\n## More\n\n{every}\n"
    files["kb/words.md"] = PAGE.format(title="of INC 20261121 SEC1", body=every)
    files["kb/words.files/shown.txt"] = every
    files["mkdocs.yml"] += "nav:\n- Home: index.md\n- About Qwyzex, INC 20261121 SEC1: words.md\n"
    repo = Repo(tmp_path_factory.mktemp("unsaid"))
    repo.git("init", "--quiet", "--initial-branch=main")
    repo.commit("start", files)
    built = build_site(str(repo.root), str(repo.root / "built"), audience=CUSTOMER)
    assert sorted(one.path.rpartition("/")[2] for one in built.refused) == sorted(NAMES[1:])
    return repo.root / "built"


def test_nothing_on_a_customers_site_says_it(site: Path) -> None:
    said = []
    for path in site.rglob("*"):
        said += [(str(path), hidden) for hidden in HIDDEN if hidden in skeleton(path.name)]
        if path.is_file() and path.suffix in (".html", ".json", ".xml", ".ics", ".js", ".txt"):
            text = "\n".join(skeleton(plain.decode("utf-8", "replace")) for _, plain in _forms(path.read_bytes(), 0))
            said += [(path.relative_to(site).as_posix(), hidden) for hidden in HIDDEN if hidden in text]
    assert not said
    assert (site / f"{INCIDENT[:-3]}.files/plain.txt").is_file()
    page = (site / INCIDENT.replace(".md", ".html")).read_text("utf-8")
    assert page.count("restricted") + page.count("不公开") > len(SAID)


def test_titles_in_the_navigation_are_read_as_well(site: Path) -> None:
    assert "About restricted, restricted" in (site / "index.html").read_text("utf-8")


def test_words_of_the_configuration_are_read(unsaid: Unsaid) -> None:
    class Desk(ProjectedDesk):
        def pages(self) -> list[str]:
            return ["kb/a.md"]

    given = "site_name: Qwyzex desk\ncopyright: for Qwyzex\nplugins: [servicebook]\nnav: [{Qwyzex: a.md}]\n"
    config = outer_config(given, Desk("public", Settings(), "", "", ("", False)), unsaid.unprojected)
    assert (config["site_name"], config["copyright"]) == ("restricted desk", "for restricted")
    assert config["nav"] == [{"restricted": "a.md"}]


def test_the_leak_test_plants_and_finds_ids_that_are_written_otherwise(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not try_for_leaks(str(desk.root), ["public"]).leaks
    monkeypatch.setattr(Unsaid, "text", lambda self, text: text)
    leaks = try_for_leaks(str(desk.root), ["public"]).leaks
    assert ("leaktest.html", "as it is read") in {(leak.file, leak.form) for _, leak in leaks}
