"""The page that goes with the evidence for a change: what it proves in plain words, and how to check it by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from servicebook.evidence.casts import namespace_of
from servicebook.evidence.chain import Link
from servicebook.evidence.verification import UNVOUCHED, Judgement, Verification, Vouched
from servicebook.language.catalogue import say
from servicebook.language.display import plain
from servicebook.workflow.statement import NAMESPACE
from servicebook.workflow.tally import Judged, Why

OUTCOMES = {
    "pass": "**Approved before it was done.** The board's rules were met by votes that the branch had before the work.",
    "fail": "**Not proven.** What speaks against it stands below.",
    "open": "**Not in implementation yet.** This is how the votes stand.",
    "unasked": "**Before the rules.** It was implemented before the branch had any rules for voting.",
    "undecided": "**Cannot be decided.** Evidence is missing.",
}
"""Outcomes in plain words."""

LATE = "**Approved after the fact.** The emergency board decided before the work, the whole board afterwards."

ASSURANCES = {
    "text_claim": "somebody wrote so; nothing proves it",
    "signed_quorum": "a quorum signed exactly this plan",
    "ordered_quorum": "a quorum signed exactly this plan, before the work, apart from who wrote, asked for or did it",
    "timed_quorum": "the same, and a server's receipts say when it had the votes and when the work",
}
"""How surely that is known, in plain words."""


class Landed(NamedTuple):
    """A file of a vote: its name, where it lies in the repository, the commit that brought it, and when it landed."""

    name: str
    path: str
    commit: str
    at: datetime


class Told(NamedTuple):
    """What the page tells. path: of the change's record. tip: the last commit of the branch."""

    verification: Verification
    path: str
    tip: str
    landed: tuple[Landed, ...]
    rules: tuple[tuple[str, Link], ...]


def render_page(told: Told, language: str) -> str:
    """Return the page in Markdown."""
    return "\n".join(_Page(told, language).lines()) + "\n"


def word_name(word: Vouched) -> str:
    """Return what a word on somebody's key is called in the evidence, such as chen.hao-by-wang.fang-1."""
    return f"{word.person}-by-{word.path.rpartition('/')[2].removesuffix('.json')}"


class _Page:
    def __init__(self, told: Told, language: str) -> None:
        self.told = told
        self.one = told.verification
        self.language = language

    def speak(self, text: str, **params: object) -> str:
        return say("cli", text, self.language, **params)

    def why(self, reason: Why) -> str:
        return plain(self.speak(reason.text, **dict(reason.params)))

    def lines(self) -> Iterator[str]:
        one = self.one
        yield f"# {self.speak('Evidence for the change {id}', id=one.id)}"
        yield ""
        yield self.speak(LATE if one.after_the_fact and one.outcome == "pass" else OUTCOMES[one.outcome])
        yield ""
        yield f"- {self.speak('How surely')}: {self.speak(ASSURANCES[one.assurance])} (`{one.assurance}`)"
        if one.unvouched:
            yield f"- {self.speak(UNVOUCHED, people=', '.join(one.unvouched))}"
        yield f"- {self.speak('Plan')}: `{one.plan or '-'}`"
        yield f"- {self.speak('Work begun by the commit')}: `{one.commit or '-'}`"
        yield f"- {self.speak('Judged is what held before it')}: `{one.base}`"
        yield f"- {self.speak('The branch ends with')}: `{self.told.tip}`"
        yield from self._listed(self.speak("What speaks against it"), [self.why(reason) for reason in one.reasons])
        yield from self._listed(self.speak("To know besides"), [self.why(note) for note in one.notes])
        for judgement in one.counts:
            yield from self._count(judgement)
        yield from self._rules()
        yield from self._by_hand()

    def _listed(self, heading: str, entries: list[str]) -> Iterator[str]:
        if entries:
            yield from ("", f"## {heading}", "", *(f"- {entry}" for entry in entries))

    def _count(self, judgement: Judgement) -> Iterator[str]:
        params = {"board": judgement.board, "version": judgement.version}
        yield from ("", f"## {self.speak('Votes, by the rules of `{board}`, version {version}', **params)}", "")
        heads = ("vote", "decision", "proof", "counts", "why")
        yield "| " + " | ".join(self.speak(head) for head in heads) + " |"
        yield "|" + " --- |" * len(heads)
        for vote in judgement.tally.votes:
            yield f"| {' | '.join(self._cells(vote))} |"

    def _cells(self, vote: Judged) -> tuple[str, ...]:
        said = vote.cast.statement
        counts = self.speak("yes") if vote.counts else self.speak("blocks") if vote.blocks else self.speak("no")
        proof = f"{said.level}, {said.signed_by}" if said else "-"
        cells = (vote.cast.name, said.decision if said else "-", proof, counts, self.why(vote.why))
        return tuple(plain(cell).replace("|", "\\|") for cell in cells)

    def _rules(self) -> Iterator[str]:
        yield from ("", f"## {self.speak('The rules, and how they came about')}", "")
        for board, link in self.told.rules:
            version = f"{board} {link.policy.version}" if link.policy else board
            digest = f" `{link.policy.digest}`" if link.policy else ""
            fault = f": {self.why(link.fault)}" if link.fault else ""
            yield f"- {version}{digest}, {self.speak('commit')} `{link.commit[:12] or '-'}`{fault}"

    def _by_hand(self) -> Iterator[str]:
        """Yield the steps with Git, ssh-keygen and sha256sum; `bash -e` runs them in the folder of the evidence."""
        one = self.one
        yield from ("", f"## {self.speak('Check it by hand')}", "")
        yield self.speak(
            "In the unpacked folder, with Git, ssh-keygen (OpenSSH 8.9 or later), sha256sum; each line must succeed."
        )
        yield from self._step(self.speak("The history, into an empty repository"), [
            "git init --quiet --bare history",
            'git -C history bundle unbundle "$PWD/history.bundle"',
            f"git -C history update-ref refs/heads/main {self.told.tip}",
        ])  # fmt: skip
        if one.commit:
            held = self.speak("What held before the work: the first parent of the commit that began it")
            yield from self._step(held, [
                f'test "$(git -C history rev-parse {one.commit}^1)" = {one.base}',
                f"git -C history merge-base --is-ancestor {one.commit} refs/heads/main",
            ])  # fmt: skip
        same = self.speak("The plan is what the branch had then; its digest is what was voted on")
        yield from self._step(same, [
            f"git -C history cat-file blob {one.base}:{self.told.path} | cmp - change.md",
            *([f"echo '{one.plan.removeprefix('sha256:')}  plan.canonical' | sha256sum --check"] if one.plan else []),
        ])  # fmt: skip
        yield self.speak(
            "plan.canonical holds the fields and the text that are voted on; compare it with change.md by eye."
        )
        rules = {f"{board}-{link.policy.version}": link.policy.digest for board, link in self.told.rules if link.policy}
        yield from self._step(self.speak("The rules: each version's digest, which the next one cites"), [
            f"echo '{digest.removeprefix('sha256:')}  rules/{name}.canonical' | sha256sum --check"
            for name, digest in rules.items()
        ])  # fmt: skip
        for judgement in one.counts:
            state = "refs/heads/main" if judgement is one.later else one.base
            for vote in judgement.tally.votes:
                if vote.counts:
                    yield from self._vote(vote, state)
        for word in one.vouched:
            yield from self._word(word)
        yield ""
        yield self.speak("Whose keys these are stands in the people's records of that commit: "
                       "git -C history show {base}:kb/people/PERSON.md", base=one.base[:12])  # fmt: skip
        yield ""
        yield self.speak("With Servicebook: servicebook verify --bundle FILE")

    def _vote(self, vote: Judged, state: str) -> Iterator[str]:
        """Yield the steps for one vote, which `state` must have."""
        said = vote.cast.statement
        places = {one.name: one for one in self.told.landed}
        file, signature = (places.get(f"{vote.cast.name}.json{end}") for end in ("", ".sig"))
        if said is None or file is None or signature is None:
            return
        last = max(file, signature, key=lambda one: one.at)
        at = last.at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        yield from self._step(
            self.speak("The vote {name}: as it landed, in time, over this plan, and signed", name=vote.cast.name),
            [
                f"git -C history merge-base --is-ancestor {last.commit} {state}",
                *(
                    f"git -C history cat-file blob {state}:{one.path} | cmp - votes/{one.name}"
                    for one in (file, signature)
                ),
                f'grep -q \'"plan": "{self.one.plan}"\' votes/{file.name}',
                f"TZ=UTC ssh-keygen -Y verify -f allowed_signers -I {said.signed_by} -n {namespace_of(said)} "
                f"-O verify-time={at} -s votes/{signature.name} < votes/{file.name}",
            ],
        )

    def _word(self, word: Vouched) -> Iterator[str]:
        """Yield the steps for a word on a key that came later than the rules."""
        name, at = word_name(word), word.at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        said = "The key of {person}, which came after the rules: {voucher} vouched for it before it was used"
        yield from self._step(
            self.speak(said, person=word.person, voucher=word.voucher),
            [
                f"git -C history merge-base --is-ancestor {word.commit} {self.one.base}",
                *(
                    f"git -C history cat-file blob {word.commit}:{word.path}{end} | cmp - vouching/{name}.json{end}"
                    for end in ("", ".sig")
                ),
                f"key=$(cut -d ' ' -f 3 vouching/{name}.key | base64 -d | sha256sum | cut -d ' ' -f 1)",
                f'grep -q "^  .plan.: .sha256:$key.,$" vouching/{name}.json',
                f'grep -q \'"change": "person/{word.person}"\' vouching/{name}.json',
                f"TZ=UTC ssh-keygen -Y verify -f allowed_signers -I {word.voucher} -n {NAMESPACE} "
                f"-O verify-time={at} -s vouching/{name}.json.sig < vouching/{name}.json",
            ],
        )

    def _step(self, text: str, commands: list[str]) -> Iterator[str]:
        if commands:
            yield from ("", f"{text}:", "", "```sh", *commands, "```")
            yield ""
