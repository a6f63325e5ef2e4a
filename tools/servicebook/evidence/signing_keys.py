"""Which key of the user signs: named in the call, by Git's settings, held by ssh-agent, or at its usual place."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from servicebook.errors import ServicebookError, UsageError
from servicebook.evidence.faults import KeyFault
from servicebook.evidence.public_keys import KEY_LINE_LIMIT, KINDS, SigningKey, comment_of, parse_public_key
from servicebook.store.git import try_git

USUAL_FILES = (
    "~/.ssh/id_ed25519", "~/.ssh/id_ed25519_sk", "~/.ssh/id_ecdsa", "~/.ssh/id_ecdsa_sk", "~/.ssh/id_rsa",
)  # fmt: skip
"""Where ssh-keygen puts keys unless told otherwise, the best kind first."""

_WORDS_OF_KEYS = ("key::", "ssh-", "sk-", "ecdsa-", "~", "/")
"""What `user.signingKey` begins with when it names an SSH key or its file, whatever `gpg.format` says."""

_SETTINGS = ("user.signingKey", "gpg.ssh.defaultKeyCommand")
"""Git's settings that name a key."""

_WAIT = 10  # seconds for ssh-add and a command of Git's settings


class SignWith(NamedTuple):
    """A key that can sign: its public half, the file that names it (empty: ssh-agent has it), the program that signs.

    comment: what stands behind the key in its file, such as `li.wei@laptop`. found: where it was found, in words.
    """

    key: SigningKey
    file: str = ""
    program: str = "ssh-keygen"
    comment: str = ""
    found: str = ""


def find_signing_key(root: str, given: str = "", known: Sequence[SigningKey] = (), *, guesses: bool = True) -> SignWith:
    """Return the key that signs in the repository `root`.

    given: a file (private or .pub), a public key in words (`key::` before it or not), or a fingerprint or comment
    of a key that ssh-agent holds. Without it: Git's `user.signingKey`, else its `gpg.ssh.defaultKeyCommand`, else
    ssh-agent, else the usual files; the first of them that is one of `known` (the person's keys), when one is.
    guesses: whether the first of several that Git's settings do not name may be taken.
    Raises UsageError when there is none, or when what is named is none.
    """
    settings = _git_settings(root)
    program = settings.get("gpg.ssh.program") or "ssh-keygen"
    if given:
        return _named(given, program)
    found = list(_candidates(root, settings, program))
    for one in found:
        if one.key in known:
            return one
    if not found:
        raise UsageError(
            "there is no key to sign with: none in Git's settings, in ssh-agent or in ~/.ssh",
            "ssh-keygen -t ed25519 makes one, or name its file",
        )
    if not guesses and found[0].found not in _SETTINGS and len({one.key for one in found}) > 1:
        choices = ", ".join(dict.fromkeys(one.comment or one.key.fingerprint for one in found))
        raise UsageError("several keys could sign here: {choices}", "say which: its file, comment or fingerprint",
                         choices=choices)  # fmt: skip
    return found[0]


def _named(given: str, program: str) -> SignWith:
    """Return the key that the words of a call, or a setting, name."""
    text = given.removeprefix("key::")
    if text != given or text.split(" ", 1)[0] in KINDS:
        key = parse_public_key(text)
        if isinstance(key, KeyFault):
            raise UsageError("`{given}` is not a key that can sign: {why}", "name a .pub file",
                             given=text[:60], why=key.sentence)  # fmt: skip
        return SignWith(key, "", program, comment_of(text), "--key")
    path = _home(given)
    if Path(path).exists():
        return _in_file(path, program)
    for held in _in_agent(program):
        if given in (held.key.fingerprint, held.comment):
            return held
    raise UsageError(
        "`{given}` is neither a file nor a key that ssh-agent holds",
        "name a .pub file; ssh-add -l lists what ssh-agent holds",
        given=given,
    )


def _in_file(path: str, program: str, found: str = "--key") -> SignWith:
    """Return the key of a file: of the .pub file beside a private one, else as ssh-keygen reads it."""
    public = path if path.endswith(".pub") else f"{path}.pub"
    line = _read_line(public) if Path(public).is_file() else _read_line(path)
    if "PRIVATE KEY" in line:
        line = _ask(["ssh-keygen", "-y", "-P", "", "-f", path])
        if not line:
            raise UsageError(
                "{file} is a private key, and its public half is not beside it",
                "ssh-keygen -y -f {file} > {file}.pub",
                file=path,
            )
    key = parse_public_key(line.strip())
    if isinstance(key, KeyFault):
        raise UsageError("{file} is not a key that can sign: {why}", "name a .pub file", file=path, why=key.sentence)
    return SignWith(key, path, program, comment_of(line), found)


def _home(name: str) -> str:
    """Return a path with `~` spelled out; as it stands where there is no such home."""
    try:
        return str(Path(name).expanduser())
    except RuntimeError:
        return name


def _read_line(path: str) -> str:
    """Return the first line of a key's file, a limit of bytes read at the most."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(KEY_LINE_LIMIT + 1)
    except OSError as error:
        raise UsageError("{name} cannot be read: {why}", "check the path", name=path, why=error.strerror) from error
    text = data.decode("utf-8", "replace").strip()
    return text if "PRIVATE KEY" in text else text.partition("\n")[0]


def _candidates(root: str, settings: dict[str, str], program: str) -> Iterator[SignWith]:
    named = settings.get("user.signingkey", "")
    if named and (settings.get("gpg.format") == "ssh" or named.startswith(_WORDS_OF_KEYS)):
        yield _named(named, program)._replace(found=_SETTINGS[0])
    command = settings.get("gpg.ssh.defaultkeycommand")
    if command and not named:
        line = _ask(["sh", "-c", command], root).partition("\n")[0]
        yield _named(line, program)._replace(found=_SETTINGS[1])
    yield from _in_agent(program)
    for name in USUAL_FILES:
        path = _home(name)
        if Path(path).is_file() and Path(f"{path}.pub").is_file():
            yield _in_file(path, program, name)


def _in_agent(program: str) -> Iterator[SignWith]:
    """Yield the keys that ssh-agent holds and that may sign here."""
    if not os.environ.get("SSH_AUTH_SOCK"):
        return
    for line in _ask(["ssh-add", "-L"]).splitlines():
        key = parse_public_key(line)
        if isinstance(key, SigningKey):
            yield SignWith(key, "", program, comment_of(line), "ssh-agent")


def _ask(words: Sequence[str], root: str = ".") -> str:
    """Return what a program prints, nothing when it cannot be run, fails or takes too long."""
    try:
        done = subprocess.run(
            words, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_WAIT,
            env={**os.environ, "SSH_ASKPASS_REQUIRE": "never"}, start_new_session=True,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired, ServicebookError):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _git_settings(root: str) -> dict[str, str]:
    """Return Git's settings about signing, names in lower case; the last value of each holds."""
    _, out = try_git(["config", "-z", "--get-regexp", r"^(user\.signingkey|gpg\.(format|ssh\..*))$"], root)
    pairs = (item.partition("\n") for item in out.decode("utf-8", "replace").split("\0") if item)
    return {name.lower(): value for name, _, value in pairs}
