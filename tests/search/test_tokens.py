"""The tokenizer: what the keys of a text are. What a query finds stands in vectors.json."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from servicebook.search.postings import beginnings, tokens_of_run
from servicebook.search.tokens import RUN, is_found, is_han, normalise, parse_query, words_of_run

ALPHABET = '直播死锁频道ab1-_. \n，"“”'


@given(st.text(alphabet="直播死锁", min_size=1, max_size=12))
def test_each_han_character_begins_a_token(run: str) -> None:
    assert {token[0] for token in tokens_of_run(run)} == set(run)


@given(st.text(alphabet=ALPHABET, max_size=40))
def test_runs_are_of_one_sort(text: str) -> None:
    for run in RUN.findall(normalise(text)):
        assert {is_han(character) for character in run} == {is_han(run)}


@given(st.text(alphabet=ALPHABET + "é²Ⅷ", max_size=40), st.text(alphabet="ab1é", min_size=1, max_size=3))
def test_a_word_is_among_those_that_its_beginning_gathers(text: str, query: str) -> None:
    """The common list of a beginning stands for a look at every word."""
    text, terms = normalise(text), parse_query(query)
    words = {word for run in RUN.findall(text) if not is_han(run) for word in words_of_run(run)}
    if terms[0].how == "prefix":
        gathered = any(terms[0].text in beginnings(word) for word in words)
        assert gathered == is_found(terms, text)


@given(st.text(alphabet=ALPHABET, max_size=60))
def test_a_text_is_found_by_itself_in_quotation_marks(text: str) -> None:
    inside = "".join(character for character in text if character not in '"“”').strip(" \n")
    terms = parse_query(f'"{inside}"')
    assert not terms or is_found(terms, normalise(inside))
