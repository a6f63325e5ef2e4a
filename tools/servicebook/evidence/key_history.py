"""Which commit brought a key into a person's record, ended or withdrew it, and whether the person did that.

Whoever can put a key into somebody's record can vote as that person from then on: what a board trusts begins here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from servicebook.diagnostics.diagnostic import Diagnostic, Span
from servicebook.diagnostics.rule import Rule, found_on_the_way
from servicebook.evidence.held_keys import HeldKey, held_keys
from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME
from servicebook.store.mainline import Step, commits_since, read_all_commits, require_whole_history
from servicebook.store.repository import Repository
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.source_file import SourceFile
from servicebook.typed import NamedTuple

WHATS = ("added", "ended", "withdrawn", "lost", "removed", "altered")
"""What may become of a key: `lost` says that somebody else may have it, `altered` is any other field."""


class KeyEvent(NamedTuple):
    """What one commit did to one key. held: the key as the commit left it, or as it was when it was removed.

    path: the person's record. by_holder: whether the author's address is one of that person's, as they stood before
    the commit; a date or an address is text, and proves nothing alone.
    """

    step: Step
    path: str
    what: str
    held: HeldKey
    by_holder: bool


@found_on_the_way(
    "HIS916",
    "key-brought-by-another",
    severity="warning",
    message="the key {key} of `{person}` was brought by {author}, in the commit {commit}",
    hint="ask `{person}` whether the key is theirs: ssh-keygen -lf FILE.pub shows {fingerprint} | if it is not: "
    "servicebook key revoke {fingerprint} --person {person} --compromised-since {at}",
)
def key_brought_by_another() -> None:
    """A signing key that came into a person's record with a commit of somebody else.

    Why: with it that somebody can vote in the person's name. A secretary who writes down the keys of new people is
    in order; the people must know of it.

    Example:
        a commit by li.wei@harbour.example that adds a key to kb/people/zhao.min.md

    Instead:
        servicebook key add --commit   (by zhao.min, looked at by a second person)
    """


RULES: tuple[Rule, ...] = (key_brought_by_another._replace(scope="edit"),)

_Record = tuple[dict[bytes, HeldKey], frozenset[str]]


def key_events(repository: Repository, tip: str, person: str = "") -> list[KeyEvent]:
    """Return what the commits in the history of `tip` did to people's keys, oldest first; of one person or of all.

    A merge did what differs from each of its parents: what it only takes over was done by the commits it brings.
    Raises CannotDecideError in a shallow clone, whose first commit would seem to bring them all.
    """
    require_whole_history(repository)
    by_commit: dict[str, list[Step]] = {}
    for step in read_all_commits(repository, tip, [f":(glob){BY_NAME['person'].folder}/{person or '*'}.md"]):
        by_commit.setdefault(step.id, []).append(step)
    blobs = {blob for steps in by_commit.values() for step in steps for file in step.touched
             for blob in (file.old, file.new) if blob}  # fmt: skip
    records = {blob: _read(data) for blob, data in repository.read_blobs(sorted(blobs))}
    return [event for steps in by_commit.values() for event in _of_commit(steps, records)]


def audit_keys(repository: Repository, tip: str, line: Sequence[Step]) -> Iterator[tuple[Step, Diagnostic]]:
    """Yield the keys that somebody else brought, each with the commit of the first-parent `line` it landed with."""
    brought = [event for event in key_events(repository, tip) if event.what == "added" and not event.by_holder]
    landed = _landed(repository, line, {event.step.id for event in brought}) if brought else {}
    for event in brought:
        if event.step.id in landed:
            fingerprint = event.held.key.fingerprint
            params = {
                "key": event.held.comment or fingerprint, "person": event.held.person, "author": event.step.email,
                "commit": event.step.id[:10], "fingerprint": fingerprint, "at": event.step.at.isoformat(),
            }  # fmt: skip
            yield landed[event.step.id], key_brought_by_another.at(event.path, Span(1, 1, 1, 1), **params)


def _landed(repository: Repository, line: Sequence[Step], wanted: set[str]) -> dict[str, Step]:
    """Return, for each commit that is wanted, the commit of the line that it came in with."""
    found = {step.id: step for step in line if step.id in wanted}
    folder = BY_NAME["person"].folder + "/"
    for step in line:
        if len(step.parents) > 1 and any(file.path.startswith(folder) for file in step.touched):
            for commit in commits_since(repository, step.parents[0], step.id) & wanted:
                found.setdefault(commit, step)
    return found


def _of_commit(against: Sequence[Step], records: dict[str, _Record]) -> Iterable[KeyEvent]:
    """Return what a commit did, seen from each of its parents alike."""
    seen = [list(_against_parent(step, records)) for step in against]
    parents = max(1, len(against[0].parents))
    if len(seen) < parents:  # equal to a parent it brings nothing of its own
        return []
    told = [{(event.path, event.what, event.held) for event in events} for events in seen]
    return [event for event in seen[0] if all((event.path, event.what, event.held) in one for one in told)]


def _against_parent(step: Step, records: dict[str, _Record]) -> Iterator[KeyEvent]:
    for file in step.touched:
        old, emails = records.get(file.old, ({}, frozenset()))
        new, new_emails = records.get(file.new, ({}, frozenset()))
        by_holder = step.email.strip().lower() in (emails or new_emails)
        for blob in dict.fromkeys((*old, *new)):
            before, after = old.get(blob), new.get(blob)
            held = after or before
            if held and before != after:
                yield KeyEvent(step, file.path, _what(before, after), held, by_holder)


def _what(before: HeldKey | None, after: HeldKey | None) -> str:
    if before is None or after is None:
        return "added" if after else "removed"
    if after.compromised_since and after.compromised_since != before.compromised_since:
        return "lost"
    if after.revoked_at and after.revoked_at != before.revoked_at:
        return "withdrawn"
    if after.valid_until and after.valid_until != before.valid_until:
        return "ended"
    return "altered"  # also where an end was taken out, which makes no withdrawn key good again (withdrawals.py)


def _read(data: bytes) -> _Record:
    """Return keys and addresses of a person's record; none of a file that cannot be read."""
    front = parse_front_matter(SourceFile("kb/people/x.md", data))[0]
    fields = front.data if front else {}
    entries, emails = fields.get("signing_keys"), fields.get("emails")
    raw = json.dumps({"signing_keys": entries}, ensure_ascii=False, default=str)
    keys = held_keys(Facts("", "", "person", str(fields.get("id") or ""), "", "", raw, ()))
    addresses = emails if isinstance(emails, list) else ()
    return {held.key.blob: held for held in keys}, frozenset(str(email).strip().lower() for email in addresses)
