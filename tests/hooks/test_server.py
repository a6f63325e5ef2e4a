"""The smallest server, from its one command on: what it takes back from nobody, signed pushes, and their receipts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from copy import copy
from pathlib import Path

import pytest
from tests.conftest import copied, environment_at, in_process

from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.public_keys import SigningKey
from servicebook.evidence.push_certificates import parse_certificate
from servicebook.evidence.receipts import Receipt, faults_of, read_receipts
from servicebook.evidence.received import received_by
from servicebook.store.repository import find_repository

from .conftest import NOW, PERSON, TICKET, Desk
from .test_pre_receive import DESK, FINE, Server, incident, push, record

RECEIPTS = "refs/servicebook/receipts"


def keygen(path: Path, *words: str) -> str:
    """Make a key pair and return the public line."""
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-f", str(path), *words], check=True)
    return path.with_name(path.name + ".pub").read_text().strip()


def sign_with(clone: Desk, key: Path) -> None:
    clone.git("config", "gpg.format", "ssh")
    clone.git("config", "user.signingkey", str(key))


class Signed(Server):
    """A server made by the documented command, with Li Wei's key in his record."""

    def __init__(self, root: Path) -> None:
        self.bare = Desk(root / "server.git")
        self.folder = root
        self.made = in_process("install", "--server", str(self.bare.root), where=root).stdout
        self.key = root / "li.wei"
        self.public = keygen(self.key, "-t", "ed25519", "-C", "li.wei")
        first = self.clone("first")
        first.git("checkout", "-q", "-B", "main")
        entry = f"signing_keys:\n- {{public_key: {self.public}, valid_from: 2026-01-01T00:00:00+08:00}}\nemployer"
        files = DESK | {PERSON: DESK[PERSON].replace("employer", entry)}
        self.start = record(first, files, "start")
        code, said = push(first, "main")
        assert code == 0, said

    def receipts(self) -> list[Receipt]:
        return read_receipts(find_repository(str(self.bare.root), bare=True))

    def log(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.bare.root / "servicebook" / "receipts.log").read_text().splitlines()]


    def copied(self, root: Path) -> Signed:
        """Return the same server, with its keys, in another folder."""
        other = copy(self)
        other.folder, other.key = root, root / self.key.name
        other.bare = Desk(copied(self.bare.root, root / "server.git"))
        for name in (self.key.name, f"{self.key.name}.pub"):
            shutil.copy2(self.folder / name, root / name)
        return other


@pytest.fixture(scope="module")
def first_server(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """The server that each test gets a copy of."""
    with environment_at(NOW):
        return Signed(tmp_path_factory.mktemp("first"))


@pytest.fixture
def server(first_server: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signed:
    monkeypatch.setenv("SERVICEBOOK_NOW", NOW)
    return first_server.copied(tmp_path)


@pytest.fixture
def clone(server: Signed) -> Desk:
    return server.clone("clone")


def test_one_command_makes_a_server(first_server: Signed) -> None:
    server, bare = first_server, first_server.bare
    assert f"an empty server: {bare.root}" in server.made and "receipts are signed with ssh-ed25519 " in server.made
    assert bare.git("rev-parse", "--is-bare-repository").strip() == "true"
    seed = bare.git("config", "receive.certNonceSeed").strip()
    assert len(seed) == 64
    again = bare.run(sys.executable, "-m", "servicebook", "install", "--server")
    assert again.returncode == 0, again.stderr
    assert bare.git("config", "receive.certNonceSeed").strip() == seed, "what is set stays"
    assert bare.git("config", "uploadpack.allowFilter").strip() == "true", "clones may be partial"
    assert (bare.root / "servicebook" / "receipts_key").stat().st_mode & 0o77 == 0


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "song").write_text("la")
    words = [sys.executable, "-m", "servicebook", "install", "--server", "music"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "music").iterdir()] == ["song"]


def test_the_main_branch_is_neither_rewritten_nor_deleted(server: Signed, clone: Desk) -> None:
    record(clone, {TICKET: FINE})
    assert push(clone, "main")[0] == 0
    before = server.refs()
    clone.git("commit", "-q", "--no-verify", "--amend", "-m", "another past")
    code, said = push(clone, "--force", "main")
    assert code == 1 and "its history is not rewritten (git revert takes a commit back)" in said
    server.bare.git("config", "receive.denyDeletes", "false")
    code, said = push(clone, "--delete", "main")
    assert code == 1 and "is not deleted" in said
    assert server.refs() == before
    clone.git("push", "-q", "origin", "HEAD:topic")
    record(clone, {TICKET: FINE})
    clone.git("commit", "-q", "--no-verify", "--amend", "--allow-empty", "-m", "branches of one's own may move")
    assert push(clone, "--force", "HEAD:topic")[0] == 0
    assert push(clone, "--delete", "topic")[0] == 0
    server.bare.git("config", "servicebook.allowRewrite", "true")
    code, said = push(clone, "--force", "HEAD:main")
    assert code == 0, said


def test_checkpoints_and_receipts_stay(server: Signed, clone: Desk) -> None:
    clone.git("tag", "-a", "-m", "x", "checkpoints/main/20260312T020000Z")
    assert push(clone, "--tags")[0] == 0
    clone.git("tag", "-f", "-a", "-m", "y", "checkpoints/main/20260312T020000Z")
    for words in (["--force", "--tags"], ["--delete", "checkpoints/main/20260312T020000Z"]):
        code, said = push(clone, *words)
        assert code == 1 and "neither moved nor deleted" in said
    for words in ([f"HEAD:{RECEIPTS}", "--force"], ["--delete", RECEIPTS]):
        code, said = push(clone, *words)
        assert code == 1, said
    assert faults(server) == []


def errors_in(told: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    """Return the errors of an audit; these commits are made today, so that all their events come late."""
    return [(item["code"], item["path"]) for item in told["findings"] if item["severity"] == "error"]


def faults(server: Signed) -> list[tuple[int, str]]:
    return [(receipt.number, why) for receipt, why in faults_of(server.receipts())]


def test_every_push_leaves_a_receipt_and_a_signed_one_names_the_person(server: Signed, clone: Desk) -> None:
    sign_with(clone, server.key)
    tip = record(clone, {TICKET: FINE})
    code, said = push(clone, "--signed", "main")
    assert code == 0, said
    assert "servicebook: receipt 2 at 2026-03-12T02:00:00+00:00, signed by li.wei: valid" in said
    first, second = server.receipts()
    assert (first.number, first.status, first.person, first.certificate) == (1, "unsigned", "", "")
    assert (second.number, second.status, second.person, second.nonce) == (2, "valid", "li.wei", "OK")
    assert [tuple(update) for update in second.updates] == [("refs/heads/main", server.start, tip)]
    certificate = parse_certificate(second.certificate.encode())
    assert certificate is not None and isinstance(certificate.signed_by, SigningKey)
    assert certificate.signed_by.line == " ".join(server.public.split()[:2])
    assert [tuple(update) for update in certificate.updates] == [("refs/heads/main", server.start, tip)]
    assert faults(server) == []


def test_the_log_and_the_ref_say_the_same_and_hang_together(server: Signed, clone: Desk) -> None:
    for name in "abc":
        assert push(clone, f"HEAD:refs/heads/{name}")[0] == 0
    lines, on_ref = server.log(), server.receipts()
    assert [line["number"] for line in lines] == [receipt.number for receipt in on_ref] == [1, 2, 3, 4]
    assert faults(server) == []
    again = [receipt._replace(at="2026-03-11T00:00:00+00:00") if receipt.number == 3 else receipt for receipt in on_ref]
    assert {why for _, why in faults_of(again)} == {"time", "previous"}
    assert {why for _, why in faults_of(on_ref[:1] + on_ref[2:])} == {"number", "previous"}


def test_the_server_signs_its_receipts_and_clones_can_fetch_them(server: Signed, clone: Desk) -> None:
    assert push(clone, "HEAD:refs/heads/a")[0] == 0
    clone.git("fetch", "-q", "origin", f"{RECEIPTS}:{RECEIPTS}")
    public = (server.bare.root / "servicebook" / "receipts_key.pub").read_text()
    fetched = read_receipts(find_repository(str(clone.root)))
    assert len(fetched) == 2
    assert all(receipt.server_key and public.startswith(receipt.server_key.line) for receipt in fetched)
    allowed = server.folder / "allowed"
    allowed.write_text("receipts@localhost " + public)
    clone.git("-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", RECEIPTS)


def test_who_a_commit_was_received_from_first(server: Signed, clone: Desk) -> None:
    tips = []
    for number in range(5):
        tips.append(record(clone, {"kb/a.md": f"# {number}\n"}))
        if number != 2:
            assert push(clone, "main")[0] == 0
    repository, receipts = find_repository(str(server.bare.root), bare=True), server.receipts()
    find = received_by(repository, receipts, tips[-1])
    assert find is not None
    pushes = [find(tip) for tip in tips]
    assert [push.number if push else 0 for push in pushes] == [2, 3, 4, 4, 5]
    clone.git("checkout", "-q", "--detach")
    assert find(record(clone, {"kb/a.md": "# x\n"})) is None


def test_keys_that_prove_nothing(server: Signed, clone: Desk) -> None:
    stranger = server.folder / "stranger"
    keygen(stranger, "-t", "ecdsa")
    sign_with(clone, stranger)
    record(clone, {"kb/a.md": "# A\n"})
    code, said = push(clone, "--signed", "main")
    assert code == 0 and ": unknown" in said
    text = (
        (clone.root / PERSON)
        .read_text()
        .replace("valid_from: 2026-01-01T00:00:00+08:00", "valid_until: 2026-02-01T00:00:00+08:00")
    )
    record(clone, {PERSON: text})
    assert push(clone, "main")[0] == 0
    sign_with(clone, server.key)
    record(clone, {"kb/a.md": "# B\n"})
    code, said = push(clone, "--signed", "main")
    assert code == 0 and "signed by li.wei: expired" in said
    assert [receipt.status for receipt in server.receipts()] == ["unsigned", "unknown", "unsigned", "expired"]


def test_a_branch_of_any_name_gets_its_receipt(server: Signed, clone: Desk) -> None:
    """One whose name was not UTF-8 kept every later push from its own; U+2028 ended the line in the middle."""
    for name in (b"\xff\xfe", "a\u2028b\u0085c".encode(), "a\u202eb".encode(), b"plain"):
        done = subprocess.run(
            [b"git", b"push", b"origin", b"HEAD:refs/heads/" + name], cwd=clone.root, capture_output=True
        )
        assert done.returncode == 0 and b"our bug" not in done.stderr, done.stderr
    assert [receipt.number for receipt in server.receipts()] == [1, 2, 3, 4, 5] and not faults(server)


def test_a_certificate_of_another_server_is_not_fresh(server: Signed, clone: Desk) -> None:
    """Every changed byte of a certificate voids it; Git itself sees to the nonce."""
    sign_with(clone, server.key)
    record(clone, {"kb/a.md": "# A\n"})
    assert push(clone, "--signed", "main")[0] == 0
    data = server.receipts()[-1].certificate.encode()
    end = data.index(b"-----BEGIN")
    for place in range(0, end, 7):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        certificate = parse_certificate(changed)
        assert certificate is None or isinstance(certificate.signed_by, SignatureFault), place
    unsigned = parse_certificate(data[:end])
    assert unsigned is not None and unsigned.signed_by == SignatureFault("empty")
    for junk in (b"", b"x", b"certificate version 0.1\n\nnothing", b"\xff" * 100):
        assert parse_certificate(junk) is None


def test_a_server_that_takes_signed_pushes_only(server: Signed, clone: Desk) -> None:
    server.bare.git("config", "servicebook.signedPush", "required")
    record(clone, {"kb/a.md": "# A\n"})
    code, said = push(clone, "main")
    assert code == 1 and "takes signed pushes only" in said and "unsigned" in said
    assert push(clone, "HEAD:topic")[0] == 0, "branches of one's own need no signature"
    stranger = server.folder / "stranger"
    keygen(stranger, "-t", "ed25519")
    sign_with(clone, stranger)
    entry = f"signing_keys:\n- {{public_key: {stranger.with_name('stranger.pub').read_text().strip()}}}\nemployer"
    record(clone, {PERSON.replace("li.wei", "eve"): DESK[PERSON].replace("li.wei", "eve").replace("employer", entry)})
    code, said = push(clone, "--signed", "main")
    assert code == 1 and "unknown" in said, "a key does not vouch for the push that brings it"
    clone.git("reset", "-q", "--hard", "HEAD^")
    sign_with(clone, server.key)
    code, said = push(clone, "--signed", "main")
    assert code == 0 and "signed by li.wei: valid" in said


def test_moved_past_the_hook_is_seen_by_the_next_receipt(server: Signed, clone: Desk) -> None:
    hidden = record(clone, {"kb/a.md": "# A\n"})
    clone.git("push", "-q", "origin", "HEAD:topic")
    server.bare.git("update-ref", "refs/heads/main", hidden)
    record(clone, {"kb/a.md": "# B\n"})
    assert push(clone, "main")[0] == 0
    assert server.receipts()[-1].gap == ("refs/heads/main",)
    assert faults(server) == [(3, "gap")]
    command = [sys.executable, "-m", "servicebook"]
    done = server.bare.run(*command, "receipts")
    assert done.returncode == 1 and "refs/heads/main moved without a receipt before it" in done.stdout
    told = json.loads(server.bare.run(*command, "audit", "--rev", "main", "--json").stdout)
    assert "HIS914" in [item["code"] for item in told["findings"]]


def test_receipts_are_checkpoints_for_an_audit(server: Signed, clone: Desk) -> None:
    server.bare.git("config", "servicebook.allowRewrite", "true")
    sign_with(clone, server.key)
    record(clone, {TICKET: FINE})
    assert push(clone, "--signed", "main")[0] == 0
    command = [sys.executable, "-m", "servicebook"]
    listed = server.bare.run(*command, "receipts")
    assert listed.returncode == 0 and "li.wei" in listed.stdout and "nobody" in listed.stdout
    told = json.loads(server.bare.run(*command, "audit", "--rev", "main", "--json").stdout)
    assert errors_in(told) == [] and len(told["checkpoints"]) == 2
    clone.git("commit", "-q", "--no-verify", "--amend", "-m", "another past")
    assert push(clone, "--force", "main")[0] == 0
    clone.git("fetch", "-q", "origin", f"{RECEIPTS}:{RECEIPTS}")
    told = json.loads(clone.run(*command, "audit", "--json").stdout)
    assert errors_in(told) == [("HIS911", RECEIPTS)]
    assert json.loads(clone.run(*command, "receipts", "--json").stdout)[1]["person"] == "li.wei"


def test_a_kill_between_log_and_ref_is_made_good(server: Signed, clone: Desk) -> None:
    assert push(clone, "HEAD:refs/heads/a")[0] == 0
    server.bare.git("update-ref", RECEIPTS, f"{RECEIPTS}^")
    log = server.bare.root / "servicebook" / "receipts.log"
    log.write_bytes(log.read_bytes() + b'{"number": 3, "at": "2026-')
    assert push(clone, "HEAD:refs/heads/b")[0] == 0
    assert [receipt.number for receipt in server.receipts()] == [1, 2, 3]
    assert faults(server) == []


def test_receipts_may_be_turned_off_and_a_full_disk_stops_nobody(server: Signed, clone: Desk) -> None:
    server.bare.git("config", "servicebook.receipts", "false")
    assert push(clone, "HEAD:refs/heads/a")[0] == 0
    assert len(server.receipts()) == 1
    server.bare.git("config", "--unset", "servicebook.receipts")
    log = server.bare.root / "servicebook" / "receipts.log"
    log.unlink()
    log.mkdir()
    code, said = push(clone, "HEAD:refs/heads/b")
    assert code == 0 and "receipts.log" in said and "Traceback" not in said


def test_pushes_at_the_same_time_each_get_a_number(server: Signed) -> None:
    clones = [server.clone(f"c{number}") for number in range(4)]
    for number, one in enumerate(clones):
        id = f"INC-20260312-00{number}0"
        record(one, {f"tickets/incidents/2026/03/{id}.md": incident(id)})
    running = [
        subprocess.Popen(["git", "push", "-q", "origin", f"main:b{n}"], cwd=one.root) for n, one in enumerate(clones)
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    assert [receipt.number for receipt in server.receipts()] == [1, 2, 3, 4, 5]
    assert faults(server) == []
