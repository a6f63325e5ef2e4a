"""Does the desk know who commits here?"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.errors import SettingsError
from servicebook.records.facts import Facts
from servicebook.reports.doctor.answer import Answer, advise, demand, fine, from_error
from servicebook.reports.doctor.clone import Clone
from servicebook.rules.check import judge
from servicebook.text.source_file import SourceFile

FOLDER = "kb/people/"


def identity(clone: Clone) -> Iterator[Answer]:
    """Whether the author that Git would write is a person of the desk, and works here."""
    if clone.is_bare:
        return
    said = clone.git("var", "GIT_AUTHOR_IDENT")
    name, _, rest = said.partition(" <")
    email = rest.partition(">")[0].lower()
    if not said or not email:
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
