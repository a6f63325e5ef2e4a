"""Who said what about a pull request, and about which commit: the reviews that a forge's API gives, as it gives them.

GitHub and Gitea, Forgejo: `GET .../pulls/N/reviews`. GitLab: `GET .../merge_requests/N/approvals`, which names no
commit, so that `.../versions` must say since when the head is the head.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from servicebook.errors import UsageError
from servicebook.records.instants import parse_instant
from servicebook.typed import Any

FORGES = ("github", "gitlab", "gitea", "forgejo")

_STATES = {
    "APPROVED": "approve",
    "CHANGES_REQUESTED": "reject",
    "REQUEST_CHANGES": "reject",
    "DISMISSED": "withdraw",
}
"""What a review's state says; comments, pending reviews and requests for review say nothing."""

_MANY = 10_000


class Review(NamedTuple):
    """One review that says something.

    account: who, on the forge. word: approve, reject, or withdraw for one that was dismissed. commit: what was looked
    at; empty where the forge does not say. at: when, as the forge wrote it. reference: where it can be looked up.
    """

    account: str
    word: str
    commit: str
    at: str
    reference: str


def parse_reviews(forge: str, text: str, source: str, versions: str = "", head: str = "") -> list[Review]:
    """Return the last word of each account, in the order in which they were said.

    text: one answer of the API, or several one after the other (pages). versions, head: for GitLab, the answer about
    the merge request's versions, and its head. Raises UsageError for what is no such answer.
    """
    if forge == "gitlab":
        found = list(_of_gitlab(_values(text, source), source, _head_since(versions, head)))
    else:
        entries = [entry for value in _values(text, source) for entry in _listed(value, source)]
        found = [review for entry in entries if (review := _review(forge, entry, source))]
    last: dict[str, Review] = {}
    for review in sorted(found, key=lambda review: _instant(review, source)):
        last.pop(review.account, None)
        last[review.account] = review
    return list(last.values())


def _values(text: str, source: str) -> list[Any]:
    """Return the JSON values of a text: one, or the pages of an answer one after the other."""
    decoder, found, place = json.JSONDecoder(), [], 0
    text = text.strip()
    try:
        while place < len(text):
            value, place = decoder.raw_decode(text, place)
            found.append(value)
            while place < len(text) and text[place] in " \t\r\n":
                place += 1
    except (ValueError, RecursionError) as error:
        raise UsageError("{source} is not JSON: {error}", "give the API's answer as it came", source=source,
                         error=error) from error  # fmt: skip
    return found


def _listed(value: Any, source: str) -> Sequence[Any]:
    if isinstance(value, Mapping) and isinstance(value.get("message"), str):
        # A forge's own word on why there is no answer.
        raise UsageError("{source} is no list of reviews, it says: {message}", "look at the token and the address",
                         source=source, message=value["message"])  # fmt: skip
    if not isinstance(value, list) or len(value) > _MANY:
        raise _odd(source, "a list of reviews")
    return value


def _odd(source: str, due: str) -> UsageError:
    return UsageError("{source} is not the forge's answer: {due} was due", "give the API's answer as it came",
                      source=source, due=due)  # fmt: skip


def _review(forge: str, entry: Any, source: str) -> Review | None:
    """Return the review of GitHub, Gitea or Forgejo; None for one that says nothing."""
    if not isinstance(entry, Mapping):
        raise _odd(source, "a list of reviews")
    user = entry.get("user")
    if user is None:  # an account that is gone; a team that was asked
        return None
    account = user.get("login") if isinstance(user, Mapping) else None
    state, commit, at = (entry.get(name) for name in ("state", "commit_id", "submitted_at"))
    if not isinstance(account, str) or not isinstance(state, str):
        raise _odd(source, "`user.login` and `state`")
    word = _STATES.get(state.upper())
    if word is None:
        return None
    if entry.get("dismissed") is True:
        word = "withdraw"
    if not isinstance(at, str) or not isinstance(commit, str | None):
        raise _odd(source, "`submitted_at` and `commit_id`")
    where = entry.get("html_url") or f"{forge}:review/{entry.get('id')}"
    return Review(account, word, commit or "", at, str(where)[:500])


def _of_gitlab(values: Sequence[Any], source: str, since: datetime | None) -> Iterator[Review]:
    """Yield GitLab's approvals; one from before the head came has looked at something else, or nobody knows at what."""
    for value in values:
        approved = value.get("approved_by") if isinstance(value, Mapping) else None
        if not isinstance(approved, list):
            raise _odd(source, "`approved_by`")
        for entry in approved:
            user = entry.get("user") if isinstance(entry, Mapping) else None
            account = user.get("username") if isinstance(user, Mapping) else None
            if not isinstance(account, str):
                raise _odd(source, "`approved_by.user.username`")
            at = entry.get("approved_at")
            when = parse_instant(at)
            commit = "head" if since and when and when >= since else ""
            where = f"gitlab:merge_requests/{value.get('iid', value.get('id', '-'))}/approvals/{account}"
            yield Review(account, "approve", commit, at if isinstance(at, str) else "", where)


def _head_since(text: str, head: str) -> datetime | None:
    """Return since when `head` is the head of a GitLab merge request; None where that is not told."""
    versions = [entry for value in _values(text, "--versions") for entry in _listed(value, "--versions")]
    if not versions:
        return None
    if not all(isinstance(entry, Mapping) and isinstance(entry.get("head_commit_sha"), str) for entry in versions):
        raise _odd("--versions", "`head_commit_sha` and `created_at`")
    newest = max(versions, key=lambda entry: int(entry.get("id") or 0))
    return parse_instant(newest.get("created_at")) if newest["head_commit_sha"] == head else None


def _instant(review: Review, source: str) -> datetime:
    """Return when a review was given; GitLab's, which may not say, come first."""
    at = parse_instant(review.at)
    if at is not None:
        return at
    if review.at:
        raise _odd(source, "a time with offset")
    return datetime.fromisoformat("1970-01-01T00:00:00+00:00")
