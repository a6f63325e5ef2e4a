"""Blocks that not everybody may read: what is hidden of which text, and that nothing unclear is shown."""

from __future__ import annotations

import pytest

from servicebook.text.audience_blocks import shown_text

HARBOUR = "customer:harbour-tv"


@pytest.mark.parametrize(
    "text",
    [
        "::: internal\nSECRET\n:::\n",
        ":::internal\nSECRET\n:::\n",
        "::: Internal {.note}\nSECRET\n:::\n",
        "   ::: internal\nSECRET\n:::\n",
        "::: intern\nSECRET\n:::\n",
        "::: audience\nSECRET\n:::\n",
        "::: audience customer:river-radio\nSECRET\n:::\n",
        "::: internal\r\nSECRET\r\n:::\r\n",
        "::: internal\rSECRET\r:::\r",
        "::: internal\nSECRET\n::: internal\nSECRET\n:::\nSECRET\n:::\n",
        ":::: internal\nSECRET\n:::\nSECRET\n::::\n",
        "::: internal\n> SECRET\n> :::\nSECRET\n:::\n",
        # never closed
        "::: internal\nSECRET\n",
        "::: internal\nSECRET\n\n## Symptom\n\nSECRET\n",
        "::: internal\n```\nSECRET\n:::\nSECRET\n",
        "::: internal\n~~~\nSECRET\n```\n:::\nSECRET\n",
        # fences that readers see differently
        "::: internal\n````\n```\n:::\nSECRET\n````\n:::\n",
        "::: internal\n    ```\nSECRET\n```\n:::\nSECRET\n```\nSECRET\n:::\n",
        "::: internal\n```\n::: x\n:::\n:::\nSECRET\n```\nSECRET\n:::\n",
        "::: internal\n```\n    ```\n:::\nSECRET\n```\nSECRET\n:::\n",
        "```\n::: internal\nSECRET\n:::\n```\n",
        "```\n::: internal\nSECRET\n",
        # characters that nobody sees, and that look like colons
        "\u200b::: internal\nSECRET\n",
        ":\u200b:: internal\nSECRET\n",
        "\u202e::: internal\nSECRET\n:::\u200b\nSECRET\n",
        "::: audience\u200b customer\nSECRET\n:::\n",
        "\u200b::: audience customer\nSECRET\n",
        "：：：internal\nSECRET\n",
        "\ufeff::: internal\nSECRET\n",
        "text\u2028::: internal\nSECRET\n",
        "\xa0::: internal\nSECRET\n",
        # in quotes and lists
        "> ::: internal\n> SECRET\n> :::\n",
        "- ::: internal\n  SECRET\n  :::\n",
        "1. ::: internal\n   SECRET\n",
        "| ::: internal\nSECRET\n",
        "# ::: internal\nSECRET\n",
    ],
)
def test_what_is_for_the_house_is_shown_to_nobody_else(text: str) -> None:
    for audience in ("public", HARBOUR):
        assert "SECRET" not in shown_text("before\n" + text, audience), audience
        assert shown_text("before\n" + text, audience).startswith("before\n")
    assert shown_text(text, "internal") == text


def test_what_stands_beside_a_block_is_shown() -> None:
    text = "one\n\n::: internal\ntwo\n:::\n\nthree\n```\n:: x\n```\n"
    assert shown_text(text, "public") == "one\n\n\nthree\n```\n:: x\n```\n"


@pytest.mark.parametrize(
    ("name", "public", "harbour"),
    [
        ("audience public", True, True),
        ("audience customer", False, True),
        ("audience customer:harbour-tv", False, True),
        ("audience customer:harbour-tv-2", False, False),
        ("audience customer:river-radio, customer:harbour-tv", False, True),
        ("audience internal", False, False),
        ("internal public", False, False),
    ],
)
def test_a_block_may_name_who_reads_it(name: str, public: bool, harbour: bool) -> None:
    text = f"a\n::: {name}\nb\n:::\nc\n"
    assert ("b" in shown_text(text, "public"), "b" in shown_text(text, HARBOUR)) == (public, harbour)
    assert shown_text(text, HARBOUR).replace("b\n", "") == "a\nc\n"


def test_a_block_inside_another_is_read_by_those_who_may_read_both() -> None:
    text = "::: audience customer\na\n::: internal\nSECRET\n:::\nb\n::: audience public\nc\n:::\n:::\nd\n"
    assert shown_text(text, HARBOUR) == "a\nb\nc\nd\n"
    assert shown_text(text, "public") == "d\n"
    assert shown_text("::: internal\n::: audience public\nSECRET\n:::\n:::\nd\n", "public") == "d\n"


TICKET = "preface\n\n## Symptom\n\nblack\n\n### When\n\nat night\n\n## Log\n\ndiary\n"
SHOWN = frozenset({"symptom"})


def test_only_the_sections_that_are_shown_are_read() -> None:
    assert shown_text(TICKET, HARBOUR, SHOWN) == "## Symptom\n\nblack\n\n### When\n\nat night\n\n"
    assert shown_text("## 现象\n\n黑屏\n\n## 日志\n\n流水\n", HARBOUR, SHOWN) == "## 现象\n\n黑屏\n\n"
    assert shown_text("no heading at all\n", HARBOUR, SHOWN) == ""


def test_a_block_that_names_the_customer_is_read_in_any_section() -> None:
    text = TICKET + "::: audience customer\nwe are on it\n:::\nmore diary\n"
    assert shown_text(text, HARBOUR, SHOWN).endswith("at night\n\nwe are on it\n")
    assert "we are on it" not in shown_text(text, "public", SHOWN)


@pytest.mark.parametrize(
    "text",
    [
        "## Log\n```\n## Symptom\nSECRET\n```\n",
        "## Log\n```\n    ```\n## Symptom\nSECRET\n```\n",
        "## Log\n~~~\n```\n## Symptom\nSECRET\n~~~\n",
        "## Log\n> ## Symptom\n> SECRET\n",
        "## Log\n- ## Symptom\n  SECRET\n",
        "## Log\n    ## Symptom\nSECRET\n",
        "## Symptom\nblack\n\nLog\n---\nSECRET\n",
        "## Symptom\nblack\n# Log\nSECRET\n",
        "## Symptom\nblack\n  ## Log\nSECRET\n",
        "## Symptom\nblack\n##Log\nSECRET\n",
        "## Symptom\nblack\n::: internal\n## Symptom\nSECRET\n:::\n## Log\nSECRET\n",
    ],
)
def test_a_section_begins_only_where_it_is_plainly_a_heading(text: str) -> None:
    assert "SECRET" not in shown_text(text, HARBOUR, SHOWN)
