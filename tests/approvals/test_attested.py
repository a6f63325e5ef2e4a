"""Reviews on a forge that become votes: which do, which do not, and what the verifier says of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.approvals.desk import CHG, Desk, path_of_change
from tests.conftest import in_process

from servicebook.errors import UsageError
from servicebook.exchange.forge_reviews import parse_reviews
from servicebook.workflow.statement import read_statement

ACCOUNTS = {"li.wei": "liwei", "zhao.min": "Zhao", "wang.fang": "wf", "chen.hao": "chenh", "he.jun": "hejun"}
NOW = "2026-03-25T18:00:00+08:00"
VOTES = path_of_change().removesuffix(".md") + ".votes"


def github(account: str, state: str, commit: str, at: str = "2026-03-25T15:00:00Z", **more: Any) -> dict[str, Any]:
    return {"id": 1, "user": {"login": account}, "state": state, "commit_id": commit, "submitted_at": at} | more


class Pull:
    """A pull request: a branch of a desk with accounts, its head, and the recipe's command over it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        for person, account in ACCOUNTS.items():
            names = dict.fromkeys(("github", "gitlab", "gitea", "forgejo"), account)
            desk.write({f"kb/people/{person}.md": desk.person(person, accounts=names)})
        desk.land("accounts")
        desk.git("switch", "-q", "-c", "topic")
        self.head = desk.propose(change_type="normal")

    def attest(
        self, answer: object, *words: str, forge: str = "github", **more: Any
    ) -> subprocess.CompletedProcess[str]:
        file = self.desk.root.parent / "reviews.json"
        file.write_text(answer if isinstance(answer, str) else json.dumps(answer))
        options = {
            "from": forge, "reviews": str(file), "author": "liwei", "head": self.head, "base": "main",
            "by": "forge.robot", "key": str(self.desk.keys["forge.robot"]), "pull": "https://forge.example/7",
        } | more  # fmt: skip
        given = [word for name, value in options.items() for word in (f"--{name}", value)]
        return in_process("attest", *words, *given, where=self.desk.root, SERVICEBOOK_NOW=NOW)

    def votes(self) -> list[tuple[str, str]]:
        """Return (name, decision) of the votes in the work tree."""
        files = sorted((self.desk.root / VOTES).glob("*.json"))
        return [(file.stem, read_statement(file.read_bytes()).decision) for file in files]

    def merge(self) -> None:
        self.desk.land("votes", by="forge.robot")
        self.desk.git("switch", "-q", "main")
        self.desk.git("merge", "-q", "--no-ff", "-m", "merge", "topic")


@pytest.fixture
def pull(make_desk: Callable[..., Desk]) -> Pull:
    return Pull(make_desk().begin())


def test_two_reviews_approve_a_normal_change(pull: Pull) -> None:
    done = pull.attest([github("Zhao", "APPROVED", pull.head), github("chenh", "APPROVED", pull.head, body="fine")])
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{CHG}: li.wei, submit",
        f"{CHG}: zhao.min, approve",
        f"{CHG}: chen.hao, approve",
    ]
    assert pull.votes() == [("chen.hao-1", "approve"), ("li.wei-1", "submit"), ("zhao.min-1", "approve")]
    said = read_statement((pull.desk.root / VOTES / "chen.hao-1.json").read_bytes())
    assert (said.level, said.signed_by, said.role) == ("forge_attested", "forge.robot", "engineer")
    assert (said.evidence, said.at) == ("github:review/1", "2026-03-25T15:00:00Z")
    pull.merge()
    pull.desk.start()
    told = pull.desk.verify()
    assert (told.outcome, told.weakest) == ("pass", "forge_attested"), told.reasons


def test_a_major_change_is_not_approved_by_them(pull: Pull) -> None:
    pull.desk.edit(path_of_change(), change_type="major")
    pull.head = pull.desk.land("major")
    done = pull.attest([github("Zhao", "APPROVED", pull.head), github("chenh", "APPROVED", pull.head)])
    assert done.returncode == 0, done.stderr
    pull.merge()
    pull.desk.start()
    assert pull.desk.verify().outcome == "fail"


@pytest.mark.parametrize("forge", ["github", "gitea", "forgejo"])
def test_what_does_not_count(pull: Pull, forge: str) -> None:
    old = pull.head
    pull.desk.edit(path_of_change(), risk="low")
    pull.head = pull.desk.land("another plan")
    refuses = "CHANGES_REQUESTED" if forge == "github" else "REQUEST_CHANGES"
    answer = [
        github("liwei", "APPROVED", pull.head),
        github("Zhao", "APPROVED", old),
        github("wf", "APPROVED", pull.head, "2026-03-25T15:00:00Z"),
        github("wf", "DISMISSED", pull.head, "2026-03-25T15:01:00Z"),
        github("chenh", refuses, pull.head, "2026-03-25T15:00:00Z"),
        github("chenh", "COMMENTED", pull.head, "2026-03-25T15:05:00Z"),
        github("hejun", "APPROVED", pull.head),
        github("stranger", "APPROVED", pull.head),
        {"id": 9, "user": None, "state": "APPROVED", "commit_id": pull.head, "submitted_at": NOW},
        github("lin.yue", "PENDING", pull.head),
    ]
    done = pull.attest(answer, forge=forge)
    assert done.returncode == 0, done.stderr
    assert pull.votes() == [("chen.hao-1", "reject"), ("li.wei-1", "submit")]
    for words in (
        "`liwei` wrote the pull request", f"`Zhao` looked at an older commit, {old[:10]}",
        "`wf`: the review was dismissed", "he.jun has no seat on the board `cab` today",
        f"`stranger`: nobody's record has this account on {forge}",
    ):  # fmt: skip
        assert words in done.stderr


def test_run_again_it_adds_only_what_is_new(pull: Pull) -> None:
    both = [github("Zhao", "APPROVED", pull.head), github("chenh", "APPROVED", pull.head)]
    assert pull.attest(both).returncode == 0
    reviewed, pull.head = pull.head, pull.desk.land("votes", by="forge.robot")
    done = pull.attest(both)
    assert (done.returncode, done.stdout) == (0, ""), "the recipe's own commit makes no review an older one"
    changed = [both[0], github("chenh", "DISMISSED", reviewed), github("wf", "APPROVED", reviewed)]
    assert pull.attest(changed).returncode == 0
    assert pull.votes()[:2] == [("chen.hao-1", "approve"), ("chen.hao-2", "withdraw")]
    assert ("wang.fang-1", "approve") in pull.votes()
    pull.merge()
    pull.desk.start()
    told = pull.desk.verify()
    assert told.outcome == "pass" and told.before
    assert sorted(told.before.tally.approvers) == ["wang.fang", "zhao.min"]


def test_after_the_merge_votes_go_on_from_those_of_the_main_branch(pull: Pull) -> None:
    """The recipe runs on the main branch, which may have votes that the head never had."""
    base = pull.desk.git("rev-parse", "main").strip()
    pull.desk.git("switch", "-q", "main")
    pull.desk.git("merge", "-q", "--squash", "topic")
    pull.desk.land("plan, squashed")
    pull.desk.vote("zhao.min", "reject")
    pull.desk.land("a signed vote", by="zhao.min")
    both = [github("Zhao", "APPROVED", pull.head), github("chenh", "APPROVED", pull.head)]
    assert pull.attest(both, base=base).returncode == 0
    assert pull.votes() == [
        ("chen.hao-1", "approve"), ("li.wei-1", "submit"), ("zhao.min-1", "reject"), ("zhao.min-2", "approve")
    ]  # fmt: skip
    pull.desk.land("votes", by="forge.robot")
    pull.desk.start()
    told = pull.desk.verify()
    assert told.outcome == "fail", "what was signed is not taken back by a click"


def test_gitlab_says_no_commit_so_that_its_versions_must(pull: Pull) -> None:
    approved = {"iid": 7, "approved_by": [
        {"user": {"username": "Zhao"}, "approved_at": "2026-03-25T15:00:00.000Z"},
        {"user": {"username": "chenh"}, "approved_at": "2026-03-25T13:00:00.000Z"},
    ]}  # fmt: skip
    versions = pull.desk.root.parent / "versions.json"
    versions.write_text(json.dumps([
        {"id": 2, "head_commit_sha": pull.head, "created_at": "2026-03-25T14:00:00.000Z"},
        {"id": 1, "head_commit_sha": "0" * 40, "created_at": "2026-03-25T12:00:00.000Z"},
    ]))  # fmt: skip
    done = pull.attest(approved, forge="gitlab")
    assert pull.votes() == [("li.wei-1", "submit")] and done.stderr.count("looked at an older commit") == 2
    shutil.rmtree(pull.desk.root / VOTES)
    done = pull.attest(approved, forge="gitlab", versions=str(versions))
    assert done.returncode == 0, done.stderr
    pull.desk.land("votes", by="forge.robot")
    assert pull.votes() == [("li.wei-1", "submit"), ("zhao.min-1", "approve")]
    pull.head = pull.desk.git("rev-parse", "HEAD").strip()
    assert pull.attest({"iid": 7, "approved_by": []}, forge="gitlab").returncode == 0
    assert pull.votes()[-1] == ("zhao.min-2", "withdraw"), "an approval that was taken back is not listed any more"


def test_a_pull_request_cannot_make_its_own_reviewers(pull: Pull) -> None:
    names = {"github": "stranger"}
    pull.desk.write({"kb/people/zhao.min.md": pull.desk.person("zhao.min", accounts=names)})
    pull.head = pull.desk.land("a friend")
    assert pull.attest([github("stranger", "APPROVED", pull.head)]).returncode == 0
    assert pull.votes() == [("li.wei-1", "submit")]


def test_an_account_that_two_claim_is_nobodys(pull: Pull) -> None:
    pull.desk.git("switch", "-q", "main")
    pull.desk.write({"kb/people/sun.yan.md": pull.desk.person("sun.yan", accounts={"github": "ZHAO"})})
    pull.desk.land("again")
    pull.desk.git("switch", "-q", "topic")
    assert "nobody's record" in pull.attest([github("Zhao", "APPROVED", pull.head)]).stderr
    assert pull.votes() == [("li.wei-1", "submit")]


def test_a_key_or_an_account_that_may_not_attest(pull: Pull) -> None:
    for more in ({"key": str(pull.desk.keys["stranger"])}, {"by": "sun.yan", "key": str(pull.desk.keys["sun.yan"])}):
        done = pull.attest([github("Zhao", "APPROVED", pull.head)], **more)
        assert done.returncode == 1 and "may not attest" in done.stderr
    pull.desk.git("switch", "-q", "main")
    pull.desk.amend_board(votes=("wang.fang", "chen.hao"), attestors=[])
    pull.desk.git("switch", "-q", "topic")
    done = pull.attest([github("Zhao", "APPROVED", pull.head)])
    assert done.returncode == 1 and "does not name forge.robot among its `attestors`" in done.stderr
    assert pull.votes() == []


def test_an_account_s_key_that_was_once_withdrawn_attests_nothing(pull: Pull) -> None:
    desk = pull.desk
    desk.git("switch", "-q", "main")
    held = {"public_key": desk.public("forge.robot"), "purpose": ["attestations"]}
    for ends in ({"revoked_at": "2026-01-01T00:00:00Z"}, {}):
        desk.land("key", {"kb/people/forge.robot.md": desk.person("forge.robot", [held | ends])})
    desk.git("switch", "-q", "topic")
    done = pull.attest([github("Zhao", "APPROVED", pull.head)])
    assert done.returncode == 1 and "may not attest for forge.robot: it was withdrawn" in done.stderr
    assert pull.votes() == []


def test_committed_and_in_chinese(pull: Pull) -> None:
    done = pull.attest([github("Zhao", "APPROVED", pull.head)], "--commit", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert pull.desk.git("status", "--porcelain") == ""
    names = pull.desk.git("show", "--name-only", "--format=%s").split("\n")
    assert names[0] == "合并请求评审形成的投票" and len([name for name in names if ".votes/" in name]) == 4


def test_a_pull_request_without_a_change(pull: Pull) -> None:
    pull.desk.git("switch", "-q", "main")
    pull.desk.git("switch", "-q", "-c", "other")
    pull.head = pull.desk.land("page", {"kb/a.md": "# A\n"})
    done = pull.attest([])
    assert (done.returncode, done.stdout) == (0, "the pull request touches no change\n")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("nonsense", "not JSON"), ('{"message": "Not Found"}', "Not Found"), ("[1]", "a list"),
        ('[{"user": {}, "state": "APPROVED"}]', "user.login"), ('[{"user": {"login": "a"}}]', "`state`"),
        ('[{"user": {"login": "a"}, "state": "APPROVED"}]', "submitted_at"),
        ('[{"user": {"login": "a"}, "state": "APPROVED", "submitted_at": "soon", "commit_id": "x"}]', "a time"),
        ("[" * 100_000, "not JSON"), ("7", "a list"),
    ],
)  # fmt: skip
def test_answers_that_are_none(answer: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        parse_reviews("github", answer, "reviews.json")


def test_pages_of_an_answer_one_after_the_other(tmp_path: Path) -> None:
    pages = json.dumps([github("a", "APPROVED", "c")]) + "\n" + json.dumps([github("b", "APPROVED", "c")])
    assert [review.account for review in parse_reviews("github", pages, "x")] == ["a", "b"]
    assert parse_reviews("github", "", "x") == []
