"""How the user's own ssh-keygen signs, with a key in a file or in ssh-agent, and how it verifies.

No key is ever read here: ssh-keygen does that, and asks for a passphrase where there is a terminal to ask at.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from servicebook.errors import CannotDecideError, ServicebookError
from servicebook.evidence.allowed_signers import render_signer
from servicebook.evidence.faults import SignatureFault
from servicebook.evidence.public_keys import SigningKey
from servicebook.evidence.signatures import read_signature, verify_signature
from servicebook.evidence.signing_keys import SignWith

PATIENCE = 120
"""Seconds that ssh-keygen may take, which includes a person who types a passphrase or touches a dialogue."""


class SigningError(ServicebookError):
    """Nothing was signed: what is wrong, and what to do."""


class _Done(NamedTuple):
    status: int
    out: bytes
    said: str


def sign_bytes(message: bytes, key: SignWith, namespace: str) -> bytes:
    """Return the armored signature of `message` for `namespace`, made by `ssh-keygen -Y sign`.

    Raises SigningError when it cannot be made; what was made is verified before it is returned.
    """
    with tempfile.TemporaryDirectory(prefix="servicebook-sign-") as folder:
        file = key.file or str(Path(folder, "key.pub"))
        if not key.file:
            Path(file).write_text(key.key.line + "\n", "ascii")
        in_agent = ["-U"] if not key.file else []
        done = _run([key.program, "-Y", "sign", "-n", namespace, "-f", file, *in_agent], message)
    if done.status:
        raise _refusal(done.said, key)
    signer = verify_signature(message, done.out, namespace)
    if isinstance(signer, SignatureFault):
        raise SigningError("{program} made a signature that does not hold: {why}", "update OpenSSH; report it to us",
                           program=key.program, why=signer.sentence)  # fmt: skip
    if signer != key.key:
        raise SigningError(
            "{program} signed with another key, {other}, not with {fingerprint}",
            "{file} and {file}.pub do not belong together: ssh-keygen -y -f {file} > {file}.pub",
            program=key.program, other=signer.fingerprint, fingerprint=key.key.fingerprint,
            file=key.file.removesuffix(".pub"),
        )  # fmt: skip
    return done.out


def verify_with_keygen(
    message: bytes,
    armored: bytes,
    namespace: str,
    allowed: str = "",
    principal: str = "signer",
    at: datetime | None = None,
) -> SigningKey | SignatureFault:
    """Return what `verify_signature` returns, the arithmetic done by `ssh-keygen -Y verify`.

    allowed, principal, at: a list of allowed signers, whose signature it should be, and when it was made (now,
    unless given); without a list the signature's own key is allowed at any time.
    Raises CannotDecideError where there is no ssh-keygen, or one that cannot verify.
    """
    envelope = read_signature(armored, namespace)
    if isinstance(envelope, SignatureFault):
        return envelope
    with tempfile.TemporaryDirectory(prefix="servicebook-verify-") as folder:
        listed, signature = Path(folder, "allowed_signers"), Path(folder, "message.sig")
        listed.write_text(allowed or render_signer(principal, envelope.key, namespace), "utf-8")
        signature.write_bytes(armored)
        words = ["ssh-keygen", "-Y", "verify", "-f", str(listed), "-I", principal, "-n", namespace]
        words += ["-s", str(signature)]
        if at:
            words += ["-O", f"verify-time={at.astimezone(UTC):%Y%m%d%H%M%S}"]
        try:
            done = _run(words, message, {"TZ": "UTC"})
        except SigningError as error:
            raise CannotDecideError(*error.templates, **error.params) from error
    if done.status == 0:
        return envelope.key
    if _is_too_old(done.said):
        raise CannotDecideError("this ssh-keygen cannot verify signatures: {why}", "install OpenSSH 8.2 or later",
                                why=_last_line(done.said))  # fmt: skip
    if "No principal matched" in done.said or "is not yet valid" in done.said or "has expired" in done.said:
        return SignatureFault("principal", principal)
    is_wrong = not allowed or "incorrect signature" in done.said
    return SignatureFault("mismatch") if is_wrong else SignatureFault("principal", principal)


def verify_twice(message: bytes, armored: bytes, namespace: str) -> SigningKey | SignatureFault:
    """Return what the library and ssh-keygen say alike: for whoever would not trust one of them alone.

    Raises CannotDecideError where they differ, and where there is no ssh-keygen.
    """
    ours, theirs = verify_signature(message, armored, namespace), verify_with_keygen(message, armored, namespace)
    if ours != theirs:
        told = [one.sentence if isinstance(one, SignatureFault) else one.fingerprint for one in (ours, theirs)]
        raise CannotDecideError(
            "the library cryptography and ssh-keygen differ over a signature: {ours}; {theirs}",
            "update both; send us the vote and its .sig", ours=told[0], theirs=told[1],
        )  # fmt: skip
    return ours


def _run(words: Sequence[str], given: bytes, also: Mapping[str, str] | None = None) -> _Done:
    """Run ssh-keygen to its end; without a terminal it can ask nothing, and so does not wait for an answer."""
    environment = {**os.environ, "LC_ALL": "C", **(also or {})}
    has_terminal = any(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    if not has_terminal and not os.environ.get("SSH_ASKPASS"):
        environment["SSH_ASKPASS_REQUIRE"] = "never"
    try:
        child = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
            start_new_session=not has_terminal,
        )  # fmt: skip
    except OSError as error:
        raise SigningError("{program} cannot be run: {why}", "install OpenSSH (the package openssh-client)",
                           program=words[0], why=error.strerror) from error  # fmt: skip
    try:
        out, said = child.communicate(given, timeout=PATIENCE)
    except BaseException as error:
        _end(child, has_terminal)
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        raise SigningError("{program} gave no answer in {seconds} s", "load the key first: ssh-add",
                           program=words[0], seconds=PATIENCE) from error  # fmt: skip
    return _Done(child.returncode, out, said.decode("utf-8", "replace"))


def _end(child: subprocess.Popen[bytes], has_terminal: bool) -> None:
    if not has_terminal:
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.communicate()


def _refusal(said: str, key: SignWith) -> SigningError:
    """Return what ssh-keygen's complaint means, with the remedy."""
    file = key.file.removesuffix(".pub")
    given = {"program": key.program, "why": _last_line(said), "file": file, "fingerprint": key.key.fingerprint}
    if _is_too_old(said):
        return SigningError("this ssh-keygen cannot sign: {why}", "install OpenSSH 8.2 or later", **given)
    if "UNPROTECTED PRIVATE KEY" in said:
        return SigningError("others may read the private key {file}", "chmod 600 {file}", **given)
    if "incorrect passphrase" in said:
        return SigningError("the passphrase of {file} was not given, or is another", "ssh-add {file}", **given)
    if not key.file or "agent" in said or "No such file" in said or "Couldn't load" in said or "No private key" in said:
        return SigningError(
            "the private half of {fingerprint} is not at hand: {why}",
            "ssh-add {file}" if file else "ssh-add -L lists what ssh-agent holds; ssh-add FILE loads a key",
            **given,
        )
    return SigningError("{program} did not sign: {why}", "ssh-keygen -Y sign -n test -f {file} shows more", **given)


def _is_too_old(said: str) -> bool:
    return any(words in said for words in ("unknown option", "illegal option", "invalid option"))


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "-"
