"""How a verification is shown: one line, or all that led to it, every vote with why it counts or not."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.cli.terminal import Cell, Column, colour, render_table
from servicebook.cli.words import speak
from servicebook.evidence.verification import UNVOUCHED, Judgement, Verification
from servicebook.language.display import plain
from servicebook.workflow.tally import Judged, Why

OUTCOMES = {
    "pass": ("passes", "green"),
    "fail": ("fails", "red"),
    "open": ("open", "yellow"),
    "unasked": ("before the rules", "grey"),
    "undecided": ("undecided", "yellow"),
}
"""Outcomes in words and colour."""

ASSURANCES = {
    "text_claim": "somebody wrote so",
    "signed_quorum": "a quorum signed this plan",
    "ordered_quorum": "a quorum signed this plan before the work, apart from those who wrote, asked for or did it",
    "timed_quorum": "the same, and a server's receipts say when it had the votes and when the work",
}
"""How much is proven, in words."""

AFTERWARDS = "approved after the fact: the emergency board before, the whole board afterwards"


def say_why(reason: Why) -> str:
    """Return a reason in the reader's language."""
    return plain(speak(reason.text, **dict(reason.params)))


def line_of(one: Verification) -> str:
    """Return a verification as one line: outcome, assurance, and the first reason."""
    word, shade = OUTCOMES[one.outcome]
    rest = say_why(one.reasons[0]) if one.reasons else ""
    if len(one.reasons) > 1:
        rest += " " + speak("(and {count} more)", count=len(one.reasons) - 1)
    if one.outcome == "pass":
        rest = speak(AFTERWARDS) if one.after_the_fact else speak(ASSURANCES[one.assurance])
        rest += f"; {speak(UNVOUCHED, people=', '.join(one.unvouched))}" if one.unvouched else ""
    if one.outcome == "open" and not one.reasons:
        rest = speak("all is there: it may be started")
    if one.outcome == "unasked":
        rest = say_why(one.notes[0])
    return f"{one.id}  {colour(speak(word), shade)}  {rest}".rstrip()


def explained(one: Verification) -> str:
    """Return all that led to a verification."""
    return "\n".join(_explained(one))


def _explained(one: Verification) -> Iterator[str]:
    yield line_of(one)
    if one.plan:
        yield f"  {speak('plan')}: {one.plan}"
    if one.commit:
        said = "begun by the commit {commit}; what held before it is judged: {base}"
        yield f"  {speak(said, commit=one.commit[:12], base=one.base[:12])}"
    for reason in one.reasons:
        yield f"  ✗ {say_why(reason)}"
    for note in one.notes if one.outcome != "unasked" else ():
        yield f"  · {say_why(note)}"
    for judgement in one.counts:
        yield from _count(judgement, later=judgement is one.later)
    for condition in one.open_conditions:
        text = plain(condition.text)
        yield f"  · {speak('condition of {vote}, not met yet: {text}', vote=condition.vote, text=text)}"
    for freeze in one.freezes:
        said = (
            speak("within the freeze `{name}`, which a vote waives", name=freeze.name)
            if freeze.waived
            else speak(
                "within the freeze `{name}`, which no vote waives: {reason}", name=freeze.name, reason=freeze.reason
            )
        )
        yield f"  · {plain(said)}"
    for overlap in (one for one in one.overlaps if one.waived):
        said = speak("overlaps with {id} on {assets}, which a vote waives", id=overlap.change,
                     assets=", ".join(overlap.assets))  # fmt: skip
        yield f"  · {plain(said)}"


def _count(one: Judgement, *, later: bool) -> Iterator[str]:
    head = speak("board `{board}`, version {version}", board=one.board, version=one.version)
    yield f"  {head}{' · ' + speak('afterwards') if later else ''}  {one.policy}"
    if one.tally.submitters:
        yield f"  {speak('submitted by {people}', people=', '.join(one.tally.submitters))}"
    if one.tally.votes:
        table = render_table(
            [Column(speak(head)) for head in ("vote", "decision", "as", "proven by", "counts", "why")],
            [_row(vote) for vote in one.tally.votes],
        )
        yield from (f"    {line}" for line in table.splitlines())


def _row(vote: Judged) -> list[str | Cell]:
    said = vote.cast.statement
    mark = Cell(speak("yes"), "green") if vote.counts else Cell(speak("no"), "grey")
    if vote.blocks:
        mark = Cell(speak("against"), "red")
    level = speak(said.level) if said else ""
    if said and said.signed_by != said.person:
        level += f" ({said.signed_by})"
    reason = say_why(vote.why)
    return [vote.cast.name, speak(said.decision) if said else "-", said.role if said else "", level, mark, reason]
