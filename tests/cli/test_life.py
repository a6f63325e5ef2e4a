"""Every step of every kind's life is one verb, one edit of one file, and leaves a desk that is in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.cli.conftest import PATH, Call, on_a_terminal
from tests.conftest import Repo

from servicebook.cli.main import COMMANDS
from servicebook.records.kinds import KINDS
from servicebook.workflow.lifecycles import LIFECYCLES, STATES_OF_STANDING_RECORDS, WITH_REASON
from servicebook.workflow.transitions import state_after
from servicebook.workflow.verbs import STATUS_VERBS, USUAL, VERBS, event_of_verb, verb_of, verbs_from

NEEDS = {
    "pause": ("--reason", "waiting_customer"),
    "reschedule": ("--planned-start-at", "2026-03-14T22:00", "--planned-end-at", "2026-03-14T23:00"),
}
"""What a verb cannot do without in a script; steps that take something away also give a reason."""

FIELDS = {
    "change": ("--change-type", "emergency", "--set", "planned_start_at=2026-03-13T22:00"),
    "incident": ("--reported-at", "2026-03-12T09:00:00+08:00"),
}


@pytest.fixture
def begun(desk: Repo, call: Call) -> Callable[[str], str]:
    """Return a maker of new tickets: kind to the path of one."""

    def make(kind: str) -> str:
        customer = () if kind in ("problem", "release", "change", "inspection") else ("--customer", "example-customer")
        answer = call("new", kind, "--incomplete", "--title", "A life", *customer, *FIELDS.get(kind, ()))
        assert answer.code == 0, answer.err
        return answer.out.splitlines()[1]

    return make


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_every_step_of_a_life_is_one_verb(kind: str, begun: Callable[[str], str], desk: Repo, call: Call) -> None:
    """From each state that verbs reach, each lawful step once: state and check afterwards, one file changed."""
    life, path = LIFECYCLES[kind], begun(kind)
    id = path.rpartition("/")[2].removesuffix(".md")
    desk.commit("begun")
    texts = {life.initial: (desk.root / path).read_bytes()}
    waiting = [life.initial]
    while waiting:
        state = waiting.pop(0)
        for event in dict.fromkeys(step.event for step in life.steps if state in step.sources):
            (desk.root / path).write_bytes(texts[state])
            verb = verb_of(kind, event)
            reason = ("--reason", "as agreed") if event in WITH_REASON else ()
            answer = call(verb, id, *NEEDS.get(verb, ()), *reason)
            assert answer.code == 0, (state, verb, answer.err)
            due = state_after(life, state, event)
            assert due is not None
            text = (desk.root / path).read_bytes()
            events = [line for line in text.decode().splitlines() if line.startswith("- {at: ")]
            assert f"event: {event}, by: wang.fang" in events[-1]
            checked = call("check")
            assert checked.code == 0, (state, verb, checked.out)
            if due not in texts:
                texts[due] = text
                waiting.append(due)
    assert set(texts) == set(life.states)
    assert desk.git("status", "--porcelain").split()[1:] in ([], [path])


def test_each_step_has_its_verb_and_each_open_state_a_usual_one() -> None:
    for kind, life in LIFECYCLES.items():
        assert set(USUAL[kind]) >= set(life.states) - set(life.final), kind
        for step in life.steps:
            verb = verb_of(kind, step.event)
            assert verb in COMMANDS
            assert event_of_verb(kind, verb) == event_of_verb(kind, VERBS[step.event]) == step.event
        for state, event in USUAL[kind].items():
            assert state_after(life, state, event) is not None, (kind, state)
            assert verbs_from(kind, state)[0] == verb_of(kind, event)


@pytest.mark.parametrize(
    ("words", "said", "remedy"),
    [
        (
            ("submit",),
            "`servicebook submit` is not for kind `incident`",
            "possible now: servicebook resolve|ack|pause|cancel INC-",
        ),
        (("resume",), "cannot be `resumed` yet", "first: servicebook pause"),
        (("activate",), "nothing for it", "possible now: servicebook resolve|"),
    ],
)
def test_the_wrong_kind_or_state_is_told_what_is_possible(
    words: tuple[str, ...], said: str, remedy: str, desk: Repo, call: Call
) -> None:
    answer = call(*words, "7F3K")
    assert answer.code == 1
    assert said in answer.err
    assert remedy in answer.err
    assert desk.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cancel",), "`servicebook cancel` needs a reason"),
        (("cancel", "--reason", "x", "--set", "nonsense"), "sets no field"),
        (("cancel", "--reason", "x", "--set", "colour=red"), "`colour` is no field here"),
        (("cancel", "--reason", "x", "--set", "impact=huge"), "`impact` is `huge`"),
    ],
)
def test_words_that_say_too_little(words: tuple[str, ...], said: str, desk: Repo, call: Call) -> None:
    answer = call(*words, "7F3K")
    assert answer.code == 2
    assert said in answer.err
    assert desk.git("status", "--porcelain") == ""


def test_a_change_is_rescheduled_with_its_new_time_and_fields(
    begun: Callable[[str], str], desk: Repo, call: Call
) -> None:
    path = begun("change")
    id = path.rpartition("/")[2].removesuffix(".md")
    assert call("reschedule", id).code == 1, "nothing was submitted yet"
    answer = call("submit", id, "--set", "plan.backout=boot the old image", "--set", "risk=low", "--commit")
    assert answer.code == 0, answer.err
    assert desk.git("log", "-1", "--format=%s").strip() == f"{id} submitted: A life"
    assert "needs --planned-start-at" in call("reschedule", id).err
    words = ("--planned-start-at", "2026-03-14T22:00", "--planned-end-at", "2026-03-14T23:30+08:00", "--reason", "vip")
    assert call("reschedule", id, *words).code == 0
    text = (desk.root / path).read_text("utf-8")
    for line in ("  backout: boot the old image", "risk: low", "planned_start_at: 2026-03-14T22:00:00+08:00"):
        assert f"{line}\n" in text or line.strip() in text
    assert "event: rescheduled, by: wang.fang, reason: vip}" in text
    assert "next: servicebook approve" in call("show", id).out
    assert call("set", id, "plan.point_of_no_return_at=2026-03-14T23:00").code == 0
    words = ("--planned-start-at", "2026-03-15T22:00", "--planned-end-at", "2026-03-15T23:30", "--reason", "vip again")
    assert call("reschedule", id, *words).code == 0
    text = (desk.root / path).read_text("utf-8")
    assert "point_of_no_return_at: 2026-03-15T23:00:00+08:00" in text, "it goes along with the window"


def test_a_standing_record_gets_the_status_of_the_verb(desk: Repo, call: Call) -> None:
    path = desk.root / "kb/assets/example-server.md"
    before = path.read_text("utf-8")
    for verb in ("repair", "stock", "retire", "activate"):
        answer = call(verb, "asset/example-server")
        assert answer.code == 0, (verb, answer.err)
        assert path.read_text("utf-8").replace(f"\nstatus: {STATUS_VERBS[verb]}\n", "\n") == before.replace(
            "\nstatus: active\n", "\n"
        )
    for verb in ("expire", "cure", "activate"):
        answer = call(verb, "asset/example-server")
        assert answer.code == 1
        assert "possible now: servicebook retire|stock|repair example-server" in answer.err


def test_every_state_of_a_standing_record_but_its_first_has_a_verb() -> None:
    for kind in KINDS:
        if kind.name not in LIFECYCLES:
            states = STATES_OF_STANDING_RECORDS.get(kind.name, ("active", "retired"))
            first = {"planned", "draft"}
            reached = {STATUS_VERBS[verb] for state in states for verb in verbs_from(kind.name, state)}
            assert reached == set(states) - first, kind.name


def test_on_a_terminal_the_new_state_asks_for_what_it_lacks(desk: Repo) -> None:
    """A reason first; then, for a closed incident, who caused it: Enter leaves the rest open."""
    said, code = on_a_terminal(["cancel", "7F3K"], desk.root, ["called by mistake"])
    assert code == 0, said
    assert "reason: called by mistake}" in (desk.root / PATH).read_text("utf-8")
    desk.git("restore", ".")
    flags = ["--code", "fixed", "--cause", "software", "--method", "restarted"]
    said, code = on_a_terminal(["resolve", "7F3K", *flags], desk.root, ["no", ""])
    assert code == 0, said
    said, code = on_a_terminal(["close", "7F3K"], desk.root, ["not_needed"])
    assert code == 0, said
    assert "result: not_needed" in (desk.root / PATH).read_text("utf-8")
