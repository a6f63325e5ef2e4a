"""Hostile names and values: shown, never obeyed, never taken for a template; every command ends as it should."""

from __future__ import annotations

import os

import pytest
from tests.conftest import Repo

from .conftest import PATH, Call

COMMANDS = (
    ("check",),
    ("check", "--format", "concise"),
    ("check", "--format", "github"),
    ("list",),
    ("list", "--format", "tsv"),
    ("grep", "."),
    ("grep", "-l", "."),
    ("sla", "--all", "--format", "tsv"),
    ("next", "--all"),
    ("fix", "--diff"),
)
STEERING = "\x00\x07\x1b\u202e\u2028"


def incident(desk: Repo, **fields: str) -> str:
    """Return the desk's incident with other values of its top fields."""
    lines = (desk.root / PATH).read_text("utf-8").split("\n")
    return "\n".join(
        f"{name}: {fields[name]}" if (name := line.partition(":")[0]) in fields else line for line in lines
    )


@pytest.mark.parametrize("word", ["{0", "field.__class__}", "{path!r"])
def test_braces_in_ids_are_letters_like_others(word: str, desk: Repo, call: Call) -> None:
    for number, id in enumerate(('"{0}"', '"{field.__class__}"', '"{path!r}"')):
        desk.write({PATH.replace("7F3K", f"000{number}"): incident(desk, id=id)})
    answer = call("show", word)
    assert answer.code == 2, answer.err
    assert "did you mean `{" in answer.err


def test_no_name_and_no_value_steers_the_terminal(desk: Repo, call: Call) -> None:
    text = incident(desk, id='"\\e[2J"', title='"\\e]0;x\\a\\u202e"')
    page = "---\nschema: article/1\nid: x\ntitle: x\n---\n"
    desk.write({
        PATH.replace("7F3K", "0000"): text,
        "kb/articles/\x1b[31mred.md": page,
        "kb/articles/\u202eevil.md": page,
        "kb/articles/line\u2028end.md": page,
    })  # fmt: skip
    for words in COMMANDS:
        answer = call(*words)
        assert answer.code in (0, 1), (words, answer.err)
        assert not set(STEERING) & set(answer.out + answer.err), words
    assert not set(STEERING) & set(call("show", "\x1b[31m").err)


def test_odd_files_stop_nothing_else(desk: Repo, call: Call) -> None:
    folder = PATH.rpartition("/")[0]
    os.mkfifo(desk.root / folder / "INC-20260312-0001.md")
    (desk.root / folder / "INC-20260312-0002.md").mkdir()
    (desk.root / folder / "INC-20260312-0002.md" / "x.txt").write_text("x")
    (desk.root / "kb/self.md").symlink_to("self.md")
    (desk.root / "kb/up").symlink_to("../tickets")
    desk.write({"kb/latin.md": b"caf\xe9\n", "kb/bytes.md": bytes(range(256)), "kb/empty.md": ""})
    with open(os.fsencode(desk.root / "kb") + b"/bad\xff.md", "wb") as file:
        file.write(b"x\n")
    for words in COMMANDS:
        assert call(*words).code in (0, 1), words
    said = call("check", "--format", "concise").out
    assert "kb/latin.md:1:4: FMT101" in said and "kb/bytes.md:" in said
    assert "kb/empty.md" not in said
    assert "INC-20260312-7F3K" in call("list").out


def test_no_id_becomes_a_command_to_copy(desk: Repo, call: Call) -> None:
    desk.write({PATH: incident(desk, id="'$(touch x)'")})
    assert "ack $(touch" not in call("next", "--all").out


@pytest.mark.parametrize("verb", [("note",), ("show",), ("list", "-w"), ("new", "incident", "--title")])
def test_a_word_that_is_not_utf8_is_no_bug_of_ours(verb: tuple[str, ...], desk: Repo, call: Call) -> None:
    before = (desk.root / PATH).read_bytes()
    answer = call(*verb, *(("7F3K",) if verb == ("note",) else ()), "caf\udce9")
    assert answer.code == 2 and "our bug" not in answer.err, answer.err
    assert (desk.root / PATH).read_bytes() == before


def test_what_is_not_understood_may_take_several_lines(desk: Repo, call: Call) -> None:
    assert "not understood: -x\n" in call("show", "7F3K", "-x\nb").err
