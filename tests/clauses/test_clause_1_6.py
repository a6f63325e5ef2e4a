"""Clauses 1.6 and 1.1-3: subsystems are tested against their figures, people are trained, papers are handed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.clauses.conftest import edit, ticket_of
from tests.conftest import Call, Repo

CONTRACT = "kb/contracts/harbour-newmedia-2025.md"
TEST = "tickets/acceptances/2025/11/ACC-20251110-4TQM.md"


def test_clause_1_6_a_figure_that_was_missed_is_no_pass(sample: Repo, call: Call) -> None:
    edit(sample, TEST, ("found: 6.4 s, ok: true", "found: 9.1 s, ok: false"))
    answer = call("check", TEST)
    assert answer.code == 1
    assert "REC296" in answer.out


def test_clause_1_6_a_figure_that_nobody_measured_is_found(sample: Repo, call: Call) -> None:
    edit(sample, TEST, (", found: 6.4 s, ok: true", ""))
    assert "REC297" in call("check", TEST).out


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (TEST, "result: passed", "result: failed", "the test of `live transcoding and packaging` has not passed"),
        (TEST, "signed_on: 2025-11-18\n", "", "the test of `live transcoding and packaging` is not signed"),
        (TEST, "signed_on: 2025-11-18", "signed_on: 2025-12-01", "the last test was signed on 2025-12-01"),
        (CONTRACT, "accepted_on: 2025-11-18\n", "", "`accepted_on` is missing, from which the warranty runs"),
    ],
)
def test_clause_1_6_the_warranty_starts_with_the_signed_tests(
    sample: Repo, call: Call, path: str, old: str, new: str, said: str
) -> None:
    edit(sample, path, (old, new))
    answer = call("handover", "harbour-newmedia-2025")
    assert answer.code == 1
    assert said in answer.out


def test_clause_1_1_3_the_pack_is_whole_when_everything_is_there(
    sample: Repo, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, nothing in (("en", "nothing"), ("zh", "无")):
        monkeypatch.setenv("SERVICEBOOK_LANG", language)
        pack = tmp_path / f"pack.{language}.md"
        answer = call("handover", "harbour-newmedia-2025", "-o", str(pack))
        assert answer.code == 0, answer.err
        text = pack.read_text("utf-8")
        assert text.rstrip().endswith(f"\n{nothing}")
        for word in ("volume 2 of the hand-over box", "T900-1142", "6.4 s", "restore from tape"):
            assert word in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{document: designs", "{document: drafts", "`designs` was not handed over"),
        ("documents_due: [", "documents_due: [spare keys, ", "`spare keys` was not handed over"),
    ],
)
def test_clause_1_1_3_the_pack_fails_while_a_document_is_missing(
    sample: Repo, call: Call, tmp_path: Path, old: str, new: str, said: str
) -> None:
    edit(sample, CONTRACT, (old, new))
    answer = call("handover", "harbour-newmedia-2025", "-o", str(tmp_path / "pack.md"))
    assert answer.code == 1
    assert said in answer.err
    assert "handed_over" in answer.err


@pytest.mark.parametrize("audience", ["users", "operators", "maintainers"])
def test_clause_1_1_3_each_of_the_three_is_trained(sample: Repo, call: Call, audience: str) -> None:
    for path in (sample.root / "tickets" / "requests").rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text("".join(x for x in text.splitlines(True) if f"{{audience: {audience}," not in x), "utf-8")
    assert f"no training for {audience} was held" in call("handover", "harbour-newmedia-2025").out


def test_clause_1_1_3_a_training_says_who_was_there(sample: Repo, call: Call) -> None:
    words = ("--title", "Training on the new template", "--customer", "harbour-tv", "--requested-by", "Lin",
             "--contact-type", "email", "--request-type", "training", "--service", "cms")  # fmt: skip
    ticket = ticket_of(sample, call("new", "service_request", *words).out)
    call("ack", ticket.stem, "--via", "phone", "--to", "Lin")
    call("assign", ticket.stem, "wang.fang")
    call("assign", ticket.stem, "service-desk")
    call("fulfil", ticket.stem, "--set", "result=held")
    assert "REC299" in call("check", str(ticket)).out
    said = "{audience: users, held_on: 2026-11-19, trainers: [wang.fang], topics: [templates], attendees: [Lin, Wu]}"
    ticket.write_text(ticket.read_text("utf-8").replace("timeline:\n", f"training:\n- {said}\ntimeline:\n"), "utf-8")
    assert "REC299" not in call("check", str(ticket)).out
