"""Votes with keys of every kind, from files and an agent, through their lives; the list of signers says the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.approvals.attacks import VOUCHED
from tests.approvals.desk import CHG, EMERGENCY, Desk, path_of_change
from tests.evidence.conftest import KINDS, _no_keys_of_the_machine, agent, make_key

from servicebook.cli.main import main
from servicebook.cli.verified import line_of
from servicebook.evidence.allowed_signers import render_allowed_signers
from servicebook.evidence.held_keys import held_keys
from servicebook.evidence.signatures import SIGNATURE_LIMIT, VOTE_NAMESPACE, verify_signature
from servicebook.evidence.signing_keys import find_signing_key
from servicebook.evidence.ssh_keygen import sign_bytes
from servicebook.rules.opening import open_desk
from servicebook.workflow.statement import write_statement

__all__ = ["_no_keys_of_the_machine", "agent"]

VOTES = path_of_change().removesuffix(".md") + ".votes"


def reasons(desk: Desk, **options: object) -> dict[str, str]:
    """Return what became of each vote, by its name."""
    found = desk.verify(**options)
    assert found.before is not None
    return {vote.cast.name: str(vote.why) for vote in found.before.tally.votes if not vote.counts}


def as_zhao_min(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what follows be done at the desk, at its time, by Zhao Min."""
    monkeypatch.chdir(desk.root)
    monkeypatch.setenv("SERVICEBOOK_NOW", desk.at.isoformat())
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "zhao.min@example.org")


def test_members_vote_with_keys_of_every_kind(desk: Desk, tmp_path: Path) -> None:
    people = ("li.wei", "zhao.min", "wang.fang", "chen.hao", "lin.yue")
    for person, kind in zip(people, KINDS, strict=True):
        desk.keys[person] = make_key(tmp_path / f"{person}-{kind}", *KINDS[kind], comment=f"{person} 的密钥").file
    desk.land("keys", {f"kb/people/{person}.md": desk.person(person) for person in people})
    desk.propose()
    desk.votes(["zhao.min", "wang.fang", "chen.hao"])
    desk.start()
    found = desk.verify()
    assert (found.outcome, found.reasons) == ("pass", ())
    assert found.before is not None
    assert found.before.tally.approvers == ("chen.hao", "wang.fang", "zhao.min")
    assert ssh_keygen_on_all(desk, tmp_path) == 4


def ssh_keygen_on_all(desk: Desk, folder: Path) -> int:
    """Hold ssh-keygen, given the list of signers, to every vote; return how many there were."""
    snapshot = open_desk(str(desk.root))
    people = snapshot.of_kind("person")
    listed = folder / "allowed_signers"
    listed.write_text(render_allowed_signers(held for person in people for held in held_keys(person)), "utf-8")
    votes = sorted((desk.root / VOTES).glob("*.json"))
    for vote in votes:
        person = vote.name.rpartition("-")[0]
        words = ["ssh-keygen", "-Y", "verify", "-f", str(listed), "-I", person, "-n", VOTE_NAMESPACE]
        when = f"verify-time={desk.at:%Y%m%d%H%M%S}"
        done = subprocess.run(
            [*words, "-s", f"{vote}.sig", "-O", when],
            input=vote.read_bytes(), capture_output=True, check=False, env={**os.environ, "TZ": "Asia/Shanghai"},
        )  # fmt: skip
        assert done.returncode == 0, (vote, done.stderr)
    return len(votes)


@pytest.mark.parametrize("kind", KINDS)
def test_votes_signed_by_an_agent_count(desk: Desk, kind: str, agent: Callable[[Path], None], tmp_path: Path) -> None:
    for person in ("li.wei", "zhao.min", "chen.hao"):
        made = make_key(tmp_path / person, *KINDS[kind], comment=person)
        desk.keys[person] = made.file
        agent(made.file)
        made.file.unlink()  # only the agent has it now
    desk.land("keys", {f"kb/people/{person}.md": desk.person(person) for person in ("li.wei", "zhao.min", "chen.hao")})
    desk.propose()
    for person, decision in (("li.wei", "submit"), ("zhao.min", "approve"), ("chen.hao", "approve")):
        data = write_statement(said := desk.statement(person, decision))
        armored = sign_bytes(data, find_signing_key(str(desk.root), person), VOTE_NAMESPACE)
        desk.land(decision, {f"{VOTES}/{said.name}.json": data, f"{VOTES}/{said.name}.json.sig": armored})
    desk.start()
    assert desk.verify().outcome == "pass"


def test_a_rotated_key_carries_what_it_signed_before_and_nothing_after(desk: Desk, tmp_path: Path) -> None:
    new = make_key(tmp_path / "new", comment="zhao.min@new")
    desk.propose()
    desk.votes(["zhao.min"])
    turned = (desk.at + timedelta(minutes=30)).isoformat()
    keys = [
        {"public_key": desk.public("zhao.min"), "valid_until": turned},
        {"public_key": new.line, "valid_from": turned},
    ]
    desk.land("rotated", {"kb/people/zhao.min.md": desk.person("zhao.min", keys)})
    desk.votes(["chen.hao"], submit="")
    desk.start()
    assert desk.verify().outcome == "pass"
    desk.git("reset", "-q", "--hard", "HEAD^")
    desk.vote("zhao.min", "reject")  # with the old key
    desk.land("too late for the old key")
    desk.start()
    assert desk.verify().outcome == "pass"
    assert "had expired" in reasons(desk)["zhao.min-2"]
    desk.git("reset", "-q", "--hard", "HEAD^")
    desk.keys["zhao.min"] = new.file
    desk.vote("zhao.min", "reject")
    desk.land("with the new key")
    desk.start()
    assert desk.verify().outcome == "fail"


def test_the_key_that_is_good_now_signs_and_not_the_old_one_of_git_s_settings(
    desk: Desk, agent: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = make_key(tmp_path / "new", comment="zhao.min@new")
    agent(new.file)
    keys = [
        {"public_key": desk.public("zhao.min"), "valid_until": desk.at.isoformat()},
        {"public_key": new.line, "valid_from": desk.at.isoformat()},
    ]
    desk.land("rotated", {"kb/people/zhao.min.md": desk.person("zhao.min", keys)})
    desk.propose()
    desk.votes([])
    as_zhao_min(desk, monkeypatch)
    desk.git("config", "gpg.format", "ssh")
    desk.git("config", "user.signingKey", str(desk.keys["zhao.min"]))
    assert main(["approve", CHG, "--yes", "--out", str(tmp_path / "mail")]) == 0
    data = (tmp_path / "mail" / "zhao.min-1.json").read_bytes()
    armored = (tmp_path / "mail" / "zhao.min-1.json.sig").read_bytes()
    assert verify_signature(data, armored, VOTE_NAMESPACE) == new.public
    assert main(["approve", CHG, "--yes", "--key", str(desk.keys["zhao.min"])]) == 1


def test_a_key_that_was_once_withdrawn_is_not_offered_and_signs_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its record says nothing of that any more; verifier and commands go by what the branch ever said."""
    path, held = "kb/people/zhao.min.md", {"public_key": desk.public("zhao.min")}
    desk.land("withdrawn", {path: desk.person("zhao.min", [held | {"revoked_at": desk.at.isoformat()}])})
    desk.land("put right", {path: desk.person("zhao.min", [held])})
    desk.propose()
    desk.votes([])
    as_zhao_min(desk, monkeypatch)
    for words in ([], ["--key", str(desk.keys["zhao.min"])]):
        desk.git("config", "user.signingKey", str(desk.keys["zhao.min"]))
        assert main(["approve", CHG, "--yes", "--out", str(tmp_path / "mail"), *words]) == 1
        err = capsys.readouterr().err
        assert "would not count for zhao.min: it was withdrawn" in err
        assert "ssh-keygen -t ed25519, then servicebook key add FILE" in err
        assert "servicebook key history zhao.min" in err
    assert not (tmp_path / "mail").exists()
    assert main(["key", "list", "zhao.min"]) == 0
    assert "withdrawn" in capsys.readouterr().out
    desk.git("clone", "-q", "--depth=1", f"file://{desk.root}", str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    assert main(["key", "list", "zhao.min"]) == 0
    assert "may sign" in capsys.readouterr().out


def test_a_key_that_another_claims_signs_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = [{"public_key": desk.public(name)} for name in ("sun.yan", "zhao.min")]
    desk.land("claimed", {"kb/people/sun.yan.md": desk.person("sun.yan", both)})
    desk.propose()
    desk.votes([])
    as_zhao_min(desk, monkeypatch)
    assert main(["approve", CHG, "--yes", "--key", str(desk.keys["zhao.min"])]) == 1
    assert "would not count for zhao.min: two people claim it" in capsys.readouterr().err


def test_a_loss_that_is_known_later_voids_what_landed_since(desk: Desk) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    between = desk.at + timedelta(minutes=30)
    desk.votes(["chen.hao"], submit="")
    desk.start()
    assert desk.verify().outcome == "pass"
    for person, outcome in (("zhao.min", "pass"), ("chen.hao", "fail")):
        keys = [{"public_key": desk.public(person), "compromised_since": between.isoformat()}]
        desk.land("lost", {f"kb/people/{person}.md": desk.person(person, keys)})
        assert desk.verify().outcome == outcome
    assert "in other hands" in reasons(desk)["chen.hao-1"]


def test_a_weak_key_in_a_record_signs_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.keys["zhao.min"] = make_key(tmp_path / "short", "-t", "rsa", "-b", "1024").file
    desk.land("a short key", {"kb/people/zhao.min.md": desk.person("zhao.min")})
    desk.propose()
    desk.votes()
    desk.start()
    assert desk.verify().outcome == "fail"
    assert "RSA, 1024 bits" in reasons(desk)["zhao.min-1"]


@pytest.fixture
def strict(make_desk: Callable[..., Desk]) -> Desk:
    """Return a desk whose rules ask that wang.fang vouch for keys that come later."""
    return make_desk().begin(VOUCHED, EMERGENCY)


def voted(desk: Desk, key: str = "stranger") -> Desk:
    desk.propose()
    desk.votes(["zhao.min"])
    desk.vote("chen.hao", key=key)
    desk.land("vote", by="chen.hao")
    desk.start()
    return desk


def test_a_new_key_that_somebody_named_by_the_rules_vouched_for(strict: Desk) -> None:
    strict.new_key("chen.hao", "stranger", "he.jun", "wang.fang")
    found = voted(strict).verify()
    assert (found.outcome, found.unvouched) == ("pass", ())
    assert [word.path for word in found.vouched] == ["kb/people/chen.hao.votes/wang.fang-1.json"]
    assert "wang.fang vouched for it (wang.fang-1)" in str(found.notes[0])


def test_a_new_key_that_its_holder_vouched_for_with_the_old_one(strict: Desk) -> None:
    """And then the next one with that: the chain reaches back to a key that was there when the rules first asked."""
    strict.new_key("chen.hao", "stranger", "", "chen.hao")
    strict.vouch("chen.hao", "chen.hao", "stranger.second", key="stranger")
    strict.new_key("chen.hao", "stranger.second", old=["chen.hao", "stranger"])
    assert voted(strict, "stranger.second").verify().outcome == "pass"


def test_a_word_taken_back_after_the_work_had_begun_voids_nothing(strict: Desk) -> None:
    strict.new_key("chen.hao", "stranger", "", "wang.fang")
    voted(strict)
    strict.vouch("wang.fang", "chen.hao", "stranger", "withdraw")
    strict.land("left us", by="wang.fang")
    assert strict.verify().outcome == "pass"
    strict.land("and is gone", {"kb/people/wang.fang.md": strict.person("wang.fang", [])})
    assert strict.verify().outcome == "pass", "who vouched for it stays known"


def test_a_loss_of_the_voucher_s_key_that_is_known_later_voids_the_word(strict: Desk) -> None:
    strict.new_key("chen.hao", "stranger", "", "wang.fang")
    voted(strict)
    held = [{"public_key": strict.public("wang.fang"), "compromised_since": "2026-03-01T00:00:00Z"}]
    strict.land("lost", {"kb/people/wang.fang.md": strict.person("wang.fang", held)})
    assert strict.verify().outcome == "fail"


def test_rules_that_ask_later_take_the_keys_that_were_there(desk: Desk) -> None:
    desk.new_key("chen.hao", "stranger", "li.wei")
    desk.amend_board(votes=["wang.fang", "chen.hao"], keys_vouched_by=["desk"])
    desk.amend_board(votes=["wang.fang", "chen.hao"], vote_within="30d")
    desk.new_key("chen.hao", "stranger.second", "li.wei", old=["chen.hao", "stranger"])
    assert voted(desk).verify().outcome == "pass"
    desk.git("reset", "-q", "--hard", "HEAD~2")
    desk.vote("chen.hao", key="stranger.second")
    desk.land("vote", by="chen.hao")
    desk.start()
    assert "nobody vouched for the key of chen.hao" in reasons(desk)["chen.hao-1"]


def test_where_the_rules_ask_for_no_word_the_assurance_says_so(desk: Desk) -> None:
    desk.new_key("chen.hao", "stranger", "li.wei")
    found = voted(desk).verify()
    assert (found.outcome, found.unvouched) == ("pass", ("chen.hao",))
    assert "nobody vouched for the keys of chen.hao" in line_of(found)


def test_a_word_on_a_key_lost_in_a_merge(strict: Desk) -> None:
    """A word that was taken back and whose taking back a merge the wrong way round lost."""
    strict.new_key("chen.hao", "stranger", "", "wang.fang")
    strict.git("branch", "mine")
    strict.vouch("wang.fang", "chen.hao", "stranger", "withdraw")
    strict.land("not his", by="wang.fang")
    strict.git("switch", "-q", "mine")
    strict.land("mine", {"kb/b.md": "# B\n"})
    strict.git("merge", "-q", "-s", "ours", "-m", "pull", "main")
    strict.git("branch", "-qf", "main", "HEAD")
    strict.git("switch", "-q", "main")
    assert voted(strict).verify().outcome == "fail"
    assert "was lost in the merge" in reasons(strict)["chen.hao-1"]


BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
BAD = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n", "empty"),
    "five megabytes": (
        b"-----BEGIN SSH SIGNATURE-----\n" + b"QUJD" * 1_310_720,
        f"larger than {SIGNATURE_LIMIT} bytes",
    ),
    "random": (bytes(range(256)) * 8, "not an SSH signature"),
    "a PGP signature": (
        b"-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n",
        "not an SSH signature",
    ),
    "armor around nothing": (BEGIN + b"-----END SSH SIGNATURE-----\n", "damaged"),
    "an LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 300\n",
        "not an SSH signature",
    ),
    "markers of a conflict": (b"<<<<<<< HEAD\n" + BEGIN, "not an SSH signature"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_signature_file_that_is_none_is_told_plainly(desk: Desk, name: str) -> None:
    data, said = BAD[name]
    desk.propose()
    desk.votes(["zhao.min", "chen.hao"])
    desk.land("bad", {f"{VOTES}/lin.yue-1.json": write_statement(desk.statement("lin.yue")),
                      f"{VOTES}/lin.yue-1.json.sig": data})  # fmt: skip
    desk.start()
    assert desk.verify().outcome == "pass"
    told = reasons(desk)["lin.yue-1"]
    assert said in told or (not data.strip() and "missing" in told)


def test_line_ends_that_a_checkout_changed_in_a_signature_do_no_harm(desk: Desk) -> None:
    """The armor is text; only the vote itself must keep its bytes."""
    desk.propose()
    desk.vote("li.wei", "submit")
    for person in ("zhao.min", "chen.hao"):
        desk.vote(person)
    for file in (desk.root / VOTES).glob("*.sig"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    desk.land("votes")
    desk.start()
    assert desk.verify().outcome == "pass"
