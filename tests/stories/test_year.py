"""The sample desk's year, typed command by command from an empty folder, ends in the sample desk's records."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tests.stories.comparing import differences, fields_and_body
from tests.stories.stage import ROOT, Stage
from tests.stories.story import Step, all_stories, read_story

MADE_BY_STORIES = ("tickets/**/*.md", "kb/known-errors/*.md", "kb/parts/*.md")
REPORTS = "reports"
"""A periodic report cites the revision of the desk that it was computed from: no other desk has it."""

OTHERWISE = {
    # Closed while version 2 of the agreement was the last one on the desk: a closed ticket keeps that.
    "INC-20260930-X266": ("sla: ",),
    "INC-20261014-4QSW": ("sla: ",),
    "INC-20261016-FNA3": ("sla: ",),
    "INC-20261106-PHX3": ("sla: ",),
    # Who saw to a condition of a vote: no board of the story votes.
    "CHG-20261112-7KQE": ("conditions_met: ",),
    # Opened by hand out of the quarantine folder: a note on its first line, and a name where `assign` writes a person.
    "INC-20260218-7PSQ": ("not played: ", "not in the sample: "),
}
"""Where the sample says otherwise than its verbs would today, by the beginning of the line that says so."""


def sample_records() -> Iterator[Path]:
    """Yield the files of the sample that a story makes or goes on with."""
    for pattern in MADE_BY_STORIES:
        yield from (path for path in sorted(ROOT.glob(pattern)) if REPORTS not in path.parts)


def the_year() -> list[Step]:
    """Return the steps of all stories in the order of the year."""
    steps = [step for path in all_stories() for step in read_story(path)]
    return sorted(steps, key=lambda step: step.at)  # stable: within a second, a story keeps its own order


def typed(step: Step) -> str:
    return f"{step.where}: {step.at:%Y-%m-%d %H:%M:%S} {step.by}$ {' '.join(step.words)}"


def play(stage: Stage, steps: list[Step], *, check_each: bool) -> None:
    """Type the steps; each must end well, and the desk must be in order at the end of each month, or after each."""
    month = steps[0].at.month
    for step in steps:
        if step.at.month != month:
            month = step.at.month
            stage.commit(f"Until {step.at:%Y-%m}")
            require_order(stage, typed(step))
        said = stage.play(step)
        assert said.code == 0, f"{typed(step)}\n{said.out}{said.err}"
        if check_each:
            require_order(stage, typed(step))
    require_order(stage, "the end")


def require_order(stage: Stage, where: str) -> None:
    said = stage.call("check", "--format", "concise")
    assert said.code == 0, f"{where}\n{said.out}{said.err}"


def require_the_sample(stage: Stage) -> None:
    """Hold every record against the sample's, field by field, event by event, and its text."""
    # What a command opens from another record has the text of its template, and what people write below it.
    typed_texts = {name for step in the_year() if "--body" in step.words for name in step.names}
    told: dict[str, list[str]] = {}
    for path in sample_records():
        ours, our_body = fields_and_body(path.read_text("utf-8"))
        played = stage.root / path.relative_to(ROOT)
        theirs, their_body = fields_and_body(played.read_text("utf-8"))
        lines = [*differences(ours, theirs)]
        if our_body != their_body and path.stem in typed_texts:
            lines.append("the text below the fields differs")
        allowed = OTHERWISE.get(path.stem, ())
        if left := [line for line in lines if not line.startswith(allowed or "\0")]:
            told[path.stem] = left
        assert lines or not allowed, f"{path.stem} is no exception any more"
    assert not told, "\n".join(f"{id}: {line}" for id, lines in told.items() for line in lines)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Return a desk that `servicebook init` has just made, with the master data of the sample."""
    monkeypatch.chdir(tmp_path)
    for name in ("SERVICEBOOK_NOW", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "")
    desk = Stage(tmp_path)
    desk.set_up()
    return desk


def test_every_record_of_the_sample_is_made_in_one_story() -> None:
    made = [name for step in the_year() for name in step.names]
    assert sorted(made) == sorted(path.stem for path in sample_records() if path.parent.name != "parts")


def test_a_story_goes_forward_in_time() -> None:
    for path in all_stories():
        steps = read_story(path)
        assert steps and all(one.at <= other.at for one, other in pairwise(steps)), path.name


@pytest.mark.slow
def test_the_year_ends_in_the_sample_desk(stage: Stage) -> None:
    play(stage, the_year(), check_each=False)
    require_the_sample(stage)


@pytest.mark.nightly
def test_the_desk_is_in_order_after_every_step_of_the_year(stage: Stage) -> None:
    play(stage, the_year(), check_each=True)
