"""Does the desk know who commits here, and can they sign with a key that it knows?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from servicebook.errors import ServicebookError, SettingsError
from servicebook.records.facts import Facts
from servicebook.reports.doctor.answer import Answer, advise, demand, fine, from_error
from servicebook.reports.doctor.clone import Clone
from servicebook.rules.check import judge
from servicebook.text.source_file import SourceFile

FOLDER = "kb/people/"
SOON = timedelta(days=30)
"""A key that ends within so long is told: the next one must land before it ends."""
NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
"""When a key ends that has no end; two days off, since other zones count from there."""


def identity(clone: Clone) -> Iterator[Answer]:
    """Whether the author that Git would write is a person of the desk, and works here."""
    if clone.is_bare:
        return
    name, email = _author(clone)
    if not email:
        yield demand(
            "Git does not know who you are", "git config user.name 'YOUR NAME' && git config user.email YOU@..."
        )
        return
    try:
        person = _person_with(clone, email)
    except SettingsError as error:
        yield from_error(error)
        return
    if person is None:
        yield advise(
            "nobody on this desk has the e-mail `{email}`",
            "add it under `emails:` of your person record in kb/people",
            email=email,
        )
    elif person.status == "retired":
        yield advise("{person} commits here, but is retired", "git config user.email YOU@...", person=person.id)
    else:
        yield fine("{name} <{email}> is {person}", name=name, email=email, person=person.id)


def signing(clone: Clone) -> Iterator[Answer]:
    """Whether somebody whose record has keys can sign with one of them, and for how long."""
    try:
        person = None if clone.is_bare else _person_with(clone, _author(clone)[1])
    except SettingsError:  # told by `identity`
        return
    if person is None or not person.get("signing_keys"):
        return
    from servicebook.evidence.held_keys import held_keys, key_standing
    from servicebook.evidence.signing_keys import find_signing_key

    keys = held_keys(person)
    known = [held.key for held in keys if key_standing([held], held.key, clone.now) == "valid"]
    if shutil.which("ssh-keygen") is None:
        yield demand("ssh-keygen is not there, and votes are signed with it",
                     "install OpenSSH (the package openssh-client)")  # fmt: skip
        return
    try:
        found = find_signing_key(clone.root, known=known)
    except ServicebookError as error:
        yield Answer("advice", *error.templates, error.params)
        return
    told: dict[str, Any] = {"fingerprint": found.key.fingerprint, "where": found.found, "person": person.id}
    if found.key not in known:
        yield advise("the key {fingerprint} ({where}) signs here, and is none that {person} may sign with now",
                     "servicebook key list {person}; servicebook key add", **told)  # fmt: skip
        return
    end = max((held.valid_until or NEVER for held in keys if held.key == found.key), default=NEVER)
    if end - clone.now < SOON:
        yield advise("the key {fingerprint} ({where}) of {person} ends on {day}", "servicebook key rotate FILE",
                     day=f"{end:%Y-%m-%d}", **told)  # fmt: skip
    else:
        yield fine("{person} signs with {fingerprint} ({where})", **told)


def _author(clone: Clone) -> tuple[str, str]:
    """Return name and e-mail that Git would write as the author's; both empty where it does not know."""
    name, _, rest = clone.git("var", "GIT_AUTHOR_IDENT").partition(" <")
    return name, rest.partition(">")[0].lower()


def _person_with(clone: Clone, email: str) -> Facts | None:
    """Return the person who commits with an address; only the records of people are read."""
    for entry in clone.entries:
        if not entry.path.startswith(FOLDER) or not entry.path.endswith(".md"):
            continue
        data = clone.read(entry.path)
        if data is None or email.encode() not in data.lower():
            continue
        facts = judge(SourceFile(entry.path, data, entry.blob), clone.desk_settings).facts
        if facts and email in (known.lower() for known in facts.get("emails", default=())):
            return facts
    return None
