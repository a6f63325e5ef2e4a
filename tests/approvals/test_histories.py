"""Random histories: honest work of several changes in every style of merging, and one attack among it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.approvals.attacks import ATTACKS, Attack
from tests.approvals.desk import BODY, Desk, path_of_change
from tests.approvals.test_must_fail import said_by

from servicebook.evidence.casts import prove_vote
from servicebook.workflow.statement import write_statement

STYLES = ("direct", "merge", "squash", "rebase")
REACH_BACK = {
    "reject-whose-key-is-reported-stolen", "report-of-a-stolen-key-taken-out", "stolen-key-that-is-reported-later",
}  # fmt: skip
"""Attacks that void honest work of before, too."""


def honest_change(desk: Desk, chance: random.Random, number: int) -> str:
    """Bring one change to its start, or beyond, as honest people do, and return its id."""
    id = f"CHG-20260301-{number:04d}"
    style = chance.choice(STYLES)
    if style != "direct":
        desk.git("switch", "--quiet", "-c", id)
    author = chance.choice(["li.wei", "sun.yan"])
    kind = chance.choice(["normal", "major"])
    desk.propose(id, by=author, change_type=kind, risk=chance.choice(["low", "medium", "high"]))
    voters = chance.sample(["zhao.min", "chen.hao", "wang.fang"], 3)
    desk.votes(voters if kind == "major" else voters[:2], id, submit=author)
    if chance.random() < 0.3:
        desk.edit(path_of_change(id), body=BODY + "\n- told the night shift\n")
        desk.land("log")
    if style != "direct":
        land(desk, id, style)
    desk.start(id)
    if chance.random() < 0.5:
        desk.move("implemented", "implemented", id)
        desk.land("implemented")
    return id


def land(desk: Desk, branch: str, style: str) -> None:
    if style == "rebase":
        desk.git("rebase", "--quiet", "main")
    desk.git("switch", "--quiet", "main")
    if style == "merge":
        desk.land("meanwhile", {f"notes/{branch}.md": "x\n"})
        desk.git("merge", "--quiet", "--no-ff", "-m", f"merge {branch}", branch)
    elif style == "squash":
        desk.git("merge", "--quiet", "--squash", branch)
        desk.land(f"{branch} (#1)", by="forge", email="noreply@forge.example.org")
    else:
        desk.git("merge", "--quiet", "--ff-only", branch)


def play(desk: Desk, chance: random.Random, attack: Attack) -> None:
    """Play a history with an attack in it, and hold the verifier to what is true of each change."""
    desk.begin(*attack.boards)
    if not attack.boards and chance.random() < 0.4:
        desk.amend_board(votes=["wang.fang", "chen.hao"], vote_within=f"{chance.randint(20, 40)}d")
    honest = []
    if not attack.boards:
        honest = [honest_change(desk, chance, number) for number in range(chance.randint(0, 2))]
    for id in honest:
        found = desk.verify(id)
        assert found.outcome == "pass", said_by(found)
    attack.act(desk)
    found = desk.verify(whole=attack.needs_all)
    assert found.outcome == "fail", f"{attack.name}: {said_by(found)}"
    for id in honest if attack.name not in REACH_BACK else ():
        assert desk.verify(id).outcome == "pass", f"{attack.name} spoilt {id}"


@pytest.mark.parametrize("seed", range(10))
def test_random_history(make_desk: Callable[..., Desk], seed: int) -> None:
    chance = random.Random(seed)
    play(make_desk(), chance, chance.choice(ATTACKS))


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_every_attack_in_random_histories(make_desk: Callable[..., Desk], attack: Attack) -> None:
    for seed in range(3):
        play(make_desk(f"desk{seed}"), random.Random(f"{attack.name}{seed}"), attack)


def test_every_mutation_of_a_signed_byte_fails(desk: Desk) -> None:
    desk.propose()
    said = desk.statement("zhao.min", comment="看过了", conditions=("one",), waives=("freeze:gala",))
    data = write_statement(said)
    armored = desk.sign(data, "zhao.min", "servicebook-vote@v1")
    name = f"{said.name}.json"
    assert prove_vote(name, data, armored)[1] is None
    chance = random.Random(1)
    for place in range(len(data)):
        for other in {data[place] ^ 1, data[place] ^ 0x20, chance.randrange(256)} - {data[place]}:
            mutated = data[:place] + bytes([other]) + data[place + 1 :]
            assert prove_vote(name, mutated, armored)[1] is not None, mutated
    for place in range(0, len(armored), 3):
        for other in {armored[place] ^ 1, chance.randrange(256)} - {armored[place]}:
            mutated = armored[:place] + bytes([other]) + armored[place + 1 :]
            assert prove_vote(name, data, mutated)[1] is not None, mutated


def test_a_byte_less_or_more_fails(desk: Desk, tmp_path: Path) -> None:
    desk.propose()
    data = write_statement(desk.statement("zhao.min"))
    armored = desk.sign(data, "zhao.min", "servicebook-vote@v1")
    for other in (data[:-1], data + b"\n", b" " + data, data[1:], b""):
        assert prove_vote("zhao.min-1.json", other, armored)[1] is not None
    for other in (armored[:-20], armored + armored, b"", armored[:100]):
        assert prove_vote("zhao.min-1.json", data, other)[1] is not None
