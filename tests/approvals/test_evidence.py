"""The evidence for a change in one file: what is in it, that it proves itself, with Servicebook and by hand."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.approvals.attacks import ANOTHER_DAY, STRICT, VOUCHED, estate
from tests.approvals.desk import BOARD, CHG, EMERGENCY, OTHER, Desk, path_of_change
from tests.conftest import in_process

from servicebook.evidence import history_bundle
from servicebook.evidence.history_bundle import Needed, make_bundle
from servicebook.store.mainline import commit_of
from servicebook.store.repository import find_repository

SECRET = "what other tickets say stays at home"


class Maker:
    """A desk, and its evidence made and checked by the command line."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder
        self.file = folder / "evidence.tar"

    def run(self, *words: str, where: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        now = {"SERVICEBOOK_NOW": self.desk.at.isoformat()}
        return in_process(*words, where=where or self.desk.root, **(now | more))

    def make(self, id: str = CHG, *words: str) -> bytes:
        done = self.run("evidence", id, "-o", str(self.file), *words)
        assert done.returncode == 0, done.stderr
        return self.file.read_bytes()

    def check(self, code: int = 0) -> dict[str, Any]:
        """Check the file in a folder that is no desk."""
        done = self.run("verify", "--bundle", str(self.file), "--json", where=self.folder)
        assert done.returncode == code, done.stdout + done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def unpack(self) -> Path:
        with tarfile.open(self.file) as tar:
            tar.extractall(self.folder, filter="data")
        return self.folder / f"evidence-{CHG}"

    def by_hand(self, page: str = "README.md") -> subprocess.CompletedProcess[str]:
        """Run the steps of the page, as a third party would, without Servicebook."""
        folder = self.unpack()
        steps = "".join(re.findall(r"^```sh\n(.*?)^```$", (folder / page).read_text("utf-8"), re.MULTILINE | re.DOTALL))
        bare = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(["bash", "-e", "-c", steps], cwd=folder, env=bare, capture_output=True, text=True)


@pytest.fixture
def maker(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    desk.land("a ticket", {"tickets/incidents/2026/03/INC-20260325-4DXQ.md": f"---\nid: x\n---\n{SECRET}\n"})
    desk.propose()
    desk.votes()
    desk.propose(OTHER, body=f"{SECRET}\n")
    desk.start()
    desk.move("implemented", "implemented")
    desk.land("done")
    return Maker(desk, tmp_path_factory.mktemp("third-party"))


def changed(data: bytes, name: str, new: bytes | None) -> bytes:
    """Return a tar with one member replaced, or taken out."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar, tarfile.open(fileobj=out, mode="w") as other:
        for entry in tar:
            opened = tar.extractfile(entry)
            held = opened.read() if opened else b""
            if entry.name.endswith("/" + name):
                if new is None:
                    continue
                held = new
            entry.size = len(held)
            other.addfile(entry, io.BytesIO(held))
    return out.getvalue()


def test_it_proves_itself_without_the_desk(maker: Maker) -> None:
    data = maker.make()
    told = maker.check()
    assert (told["outcome"], told["assurance"], told["differing"]) == ("pass", "ordered_quorum", [])
    assert told["plan"] == maker.desk.verify().plan
    assert maker.make() == data, "the same bytes again"
    done = maker.run("verify", "--bundle", str(maker.file), where=maker.folder)
    assert done.returncode == 0 and f"{CHG}  passes" in done.stdout


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_it_is_checked_by_hand(maker: Maker, page: str) -> None:
    maker.make()
    done = maker.by_hand(page)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('Good "servicebook-vote@v1" signature for') == 2
    assert "plan.canonical: OK" in done.stdout and "rules/cab-1.canonical: OK" in done.stdout


def test_what_other_tickets_say_is_not_in_it(maker: Maker) -> None:
    maker.make()
    folder = maker.unpack()
    assert maker.by_hand().returncode == 0
    history = str(folder / "history")
    kinds = subprocess.run(
        ["git", "-C", history, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    blobs = [line.split()[1] for line in kinds if line.startswith("blob ")]
    held = b"".join(
        subprocess.run(["git", "-C", history, "cat-file", "blob", blob], capture_output=True, check=True).stdout
        for blob in blobs
    )
    assert b"Move channel 3" in held and SECRET.encode() not in held


def test_a_page_in_plain_words_in_both_languages(maker: Maker) -> None:
    maker.make()
    english, chinese = ((maker.unpack() / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    assert f"# Evidence for the change {CHG}" in english and "**Approved before it was done.**" in english
    assert "| zhao.min-1 | approve | signed, zhao.min | yes | it counts, as `chair` |" in english
    assert f"# 变更 {CHG} 的证据" in chinese and "**实施前已批准。**" in chinese
    assert re.findall(r"```sh\n.*?```", english, re.DOTALL) == re.findall(r"```sh\n.*?```", chinese, re.DOTALL)


@pytest.mark.parametrize(
    "name", ["plan.canonical", "change.md", "votes/zhao.min-1.json", "allowed_signers", "rules/cab-1.md"]
)
def test_a_copy_that_is_not_as_the_history(maker: Maker, name: str) -> None:
    maker.file.write_bytes(changed(maker.make(), name, b"something else\n"))
    assert maker.check(code=1)["differing"] == [name]
    maker.file.write_bytes(changed(maker.make(), name, None))
    assert maker.check(code=1)["differing"] == [name]


def test_by_hand_notices_too(maker: Maker) -> None:
    data = maker.make()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        opened = tar.extractfile(f"evidence-{CHG}/votes/zhao.min-1.json")
        assert opened is not None
        vote = opened.read()
    maker.file.write_bytes(changed(data, "votes/zhao.min-1.json", vote.replace(b"approve", b"abstain")))
    assert maker.by_hand().returncode != 0


def test_a_history_with_a_changed_bit_or_cut_short(maker: Maker) -> None:
    data = maker.make()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        opened = tar.extractfile(f"evidence-{CHG}/history.bundle")
        assert opened is not None
        bundle = opened.read()
    middle = len(bundle) // 2
    flipped = bundle[:middle] + bytes([bundle[middle] ^ 1]) + bundle[middle + 1 :]
    for broken in (flipped, bundle[:middle], b"", b"# v2 git bundle\n\n"):
        maker.file.write_bytes(changed(data, "history.bundle", broken))
        done = maker.run("verify", "--bundle", str(maker.file))
        assert done.returncode == 2 and "Traceback" not in done.stderr and "bundle" in done.stderr, done.stderr


def test_a_change_that_is_not_proven(maker: Maker, make_desk: Callable[..., Desk]) -> None:
    maker.make(OTHER)
    assert maker.check(code=1)["outcome"] == "open"
    desk = make_desk("other").begin()
    desk.propose()
    desk.votes(["zhao.min"])
    desk.start()
    other = Maker(desk, maker.folder)
    other.make()
    told = other.check(code=1)
    assert told["outcome"] == "fail" and told["differing"] == []
    assert "**Not proven.**" in (other.unpack() / "README.md").read_text("utf-8")


def test_after_a_squash_new_rules_and_an_emergency(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk("late").begin(BOARD, EMERGENCY)
    desk.amend_board(votes=("wang.fang", "chen.hao"), vote_within="30d")
    desk.propose(change_type="emergency")
    policy = desk.policy("ecab")
    desk.vote("li.wei", "submit", policy=policy)
    desk.land("submission")
    for person in ("zhao.min", "chen.hao"):
        role = {"zhao.min": "chair", "chen.hao": "engineer"}[person]
        desk.vote(person, policy=policy, role=role)
        desk.land(f"vote of {person}", by=person)
    desk.start()
    for person in ("wang.fang", "zhao.min"):
        desk.vote(person)
        desk.land(f"later vote of {person}", by=person)
    maker = Maker(desk, tmp_path)
    maker.make()
    told = maker.check(code=0 if desk.verify().outcome == "pass" else 1)
    assert told["outcome"] == desk.verify().outcome and told["differing"] == []
    done = maker.by_hand()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rules/cab-2.canonical: OK" in done.stdout


def test_files_that_are_no_evidence(maker: Maker) -> None:
    maker.make()
    data = maker.file.read_bytes()
    for junk in (
        b"", b"junk", data[:1000], changed(data, "verification.json", b"{}"), changed(data, "verification.json", b"["),
        changed(data, "verification.json", b'{"id": "../../x"}'), changed(data, "history.bundle", None),
    ):  # fmt: skip
        maker.file.write_bytes(junk)
        done = maker.run("verify", "--bundle", str(maker.file))
        assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    for words in (
        ["evidence"], ["evidence", "CHG-1"], ["evidence", "CHG-20260101-0000"], ["verify", "--bundle", "/nowhere"],
        ["verify", CHG, "--bundle", str(maker.file)],
    ):  # fmt: skip
        done = maker.run(*words)
        assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr


def test_a_bare_repository_and_an_older_tip(maker: Maker, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    maker.desk.git("clone", "-q", "--bare", str(maker.desk.root), str(bare))
    assert maker.run("evidence", CHG, "--at", "main", "-o", str(maker.file), where=bare).returncode == 0
    assert maker.check()["outcome"] == "pass"
    first = maker.desk.git("log", "--format=%H", "--grep=^start$").strip()
    maker.make(CHG, "--at", first + "^")
    assert maker.check(code=1)["outcome"] == "open"
    assert path_of_change() in maker.desk.git("ls-files")


def test_ssh_keygen_may_verify_it_too(maker: Maker, tmp_path: Path) -> None:
    """Of a file and of a range, with both; and where there is no ssh-keygen, it is said."""
    maker.make()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(shutil.which("git") or "git")
    for words in (["--bundle", str(maker.file)], ["--range", "HEAD~2..HEAD"]):
        done = maker.run("verify", *words, "--with-keygen")
        assert done.returncode == 0, done.stderr
        done = maker.run("verify", *words, "--with-keygen", PATH=str(tmp_path / "bin"))
        assert done.returncode == 4 and "install OpenSSH" in done.stderr, done.stderr
        assert maker.run("verify", *words, PATH=str(tmp_path / "bin")).returncode == 0


def test_what_overlaps_is_in_the_file(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    """And where somebody left it out, nobody can say that nothing overlaps."""
    desk = make_desk().begin(STRICT, EMERGENCY)
    estate(desk)
    desk.propose(OTHER, status="submitted", assets=["switch-1"], **ANOTHER_DAY)
    desk.propose(**ANOTHER_DAY)
    desk.votes()
    desk.start()
    maker = Maker(desk, tmp_path)
    maker.make()
    told = maker.check(code=1)
    assert [one["change"] for one in told["overlaps"]] == [OTHER]
    assert told["differing"] == []
    repository = find_repository(str(desk.root))
    bundle = make_bundle(repository, commit_of(repository, "HEAD"), Needed(path_of_change()))
    maker.file.write_bytes(changed(maker.file.read_bytes(), "history.bundle", bundle))
    told = maker.check(code=1)
    assert "cannot be read here" in str(told["reasons"])


def test_a_bundle_that_lacks_the_bytes_of_a_reject_proves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its trees name the reject, so the ids of the commits hold; a reader that went on without it would pass it."""
    desk.propose()
    desk.votes()
    maker = Maker(desk, tmp_path)
    path = desk.vote("wang.fang", "reject")
    desk.land("reject", by="wang.fang")
    desk.start()
    maker.make()
    assert "wang.fang rejected it" in maker.check(code=1)["reasons"]
    lacks = desk.git("rev-parse", f"HEAD:{path}").strip()
    whole = history_bundle._blobs
    monkeypatch.setattr(history_bundle, "_blobs", lambda *given: [one for one in whole(*given) if one != lacks])
    repository = find_repository(str(desk.root))
    bundle = make_bundle(repository, commit_of(repository, "HEAD"), Needed(path_of_change()))
    maker.file.write_bytes(changed(maker.file.read_bytes(), "history.bundle", bundle))
    done = maker.run("verify", "--bundle", str(maker.file), where=tmp_path)
    assert done.returncode == 4 and "is missing or damaged" in done.stderr


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_who_vouched_for_a_key_goes_with_it(
    make_desk: Callable[..., Desk], tmp_path_factory: pytest.TempPathFactory, page: str
) -> None:
    """Down to a voucher whose own key was vouched for, and who has left since."""
    desk = make_desk().begin(VOUCHED, EMERGENCY)
    desk.new_key("wang.fang", "stranger.second", "", "wang.fang")
    desk.vouch("wang.fang", "chen.hao", "stranger", key="stranger.second")
    desk.new_key("chen.hao", "stranger")
    desk.land("left", {"kb/people/wang.fang.md": desk.person("wang.fang", [])})
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", key="stranger")
    desk.land("vote", by="chen.hao")
    desk.start()
    maker = Maker(desk, tmp_path_factory.mktemp("third-party"))
    maker.make()
    told = maker.check()
    assert (told["outcome"], told["differing"]) == ("pass", [])
    assert [word["voucher"] for word in told["keys_vouched_for"]] == ["wang.fang", "wang.fang"]
    done = maker.by_hand(page)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('Good "servicebook-vote@v1" signature for') == 4
    word = maker.unpack() / "vouching" / "chen.hao-by-wang.fang-1.json"
    data = changed(maker.file.read_bytes(), word.name, word.read_bytes().replace(b"approve", b"reject"))
    maker.file.write_bytes(data)
    assert "vouching/chen.hao-by-wang.fang-1.json" in maker.check(1)["differing"]
    assert maker.by_hand(page).returncode != 0
