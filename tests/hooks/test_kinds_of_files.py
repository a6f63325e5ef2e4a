"""What the pre-commit hook says of files that are out of the ordinary: names, encodings, sizes, pointers."""

from __future__ import annotations

import time
import unicodedata

import pytest

from .conftest import ACK, CUSTOMER, DESK, TICKET, Desk, incident

FINE = incident(more=ACK, status="in_progress")
GB = DESK[CUSTOMER].replace("title: Harbour TV\n", "title: 海港电视台的服务台账\n")
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "4d" * 32 + "\nsize 12345\n"

REFUSED = {
    "LFS pointer": (POINTER.encode(), "FMT108"),
    "BOM": (b"\xef\xbb\xbf" + FINE.encode(), "FMT103"),
    "UTF-16": (FINE.encode("utf-16"), "FMT10"),
    "GB18030": (incident(title="直播频道三黑屏，转码进程反复重启，请尽快处理").encode("gb18030"), "FMT102"),
    "conflict markers": (
        FINE.replace("## Log", "<<<<<<< ours\n## Log\n=======\n## Notes\n>>>>>>> theirs").encode(),
        "FMT107",
    ),
    "binary": (b"---\n\x00\x01\x02", "FMT105"),
    "empty": (b"", "FMT109"),
    "half a letter": (FINE.encode().replace(b"## Symptom", b"caf\xe9"), "FMT10"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_record_that_cannot_be_read_is_refused_by_name(name: str, desk: Desk) -> None:
    data, code = REFUSED[name]
    desk.write(TICKET, data)
    exit_code, said = desk.commit("-a")
    assert exit_code == 1 and code in said and f"{TICKET}:" in said
    assert (desk.root / TICKET).read_bytes() == data


def test_crlf_in_what_is_staged_warns_and_passes(desk: Desk) -> None:
    desk.git("config", "core.autocrlf", "false")
    desk.write(TICKET, FINE.replace("\n", "\r\n"))
    code, said = desk.commit("-a")
    assert code == 0 and "FMT104" in said and "warning" in said


def test_ten_megabytes_are_refused_at_once(desk: Desk) -> None:
    desk.write(TICKET, FINE + ("x" * 79 + "\n") * (10 * 1024 * 1024 // 80))
    begin = time.monotonic()
    code, said = desk.commit("-a")
    assert code == 1 and "FMT106" in said
    assert time.monotonic() - begin < 60
    assert len(said) < 5000, "the file itself is not printed"


def test_ten_megabytes_beside_a_record_are_nobodys_business(desk: Desk) -> None:
    desk.write(TICKET.replace(".md", ".files/capture.pcap"), b"\x00\xff" * (5 * 1024 * 1024))
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 0, said


def test_a_file_that_moves_keeps_what_names_it_by_id(desk: Desk) -> None:
    """A page that is renamed is one edit; what links to its old place stops the commit."""
    desk.write("kb/old.md", "# A page\n\nAbout the desk.\n")
    desk.write(TICKET, FINE + "\nSee [the page](../../../../kb/old.md).\n")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 0, said
    desk.git("mv", "kb/old.md", "kb/new.md")
    code, said = desk.commit()
    assert code == 1 and f"{TICKET}:" in said
    desk.write(TICKET, FINE + "\nSee [the page](../../../../kb/new.md).\n")
    code, said = desk.commit("-a")
    assert code == 0, said


def test_a_rename_that_changes_case_only_passes(desk: Desk) -> None:
    desk.write("kb/Note.md", "# A page\n")
    desk.git("add", "-A")
    assert desk.commit()[0] == 0
    desk.git("mv", "kb/Note.md", "kb/note.md")
    code, said = desk.commit()
    assert code == 0, said
    assert desk.git("ls-files", "kb/note.md", "kb/Note.md").split() == ["kb/note.md"]


def test_a_name_with_separate_accents_is_refused_and_one_beside_it_clashes(desk: Desk) -> None:
    composed, separate = (unicodedata.normalize(form, "kb/Café.md") for form in ("NFC", "NFD"))
    desk.git("config", "core.precomposeUnicode", "false")
    desk.write(separate, "# A page\n")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1 and "TRE706" in said
    desk.git("mv", separate, composed)
    code, said = desk.commit()
    assert code == 0, said
    desk.write(separate, "# A page\n")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1 and "TRE705" in said


@pytest.mark.parametrize(
    "name", ['kb/a "quoted" name.md', "kb/tab\tname.md", "kb/-dash.md", "kb/空 格.md", "kb/a\nb.md"]
)
def test_names_that_git_would_quote_are_read_as_they_are(name: str, desk: Desk) -> None:
    desk.write(name, "---\nschema: article/1\nid: x\n---\n")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1 and "REC2" in said
    desk.git("rm", "-qf", "--", name)
    desk.write(TICKET, FINE)
    code, said = desk.commit("-a")
    assert code == 0, said


def test_a_name_that_is_not_utf8_is_told_and_not_read(desk: Desk) -> None:
    with open(bytes(desk.root) + b"/kb/\xd6\xd0.md", "wb") as file:
        file.write(b"# A page\n")
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1 and "TRE709" in said and "kb/\\xd6\\xd0.md" in said


def test_a_whole_import_is_judged_in_one_commit(desk: Desk) -> None:
    for number in range(400):
        slug = f"c{number:03}"
        desk.write(f"kb/customers/{slug}.md", DESK[CUSTOMER].replace("harbour-tv", slug))
    desk.write("kb/customers/c400.md", DESK[CUSTOMER].replace("harbour-tv", "c400").replace("li.wei", "nobody"))
    desk.git("add", "-A")
    code, said = desk.commit()
    assert code == 1 and said.count("REF501 `") == 2 and "are new here and are judged once" in said
