"""What the hooks of a server have to say about a push: which branches it refuses, and why; and that it was received.

pre-receive runs within Git's quarantine: the pushed objects can be read, and vanish when the push is refused.
Nothing is written but what is known of files, by their blob ids.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from servicebook.cli.hook import judge_late, print_findings, tell_many
from servicebook.cli.words import speak
from servicebook.language.display import plain
from servicebook.packages import find_packages
from servicebook.store.git import try_git
from servicebook.store.pushed import (
    TAKEN_BACK,
    Pushed,
    RefUpdate,
    as_before,
    main_branch,
    read_pushed,
    read_updates,
    takes_back,
)
from servicebook.store.repository import Repository, find_repository
from servicebook.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from servicebook.diagnostics.diagnostic import Diagnostic
    from servicebook.evidence.push_certificates import Pusher
    from servicebook.store.snapshot import Snapshot


def run() -> int:
    """Judge each pushed branch; 1 when one of them is refused, and with it the whole push."""
    repository = _begin()
    lines = sys.stdin.buffer.read()
    updates = read_updates(lines)
    if _refuses_to_take_back(repository, updates) or _refuses_pusher(repository, updates):
        return 1
    pushed = read_pushed(repository, lines)
    errors, stepped = 0, False
    done: set[tuple[str, str]] = set()
    for one in pushed:
        if (one.base, one.new) not in done:
            done.add((one.base, one.new))
            count, unlawful = _judge(repository, one, several=len(pushed) > 1)
            errors, stepped = errors + count, stepped or unlawful
    errors += sum(_unapproved(repository, update) for update in updates)
    if errors:
        print(speak("servicebook: the push is refused by {count} finding(s); nothing was changed here", count=errors))
        if stepped:
            print(speak("a step that the rules forbid stays one when a later commit mends it: git rebase -i"))
    return int(errors > 0)


def _unapproved(repository: Repository, update: RefUpdate) -> int:
    """Print what a push brings to the main branch that its boards have not approved; return how much that is.

    Only where the branch had rules for voting before: the push that brings the first ones is taken as it is.
    `git config servicebook.approvals false` turns it off.
    """
    if update.ref != main_branch(repository) or update.creates or update.deletes:
        return 0
    words = ["config", "--type=bool", "--get", "servicebook.approvals"]
    has_rules = try_git(["grep", "-q", "^quorum:", update.old, "--", "kb/boards"], repository.root)[0] == 0
    if not has_rules or try_git(words, repository.root)[1].strip() == b"false":
        return 0
    from servicebook.cli.verified import explained, say_why
    from servicebook.cli.verify import open_verifier
    from servicebook.evidence.range import judge_range

    told = judge_range(repository, update.old, update.new, lambda at, ids: open_verifier(repository, at, ids))
    if told.failing or told.reasons:
        _speak_as_the_desk(repository, [update])
    for one in told.failing:
        print(explained(one) + "\n")
    for reason in told.reasons:
        print(f"✗ {say_why(reason)}")
    return len(told.failing) + len(told.reasons)


def run_afterwards() -> int:
    """Write down that a push was received, and tell who signed it the number of the receipt; what is pushed stays.

    `git config servicebook.receipts false` turns that off.
    """
    from servicebook.cli.now import read_now
    from servicebook.evidence.receipts_log import record_receipt
    from servicebook.settings import Settings

    repository = _begin()
    updates = read_updates(sys.stdin.buffer.read())
    words = ["config", "--type=bool", "--get", "servicebook.receipts"]
    if try_git(words, repository.root)[1].strip() == b"false":
        return 0
    pusher, certificate = _pusher(repository, updates)
    nonce = os.environ.get("GIT_PUSH_CERT_NONCE_STATUS", "")
    text = certificate.decode("utf-8", "surrogateescape")
    receipt = record_receipt(repository, read_now(Settings(), writes=True), updates, pusher, nonce, text)
    if not certificate:
        return 0
    _speak_as_the_desk(repository, updates)
    who = pusher.person or pusher.key or "-"
    print(speak("servicebook: receipt {number} at {at}, signed by {who}: {status}", **receipt._asdict(), who=who))
    return 0


def _begin() -> Repository:
    """Return the server's repository, made ready to say things to a pusher."""
    find_packages()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # what a push shows, whatever the server is
    return find_repository(".", bare=True)


def _refuses_to_take_back(repository: Repository, updates: Sequence[RefUpdate]) -> bool:
    """Whether a push would take away what must stay; the pusher is told what."""
    found = [(update.ref, why) for update in updates if (why := takes_back(repository, update))]
    if found:
        _speak_as_the_desk(repository, updates)
    for ref, why in found:
        print(speak(TAKEN_BACK[why], ref=plain(ref)))
    if found:
        print(speak("servicebook: the push is refused; nothing was changed here"))
    return bool(found)


def _refuses_pusher(repository: Repository, updates: Sequence[RefUpdate]) -> bool:
    """Whether the server asks for signed pushes to the main branch (`servicebook.signedPush`), and this is none.

    The first push to an empty server brings the people's records, and so cannot be signed by one of them.
    """
    status, out = try_git(["config", "--get", "servicebook.signedPush"], repository.root)
    main = [update for update in updates if update.ref == main_branch(repository) and not update.creates]
    if status or out.strip() != b"required" or not main:
        return False
    pusher, _ = _pusher(repository, updates)
    if pusher.status == "valid":
        return False
    _speak_as_the_desk(repository, updates)
    print(
        speak("this server takes signed pushes only, by a key of a person's record; this one: {why}", why=pusher.status)
    )
    print(speak("git config gpg.format ssh, git config user.signingkey FILE.pub, then git push --signed"))
    return True


def _pusher(repository: Repository, updates: Sequence[RefUpdate]) -> tuple[Pusher, bytes]:
    """Return who signed the push, by the keys on the main branch before it, and the certificate."""
    from servicebook.cli.now import read_now
    from servicebook.evidence.held_keys import held_keys
    from servicebook.evidence.push_certificates import pusher_of
    from servicebook.settings import Settings
    from servicebook.store.opening import read_snapshot

    blob = os.environ.get("GIT_PUSH_CERT", "")
    if not blob.strip("0"):
        return pusher_of(b"", "", (), read_now(Settings(), writes=True)), b""
    certificate = repository.git("cat-file", "blob", blob)
    main = main_branch(repository)
    before = next((update.old for update in updates if update.ref == main), main)
    people = []
    if before.strip("0") and repository.tree_if_any(before):
        desk = read_snapshot(repository, before, judge_late, tell_many)
        people = [key for person in desk.of_kind("person") for key in held_keys(person)]
        desk.close()
    nonce = os.environ.get("GIT_PUSH_CERT_NONCE_STATUS", "")
    return pusher_of(certificate, nonce, people, read_now(Settings(), writes=True)), certificate


def _speak_as_the_desk(repository: Repository, updates: Sequence[RefUpdate]) -> None:
    """Speak the first language of the desk's settings: a server has none of its own."""
    from servicebook.errors import SettingsError
    from servicebook.settings import SETTINGS_FILE, parse_settings

    for rev in (main_branch(repository), *(update.new for update in updates if not update.deletes)):
        status, out = try_git(["cat-file", "blob", f"{rev}:{SETTINGS_FILE}"], repository.root)
        if status == 0:
            try:
                language = parse_settings(out.decode("utf-8", "replace")).languages[0]
            except SettingsError:
                return
            os.environ.setdefault("SERVICEBOOK_LANG", language)
            return


def _judge(repository: Repository, pushed: Pushed, *, several: bool) -> tuple[int, bool]:
    """Print what is wrong with one branch; return how many errors that is, and whether one is a commit's step."""
    from servicebook.diagnostics.diagnostic import DONE_IN
    from servicebook.rules.showing import severity_of
    from servicebook.store.opening import read_snapshot

    desk = read_snapshot(as_before(repository, pushed), pushed.new, judge_late, tell_many)
    # A server has no language of its own; its pushers have the desk's.
    os.environ.setdefault("SERVICEBOOK_LANG", desk.settings.languages[0])
    try:
        found = _findings(desk, pushed)
        if found and several:
            print(f"{plain(pushed.branch)}:")
        errors = print_findings(desk, found, landing=True)
        return errors, any(item.param(DONE_IN) and severity_of(item) == "error" for item in found)
    finally:
        desk.close()


def _findings(desk: Snapshot, pushed: Pushed) -> Sequence[Diagnostic]:
    """Return what is wrong with the steps of a branch, and with what they come to."""
    from servicebook.cli.now import read_now
    from servicebook.rules.check import ahead_of, check_desk, check_landing, steps_of
    from servicebook.store.edits import edits_between, read_edits
    from servicebook.store.history import edits_in_range
    from servicebook.store.repository import EMPTY_TREE

    now = read_now(desk.settings, writes=True)
    steps = steps_of(desk, edits_in_range(desk, pushed.base, pushed.new))
    if pushed.base:
        return check_landing(desk, read_edits(desk), steps, now)
    edits = edits_between(desk, EMPTY_TREE[desk.repository.algorithm], desk.repository.tree_of(pushed.new))
    return check_desk(desk, now, steps=[*steps, *ahead_of(edits, now)])
