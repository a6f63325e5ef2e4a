"""Everything the site says is there in Chinese, and a record's own text keeps the language it is written in."""

from __future__ import annotations

import re
from pathlib import Path

import servicebook.publish
from servicebook.language.catalogue import load_area
from servicebook.publish import approval_html, ask_html, calendar_files, glossary_html, inspections_html, month_grid
from servicebook.publish.clocks_html import TROUBLES
from servicebook.publish.frame import SCRIPT_WORDS
from servicebook.publish.head_html import HOMES
from servicebook.publish.labels import Labels, language_of, written
from servicebook.publish.own_pages import PAGES, REFERENCE, SECTIONS
from servicebook.publish.tones import TONES
from servicebook.reports.figures import FORMULAS

ROOM = Path(servicebook.publish.__file__).parent


def said() -> set[str]:
    """Return every text that the room gives to the catalogue area `site`."""
    texts = {title for title, _ in PAGES.values()} | set(REFERENCE.values()) | set(TROUBLES.values())
    texts |= {words for _, words in approval_html.OUTCOMES.values()} | set(approval_html.ASSURANCES.values())
    texts |= {one[0] for one in SECTIONS if isinstance(one, tuple)} | {"Other pages"}
    texts |= set(SCRIPT_WORDS.values()) | {home.title for home in HOMES.values()}
    texts |= {approval_html.READY, approval_html.AFTERWARDS, approval_html.NO_HISTORY}
    texts |= {*approval_html.DECISIONS.values(), "Yes", "No", "Against"}
    texts |= set(calendar_files.PREFIXES.values()) | {words for _, words in inspections_html.STATES.values()}
    texts |= {*month_grid.MONTHS, *month_grid.WEEKDAYS}
    texts |= {
        *FORMULAS,
        *FORMULAS.values(),
        "Minutes",
        "Hours",
        ": as a table",
        "{name}: {first} in {start}, {last} in {end}.",
    }
    texts |= {text for one in ask_html.ERRANDS for text in (one.title, one.when, *one.lines)}
    texts |= {text for told in (glossary_html.WORDS, glossary_html.FIGURES) for pair in told for text in pair}
    texts |= {text for _, *pair in glossary_html.SHAPES for text in pair}
    for path in ROOM.glob("*.py"):
        source = path.read_text("utf-8")
        said_by = r"""(?:\bsay|view\.section|view\.none|labels\.text|labels\.lead)\(\s*["']([A-Z][^"']*)["']"""
        texts |= set(re.findall(said_by, source))
        for heads in re.findall(r"(?:\.table\(\s*|heads = )\(([^()]*)\)", source):
            texts |= set(re.findall(r'"([^"]+)"', heads))
        for titles in re.findall(r"""(?:\bColumn|_figures)\(([^)]*)\)""", source):
            texts |= set(re.findall(r'"([A-Z][^"]*)"', titles))
    for path in (ROOM / "theme").rglob("*.html"):
        for one in re.findall(r"""(?:"([^"]*)"|'([^']*)') \| (?:both|slashed)""", path.read_text("utf-8")):
            texts |= set(filter(None, one))
    return texts


def test_every_text_of_the_site_is_there_in_chinese() -> None:
    texts = said()
    assert len(texts) > 60
    assert not texts - set(load_area("site", "zh"))


def test_states_have_chinese_words() -> None:
    known = set(load_area("values", "zh")) | {text.lower().replace(" ", "-") for text in load_area("site", "zh")}
    assert not {state for state in TONES if state not in known}


def test_both_languages_stand_in_the_page_each_with_its_tag() -> None:
    labels = Labels(("en", "zh"))
    assert (
        labels.say("Services")
        == '<span class="l" lang="en">Services</span><span class="l" lang="zh-Hans">服务目录</span>'
    )
    assert (
        labels.value("in_progress")
        == '<span class="l" lang="en">In progress</span><span class="l" lang="zh-Hans">处理中</span>'
    )
    assert Labels(("zh",)).say("Services") == "服务目录"


def test_parameters_are_escaped() -> None:
    assert "<b>" not in Labels(("en", "zh")).say("and {count} more", count="<b>")


def test_a_records_own_text_is_tagged_by_its_script() -> None:
    assert language_of("直播频道 3 黑屏") == "zh-Hans"
    assert language_of("Channel 3 is black") == "en"
    assert written("<直播>") == '<span lang="zh-Hans">&lt;直播&gt;</span>'
