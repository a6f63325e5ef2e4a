"""The commands as people type them: from a submission to a proven change, by hand, by mail and by phone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.approvals.attacks import VOUCHED
from tests.approvals.desk import BOARD, BODY, CHG, EMERGENCY, Desk, path_of_change, record
from tests.approvals.test_must_pass import TEMPLATE

from servicebook.cli.conditions import binding_conditions
from servicebook.cli.main import main
from servicebook.rules.conditions import open_conditions
from servicebook.rules.opening import open_desk

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(desk: Desk, call_in: Callable[[Desk], Call]) -> Call:
    """Return a caller of the command line in the desk, as the person named first."""
    return call_in(desk)


@pytest.fixture
def call_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Desk], Call]:
    """Return a maker of callers of the command line in a desk."""
    return lambda desk: _caller(desk, monkeypatch, capsys, tmp_path_factory)


def _caller(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Call:
    monkeypatch.chdir(desk.root)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)

    def run(person: str, *words: str) -> tuple[int, str, str]:
        for name, value in (("AUTHOR", f"{person}@example.org"), ("COMMITTER", f"{person}@example.org")):
            monkeypatch.setenv(f"GIT_{name}_EMAIL", value)
            monkeypatch.setenv(f"GIT_{name}_DATE", desk.at.isoformat())
        monkeypatch.setenv("SERVICEBOOK_NOW", desk.at.isoformat())
        desk.git("config", "gpg.format", "ssh")
        desk.git("config", "user.signingkey", str(desk.keys.get(person, desk.keys["stranger"])))
        code = main(list(words))
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def merge(desk: Desk, branch: str) -> None:
    desk.git("merge", "--quiet", "--no-ff", "-m", f"merge {branch}", branch)


def test_from_a_submission_to_a_proven_change(desk: Desk, call: Call) -> None:
    desk.propose()
    code, out, _ = call("li.wei", "submit", "7RBN", "--commit")
    assert code == 0
    assert "Plan / Implementation: Move channel 3, upgrade, move it back." in out
    assert "risk: medium" in out
    assert desk.fields(path_of_change())[0]["status"] == "submitted"

    code, out, err = call("he.jun", "approve", "7RBN")
    assert (code, err.splitlines()[0]) == (1, "servicebook: he.jun has no seat on the board `cab`")
    code, _, err = call("zhao.min", "approve", "7RBN", "--step")
    assert code == 1
    assert "the board has not approved" in err

    for person in ("zhao.min", "chen.hao"):
        branch = desk.git("rev-parse", "--abbrev-ref", "HEAD").strip()
        code, out, _ = call(person, "approve", "7RBN", "--comment", "seen")
        assert code == 0
        assert f"committed on the branch votes/{CHG}/{person}-1" in out
        assert desk.git("rev-parse", "--abbrev-ref", "HEAD").strip() == branch
        assert desk.git("status", "--porcelain") == ""
        merge(desk, f"votes/{CHG}/{person}-1")
    code, out, err = call("zhao.min", "approve", "7RBN")
    assert "zhao.min has approved it" in err

    code, out, _ = call("li.wei", "verify", "7RBN")
    assert (code, out) == (0, f"{CHG}  open  all is there: it may be started\n")
    assert call("zhao.min", "approve", "7RBN", "--step", "--commit")[0] == 0
    assert call("he.jun", "start", "7RBN", "--commit")[0] == 0
    code, out, _ = call("li.wei", "verify", "7RBN", "--explain")
    assert code == 0
    assert "passes  a quorum signed this plan before the work" in out
    assert "it counts, as `engineer`" in out
    code, out, _ = call("li.wei", "verify", "--all", "--json")
    assert [(one["id"], one["outcome"]) for one in json.loads(out)] == [(CHG, "pass")]


def test_a_vote_by_mail(desk: Desk, call: Call, tmp_path: Path) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    assert call("chen.hao", "approve", CHG, "--out", str(tmp_path / "mail"))[0] == 0
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["chen.hao-1.json", "chen.hao-1.json.sig"]
    assert desk.git("status", "--porcelain") == ""
    assert call("zhao.min", "vote", "add", str(tmp_path / "mail" / "chen.hao-1.json"), "--commit")[0] == 0
    desk.start()
    assert desk.verify().outcome == "pass"

    letter = tmp_path / "mail" / "chen.hao-1.json"
    letter.write_bytes(letter.read_bytes().replace(b"approve", b"reject"))
    code, _, err = call("zhao.min", "vote", "add", str(letter))
    assert code == 1
    assert "chen.hao-1.json is not taken in: the signature does not fit" in err
    assert call("zhao.min", "vote", "add", str(tmp_path / "nothing.json"))[0] == 2


def test_a_vote_by_phone(desk: Desk, call: Call, tmp_path: Path) -> None:
    desk.propose(change_type="normal", customer="harbour-tv")
    desk.votes(["zhao.min"])
    (tmp_path / "call.txt").write_text("yes, she said\n")
    words = ["vote", "record", CHG, "--person", "lin.yue", "--evidence", str(tmp_path / "call.txt"), "--commit"]
    code, _, err = call("chen.hao", *words)
    assert code == 1
    assert "chen.hao is not a secretary" in err
    assert call("wang.fang", *words)[0] == 0
    desk.start()
    found = desk.verify()
    assert (found.outcome, found.weakest) == ("pass", "recorded")


def test_who_may_vote_and_why_not(desk: Desk, call: Call) -> None:
    desk.propose(by="chen.hao", requested_by="wang.fang")
    code, out, _ = call("li.wei", "board", "7RBN")
    assert code == 0
    assert "chen.hao wrote a part of the plan" in out
    assert "wang.fang asked for the change" in out
    assert "lin.yue has no seat as `customer` on that day" in out
    assert "✗ nobody has submitted this plan with a signature" in out
    data = json.loads(call("li.wei", "board", "7RBN", "--json")[1])
    assert [one["person"] for one in data["voters"] if one["may_vote"]] == ["zhao.min", "sun.yan"]
    assert call("li.wei", "board")[0] == 0
    assert "major: 1 votes of `technical` (signed)" in call("li.wei", "board", "cab")[1]


def test_what_moved_since_the_last_vote_is_shown(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.votes()
    desk.edit(path_of_change(), plan={"implementation": "Move channel 3, then upgrade."})
    desk.land("reworded")
    code, out, _ = call("chen.hao", "approve", "7RBN")
    assert code == 0
    assert "-Plan / Implementation: Move channel 3, upgrade, move it back." in out
    assert "+Plan / Implementation: Move channel 3, then upgrade." in out
    assert f"votes/{CHG}/chen.hao-2" in out


def test_a_plan_that_is_not_committed_is_not_signed(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.edit(path_of_change(), risk="low")
    code, _, err = call("li.wei", "submit", "7RBN")
    assert code == 1
    assert "is not the one that is committed" in err


def test_reject_and_withdraw(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.votes()
    assert call("wang.fang", "reject", "7RBN", "--reason", "not tested", "--commit")[0] == 0
    code, out, _ = call("wang.fang", "verify", "7RBN")
    assert code == 1
    assert "wang.fang rejected it" in out
    assert call("wang.fang", "withdraw", "7RBN", "--commit")[0] == 0
    assert call("wang.fang", "verify", "7RBN")[0] == 0
    assert call("lin.yue", "withdraw", "7RBN")[0] == 1


def test_a_key_that_is_not_the_voters(desk: Desk, call: Call) -> None:
    desk.propose()
    code, _, err = call("zhao.min", "approve", "7RBN", "--key", str(desk.keys["stranger"]))
    assert code == 1
    assert "would not count for zhao.min: it does not stand in the record" in err
    assert "Traceback" not in err


def test_a_shallow_clone_cannot_decide(desk: Desk, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.propose()
    desk.votes()
    desk.start()
    desk.git("clone", "--quiet", "--depth=1", f"file://{desk.root}", str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    code, _, err = call("li.wei", "verify", "7RBN")
    assert code == 4
    assert "git fetch --unshallow" in err


def test_a_range_lets_pass_and_stops(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    before = desk.git("rev-parse", "HEAD").strip()
    desk.land("something else", {"README.md": "x\n"})
    assert call("li.wei", "verify", "--range", f"{before}..HEAD")[0] == 0
    desk.start()
    code, out, _ = call("li.wei", "verify", "--range", f"{before}..HEAD")
    assert code == 1
    assert "fails" in out
    begun = desk.git("rev-parse", "HEAD").strip()
    desk.edit(path_of_change(), body=BODY + "\n- more\n")
    desk.land("log")
    assert call("li.wei", "verify", "--range", f"{begun}..HEAD")[0] == 0, "it failed before already"


def test_a_range_with_a_record_in_another_folder(desk: Desk, call: Call) -> None:
    before = desk.git("rev-parse", "HEAD").strip()
    desk.propose()
    desk.git("mv", path_of_change(), f"tickets/changes/{CHG}.md")
    desk.land("moved")
    code, out, _ = call("li.wei", "verify", "--range", f"{before}..HEAD")
    assert code == 1
    assert f"tickets/changes/{CHG}.md lies elsewhere than {path_of_change()}" in out


def test_a_range_with_rules_that_nobody_approved(desk: Desk, call: Call) -> None:
    before = desk.git("rev-parse", "HEAD").strip()
    desk.amend_board(by="he.jun", submit="", quorum=[{"votes": 0}])
    code, out, _ = call("li.wei", "verify", "--range", f"{before}..HEAD")
    assert code == 1
    assert "version 2 of the board `cab` was not approved" in out
    code, out, _ = call("li.wei", "board")
    assert code == 1


def test_a_range_that_takes_the_branch_s_place(desk: Desk, call: Call) -> None:
    desk.git("switch", "--quiet", "-c", "mine")
    desk.land("mine", {"README.md": "mine\n"})
    desk.git("switch", "--quiet", "main")
    desk.land("theirs", {"NOTES.md": "theirs\n"})
    notes = desk.git("rev-parse", "HEAD").strip()
    desk.git("switch", "--quiet", "mine")
    merge(desk, "main")
    assert call("li.wei", "verify", "--range", f"{notes}..HEAD")[0] == 0, "no change was touched meanwhile"
    desk.git("switch", "--quiet", "main")
    desk.propose()
    desk.votes()
    before = desk.start()
    desk.git("switch", "--quiet", "mine")
    merge(desk, "main")
    code, out, _ = call("li.wei", "verify", "--range", f"{before}..HEAD")
    assert code == 1
    assert "git pull --rebase, then git push" in out
    assert call("li.wei", "verify", "--range", f"{before}..main")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["verify"], 2, "say which change"),
        (["verify", "--all", "7RBN"], 2, "say which change"),
        (["verify", "0000"], 2, "names 0 changes"),
        (["verify", "INC-20260325-7RBN"], 2, "is a incident"),
        (["verify", CHG, "--at", "nowhere"], 2, "there is no revision"),
        (["verify", "--range", "main"], 2, "is no range"),
        (["vote", "record", "7RBN"], 2, "needs --person"),
        (["approve", "7RBN", "--waive", "everything"], 2, "`waives`"),
        (["approve", "7RBN", "--comment", "x" * 5000], 2, "`comment`"),
    ],
)
def test_wrong_words(desk: Desk, call: Call, words: list[str], code: int, said: str) -> None:
    desk.propose()
    found, out, err = call("zhao.min", *words)
    assert (found, said in err + out) == (code, True), err
    assert "Traceback" not in err


def test_ssh_keygen_and_the_library_agree_on_what_was_signed(desk: Desk) -> None:
    desk.propose()
    path = desk.root / desk.vote("zhao.min")
    signers = desk.root / "allowed"
    signers.write_text(f"zhao.min {desk.public('zhao.min')}\n")
    words = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "zhao.min", "-n", "servicebook-vote@v1", "-s"]
    done = subprocess.run([*words, f"{path}.sig"], input=path.read_bytes(), capture_output=True)
    assert done.returncode == 0, done.stderr


def test_a_condition_is_met_before_the_change_is_closed(desk: Desk, call: Call, tmp_path: Path) -> None:
    desk.propose()
    desk.votes(["zhao.min"])
    assert call("chen.hao", "approve", "7RBN", "--condition", "channel 3 is moved first", "--commit")[0] == 0
    desk.start()
    desk.move("implemented", "implemented", review={"result": "good", "closure_code": "successful"})
    desk.land("done", by="he.jun")
    code, _, err = call("he.jun", "close", "7RBN")
    assert code == 1
    assert "nobody has met the condition 1 of the vote chen.hao-1: channel 3 is moved first" in err
    assert "servicebook vote met CHG-20260325-7RBN --vote chen.hao-1 --number 1 --evidence FILE" in err
    assert call("he.jun", "vote", "met", "7RBN", "--vote", "chen.hao-1")[0] == 2
    words = ["vote", "met", "7RBN", "--vote", "chen.hao-1", "--evidence"]
    code, _, err = call("he.jun", *words, "log", "--number", "2")
    assert (code, "open: chen.hao-1 1" in err) == (1, True)
    (tmp_path / "move.log").write_text("moved at 02:10\n")
    assert call("he.jun", *words, str(tmp_path / "move.log"), "--commit")[0] == 0
    met = desk.fields(path_of_change())[0]["conditions_met"][0]
    assert (met["vote"], met["number"], met["by"]) == ("chen.hao-1", 1, "he.jun")
    assert met["evidence"].startswith("sha256:")
    code, _, err = call("he.jun", "close", "7RBN", "--commit")
    assert code == 0, err
    found = desk.verify()
    assert (found.outcome, found.open_conditions) == ("pass", ())


def vote_and_merge(desk: Desk, call: Call, subject: str, *people: str) -> None:
    """Cast votes as people do, each on a branch of its own that is merged here."""
    id = subject.rpartition("/")[2]
    for person in people:
        code, out, err = call(person, "approve", subject)
        assert code == 0, err
        branch = out.split("committed on the branch ")[1].split()[0]
        assert branch.startswith(f"votes/{id}/{person}-")
        merge(desk, branch)


def test_a_board_votes_on_its_new_rules(desk: Desk, call: Call) -> None:
    assert "is in force" in call("zhao.min", "approve", "board/cab")[2]
    before = desk.policy()
    desk.git("switch", "--quiet", "-c", "rules")
    desk.edit("kb/boards/cab.md", version=2, previous_digest="sha256:" + "0" * 64, vote_within="14d")
    desk.land("new rules", by="li.wei")
    code, _, err = call("li.wei", "submit", "board/cab")
    assert (code, f"its `previous_digest` must be {before}" in err) == (1, True)
    desk.edit("kb/boards/cab.md", previous_digest=before)
    assert "is not as it is committed" in call("li.wei", "submit", "board/cab")[2]
    desk.land("cite", by="li.wei")
    code, out, err = call("li.wei", "submit", "board/cab", "--commit")
    assert code == 0, err
    assert "14d" in out
    assert "li.wei has no seat" in call("li.wei", "approve", "board/cab")[2]
    vote_and_merge(desk, call, "board/cab", "zhao.min")
    code, out, _ = call("li.wei", "board", "board/cab")
    assert "✗ 1 of 2 approvals" in out
    vote_and_merge(desk, call, "board/cab", "chen.hao")
    assert "all is there: the board has agreed" in call("li.wei", "board", "board/cab")[1]
    desk.git("switch", "--quiet", "main")
    merge(desk, "rules")
    code, out, _ = call("li.wei", "board", "cab")
    assert code == 0, out
    assert "version 2  in order" in out


def test_a_new_board_is_voted_on_by_the_one_it_cites(desk: Desk, call: Call) -> None:
    desk.git("switch", "--quiet", "-c", "rules")
    data, body = desk.fields("kb/boards/cab.md")
    fresh = data | {"id": "net", "previous_digest": desk.policy()}
    desk.land("new", {"kb/boards/net.md": record(fresh, body)}, "li.wei")
    assert call("li.wei", "submit", "board/net", "--commit")[0] == 0
    vote_and_merge(desk, call, "board/net", "zhao.min", "wang.fang")
    desk.git("switch", "--quiet", "main")
    merge(desk, "rules")
    code, out, _ = call("li.wei", "board", "net")
    assert (code, "in order" in out) == (0, True), out


def test_a_board_votes_on_a_template(desk: Desk, call: Call, tmp_path: Path) -> None:
    template = {
        "schema": "article/1", "id": "restart", "title": "Restart", "status": "active", "valid_to": "2026-12-31",
        "services": ["live-streaming"], "standard_change": {"board": "cab", "parameters": ["channel"]},
    }  # fmt: skip
    desk.land("template", {"kb/articles/restart.md": record(template, "## Steps\n\nRestart it.\n")}, by="chen.hao")
    assert call("li.wei", "submit", "article/restart", "--commit")[0] == 0
    assert "wrote a part of the template" in call("chen.hao", "approve", "article/restart")[2]
    vote_and_merge(desk, call, "article/restart", "zhao.min")
    assert call("wang.fang", "approve", "article/restart", "--out", str(tmp_path))[0] == 0
    assert call("zhao.min", "vote", "add", str(tmp_path / "wang.fang-1.json"), "--commit")[0] == 0
    assert "the board has agreed" in call("li.wei", "board", "article/restart")[1]
    desk.propose(change_type="standard", plan=None, template="restart", parameters={"channel": "3"}, board="cab")
    desk.start()
    assert desk.verify().outcome == "pass"


def test_somebody_vouches_for_a_new_key(make_desk: Callable[..., Desk], call_in: Callable[[Desk], Call]) -> None:
    desk = make_desk("vouched").begin(VOUCHED, EMERGENCY)
    call = call_in(desk)
    desk.propose()
    desk.votes(["zhao.min"])
    desk.new_key("chen.hao", "stranger", old=[])
    desk.keys = {**desk.keys, "chen.hao": desk.keys["stranger"]}
    code, _, err = call("chen.hao", "approve", "7RBN", "--yes", "--commit")
    assert code == 1 and "nobody vouched for the key of chen.hao" in err
    code, _, err = call("chen.hao", "key", "vouch", "chen.hao", "--commit")
    assert code == 1 and "with the key itself" in err
    code, _, err = call("li.wei", "key", "vouch", "chen.hao", "--commit")
    assert code == 1 and "the rules of `cab` name wang.fang" in err
    code, out, _ = call("wang.fang", "key", "vouch", "chen.hao", "--commit")
    assert code == 0 and "let chen.hao read the fingerprint out to you" in out
    assert "kb/people/chen.hao.votes/wang.fang-1.json" in desk.git("show", "--stat=200")
    code, out, _ = call("chen.hao", "approve", "7RBN", "--yes", "--commit")
    assert code == 0
    assert call("wang.fang", "key", "vouch", "chen.hao", "--take-back", "--reason", "not his", "--commit")[0] == 0
    assert call("li.wei", "verify", CHG)[0] == 1
    assert call("wang.fang", "key", "vouch", "chen.hao", "--commit")[0] == 0
    desk.vote("chen.hao")
    desk.land("vote", by="chen.hao")
    desk.start()
    assert desk.verify().outcome == "pass"
    assert call("wang.fang", "check")[0] in (0, 1)


def test_a_holder_vouches_with_the_old_key(make_desk: Callable[..., Desk], call_in: Callable[[Desk], Call]) -> None:
    desk = make_desk("vouched").begin(VOUCHED, EMERGENCY)
    call = call_in(desk)
    desk.new_key("chen.hao", "stranger")
    words = ["key", "vouch", "chen.hao", "--which", "stranger", "--sign-with", str(desk.keys["chen.hao"]), "--commit"]
    code, _, err = call("chen.hao", *words)
    assert code == 0, err
    desk.keys = {**desk.keys, "chen.hao": desk.keys["stranger"]}
    desk.propose()
    desk.votes()
    desk.start()
    assert desk.verify().outcome == "pass"


def test_no_board_asks_for_a_voucher(desk: Desk, call: Call) -> None:
    code, _, err = call("wang.fang", "key", "vouch", "chen.hao", "--commit")
    assert code == 1 and "no board asks" in err


def test_votes_by_phone_on_rules_and_on_a_template(desk: Desk, call: Call, tmp_path: Path) -> None:
    (tmp_path / "call.txt").write_text("yes\n")
    phone = ["--evidence", str(tmp_path / "call.txt"), "--commit"]
    asked = [*BOARD["quorum"][:-1], BOARD["quorum"][-1] | {"levels": ["recorded"]}]
    desk.amend_board(votes=["wang.fang", "chen.hao"], quorum=asked)
    before = desk.policy()
    desk.git("switch", "-q", "-c", "rules")
    desk.edit("kb/boards/cab.md", version=3, previous_digest=before, vote_within="9d")
    desk.land("new rules", by="zhao.min")
    assert call("zhao.min", "submit", "board/cab", "--yes", "--commit")[0] == 0
    assert call("wang.fang", "approve", "board/cab", "--yes", "--commit")[0] == 0
    code, _, err = call("zhao.min", "vote", "record", "board/cab", "--person", "chen.hao", *phone)
    assert code == 1 and "zhao.min is not a secretary" in err
    code, _, err = call("wang.fang", "vote", "record", "board/cab", "--person", "he.jun", *phone)
    assert code == 1 and "he.jun has no seat" in err
    code, _, err = call("wang.fang", "vote", "record", "board/cab", "--person", "chen.hao", *phone)
    assert code == 0 and "servicebook board board/cab" in err
    desk.git("switch", "-q", "main")
    desk.git("merge", "-q", "--no-ff", "-m", "rules", "rules")
    code, out, _ = call("li.wei", "board", "cab")
    assert code == 0 and "version 3" in out, "one signed vote, and one by phone that these rules take"
    desk.land("template", {"kb/articles/restart.md": record(TEMPLATE, "## Steps\n\nRestart it.\n")})
    assert call("li.wei", "submit", "article/restart", "--yes", "--commit")[0] == 0
    assert call("zhao.min", "approve", "article/restart", "--yes", "--commit")[0] == 0
    assert call("wang.fang", "vote", "record", "article/restart", "--person", "chen.hao", *phone)[0] == 0
    code, out, _ = call("li.wei", "board", "article/restart")
    assert code == 0 and "chen.hao has approved it" in out


def test_a_condition_binds_where_the_vote_counts(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.votes()
    for person in ("sun.yan", "he.jun"):
        desk.vote(person, conditions=("everybody gets cake",), role="engineer")
    desk.land("outsiders")
    desk.vote("wang.fang", policy="sha256:" + "0" * 64, conditions=("under rules that never were",))
    desk.land("a member, under other rules", by="wang.fang")
    desk.start()
    desk.move("implemented", "implemented")
    desk.land("done")
    code, _, err = call("li.wei", "vote", "met", "7RBN", "--vote", "sun.yan-1", "--evidence", "x")
    assert code == 1 and "open: -" in err
    snapshot = open_desk(str(desk.root))
    change = snapshot.get("change", CHG)
    assert change is not None
    assert [one.vote for one in open_conditions(snapshot, change)] == ["sun.yan-1", "wang.fang-1"]
    assert binding_conditions(snapshot, change) == []


def test_a_file_with_the_last_number_does_not_silence_a_voter(desk: Desk, call: Call) -> None:
    desk.propose()
    desk.votes()
    desk.land("planted", {path_of_change().removesuffix(".md") + ".votes/wang.fang-9999.json": "{}"})
    code, _, err = call("wang.fang", "reject", "7RBN", "--reason", "not tested", "--commit")
    assert code == 0, err
    assert "wang.fang rejected it" in call("wang.fang", "verify", "7RBN")[1]
