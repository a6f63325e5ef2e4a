"""What `fix` mends, and that it moves nothing else."""

from __future__ import annotations

import os
import random
import threading

import pytest
from tests.cli.conftest import PATH, Call
from tests.conftest import Repo

from servicebook.cli.main import main

Factory = pytest.TempPathFactory


def test_nothing_to_mend(desk: Repo, call: Call) -> None:
    assert call("fix") == (0, "", "")


def test_line_ends_and_byte_order_mark(desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    good = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n"))
    answer = call("fix")
    assert answer.code == 1
    assert path.read_bytes() == good
    assert call("fix").code == 0


def test_gb18030_becomes_utf8(desk: Repo, call: Call) -> None:
    path = desk.root / "kb/articles/first-steps.md"
    text = path.read_text("utf-8").replace(
        "## Steps", "## 步骤\n\n先重启转码进程，再查看日志；如果仍然黑屏，请联系二线工程师处理。"
    )
    path.write_bytes(text.encode("gb18030"))
    assert call("fix", "kb/articles/first-steps.md").code == 1
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize(("status", "events"), [("resolved", 1), ("closed", 2), ("cancelled", 1)])
def test_a_typed_status_gets_its_events(status: str, events: int, desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    before = path.read_text("utf-8").replace("status: in_progress", f"status: {status}")
    path.write_text(before, "utf-8")
    assert call("check").code == 1
    assert call("fix").code == 1
    after = path.read_text("utf-8")
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert sum("event:" in line for line in added) == events
    assert ("sla:" in after) == (status == "closed")
    assert [line for line in after.splitlines() if line in before.splitlines()] == before.splitlines()
    assert call("check").code == 0, call("check").out


def test_a_pause_needs_a_person(desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    path.write_text(path.read_text("utf-8").replace("status: in_progress", "status: on_hold"), "utf-8")
    before = path.read_bytes()
    assert call("fix").code == 0
    assert path.read_bytes() == before


def test_a_lost_closing_block_comes_back_the_same(desk: Repo, call: Call) -> None:
    call("resolve", "7F3K", "--code", "fixed")
    call("close", "7F3K")
    path = desk.root / PATH
    closed = path.read_text("utf-8")
    start, end = closed.index("sla:\n"), closed.index("\n---\n", 5)
    path.write_text(closed[:start].rstrip("\n") + closed[end:], "utf-8")
    assert call("fix").code == 1
    assert path.read_text("utf-8") == closed


def test_an_outcome_turned_by_hand_is_turned_back(desk: Repo, call: Call) -> None:
    call("resolve", "7F3K", "--code", "fixed")
    call("close", "7F3K")
    path = desk.root / PATH
    closed = path.read_text("utf-8")
    turned = closed.replace("outcome: met", "outcome: missed", 1)
    path.write_text(turned, "utf-8")
    assert call("fix").code == 1
    assert path.read_text("utf-8") == closed
    path.write_text(turned.replace("sla:\n", "external: {system: old, id: X1, quirks: [SLA631]}\nsla:\n"), "utf-8")
    assert call("fix").code == 0, "a declared quirk of the source stays"


def test_priority_follows_the_matrix(desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    good = path.read_text("utf-8")
    path.write_text(good.replace("priority: P3", "priority: P1"), "utf-8")
    assert call("fix").code == 1
    assert path.read_text("utf-8") == good


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("REC261", "priority: P3", "priority: P1"),
        ("WFL401", "status: in_progress", "status: resolved"),
    ],
)
def test_what_a_record_is_let_off_is_left_as_it_is(rule: str, old: str, new: str, desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    good = path.read_text("utf-8")
    for excuse in (
        f"waivers: [{{rule: {rule}, reason: agreed, until: 2026-12-31, by: wang.fang}}]",
        f"external: {{system: old, id: X1, quirks: [{rule}]}}",
    ):
        let_off = good.replace(old, f"{new}\n{excuse}")
        path.write_text(let_off, "utf-8")
        for words in ((), (PATH,)):
            assert call("fix", *words).code == 0
            assert path.read_text("utf-8") == let_off
    path.write_text(good.replace(old, new), "utf-8")
    assert call("fix").code == 1


def test_diff_writes_nothing(desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    path.write_text(path.read_text("utf-8").replace("status: in_progress", "status: resolved"), "utf-8")
    before = path.read_bytes()
    answer = call("fix", "--diff")
    assert answer.code == 1
    assert "+- {at: 2026-03-12T10:00:00+08:00" in answer.out
    assert path.read_bytes() == before


def test_stray_blanks_but_not_line_breaks_nor_code(desk: Repo, call: Call) -> None:
    path = desk.root / PATH
    path.write_text(path.read_text("utf-8") + "one \ntwo  \n```\ncode \n```\nlast\t", "utf-8")
    assert call("fix", PATH).code == 1
    assert path.read_text("utf-8").endswith("one\ntwo  \n```\ncode \n```\nlast\n")


def test_files_outside_the_desk(desk: Repo, call: Call) -> None:
    answer = call("fix", "kb/articles/first-stesp.md")
    assert answer.code == 2 and "no file or folder `kb/articles/first-stesp.md`" in answer.err
    answer = call("fix", "/etc/hostname")
    assert answer.code == 2
    assert "outside the desk" in answer.err


def test_what_cannot_be_read_is_left_alone(desk: Repo, call: Call) -> None:
    (desk.root / "kb/articles/broken.md").write_bytes(b"---\ntitle: [\n---\n")
    (desk.root / "kb/articles/binary.md").write_bytes(b"\x00\xff\xfe")
    assert call("fix", "kb").code == 0
    assert "its fields cannot be read" in refused(call, "kb/articles/broken.md")


def refused(call: Call, *words: str) -> str:
    """Call fix on files that it must leave alone; return what it says."""
    answer = call("fix", *words)
    assert answer.code == 1 and answer.out == "", answer
    return answer.err


def test_a_symlink_is_left_alone_and_so_is_what_it_leads_to(desk: Repo, call: Call) -> None:
    page = desk.root / "kb/articles/first-steps.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    before = page.read_bytes()
    (desk.root / "kb/articles/link.md").symlink_to("first-steps.md")
    assert "kb/articles/link.md: it is a symlink" in refused(call, "kb/articles/link.md")
    assert page.read_bytes() == before
    assert (desk.root / "kb/articles/link.md").is_symlink()


def test_a_link_out_of_the_desk_on_the_way_is_not_followed(desk: Repo, call: Call, tmp_path_factory: Factory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "page.md").write_bytes(b"---\r\n---\r\n")
    (desk.root / "kb/away").symlink_to(outside)
    answer = call("fix", "kb/away/page.md")
    assert answer.code == 2 and "outside the desk" in answer.err
    assert (outside / "page.md").read_bytes() == b"---\r\n---\r\n"


UNSAFE = {
    "an unfinished merge": b"\xef\xbb\xbf---\r\n<<<<<<< ours\r\na: 1 \r\n=======\r\na: 2\r\n>>>>>>> theirs\r\n---\r\n",
    "no text": b"---\r\n\x00\r\n",
    "neither UTF-8 nor": b"---\r\ntitle: caf\xe9\r\n---\r\n",
}


@pytest.mark.parametrize("why", UNSAFE)
def test_what_is_no_sound_text_is_left_to_the_last_byte(why: str, desk: Repo, call: Call) -> None:
    path = desk.root / "kb/articles/odd.md"
    path.write_bytes(UNSAFE[why])
    assert f"kb/articles/odd.md: it is {why}" in refused(call, "kb/articles/odd.md").replace(
        "an unfinished merge stands in it", "it is an unfinished merge"
    )
    assert path.read_bytes() == UNSAFE[why]


def test_what_is_no_file_is_left_alone(desk: Repo, call: Call) -> None:
    os.mkfifo(desk.root / "kb/articles/pipe.md")
    desk.git("add", "-A")
    (desk.root / PATH).unlink()
    os.mkfifo(desk.root / PATH)
    assert "cannot be read" in refused(call, PATH)


@pytest.mark.slow
def test_an_editor_that_saves_all_the_time_loses_nothing(desk: Repo, call: Call) -> None:
    """Overlap: while fix runs again and again, somebody saves the file; what is there last is what they saved last,
    mended or not.
    """
    path = desk.root / PATH
    crlf = path.read_bytes().replace(b"\n", b"\r\n")
    saved: list[bytes] = [crlf]
    end = threading.Event()

    def save() -> None:
        chance = random.Random(7)
        while not end.wait(chance.uniform(0, 0.004)):
            saved.append(crlf + f"line {len(saved)}\r\n".encode())
            temporary = path.with_name("editor.swp")
            temporary.write_bytes(saved[-1])
            temporary.replace(path)

    editor = threading.Thread(target=save)
    editor.start()
    try:
        codes = [main(["fix", PATH]) for _ in range(60)]
    finally:
        end.set()
        editor.join()
    assert 2 in codes, "nobody was ever in between"
    assert path.read_bytes() in (saved[-1], saved[-1].replace(b"\r\n", b"\n"))
    assert not list(path.parent.glob("*.tmp"))
