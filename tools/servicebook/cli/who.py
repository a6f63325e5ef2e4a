"""Who is at the keyboard: the person whose e-mail Git would sign a commit with."""

from __future__ import annotations

import os
import re

from servicebook.cli.desk import find_record
from servicebook.errors import ServicebookError
from servicebook.store.git import try_git
from servicebook.store.snapshot import Snapshot

_EMAIL = re.compile(r"<([^>]*)>")


def read_email(root: str) -> str:
    """Return the author e-mail that Git would use here, lower-case; empty where none is set."""
    fixed = os.environ.get("GIT_AUTHOR_EMAIL")
    if fixed:
        return fixed.strip().lower()
    status, out = try_git(["config", "--get", "user.email"], root)
    return "" if status else out.decode("utf-8", "replace").strip().lower()


def person_with(desk: Snapshot, email: str) -> str:
    """Return the slug of the person who commits with `email`, or nothing."""
    for person in desk.of_kind("person"):
        if email and email in (known.lower() for known in person.get("emails", default=[])):
            return person.id
    return ""


def who_acts(desk: Snapshot, by: str | None) -> str:
    """Return the slug of the person who acts: `--by`, else whom Git's e-mail belongs to.

    Raises ServicebookError when nobody on the desk has the e-mail.
    """
    if by:
        return find_record(desk, by, ("person",)).id
    email = read_email(desk.root)
    person = person_with(desk, email)
    if person:
        return person
    if not email:
        raise ServicebookError("Git does not know your e-mail", "git config user.email YOU@..., or say --by PERSON")
    raise ServicebookError(
        "nobody on this desk has the e-mail `{email}`",
        "add it under `emails:` of your person record in kb/people, or say --by PERSON; nobody yet: "
        "servicebook new person --id YOUR.NAME --title 'Your Name' --name 'Your Name' --employer provider "
        "--roles engineer --emails {email}",
        email=email,
    )
