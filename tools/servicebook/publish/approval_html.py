"""What a change's page tells of its approval: whether it holds, how surely, and why each vote counts or does not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from servicebook.errors import CannotDecideError
from servicebook.evidence.verification import UNVOUCHED, Judgement, Verification, as_data
from servicebook.language import catalogue
from servicebook.language.labels import value_label
from servicebook.publish.addresses import href, page_of
from servicebook.publish.elements import Column, fold, status
from servicebook.publish.labels import language_of, written
from servicebook.publish.view import View
from servicebook.records.facts import Facts
from servicebook.store.mainline import commit_of
from servicebook.store.moves import WORK_TREE
from servicebook.workflow.policy import is_policy
from servicebook.workflow.tally import Judged, Why

OUTCOMES = {
    "pass": ("met", "Approved before it was done"),
    "fail": ("miss", "Not proven to be approved"),
    "open": ("pause", "Not begun yet"),
    "unasked": ("off", "Begun before there were rules for voting"),
    "undecided": ("warn", "It cannot be decided here"),
}
"""The look of an outcome, and its words."""

READY = "All that the rules ask for is there: it may begin."
AFTERWARDS = "Approved by the emergency board before it was done, and by the whole board only afterwards"
NO_HISTORY = "Whether it was approved cannot be told here: this copy of the repository has no full history."

ASSURANCES = {
    "text_claim": "Somebody wrote so; nothing proves it.",
    "signed_quorum": "A quorum signed this very plan.",
    "ordered_quorum": "A quorum signed this very plan before the work; none of them wrote, asked for or did it.",
    "timed_quorum": "A quorum signed this very plan before the work, and a server's receipts say when it had either.",
}
"""How much is proven, the least first."""

DECISIONS = {
    "submit": "Submits",
    "approve": "Approves",
    "reject": "Rejects",
    "abstain": "Abstains",
    "withdraw": "Withdraws",
}


def read_approvals(view: View) -> dict[str, Verification]:
    """Return what the evidence for each change comes to, by id; empty where no board has rules for voting.

    Only the house is told of votes. The evidence is that of the revision shown, of HEAD where the work tree is: what
    is not committed proves nothing.
    """
    repository, tree = view.desk.repository, view.desk.tree
    if repository is None or not repository.has_head:
        return {}
    if not any(is_policy(board.data) for board in view.of_kind("board")):
        return {}
    from servicebook.evidence.branch import verify_branch  # loads what keys and signatures need

    try:
        tip = commit_of(repository, "HEAD" if tree == WORK_TREE else tree)
        return {one.id: one for one in verify_branch(repository, tip, view.now)}
    except CannotDecideError:
        changes = view.of_kind("change")
        return {facts.id: Verification(facts.id, "undecided") for facts in changes}


def approval_html(view: View, address: str, one: Verification | None) -> str:
    """Return the section on a change's approval; nothing where no evidence was looked for."""
    if one is None:
        return ""
    say = view.labels.say
    tone, words = _verdict(one)
    parts = [f"<p>{status(tone, say(words), 'long')}</p>\n"]
    if one.outcome == "pass":
        parts.append(f"<p>{say(ASSURANCES[one.assurance])}</p>\n")
    if one.unvouched:
        parts.append(f"<p>{_why(view, address, _unvouched(one.unvouched))}</p>\n")
    if one.outcome == "undecided":
        parts.append(f"<p>{say(NO_HISTORY)}</p>\n")
    parts.append(_listed(view, address, one.reasons))
    parts += [_count(view, address, judgement, later=judgement is one.later) for judgement in one.counts]
    parts.append(_conditions(view, one))
    parts.append(_listed(view, address, one.notes))
    parts.append(_proof(view, one))
    return "".join(parts)


def _unvouched(people: tuple[str, ...]) -> Why:
    return Why(UNVOUCHED, (("people", ", ".join(people)),))


def _verdict(one: Verification) -> tuple[str, str]:
    """Return the look of a verification and its words."""
    if one.outcome == "pass" and one.after_the_fact:
        return "warn", AFTERWARDS
    if one.outcome == "open" and one.before and not one.reasons:
        return "ok", READY
    return OUTCOMES[one.outcome]


def words_on_approval(one: Verification) -> str:
    """Return in one sentence what is proven of a change's approval, as an English label; "" where votes are awaited."""
    words = ASSURANCES[one.assurance] if one.outcome == "pass" and not one.after_the_fact else _verdict(one)[1]
    return words if one.outcome != "open" or words == READY else ""


def _why(view: View, address: str, reason: Why) -> str:
    """Return a reason: people, boards, roles by name, instants as everywhere; what else is in backticks is code."""
    told = dict(reason.params)

    def speak(language: str) -> str:
        marks = {key: f"\ue000{key} {language}\ue001" for key, value in told.items() if _is_told(view, key, value)}
        return catalogue.say("cli", reason.text, language, **{**told, **marks})

    def put(mark: re.Match[str]) -> str:
        said = _told(view, address, mark[2], told[mark[2]], mark[3])
        # Between Chinese and a code stands a blank, between Chinese and a Chinese name none.
        return said if language_of(said) != "en" else f"{mark[1]}{said}{mark[4]}"

    return _AROUND.sub(put, _CODE.sub(_as_code, view.labels.each(speak)))


def _is_told(view: View, key: str, value: str) -> bool:
    """Whether what a reason speaks of has a name or a time of day for readers."""
    if key == "role":
        return view.labels.is_value(value, "role")
    return key == "people" or bool(_INSTANT.fullmatch(value)) or _whom(view, value) is not None


def _told(view: View, address: str, key: str, value: str, language: str) -> str:
    """Return what a reason speaks of, as HTML in one language."""
    if key == "role":
        return escape(value_label("role", value, language))
    if _INSTANT.fullmatch(value):
        return view.instant(value)
    told = []
    for one in value.split(", ") if key == "people" else [value]:
        found = _whom(view, one)
        name = (language == "zh" and found.get("title_zh")) or found.title or found.id if found else one
        told.append(f'<a href="{href(address, page_of(found))}">{escape(name)}</a>' if found else escape(name))
    return ("、" if language == "zh" else ", ").join(told)


def _whom(view: View, id: str) -> Facts | None:
    return view.get("person", id) or view.get("board", id)


def _as_code(found: re.Match[str]) -> str:
    return found[1] if _MARK.fullmatch(found[1]) else f"<code>{found[1]}</code>"


_CODE = re.compile("`([^`<>]+)`")
_MARK = re.compile("\ue000([a-z_]+) ([a-z]+)\ue001")
_AROUND = re.compile(f"( ?){_MARK.pattern}( ?)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")


def _listed(view: View, address: str, reasons: tuple[Why, ...]) -> str:
    items = "".join(f"<li>{_why(view, address, reason)}</li>" for reason in reasons)
    return f'<ul class="rows">{items}</ul>\n' if items else ""


def _count(view: View, address: str, one: Judgement, *, later: bool) -> str:
    """Return one count of votes: the board and its rules, and a table of all votes."""
    say = view.labels.say
    when = f" · {say('Afterwards')}" if later else ""
    head = (
        f'<p class="meta">{_named(view, address, "board", one.board)} · '
        f"{say('Rules, version {version}', version=one.version)}{when}</p>\n"
    )
    rows = [_vote(view, address, vote) for vote in one.tally.votes]
    if not rows:
        return head + f"<p>{say('Nobody has voted yet.')}</p>\n"
    return head + view.table((Column("Person", "f"), "Decision", "Role", "Proven by", "Counts", "Why"), rows)


def _vote(view: View, address: str, vote: Judged) -> tuple[str, ...]:
    said = vote.cast.statement
    say = view.labels.say
    counts = ("met", "Yes") if vote.counts else ("miss", "Against") if vote.blocks else ("off", "No")
    shown = status(counts[0], say(counts[1]))
    if said is None:
        return f'<span class="id">{escape(vote.cast.name)}</span>', "", "", "", shown, _why(view, address, vote.why)
    proof = view.labels.value(said.level)
    if said.signed_by != said.person:
        proof += f" · {_named(view, address, 'person', said.signed_by)}"
    reason = _why(view, address, vote.why)
    if said.comment:
        reason += written(said.comment, "p", "meta")
    if said.decision == "submit":
        shown = ""  # it opens the voting and is no vote
    person = _named(view, address, "person", said.person)
    role = view.labels.known(said.role, "role") or escape(said.role)
    return person, say(DECISIONS[said.decision]), role, proof, shown, reason


def _named(view: View, address: str, kind: str, id: str) -> str:
    """Return a link to a person or board; the bare id where the desk has no such record."""
    found = view.get(kind, id)
    if found is None:
        return f'<span class="id">{escape(id)}</span>'
    return f'<a href="{href(address, page_of(found))}">{view.title(found)}</a>'


def _conditions(view: View, one: Verification) -> str:
    items = "".join(
        f'<li>{written(condition.text)} <span class="id">{escape(condition.vote)}</span></li>'
        for condition in one.open_conditions
    )
    head = view.labels.say("Conditions that are not met yet")
    return f'<p>{head}</p>\n<ul class="rows">{items}</ul>\n' if items else ""


def _proof(view: View, one: Verification) -> str:
    """Return what somebody needs to check it all himself, folded."""
    if not one.plan:
        return ""
    say = view.labels.say
    lines = [f"<p>{say('Plan')} <code>{escape(one.plan)}</code></p>"]
    if one.commit:
        said = say("Begun by the commit {commit}; what held before it was judged.", commit=one.commit[:12])
        lines.append(f"<p>{said}</p>")
    lines.append(f"<p><code>servicebook verify {escape(one.id)} --explain</code></p>")
    return fold(say("How to check this"), "".join(lines))


def face_of(view: View, one: Verification | None) -> str:
    """Return all that a page shows of a verification, as a text that changes with it: names of people included."""
    if one is None:
        return ""
    people = {vote.cast.statement.person for count in one.counts for vote in count.tally.votes if vote.cast.statement}
    known = (view.get("person", person) for person in sorted(people))
    return json.dumps([as_data(one), [person.title for person in known if person]], ensure_ascii=False)


def state_and_approval(view: View, facts: Facts, approvals: Mapping[str, Verification]) -> str:
    """Return how a record stands, and what is proven of its approval where the audience may know."""
    judged = judged_to_be(facts, approvals)
    said = words_on_approval(judged) if judged else ""
    below = f'<p class="meta">{view.labels.say(said)}</p>' if said else ""
    return view.state_of(facts) + below


def judged_to_be(facts: Facts, approvals: Mapping[str, Verification]) -> Verification | None:
    """Return what is known of a record's approval; None for whatever is no change."""
    return approvals.get(facts.id) if facts.kind == "change" else None
