"""Whom a forge asks to review which files: boards for changes and their own rules, owners for services and assets.

The file is the forge's gate, no evidence: what counts is the votes. GitHub takes the last line that fits a file,
GitLab the last of each section and a number of approvals with it, Gitea and Forgejo every line, a regular expression
of Go that fits the whole path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from servicebook.records.facts import Facts
from servicebook.records.kinds import BY_NAME, path_of
from servicebook.store.snapshot import Snapshot
from servicebook.workflow.policy import Policy, PolicyError, is_policy, parse_policy

FORGES = {
    "github": ".github/CODEOWNERS",
    "gitlab": ".gitlab/CODEOWNERS",
    "gitea": ".gitea/CODEOWNERS",
    "forgejo": ".forgejo/CODEOWNERS",
}
"""Each forge that is known, and where it looks for the file."""

RULES_OF_THE_DESK = (
    "pyproject.toml", "hooks/", ".github/", ".gitlab/", ".gitlab-ci.yml", ".gitea/", ".forgejo/",
)  # fmt: skip
"""What decides how the desk is checked and who is asked: whoever could change it alone could pass by the rest."""


_NO_BRACKETS = str.maketrans("[]", "()", "\r\n")


class Owned(NamedTuple):
    """Some files and whom to ask about them.

    section: what they are, in words. paths: below the desk's root; one that ends with `/` is a folder. people: slugs.
    approvals: how many of them must agree, where a forge can ask for it.
    """

    section: str
    paths: tuple[str, ...]
    people: tuple[str, ...]
    approvals: int = 1


def owned_files(desk: Snapshot, day: date) -> list[Owned]:
    """Return what is owned by whom on a day, from the general to the particular; `day`: tells which seats are held."""
    boards = [(facts, policy) for facts in desk.of_kind("board") if (policy := _policy(facts))]
    chairs = _unique(policy.chair for _, policy in boards)
    secretaries = _unique(person for _, policy in boards for person in policy.secretaries)
    found = [
        Owned("Rules of the desk", RULES_OF_THE_DESK, chairs),
        Owned("People and their keys", ("kb/people/",), _unique((*chairs, *secretaries))),
        *_by_board(desk, boards, day),
        *_by_service(desk),
    ]
    return [owned for owned in found if owned.people]


def render_codeowners(owned: Sequence[Owned], forge: str, accounts: dict[str, str]) -> str:
    """Return the file for one of FORGES. accounts: what people are called there; who has none is named in a comment."""
    lines = [f"# Made by `servicebook codeowners --forge {forge}` from boards and services. Not written by hand.", ""]
    for item in owned:
        asked = [f"@{accounts[person]}" for person in item.people if person in accounts]
        without = [person for person in item.people if person not in accounts]
        name = item.section.translate(_NO_BRACKETS)
        approvals = min(item.approvals, len(asked))  # more than can be given would stop every merge request
        lines.append(f"[{name}][{approvals}]" if forge == "gitlab" and asked else f"# {name}")
        if without:
            lines.append(f"# without an account here: {', '.join(without)}")
        begin = "" if asked else "# "
        lines += [f"{begin}{_pattern(path, forge)} {' '.join(asked)}".rstrip() for path in item.paths]
        lines.append("")
    return "\n".join(lines)


def accounts_on(desk: Snapshot, forge: str) -> dict[str, str]:
    """Return the account of each person who has one on a forge."""
    people = ((person.id, person.get("accounts", forge)) for person in desk.of_kind("person"))
    return {slug: str(account) for slug, account in people if account}


def _policy(board: Facts) -> Policy | None:
    """Return a board's rules; None for one that is retired, sets none, or cannot be read (which `check` says)."""
    if board.status == "retired" or not is_policy(board.data):
        return None
    try:
        return parse_policy(board.data)
    except (PolicyError, ValueError):
        return None


def _by_board(desk: Snapshot, boards: Sequence[tuple[Facts, Policy]], day: date) -> Iterator[Owned]:
    templates = tuple(article.path for article in desk.of_kind("article") if article.get("standard_change"))
    deciding: list[Owned] = []
    for facts, policy in boards:
        seats = _unique(seat.person for seat in policy.seats if seat.is_held_on(day))
        paths = (facts.path, *(templates if facts.get("board_type") == "cab" else ()))
        yield Owned(f"Rules of {facts.title}", paths, seats, _votes(policy, "policy", seats))
        if any(demand.votes and "forge_attested" in demand.levels for demand in policy.demands):
            deciding.append(Owned(facts.title, (), seats, _votes(policy, "normal", seats)))
    if deciding:  # one entry, since GitHub takes the last that fits
        title = ", ".join(one.section for one in deciding)
        everybody = _unique(person for one in deciding for person in one.people)
        yield Owned(title, ("tickets/changes/",), everybody, max(one.approvals for one in deciding))


def _votes(policy: Policy, change_type: str, seats: Sequence[str]) -> int:
    """Return how many approvals the board asks for, no more than there are to give."""
    votes = [demand.votes for demand in policy.demands if not demand.types or change_type in demand.types]
    return max(1, min(max(votes, default=1), len(seats)))


def _by_service(desk: Snapshot) -> Iterator[Owned]:
    for service in desk.of_kind("service"):
        owner = service.get("service_owner")
        if service.status == "retired" or not owner:
            continue
        group = desk.get("team", service.get("support_group", default=""))
        manager = group.get("manager") if group else None
        names = [("asset", id) for id in service.get("assets", default=())]
        names += [("article", id) for id in service.get("runbooks", default=())]
        paths = (path_of(BY_NAME[kind], id) for kind, id in names if desk.get(kind, id))
        yield Owned(service.title, _unique((service.path, *paths)), _unique((owner, manager or "")))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _pattern(path: str, forge: str) -> str:
    """Return how a forge writes a path: anchored at the root, or a regular expression with `\\\\` before its dots."""
    if forge in ("gitea", "forgejo"):
        plain = re.sub(r"[.+*?()|\[\]{}^$]", lambda match: f"\\\\{match[0]}", path)
        return re.sub(r"[ #]", r"\\\g<0>", plain) + (".*" if path.endswith("/") else "")
    return "/" + re.sub(r"([ #\[\]])", r"\\\1", path)
