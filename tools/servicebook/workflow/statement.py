"""What somebody says about a change, in the exact bytes that are signed; and how such bytes are read, strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from servicebook.typed import Any, NamedTuple

TYPE = "servicebook-vote"
VERSION = 1
NAMESPACE = "servicebook-vote@v1"
"""What votes are signed for (`ssh-keygen -Y sign -n`): a signature made for anything else is refused."""

MAX_BYTES = 64 * 1024
"""A vote file of more bytes is not read."""
MAX_TEXT = 4000
"""Characters of a comment or a condition."""
MAX_SEQ = 9999
"""The highest number that a vote may have."""
MAX_LINES = 20
"""Conditions or waivers of one vote."""

DECISIONS = ("submit", "approve", "reject", "abstain", "withdraw")
LEVELS = ("forge_attested", "recorded", "signed")
"""How a vote may come to be, the weakest first: a forge's account, the board's secretary, or the person signs."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_REPOSITORY = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9.]*(?:-[a-z0-9.]+)*")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SUBJECT = re.compile(r"CHG-\d{8}-[0-9A-Z]{4}|(?:board|article|person)/[a-z0-9][a-z0-9.-]*")
_WAIVER = re.compile(r"(?:freeze:[a-z0-9][a-z0-9.-]*|overlap:CHG-\d{8}-[0-9A-Z]{4})")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_NAME = re.compile(r"([a-z0-9][a-z0-9.]*(?:-[a-z0-9.]+)*)-([1-9]\d{0,3})\.json")


class Statement(NamedTuple):
    """One vote, or the submission that opens the voting.

    repository: the id of the repository's first commit. subject: the change's id; `board/cab` or `article/slug` where
    rules themselves are voted on; `person/slug` where somebody vouches for a key. plan: the digest of what is decided
    on, or of that key. policy: the digest of the board's rules.
    person: whose word it is. seq: counts this person's words on this subject, from 1. role: of the seat that speaks,
    empty for a submission. level: one of LEVELS; signed_by is the person unless somebody else signs for them, and
    evidence (a digest or a reference) says then on what grounds. at: when it was said, as the signer's clock had it.
    """

    repository: str
    subject: str
    plan: str
    policy: str
    person: str
    role: str
    decision: str
    seq: int
    conditions: tuple[str, ...] = ()
    waives: tuple[str, ...] = ()
    comment: str = ""
    level: str = "signed"
    signed_by: str = ""
    evidence: str = ""
    at: str = ""

    @property
    def name(self) -> str:
        """The vote's name, such as chen.hao-1."""
        return f"{self.person}-{self.seq}"

    @property
    def about(self) -> tuple[str, str]:
        """Kind and id of the record that it is about."""
        kind, slash, id = self.subject.partition("/")
        return (kind, id) if slash else ("change", self.subject)


_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_FIRST = (f'  "type": "{TYPE}"', f'  "version": {VERSION}')
_HEADS = tuple(f'  "{"change" if name == "subject" else name}": ' for name in Statement._fields)
"""What stands before the values of a vote file, in their order."""


def _text(value: Any) -> str:
    """Return a value as `json.dumps` writes it with two spaces, in half of its time."""
    if not isinstance(value, tuple):
        return _ENCODE(value)
    return "[\n" + ",\n".join(f"    {_ENCODE(one)}" for one in value) + "\n  ]" if value else "[]"


class NotAVoteError(ValueError):
    """These bytes are no vote; the message (a template of the catalogue area `cli`) says why."""

    def __init__(self, message: str, **params: object) -> None:
        self.message, self.params = message, params
        super().__init__(message.format_map(params) if params else message)


def write_statement(said: Statement) -> bytes:
    """Return the bytes of a vote file, which are what is signed: JSON of two spaces, keys in their order, LF."""
    if not said.signed_by:
        said = said._replace(signed_by=said.person)
    lines = [head + _text(value) for head, value in zip(_HEADS, said, strict=True)]
    return ("{\n" + ",\n".join([*_FIRST, *lines]) + "\n}\n").encode()


def read_statement(data: bytes) -> Statement:
    """Return the vote that a file's bytes hold. Raises NotAVoteError for any byte out of place.

    Strict: a vote has one form, so what two readers see is the same: no unknown, missing or double key, no other
    spacing, no hidden character.
    """
    if len(data) > MAX_BYTES:
        raise NotAVoteError("it has {size} bytes; {most} at most were due", size=len(data), most=MAX_BYTES)
    try:
        fields = json.loads(data.decode(), object_pairs_hook=_once)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotAVoteError("it is not JSON that can be read") from error
    said = _statement(fields)
    if write_statement(said) != data:
        raise NotAVoteError("it is not written as votes are: keys, spacing or line ends were altered")
    return said


def name_parts(name: str) -> tuple[str, int]:
    """Return person and number of a vote's file name such as chen.hao-1.json. Raises NotAVoteError."""
    match = _NAME.fullmatch(name)
    if not match:
        raise NotAVoteError("its name is not PERSON-NUMBER.json")
    return match[1], int(match[2])


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _statement(fields: Any) -> Statement:
    if not isinstance(fields, Mapping):
        raise NotAVoteError("it is not a JSON object")
    if fields.get("type") != TYPE:
        raise NotAVoteError("its type is `{found}`, `{due}` was due", found=fields.get("type"), due=TYPE)
    if fields.get("version") != VERSION or fields.get("version") is True:
        raise NotAVoteError(
            "its version is `{found}`; this program reads {due}", found=fields.get("version"), due=VERSION
        )
    keys = ["type", "version", *("change" if key == "subject" else key for key in Statement._fields)]
    if set(fields) != set(keys):
        odd = sorted(set(fields) ^ set(keys))[0]
        raise NotAVoteError("its field `{field}` is missing or unknown", field=odd)
    values = {key: _checked(key, fields["change" if key == "subject" else key]) for key in Statement._fields}
    said = Statement(**values)
    if (said.level == "signed") != (said.signed_by == said.person):
        raise NotAVoteError("its level `{level}` does not fit who signed it", level=said.level)
    if said.level == "recorded" and not said.evidence:
        raise NotAVoteError("it is recorded without evidence")
    return said


_FORMS = {
    "repository": _REPOSITORY, "subject": _SUBJECT, "plan": _DIGEST, "policy": _DIGEST, "person": _SLUG,
    "signed_by": _SLUG,
}  # fmt: skip


def _checked(key: str, value: Any) -> Any:
    """Return a field's value as the statement holds it. Raises NotAVoteError."""
    if key == "seq":
        if type(value) is not int or not 1 <= value <= MAX_SEQ:
            raise NotAVoteError("`{field}` is not as votes have it", field=key)
        return value
    if key in ("conditions", "waives"):
        if type(value) is not list or len(value) > MAX_LINES or not all(_is_text(one) and one for one in value):
            raise NotAVoteError("`{field}` is not as votes have it", field=key)
        if key == "waives" and not all(_WAIVER.fullmatch(one) for one in value):
            raise NotAVoteError("`{field}` is not as votes have it", field=key)
        return tuple(value)
    allowed = {"decision": DECISIONS, "level": LEVELS}.get(key)
    form = _FORMS.get(key) or (_WORD if key == "role" and value else None)
    fits = _is_text(value) and (allowed is None or value in allowed) and (form is None or form.fullmatch(value))
    if not fits:
        raise NotAVoteError("`{field}` is not as votes have it", field=key)
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and not _HIDDEN.search(value)
