"""A small desk whose board votes with real keys: what honest people and attackers do to it, in few words."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.conftest import Repo

from servicebook.evidence.branch import verify_branch
from servicebook.evidence.casts import namespace_of
from servicebook.evidence.ledger import read_ledger
from servicebook.evidence.public_keys import SigningKey, key_digest, parse_public_key
from servicebook.evidence.verification import Verification
from servicebook.evidence.verify import Verifier, verify_all
from servicebook.store.mainline import commit_of
from servicebook.store.repository import find_repository
from servicebook.text.front_matter import parse_front_matter
from servicebook.text.frozen_body import body_before_log
from servicebook.text.source_file import SourceFile
from servicebook.workflow.plan_digest import plan_digest
from servicebook.workflow.policy import policy_digest, template_digest
from servicebook.workflow.statement import Statement, write_statement

CHG = "CHG-20260325-7RBN"
OTHER = "CHG-20260326-8SCP"
START = datetime.fromisoformat("2026-03-25T09:00:00+08:00")
ROLES = {"zhao.min": "chair", "wang.fang": "desk", "chen.hao": "engineer", "lin.yue": "customer"}
PEOPLE = ("li.wei", *ROLES, "he.jun", "sun.yan", "forge.robot")
"""li.wei asks for changes, he.jun does them, sun.yan is nobody special, forge.robot is the forge's account."""

BOARD: dict[str, Any] = {
    "schema": "board/1",
    "id": "cab",
    "title": "Change board",
    "board_type": "cab",
    "chair": "zhao.min",
    "members": [
        {"person": "zhao.min", "role": "chair", "basis": "business"},
        {"person": "wang.fang", "role": "desk", "basis": "business"},
        {"person": "chen.hao", "role": "engineer", "basis": "technical", "deputy": "sun.yan"},
        {"person": "lin.yue", "role": "customer", "basis": "business", "customer": "harbour-tv"},
    ],
    "quorum": [
        {"change_type": ["standard"], "votes": 0, "levels": ["template"]},
        {"change_type": ["normal"], "votes": 2, "levels": ["forge_attested", "recorded"]},
        {"change_type": ["major"], "votes": 2},
        {"change_type": ["major"], "basis": "technical", "votes": 1},
        {"change_type": ["emergency", "policy", "template"], "votes": 2},
    ],
    "version": 1,
    "emergency_rules": {"board": "ecab", "later_quorum_within": "3d"},
    "secretaries": ["wang.fang"],
    "attestors": ["forge.robot"],
}
EMERGENCY: dict[str, Any] = {
    "schema": "board/1",
    "id": "ecab",
    "title": "Emergency board",
    "board_type": "emergency_cab",
    "members": [{"person": "zhao.min", "role": "chair"}, {"person": "chen.hao", "role": "engineer"}],
    "quorum": [{"change_type": ["emergency"], "votes": 2}],
    "version": 1,
}
CHANGE: dict[str, Any] = {
    "schema": "change/1",
    "id": CHG,
    "title": "Bring transcoder-03 to 5.2.2",
    "status": "draft",
    "change_type": "major",
    "reason": "5.2.2 mends the leak",
    "service": "live-streaming",
    "assets": ["transcoder-03"],
    "risk": "medium",
    "requested_by": "li.wei",
    "assigned_to": "he.jun",
    "planned_start_at": "2026-03-28T02:00:00+08:00",
    "planned_end_at": "2026-03-28T04:00:00+08:00",
    "board": "cab",
    "plan": {"implementation": "Move channel 3, upgrade, move it back.", "backout": "Install 5.2.0 again."},
    "timeline": [],
}
BODY = "## Communication\n\nChen is told by telephone.\n\n## Log\n"


def record(fields: Mapping[str, Any], body: str) -> str:
    """Return a record's text: JSON is YAML too, a field a line."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value is not None]
    return "---\n" + "\n".join(lines) + "\n---\n" + body


def path_of_change(id: str = CHG) -> str:
    return f"tickets/changes/{id[4:8]}/{id[8:10]}/{id}.md"


class Desk(Repo):
    """A repository with people, keys, a board and what they do; every commit is an hour after the one before."""

    def __init__(self, root: Path, keys: Mapping[str, Path]) -> None:
        super().__init__(root)
        self.keys = dict(keys)
        self.at = START

    def begin(self, *boards: Mapping[str, Any]) -> Desk:
        """Make the repository, its people and its boards: a copy of one that was made for the same boards before."""
        if type(self) is not Desk or any(self.root.iterdir()):
            return self._begun(*boards)
        told = json.dumps([sorted(map(str, self.keys.values())), self.at.isoformat(), boards], sort_keys=True)
        base = self.keys["li.wei"].parent / f"base-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
        if not base.exists():
            base.mkdir()
            Desk(base, self.keys)._begun(*boards)
        shutil.copytree(base, self.root, dirs_exist_ok=True)
        self.at += 3 * timedelta(hours=1)
        return self

    def _begun(self, *boards: Mapping[str, Any]) -> Desk:
        self.git("init", "--quiet", "--initial-branch=main")
        self.land("a desk", {"README.md": "desk\n"})
        self.land("people", {f"kb/people/{person}.md": self.person(person) for person in PEOPLE})
        self.land(
            "board",
            {f"kb/boards/{board['id']}.md": record(board, "Rules.\n") for board in boards or (BOARD, EMERGENCY)},
        )
        return self

    def public(self, name: str) -> str:
        return Path(f"{self.keys[name]}.pub").read_text("utf-8").strip()

    def person(self, person: str, keys: Sequence[Mapping[str, Any]] | None = None, **more: Any) -> str:
        """Return a person's record with one key, or the keys given."""
        held = keys if keys is not None else [{"public_key": self.public(person)}]
        if person == "forge.robot" and keys is None:
            held = [{"public_key": self.public(person), "purpose": ["attestations"]}]
        fields = {
            "schema": "person/1", "id": person, "title": person, "name": person, "employer": "provider",
            "roles": [{"role": "engineer"}], "emails": [f"{person}@example.org"], "signing_keys": held,
        }  # fmt: skip
        return record(fields | more, "Works here.\n")

    def land(
        self,
        message: str,
        files: Mapping[str, str | bytes] | None = None,
        by: str = "li.wei",
        at: datetime | None = None,
        email: str | None = None,
    ) -> str:
        """Commit everything, in somebody's name, and return the commit."""
        self.at = at or self.at + timedelta(hours=1)
        stamp, address = self.at.isoformat(), f"{by}@example.org" if email is None else email
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", message, GIT_AUTHOR_DATE=stamp,
                 GIT_COMMITTER_DATE=stamp, GIT_AUTHOR_NAME=by, GIT_AUTHOR_EMAIL=address)  # fmt: skip
        return self.head()

    def propose(
        self, id: str = CHG, by: str = "li.wei", body: str = BODY, email: str | None = None, **fields: Any
    ) -> str:
        """Land a change's plan."""
        return self.land("plan", {path_of_change(id): record(CHANGE | {"id": id} | fields, body)}, by, email=email)

    def fields(self, path: str) -> tuple[dict[str, Any], str]:
        """Return the fields and body of a record in the work tree."""
        front, _ = parse_front_matter(SourceFile(path, (self.root / path).read_bytes()))
        assert front is not None
        return front.data, front.body

    def edit(self, path: str, body: str | None = None, **fields: Any) -> None:
        """Set fields of a record in the work tree."""
        data, old = self.fields(path)
        self.write({path: record(data | fields, old if body is None else body)})

    def move(self, event: str, status: str, id: str = CHG, by: str = "he.jun", **more: Any) -> None:
        """Add an event to a change's timeline in the work tree, and set its status."""
        path = path_of_change(id)
        timeline, _ = self.fields(path)[0].get("timeline") or [], None
        entry = {"at": self.at.isoformat(), "id": f"k{len(timeline):03d}", "event": event, "by": by}
        self.edit(path, timeline=[*timeline, entry], status=status, **more)

    def start(self, id: str = CHG, by: str = "he.jun") -> str:
        """Land the beginning of the work."""
        self.move("implementation_started", "in_implementation", id, by)
        return self.land("start", by=by)

    def plan(self, id: str = CHG) -> str:
        data, body = self.fields(path_of_change(id))
        return plan_digest(data, body_before_log(body))

    def policy(self, board: str = "cab") -> str:
        return policy_digest(self.fields(f"kb/boards/{board}.md")[0])

    def template(self, slug: str) -> str:
        return template_digest(*self.fields(f"kb/articles/{slug}.md"))

    def root_commit(self) -> str:
        return self.git("rev-list", "--max-parents=0", "HEAD").split()[0]

    def statement(self, person: str, decision: str = "approve", id: str = CHG, **fields: Any) -> Statement:
        """Return what somebody says about a change as it lies in the work tree."""
        seq = 1 + len(list((self.root / path_of_change(id)).with_suffix(".votes").glob(f"{person}-*.json")))
        said = Statement(
            repository=self.root_commit(),
            subject=id,
            plan=fields.pop("plan", None) or self.plan(id),
            policy=fields.pop("policy", None) or self.policy(),
            person=person,
            role="" if decision == "submit" else ROLES.get(person, ""),
            decision=decision,
            seq=seq,
            signed_by=person,
            at=self.at.isoformat(),
        )
        return said._replace(**fields)

    def sign(self, data: bytes, key: str, namespace: str) -> bytes:
        words = ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(self.keys[key])]
        return subprocess.run(words, input=data, capture_output=True, check=True).stdout

    def put(self, said: Statement, key: str = "", namespace: str = "", folder: str = "") -> str:
        """Write a vote and its signature into the work tree; return the vote's path."""
        folder = folder or path_of_change(said.subject).removesuffix(".md") + ".votes"
        data = write_statement(said)
        armored = self.sign(data, key or said.signed_by, namespace or namespace_of(said))
        path = f"{folder}/{said.name}.json"
        self.write({path: data, f"{path}.sig": armored})
        return path

    def vote(self, person: str, decision: str = "approve", id: str = CHG, key: str = "", **fields: Any) -> str:
        """Write somebody's vote on a change."""
        return self.put(self.statement(person, decision, id, **fields), key)

    def votes(
        self, people: Iterable[str] = ("zhao.min", "chen.hao"), id: str = CHG, submit: str = "li.wei", **fields: Any
    ) -> str:
        """Land a submission and approvals, each in a commit of its own, and return the last commit."""
        commit = ""
        if submit:
            self.vote(submit, "submit", id)
            commit = self.land("submission", by=submit)
        for person in people:
            self.vote(person, "approve", id, **fields)
            commit = self.land(f"vote of {person}", by=person)
        return commit

    def vouch(
        self, voucher: str, person: str, new: str, decision: str = "approve", key: str = "", subject: str = ""
    ) -> str:
        """Write somebody's signed word on the key `new` of a person; return its path."""
        folder = f"kb/people/{person}.votes"
        held = parse_public_key(self.public(new))
        assert isinstance(held, SigningKey)
        said = Statement(
            self.root_commit(), subject or f"person/{person}", key_digest(held), self.policy(), voucher,
            ROLES.get(voucher, ""), decision, 1 + len(list((self.root / folder).glob(f"{voucher}-*.json"))),
            signed_by=voucher,
        )  # fmt: skip
        return self.put(said, key, folder=folder)

    def new_key(self, person: str, new: str, by: str = "", *vouchers: str, old: Sequence[str] | None = None) -> str:
        """Land a key of a person beside the old ones, with words of those who vouch for it."""
        held = [{"public_key": self.public(name)} for name in ([person] if old is None else [*old]) + [new]]
        for voucher in vouchers:
            self.vouch(voucher, person, new)
        return self.land("key", {f"kb/people/{person}.md": self.person(person, held)}, by or person)

    def amend_board(
        self,
        by: str = "zhao.min",
        votes: Sequence[str] = (),
        submit: str = "zhao.min",
        board: str = "cab",
        **fields: Any,
    ) -> str:
        """Land new rules of a board, with votes on them by the rules before."""
        path = f"kb/boards/{board}.md"
        before = self.policy(board)
        version = self.fields(path)[0]["version"] + 1
        self.edit(path, **({"version": version, "previous_digest": before} | fields))
        self.vote_on_rules(votes, submit, board, before)
        return self.land("new rules", by=by)

    def vote_on_rules(self, votes: Sequence[str], submit: str, board: str, before: str) -> None:
        new = self.policy(board)
        for person, decision in [*([(submit, "submit")] if submit else []), *((person, "approve") for person in votes)]:
            role = ROLES.get(person, "") if decision == "approve" else ""
            said = Statement(self.root_commit(), f"board/{board}", new, before, person, role, decision, 1)
            folder = self.root / f"kb/boards/{board}.votes"
            said = said._replace(seq=1 + len(list(folder.glob(f"{person}-*.json"))))
            self.put(said._replace(signed_by=person), folder=f"kb/boards/{board}.votes")

    def verify(self, id: str = CHG, **options: Any) -> Verification:
        """Return what the verifier says of a change at HEAD, asked for it alone.

        Asked for all it says the same, and so it does with what it found in earlier runs on this desk (unless that is
        not looked at: `kept`).
        """
        now, whole = options.pop("now", self.at + timedelta(hours=1)), options.pop("whole", False)
        is_kept = options.pop("kept", True)
        tip = options.pop("tip", "HEAD")
        repository = find_repository(str(self.root), bare=True)
        alone = Verifier(read_ledger(repository, tip, now, [id]), now, ids=[id], **options).verify(id)
        among = {one.id: one for one in verify_all(Verifier(read_ledger(repository, tip, now), now, **options))}
        if is_kept and "received" not in options:
            for _ in range(2):
                kept = verify_branch(repository, commit_of(repository, tip), now, **options)
                assert {one.id: one for one in kept} == among
        if whole:
            return among[id]
        assert among[id] == alone
        return alone
