"""`servicebook key`: add, replace, withdraw and list the keys that people sign with."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from servicebook.actions.keys import NewKey, Placed, add_key, choose_key, end_key, withdraw_key
from servicebook.cli.arguments import Parser, make_parser, speak
from servicebook.cli.desk import find_record, open_here
from servicebook.cli.key_tables import all_keys, list_key_history, list_keys
from servicebook.cli.now import parse_at, read_now
from servicebook.cli.verb import edited
from servicebook.cli.who import who_acts
from servicebook.cli.writing import add_commit_option, landing_of, push_record, require_sound, write_record
from servicebook.errors import FindingsError, UsageError
from servicebook.evidence.allowed_signers import render_allowed_signers
from servicebook.evidence.held_keys import PURPOSES, holders_of
from servicebook.evidence.public_keys import SigningKey, parse_public_key
from servicebook.evidence.signing_keys import SignWith, find_signing_key
from servicebook.language.display import plain
from servicebook.records.facts import Facts
from servicebook.store.snapshot import Snapshot
from servicebook.text.source_file import SourceFile

EXAMPLES = """\
servicebook key add                                  the key that your Git signs with
servicebook key add ~/.ssh/id_ed25519.pub --comment laptop
servicebook key rotate ~/.ssh/new.pub                the old one ends, the new one begins
servicebook key revoke laptop --compromised-since 2026-11-18 --reason "stolen on the train"
servicebook key vouch zhao.min                       sign that her new key is hers, where the board's rules ask for it
servicebook key list
servicebook key history zhao.min                     which commits brought her keys, and whose they are
servicebook key signers > allowed_signers            for ssh-keygen -Y verify, and for Git
"""


def run(argv: list[str]) -> int:
    """Do what the first word says."""
    parser = make_parser("key", EXAMPLES)
    actions = {
        "add": _add, "rotate": _rotate, "revoke": _revoke, "vouch": _vouch, "list": list_keys,
        "history": list_key_history, "signers": _signers,
    }  # fmt: skip
    parser.add_argument("what", choices=tuple(actions), help=speak("what to do"))
    parser.add_argument(
        "key", nargs="?", default="", metavar="KEY",
        help=speak("a key's file, line, fingerprint or comment; vouch, list, history and signers take a person"),
    )  # fmt: skip
    _add_options(parser)
    add_commit_option(parser)
    return actions[(given := parser.parse_args(argv)).what](given)


def _add_options(parser: Parser) -> None:
    option = parser.add_argument
    option("--person", "--by", metavar="PERSON",
           help=speak("whose key; vouch: who vouches (default: whom your Git e-mail belongs to)"))  # fmt: skip
    option("--from", dest="start", metavar="TIME", help=speak("add, rotate: from when on it may sign (default: now)"))
    option("--until", metavar="TIME", help=speak("add: until when it may sign; rotate: until when the old one may"))
    option("--purpose", action="append", choices=tuple(PURPOSES), help=speak("add, rotate: what it may sign"))
    option("--comment", metavar="TEXT", default="", help=speak("add, rotate: which key it is, in your words"))
    option("--old", metavar="KEY", default="", help=speak("rotate: the key that ends, by comment or fingerprint"))
    option("--compromised-since", metavar="TIME", help=speak("revoke: since when somebody else may have had the key"))
    option("--reason", metavar="TEXT", default="", help=speak("revoke, vouch: why"))
    option("--which", dest="old", metavar="KEY", default="",
           help=speak("vouch: the key that is vouched for, by comment or fingerprint"))  # fmt: skip
    option("--sign-with", metavar="KEY", default="", help=speak("vouch: the key that signs: a file, a fingerprint"))
    option("--take-back", action="store_true", help=speak("vouch: take an earlier word back"))
    option("--yes", action="store_true", help=speak("vouch: sign without asking"))
    option("--format", choices=("table", "tsv", "json"), default="table", help=speak("list, history: how to print"))


def _add(given: Namespace) -> int:
    def act(source: SourceFile, person: Facts, desk: Snapshot, now: datetime) -> tuple[SourceFile, str, list[str]]:
        new = _new_key(given, desk, now, _time(given, "until", now))
        after = add_key(source, person, new)
        return after, speak("key added"), [_began(person, new), speak("it counts from when this is on the main branch")]

    return _write(given, act)


def _rotate(given: Namespace) -> int:
    def act(source: SourceFile, person: Facts, desk: Snapshot, now: datetime) -> tuple[SourceFile, str, list[str]]:
        new = _new_key(given, desk, now, None)
        old = choose_key(person, given.old, now)
        end = _time(given, "until", now) or new.valid_from
        after = end_key(add_key(source, person, new), old, end)
        ended = speak("{person}: the key {key} may sign until {at}", person=person.id, key=_named(old), at=_shown(end))
        return after, speak("key replaced"), [ended, _began(person, new)]

    return _write(given, act)


def _revoke(given: Namespace) -> int:
    def act(source: SourceFile, person: Facts, desk: Snapshot, now: datetime) -> tuple[SourceFile, str, list[str]]:
        old = choose_key(person, given.key, now, _key_in_words(given.key))
        since = _time(given, "compromised_since", now)
        after = withdraw_key(source, old, now, compromised_since=since, reason=" ".join(given.reason.split()))
        told = [speak("{person}: the key {key} signs nothing from {at} on", person=person.id, key=_named(old),
                      at=_shown(old.held.revoked_at or now))]  # fmt: skip
        told.append(
            speak("what landed with it since {at} is void", at=_shown(since))
            if since
            else speak("what landed with it before stands; when somebody else may have it: --compromised-since TIME")
        )
        return after, speak("key withdrawn"), told

    return _write(given, act)


Act = Callable[[SourceFile, Facts, Snapshot, datetime], tuple[SourceFile, str, list[str]]]
"""From the person's file to the file after, what was done for the commit's subject, and what to tell."""


def _write(given: Namespace, act: Act) -> int:
    """Change one person's record: judged first, written whole, committed and pushed when asked."""
    desk = open_here()
    landing = landing_of(desk, given)
    now = read_now(desk.settings, writes=True)
    person = find_record(desk, who_acts(desk, given.person), ("person",))
    if person.get("$broken"):
        raise FindingsError("{path} cannot be read", "servicebook check {path}", path=person.path)
    before = SourceFile(person.path, desk.read_in_work_tree(person.path))
    done: list[tuple[str, list[str]]] = []

    def edit() -> SourceFile:
        after, said, told = act(before, person, desk, now)
        done.append((said, told))
        return after

    after = edited(person.path, edit)
    require_sound(desk, after, before)
    said, told = done[0]
    write_record(desk, after, before, landing.commit, f"{person.id} {said}")
    print("\n".join([*told, person.path]))
    push_record(desk, landing)
    return 0


def _new_key(given: Namespace, desk: Snapshot, now: datetime, until: datetime | None) -> NewKey:
    """Return the key that the call names or Git signs with; refused when it is another person's."""
    found = find_signing_key(desk.root, given.key, guesses=False)
    others = set(holders_of(all_keys(desk), found.key)) - {who_acts(desk, given.person)}
    if others:
        raise FindingsError(
            "the key {fingerprint} is {other}'s", "each person has keys of their own: ssh-keygen -t ed25519",
            fingerprint=found.key.fingerprint, other=", ".join(sorted(others)),
        )  # fmt: skip
    start = _time(given, "start", now) or now
    if until and until <= start:
        raise UsageError("--until {until} is not after {start}", "give a later time",
                         until=_shown(until), start=_shown(start))  # fmt: skip
    line = f"{found.key.line} {_one_line(found.comment)}".rstrip()
    return NewKey(found.key, line, start, until, tuple(given.purpose or ()), " ".join(given.comment.split()))


def _one_line(comment: str) -> str:
    return " ".join(plain(comment).split())


def _key_in_words(word: str) -> SigningKey | None:
    """Return the key that a line or a file holds; None for a comment or a fingerprint."""
    if Path(word).is_file() if word and len(word) < 256 else False:
        found: SignWith = find_signing_key(".", word)
        return found.key
    key = parse_public_key(word.removeprefix("key::"))
    return key if isinstance(key, SigningKey) else None


def _time(given: Namespace, name: str, now: datetime) -> datetime | None:
    text = getattr(given, name)
    option = "--from" if name == "start" else f"--{name.replace('_', '-')}"
    return parse_at(text, now, ahead=name == "until", source=option) if text else None


def _began(person: Facts, new: NewKey) -> str:
    return speak("{person}: the key {key} may sign from {at} on", person=person.id, at=_shown(new.valid_from),
                 key=f"{new.key.fingerprint} ({new.key.kind.removeprefix('ssh-')})")  # fmt: skip


def _named(old: Placed) -> str:
    return plain(old.held.comment) or old.held.key.fingerprint


def _shown(at: datetime | None) -> str:
    return at.isoformat(" ", "minutes") if at else ""


def _vouch(given: Namespace) -> int:
    from servicebook.cli.vouch import vouch

    return vouch(given)


def _signers(given: Namespace) -> int:
    """Print the list that ssh-keygen and Git verify with."""
    desk = open_here()
    keys = all_keys(desk)
    if given.key:
        person = find_record(desk, given.key, ("person",)).id
        keys = tuple(held for held in keys if held.person == person)
    sys.stdout.write(render_allowed_signers(keys))
    return 0
